/*
 * SQLite's file access (https://www.sqlite.org/vfs.html) with a count of what goes to the disk.
 *
 * Counted are the blocks of 4 KiB that a write makes dirty, as the kernel does: a frame of the log
 * that begins in the block where the last one ended costs that block once, until it is synced. Not
 * counted: the file system's own journal, and the shared index of the log (cases.db-shm), which the
 * kernel writes when it likes; see store_vfs_note_shared().
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/nanotime.h"

#include <stdint.h>

enum { STORE_BLOCK_BYTES = 4096 };

struct store_vfs;

/*
 * Files are those of the VFS named `below`; NULL is the system's own. ERR_MEMORY, ERR_MISSING when
 * there is none of that name. Lives until the last connection through it is closed.
 */
MUST_USE enum err store_vfs_new(struct store_vfs **out, const char *below);
void store_vfs_free(struct store_vfs *vfs);

/* For sqlite3_open_v2(). */
const char *store_vfs_name(const struct store_vfs *vfs);

/*
 * The errno of the latest write or sync that failed since it was last asked; 0 when none did.
 * sqlite3_system_errno() does not know it when it was COMMIT that wrote.
 */
int store_vfs_take_failure(struct store_vfs *vfs);

/* Bytes since it was made. The thread that writes. */
uint64_t store_vfs_written(const struct store_vfs *vfs);

/*
 * What a commit of `pages` pages changed in the shared index, at most: a block that is dirty goes
 * to the disk once in half a minute, however often it is changed. `now` is of a clock that never
 * goes back.
 */
void store_vfs_note_shared(struct store_vfs *vfs, uint64_t pages, nanotime now);
