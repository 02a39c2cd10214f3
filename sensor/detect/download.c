#include "sensor/detect/download.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/http_manner.h"
#include "sensor/detect/service_port.h"
#include "sensor/intel/rented_names.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { TALKS = 1024 };

/*
 * Of programs that are fetched without encryption by who is no browser, how many are an attack. In
 * 316 harmless captures the evidence against a download came to six at most, in those of intruders
 * to 24 and more: it takes twelve.
 */
static const double prior = 0.08;

/* How much more often each is seen with an attack than with updates, drivers and installers. */
static const double times_for_written_out =
	20; /* a program as text, for a script to put together */
static const double times_for_disguise = 12;
static const double times_for_picture = 40;        /* no server calls a program that by mistake */
static const double times_for_opaque_disguise = 4; /* not seen to be a program */
static const double times_for_plain_disguise = 3;  /* servers call text what they do not know */
static const double times_for_scrambled = 10; /* "a program" that is none before it is decoded */
static const double times_for_data = 0.7;     /* not seen to be a program at all */
static const double times_for_bare_address = 6;
static const double times_for_no_lookup = 2;
static const double times_for_no_agent = 4;
static const double times_for_tool = 3;
static const double times_for_false_browser = 5;
static const double times_for_impossible_agent = 12;
static const double times_for_half_browser = 2;
static const double times_for_not_led = 2; /* no page had a link to the bare address */
static const double times_for_odd_port = 3;
static const double times_for_rented = 4;
static const double times_for_odd_ending = 2;
static const double times_for_inside = 0.2;
static const double times_for_browsing = 0.5; /* people fetch programs; no site disguises them */

static const double told_least = 0.28; /* a script's packages and devices' firmware are below */

/* What a download looks like, as bits. */
enum sort {
	SORT_PROGRAM = 1 << 0,
	SORT_WRITTEN_OUT = 1 << 1,
	SORT_DISGUISED = 1 << 2,
	SORT_SCRAMBLED = 1 << 3, /* a program by its type, none by its bytes */
	SORT_DATA = 1 << 4,
};

/* The request of a dialogue whose answer is awaited, and what is known of that. */
struct fetch {
	uint16_t signs; /* enum http_sign */
	bool is_posted; /* an answer to what was sent is a download only if it is a program */
	bool is_front;  /* a front page that is no text is a server's mistake */
	bool has_harmless_path;
	bool has_odd_path;
	bool is_plain;
	bool is_program_type;
	bool is_picture;
	bool is_told;
	bool is_browsing;
	bool is_led;   /* a page led to it */
	uint64_t size; /* 0 is not said */
	char host[FACT_HOST_LEN];
};

/* What was told of a device and a place. */
struct fetched {
	nanotime when;
	double told;
};

struct download {
	const struct download_config *config;
	struct lru_map *fetches; /* struct talk_key → struct fetch */
	struct lru_map *told;    /* struct place_key → struct fetched */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct download *self = state;
	enum err err;

	self->config = &setup->config->detect.download;
	err = lru_map_new(&self->fetches, TALKS, sizeof(struct talk_key), sizeof(struct fetch));
	if (err != ERR_OK)
		return err;
	return lru_map_new(&self->told, (uint32_t)self->config->places, sizeof(struct place_key),
			   sizeof(struct fetched));
}

static void stop(void *state)
{
	struct download *self = state;

	lru_map_free(self->fetches);
	lru_map_free(self->told);
}

static void weigh_sort(struct signal *s, unsigned sort, const struct fetch *fetch)
{
	if ((sort & SORT_WRITTEN_OUT) != 0)
		signal_evidence(s, REASON_WRITTEN_OUT, 1, times_for_written_out);
	if ((sort & SORT_DISGUISED) != 0)
		signal_evidence(s, REASON_DISGUISED, 1,
				fetch->is_plain ? times_for_plain_disguise
				: fetch->is_picture && (sort & SORT_PROGRAM) != 0
					? times_for_picture
				: (sort & SORT_PROGRAM) != 0 ? times_for_disguise
							     : times_for_opaque_disguise);
	if ((sort & SORT_SCRAMBLED) != 0)
		signal_evidence(s, REASON_SCRAMBLED, 1, times_for_scrambled);
	if ((sort & SORT_DATA) != 0)
		s->confidence = signal_weigh(s->confidence, times_for_data);
	if (fetch->has_odd_path)
		s->confidence = signal_weigh(s->confidence, times_for_odd_ending);
}

