#include "sensor/detect/handover.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/handover_session.h"
#include "sensor/detect/outside_server.h"
#include "sensor/detect/statistics.h"
#include "sensor/intel/rented_names.h"

#include <stddef.h>
#include <string.h>

enum { SESSIONS = 256, TOLD_MAX = 1024, SERVERS_KEPT = 8 };

/*
 * How likely a session of each kind is a thief's before anything else is known of it: offices send
 * mail through their provider, and build web pages by FTP.
 */
static const double prior_mail = 0.08;
static const double prior_ftp = 0.10;

static const double times_bare_greeting = 2;
static const double times_clear_login = 1.5; /* though the server offered better */
static const double times_to_itself = 2.5;   /* devices report so, too */
static const double times_portrait = 8;
static const double times_old_tls = 2.5;
static const double times_own_address = 4;
static const double times_timed_names = 2;
static const double times_no_listing = 2;
static const double times_reads_mail = 0.2;    /* a mail program */
static const double times_serves_office = 0.2; /* a NAS or a printer that reports */

static const nanotime tell_again_after = 12 * NANOTIME_HOUR;
static const double worth_telling_again = 1.15; /* so much surer than before */

struct told_key {
	uint32_t device;
	uint32_t kind;
	uint64_t object;
};

struct told {
	nanotime when;
	double confidence;
};

/* What a device does otherwise. */
struct habit {
	nanotime asked_address; /* when it last looked up its own public address; 0 is never */
	uint32_t server_count;  /* mail servers outside that it used, SERVERS_KEPT at most */
	bool reads_mail;
	bool serves; /* others in the office print on it, or keep their files there */
	bool has_last;
	uint64_t servers[SERVERS_KEPT];
	struct signal last; /* what a lookup of the own address would make surer */
};

struct handover {
	const struct handover_config *config;
	struct lru_map *sessions; /* struct talk_key → struct handover_session */
	struct lru_map *habits;   /* device → struct habit */
	struct lru_map *told;     /* struct told_key → struct told */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct handover *self = state;
	enum err err;

	self->config = &setup->config->detect.handover;
	err = lru_map_new(&self->sessions, SESSIONS, sizeof(struct talk_key),
			  sizeof(struct handover_session));
	if (err == ERR_OK)
		err = lru_map_new(&self->habits, (uint32_t)self->config->devices, sizeof(uint32_t),
				  sizeof(struct habit));
	if (err == ERR_OK)
		err = lru_map_new(&self->told, TOLD_MAX, sizeof(struct told_key),
				  sizeof(struct told));
	return err;
}

static void stop(void *state)
{
	struct handover *self = state;

	lru_map_free(self->sessions);
	lru_map_free(self->habits);
	lru_map_free(self->told);
}

static struct habit *habit_of(struct handover *self, uint32_t device)
{
	bool is_new;

	return lru_map_touch(self->habits, &device, &is_new);
}

/* Once for each device and server, and again when it has become surer or after hours. */
static void tell(struct handover *self, const struct signal *s, struct signal_sink *sink)
{
	const struct told_key key = {
		.device = s->device,
		.kind = s->kind,
		.object = distinct_hash(s->object.text, strlen(s->object.text)),
	};
	bool is_new;
	struct told *told = lru_map_touch(self->told, &key, &is_new);

	if (!is_new && s->confidence < told->confidence * worth_telling_again &&
	    nanotime_between(told->when, s->last) < tell_again_after &&
	    !nanotime_went_back(told->when, s->last))
		return;
	*told = (struct told){ .when = s->last, .confidence = s->confidence };
	sink->emit(sink, s);
}

static bool is_near(const struct handover *self, nanotime asked, nanotime now)
{
	nanotime apart = asked > now ? asked - now : now - asked;

	return asked != 0 && apart <= self->config->lookup_window;
}

/* Shortly after a handover it counts as much as shortly before. */
static void own_address_asked(struct handover *self, uint32_t device, nanotime when,
			      struct signal_sink *sink)
{
	struct habit *habit = habit_of(self, device);
	struct signal last;

	habit->asked_address = when;
	if (!habit->has_last || !is_near(self, habit->last.last, when))
		return;
	habit->has_last = false;
	last = habit->last;
	signal_evidence(&last, REASON_OWN_ADDRESS, 1, times_own_address);
	tell(self, &last, sink);
}

