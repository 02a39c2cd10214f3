/*
 * The body of a request while it comes in, and unpacked when it is whole. All bodies together have
 * DESK_HTTP_ROOM bytes; who would go beyond is told to come again. One thread for each upload.
 */
#pragma once

#include "sensor/base/nanotime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DESK_UPLOAD_PACKED_SLACK = 1024 };

struct desk_upload {
	char *bytes;
	size_t len;
	size_t room;
	size_t most;     /* of it unpacked */
	unsigned status; /* 0, or the HTTP status by which it was refused */
	nanotime since;  /* monotonic */
};

void desk_upload_add(struct desk_upload *upload, const char *bytes, size_t len);
/* Unpacks by Content-Encoding (NULL: none). */
void desk_upload_finish(struct desk_upload *upload, const char *encoding);
void desk_upload_free(struct desk_upload *upload);
