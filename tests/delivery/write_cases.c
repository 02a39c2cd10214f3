/*
 * The sensor's side of a fault run: puts revisions of many cases into cases.db as the sensor does,
 * through the same store, until all are there or it is killed. Started again it goes on behind what
 * is on the disk. Bodies are a real case's, with another id, revision and priority.
 *
 * Usage: write_cases FOLDER TEMPLATE CASES REVISIONS MICROSECONDS
 *
 * Prints "put ID REVISION" for each once it is on the disk, and "all" at the end.
 */
#include "sensor/digest/digest.h"
#include "sensor/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BODY_MAX = 256 << 10, WAITING_MAX = 1024 };

#define NOW (UINT64_C(1790813528) * NANOTIME_SECOND)

struct putting {
	struct store *store;
	char before[BODY_MAX]; /* of the template, up to the id, … */
	char amid[BODY_MAX];   /* … from there to the number of the revision, … */
	char more[BODY_MAX];   /* … to the priority … */
	char after[BODY_MAX];  /* … and to the end */
	unsigned long highest; /* case and revision as one number, on the disk */
	unsigned long cases;
	char waiting[WAITING_MAX][96]; /* lines to print, by their tickets */
	uint64_t tickets[WAITING_MAX];
	unsigned first;
	unsigned count;
};

/* Which step of a start failed, and how. */
static void must(enum err err, const char *step)
{
	if (err == ERR_OK)
		return;
	(void)fprintf(stderr, "write_cases: %s: %s\n", step, err_text(err));
	exit(1);
}

static void die(const char *what)
{
	(void)fprintf(stderr, "write_cases: %s\n", what);
	exit(1);
}

static void say_note(void *arg, const char *line)
{
	(void)arg;
	(void)fprintf(stderr, "%s\n", line);
}

/* What stands before `mark` goes to `out`; returns what is behind it and `skip` bytes. */
static const char *split(const char *text, const char *mark, size_t skip, char *out)
{
	const char *at = strstr(text, mark);

	if (!at)
		die("the template is no case");
	size_t len = (size_t)(at - text) + strlen(mark);

	memcpy(out, text, len);
	out[len] = '\0';
	return at + strlen(mark) + skip;
}

static void read_template(struct putting *p, const char *path)
{
	static char text[BODY_MAX];
	FILE *file = fopen(path, "re");

	if (!file || !fgets(text, sizeof(text), file))
		die("the template cannot be read");
	(void)fclose(file);
	text[strcspn(text, "\n")] = '\0';

	const char *rest = split(text, "\"id\":\"", 36, p->before);

	rest = split(rest, "\"rev\":", 0, p->amid);
	rest = split(rest + strspn(rest, "0123456789"), "\"priority\":", 1, p->more);
	(void)snprintf(p->after, sizeof(p->after), "%s", rest);
}

static bool found(void *arg, const struct store_case *row)
{
	struct putting *p = arg;
	unsigned long number;

	memcpy(&number, row->record.data, sizeof(number));
	number = (row->revision - 1) * p->cases + number + 1;
	if (number > p->highest)
		p->highest = number;
	return true;
}

static bool pass(void *arg, const struct kept_row *row)
{
	(void)arg;
	(void)row;
	return true;
}

static void print_durable(struct putting *p)
{
	while (p->count > 0 && p->tickets[p->first] <= store_durable(p->store)) {
		(void)fputs(p->waiting[p->first], stdout);
		p->first = (p->first + 1) % WAITING_MAX;
		p->count--;
	}
	(void)fflush(stdout);
}

static void put(struct putting *p, unsigned long number, unsigned long revision)
{
	static char body[4 * BODY_MAX];
	char id[DIGEST_UUID_LEN];
	unsigned priority = number % 10 == 0 ? 1 : 2 + number % 2;
	struct store_case row = { .id = id,
				  .revision = revision,
				  .opened = NOW + number * NANOTIME_SECOND,
				  .changed = NOW + (number + revision) * NANOTIME_SECOND,
				  .priority = (uint8_t)priority,
				  .record = { (const uint8_t *)&number, sizeof(number) } };
	uint64_t ticket;
	unsigned at;

	digest_uuid(&number, sizeof(number), id);
	row.json.len = (size_t)snprintf(body, sizeof(body), "%s%s%s%lu%s%u%s", p->before, id,
					p->amid, revision, p->more, priority, p->after);
	row.json.data = (const uint8_t *)body;
	while (p->count == WAITING_MAX ||
	       (ticket = store_put_case(p->store, &row, priority == 1)) == 0) {
		(void)usleep(1000);
		print_durable(p);
	}
	at = (p->first + p->count++) % WAITING_MAX;
	p->tickets[at] = ticket;
	(void)snprintf(p->waiting[at], sizeof(p->waiting[at]), "put %s %lu\n", id, revision);
}

static void start(struct putting *p, const char *folder)
{
	struct config config;
	struct store_loaded loaded;
	char problem[STORE_PROBLEM_LEN];

	config_defaults(&config);
	(void)snprintf(config.store.folder, sizeof(config.store.folder), "%s", folder);
	config.store.daily_bytes = UINT64_C(100) << 30;
	config.store.size_bytes = UINT64_C(4) << 30;

	const struct store_setup setup = { .config = &config.store, .now = NOW, .say = say_note };

	if (store_open(&p->store, &setup, problem) != ERR_OK)
		die(problem);
	must(store_load_kept(p->store, pass, NULL, &loaded), "what is kept cannot be loaded");
	must(store_load_cases(p->store, found, p), "the cases cannot be loaded");
	must(store_start(p->store, NOW), "the store does not start");
}

int main(int argc, char **argv)
{
	static struct putting p;

	if (argc != 6)
		die("usage: write_cases FOLDER TEMPLATE CASES REVISIONS MICROSECONDS");
	p.cases = strtoul(argv[3], NULL, 10);
	unsigned long all = p.cases * strtoul(argv[4], NULL, 10);
	unsigned long pause = strtoul(argv[5], NULL, 10);

	read_template(&p, argv[2]);
	start(&p, argv[1]);
	for (unsigned long n = p.highest; n < all; n++) {
		put(&p, n % p.cases, n / p.cases + 1);
		print_durable(&p);
		if (pause > 0)
			(void)usleep((useconds_t)pause);
	}
	if (store_close(p.store, NOW) != ERR_OK)
		die("not all could be written");
	while (p.count > 0) {
		(void)fputs(p.waiting[p.first], stdout);
		p.first = (p.first + 1) % WAITING_MAX;
		p.count--;
	}
	(void)puts("all");
	return 0;
}
