#include "sensor/judge/standings.h"

#include "sensor/base/lru_map.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { CLIENTS_MAX = 4 };

/* Less was no use of a service, but a look whether there is one. */
static const uint64_t used_bytes = 4096;
/* Below this it is a guess. */
static const double sure_enough = 0.5;
/* As long as its detector would tell it again, and some more. */
static const nanotime unsupported_lasts = 45 * NANOTIME_DAY;
static const nanotime private_lasts = 90 * NANOTIME_DAY;

/* 48 bytes; a time of 0 is never. */
struct row {
	nanotime unsupported;
	nanotime is_private;
	nanotime returned;
	uint32_t clients[CLIENTS_MAX]; /* device numbers of those it serves, in order */
	uint32_t client_count;
	uint32_t spare;
};

struct standings {
	const struct judge_config *config;
	const struct presence_config *presence;
	struct lru_map *rows; /* device → struct row */
};

enum err standings_new(struct standings **out, const struct judge_config *config,
		       const struct presence_config *presence)
{
	struct standings *standings = calloc(1, sizeof(*standings));

	if (!standings)
		return ERR_MEMORY;
	standings->config = config;
	standings->presence = presence;
	if (lru_map_new(&standings->rows, (uint32_t)config->devices, sizeof(uint32_t),
			sizeof(struct row)) != ERR_OK) {
		free(standings);
		return ERR_MEMORY;
	}
	*out = standings;
	return ERR_OK;
}

void standings_free(struct standings *standings)
{
	if (!standings)
		return;
	lru_map_free(standings->rows);
	free(standings);
}

/* Files, data bases, directories: what others cannot work without. */
static bool is_port_of_servers(uint16_t port)
{
	static const uint16_t ports[] = { 88,   139,  389,  445,  548,  636, 1433,
					  1521, 2049, 3260, 3268, 3306, 5432 };

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		if (ports[i] == port)
			return true;
	}
	return false;
}

static bool holds(const struct row *row, uint32_t client)
{
	for (uint32_t i = 0; i < row->client_count; i++) {
		if (row->clients[i] == client)
			return true;
	}
	return false;
}

void standings_see(struct standings *standings, const struct observation *seen)
{
	const struct fact *fact = seen->fact;
	struct row *row;
	bool is_new;

	if (fact->kind != FACT_FLOW_ENDED || seen->direction != DIRECTION_LATERAL ||
	    seen->device == 0 || seen->peer_device == 0 || seen->device == seen->peer_device ||
	    !fact->ended.is_answered || !is_port_of_servers(fact->flow.server_port) ||
	    fact->ended.bytes_up + fact->ended.bytes_down < used_bytes)
		return;
	row = lru_map_touch(standings->rows, &seen->peer_device, &is_new);
	if (row->client_count < CLIENTS_MAX && !holds(row, seen->device))
		row->clients[row->client_count++] = seen->device;
}

void standings_note(struct standings *standings, const struct signal *signal)
{
	struct row *row;
	bool is_new;

	if (signal->device == 0 ||
	    (signal->kind != SIGNAL_OLD_SYSTEM && signal->kind != SIGNAL_UNKNOWN_DEVICE &&
	     signal->kind != SIGNAL_PRIVATE_DEVICE && signal->kind != SIGNAL_RETURNED_DEVICE))
		return;
	if (signal->kind == SIGNAL_OLD_SYSTEM && signal->confidence < sure_enough)
		return;
	row = lru_map_touch(standings->rows, &signal->device, &is_new);
	if (signal->kind == SIGNAL_OLD_SYSTEM)
		row->unsupported = signal->last;
	else if (signal->kind == SIGNAL_RETURNED_DEVICE)
		row->returned = signal->last;
	else
		row->is_private = signal->last;
}

static bool is_recent(nanotime then, nanotime now, nanotime lasts)
{
	return then != 0 && !nanotime_went_back(then, now) && nanotime_between(then, now) <= lasts;
}

unsigned standings_of(struct standings *standings, uint32_t device, nanotime when)
{
	const struct row *row = lru_map_find(standings->rows, &device);
	unsigned bits = 0;

	if (!row)
		return 0;
	if (row->client_count >= standings->config->server_clients)
		bits |= STANDING(STANDING_SERVES);
	if (is_recent(row->unsupported, when, unsupported_lasts))
		bits |= STANDING(STANDING_UNSUPPORTED);
	if (is_recent(row->is_private, when, private_lasts))
		bits |= STANDING(STANDING_PRIVATE);
	if (is_recent(row->returned, when, standings->presence->watch))
		bits |= STANDING(STANDING_RETURNED);
	return bits;
}

static bool is_row_sound(const void *key, const void *value)
{
	const struct row *row = value;
	uint32_t device;

	memcpy(&device, key, sizeof(device));
	return device != 0 && row->client_count <= CLIENTS_MAX;
}

const struct kept_table standings_kept[] = {
	{ .name = "judge.standings",
	  .version = 1,
	  .at = offsetof(struct standings, rows),
	  .is_sound = is_row_sound },
	{ 0 },
};
