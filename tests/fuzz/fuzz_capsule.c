/*
 * A capsule of a busy office, changed as the input says and sealed anew, is opened and replayed.
 * The input: which capsule, then of each change where (three bytes) and what is put there.
 */
#include "sensor/judge/capsule_replay.h"
#include "sensor/judge/judge.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/busy_office.h"
#include "tests/support/facts.h"

#include <stdlib.h>
#include <string.h>

enum { CAPSULES_MAX = 64, CHANGE_LEN = 4, CHANGES_MAX = 64, SEAL_LEN = 8 + SHA256_LEN };

static struct kept {
	uint8_t *bytes;
	size_t len;
} capsules[CAPSULES_MAX];
static size_t capsule_count;
static struct config config;
static struct intel_sets *indicators;

static bool made(void *arg, const struct capsule_made *capsule)
{
	struct kept *kept = &capsules[capsule_count];

	(void)arg;
	if (capsule_count == CAPSULES_MAX)
		return false;
	kept->bytes = malloc(capsule->bytes.len);
	kept->len = capsule->bytes.len;
	if (!kept->bytes)
		abort();
	memcpy(kept->bytes, capsule->bytes.data, kept->len);
	capsule_count++;
	return true;
}

static void prepare(void)
{
	const struct judge_setup setup = { .config = &config,
					   .identity = "office",
					   .capsule_made = made };
	struct judge_setup with = setup;
	struct judge *judge;
	uint64_t flow_id = 0;

	config_defaults(&config);
	config.judge.learning = 0;
	indicators = test_indicators(OFFICE_INDICATORS);
	with.indicators = indicators;
	if (judge_new(&judge, &with) != ERR_OK)
		abort();
	busy_office(0, &flow_id, judge_take, judge);
	judge_finish(judge);
	judge_free(judge);
}

static void seal(uint8_t *bytes, size_t len)
{
	digest_sha256(bytes, len - SEAL_LEN, bytes + len - SHA256_LEN);
}

static void replay(uint8_t *bytes, size_t len)
{
	const struct replay_setup setup = { .config = &config, .indicators = indicators };
	char why[CAPSULE_WHY_LEN];
	struct replay_answer answer;
	struct capsule capsule;

	if (capsule_open(&capsule, (struct span){ bytes, len }, why) == ERR_OK)
		(void)!capsule_replay(&capsule, &setup, &answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t bytes[CAPSULE_BYTES_MAX];
	struct cursor in = cursor_over(data, len);
	const struct kept *kept;

	if (capsule_count == 0)
		prepare();
	kept = &capsules[cursor_u8(&in) % capsule_count];
	memcpy(bytes, kept->bytes, kept->len);
	for (int i = 0; i < CHANGES_MAX && cursor_left(&in) >= CHANGE_LEN; i++) {
		size_t at = cursor_be24(&in) % (kept->len - SEAL_LEN);

		bytes[at] = cursor_u8(&in);
	}
	replay(bytes, kept->len); /* not sealed: refused, but for no change at all */
	seal(bytes, kept->len);
	replay(bytes, kept->len);
	return 0;
}
