/*
 * What must outlive the process: cases.db in the state folder, a SQLite data base (WAL) of the
 * tables in store_schema_sqlite.c. It is written by one process alone; others read it
 * (store_view.h).
 *
 * store_open() and store_load_…() in one thread, then store_start(): from there a thread of the
 * store's own writes, and nobody waits for the disk. Callers put copies of rows into rings that
 * were taken at start (store.queue); a full ring refuses, the caller keeps what it has and tries
 * again. Urgent cases are committed and synced at once, other rows within a minute, counts within
 * three, devices and kept rows each store.interval. Each commit costs some 30 KiB, whatever it
 * holds.
 *
 * A disk that is full or cannot be written is tried again and again, after a second at first, at
 * last each minute. What waits meanwhile is bounded: kept rows go first (and are asked for anew
 * later), then contacts, the oldest devices, capsules and counts, then facts of health; each is
 * counted.
 * Cases are never dropped, only refused.
 *
 * Which thread may call what stands with each; what is said of no thread is for all. No wall clock
 * is read: times are the caller's, of packets.
 */
#pragma once

#include "sensor/base/kept.h"
#include "sensor/base/nanotime.h"
#include "sensor/config/config.h"
#include "sensor/store/store_rows.h"

struct store;

/* A table of kept rows, known at start. `name` is borrowed as long as the store lives. */
struct store_table {
	const char *name;
	uint32_t layout;   /* rows of another are forgotten, and it is said */
	uint32_t capacity; /* rows; the longest untouched makes room */
};

enum {
	STORE_TABLES_MAX = 128,
	STORE_PROBLEM_LEN = 512,
	STORE_DESCRIPTORS_MAX = 8,
	STORE_KEY_MAX = 1024, /* bytes of a kept row's key */
};

/* One line for the log, without a newline. By the opener's thread, or the store's own. */
typedef void store_say_fn(void *arg, const char *line);

struct store_setup {
	const struct store_config *config; /* borrowed until store_open() returns */
	const struct store_table *tables;  /* the same */
	size_t table_count;
	nanotime now;    /* names what is moved aside; also the day whose bytes count */
	bool is_suspect; /* opening or loading it said ERR_MALFORMED: it is moved aside */
	store_say_fn *say;
	void *say_arg;
	const char
		*vfs; /* SQLite's file access; NULL is the system's. Tests give one that fails. */
};

/*
 * Opens or makes cases.db, checks it, and takes the folder for this process alone. A data base that
 * is damaged, or none, is moved aside (cases.db.damaged-TIME; the last two are kept) and a new one
 * begun, with the cases that can still be read. One of more than 16 MiB is checked after
 * store_start() only, so that no start waits for it; where that finds it damaged, store_status()
 * says so, and the next start moves it aside. On a disk that cannot be written it opens for
 * reading, and every row is refused.
 *
 * `problem` is one line that says what to do: ERR_IO folder missing, no permission, or used by
 * another process; ERR_MALFORMED damaged, to be tried again with `is_suspect`; ERR_RANGE a data
 * base of a newer version; ERR_MEMORY; ERR_MISSING no such VFS.
 */
MUST_USE enum err store_open(struct store **out, const struct store_setup *setup,
			     char problem[static STORE_PROBLEM_LEN]);

/* Rows that came back, and those that did not. */
struct store_loaded {
	uint64_t rows;
	uint64_t damaged;   /* against their checksum */
	uint64_t forgotten; /* of another layout, or of a table nobody has */
	uint64_t beyond;    /* what its table has room for; it may have been larger once */
	uint64_t refused;   /* by the caller */
};

/*
 * Before store_start(): hands back the kept rows, table by table as in the setup, each from the
 * lowest `used` on. What `take` refuses stays; what is damaged or of another layout is removed.
 * ERR_IO when the disk cannot be read. ERR_MALFORMED, here and of the loads below: cases.db is
 * damaged; to be closed and opened again with `is_suspect`.
 */
MUST_USE enum err store_load_kept(struct store *store, kept_take_fn *take, void *arg,
				  struct store_loaded *loaded);

/* Before store_start(): every case, the longest unchanged first, so that the latest go in last. */
MUST_USE enum err store_load_cases(struct store *store, store_case_fn *take, void *arg);

/* Before store_start(): the latest capsule, if there is any: those that follow name it. */
MUST_USE enum err store_load_last_capsule(struct store *store, store_capsule_fn *take, void *arg);

/* Before store_start(): findings of health that are not closed. */
MUST_USE enum err store_load_health(struct store *store, store_health_fn *take, void *arg);

/* Before store_start(): the life before this one; false when there was none. */
bool store_last_life(struct store *store, struct store_life *out);

/*
 * Notes that a life began, takes the log's bytes on the disk, opens every file that will be needed
 * and starts the thread. ERR_IO when there is no thread to be had. A disk that cannot be written is
 * no error; see store_status().
 */
MUST_USE enum err store_start(struct store *store, nanotime now);

/*
 * After store_start(): the descriptors that the thread writes through (data base, log, shared
 * index), for a filter of system calls; returns how many, at most STORE_DESCRIPTORS_MAX.
 */
size_t store_descriptors(const struct store *store, int fds[static STORE_DESCRIPTORS_MAX]);

