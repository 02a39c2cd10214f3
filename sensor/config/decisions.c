#include "sensor/config/decisions.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void decisions_free(struct decisions *decisions)
{
	free(decisions);
}

enum { TIME_LEN = 20 };

static bool has_shape(const char *text, const char *shape)
{
	for (; *shape != '\0'; shape++, text++) {
		if (*shape == '0' ? *text < '0' || *text > '9' : *text != *shape)
			return false;
	}
	return *text == '\0';
}

static int number_at(const char *text, size_t at)
{
	return (int)strtol(text + at, NULL, 10);
}

enum err decisions_parse_time(const char *text, nanotime *out)
{
	char whole[TIME_LEN + 1] = "0000-00-00T00:00:00Z";
	char again[NANOTIME_TEXT_LEN];
	struct tm parts;
	time_t seconds;

	if (!has_shape(text, "0000-00-00") && !has_shape(text, "0000-00-00T00:00:00Z"))
		return ERR_SYNTAX;
	memcpy(whole, text, strlen(text));
	parts = (struct tm){ .tm_year = number_at(whole, 0) - 1900,
			     .tm_mon = number_at(whole, 5) - 1,
			     .tm_mday = number_at(whole, 8),
			     .tm_hour = number_at(whole, 11),
			     .tm_min = number_at(whole, 14),
			     .tm_sec = number_at(whole, 17) };
	seconds = timegm(&parts);
	if (seconds < 0 || (uint64_t)seconds >= UINT64_MAX / NANOTIME_SECOND)
		return ERR_SYNTAX;
	/* 30 February would become a day of March. */
	(void)nanotime_text((nanotime)seconds * NANOTIME_SECOND, again);
	if (strncmp(again, whole, TIME_LEN - 1) != 0)
		return ERR_SYNTAX;
	*out = (nanotime)seconds * NANOTIME_SECOND;
	return ERR_OK;
}

bool decisions_is_id(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len < DECISION_ID_LEN &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
		       len;
}

const struct rule_tally *decisions_tally(const struct decisions *decisions, const char *rule)
{
	for (size_t i = 0; i < decisions->tally_count; i++) {
		if (strcmp(decisions->tallies[i].rule, rule) == 0)
			return &decisions->tallies[i];
	}
	return NULL;
}

static const struct {
	const char *text;
	enum verdict_sense sense;
} verdicts[VERDICTS] = {
	[VERDICT_INCIDENT_SERIOUS] = { "incident-serious", VERDICT_SAYS_TRUE },
	[VERDICT_INCIDENT_MINOR] = { "incident-minor", VERDICT_SAYS_TRUE },
	[VERDICT_POLICY] = { "policy", VERDICT_SAYS_TRUE },
	[VERDICT_ATTEMPT_ONLY] = { "attempt-only", VERDICT_SAYS_TRUE },
	[VERDICT_BENIGN_EXPECTED] = { "benign-expected", VERDICT_SAYS_FALSE },
	[VERDICT_FALSE_POSITIVE] = { "false-positive", VERDICT_SAYS_FALSE },
	[VERDICT_INCONCLUSIVE] = { "inconclusive", VERDICT_SAYS_NOTHING },
	[VERDICT_DUPLICATE] = { "duplicate", VERDICT_SAYS_NOTHING },
	[VERDICT_SENSOR_FAULT] = { "sensor-fault", VERDICT_SAYS_NOTHING },
	[VERDICT_EXERCISE] = { "exercise", VERDICT_SAYS_NOTHING },
};

const char *verdict_text(enum verdict verdict)
{
	return verdicts[verdict].text;
}

bool verdict_parse(const char *text, enum verdict *out)
{
	for (int i = 0; i < VERDICTS; i++) {
		if (strcmp(verdicts[i].text, text) == 0) {
			*out = (enum verdict)i;
			return true;
		}
	}
	return false;
}

enum verdict_sense verdict_sense(enum verdict verdict)
{
	return verdicts[verdict].sense;
}
