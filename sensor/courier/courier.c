#include "sensor/courier/courier.h"

#include "sensor/base/monotonic.h"
#include "sensor/courier/canary.h"
#include "sensor/courier/heartbeat.h"
#include "sensor/courier/intake.h"
#include "sensor/courier/line.h"
#include "sensor/courier/order_taker.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
	OPEN_SECONDS = 60,        /* between two tries to open an output */
	FIRST_CANARY_SECONDS = 60 /* after a start the network may not be there yet */
};

struct courier {
	struct courier_setup setup;
	struct outbox *outbox;
	struct line *line[OUTBOX_OUTPUTS_MAX]; /* as setup.kinds; NULL: not wanted, or not open */
	struct order_inbox *inbox;
	struct order_taker *taker;
	struct intake *intake;
	enum intake_answer found;
	struct heartbeat heartbeat;
	struct canary canary;
	atomic_bool is_ending;
	bool is_started;
	nanotime open_next; /* monotonic */
	bool has_said_pulse;
};

static void say(const struct courier *courier, const char *line)
{
	courier->setup.say(courier->setup.say_arg, line);
}

static void wake_orders(void *arg, struct output *output)
{
	struct courier *courier = arg;

	(void)output;
	order_taker_wake(courier->taker);
}

static void open_line(struct courier *courier, size_t i)
{
	char problem[OUTPUT_SAID_LEN] = "";
	struct line_setup setup = { .kind = courier->setup.kinds[i],
				    .outbox = courier->outbox,
				    .config = courier->setup.config,
				    .is_ending = &courier->is_ending,
				    .inbox = courier->inbox,
				    .say = courier->setup.say,
				    .say_arg = courier->setup.say_arg,
				    .take_orders = courier->setup.is_once ? NULL : wake_orders,
				    .orders_arg = courier };

	if (getrandom(&setup.seed, sizeof(setup.seed), 0) != (ssize_t)sizeof(setup.seed))
		setup.seed = monotonic_now();
	if (line_open(&courier->line[i], &setup, problem) == ERR_OK)
		return;
	courier->line[i] = NULL;
	say(courier, problem);
}

/* Those that are wanted and not open; started, where the others are. */
static void open_lines(struct courier *courier)
{
	courier->open_next = monotonic_now() + OPEN_SECONDS * NANOTIME_SECOND;
	for (size_t i = 0; i < courier->setup.kind_count; i++) {
		if (courier->line[i] || !courier->setup.kinds[i]->is_wanted(courier->setup.config))
			continue;
		open_line(courier, i);
		if (!courier->line[i] || !courier->is_started ||
		    line_start(courier->line[i]) == ERR_OK)
			continue;
		line_close(courier->line[i]);
		courier->line[i] = NULL;
	}
}

static bool has_outputs(const struct courier *courier)
{
	bool is_some = false;

	for (size_t i = 0; i < courier->setup.kind_count; i++)
		is_some |= courier->setup.kinds[i]->is_wanted(courier->setup.config);
	return is_some;
}

static enum err open_parts(struct courier *courier, char *problem)
{
	const struct config *config = courier->setup.config;
	const struct outbox_setup outbox = { .folder = config->courier.folder,
					     .sensor = config->courier.sensor,
					     .size_bytes = config->courier.size_bytes,
					     .say = courier->setup.say,
					     .say_arg = courier->setup.say_arg };
	struct intake_setup intake = { .folder = config->store.folder,
				       .say = courier->setup.say,
				       .say_arg = courier->setup.say_arg,
				       .sends_evidence =
					       config->courier.capsules == COURIER_CAPSULES_URGENT,
				       .see_canary = canary_seen,
				       .canary_arg = &courier->canary };
	enum err err;

