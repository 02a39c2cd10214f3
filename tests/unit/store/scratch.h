/* A folder of its own for each test, and a store in it whose lines are kept. */
#pragma once

#include "sensor/store/store.h"
#include "tests/support/cmocka.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TABLE_A "devices"
#define TABLE_B "names"

enum { SCRATCH_LINES = 8192, CAPACITY_A = 200, CAPACITY_B = 50, PATIENCE_SECONDS = 20 };

/* 2026-10-01T00:12:08Z */
#define SCRATCH_NOW (UINT64_C(1790813528) * NANOTIME_SECOND)

struct scratch {
	struct store_config config;
	struct store_table tables[2];
	struct store_setup setup;
	char said[SCRATCH_LINES];
	char problem[STORE_PROBLEM_LEN];
};

static void scratch_say(void *arg, const char *line)
{
	struct scratch *s = arg;
	size_t len = strlen(s->said);

	(void)snprintf(s->said + len, sizeof(s->said) - len, "%s\n", line);
}

/* In memory where there is such a folder: syncing to a disk takes most of a test's time. */
static inline const char *scratch_base(void)
{
	const char *base = getenv("TMPDIR");

	if (access("/dev/shm", W_OK | X_OK) == 0)
		return "/dev/shm";
	return base ? base : "/tmp";
}

static inline void scratch_make_in(struct scratch *s, const char *base)
{

	memset(s, 0, sizeof(*s));
	s->config = (struct store_config){ .daily_bytes = 200 << 20,
					   .contact_bytes = 2 << 20,
					   .interval = 15 * NANOTIME_MINUTE,
					   .log_bytes = 1 << 20,
					   .queue_bytes = 1 << 20,
					   .size_bytes = 16 << 20 };
	(void)snprintf(s->config.folder, sizeof(s->config.folder), "%s/hinomi-store-XXXXXX", base);
	assert_non_null(mkdtemp(s->config.folder));
	s->tables[0] = (struct store_table){ TABLE_A, 7, CAPACITY_A };
	s->tables[1] = (struct store_table){ TABLE_B, 3, CAPACITY_B };
	s->setup = (struct store_setup){ .config = &s->config,
					 .tables = s->tables,
					 .table_count = 2,
					 .now = SCRATCH_NOW,
					 .say = scratch_say,
					 .say_arg = s };
}

static inline void scratch_make(struct scratch *s)
{
	scratch_make_in(s, scratch_base());
}

static inline void scratch_remove(struct scratch *s)
{
	DIR *folder = opendir(s->config.folder);

	assert_non_null(folder);
	for (struct dirent *e = readdir(folder); e; e = readdir(folder)) {
		if (e->d_name[0] != '.')
			(void)unlinkat(dirfd(folder), e->d_name, 0);
	}
	(void)closedir(folder);
	(void)rmdir(s->config.folder);
}

static inline const char *scratch_path(const struct scratch *s, const char *name)
{
	static char path[CONFIG_PATH_LEN + 64];

	(void)snprintf(path, sizeof(path), "%s/%s", s->config.folder, name);
	return path;
}

static inline struct store *scratch_open(struct scratch *s)
{
	struct store *store = NULL;
	enum err err = store_open(&store, &s->setup, s->problem);

	if (err != ERR_OK)
		print_message("%s\n", s->problem);
	assert_int_equal(err, ERR_OK);
	return store;
}

static inline struct store *scratch_start(struct scratch *s)
{
	struct store *store = scratch_open(s);

	assert_int_equal(store_start(store, SCRATCH_NOW), ERR_OK);
	return store;
}

static inline void scratch_close(struct store *store)
{
	assert_int_equal(store_close(store, SCRATCH_NOW + NANOTIME_MINUTE), ERR_OK);
}

static inline struct span span_of(const char *text)
{
	return (struct span){ .data = (const uint8_t *)text, .len = strlen(text) };
}

static inline void pause_shortly(void)
{
	(void)nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

/* Until the ticket is on the disk. */
static inline void wait_durable(const struct store *store, uint64_t ticket)
{
	for (unsigned i = 0; i < PATIENCE_SECONDS * 1000 && store_durable(store) < ticket; i++)
		pause_shortly();
	assert_true(store_durable(store) >= ticket);
}

/* What came back: a line for each row, in order. */
struct told {
	char lines[SCRATCH_LINES];
	unsigned count;
	unsigned refuse_from; /* rows from this one on are refused; 0: none */
};

static inline bool tell_case(void *arg, const struct store_case *row)
{
	struct told *told = arg;
	size_t len = strlen(told->lines);

	told->count++;
	(void)snprintf(told->lines + len, sizeof(told->lines) - len,
		       "%s r%llu %llu-%llu p%u%s %.*s %.*s\n", row->id,
		       (unsigned long long)row->revision, (unsigned long long)row->opened,
		       (unsigned long long)row->changed, row->priority,
		       row->is_withdrawn ? " withdrawn" : "", (int)row->json.len, row->json.data,
		       (int)row->record.len, row->record.data);
	return true;
}

static inline bool tell_kept(void *arg, const struct kept_row *row)
{
	struct told *told = arg;
	size_t len = strlen(told->lines);

	if (told->refuse_from != 0 && told->count + 1 >= told->refuse_from)
		return false;
	told->count++;
	(void)snprintf(told->lines + len, sizeof(told->lines) - len, "%s %u %llu %.*s=%.*s\n",
		       row->table, row->layout, (unsigned long long)row->used, (int)row->key.len,
		       row->key.data, (int)row->value.len, row->value.data);
	return true;
}