static void note_server(struct habit *habit, const struct fact_flow *flow)
{
	uint64_t hash = distinct_hash(&flow->server, sizeof(flow->server));

	for (uint32_t i = 0; i < habit->server_count; i++) {
		if (habit->servers[i] == hash)
			return;
	}
	if (habit->server_count < SERVERS_KEPT)
		habit->servers[habit->server_count++] = hash;
}

static void weigh_mail(const struct handover *self, const struct handover_session *session,
		       const struct habit *habit, struct signal *s)
{
	bool goes_home = session->is_to_itself && !session->is_to_others;

	s->kind = SIGNAL_MAIL_OUT;
	s->confidence = prior_mail;
	s->count = session->mails > 0 ? session->mails : 1;
	signal_condition(s, REASON_MAIL_SERVERS, habit->server_count, COMPARE_AT_MOST,
			 (double)self->config->mail_servers, "handover.mail_servers");
	if (session->has_bare_greeting)
		signal_evidence(s, REASON_BARE_GREETING, 1, times_bare_greeting);
	if (session->has_clear_login && session->has_offer && !session->has_tls)
		signal_evidence(s, REASON_CLEAR_LOGIN, 1, times_clear_login);
	if (goes_home)
		signal_evidence(s, REASON_TO_ITSELF, 1, times_to_itself);
	if (session->topics >= self->config->topics)
		signal_evidence(s, REASON_PORTRAIT, session->topics, times_portrait);
	if (session->has_old_tls)
		signal_evidence(s, REASON_OLD_TLS, 1, times_old_tls);
	if (habit->reads_mail)
		signal_evidence(s, REASON_READS_MAIL, 1, times_reads_mail);
}

static void weigh_files(const struct handover *self, const struct handover_session *session,
			struct signal *s)
{
	s->kind = SIGNAL_FTP_OUT;
	s->confidence = prior_ftp;
	s->count = session->files;
	signal_condition(s, REASON_FILES_STORED, session->files, COMPARE_AT_LEAST,
			 (double)self->config->files, "handover.files");
	if (session->timed_files > 0)
		signal_evidence(s, REASON_TIMED_NAMES, session->timed_files, times_timed_names);
	if (!session->has_listed)
		signal_evidence(s, REASON_NO_LISTING, 1, times_no_listing);
}

static bool holds(const struct handover *self, const struct handover_session *session,
		  const struct habit *habit)
{
	if (!handover_is_done(session))
		return false;
	return session->is_ftp ? session->files >= self->config->files
			       : habit->server_count <= self->config->mail_servers;
}

static void session_ended(struct handover *self, const struct handover_session *session,
			  const struct observation *seen, struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	struct habit *habit = habit_of(self, seen->device);
	struct signal s = { .direction = (uint8_t)seen->direction,
			    .outcome = session->mails > 0 || session->is_ftp
					       ? (uint8_t)OUTCOME_DATA
					       : (uint8_t)OUTCOME_ANSWERED,
			    .device = seen->device,
			    .first = fact->flow.first,
			    .last = fact->ended.last };

	if (!session->is_ftp)
		note_server(habit, &fact->flow);
	if (!holds(self, session, habit))
		return;
	if (session->is_ftp)
		weigh_files(self, session, &s);
	else
		weigh_mail(self, session, habit, &s);
	if (habit->serves)
		signal_evidence(&s, REASON_SERVES_OFFICE, 1, times_serves_office);
	signal_tell(&s, REASON_BYTES_UP, (double)fact->ended.bytes_up);
	s.object = outside_server(seen);
	signal_keep_flow(s.flows, &s.flow_count, fact);
	habit->last = s;
	habit->has_last = true;
	if (is_near(self, habit->asked_address, s.last)) {
		habit->has_last = false;
		signal_evidence(&s, REASON_OWN_ADDRESS, 1, times_own_address);
	}
	tell(self, &s, sink);
}

/* What an office's servers and printers are asked for. */
static bool is_served_port(uint16_t port)
{
	static const uint16_t ports[] = { 445, 139, 2049, 548, 515, 631, 9100, 554 };

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		if (port == ports[i])
			return true;
	}
	return false;
}

/* IMAP and POP3, with TLS from the beginning or later. */
static bool is_mailbox_port(uint16_t port)
{
	return port == 993 || port == 143 || port == 995 || port == 110;
}

