#include "sensor/detect/web_chain.h"

#include "sensor/detect/attack_find.h"

#include <string.h>
#include <strings.h>

/*
 * A directory and a program from the same stranger within a minute, or a fetch right after a
 * command was sent, is hardly anything else.
 */
static const double prior_lookup_chain = 0.85;
static const double prior_fetch_chain = 0.65;
/*
 * A program fetched from a bare address by a machine that a stranger just came to: calls and file
 * sharing come from outside too, and backups go to bare addresses.
 */
static const double prior_fetched = 0.2;
static const nanotime chain_lasts = NANOTIME_MINUTE;

enum { BUSY_CONTACTS = 20 };

/* Of a device of the office that serves others, and what was done to it lately. */
struct served {
	nanotime attacked_at; /* by text in a request */
	struct address attacker;
	nanotime contacted_at; /* from outside, by anything */
	struct address contact;
	uint32_t contacts; /* of the last hour: many come to a server that is meant for all */
	uint32_t spare;
	nanotime contacts_since;
	nanotime asked_at; /* it asked a directory … */
	struct address directory;
};

enum err web_chain_start(struct web_chain *self, struct lru_map *told, uint32_t devices)
{
	self->told = told;
	return lru_map_new(&self->served, devices, sizeof(struct address), sizeof(struct served));
}

void web_chain_stop(struct web_chain *self)
{
	lru_map_free(self->served);
}

static struct served *served_by(struct web_chain *self, const struct address *server)
{
	bool is_new;

	return lru_map_touch(self->served, server, &is_new);
}

static bool is_recent(nanotime then, nanotime now)
{
	return then != 0 && !nanotime_went_back(then, now) &&
	       nanotime_between(then, now) <= chain_lasts;
}

/* A directory hands out, and from the same host a program is fetched: what was asked is run. */
void web_chain_handed_out(struct web_chain *self, const struct observation *seen,
			  struct signal_sink *sink)
{
	const struct attributes *said = &seen->fact->message.said;
	const struct fact_flow *flow = &seen->fact->flow;
	const char *kind = attributes_text(said, ATTRIBUTE_FILE_KIND);
	struct served *served = lru_map_find(self->served, &seen->fact->flow.client);
	struct attack_find found = { .kind = SIGNAL_EXPLOIT,
				     .direction = DIRECTION_OUTBOUND,
				     .outcome = OUTCOME_DATA,
				     .detail = "JNDI",
				     .reason = REASON_FETCHED,
				     .prior = prior_lookup_chain };

	if (!served || seen->direction == DIRECTION_INBOUND ||
	    (strcmp(kind, "java-class") != 0 && strcmp(kind, "jar") != 0) ||
	    !is_recent(served->asked_at, seen->fact->time) ||
	    !address_equal(&served->directory, &flow->server))
		return;
	found.device = seen->device;
	found.object = &flow->server;
	attack_tell(self->told, &found, seen->fact, sink);
	if (seen->peer_device == 0)
		return;
	/* Who hands it out stands in the office too. */
	found.direction = DIRECTION_LATERAL;
	found.device = seen->peer_device;
	found.object = &flow->client;
	attack_tell(self->told, &found, seen->fact, sink);
}

void web_chain_directory(struct web_chain *self, const struct observation *seen)
{
	struct served *served;

	if (seen->direction == DIRECTION_INBOUND || seen->device == 0)
		return;
	served = served_by(self, &seen->fact->flow.client);
	served->asked_at = seen->fact->time;
	served->directory = seen->fact->flow.server;
}

/* What an interpreter or a script fetches with; a browser has another name. */
static bool is_fetched_by_tool(const struct attributes *said)
{
	static const char *const tools[] = { "curl/",    "wget/",      "python-", "java/",
					     "certutil", "powershell", "busybox", "lwp-",
					     "libwww",   "go-http" };
	const char *agent = attributes_text(said, ATTRIBUTE_USER_AGENT);

	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		if (strncasecmp(agent, tools[i], strlen(tools[i])) == 0 ||
		    (tools[i][0] == 'p' && strcasestr(agent, tools[i])))
			return true;
	}
	return false;
}

static bool is_bare_address(const char *host)
{
	return host[0] >= '0' && host[0] <= '9' && host[strspn(host, "0123456789.:")] == '\0';
}

/* A server that was just sent a command, or came to by a stranger, goes out to fetch something. */
void web_chain_fetches(struct web_chain *self, const struct observation *seen,
		       struct signal_sink *sink)
{
	const struct served *served = lru_map_find(self->served, &seen->fact->flow.client);
	const struct attributes *said = &seen->fact->message.said;
	struct attack_find found = { .kind = SIGNAL_EXPLOIT,
				     .device = seen->device,
				     .direction = DIRECTION_INBOUND,
				     .outcome = OUTCOME_DATA,
				     .detail = "HTTP",
				     .reason = REASON_FETCHED,
				     .prior = prior_fetch_chain };

	if (!served || !is_fetched_by_tool(said))
		return;
	found.object = &served->attacker;
	if (!is_recent(served->attacked_at, seen->fact->time)) {
		if (!is_recent(served->contacted_at, seen->fact->time) ||
		    served->contacts > BUSY_CONTACTS ||
		    !is_bare_address(attributes_text(said, ATTRIBUTE_HOST)))
			return;
		found.object = &served->contact;
		found.prior = prior_fetched;
	}
	attack_tell(self->told, &found, seen->fact, sink);
}

/* From outside, something came that is answered. */
void web_chain_contacted(struct web_chain *self, const struct observation *seen)
{
	struct served *served = served_by(self, &seen->fact->flow.server);
	nanotime now = seen->fact->time;

	if (nanotime_went_back(served->contacts_since, now) ||
	    nanotime_between(served->contacts_since, now) > NANOTIME_HOUR) {
		served->contacts_since = now;
		served->contacts = 0;
	}
	served->contacts += served->contacts < UINT32_MAX;
	served->contacted_at = now;
	served->contact = seen->fact->flow.client;
}

void web_chain_attacked(struct web_chain *self, const struct observation *seen)
{
	struct served *served = served_by(self, &seen->fact->flow.server);

	served->attacked_at = seen->fact->time;
	served->attacker = seen->fact->flow.client;
}

bool web_served_is_sound(const void *key, const void *value)
{
	const struct address *server = key;
	const struct served *served = value;

	return !address_is_unspecified(server) && served->spare == 0;
}