	if (!has_outputs(courier)) {
		(void)snprintf(problem, OUTBOX_PROBLEM_LEN,
			       "no output is configured: enrol this sensor (hinomi-courier enrol), "
			       "or set https.url, mqtt.url, syslog.url, eve.file or webhook.url");
		return ERR_MISSING;
	}
	err = outbox_open(&courier->outbox, &outbox, problem);
	if (err != ERR_OK)
		return err;
	intake.outbox = courier->outbox;
	courier->intake = intake_new(&intake);
	courier->inbox = order_inbox_new();
	if (!courier->intake || !courier->inbox) {
		(void)snprintf(problem, OUTBOX_PROBLEM_LEN, "%s", err_text(ERR_MEMORY));
		return ERR_MEMORY;
	}
	canary_start(&courier->canary, courier->outbox, config);
	courier->heartbeat = (struct heartbeat){ .outbox = courier->outbox,
						 .config = config,
						 .started = monotonic_now() };
	open_lines(courier);
	return ERR_OK;
}

enum err courier_open(struct courier **out, const struct courier_setup *setup,
		      char problem[static OUTBOX_PROBLEM_LEN])
{
	struct courier *courier = calloc(1, sizeof(*courier));
	enum err err;

	if (!courier) {
		(void)snprintf(problem, OUTBOX_PROBLEM_LEN, "%s", err_text(ERR_MEMORY));
		return ERR_MEMORY;
	}
	courier->setup = *setup;
	courier->found = INTAKE_WAITS;
	err = open_parts(courier, problem);
	if (err != ERR_OK) {
		courier_close(courier);
		return err;
	}
	*out = courier;
	return ERR_OK;
}

enum err courier_start(struct courier *courier)
{
	const struct order_taker_setup taker = { .outbox = courier->outbox,
						 .config = courier->setup.config,
						 .inbox = courier->inbox,
						 .is_ending = &courier->is_ending,
						 .say = courier->setup.say,
						 .say_arg = courier->setup.say_arg };
	enum err err = ERR_OK;

	/* Before the lines, which wake it. */
	if (!courier->setup.is_once)
		err = order_taker_start(&courier->taker, &taker);
	courier->is_started = true;
	for (size_t i = 0; i < courier->setup.kind_count && err == ERR_OK; i++) {
		if (courier->line[i])
			err = line_start(courier->line[i]);
	}
	return err;
}

static void take_pulse(struct courier *courier)
{
	nanotime between = courier->setup.config->courier.canary;
	nanotime first = FIRST_CANARY_SECONDS * NANOTIME_SECOND;
	bool is_up =
		monotonic_now() - courier->heartbeat.started >= (between < first ? between : first);
	enum err err = heartbeat_beat(&courier->heartbeat);

	if (err == ERR_OK && (is_up || courier->canary.token[0] != '\0'))
		err = canary_look(&courier->canary);
	if (err != ERR_OK && !courier->has_said_pulse)
		say(courier, "the heartbeat cannot be put: see what else is said of courier.db");
	courier->has_said_pulse = err != ERR_OK;
}

bool courier_turn(struct courier *courier)
{
	if (monotonic_now() >= courier->open_next)
		open_lines(courier);
	courier->found = intake_look(courier->intake);
	if (!courier->setup.is_once)
		take_pulse(courier);
	return courier->found == INTAKE_MORE;
}

bool courier_is_done(struct courier *courier)
{
	struct outbox_status status;
	uint64_t waiting = 0;

	outbox_status(courier->outbox, &status);
	for (unsigned i = 0; i < status.outputs; i++) {
		for (unsigned k = 0; k < PARCEL_STREAMS && status.is_joined[i]; k++)
			waiting += status.waiting[i][k];
	}
	return courier->found == INTAKE_NOTHING && waiting == 0;
}

void courier_close(struct courier *courier)
{
	if (!courier)
		return;
	atomic_store(&courier->is_ending, true);
	if (courier->outbox)
		outbox_wake(courier->outbox);
	for (size_t i = 0; i < courier->setup.kind_count; i++)
		line_close(courier->line[i]);
	order_taker_stop(courier->taker);
	intake_free(courier->intake);
	order_inbox_free(courier->inbox);
	outbox_close(courier->outbox);
	free(courier);
}
