#include "sensor/detect/listed_said.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/listing.h"
#include "sensor/detect/statistics.h"
#include "sensor/intel/known_services.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { TOLD_MAX = 2048, URL_LEN = INTEL_ITEM_MAX + 1 };

/* By how sure the entry is. A certificate or a path is one owner's. */
static const double own_least = 0.25;
static const double own_most = 0.92;
/* Ways to open a connection come from libraries, which honest programs use too: never alone. */
static const double print_most = 0.45;
/* A path is its maker's habit: a kit that many use, or a name that another gave by chance. */
static const double times_for_path = 0.6;

struct told_key {
	uint32_t device;
	uint32_t spare;
	uint64_t item;
};

struct listed_said {
	const struct listed_config *config;
	const struct intel_sets *indicators;
	uint32_t held;        /* a bit for each enum intel_kind that they have */
	struct lru_map *told; /* struct told_key → nanotime */
};

static void take_up(struct listed_said *self, const struct detect_setup *setup)
{
	self->indicators = setup->indicators;
	self->held = 0;
	for (int kind = 0; kind < INTEL_KINDS; kind++) {
		if (intel_sets_hold(self->indicators, INTEL_INDICATORS, (enum intel_kind)kind))
			self->held |= UINT32_C(1) << kind;
	}
}

static enum err start(void *state, const struct detect_setup *setup)
{
	struct listed_said *self = state;

	self->config = &setup->config->detect.listed;
	take_up(self, setup);
	return lru_map_new(&self->told, TOLD_MAX, sizeof(struct told_key), sizeof(nanotime));
}

static void reload(void *state, const struct detect_setup *setup)
{
	take_up(state, setup);
}

static void stop(void *state)
{
	struct listed_said *self = state;

	lru_map_free(self->told);
}

static bool is_held(const struct listed_said *self, enum intel_kind kind)
{
	return self->held >> kind & 1;
}

/* Once for each device and item. */
static bool is_news(struct listed_said *self, const struct observation *seen,
		    const struct intel_match *match)
{
	const struct told_key key = { .device = seen->device,
				      .item = distinct_hash(match->item, strlen(match->item)) };
	bool is_new;
	nanotime *when = lru_map_touch(self->told, &key, &is_new);

	*when = seen->fact->time;
	return is_new;
}

static void tell(struct listed_said *self, const struct observation *seen,
		 const struct intel_match *match, struct signal *s, struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;

	s->direction = (uint8_t)seen->direction;
	s->outcome = OUTCOME_DATA;
	s->device = seen->device;
	s->first = fact->flow.first;
	s->last = fact->time;
	s->count = 1;
	if (!listing_tell(s, self->config, match, fact->time) || !is_news(self, seen, match))
		return;
	place_describe(&s->object, &fact->flow, seen->peer_name,
		       (enum host_source)seen->peer_name_from);
	signal_keep_flow(s->flows, &s->flow_count, fact);
	sink->emit(sink, s);
}

/* True when the sets blame it, whether it is told by now or not. */
static bool look_up(struct listed_said *self, const struct observation *seen,
		    const struct intel_item *item, const char *text, struct signal_sink *sink)
{
	struct signal s = { .kind = SIGNAL_LISTED_CONTACT };
	struct intel_match match;
	double share;

	if (!intel_sets_find_item(self->indicators, INTEL_INDICATORS, item, text, &match))
		return false;
	share = listing_share(self->config, &match.hit, seen->fact->time);
	s.confidence = own_least + (own_most - own_least) * share;
	if (item->kind == INTEL_JA3 || item->kind == INTEL_JA4 || item->kind == INTEL_HASSH) {
		s.kind = SIGNAL_LISTED_CLIENT;
		s.confidence = print_most * share;
		signal_tell(&s, REASON_LISTED_PRINT, 1);
	}
	if (text[0] == '/')
		signal_evidence(&s, REASON_LISTED_PATH, 1, times_for_path);
	tell(self, seen, &match, &s, sink);
	return !match.hit.is_harmless;
}

static void print(struct listed_said *self, const struct observation *seen, enum intel_kind kind,
		  enum attribute attribute, struct signal_sink *sink)
{
	const char *text = attributes_text(&seen->fact->message.said, attribute);
	struct intel_item item;

	if (is_held(self, kind) && text[0] != '\0' && intel_item_print(kind, text, &item) == ERR_OK)
		(void)look_up(self, seen, &item, text, sink);
}

