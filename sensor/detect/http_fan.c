#include "sensor/detect/http_fan.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/http_manner.h"
#include "sensor/detect/statistics.h"
#include "sensor/intel/suffix_rules.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { HOSTS_MAX = 16, PATH_LEN = 64 };

/*
 * A path of its own on servers that have nothing in common: monitoring does this, too, and some
 * libraries of advertisers.
 */
static const double prior = 0.2;
static const double times_for_no_agent = 4;
static const double times_for_false_browser = 4;
static const double times_for_posts = 2;
static const double times_for_two_faces = 3; /* once nobody, once a browser, to the same places */

static const nanotime tell_again_after = 12 * NANOTIME_HOUR;

struct fan_key {
	uint32_t device;
	uint32_t spare;
	uint64_t path;
};

struct fan {
	nanotime first;
	nanotime last;
	nanotime told_when;
	uint32_t told_hosts;
	uint32_t posts;
	uint16_t signs;
	bool is_browser_too; /* other requests for that path were a browser's */
	uint8_t host_count;
	uint8_t flow_count;
	uint64_t hosts[HOSTS_MAX];
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
	char path[PATH_LEN];
	char name[FACT_HOST_LEN]; /* of the latest host */
};

struct http_fan {
	const struct http_fan_config *config;
	const struct suffix_rules *suffixes;
	struct lru_map *fans;
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct http_fan *self = state;

	self->config = &setup->config->detect.http_fan;
	self->suffixes = setup->suffixes;
	return lru_map_new(&self->fans, (uint32_t)self->config->paths, sizeof(struct fan_key),
			   sizeof(struct fan));
}

static void stop(void *state)
{
	struct http_fan *self = state;

	lru_map_free(self->fans);
}

/* True when the host is new to the fan: those of one domain are one owner's. */
static bool note_host(const struct http_fan *self, struct fan *fan, const char *host)
{
	const char *domain = suffix_rules_domain(self->suffixes, host);
	const char *owner = domain ? domain : host;
	uint64_t hash = distinct_hash(owner, strlen(owner));

	for (uint8_t i = 0; i < fan->host_count; i++) {
		if (fan->hosts[i] == hash)
			return false;
	}
	if (fan->host_count == HOSTS_MAX)
		return false;
	fan->hosts[fan->host_count++] = hash;
	return true;
}

static void judge(struct http_fan *self, const struct observation *seen, struct fan *fan,
		  struct signal_sink *sink)
{
	const struct http_fan_config *c = self->config;
	struct signal s = { .kind = SIGNAL_HTTP_FAN,
			    .direction = (uint8_t)seen->direction,
			    .outcome = OUTCOME_ANSWERED,
			    .device = seen->device,
			    .first = fan->first,
			    .last = fan->last,
			    .count = fan->host_count,
			    .confidence = prior };

	if (fan->host_count < c->hosts)
		return;
	if (fan->told_hosts > 0 && fan->host_count < 2 * fan->told_hosts &&
	    nanotime_between(fan->told_when, fan->last) <= tell_again_after)
		return;
	signal_condition(&s, REASON_TARGETS, fan->host_count, COMPARE_AT_LEAST, (double)c->hosts,
			 "http_fan.hosts");
	signal_condition(&s, REASON_WINDOW,
			 nanotime_seconds(nanotime_between(fan->first, fan->last)), COMPARE_AT_MOST,
			 nanotime_seconds(c->window), "http_fan.window");
	if ((fan->signs & (HTTP_FALSE_BROWSER | HTTP_IMPOSSIBLE_AGENT)) != 0)
		signal_evidence(&s, REASON_FALSE_BROWSER, 1, times_for_false_browser);
	else if ((fan->signs & HTTP_NO_AGENT) != 0)
		signal_evidence(&s, REASON_NO_AGENT, 1, times_for_no_agent);
	if (fan->posts > 0)
		signal_evidence(&s, REASON_BARE_POSTS, fan->posts, times_for_posts);
	if (fan->is_browser_too)
		signal_evidence(&s, REASON_TWO_FACES, 1, times_for_two_faces);
	s.object.kind = OBJECT_HOST;
	(void)snprintf(s.object.text, sizeof(s.object.text), "%s", fan->name);
	s.object.name_from = HOST_HTTP;
	(void)snprintf(s.detail, sizeof(s.detail), "%s", fan->path);
	signal_show_flows(&s, fan->flows, fan->flow_count);
	fan->told_hosts = fan->host_count;
	fan->told_when = fan->last;
	sink->emit(sink, &s);
}

