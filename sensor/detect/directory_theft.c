#include "sensor/detect/directory_theft.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/windows_roles.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { ASKED_MAX = 16 };

/* Bits: what was asked for. */
enum {
	ASKED_CHANGES = 1 << 0,  /* all of a directory, as controllers copy it from each other */
	ASKED_DATABASE = 1 << 1, /* its file */
	ASKED_HIVE = 1 << 2,     /* a registry's part is written out as a file */
	ASKED_MEMORY = 1 << 3,   /* what the memory of the login service was saved as */
	ASKED_ALL = ASKED_CHANGES | ASKED_DATABASE | ASKED_HIVE | ASKED_MEMORY,
	LOGGED_IN_BY_NTLM = 1 << 4,
};

/* None of these belongs to everyday work; controllers and backups apart, which the rest weighs. */
static const double prior_changes = 0.5;
static const double prior_database = 0.65;
static const double prior_hive = 0.55;
static const double prior_search = 0.3;

static const double times_ntlm = 2.5;   /* controllers log in to each other by Kerberos */
static const double times_member = 2.5; /* a controller has no need to ask another for tickets */

struct theft {
	nanotime last;
	uint32_t asked;
	uint32_t told; /* of it, what was told */
};

/* Whom one device asked who is logged in, or who is in which group. */
struct search {
	nanotime first;
	nanotime last;
	struct address asked[ASKED_MAX];
	uint32_t count;
	uint32_t told;
};

struct directory_theft {
	const struct lateral_config *config;
	struct lru_map *thefts;
	struct lru_map *searches; /* device number → struct search */
	struct lru_map *roles;
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct directory_theft *self = state;
	uint32_t devices = (uint32_t)setup->config->judge.devices;

	self->config = &setup->config->detect.lateral;

	enum err err = lru_map_new(&self->thefts, (uint32_t)self->config->pairs,
				   sizeof(struct windows_pair), sizeof(struct theft));

	if (err == ERR_OK)
		err = lru_map_new(&self->searches, (uint32_t)self->config->pairs, sizeof(uint32_t),
				  sizeof(struct search));
	if (err != ERR_OK)
		return err;
	return windows_roles_new(&self->roles, devices);
}

static void stop(void *state)
{
	struct directory_theft *self = state;

	lru_map_free(self->thefts);
	lru_map_free(self->searches);
	lru_map_free(self->roles);
}

/* [MS-DRSR] 4.1.10, [MS-RRP] 3.1.5.20 and 3.1.5.26. */
static uint32_t asked_by_call(const char *interface, uint64_t opnum)
{
	enum { GET_CHANGES = 3, SAVE_KEY = 20, SAVE_KEY_EX = 31 };

	if (strcmp(interface, "drsuapi") == 0)
		return opnum == GET_CHANGES ? ASKED_CHANGES : 0;
	if (strcmp(interface, "winreg") == 0)
		return opnum == SAVE_KEY || opnum == SAVE_KEY_EX ? ASKED_HIVE : 0;
	return 0;
}

static uint32_t asked_by_file(const char *path)
{
	static const char *const hives[] = { "config\\sam", "config\\security", "config\\system" };
	const char *last = strrchr(path, '\\');
	const char *name = last ? last + 1 : path;
	size_t len = strlen(path);

	if (strcasecmp(name, "ntds.dit") == 0)
		return ASKED_DATABASE;
	if (strncasecmp(name, "lsass", strlen("lsass")) == 0 && strcasestr(name, ".dmp"))
		return ASKED_MEMORY;
	for (size_t i = 0; i < sizeof(hives) / sizeof(hives[0]); i++) {
		if (len >= strlen(hives[i]) &&
		    strcasecmp(path + len - strlen(hives[i]), hives[i]) == 0)
			return ASKED_HIVE;
	}
	return 0;
}