static void flow_ended(struct handover *self, const struct observation *seen,
		       struct signal_sink *sink)
{
	const struct fact_flow *flow = &seen->fact->flow;

	if (seen->direction == DIRECTION_LATERAL) {
		if (seen->peer_device != 0 && is_served_port(flow->server_port) &&
		    seen->fact->ended.has_data_down)
			habit_of(self, seen->peer_device)->serves = true;
		return;
	}
	if (seen->direction != DIRECTION_OUTBOUND)
		return;
	if (is_mailbox_port(flow->server_port) && seen->fact->ended.has_data_down)
		habit_of(self, seen->device)->reads_mail = true;
	if (lru_map_count(self->sessions) == 0)
		return;

	const struct talk_key key = talk_key_of(flow);
	const struct handover_session *found = lru_map_find(self->sessions, &key);

	if (!found)
		return;

	const struct handover_session session = *found;

	lru_map_remove(self->sessions, &key);
	session_ended(self, &session, seen, sink);
}

static void message_said(struct handover *self, const struct observation *seen)
{
	const struct fact *fact = seen->fact;
	bool is_new;

	if (seen->direction != DIRECTION_OUTBOUND)
		return;
	if (fact->message.message == MESSAGE_MAIL_GREETING &&
	    strcmp(attributes_text(&fact->message.said, ATTRIBUTE_SERVICE), "smtp") != 0) {
		habit_of(self, seen->device)->reads_mail = true;
		return;
	}
	if (!handover_concerns(fact))
		return;

	const struct talk_key key = talk_key_of(&fact->flow);
	struct handover_session *session = fact->message.message == MESSAGE_TLS_CLIENT_HELLO
						   ? lru_map_find(self->sessions, &key)
						   : lru_map_touch(self->sessions, &key, &is_new);

	if (session)
		handover_learn(session, fact);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct handover *self = state;
	const struct fact *fact = seen->fact;

	if (seen->device == 0)
		return;
	if (fact->kind == FACT_MESSAGE) {
		message_said(self, seen);
	} else if (fact->kind == FACT_FLOW_ENDED) {
		flow_ended(self, seen, sink);
	} else if (fact->kind == FACT_DNS && fact->dns.address_count > 0 &&
		   rented_name(fact->dns.name) == RENTED_ADDRESS_LOOKUP) {
		own_address_asked(self, seen->device, fact->time, sink);
	}
}

static bool is_habit_sound(const void *key, const void *value)
{
	const uint32_t *device = key;
	const struct habit *habit = value;

	return *device != 0 && habit->server_count <= SERVERS_KEPT &&
	       kept_are_flags(&habit->reads_mail, 1) && kept_are_flags(&habit->serves, 1) &&
	       kept_are_flags(&habit->has_last, 1) &&
	       (!habit->has_last || signal_is_sound(&habit->last));
}

static void tidy_habit(void *value)
{
	struct habit *habit = value;

	if (!habit->has_last)
		memset(&habit->last, 0, sizeof(habit->last));
}

static bool is_told_sound(const void *key, const void *value)
{
	struct told_key k;
	const struct told *told = value;

	memcpy(&k, key, sizeof(k));
	return k.device != 0 && k.kind < SIGNAL_KINDS && told->confidence >= 0 &&
	       told->confidence <= 1;
}

static const struct kept_table kept[] = {
	{ .name = "handover.sessions",
	  .version = 1,
	  .at = offsetof(struct handover, sessions),
	  .use = KEPT_AS_READ,
	  .is_sound = handover_session_is_sound },
	{ .name = "handover.habits",
	  .version = 1,
	  .at = offsetof(struct handover, habits),
	  .tidy = tidy_habit,
	  .is_sound = is_habit_sound },
	{ .name = "handover.told",
	  .version = 1,
	  .at = offsetof(struct handover, told),
	  .is_sound = is_told_sound },
	{ 0 },
};

const struct detector detector_handover = {
	.name = "handover",
	.finds = "A program that hands mail or files to a server outside by itself.",
	.sees = DETECTOR_SEES(FACT_MESSAGE) | DETECTOR_SEES(FACT_FLOW_ENDED) |
		DETECTOR_SEES(FACT_DNS),
	.state_size = sizeof(struct handover),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
