/*
 * bench_intel [--check] COUNT
 *
 * Makes a set of COUNT indicators by way of a feed's text, in a process of its own, then opens it
 * and looks up names that it has and has not, beside a hash set of the same keys in the same run.
 * --check fails when the file or the anonymous memory is larger than it may be: those do not
 * depend on the machine.
 */
#include "sensor/feed/feed_gather.h"
#include "sensor/intel/intel_file.h"
#include "tests/support/random.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	NAME_LEN = 40,
	QUESTIONS = 200000,
	ROUNDS = 5,
	COUNT_MOST = 20000000,
	RSS_MOST_KB = 4096,
	BYTES_AT_A_MILLION = 16, /* of each item; 15 at five millions */
	NETWORK_EVERY = 50,
};

struct place {
	char folder[32];
	char feed[64];
	char set[64];
};

/* Of the processor: a busy machine makes no figure worse than it is. */
static double now_seconds(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fail(const char *what)
{
	(void)fprintf(stderr, "bench_intel: %s\n", what);
	exit(1);
}

/* World 0 is listed, world 1 is not. */
static void name_of(uint64_t i, uint64_t world, char out[static NAME_LEN])
{
	uint64_t seed = i * 2 + world;

	(void)snprintf(out, NAME_LEN, "n%llx.example",
		       (unsigned long long)(random_next(&seed) >> 8));
}

/* As feeds are: three names to an address with a port, and a network now and then. */
static void write_feed(const char *path, size_t count)
{
	FILE *out = fopen(path, "w");
	char name[NAME_LEN];

	if (!out)
		fail("the feed cannot be written");
	for (uint64_t i = 0; i < count; i++) {
		uint64_t seed = i;
		uint64_t r = random_next(&seed);

		name_of(i, 0, name);
		if (i % 4 != 3)
			(void)fprintf(out, "%s\n", name);
		else if (i % NETWORK_EVERY == 3)
			(void)fprintf(out, "2a01:%llx:%llx::/48\n",
				      (unsigned long long)(r & 0xffff),
				      (unsigned long long)(r >> 16 & 0xffff));
		else
			(void)fprintf(out, "[2a00:%llx::%llx:%llx]:%u\n",
				      (unsigned long long)(r & 0xffff),
				      (unsigned long long)(r >> 16 & 0xffff),
				      (unsigned long long)(r >> 32 & 0xffff),
				      (unsigned)(1 + i % 60000));
	}
	if (fclose(out) != 0)
		fail("the feed cannot be written");
}

static void build(const struct place *at, const struct sign_secret *secret)
{
	const struct feed_file file = { .path = at->feed, .source = "feed", .confidence = 60 };
	const struct intel_issue issue = { 1, NANOTIME_DAY * 20000, NANOTIME_DAY * 20014 };
	struct suffix_rules *suffixes;
	struct intel_builder *builder;
	struct feed_gather *gather;
	struct feed_counts counts;
	double begin = now_seconds();
	uint8_t *bytes;
	size_t len;

	if (suffix_rules_new(&suffixes) != ERR_OK ||
	    intel_builder_new(&builder, INTEL_INDICATORS) != ERR_OK)
		fail("out of memory");

	const struct feed_gather_setup setup = { builder, suffixes, issue.made, stderr, false };

	if (feed_gather_new(&gather, &setup) != ERR_OK ||
	    feed_gather_read(gather, &file, &counts) != ERR_OK || counts.refused > 0 ||
	    intel_builder_make(builder, &bytes, &len) != ERR_OK ||
	    intel_file_write(at->set, bytes, len, &issue, secret) != ERR_OK)
		fail("the set cannot be built");
	(void)printf("build    %.2f s\n", now_seconds() - begin);
	(void)fflush(stdout);
	_exit(0);
}

/* Memory of this process that no file backs, in KiB. */
static long anonymous_kb(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[128];
	long kb = -1;

	while (status && fgets(line, sizeof(line), status)) {
		if (strncmp(line, "RssAnon:", 8) == 0)
			kb = strtol(line + 8, NULL, 10);
	}
	if (status)
		(void)fclose(status);
	return kb;
}

/* Places in an order that no cache foresees. */
static char (*draw_questions(size_t count, uint64_t world))[NAME_LEN]
{
	char(*names)[NAME_LEN] = calloc(QUESTIONS, sizeof(names[0]));
	uint64_t seed = 7;

	if (!names)
		fail("out of memory");
	for (size_t i = 0; i < QUESTIONS; i++)
		name_of((random_next(&seed) % (count / 4)) * 4, world, names[i]);
	return names;
}

static double ask_set(const struct intel_set *set, char (*names)[NAME_LEN], bool want)
{
	double best = 1e9;

	for (size_t round = 0; round < ROUNDS; round++) {
		double begin = now_seconds();
		struct intel_hit hit;

		for (size_t i = 0; i < QUESTIONS; i++) {
			if (intel_find_name(set, names[i], NULL, &hit) != want)
				fail("a wrong answer");
		}
		if (now_seconds() - begin < best)
			best = now_seconds() - begin;
	}
	return best / QUESTIONS * 1e9;
}

/* The plainest hash set: keys of 8 bytes, half full, on the heap. */
struct key_set {
	uint64_t *keys;
	size_t mask;
};

static void key_set_fill(struct key_set *s, const struct intel_set *set)
{
	struct intel_row row;
	size_t at = 0;

	s->mask = 1;
	while (s->mask < intel_set_count(set) * 2)
		s->mask *= 2;
	s->keys = calloc(s->mask--, sizeof(s->keys[0]));
	if (!s->keys)
		fail("out of memory");
	while (intel_set_next(set, &at, &row)) {
		size_t slot = row.key & s->mask;

		while (row.key != 0 && s->keys[slot] != 0)
			slot = (slot + 1) & s->mask;
		if (row.key != 0)
			s->keys[slot] = row.key;
	}
}

static bool key_set_holds(const struct key_set *s, const char *name)
{
	uint8_t message[1 + NAME_LEN] = { INTEL_NAME };
	size_t len = strlen(name);
	uint64_t key;
	size_t slot;

	memcpy(message + 1, name, len);
	key = intel_key_of(message, len + 1);
	for (slot = key & s->mask; s->keys[slot] != 0; slot = (slot + 1) & s->mask) {
		if (s->keys[slot] == key)
			return true;
	}
	return false;
}

static double ask_keys(const struct key_set *s, char (*names)[NAME_LEN], bool want)
{
	double best = 1e9;

	for (size_t round = 0; round < ROUNDS; round++) {
		double begin = now_seconds();

		for (size_t i = 0; i < QUESTIONS; i++) {
			if (key_set_holds(s, names[i]) != want)
				fail("a wrong answer");
		}
		if (now_seconds() - begin < best)
			best = now_seconds() - begin;
	}
	return best / QUESTIONS * 1e9;
}

static bool measure(const struct place *at, const struct sign_public *key, size_t count)
{
	char(*present)[NAME_LEN] = draw_questions(count, 0);
	char(*absent)[NAME_LEN] = draw_questions(count, 1);
	struct stat status = { 0 };
	uint8_t id[SIGN_ID_LEN];
	struct key_set keys;
	struct intel_set *set;
	long before = anonymous_kb();
	double begin = now_seconds();

	if (intel_set_open(at->set, key, 1, &set, id) != INTEL_FINE || stat(at->set, &status) != 0)
		fail("the set cannot be opened");

	double opened = now_seconds() - begin;
	double miss = ask_set(set, absent, false);
	double hit = ask_set(set, present, true);
	long grown = anonymous_kb() - before;

	key_set_fill(&keys, set);

	double plain_miss = ask_keys(&keys, absent, false);
	double plain_hit = ask_keys(&keys, present, true);

	(void)printf("file     %.2f MB, %.2f bytes an item\n", (double)status.st_size / 1e6,
		     (double)status.st_size / (double)count);
	(void)printf("open     %.0f ms, signature and all\n", opened * 1e3);
	(void)printf("memory   %ld KiB anonymous after %d look-ups\n", grown,
		     2 * ROUNDS * QUESTIONS);
	(void)printf("miss     %.0f ns, a hash set %.0f ns: %.2f times\n", miss, plain_miss,
		     miss / plain_miss);
	(void)printf("hit      %.0f ns, a hash set %.0f ns: %.2f times\n", hit, plain_hit,
		     hit / plain_hit);
	free(keys.keys);
	intel_set_free(set);
	free(present);
	free(absent);
	return grown <= RSS_MOST_KB && (size_t)status.st_size <= BYTES_AT_A_MILLION * count;
}

int main(int argc, char **argv)
{
	bool is_check = argc == 3 && strcmp(argv[1], "--check") == 0;
	unsigned long long count = argc < 2 ? 0 : strtoull(argv[argc - 1], NULL, 10);
	struct place at = { .folder = "/tmp/hinomi-intel-XXXXXX" };
	struct sign_public public;
	struct sign_secret secret;
	int status = 0;
	pid_t child;
	bool good;

	if (argc != (is_check ? 3 : 2) || count < 1000 || count > COUNT_MOST) {
		(void)fputs("Usage: bench_intel [--check] COUNT (1000 to 20000000)\n", stderr);
		return 2;
	}
	if (sign_start() != ERR_OK || !mkdtemp(at.folder))
		fail("no folder for its files");
	(void)snprintf(at.feed, sizeof(at.feed), "%s/feed.txt", at.folder);
	(void)snprintf(at.set, sizeof(at.set), "%s/set.intel", at.folder);
	sign_make_pair(&public, &secret);
	child = fork();
	if (child == 0) {
		write_feed(at.feed, count);
		build(&at, &secret);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		fail("nothing was built");
	good = measure(&at, &public, count);
	(void)unlink(at.feed);
	(void)unlink(at.set);
	(void)rmdir(at.folder);
	return is_check && !good;
}