static uint32_t asked_by(const struct fact_message *message)
{
	const struct attributes *said = &message->said;

	if (!message->is_from_client)
		return 0;
	if (message->message == MESSAGE_DCERPC_REQUEST)
		return asked_by_call(attributes_text(said, ATTRIBUTE_INTERFACE),
				     attributes_number(said, ATTRIBUTE_OPNUM, UINT64_MAX));
	if (message->message == MESSAGE_SMB_FILE)
		return asked_by_file(attributes_text(said, ATTRIBUTE_FILE_NAME));
	if (message->message == MESSAGE_NTLM_AUTHENTICATE &&
	    !attributes_has(said, ATTRIBUTE_ANONYMOUS))
		return LOGGED_IN_BY_NTLM;
	return 0;
}

static struct signal signal_of(uint32_t device, const struct fact *fact)
{
	const struct fact_flow *flow = &fact->flow;
	struct signal s = { .direction = DIRECTION_LATERAL,
			    .outcome = OUTCOME_ANSWERED,
			    .device = device,
			    .first = flow->first,
			    .last = fact->time,
			    .count = 1 };

	s.object.kind = OBJECT_ADDRESS;
	s.object.has_address = true;
	s.object.address = flow->server;
	s.object.port = flow->server_port;
	s.object.protocol = flow->protocol;
	address_text(&flow->server, s.object.text);
	signal_keep_flow(s.flows, &s.flow_count, fact);
	return s;
}

static void tell_theft(struct directory_theft *self, const struct windows_pair *key,
		       struct theft *theft, const struct fact *fact, struct signal_sink *sink)
{
	const struct windows_role client = windows_role_of(self->roles, &fact->flow.client);
	uint32_t asked = theft->asked & (uint32_t)ASKED_ALL;
	struct signal s = signal_of(key->client, fact);

	s.kind = SIGNAL_DIRECTORY_THEFT;
	s.confidence = (asked & (ASKED_DATABASE | ASKED_MEMORY)) != 0 ? prior_database
		       : (asked & ASKED_HIVE) != 0                    ? prior_hive
								      : prior_changes;
	(void)snprintf(s.detail, sizeof(s.detail), "%s",
		       (asked & ASKED_CHANGES) != 0    ? "DRSUAPI"
		       : (asked & ASKED_DATABASE) != 0 ? "NTDS.DIT"
		       : (asked & ASKED_MEMORY) != 0   ? "LSASS"
						       : "SAM");
	signal_condition(&s, REASON_SECRETS, __builtin_popcount(asked), COMPARE_AT_LEAST, 1, NULL);
	if ((theft->asked & LOGGED_IN_BY_NTLM) != 0)
		signal_evidence(&s, REASON_NTLM_LOGIN, 1, times_ntlm);
	if (client.is_member && (asked & ASKED_CHANGES) != 0)
		signal_evidence(&s, REASON_IS_MEMBER, 1, times_member);
	theft->told = asked;
	sink->emit(sink, &s);
}

static void count_theft(struct directory_theft *self, const struct observation *seen,
			uint32_t asked, struct signal_sink *sink)
{
	const struct windows_pair key = { .client = seen->device,
					  .server = seen->fact->flow.server };
	nanotime now = seen->fact->time;
	bool is_new;
	struct theft *theft = lru_map_touch(self->thefts, &key, &is_new);

	if (nanotime_between(theft->last, now) > self->config->window ||
	    nanotime_went_back(theft->last, now))
		*theft = (struct theft){ 0 };
	theft->last = now > theft->last ? now : theft->last;
	theft->asked |= asked;
	if ((asked & (uint32_t)ASKED_ALL & ~theft->told) == 0)
		return;
	/* Controllers tell each other everything: that is their work. */
	if ((asked & ASKED_CHANGES) != 0 &&
	    windows_role_of(self->roles, &seen->fact->flow.client).is_controller)
		return;
	tell_theft(self, &key, theft, seen->fact, sink);
}

/* [MS-SAMR] 3.1.5, [MS-SRVS] 3.1.4.5, [MS-WKST] 3.2.4.3. */
static bool is_search(const struct fact_message *message)
{
	static const struct {
		const char *interface;
		uint16_t opnum;
	} calls[] = {
		{ "samr", 11 },   /* groups of the domain */
		{ "samr", 13 },   /* its users */
		{ "samr", 25 },   /* members of a group */
		{ "samr", 33 },   /* of an alias: who are the administrators */
		{ "samr", 40 },   /* all that is known of them */
		{ "srvsvc", 12 }, /* who has a session */
		{ "wkssvc", 2 },  /* who is logged in */
	};
	const char *interface = attributes_text(&message->said, ATTRIBUTE_INTERFACE);
	uint64_t opnum = attributes_number(&message->said, ATTRIBUTE_OPNUM, UINT64_MAX);

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (calls[i].opnum == opnum && strcmp(calls[i].interface, interface) == 0)
			return true;
	}
	return false;
}

