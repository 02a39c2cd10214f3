#include "sensor/detect/remote_execution.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/admin_acts.h"
#include "sensor/detect/windows_roles.h"

#include <stdio.h>
#include <string.h>

enum { FILES_MANY = 2, SHELL_MESSAGES_MIN = 3, TARGETS_MANY = 3 };

/*
 * How many offices of those that show this are somebody else's work: in a small office hardly
 * anybody makes services or tasks on a colleague's machine; a session of management alone is what
 * an administrator may well open.
 */
static const double prior_started = 0.5;
static const double prior_shell = 0.42;
static const double prior_session = 0.15;

static const double times_program = 2.5;
static const double times_files = 1.6;
static const double times_foreign_tool = 2;
static const double times_by_address = 1.3;
static const double times_many_targets = 2;
static const double times_copied_to_many = 3;
static const double times_between_clients = 1.5;
static const double times_from_server = 0.5;
static const double times_habit = 0.15;

/* What one device does to another. */
struct pair {
	nanotime first;
	nanotime last;
	uint32_t acts; /* enum admin_act */
	uint32_t files;
	uint32_t messages; /* of a shell */
	double told;       /* confidence of the last signal … */
	bool told_start;   /* … and whether it was of programs started */
	bool is_target;    /* counted among those that the client brings programs to */
	uint8_t flow_count;
	uint8_t spare[5];
	struct signal_flow flows[1];
};

struct remote_execution {
	const struct lateral_config *config;
	struct lru_map *pairs;
	struct lru_map *roles;
	struct lru_map *targets; /* device number → how many others it brought programs to */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct remote_execution *self = state;
	uint32_t devices = (uint32_t)setup->config->judge.devices;

	self->config = &setup->config->detect.lateral;

	enum err err = lru_map_new(&self->pairs, (uint32_t)self->config->pairs,
				   sizeof(struct windows_pair), sizeof(struct pair));

	if (err == ERR_OK)
		err = windows_roles_new(&self->roles, devices);
	if (err != ERR_OK)
		return err;
	return lru_map_new(&self->targets, devices, sizeof(uint32_t), sizeof(uint32_t));
}

static void stop(void *state)
{
	struct remote_execution *self = state;

	lru_map_free(self->pairs);
	lru_map_free(self->roles);
	lru_map_free(self->targets);
}

static bool has_started(const struct pair *pair)
{
	const char *way = admin_acts_way(pair->acts);

	return way[0] != '\0' &&
	       (strcmp(way, "WinRM") != 0 || pair->messages >= SHELL_MESSAGES_MIN);
}

static uint32_t count_target(struct remote_execution *self, uint32_t client, struct pair *pair)
{
	bool is_new;
	uint32_t *targets = lru_map_touch(self->targets, &client, &is_new);

	if (!pair->is_target && *targets < UINT32_MAX)
		++*targets;
	pair->is_target = true;
	return *targets;
}

/* What makes either story more or less likely. */
static void weigh(struct remote_execution *self, const struct fact *fact, const struct pair *pair,
		  struct signal *s)
{
	const struct windows_role client = windows_role_of(self->roles, &fact->flow.client);

	if ((pair->acts & ACT_PROGRAM) != 0)
		signal_evidence(s, REASON_PROGRAM_COPIED, 1, times_program);
	if (pair->files >= FILES_MANY)
		signal_evidence(s, REASON_ADMIN_FILES, pair->files, times_files);
	if ((pair->acts & ACT_FOREIGN_TOOL) != 0)
		signal_evidence(s, REASON_FOREIGN_TOOL, 1, times_foreign_tool);
	if ((pair->acts & ACT_BY_ADDRESS) != 0)
		signal_evidence(s, REASON_BY_ADDRESS, 1, times_by_address);
	if (client.is_controller)
		signal_evidence(s, REASON_FROM_CONTROLLER, 1, times_from_server);
	if (client.days > self->config->habit_days)
		signal_evidence(s, REASON_ADMIN_DAYS, client.days, times_habit);
}

static struct signal signal_of(const struct windows_pair *key, const struct pair *pair,
			       const struct fact *fact)
{
	const struct fact_flow *flow = &fact->flow;
	struct signal s = { .direction = DIRECTION_LATERAL,
			    .outcome = OUTCOME_DATA,
			    .device = key->client,
			    .first = pair->first,
			    .last = pair->last };

	s.object.kind = OBJECT_ADDRESS;
	s.object.has_address = true;
	s.object.address = flow->server;
	s.object.port = flow->server_port;
	s.object.protocol = flow->protocol;
	address_text(&flow->server, s.object.text);
	signal_show_flows(&s, pair->flows, pair->flow_count);
	return s;
}

/* Told once, and again when it has become a story of its own or clearly more likely. */
static bool is_news(const struct pair *pair, const struct signal *s)
{
	const double clearly = 0.1;

	return (s->kind == SIGNAL_REMOTE_EXECUTION && !pair->told_start) ||
	       s->confidence > pair->told + clearly;
}

static void judge_start(struct remote_execution *self, const struct windows_pair *key,
			struct pair *pair, const struct fact *fact, struct signal_sink *sink)
{
	const char *way = admin_acts_way(pair->acts);
	struct signal s = signal_of(key, pair, fact);
	uint32_t targets = count_target(self, key->client, pair);