static void weigh_agent(struct signal *s, uint16_t signs)
{
	if ((signs & HTTP_IMPOSSIBLE_AGENT) != 0)
		signal_evidence(s, REASON_FALSE_BROWSER, 1, times_for_impossible_agent);
	else if ((signs & (HTTP_FALSE_BROWSER | HTTP_AGENT_TELLS)) != 0)
		signal_evidence(s, REASON_FALSE_BROWSER, 1, times_for_false_browser);
	else if ((signs & HTTP_HALF_BROWSER) != 0)
		signal_evidence(s, REASON_FALSE_BROWSER, 1, times_for_half_browser);
	else if ((signs & HTTP_NO_AGENT) != 0)
		signal_evidence(s, REASON_NO_AGENT, 1, times_for_no_agent);
	else if ((signs & HTTP_TOOL_AGENT) != 0)
		signal_evidence(s, REASON_TOOL_AGENT, 1, times_for_tool);
}

static void weigh_place(struct signal *s, const struct observation *seen, const struct fetch *fetch)
{
	enum rented_kind rented = rented_name(fetch->host);

	if (seen->direction != DIRECTION_OUTBOUND) {
		s->confidence = signal_weigh(s->confidence, times_for_inside);
		return;
	}
	if (fetch->host[0] == '\0')
		signal_evidence(s, REASON_NO_NAME, 1, times_for_bare_address);
	else if (place_lookup_missed(seen))
		signal_evidence(s, REASON_NO_NAME, 1, times_for_no_lookup);
	if (!port_is(seen->fact->flow.server_port, PORT_WEB))
		signal_evidence(s, REASON_ODD_PORT, seen->fact->flow.server_port,
				times_for_odd_port);
	if (rented != RENTED_NONE && rented != RENTED_ADDRESS_LOOKUP)
		signal_evidence(s, REASON_RENTED_NAME, 1, times_for_rented);
}

static void judge(struct download *self, const struct observation *seen, struct fetch *fetch,
		  unsigned sort, const char *kind, struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	const struct place_key key = place_key_of(seen, fetch->host);
	struct signal s = { .kind = SIGNAL_DOWNLOAD,
			    .direction = (uint8_t)seen->direction,
			    .outcome = OUTCOME_DATA,
			    .device = seen->device,
			    .first = fact->flow.first,
			    .last = fact->time,
			    .count = 1,
			    .confidence = prior };
	bool is_new;

	weigh_sort(&s, sort, fetch);
	weigh_agent(&s, fetch->signs);
	weigh_place(&s, seen, fetch);
	if (fetch->is_browsing && fetch->host[0] == '\0' && !fetch->is_led)
		s.confidence = signal_weigh(s.confidence, times_for_not_led);
	else if (fetch->is_browsing)
		s.confidence = signal_weigh(s.confidence, times_for_browsing);
	if (fetch->size > 0)
		signal_tell(&s, REASON_BYTES_DOWN, (double)fetch->size);
	if (s.confidence < told_least)
		return;

	struct fetched *fetched = lru_map_touch(self->told, &key, &is_new);

	if (!is_new && s.confidence <= fetched->told &&
	    nanotime_between(fetched->when, fact->time) < self->config->again)
		return;
	*fetched = (struct fetched){ .when = fact->time, .told = s.confidence };
	place_describe(&s.object, &fact->flow, fetch->host, HOST_HTTP);
	(void)snprintf(s.object.application, sizeof(s.object.application), "HTTP");
	(void)snprintf(s.detail, sizeof(s.detail), "%s", kind);
	signal_keep_flow(s.flows, &s.flow_count, fact);
	sink->emit(sink, &s);
}

static bool ends_in(const char *uri, const char *const *endings, size_t count)
{
	size_t len = strcspn(uri, "?");

	for (size_t i = 0; i < count; i++) {
		size_t end = strlen(endings[i]);

		if (len > end && strncmp(uri + len - end, endings[i], end) == 0)
			return true;
	}
	return false;
}

