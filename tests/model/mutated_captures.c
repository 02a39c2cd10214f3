/*
 * The whole pipeline over damaged captures, many thousand times in one process: bytes changed,
 * runs copied, files cut. Nothing may crash, hang or leak, whatever the bytes say.
 *
 * Captures are read BATCH at a time, merged, because starting nDPI costs more than reading one.
 *
 * Usage: mutated_captures [CAPTURES [SEED [FILE…]]]   FILEs instead of those under $GOLDEN.
 */
#include "sensor/app/pipeline.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	CAPTURES_MAX = 64,
	PIECE_MAX = 48 * 1024,
	PATH_LEN = 64,
	CHANGES_MAX = 24,
	BATCH = 100,
};

struct capture {
	uint8_t bytes[PIECE_MAX];
	size_t len;
};

static struct capture captures[CAPTURES_MAX];
static size_t capture_count;

/* Files in memory, written anew for each batch. */
static int files[BATCH];
static char paths[BATCH][PATH_LEN];

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* The start of a file is enough: rounds are short, and all formats begin with their riskiest part.
 */
static void load(const char *path)
{
	FILE *file = fopen(path, "rb");

	if (!file || capture_count == CAPTURES_MAX) {
		(void)fprintf(stderr, "%s: not read\n", path);
		exit(EXIT_FAILURE);
	}
	captures[capture_count].len = fread(captures[capture_count].bytes, 1, PIECE_MAX, file);
	capture_count++;
	(void)fclose(file);
}

static void load_golden(void)
{
	const char *golden = getenv("GOLDEN");
	char pattern[4096];
	glob_t found;

	(void)snprintf(pattern, sizeof(pattern), "%s/*/capture.*", golden ? golden : ".");
	if (glob(pattern, 0, NULL, &found) != 0) {
		(void)fprintf(stderr, "no captures at %s\n", pattern);
		exit(EXIT_FAILURE);
	}
	for (size_t i = 0; i < found.gl_pathc && i < CAPTURES_MAX; i++)
		load(found.gl_pathv[i]);
	globfree(&found);
}

static size_t mutate(struct capture *c, uint64_t *random)
{
	unsigned changes = (unsigned)(next_random(random) % CHANGES_MAX);

	for (unsigned i = 0; i < changes && c->len > 0; i++) {
		size_t at = next_random(random) % c->len;
		size_t from = next_random(random) % c->len;
		size_t longest = c->len - (at > from ? at : from);

		switch (next_random(random) % 4) {
		case 0:
			c->bytes[at] = (uint8_t)next_random(random);
			break;
		case 1:
			c->bytes[at] ^= (uint8_t)(1U << next_random(random) % 8);
			break;
		case 2:
			memmove(c->bytes + at, c->bytes + from,
				next_random(random) % longest % 256);
			break;
		default:
			c->bytes[at] = next_random(random) % 2 ? 0xff : 0;
			break;
		}
	}
	if (next_random(random) % 4 == 0)
		c->len = next_random(random) % (c->len + 1);
	return c->len;
}

static enum err judge_batch(const struct config *config, unsigned workers)
{
	const struct judge_setup judge_setup = { .config = config, .identity = "" };
	struct pipeline_setup setup = { .config = config, .workers = workers };
	struct judge_totals totals = { 0 };
	struct pipeline *pipeline = NULL;
	struct capture_set *set = NULL;
	const char *names[BATCH];
	uint64_t held = 0;

	for (size_t i = 0; i < BATCH; i++)
		names[i] = paths[i];

	enum err err = judge_new(&setup.judge, &judge_setup);

	if (err == ERR_OK)
		err = pipeline_new(&pipeline, &setup);
	if (err == ERR_OK)
		err = capture_set_new(&set, names, BATCH);
	if (err == ERR_OK)
		err = pipeline_run(pipeline, set, NULL, NULL);
	if (err == ERR_OK)
		totals = judge_totals(setup.judge);
	for (int g = 0; g < GATE_ANSWERS; g++)
		held += totals.held[g];
	if (totals.signals != totals.in_cases + held)
		err = ERR_RANGE;
	capture_set_free(set);
	pipeline_free(pipeline);
	judge_free(setup.judge);
	return err;
}

static bool run_batch(uint64_t *random, const struct config *config)
{
	static struct capture c;

	for (size_t i = 0; i < BATCH; i++) {
		c = captures[next_random(random) % capture_count];
		size_t len = mutate(&c, random);

		if (ftruncate(files[i], 0) != 0 ||
		    pwrite(files[i], c.bytes, len, 0) != (ssize_t)len)
			return false;
	}
	return judge_batch(config, (unsigned)(next_random(random) % 4)) == ERR_OK;
}

int main(int argc, char **argv)
{
	uint64_t wanted = argc > 1 ? strtoull(argv[1], NULL, 10) : 3000;
	uint64_t random = argc > 2 ? strtoull(argv[2], NULL, 10) | 1 : 20261122;
	struct config config;

	config_defaults(&config);
	for (int i = 3; i < argc; i++)
		load(argv[i]);
	if (capture_count == 0)
		load_golden();
	for (size_t i = 0; i < BATCH; i++) {
		files[i] = memfd_create("capture", MFD_CLOEXEC);
		(void)snprintf(paths[i], sizeof(paths[i]), "/proc/self/fd/%d", files[i]);
	}
	for (uint64_t done = 0; done < wanted; done += BATCH) {
		uint64_t seed = random;

		if (!run_batch(&random, &config)) {
			(void)fprintf(stderr, "batch failed; again with: %d %" PRIu64 "\n", BATCH,
				      seed);
			return EXIT_FAILURE;
		}
	}
	(void)printf("%" PRIu64 " damaged captures made of %zu judged\n", wanted, capture_count);
	return EXIT_SUCCESS;
}
