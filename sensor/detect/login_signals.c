#include "sensor/detect/login_signals.h"

#include <stdio.h>

/* How certain before anything is weighed: a stored password that has become wrong looks much the
 * same, and on the internet somebody guesses all the time. */
static const double confidence_guessing = 0.35;
static const double confidence_spraying = 0.55;
static const double confidence_from_outside = 0.25;
/* Everybody's servers are sprayed from the internet: it supports no other doubt. */
static const double confidence_sprayed_from_outside = 0.12;
/* Below, the guess's own doubt has said it. */
static const double least_guessed = 0.5;
static const double most_from_outside = 0.45;
static const double confidence_open_admin = 0.6;
static const double confidence_open = 0.3;

static const double followed_share = 0.7;
static const double times_followed = 1.8;
static const double at_once_share = 0.25;
static const double times_at_once = 2;
static const uint32_t several_accounts = 3;
static const double times_several_accounts = 2.5;
static const double times_stored_password = 0.4;
/* A program with an old password rests between its tries, sooner or later. */
static const uint32_t tries_of_stored_password = 60;
static const double clock_seconds = 5;
static const double clock_spread = 0.05;
static const double times_by_clock = 0.3;
/* In the captures measured (tools/measure/logins.py) nobody harmless was refused more than a few
 * times by one server, but a stored password is tried for ever. */
static const uint32_t many_refusals = 20;
static const double times_many = 1.6;
static const uint32_t very_many_refusals = 100;
static const double times_very_many = 2.5;
static const double times_by_shape = 0.8;
static const double times_known_before = 0.5;
/* No program with an old password is in such a hurry for so long; people's clicks are not, either.
 */
static const uint32_t hasty_refusals = 20;
static const nanotime hasty_within = 15 * NANOTIME_SECOND;
static const double times_hasty = 3;
/* Whoever has an old password finds the new one, too; on the internet only a member of staff. */
static const double times_found = 2;
static const double times_found_by_programs = 1.5;
static const double times_found_from_outside = 4;
/* Few tries for each account, or they are guessed, not sprayed. */
static const uint32_t tries_for_account = 5;

static double share_refused(const struct guess *guess)
{
	return (double)guess->refused / ((double)guess->refused + guess->accepted);
}

/* What makes guessing more or less likely than a program with an old password. */
static void weigh(const struct guess_key *key, const struct guess *guess, struct signal *s)
{
	double seconds;
	double spread;
	uint32_t accounts = guess->accounts.count;
	double followed = guess_share_followed(guess);
	double at_once = guess_share_at_once(guess);
	bool by_programs = login_is_by_programs((enum login_service)key->service);

	if (followed >= followed_share)
		signal_evidence(s, REASON_TRIES_FOLLOW, followed, times_followed);
	if (at_once >= at_once_share && !by_programs) /* these open several at a time anyway */
		signal_evidence(s, REASON_TRIES_AT_ONCE, at_once, times_at_once);
	if (accounts >= several_accounts)
		signal_evidence(s, REASON_ACCOUNTS, accounts, times_several_accounts);
	else if (by_programs &&
		 (guess->refused < tries_of_stored_password || followed < followed_share))
		signal_evidence(s, REASON_ACCOUNTS, accounts, times_stored_password);
	else if (accounts > 0)
		signal_tell(s, REASON_ACCOUNTS, accounts);
	if (guess_rhythm(guess, &seconds, &spread) && seconds >= clock_seconds &&
	    spread <= clock_spread)
		signal_evidence(s, REASON_TRIES_BY_CLOCK, seconds, times_by_clock);
	if (guess->refused >= many_refusals)
		signal_evidence(s, REASON_TRIES_MANY, guess->refused,
				guess->refused < very_many_refusals ? times_many : times_very_many);
	/* What asks the web or a directory with an old password does so for each page it shows. */
	if ((key->service == LOGIN_SMB || key->service == LOGIN_KERBEROS) &&
	    guess_recent(guess, hasty_within) >= hasty_refusals)
		signal_evidence(s, REASON_TRIES_HASTY, guess_recent(guess, hasty_within),
				times_hasty);
	if (guess->is_by_shape)
		signal_evidence(s, REASON_TRIES_BY_SHAPE, 1, times_by_shape);
}

static void describe(const struct guess_key *key, const struct guess *guess, struct signal *s)
{
	const char *service = login_service_text((enum login_service)key->service);
	struct signal_object *object = &s->object;

	s->device = key->device;
	s->direction = guess->direction;
	s->first = guess->first;
	s->last = guess->last;
	object->port = key->port;
	object->protocol = guess->flows[guess->flow_count - 1].flow.protocol;
	(void)snprintf(object->application, sizeof(object->application), "%s", service);
	(void)snprintf(s->detail, sizeof(s->detail), "%s", service);
	signal_show_flows(s, guess->flows, guess->flow_count);
	if (key->kind == GUESS_AT) {
		object->kind = OBJECT_ADDRESS;
		object->has_address = true;
		object->address = key->other;
		address_text(&key->other, object->text);
		return;
	}
	object->kind = OBJECT_PORT;
	(void)snprintf(object->text, sizeof(object->text), "%u/%s", key->port,
		       ip_protocol_text(object->protocol));
}