	s.kind = SIGNAL_REMOTE_EXECUTION;
	s.confidence = strcmp(way, "WinRM") == 0 ? prior_shell : prior_started;
	s.count = targets;
	(void)snprintf(s.detail, sizeof(s.detail), "%s", way);
	signal_condition(&s, REASON_STARTS, targets, COMPARE_AT_LEAST, 1, NULL);
	if (targets >= TARGETS_MANY)
		signal_evidence(&s, REASON_TARGETS, targets, times_many_targets);
	if (strcmp(way, "WinRM") == 0 && !windows_role_of(self->roles, &key->server).is_controller)
		signal_evidence(&s, REASON_BETWEEN_CLIENTS, 1, times_between_clients);
	weigh(self, fact, pair, &s);
	if (!is_news(pair, &s))
		return;
	pair->told_start = true;
	pair->told = s.confidence;
	sink->emit(sink, &s);
}

/* A session alone: weak, as something to stand beside other signals. */
static void judge_session(struct remote_execution *self, const struct windows_pair *key,
			  struct pair *pair, const struct fact *fact, struct signal_sink *sink)
{
	const uint32_t sessions = ACT_FILE | ACT_PROGRAM | ACT_DESKTOP | ACT_SHELL |
				  ACT_SERVICE_MADE | ACT_SERVICE_STARTED | ACT_TASK_MADE;
	struct signal s;

	if ((pair->acts & sessions) == 0)
		return;
	s = signal_of(key, pair, fact);
	s.kind = SIGNAL_ADMIN_SESSION;
	s.confidence = prior_session;
	s.count = 1;
	(void)snprintf(s.detail, sizeof(s.detail), "%s",
		       (pair->acts & ACT_DESKTOP) != 0 ? "RDP"
		       : (pair->acts & ACT_SHELL) != 0 ? "WinRM"
						       : "SMB");
	signal_condition(&s, REASON_SESSIONS, 1, COMPARE_AT_LEAST, 1, NULL);
	if ((pair->acts & ACT_PROGRAM) != 0) {
		uint32_t targets = count_target(self, key->client, pair);

		if (targets >= TARGETS_MANY)
			signal_evidence(&s, REASON_TARGETS, targets, times_copied_to_many);
	}
	weigh(self, fact, pair, &s);
	if (!is_news(pair, &s))
		return;
	pair->told = s.confidence;
	sink->emit(sink, &s);
}

static struct pair *touch(struct remote_execution *self, const struct windows_pair *key,
			  nanotime now)
{
	bool is_new;
	struct pair *pair = lru_map_touch(self->pairs, key, &is_new);

	if (!is_new && (nanotime_between(pair->last, now) > self->config->window ||
			nanotime_went_back(pair->last, now))) {
		bool is_target = pair->is_target;

		*pair = (struct pair){ .is_target = is_target };
		is_new = true;
	}
	if (is_new)
		pair->first = now;
	pair->last = now > pair->last ? now : pair->last;
	return pair;
}

static void count(struct pair *pair, uint32_t acts, const struct fact *fact)
{
	bool is_news = (pair->acts | acts) != pair->acts;

	pair->acts |= acts;
	if ((acts & ACT_FILE) != 0 && pair->files < UINT32_MAX)
		pair->files++;
	if ((acts & ACT_SHELL) != 0 && pair->messages < UINT32_MAX)
		pair->messages++;
	if (is_news) {
		pair->flow_count = 0;
		signal_keep_flow(pair->flows, &pair->flow_count, fact);
	}
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	const uint32_t ways = ACT_FOREIGN_TOOL | ACT_BY_ADDRESS;
	struct remote_execution *self = state;
	struct windows_pair key = { .client = seen->device, .server = seen->fact->flow.server };
	uint32_t acts = admin_acts_of(&seen->fact->message);
	struct pair *pair;

	windows_roles_learn(self->roles, seen);
	if (acts == 0 || seen->direction != DIRECTION_LATERAL || key.client == 0)
		return;
	/* How it is done alone begins nothing: anybody logs in somewhere. */
	pair = touch(self, &key, seen->fact->time);
	count(pair, acts, seen->fact);
	if ((pair->acts & ~ways) == 0)
		return;
	windows_roles_administers(self->roles, &seen->fact->flow.client, seen->fact->time);
	if (has_started(pair))
		judge_start(self, &key, pair, seen->fact, sink);
	else
		judge_session(self, &key, pair, seen->fact, sink);
}

static void tidy(void *value)
{
	struct pair *pair = value;

	memset(pair->flows + pair->flow_count, 0, (1U - pair->flow_count) * sizeof(pair->flows[0]));
}

static bool is_pair_sound(const void *key, const void *value)
{
	const struct windows_pair *k = key;
	const struct pair *pair = value;

	return windows_pair_is_sound(k) && pair->flow_count <= 1 && pair->told >= 0 &&
	       pair->told <= 1 && kept_are_flags(&pair->told_start, 1) &&
	       kept_are_flags(&pair->is_target, 1) &&
	       signal_flows_are_sound(pair->flows, pair->flow_count);
}

static bool is_target_sound(const void *key, const void *value)
{
	const uint32_t *device = key;

	(void)value;
	return *device != 0;
}

static const struct kept_table kept[] = {
	{ .name = "remote_execution.pairs",
	  .version = 1,
	  .at = offsetof(struct remote_execution, pairs),
	  .tidy = tidy,
	  .is_sound = is_pair_sound },
	{ .name = "remote_execution.roles",
	  .version = 1,
	  .at = offsetof(struct remote_execution, roles),
	  .is_sound = windows_role_is_sound },
	{ .name = "remote_execution.targets",
	  .version = 1,
	  .at = offsetof(struct remote_execution, targets),
	  .is_sound = is_target_sound },
	{ 0 },
};

const struct detector detector_remote_execution = {
	.name = "remote_execution",
	.finds = "A device that starts programs on another one, or administers it.",
	.sees = DETECTOR_SEES(FACT_MESSAGE),
	.state_size = sizeof(struct remote_execution),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