/* A browser brings the same scripts and pictures from many places; who has no manners does not. */
static bool is_of_interest(const struct http_manner *manner)
{
	const uint16_t signs = HTTP_NO_AGENT | HTTP_FALSE_BROWSER | HTTP_IMPOSSIBLE_AGENT |
			       HTTP_AGENT_TELLS | HTTP_BARE_POST;

	return manner->host[0] != '\0' && (manner->signs & signs) != 0;
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct http_fan *self = state;
	const struct fact *fact = seen->fact;
	const struct http_manner *manner = seen->manner;
	bool is_new;

	if (fact->message.message != MESSAGE_HTTP_REQUEST || seen->device == 0 ||
	    seen->direction != DIRECTION_OUTBOUND)
		return;

	const char *uri = attributes_text(&fact->message.said, ATTRIBUTE_URI);
	const struct fan_key key = { .device = seen->device, .path = http_path_hash(uri) };

	if (key.path == 0 || !manner)
		return;

	struct fan *fan = lru_map_find(self->fans, &key);

	if (!is_of_interest(manner)) {
		if (fan && manner->is_browsing) {
			fan->is_browser_too = true;
			lru_map_renew(self->fans, fan);
		}
		return;
	}
	fan = lru_map_touch(self->fans, &key, &is_new);
	if (!is_new && (nanotime_went_back(fan->last, fact->time) ||
			nanotime_between(fan->first, fact->time) > self->config->window)) {
		memset(fan, 0, sizeof(*fan));
		is_new = true;
	}
	if (is_new) {
		fan->first = fact->time;
		(void)snprintf(fan->path, sizeof(fan->path), "%.*s", (int)strcspn(uri, "?"), uri);
	}
	fan->last = fact->time > fan->last ? fact->time : fan->last;
	fan->signs |= manner->signs;
	fan->posts += (manner->signs & HTTP_BARE_POST) != 0;
	if (!note_host(self, fan, manner->host))
		return;
	(void)snprintf(fan->name, sizeof(fan->name), "%s", manner->host);
	signal_keep_flow(fan->flows, &fan->flow_count, fact);
	judge(self, seen, fan, sink);
}

static void tidy(void *value)
{
	struct fan *fan = value;

	signal_tidy_flows(fan->flows, fan->flow_count);
	kept_tidy_text(fan->path, sizeof(fan->path));
	kept_tidy_text(fan->name, sizeof(fan->name));
}

static bool is_sound(const void *key, const void *value)
{
	const struct fan_key *k = key;
	const struct fan *fan = value;

	return k->device != 0 && fan->host_count > 0 && fan->host_count <= HOSTS_MAX &&
	       fan->told_hosts <= HOSTS_MAX && fan->flow_count > 0 &&
	       kept_are_flags(&fan->is_browser_too, 1) &&
	       kept_is_text(fan->path, sizeof(fan->path)) &&
	       kept_is_text(fan->name, sizeof(fan->name)) &&
	       signal_flows_are_sound(fan->flows, fan->flow_count);
}

static const struct kept_table kept[] = {
	{ .name = "http_fan.fans",
	  .version = 1,
	  .at = offsetof(struct http_fan, fans),
	  .tidy = tidy,
	  .is_sound = is_sound },
	{ 0 },
};

const struct detector detector_http_fan = {
	.name = "http_fan",
	.finds = "The same request to many servers, as of a program that looks for its own.",
	.sees = DETECTOR_SEES(FACT_MESSAGE),
	.state_size = sizeof(struct http_fan),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