static void request(struct download *self, const struct observation *seen)
{
	static const char *const odd[] = { ".tmp", ".dat", ".bin", ".raw", ".sig" };
	const struct attributes *said = &seen->fact->message.said;
	const struct talk_key key = talk_key_of(&seen->fact->flow);
	const char *uri = attributes_text(said, ATTRIBUTE_URI);
	const struct http_manner *manner = seen->manner;
	bool is_new;

	if (!manner) {
		lru_map_remove(self->fetches, &key);
		return;
	}

	struct fetch *fetch = lru_map_touch(self->fetches, &key, &is_new);

	*fetch = (struct fetch){ .signs = manner->signs,
				 .is_posted = strcmp(attributes_text(said, ATTRIBUTE_METHOD),
						     "GET") != 0,
				 .is_front = manner->is_front,
				 .has_harmless_path = http_path_is_harmless(uri),
				 .has_odd_path = ends_in(uri, odd, sizeof(odd) / sizeof(odd[0])),
				 .is_browsing = manner->is_browsing,
				 .is_led = manner->is_led };
	(void)snprintf(fetch->host, sizeof(fetch->host), "%s", manner->host);
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static void response(struct download *self, const struct observation *seen,
		     struct signal_sink *sink)
{
	enum { OK = 200, REDIRECTED = 300 };
	const struct attributes *said = &seen->fact->message.said;
	const struct talk_key key = talk_key_of(&seen->fact->flow);
	const char *type = attributes_text(said, ATTRIBUTE_CONTENT_TYPE);
	uint64_t status = attributes_number(said, ATTRIBUTE_STATUS, 0);
	struct fetch *fetch = lru_map_find(self->fetches, &key);

	if (!fetch || status < OK || status >= REDIRECTED)
		return;
	fetch->size = attributes_number(said, ATTRIBUTE_CONTENT_LENGTH, 0);
	fetch->is_plain = begins(type, "text/plain");
	fetch->is_program_type = begins(type, "application/x-ms") ||
				 begins(type, "application/x-dosexec") ||
				 begins(type, "application/vnd.microsoft.portable-executable");
	fetch->is_picture = begins(type, "image/");
	fetch->is_told = false;
	/* What data is, nobody says; what it is not is told by a body's own fact, which then
	 * weighs more. */
	if (!fetch->is_posted && !fetch->is_browsing && begins(type, "application/octet-stream") &&
	    fetch->size >= self->config->data_bytes)
		judge(self, seen, fetch, SORT_DATA, "data", sink);
}

/* People fetch programs with browsers, also from scripts: not from a bare address, nor as pictures
 * or pages. */
static bool is_odd_for_browser(const struct fetch *fetch, unsigned sort, bool is_mismatch)
{
	return (sort & SORT_PROGRAM) != 0 && (fetch->host[0] == '\0' || is_mismatch);
}

static void body(struct download *self, const struct observation *seen, struct signal_sink *sink)
{
	const struct attributes *said = &seen->fact->message.said;
	const struct talk_key key = talk_key_of(&seen->fact->flow);
	const char *kind = attributes_text(said, ATTRIBUTE_FILE_KIND);
	struct fetch *fetch = lru_map_find(self->fetches, &key);
	bool is_mismatch = attributes_has(said, ATTRIBUTE_MISMATCH);
	bool is_program = attributes_has(said, ATTRIBUTE_EXECUTABLE);
	unsigned sort = 0;

	if (!fetch || seen->fact->message.is_from_client || fetch->is_told)
		return;
	if ((fetch->is_front || fetch->is_posted) && !is_program && !fetch->is_program_type)
		return;
	if (is_program)
		sort |= SORT_PROGRAM;
	if (strcmp(kind, "pe-text") == 0)
		sort |= SORT_WRITTEN_OUT;
	if (is_mismatch && fetch->is_program_type)
		sort |= SORT_SCRAMBLED;
	else if (is_mismatch && fetch->is_plain && !is_program)
		sort |= fetch->size >= self->config->data_bytes ? SORT_DATA : 0;
	else if (is_mismatch || (is_program && fetch->has_harmless_path))
		sort |= SORT_DISGUISED;
	if (sort == 0 || (fetch->is_browsing && !is_odd_for_browser(fetch, sort, is_mismatch)))
		return;
	fetch->is_told = true;
	judge(self, seen, fetch, sort, is_program ? kind : "data", sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	enum message message = (enum message)seen->fact->message.message;

	if (message < MESSAGE_HTTP_REQUEST || message > MESSAGE_HTTP_BODY)
		return;
	if (seen->device == 0 ||
	    (seen->direction != DIRECTION_OUTBOUND && seen->direction != DIRECTION_LATERAL))
		return;
	if (message == MESSAGE_HTTP_REQUEST)
		request(state, seen);
	else if (message == MESSAGE_HTTP_RESPONSE)
		response(state, seen, sink);
	else
		body(state, seen, sink);
}

static bool is_sound(const void *key, const void *value)
{
	const struct place_key *k = key;
	const struct fetched *fetched = value;

	return k->device != 0 && k->by_name <= 1 && fetched->told >= 0 && fetched->told < 1;
}

static bool is_fetch_sound(const void *key, const void *value)
{
	const struct fetch *fetch = value;
	size_t flags = offsetof(struct fetch, is_led) - offsetof(struct fetch, is_posted) + 1;

	(void)key;
	return kept_are_flags(&fetch->is_posted, flags) &&
	       kept_is_text(fetch->host, sizeof(fetch->host));
}

static const struct kept_table kept[] = {
	{ .name = "download.fetches",
	  .version = 2,
	  .at = offsetof(struct download, fetches),
	  .use = KEPT_AS_READ,
	  .is_sound = is_fetch_sound },
	{ .name = "download.told",
	  .version = 1,
	  .at = offsetof(struct download, told),
	  .is_sound = is_sound },
	{ 0 },
};

const struct detector detector_download = {
	.name = "download",
	.finds = "A program fetched over plain HTTP from a place where nobody keeps programs.",
	.sees = DETECTOR_SEES(FACT_MESSAGE),
	.state_size = sizeof(struct download),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
