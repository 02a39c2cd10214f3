/*
 * Lives until it is killed: puts numbered revisions of some cases and rounds of kept rows, and
 * prints each revision once it is on the disk. On the way in it says what the last life left.
 *
 * Usage: store_kill_child FOLDER LIFE [CASES]
 */
#include "sensor/store/store.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
	CASES_FEW = 5,
	ROWS = 64,
	REMEMBERED = 1 << 12,
	VALUE_BYTES = 700,
	BLOCK_BYTES = 9000,
	CONTACT_BYTES = 1 << 20
};

#define NOW (UINT64_C(1790813528) * NANOTIME_SECOND)

struct life {
	struct store *store;
	uint64_t revision; /* of all cases, the last that was put */
	uint64_t told;     /* the last ticket that was printed */
	unsigned cases;
	uint64_t number; /* of the life */
	struct {
		uint64_t revision;
		unsigned number;
	} put[REMEMBERED]; /* by ticket */
};

/* One write() for each line: what the parent reads was said in whole. */
static void say(const char *line, size_t len)
{
	if (write(STDOUT_FILENO, line, len) != (ssize_t)len)
		_exit(3);
}

static void say_note(void *arg, const char *line)
{
	char out[STORE_PROBLEM_LEN + 8];

	(void)arg;
	say(out, (size_t)snprintf(out, sizeof(out), "note %s\n", line));
}

static bool say_case(void *arg, const struct store_case *row)
{
	struct life *life = arg;
	char out[100];

	if (row->revision > life->revision)
		life->revision = row->revision;
	say(out, (size_t)snprintf(out, sizeof(out), "found %s %llu %zu\n", row->id,
				  (unsigned long long)row->revision, row->record.len));
	return true;
}

static bool count_row(void *arg, const struct kept_row *row)
{
	unsigned *rows = arg;

	(*rows)++;
	return row->value.len == VALUE_BYTES;
}

static void put_case(struct life *life, uint32_t random)
{
	static uint8_t record[16384];
	char id[16];
	unsigned number = random % life->cases;
	struct store_case row = { .id = id,
				  .revision = life->revision + 1,
				  .opened = number,
				  .changed = life->revision,
				  .priority = 1,
				  .json = { (const uint8_t *)"{}", 2 },
				  .record = { record, random % sizeof(record) } };
	uint64_t ticket;

	(void)snprintf(id, sizeof(id), "case%u", number);
	record[0] = (uint8_t)random;
	ticket = store_put_case(life->store, &row, random % 4 != 0);
	if (ticket == 0)
		return;
	life->revision++;
	life->put[ticket % REMEMBERED].revision = row.revision;
	life->put[ticket % REMEMBERED].number = number;
}

static void say_durable(struct life *life)
{
	char out[100];
	uint64_t durable = store_durable(life->store);

	for (; life->told < durable; life->told++) {
		unsigned at = (life->told + 1) % REMEMBERED;

		say(out,
		    (size_t)snprintf(out, sizeof(out), "ack case%u %llu\n", life->put[at].number,
				     (unsigned long long)life->put[at].revision));
	}
}

static void put_round(struct life *life, uint32_t random)
{
	static uint8_t value[VALUE_BYTES];
	uint32_t key = random % ROWS;
	const struct kept_row row = { .table = "rows",
				      .layout = 1,
				      .used = life->revision,
				      .key = { (const uint8_t *)&key, sizeof(key) },
				      .value = { value, sizeof(value) } };

	value[1] = (uint8_t)random;
	(void)store_put_kept(life->store, &row);
	if (random % 16 == 0)
		store_kept_done(life->store);
}

/* A store_scan_fn: blocks are whole, in order, and the end comes. */
static bool see_block(void *arg, unsigned scan, const struct store_contacts *row)
{
	static unsigned last_scan;
	static nanotime last;

	(void)arg;
	if (scan != last_scan)
		last = 0;
	last_scan = scan;
	if (row && (row->first <= last || row->bytes.len != BLOCK_BYTES ||
		    row->bytes.data[BLOCK_BYTES - 1] != (uint8_t)row->rows))
		say_note(NULL, "a block of contacts is not what was put");
	if (row)
		last = row->first;
	return true;
}

static void put_block(struct life *life, uint32_t random)
{
	static uint8_t bytes[BLOCK_BYTES];
	static uint64_t number;
	/* Later than those of the lives before. */
	const struct store_contacts row = { .first = NOW + life->number * NANOTIME_HOUR + ++number,
					    .last = NOW + life->number * NANOTIME_HOUR + number,
					    .rows = random % 200,
					    .bytes = { bytes, sizeof(bytes) } };

	bytes[BLOCK_BYTES - 1] = (uint8_t)row.rows;
	(void)store_put_contacts(life->store, &row);
	if (random % 4 == 0)
		(void)store_scan_contacts(life->store, see_block, NULL);
}

static void open_store(struct life *life, const char *folder)
{
	static const struct store_table table = { "rows", 1, ROWS };
	struct store_config config = { .contact_bytes = CONTACT_BYTES,
				       .daily_bytes = UINT64_C(100) << 30,
				       /* Between two of them some cases wait, not acknowledged. */
				       .interval = 50 * NANOTIME_MILLISECOND,
				       .log_bytes = 1 << 20,
				       .queue_bytes = 1 << 20,
				       .size_bytes = 64 << 20 };
	const struct store_setup setup = {
		.config = &config, .tables = &table, .table_count = 1, .now = NOW, .say = say_note
	};
	char problem[STORE_PROBLEM_LEN] = "no cases";

	(void)snprintf(config.folder, sizeof(config.folder), "%s", folder);
	if (life->cases == 0 || store_open(&life->store, &setup, problem) != ERR_OK) {
		say_note(NULL, problem);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	static struct life life;
	uint32_t random = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) * 2 + 1 : 1;
	struct store_loaded loaded;
	unsigned rows = 0;
	char out[160];

	if (argc < 3)
		return 2;
	life.number = strtoul(argv[2], NULL, 10);
	life.cases = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : CASES_FEW;
	open_store(&life, argv[1]);
	if (store_load_cases(life.store, say_case, &life) != ERR_OK ||
	    store_load_kept(life.store, count_row, &rows, &loaded) != ERR_OK)
		return 2;
	say(out, (size_t)snprintf(out, sizeof(out), "ready %u %llu %llu %llu\n", rows,
				  (unsigned long long)loaded.damaged,
				  (unsigned long long)loaded.forgotten,
				  (unsigned long long)loaded.refused));
	if (store_start(life.store, NOW) != ERR_OK)
		return 2;
	for (;;) {
		/* xorshift32 (Marsaglia 2003) */
		random ^= random << 13;
		random ^= random >> 17;
		random ^= random << 5;
		/* Fewer on their way than are remembered by their ticket. */
		if (life.told + REMEMBERED / 2 > life.revision)
			put_case(&life, random);
		put_round(&life, random >> 7);
		if (random % 32 == 0)
			put_block(&life, random >> 9);
		say_durable(&life);
		if (random % 8 == 0)
			(void)nanosleep(&(struct timespec){ .tv_nsec = random % 300000 }, NULL);
	}
}