/*
 * Writes all that waits, notes a clean stop, ends the thread and closes. Every thread that puts is
 * done with the store. ERR_IO when something could not be written. `now` is packet time.
 */
MUST_USE enum err store_close(struct store *store, nanotime now);

/*
 * After store_start(): whether rows are taken at all. Not where the disk could not be written at
 * start: then every row is refused as long as the store lives.
 */
bool store_takes_rows(const struct store *store);

/* The most bytes that the texts and values of one row may have together: an eighth of the queue. */
size_t store_largest(const struct store *store);

/*
 * Puts: the row is copied. False: refused, as the ring is full, the row too long, or the disk one
 * that cannot be written; counted. Keys and reasons are not empty.
 */

/*
 * The judge's thread. A ticket, which store_durable() reaches when this revision, or a later one of
 * the same case, is on the disk; 0 when refused. Urgent ones are committed at once, and together
 * where they come faster than the disk takes them.
 */
uint64_t store_put_case(struct store *store, const struct store_case *row, bool is_urgent);

/* Every case put up to this ticket is on the disk, synced. */
uint64_t store_durable(const struct store *store);

/* The judge's thread. A new device is written within a minute, others each interval. */
bool store_put_device(struct store *store, const struct store_device *row, bool is_new);
/* The judge's thread. With the next urgent case or within a minute. */
bool store_put_capsule(struct store *store, const struct store_capsule *row);

/*
 * The judge's thread. With the next round of devices, or before a scan. Blocks are kept for
 * STORE_CONTACTS_DAYS after their last contact, as far as store.contacts has room: else the oldest
 * go first, and their rows are counted.
 */
enum { STORE_CONTACTS_DAYS = 30 };
bool store_put_contacts(struct store *store, const struct store_contacts *row);

/*
 * The judge's thread: every block that was put before is shown to `take` by the store's thread, the
 * oldest first, one at each of its steps; then NULL, also where the rest cannot be read. A scan
 * that is under way is given up for the next, which begins anew: what is still shown of it has its
 * number, the one that was returned then. `take` and `arg` are the same each time. Nothing comes
 * where the disk could not be written at start.
 */
unsigned store_scan_contacts(struct store *store, store_scan_fn *take, void *arg);

/* The capture thread. Within a minute; a row of health that is urgent at once. */
bool store_put_health(struct store *store, const struct store_health *row);
bool store_put_gap(struct store *store, const struct store_gap *row);
/* The same, within three: adds to the day's counter; the name is one of our own words. */
bool store_put_count(struct store *store, const struct store_count *row);
/* The sensor lives; noted every three minutes, or with the next batch. Never refused. */
void store_alive(struct store *store, nanotime now);

/*
 * The judge's thread: which kept rows are wanted now. Then it calls store_put_kept() for each,
 * going on later where that is refused, and store_kept_done() at the end.
 */
enum store_kept {
	STORE_KEPT_NONE,
	STORE_KEPT_CHANGED, /* since the last round */
	STORE_KEPT_ALL,     /* a new data base, or rows of an earlier round were lost */
};

enum store_kept store_kept_wanted(const struct store *store);
/*
 * A kept_take_fn; `store` is the struct store. A full ring is nothing to count here: nothing is
 * lost by it. A row longer than store_largest() is left out, and counted as refused.
 */
bool store_put_kept(void *store, const struct kept_row *row);
void store_kept_done(struct store *store);

/*
 * The judge's thread. A graceful stop begins: from here on store_kept_wanted() asks for one more
 * round, whatever the interval and the day's bytes say, and store_put_kept() waits for room, at
 * most ten seconds in all.
 */
void store_closing(struct store *store);

enum store_state {
	STORE_OK,
	STORE_FULL,      /* the disk is full, or cases.db as large as store.size */
	STORE_READ_ONLY, /* the disk takes no writes */
	STORE_FAILING,   /* any other error */
};

enum store_class {
	STORE_CASES,
	STORE_CAPSULES,
	STORE_DEVICES,
	STORE_HEALTH,
	STORE_GAPS,
	STORE_COUNTS,
	STORE_KEPT,
	STORE_CONTACTS,
	STORE_CLASSES,
};

struct store_status {
	enum store_state state;
	nanotime failing_since; /* packet time; 0 while the state is STORE_OK */
	bool is_saving;         /* little is left of the day's bytes: baselines wait */
	bool is_damaged;        /* so cases.db was found: to be opened anew soon */
	bool log_is_held;       /* a reader keeps the log from being folded in: baselines wait */
	uint64_t written_bytes; /* since store_open() */
	uint64_t written_today; /* of the day of store_alive(), in earlier lives too */
	uint64_t commits;
	uint64_t refused[STORE_CLASSES]; /* by a full ring or for their length */
	uint64_t dropped[STORE_CLASSES]; /* taken, and lost while the disk did not take them */
	uint64_t durable;                /* store_durable() */
	uint64_t contacts_let_go;        /* rows that others took the room of, before their time */
};

void store_status(const struct store *store, struct store_status *out);

/* "ok", "full", "read-only", "failing". */
const char *store_state_text(enum store_state state);
/* "cases", "kept" … */
const char *store_class_text(enum store_class class);
