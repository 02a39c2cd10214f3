/*
 * A desk's store in a folder of its own, with one sensor whose key is known: for tests that speak
 * to the desk's parts without its program.
 */
#pragma once

#include "sensor/delivery/batch.h"
#include "tools/desk/desk_store_sqlite.h"

struct desk_folder {
	char path[64];
	struct desk_store *store;
	struct sign_public public;
	struct sign_secret secret;
};

#define DESK_FOLDER_SENSOR "s-test"

/* Aborts when it cannot be made. */
void desk_folder_open(struct desk_folder *folder);
/* With all that is in it. */
void desk_folder_close(struct desk_folder *folder);

/* A parcel of the sensor's, sealed. `body` is borrowed. */
struct parcel desk_folder_parcel(const struct desk_folder *folder, uint64_t sequence,
				 const uint8_t previous[static SHA256_LEN], const char *body);
