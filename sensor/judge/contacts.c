#include "sensor/judge/contacts.h"

#include "sensor/base/lru_map.h"
#include "sensor/base/text.h"
#include "sensor/detect/statistics.h"
#include "sensor/intel/known_services.h"

#include <stdlib.h>
#include <string.h>

enum { RCODE_NXDOMAIN = 3 };

/* What a power cut may forget. */
static const nanotime written_every = 2 * NANOTIME_HOUR;

/* A name by its hash, an address by itself. */
struct contact_key {
	uint32_t device;
	uint16_t port;
	uint8_t kind;
	uint8_t spare;
	uint8_t item[ADDRESS_LEN];
};

_Static_assert((int)DISTINCT_KEY_BYTES == (int)ADDRESS_LEN, "both are items of a key");

struct contacts {
	struct lru_map *rows; /* struct contact_key → struct contact */
	nanotime since;       /* the last writing down; 0: none yet */
	struct contact_block block;
};

enum err contacts_new(struct contacts **out, const struct judge_config *config)
{
	struct contacts *contacts = calloc(1, sizeof(*contacts));

	if (!contacts)
		return ERR_MEMORY;
	if (lru_map_new(&contacts->rows, (uint32_t)config->contacts, sizeof(struct contact_key),
			sizeof(struct contact)) != ERR_OK) {
		free(contacts);
		return ERR_MEMORY;
	}
	*out = contacts;
	return ERR_OK;
}

void contacts_free(struct contacts *contacts)
{
	if (!contacts)
		return;
	lru_map_free(contacts->rows);
	free(contacts);
}

/* The row of `like`; a new one says whether a list names it now. */
static struct contact *row_of(struct contacts *contacts, const struct contact_key *key,
			      const struct contact *like, const struct contact_lists *lists)
{
	struct intel_match match;
	bool is_new;
	struct contact *row = lru_map_touch(contacts->rows, key, &is_new);

	if (is_new) {
		*row = *like;
		if (contact_lists_find(lists, row, &match))
			row->flags |= CONTACT_WAS_LISTED;
	} else {
		contact_join(row, like);
	}
	return row;
}

static void see_name(struct contacts *contacts, const char *name, struct contact *like,
		     const struct contact_lists *lists)
{
	struct contact_key key = { .device = like->device, .kind = CONTACT_NAME };

	/* A local name says nothing of an outside address; and a list holds none. */
	if (!strchr(name, '.'))
		return;
	like->kind = CONTACT_NAME;
	text_host_copy(name, like->name, sizeof(like->name));
	distinct_text_key(like->name, key.item);
	(void)row_of(contacts, &key, like, lists);
}

static void see_address(struct contacts *contacts, const struct fact_flow *flow,
			struct contact *like, const struct contact_lists *lists)
{
	struct contact_key key = { .device = like->device,
				   .kind = CONTACT_ADDRESS,
				   .port = flow->server_port };

	like->kind = CONTACT_ADDRESS;
	like->port = flow->server_port;
	like->address = flow->server;
	memset(like->name, 0, sizeof(like->name));
	memcpy(key.item, flow->server.bytes, sizeof(key.item));
	(void)row_of(contacts, &key, like, lists);
}

/* Whether the other side has answered by now; a flow's numbers count at its end alone. */
static bool is_contact(const struct fact *fact, struct contact *like)
{
	switch ((unsigned)fact->kind) {
	case FACT_CHECK_IN:
		return fact->check_in.is_answered;
	case FACT_FLOW_NAMED:
		return fact->named.has_data_down;
	case FACT_FLOW_GOES_ON:
		return fact->ended.is_answered;
	case FACT_FLOW_ENDED:
		like->last = fact->ended.last;
		like->flows = 1;
		like->bytes_up = fact->ended.bytes_up;
		like->bytes_down = fact->ended.bytes_down;
		return fact->ended.is_answered;
	default:
		return false;
	}
}

static bool is_lookup(const struct observation *seen)
{
	const struct fact_dns *dns = &seen->fact->dns;

	return seen->direction != DIRECTION_INBOUND && seen->direction != DIRECTION_UNKNOWN &&
	       !seen->is_group && dns->is_response && dns->rcode != RCODE_NXDOMAIN &&
	       dns->address_count > 0;
}

void contacts_see(struct contacts *contacts, const struct observation *seen,
		  const struct contact_lists *lists)
{
	const struct fact *fact = seen->fact;
	struct contact like = { .device = seen->device, .first = fact->time, .last = fact->time };

	if (seen->device == 0 || fact->kind == FACT_MESSAGE)
		return;
	if (fact->kind == FACT_DNS) {
		like.lookups = 1;
		if (is_lookup(seen))
			see_name(contacts, fact->dns.name, &like, lists);
		return;
	}
	if (seen->direction != DIRECTION_OUTBOUND || seen->is_group || !is_contact(fact, &like))
		return;
	like.flags = CONTACT_MET;
	if (seen->peer_name[0] != '\0' && known_service(seen->peer_name) != SERVICE_NONE)
		like.flags |= CONTACT_KNOWN_NAME;
	/* Time may have gone back since it began. */
	like.first = fact->flow.first < like.last ? fact->flow.first : like.last;
	if (seen->peer_name[0] != '\0')
		see_name(contacts, seen->peer_name, &like, lists);
	see_address(contacts, &fact->flow, &like, lists);
}

bool contacts_are_due(struct contacts *contacts, nanotime now)
{
	uint32_t count = lru_map_count(contacts->rows);

	if (contacts->since == 0 || nanotime_went_back(contacts->since, now))
		contacts->since = now;
	return count >= lru_map_capacity(contacts->rows) / 4 * 3 ||
	       (count > 0 && nanotime_between(contacts->since, now) >= written_every);
}

/* The block's rows, which are the longest unheard of all. */
static void forget(struct contacts *contacts, uint32_t rows)
{
	for (uint32_t i = 0; i < rows; i++) {
		const void *key;

		if (!lru_map_next(contacts->rows, NULL, &key))
			return;

		struct contact_key copy;

		memcpy(&copy, key, sizeof(copy));
		lru_map_remove(contacts->rows, &copy);
	}
}

static bool hand_out_block(struct contacts *contacts, contacts_take_fn *take, void *arg)
{
	struct contact_block *block = &contacts->block;
	struct contact *row = NULL;

	contact_block_begin(block);
	do {
		row = lru_map_next(contacts->rows, row, NULL);
	} while (row && contact_block_add(block, row));
	if (!take(arg, block, contact_block_end(block)))
		return false;
	forget(contacts, block->rows);
	return true;
}

bool contacts_hand_out(struct contacts *contacts, nanotime now, contacts_take_fn *take, void *arg)
{
	while (lru_map_count(contacts->rows) > 0) {
		if (!hand_out_block(contacts, take, arg))
			return false;
	}
	contacts->since = now;
	return true;
}

uint32_t contacts_count(const struct contacts *contacts)
{
	return lru_map_count(contacts->rows);
}

uint64_t contacts_forgotten(const struct contacts *contacts)
{
	return lru_map_forgotten(contacts->rows);
}
