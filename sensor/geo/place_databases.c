#include "sensor/geo/place_databases.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum fault { FAULT_NONE, FAULT_UNREADABLE, FAULT_EXPIRED, FAULT_DAMAGED, FAULT_CUT_OFF };

struct source {
	char path[CONFIG_PATH_LEN];
	struct place_database *db; /* NULL: it is not asked (any more) */
	uint32_t errors;
	uint8_t fault; /* enum fault: the latest */
	bool is_told;  /* … of which somebody knows */
	char why[PLACE_WHY_LEN];
};

struct place_databases {
	nanotime oldest;
	size_t count;
	size_t left_out; /* beyond PLACE_DATABASES_MAX */
	struct source sources[PLACE_DATABASES_MAX];
};

bool place_databases_next_path(const char *list, size_t *at, char out[static CONFIG_PATH_LEN])
{
	size_t len;

	*at += strspn(list + *at, " ,");
	len = strcspn(list + *at, ",");
	if (len == 0 || len >= CONFIG_PATH_LEN)
		return false;
	memcpy(out, list + *at, len);
	*at += len;
	while (out[len - 1] == ' ')
		len--;
	out[len] = '\0';
	return true;
}

static void note(struct source *source, enum fault fault)
{
	if (source->fault == fault)
		return;
	source->fault = (uint8_t)fault;
	source->is_told = false;
}

static void open_source(struct source *source)
{
	if (place_database_open(&source->db, source->path, source->why) != ERR_OK)
		note(source, FAULT_UNREADABLE);
}

enum err place_databases_open(struct place_databases **out, const struct places_config *config)
{
	struct place_databases *dbs;
	char path[CONFIG_PATH_LEN];
	size_t at = 0;

	*out = NULL;
	if (config->databases[strspn(config->databases, " ,")] == '\0')
		return ERR_OK;
	dbs = calloc(1, sizeof(*dbs));
	if (!dbs)
		return ERR_MEMORY;
	dbs->oldest = config->oldest;
	while (place_databases_next_path(config->databases, &at, path)) {
		if (dbs->count == PLACE_DATABASES_MAX) {
			dbs->left_out++;
			continue;
		}
		memcpy(dbs->sources[dbs->count].path, path, sizeof(path));
		open_source(&dbs->sources[dbs->count++]);
	}
	*out = dbs;
	return ERR_OK;
}

void place_databases_free(struct place_databases *dbs)
{
	if (!dbs)
		return;
	for (size_t i = 0; i < dbs->count; i++)
		place_database_free(dbs->sources[i].db);
	free(dbs);
}

static nanotime built_at(const struct source *source)
{
	return place_database_head(source->db)->built * NANOTIME_SECOND;
}

static bool is_expired(const struct place_databases *dbs, struct source *source, nanotime when)
{
	if (nanotime_between(built_at(source), when) <= dbs->oldest)
		return false;
	note(source, FAULT_EXPIRED);
	return true;
}

static void drop(struct source *source, enum fault fault)
{
	place_database_free(source->db);
	source->db = NULL;
	note(source, fault);
}

bool place_databases_find(struct place_databases *dbs, const struct address *address, nanotime when,
			  struct place *out)
{
	*out = (struct place){ 0 };
	for (size_t i = 0; i < dbs->count; i++) {
		struct source *source = &dbs->sources[i];
		struct place place;
		enum place_answer answer;

		if (!source->db || is_expired(dbs, source, when))
			continue;
		answer = place_database_find(source->db, address, &place);
		if (answer == PLACE_TOLD)
			place_add(out, &place);
		else if (answer == PLACE_CUT_OFF)
			drop(source, FAULT_CUT_OFF);
		else if (answer == PLACE_DAMAGED && ++source->errors >= PLACE_ERRORS_MOST)
			drop(source, FAULT_DAMAGED);
	}
	return place_is_known(out);
}

void place_databases_date(struct place_databases *dbs, nanotime when)
{
	for (size_t i = 0; i < dbs->count; i++) {
		if (dbs->sources[i].db)
			(void)is_expired(dbs, &dbs->sources[i], when);
	}
}

static void write_fault(const struct source *source, char out[static PLACE_FAULT_LEN])
{
	static const char *const texts[] = {
		[FAULT_NONE] = "",
		[FAULT_UNREADABLE] = "",
		[FAULT_EXPIRED] = "was built longer ago than places.oldest, and tells nothing any "
				  "more: fetch a newer one",
		[FAULT_DAMAGED] = "is damaged, and not asked any more: fetch it anew, and put it "
				  "there by renaming",
		[FAULT_CUT_OFF] = "was cut short while it was in use, and is not asked any more: "
				  "put a whole one there by renaming",
	};
	const char *why = source->fault == FAULT_UNREADABLE ? source->why : texts[source->fault];

	(void)snprintf(out, PLACE_FAULT_LEN, "%s: %s; no country or network is told from it",
		       source->path, why);
}

bool place_databases_fault(struct place_databases *dbs, char out[static PLACE_FAULT_LEN])
{
	for (size_t i = 0; i < dbs->count; i++) {
		struct source *source = &dbs->sources[i];

		if (source->fault == FAULT_NONE || source->is_told)
			continue;
		source->is_told = true;
		write_fault(source, out);
		return true;
	}
	if (dbs->left_out == 0)
		return false;
	(void)snprintf(out, PLACE_FAULT_LEN, "places.databases: at most %d of them are read",
		       PLACE_DATABASES_MAX);
	dbs->left_out = 0;
	return true;
}

struct place_databases_state place_databases_state(const struct place_databases *dbs)
{
	struct place_databases_state state = { .oldest = dbs ? dbs->oldest : 0 };

	for (size_t i = 0; dbs && i < dbs->count; i++) {
		const struct source *source = &dbs->sources[i];

		if (!source->db)
			state.refused++;
		else if (state.built == 0 || built_at(source) < state.built)
			state.built = built_at(source);
	}
	return state;
}

void place_databases_terms(const struct place_databases *dbs, struct text *out)
{
	for (size_t i = 0; dbs && i < dbs->count; i++) {
		const struct place_database_head *head;
		char day[PLACE_DAY_LEN];

		if (!dbs->sources[i].db)
			continue;
		head = place_database_head(dbs->sources[i].db);
		place_day_text((uint32_t)(head->built / (NANOTIME_DAY / NANOTIME_SECOND)), day);
		text_format(out, "places.%zu=%s %s %" PRIu64 "\n", i + 1, head->type, day,
			    head->bytes);
	}
}
