#include "tests/support/desk_folder.h"

#include "tools/desk/desk_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void demand(bool holds, const char *what)
{
	if (holds)
		return;
	(void)fprintf(stderr, "desk folder: %s\n", what);
	abort();
}

void desk_folder_open(struct desk_folder *folder)
{
	char problem[DESK_PROBLEM_LEN] = "no folder";

	(void)snprintf(folder->path, sizeof(folder->path), "%s",
		       access("/dev/shm", W_OK) == 0 ? "/dev/shm/desk-XXXXXX" : "/tmp/desk-XXXXXX");
	demand(sign_start() == ERR_OK && mkdtemp(folder->path), problem);
	demand(desk_store_open(&folder->store, folder->path, problem) == ERR_OK, problem);
	sign_make_pair(&folder->public, &folder->secret);
	sign_name_by_key(&folder->public, &folder->secret);
	desk_begin(folder->store);
	desk_do(folder->store,
		"INSERT INTO sensors(name, office, host, version, enrolled, heard) "
		"VALUES(?,'office','box','0',0,0)",
		"t", DESK_FOLDER_SENSOR);
	desk_key_add(folder->store, DESK_FOLDER_SENSOR, folder->public.key, 0);
	demand(desk_commit(folder->store) == ERR_OK, "no sensor");
}

void desk_folder_close(struct desk_folder *folder)
{
	static const char *const names[] = { "desk.db", "desk.db-wal", "desk.db-shm" };

	desk_store_close(folder->store);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[128];

		(void)snprintf(path, sizeof(path), "%s/%s", folder->path, names[i]);
		(void)unlink(path);
	}
	(void)rmdir(folder->path);
}

struct parcel desk_folder_parcel(const struct desk_folder *folder, uint64_t sequence,
				 const uint8_t previous[static SHA256_LEN], const char *body)
{
	struct parcel parcel = { .stream = PARCEL_ROUTINE,
				 .sequence = sequence,
				 .kind = PARCEL_CASE,
				 .revision = 1,
				 .made = 1000,
				 .body = body,
				 .body_len = strlen(body) };

	(void)snprintf(parcel.sensor, sizeof(parcel.sensor), "%s", DESK_FOLDER_SENSOR);
	(void)snprintf(parcel.key, sizeof(parcel.key), "c-%u", (unsigned)sequence);
	memcpy(parcel.previous, previous, SHA256_LEN);
	parcel_seal(&parcel, &folder->secret);
	return parcel;
}
