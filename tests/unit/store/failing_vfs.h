/* SQLite's own file access, that fails when it is told to. */
#pragma once

#include <errno.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#define FAILING_VFS "failing"

enum failing {
	FAIL_NOTHING,
	FAIL_FULL,
	FAIL_READ_ONLY,
	FAIL_SYNC,
	FAIL_GROWTH, /* a write beyond the end: a full disk, as files that have their blocks see it
		      */
};

static atomic_int failing;         /* enum failing */
static atomic_long failing_writes; /* since it fails */
static atomic_long failing_bytes;  /* that were written while it did not */

struct failing_file {
	sqlite3_file file;
	_Alignas(sqlite3_int64) char below[];
};

static sqlite3_vfs *failing_below;
static sqlite3_vfs failing_vfs;
static sqlite3_io_methods failing_methods;
static int failing_errno;

static sqlite3_file *failing_file_below(sqlite3_file *file)
{
	return (sqlite3_file *)(void *)((struct failing_file *)(void *)file)->below;
}

#define BELOW(file) failing_file_below(file)

static int failing_close(sqlite3_file *f)
{
	return BELOW(f)->pMethods->xClose(BELOW(f));
}

static int failing_read(sqlite3_file *f, void *to, int len, sqlite3_int64 at)
{
	return BELOW(f)->pMethods->xRead(BELOW(f), to, len, at);
}

static int failing_write(sqlite3_file *f, const void *from, int len, sqlite3_int64 at)
{
	sqlite3_int64 size = 0;

	failing_errno = 0;
	switch ((enum failing)atomic_load(&failing)) {
	case FAIL_FULL:
		atomic_fetch_add(&failing_writes, 1);
		return SQLITE_FULL;
	case FAIL_READ_ONLY:
		atomic_fetch_add(&failing_writes, 1);
		failing_errno = EROFS;
		return SQLITE_IOERR_WRITE;
	case FAIL_GROWTH:
		(void)BELOW(f)->pMethods->xFileSize(BELOW(f), &size);
		if (at + len > size) {
			atomic_fetch_add(&failing_writes, 1);
			return SQLITE_FULL;
		}
		break;
	case FAIL_NOTHING:
	case FAIL_SYNC:
		break;
	}
	atomic_fetch_add(&failing_bytes, len);
	return BELOW(f)->pMethods->xWrite(BELOW(f), from, len, at);
}

static int failing_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return BELOW(f)->pMethods->xTruncate(BELOW(f), size);
}

static int failing_sync(sqlite3_file *f, int flags)
{
	if (atomic_load(&failing) == FAIL_SYNC) {
		atomic_fetch_add(&failing_writes, 1);
		failing_errno = EIO;
		return SQLITE_IOERR_FSYNC;
	}
	return BELOW(f)->pMethods->xSync(BELOW(f), flags);
}

static int failing_size(sqlite3_file *f, sqlite3_int64 *out)
{
	return BELOW(f)->pMethods->xFileSize(BELOW(f), out);
}

static int failing_lock(sqlite3_file *f, int level)
{
	return BELOW(f)->pMethods->xLock(BELOW(f), level);
}

static int failing_unlock(sqlite3_file *f, int level)
{
	return BELOW(f)->pMethods->xUnlock(BELOW(f), level);
}

static int failing_check(sqlite3_file *f, int *out)
{
	return BELOW(f)->pMethods->xCheckReservedLock(BELOW(f), out);
}

static int failing_control(sqlite3_file *f, int what, void *arg)
{
	return BELOW(f)->pMethods->xFileControl(BELOW(f), what, arg);
}

static int failing_sector(sqlite3_file *f)
{
	return BELOW(f)->pMethods->xSectorSize(BELOW(f));
}

static int failing_abilities(sqlite3_file *f)
{
	return BELOW(f)->pMethods->xDeviceCharacteristics(BELOW(f));
}

static int failing_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **out)
{
	return BELOW(f)->pMethods->xShmMap(BELOW(f), region, size, extend, out);
}

static int failing_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return BELOW(f)->pMethods->xShmLock(BELOW(f), at, n, flags);
}

static void failing_shm_barrier(sqlite3_file *f)
{
	BELOW(f)->pMethods->xShmBarrier(BELOW(f));
}

static int failing_shm_unmap(sqlite3_file *f, int remove)
{
	return BELOW(f)->pMethods->xShmUnmap(BELOW(f), remove);
}

static int failing_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	int rc;

	(void)vfs;
	f->pMethods = NULL;
	BELOW(f)->pMethods = NULL;
	rc = failing_below->xOpen(failing_below, name, BELOW(f), flags, out);
	if (BELOW(f)->pMethods)
		f->pMethods = &failing_methods;
	return rc;
}

static int failing_last_error(sqlite3_vfs *vfs, int room, char *out)
{
	(void)vfs;
	return failing_errno ? failing_errno
			     : failing_below->xGetLastError(failing_below, room, out);
}

static void failing_register(void)
{
	failing_below = sqlite3_vfs_find(NULL);
	failing_methods = (sqlite3_io_methods){
		.iVersion = 2,
		.xClose = failing_close,
		.xRead = failing_read,
		.xWrite = failing_write,
		.xTruncate = failing_truncate,
		.xSync = failing_sync,
		.xFileSize = failing_size,
		.xLock = failing_lock,
		.xUnlock = failing_unlock,
		.xCheckReservedLock = failing_check,
		.xFileControl = failing_control,
		.xSectorSize = failing_sector,
		.xDeviceCharacteristics = failing_abilities,
		.xShmMap = failing_shm_map,
		.xShmLock = failing_shm_lock,
		.xShmBarrier = failing_shm_barrier,
		.xShmUnmap = failing_shm_unmap,
	};
	failing_vfs = *failing_below;
	failing_vfs.iVersion = 1;
	failing_vfs.pNext = NULL;
	failing_vfs.zName = FAILING_VFS;
	failing_vfs.szOsFile = (int)sizeof(struct failing_file) + failing_below->szOsFile;
	failing_vfs.xOpen = failing_open;
	failing_vfs.xGetLastError = failing_last_error;
	(void)sqlite3_vfs_register(&failing_vfs, 0);
}