/* Many accounts, or many servers, with few tries each. */
static bool is_sprayed(const struct logins_config *c, const struct guess_key *key,
		       const struct guess *guess, struct signal *s)
{
	bool is_among = key->kind == GUESS_AMONG;
	const struct guess_hashes *over = is_among ? &guess->servers : &guess->accounts;
	uint64_t least = is_among ? c->servers : c->accounts;
	bool is_outside = guess->direction == DIRECTION_INBOUND;

	if (over->count < least ||
	    (over->count < GUESS_HASHES && guess->refused > tries_for_account * over->count))
		return false;
	s->kind = SIGNAL_LOGIN_SPRAYING;
	s->confidence = is_outside ? confidence_sprayed_from_outside : confidence_spraying;
	signal_condition(s, is_among ? REASON_TARGETS : REASON_ACCOUNTS, over->count,
			 COMPARE_AT_LEAST, (double)least,
			 is_among ? "logins.servers" : "logins.accounts");
	return true;
}

static bool is_guessed(const struct logins_config *c, const struct guess_key *key,
		       const struct guess *guess, struct signal *s)
{
	bool is_outside = guess->direction == DIRECTION_INBOUND;

	uint32_t recent = guess_recent(guess, c->window);

	if (key->kind != GUESS_AT || recent < c->refused)
		return false;
	s->kind = SIGNAL_LOGIN_GUESSING;
	s->confidence = is_outside ? confidence_from_outside : confidence_guessing;
	signal_condition(s, REASON_LOGINS_REFUSED, recent, COMPARE_AT_LEAST, (double)c->refused,
			 "logins.refused");
	weigh(key, guess, s);
	return true;
}

void guessing_tell(const struct logins_config *config, const struct guess_key *key,
		   struct guess *guess, enum guess_growth growth, struct signal_sink *sink)
{
	struct signal s = { .outcome = OUTCOME_REFUSED };
	double share = share_refused(guess);

	if (guess->refused <
		    (growth == GROWTH_AT_THE_END ? guess->told_at + 1 : 2 * guess->told_at) ||
	    share < config->failed ||
	    (!is_guessed(config, key, guess, &s) && !is_sprayed(config, key, guess, &s)))
		return;
	signal_condition(&s, REASON_FAILED, share, COMPARE_AT_LEAST, config->failed,
			 "logins.failed");
	describe(key, guess, &s);
	s.count = guess->refused;
	guess->chance = s.confidence;
	if (s.direction == DIRECTION_INBOUND && s.confidence > most_from_outside)
		s.confidence = most_from_outside;
	guess->told = guess->last;
	guess->told_at = guess->refused;
	sink->emit(sink, &s);
}

void guessed_tell(const struct guess_key *key, struct guess *guess, struct signal_sink *sink)
{
	struct signal s = { .kind = SIGNAL_LOGIN_GUESSED,
			    .outcome = OUTCOME_DATA,
			    .count = guess->refused > 0 ? guess->refused : 1,
			    .confidence = guess->chance };
	double times = guess->direction == DIRECTION_INBOUND ? times_found_from_outside
		       : login_is_by_programs((enum login_service)key->service)
			       ? times_found_by_programs
			       : times_found;

	if (guess->told_guessed >= guess->told)
		return;
	signal_evidence(&s, REASON_LOGIN_ACCEPTED, 1, times);
	if (guess->accepted_before + guess->accepted > 1)
		signal_evidence(&s, REASON_LOGINS_BEFORE,
				guess->accepted_before + guess->accepted - 1, times_known_before);
	if (s.confidence < least_guessed)
		return;
	if (guess->refused > 0)
		signal_tell(&s, REASON_LOGINS_REFUSED, guess->refused);
	describe(key, guess, &s);
	guess->told_guessed = guess->last;
	sink->emit(sink, &s);
}

/* What gives away a whole machine, and no office needs to offer to everybody. */
static bool is_admin(enum login_service service)
{
	return service == LOGIN_RDP || service == LOGIN_VNC || service == LOGIN_SMB ||
	       service == LOGIN_TELNET;
}

void exposure_tell(const struct guess_key *key, struct guess *guess, const struct fact *fact,
		   struct signal_sink *sink)
{
	bool is_accepted = guess->accepted > 0;
	struct signal s = { .kind = SIGNAL_EXPOSED_SERVICE,
			    .outcome = is_accepted ? OUTCOME_DATA : OUTCOME_ANSWERED,
			    .count = 1,
			    .confidence = is_admin((enum login_service)key->service)
						  ? confidence_open_admin
						  : confidence_open };

	if (guess->told != 0 && nanotime_between(guess->told, guess->last) < NANOTIME_DAY &&
	    (!is_accepted || guess->told_guessed != 0))
		return;
	if (is_accepted)
		signal_condition(&s, REASON_LOGIN_ACCEPTED, 1, COMPARE_AT_LEAST, 1, NULL);
	else
		signal_condition(&s, REASON_BYTES_DOWN, (double)fact->ended.bytes_down,
				 COMPARE_AT_LEAST, EXPOSED_BYTES, NULL);
	describe(key, guess, &s);
	s.object.has_address = true;
	s.object.address = fact->flow.client;
	guess->told = guess->last;
	if (is_accepted)
		guess->told_guessed = guess->last;
	sink->emit(sink, &s);
}
