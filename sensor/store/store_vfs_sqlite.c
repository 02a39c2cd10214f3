#include "sensor/store/store_vfs_sqlite.h"

#include <sqlite3.h>
#include <stdbool.h>

#include <stdio.h>
#include <stdlib.h>

enum {
	NAME_LEN = 40,
	INDEX_HEAD_BLOCKS = 2, /* the index's head, and where it numbers the pages */
	INDEX_HASH_BLOCKS = 4, /* where it finds them: each page in one of these */
};

/* vm.dirty_expire_centisecs, as every distribution has it */
#define INDEX_WAITS (30 * NANOTIME_SECOND)

struct store_vfs {
	sqlite3_vfs vfs;
	sqlite3_vfs *below;
	uint64_t written_bytes;
	int failure;
	nanotime index_dirty;  /* since then blocks of the shared index wait */
	uint64_t index_blocks; /* so many of them */
	char name[NAME_LEN];
};

/* In front of the file of the VFS below, which follows in the same piece of memory. */
struct counted_file {
	sqlite3_file file;
	struct store_vfs *vfs;
	sqlite3_int64 dirty_block; /* the last one written since the last sync, or -1 */
	_Alignas(sqlite3_int64) uint8_t below[]; /* as SQLite aligns what it gives a file */
};

static struct counted_file *counted(sqlite3_file *file)
{
	return (struct counted_file *)file;
}

static sqlite3_file *below(sqlite3_file *file)
{
	return (sqlite3_file *)counted(file)->below;
}

static int file_close(sqlite3_file *file)
{
	return below(file)->pMethods->xClose(below(file));
}

static int file_read(sqlite3_file *file, void *to, int len, sqlite3_int64 at)
{
	return below(file)->pMethods->xRead(below(file), to, len, at);
}

/* Also where it fails: some of it may have been written. */
static void count(struct counted_file *file, int len, sqlite3_int64 at)
{
	sqlite3_int64 first = at / STORE_BLOCK_BYTES;
	sqlite3_int64 last = (at + len - 1) / STORE_BLOCK_BYTES;
	sqlite3_int64 blocks = last - first + 1 - (first == file->dirty_block);

	file->dirty_block = last;
	file->vfs->written_bytes += (uint64_t)blocks * STORE_BLOCK_BYTES;
}

static int note_failure(struct store_vfs *vfs, int rc)
{
	if (rc != SQLITE_OK)
		vfs->failure = vfs->below->xGetLastError(vfs->below, 0, NULL);
	return rc;
}