static bool ask(struct listed_said *self, const struct observation *seen, const char *text,
		struct signal_sink *sink)
{
	struct intel_item item;
	char plain[URL_LEN];

	if (intel_item_url(text, &item) != ERR_OK)
		return false;
	memcpy(plain, item.bytes, item.len);
	plain[item.len] = '\0';
	return look_up(self, seen, &item, plain, sink);
}

/*
 * A URL, or a path alone: as it is; up to its first value and without its query, which are others
 * for each victim; as one of what lies in its folder; and of any host as a file in any folder.
 */
static bool ask_forms(struct listed_said *self, const struct observation *seen, const char *whole,
		      struct signal_sink *sink)
{
	bool is_path = whole[0] == '/';
	char url[URL_LEN];
	char *query;
	char *last;

	if (ask(self, seen, whole, sink))
		return true;
	(void)snprintf(url, sizeof(url), "%s", whole);
	query = strchr(url, '?');
	if (query) {
		char *value = strchr(query, '=');

		if (value && value[1] != '\0') {
			value[1] = '\0';
			if (ask(self, seen, url, sink))
				return true;
		}
		*query = '\0';
		if (ask(self, seen, url, sink))
			return true;
	}
	last = strrchr(url, '/');
	if (!last || last == strchr(url, '/'))
		return false;
	if (is_path && ask(self, seen, last, sink))
		return true;
	last[is_path ? 0 : 1] = '\0';
	return ask(self, seen, url, sink);
}

/* What every device fetches by itself is not blamed for how a path of it is called. */
static bool is_known(const struct observation *seen, const char *url, const char *path)
{
	char host[URL_LEN];

	(void)snprintf(host, sizeof(host), "%.*s", (int)(path - url), url);
	return known_service(host) != SERVICE_NONE ||
	       known_service(seen->peer_name) != SERVICE_NONE;
}

static void request(struct listed_said *self, const struct observation *seen,
		    struct signal_sink *sink)
{
	const struct attributes *said = &seen->fact->message.said;
	const char *host = attributes_text(said, ATTRIBUTE_HOST);
	const char *uri = attributes_text(said, ATTRIBUTE_URI);
	struct intel_item item;
	char url[URL_LEN];
	const char *path;

	if (!is_held(self, INTEL_URL) || uri[0] == '\0' ||
	    (size_t)snprintf(url, sizeof(url), "%s%s", uri[0] == '/' ? host : "", uri) >=
		    sizeof(url) ||
	    intel_item_url(url, &item) != ERR_OK)
		return;
	/* In its plain form a URL has no "/" before its path. */
	memcpy(url, item.bytes, item.len);
	url[item.len] = '\0';
	path = strchr(url, '/');
	if (!path || (path != url && ask_forms(self, seen, url, sink)) || is_known(seen, url, path))
		return;
	(void)ask_forms(self, seen, path, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct listed_said *self = state;

	if (self->held == 0 || seen->device == 0 || seen->direction != DIRECTION_OUTBOUND)
		return;
	switch ((int)seen->fact->message.message) {
	case MESSAGE_HTTP_REQUEST:
		request(self, seen, sink);
		break;
	case MESSAGE_TLS_CLIENT_HELLO:
		print(self, seen, INTEL_JA3, ATTRIBUTE_JA3, sink);
		print(self, seen, INTEL_JA4, ATTRIBUTE_JA4, sink);
		break;
	case MESSAGE_TLS_CERTIFICATE:
		print(self, seen, INTEL_SHA1, ATTRIBUTE_SHA1, sink);
		print(self, seen, INTEL_SHA256, ATTRIBUTE_SHA256, sink);
		break;
	case MESSAGE_SSH_KEXINIT:
		print(self, seen, INTEL_HASSH, ATTRIBUTE_HASSH, sink);
		break;
	default:
		break;
	}
}

static bool is_told_sound(const void *key, const void *value)
{
	const struct told_key *k = key;

	(void)value;
	return k->device != 0 && k->spare == 0;
}

static const struct kept_table kept[] = {
	{ .name = "listed_said.told",
	  .version = 1,
	  .at = offsetof(struct listed_said, told),
	  .is_sound = is_told_sound },
	{ 0 },
};

const struct detector detector_listed_said = {
	.name = "listed_said",
	.finds = "A URL, certificate or way to open a connection that is on an indicator list.",
	.sees = DETECTOR_SEES(FACT_MESSAGE),
	.state_size = sizeof(struct listed_said),
	.start = start,
	.stop = stop,
	.reload = reload,
	.observe = observe,
	.kept = kept,
};
