#include "tools/desk/desk_upload.h"

#include "tools/desk/desk_http.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

enum {
	FIRST_ROOM = 4096,
	WINDOW_GZIP = 15 + 16,
	TOO_LARGE = 413,
	NOT_READ = 400,
	NO_SUCH_PACKING = 415,
	NOT_NOW = 503,
};

static atomic_size_t in_use;

/* Doubles the room; false: there is none left, or it is more than was agreed. */
static bool grow(struct desk_upload *upload, size_t most)
{
	size_t room = upload->room > 0 ? 2 * upload->room : FIRST_ROOM;
	size_t more;
	char *bytes;

	if (room > most + 1)
		room = most + 1;
	if (room <= upload->room) {
		upload->status = TOO_LARGE;
		return false;
	}
	more = room - upload->room;
	if (atomic_fetch_add(&in_use, more) + more > DESK_HTTP_ROOM) {
		(void)atomic_fetch_sub(&in_use, more);
		upload->status = NOT_NOW;
		return false;
	}
	bytes = realloc(upload->bytes, room);
	if (!bytes) {
		(void)atomic_fetch_sub(&in_use, more);
		upload->status = NOT_NOW;
		return false;
	}
	upload->bytes = bytes;
	upload->room = room;
	return true;
}

/* A byte of the room is the NUL's. */
void desk_upload_add(struct desk_upload *upload, const char *bytes, size_t len)
{
	size_t most = upload->most + DESK_UPLOAD_PACKED_SLACK;

	while (upload->status == 0 && upload->room - upload->len < len + 1) {
		if (!grow(upload, most)) {
			upload->len = 0;
			return;
		}
	}
	if (upload->status != 0)
		return;
	memcpy(upload->bytes + upload->len, bytes, len);
	upload->len += len;
}

/* Ends at the first byte too many, so a bomb costs what a body may cost. */
static void inflate_all(z_stream *z, struct desk_upload *out)
{
	int rc = Z_OK;

	while (rc == Z_OK && out->status == 0) {
		if (out->room <= out->len + 1 && !grow(out, out->most))
			return;
		z->next_out = (Bytef *)out->bytes + out->len;
		z->avail_out = (uInt)(out->room - out->len - 1);
		rc = inflate(z, Z_NO_FLUSH);
		out->len = out->room - 1 - z->avail_out;
	}
	if (out->status == 0 && (rc != Z_STREAM_END || z->avail_in > 0))
		out->status = NOT_READ;
}

static void unpack(struct desk_upload *upload)
{
	struct desk_upload out = { .most = upload->most };
	z_stream z = { 0 };

	if (inflateInit2(&z, WINDOW_GZIP) != Z_OK) {
		upload->status = NOT_NOW;
		return;
	}
	z.next_in = (Bytef *)upload->bytes;
	z.avail_in = (uInt)upload->len;
	inflate_all(&z, &out);
	(void)inflateEnd(&z);
	desk_upload_free(upload);
	*upload = out;
}

void desk_upload_finish(struct desk_upload *upload, const char *encoding)
{
	if (upload->status != 0)
		return;
	if (encoding && strcasecmp(encoding, "gzip") == 0)
		unpack(upload);
	else if (encoding && strcasecmp(encoding, "identity") != 0)
		upload->status = NO_SUCH_PACKING;
	if (upload->status == 0 && upload->len > upload->most)
		upload->status = TOO_LARGE;
	if (upload->bytes)
		upload->bytes[upload->len] = '\0';
}

void desk_upload_free(struct desk_upload *upload)
{
	(void)atomic_fetch_sub(&in_use, upload->room);
	free(upload->bytes);
	upload->bytes = NULL;
	upload->len = 0;
	upload->room = 0;
}