static void tell_search(struct directory_theft *self, uint32_t device, struct search *search,
			const struct fact *fact, struct signal_sink *sink)
{
	const struct lateral_config *c = self->config;
	struct signal s = signal_of(device, fact);

	s.kind = SIGNAL_ACCOUNT_SEARCH;
	s.confidence = prior_search;
	s.first = search->first;
	s.count = search->count;
	s.object.kind = OBJECT_NETWORK;
	(void)snprintf(s.object.text, sizeof(s.object.text), "accounts");
	s.object.has_address = false;
	signal_condition(&s, REASON_TARGETS, search->count, COMPARE_AT_LEAST, (double)c->peers,
			 "lateral.peers");
	signal_condition(&s, REASON_WINDOW,
			 nanotime_seconds(nanotime_between(search->first, search->last)),
			 COMPARE_AT_MOST, nanotime_seconds(c->window), "lateral.window");
	search->told = search->count;
	sink->emit(sink, &s);
}

static void count_search(struct directory_theft *self, const struct observation *seen,
			 struct signal_sink *sink)
{
	nanotime now = seen->fact->time;
	bool is_new;
	struct search *search = lru_map_touch(self->searches, &seen->device, &is_new);

	if (is_new || nanotime_between(search->first, now) > self->config->window ||
	    nanotime_went_back(search->first, now))
		*search = (struct search){ .first = now };
	search->last = now > search->last ? now : search->last;
	for (uint32_t i = 0; i < search->count; i++) {
		if (address_equal(&search->asked[i], &seen->fact->flow.server))
			return;
	}
	if (search->count == ASKED_MAX)
		return;
	search->asked[search->count++] = seen->fact->flow.server;
	if (search->count >= self->config->peers && search->count >= 2 * search->told)
		tell_search(self, seen->device, search, seen->fact, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct directory_theft *self = state;
	const struct fact_message *message = &seen->fact->message;
	uint32_t asked;

	windows_roles_learn(self->roles, seen);
	if (seen->direction != DIRECTION_LATERAL || seen->device == 0)
		return;
	asked = asked_by(message);
	if (asked != 0)
		count_theft(self, seen, asked, sink);
	else if (message->message == MESSAGE_DCERPC_REQUEST && is_search(message))
		count_search(self, seen, sink);
}

static bool is_theft_sound(const void *key, const void *value)
{
	const struct windows_pair *k = key;
	const struct theft *theft = value;
	const uint32_t known = ASKED_ALL | LOGGED_IN_BY_NTLM;

	return windows_pair_is_sound(k) && (theft->asked & ~known) == 0 &&
	       (theft->told & ~theft->asked) == 0;
}

static bool is_search_sound(const void *key, const void *value)
{
	const uint32_t *device = key;
	const struct search *search = value;

	return *device != 0 && search->count <= ASKED_MAX && search->told <= ASKED_MAX;
}

static const struct kept_table kept[] = {
	{ .name = "directory_theft.thefts",
	  .version = 1,
	  .at = offsetof(struct directory_theft, thefts),
	  .is_sound = is_theft_sound },
	{ .name = "directory_theft.searches",
	  .version = 1,
	  .at = offsetof(struct directory_theft, searches),
	  .is_sound = is_search_sound },
	{ .name = "directory_theft.roles",
	  .version = 1,
	  .at = offsetof(struct directory_theft, roles),
	  .is_sound = windows_role_is_sound },
	{ 0 },
};

const struct detector detector_directory_theft = {
	.name = "directory_theft",
	.finds = "A device that asks others for passwords, or for who has which account.",
	.sees = DETECTOR_SEES(FACT_MESSAGE),
	.state_size = sizeof(struct directory_theft),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