static int file_write(sqlite3_file *file, const void *from, int len, sqlite3_int64 at)
{
	if (len > 0)
		count(counted(file), len, at);
	return note_failure(counted(file)->vfs,
			    below(file)->pMethods->xWrite(below(file), from, len, at));
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return below(file)->pMethods->xTruncate(below(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
	counted(file)->dirty_block = -1;
	return note_failure(counted(file)->vfs, below(file)->pMethods->xSync(below(file), flags));
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return below(file)->pMethods->xFileSize(below(file), size);
}

static int file_lock(sqlite3_file *file, int level)
{
	return below(file)->pMethods->xLock(below(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
	return below(file)->pMethods->xUnlock(below(file), level);
}

static int file_check_lock(sqlite3_file *file, int *is_reserved)
{
	return below(file)->pMethods->xCheckReservedLock(below(file), is_reserved);
}

static int file_control(sqlite3_file *file, int what, void *arg)
{
	return below(file)->pMethods->xFileControl(below(file), what, arg);
}

static int file_sector_size(sqlite3_file *file)
{
	return below(file)->pMethods->xSectorSize(below(file));
}

static int file_abilities(sqlite3_file *file)
{
	return below(file)->pMethods->xDeviceCharacteristics(below(file));
}

static int file_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
	return below(file)->pMethods->xShmMap(below(file), region, size, extend, out);
}

static int file_shm_lock(sqlite3_file *file, int at, int count_of, int flags)
{
	return below(file)->pMethods->xShmLock(below(file), at, count_of, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
	below(file)->pMethods->xShmBarrier(below(file));
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
	return below(file)->pMethods->xShmUnmap(below(file), remove);
}

/* Version 2: without memory mapped data, whose writes nobody would see. */
static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_lock,
	.xFileControl = file_control,
	.xSectorSize = file_sector_size,
	.xDeviceCharacteristics = file_abilities,
	.xShmMap = file_shm_map,
	.xShmLock = file_shm_lock,
	.xShmBarrier = file_shm_barrier,
	.xShmUnmap = file_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
		    int *flags_out)
{
	struct store_vfs *self = vfs->pAppData;
	struct counted_file *f = counted(file);
	int rc;

	f->vfs = self;
	f->dirty_block = -1;
	f->file.pMethods = NULL;
	below(file)->pMethods = NULL;
	rc = self->below->xOpen(self->below, name, below(file), flags, flags_out);
	/* SQLite closes what has methods, also where opening it failed. */
	if (below(file)->pMethods)
		f->file.pMethods = &methods;
	return rc;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
	struct store_vfs *self = vfs->pAppData;

	return self->below->xDelete(self->below, name, sync_folder);
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	struct store_vfs *self = vfs->pAppData;

	return self->below->xAccess(self->below, name, flags, out);
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *name, int room, char *out)
{
	struct store_vfs *self = vfs->pAppData;

	return self->below->xFullPathname(self->below, name, room, out);
}

static int vfs_randomness(sqlite3_vfs *vfs, int len, char *out)
{
	struct store_vfs *self = vfs->pAppData;

	return self->below->xRandomness(self->below, len, out);
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
	struct store_vfs *self = vfs->pAppData;

	return self->below->xSleep(self->below, microseconds);
}

static int vfs_time(sqlite3_vfs *vfs, double *out)
{
	struct store_vfs *self = vfs->pAppData;

	return self->below->xCurrentTime(self->below, out);
}

static int vfs_last_error(sqlite3_vfs *vfs, int room, char *out)
{
	struct store_vfs *self = vfs->pAppData;

	return self->below->xGetLastError(self->below, room, out);
}

enum err store_vfs_new(struct store_vfs **out, const char *below_name)
{
	sqlite3_vfs *found = sqlite3_vfs_find(below_name);
	struct store_vfs *self;

	if (!found)
		return ERR_MISSING;
	self = calloc(1, sizeof(*self));
	if (!self)
		return ERR_MEMORY;
	/* Named by its address: each store counts for itself. */
	(void)snprintf(self->name, sizeof(self->name), "hinomi-%p", (void *)self);
	self->below = found;
	self->vfs = (sqlite3_vfs){
		.iVersion = 1,
		.szOsFile = (int)sizeof(struct counted_file) + found->szOsFile,
		.mxPathname = found->mxPathname,
		.zName = self->name,
		.pAppData = self,
		.xOpen = vfs_open,
		.xDelete = vfs_delete,
		.xAccess = vfs_access,
		.xFullPathname = vfs_full_path,
		.xRandomness = vfs_randomness,
		.xSleep = vfs_sleep,
		.xCurrentTime = vfs_time,
		.xGetLastError = vfs_last_error,
	};
	if (sqlite3_vfs_register(&self->vfs, 0) != SQLITE_OK) {
		free(self);
		return ERR_MEMORY;
	}
	*out = self;
	return ERR_OK;
}

void store_vfs_free(struct store_vfs *vfs)
{
	if (!vfs)
		return;
	(void)sqlite3_vfs_unregister(&vfs->vfs);
	free(vfs);
}

const char *store_vfs_name(const struct store_vfs *vfs)
{
	return vfs->name;
}

int store_vfs_take_failure(struct store_vfs *vfs)
{
	int failure = vfs->failure;

	vfs->failure = 0;
	return failure;
}

uint64_t store_vfs_written(const struct store_vfs *vfs)
{
	return vfs->written_bytes;
}

void store_vfs_note_shared(struct store_vfs *vfs, uint64_t pages, nanotime now)
{
	uint64_t before = vfs->index_blocks;
	uint64_t hash_blocks;

	if (before == 0 || nanotime_between(vfs->index_dirty, now) >= INDEX_WAITS) {
		vfs->index_dirty = now;
		vfs->index_blocks = INDEX_HEAD_BLOCKS;
		before = 0;
	}
	hash_blocks = vfs->index_blocks - INDEX_HEAD_BLOCKS + pages;
	if (hash_blocks > INDEX_HASH_BLOCKS)
		hash_blocks = INDEX_HASH_BLOCKS;
	vfs->index_blocks = INDEX_HEAD_BLOCKS + hash_blocks;
	vfs->written_bytes += (vfs->index_blocks - before) * STORE_BLOCK_BYTES;
}
