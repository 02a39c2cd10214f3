#include "sensor/capture/live_interface.h"

#define BACK_OFF_LEAST (100 * NANOTIME_MILLISECOND)
#define BACK_OFF_MOST  (5 * NANOTIME_SECOND)
#define LOOK_EVERY     NANOTIME_SECOND

void live_world_measure(struct live_world *world)
{
	struct live_reading reading;

	if (!live_clock_read(&reading))
		return;

	struct live_clock_step step = live_clock_measure(&world->clock, reading);

	if (step.kind == LIVE_STEP_NONE)
		return;

	const struct live_event event = {
		.kind = LIVE_CLOCK_STEP,
		.name = "",
		.from = step.before,
		.to = step.after,
		.step_nanoseconds = step.nanoseconds,
		.is_adopted = step.kind == LIVE_STEP_ADOPTED,
		.reason = "",
	};

	world->clock_steps++;
	if (step.after < step.before) {
		world->promised = 0;
		world->age++;
	}
	world->event(world->event_arg, &event);
}

/* Packet time went back: what was said of later times is of another age. */
static void follow_age(struct live_interface *self, const struct live_world *world)
{
	nanotime now = live_clock_now(&world->clock);

	if (self->age == world->age)
		return;
	self->age = world->age;
	self->head.passed = 0;
	self->head.key = self->head.has_frame ? now : 0;
	self->frame.time = now;
	self->well_at = now;
	self->counted_at = now;
}

static void see_well(struct live_interface *self, nanotime t)
{
	if (t > self->well_at)
		self->well_at = t;
}

static void emit(struct live_interface *self, const struct live_world *world,
		 struct live_event event)
{
	event.interface = self->number;
	event.name = self->stats.name;
	event.to = live_clock_now(&world->clock);
	event.from = event.from > event.to ? event.to : event.from;
	world->event(world->event_arg, &event);
}

static void tell_state(struct live_interface *self, const struct live_world *world)
{
	static const enum live_event_kind kinds[] = {
		[LIVE_STATE_MISSING] = LIVE_GONE,
		[LIVE_STATE_DOWN] = LIVE_DOWN,
		[LIVE_STATE_UP] = LIVE_BACK,
	};
	bool is_up = self->stats.state == LIVE_STATE_UP;

	emit(self, world,
	     (struct live_event){
		     .kind = is_up && !self->is_told ? LIVE_UP : kinds[self->stats.state],
		     .from = self->well_at,
		     .reason = is_up ? "" : self->problem,
	     });
	self->is_told = true;
	if (is_up)
		see_well(self, live_clock_now(&world->clock));
}

static void become(struct live_interface *self, const struct live_world *world,
		   enum live_state state)
{
	if (self->stats.state == state)
		return;
	if (self->stats.state == LIVE_STATE_UP)
		self->stats.gaps++;
	self->stats.state = state;
	tell_state(self, world);
}

static void add_losses(struct live_interface *self, const struct live_world *world)
{
	struct live_losses now = live_handle_losses(self->handle);
	struct live_event event = {
		.kind = LIVE_DROPPED,
		.from = self->counted_at,
		.dropped_kernel = now.kernel - self->counted.kernel,
		.dropped_interface = now.interface - self->counted.interface,
		.ring_freezes = now.freezes - self->counted.freezes,
		.reason = "",
	};

	self->counted = now;
	self->counted_at = live_clock_now(&world->clock);
	self->stats.dropped_kernel += event.dropped_kernel;
	self->stats.dropped_interface += event.dropped_interface;
	self->stats.ring_freezes += event.ring_freezes;
	if (event.dropped_kernel > 0 || event.dropped_interface > 0)
		emit(self, world, event);
}

static enum live_opening open_handle(struct live_interface *self, const struct live_world *world,
				     char words[static LIVE_WORDS_LEN])
{
	/* Asked first, for libpcap has devices of its own that are no network interfaces. */
	if (live_links_index(&world->links, self->stats.name) == 0)
		return LIVE_IS_MISSING;
	return live_handle_open(&self->handle, self->stats.name, &world->config, words);
}

static enum live_opening try_open(struct live_interface *self, const struct live_world *world)
{
	char words[LIVE_WORDS_LEN] = "";
	enum live_opening opening = open_handle(self, world, words);

	self->tried_at = world->clock.last.since_boot;
	live_problem_say(self->problem, self->stats.name, opening, words);
	if (opening == LIVE_OPENED) {
		self->head.is_open = true;
		self->stats.has_carrier =
			live_links_state(&world->links, self->stats.name) == LIVE_LINK_RUNNING;
		self->has_failed = false;
		self->is_leaving = false;
		self->counted = (struct live_losses){ 0 };
		self->counted_at = live_clock_now(&world->clock);
		self->looked_at = self->tried_at;
	}
	return opening;
}

static enum live_state state_of(enum live_opening opening)
{
	switch (opening) {
	case LIVE_OPENED:
		return LIVE_STATE_UP;
	case LIVE_IS_MISSING:
		return LIVE_STATE_MISSING;
	case LIVE_IS_DOWN:
	case LIVE_DENIED:
	case LIVE_REFUSED:
		break;
	}
	return LIVE_STATE_DOWN;
}

enum live_opening live_interface_start(struct live_interface *self, struct live_world *world,
				       unsigned number, const char *name)
{
	*self = (struct live_interface){ .stats.name = name,
					 .number = number,
					 .well_at = live_clock_now(&world->clock),
					 .back_off = BACK_OFF_LEAST };

	enum live_opening opening = try_open(self, world);

	self->stats.state = state_of(opening);
	self->stats.gaps = opening != LIVE_OPENED;
	return opening;
}

/* A head's bytes are the handle's, so that must wait until it was handed out. */
static bool drop_handle(struct live_interface *self, const struct live_world *world)
{
	if (self->head.has_frame)
		return false;
	if (world->clock.last.since_boot > self->tried_at + BACK_OFF_MOST)
		self->back_off = BACK_OFF_LEAST;
	add_losses(self, world);
	live_interface_stop(self);
	return true;
}

void live_interface_stop(struct live_interface *self)
{
	live_handle_close(self->handle);
	self->handle = NULL;
	self->head.is_open = false;
	self->stats.has_carrier = false;
}

/* The last block of its ring is handed over a while after; a new interface need not wait. */
static void leave(struct live_interface *self, const struct live_world *world)
{
	nanotime now = world->clock.last.since_boot;

	if (!self->is_leaving) {
		self->is_leaving = true;
		self->leaving_until = now + LIVE_CLOCK_LATENESS;
		live_problem_say(self->problem, self->stats.name, LIVE_IS_MISSING, "");
		become(self, world, LIVE_STATE_MISSING);
	}
	if (now >= self->leaving_until || live_links_index(&world->links, self->stats.name) != 0)
		(void)drop_handle(self, world);
}

/* libpcap failed on an interface that is there. */
static void give_up(struct live_interface *self, const struct live_world *world)
{
	live_problem_say(self->problem, self->stats.name, LIVE_REFUSED,
			 live_handle_words(self->handle));
	if (drop_handle(self, world))
		become(self, world, LIVE_STATE_DOWN);
}

static void look_at_flags(struct live_interface *self, const struct live_world *world)
{
	enum live_link link = live_links_state(&world->links, self->stats.name);

	self->stats.has_carrier = link == LIVE_LINK_RUNNING;
	if (link != LIVE_LINK_DOWN) {
		become(self, world, LIVE_STATE_UP);
		see_well(self, live_clock_now(&world->clock));
		return;
	}
	live_problem_say(self->problem, self->stats.name, LIVE_IS_DOWN, "");
	become(self, world, LIVE_STATE_DOWN);
}

static void look_at_handle(struct live_interface *self, const struct live_world *world, bool rang)
{
	nanotime now = world->clock.last.since_boot;

	if (self->is_leaving ||
	    !live_links_has_name(&world->links, live_handle_index(self->handle), self->stats.name))
		leave(self, world);
	else if (self->has_failed)
		give_up(self, world);
	else if (rang || now >= self->looked_at + LOOK_EVERY)
		look_at_flags(self, world);
	if (self->handle && now >= self->looked_at + LOOK_EVERY) {
		self->looked_at = now;
		add_losses(self, world);
	}
}

/* Each try doubles the time to the next; the bell makes it short again, and a while of success. */
static void look_for_one(struct live_interface *self, struct live_world *world, bool rang)
{
	if (rang)
		self->back_off = BACK_OFF_LEAST;
	if (world->clock.last.since_boot < self->tried_at + self->back_off)
		return;
	self->back_off = self->back_off * 2 < BACK_OFF_MOST ? self->back_off * 2 : BACK_OFF_MOST;
	become(self, world, state_of(try_open(self, world)));
}

void live_interface_look(struct live_interface *self, struct live_world *world, bool rang)
{
	follow_age(self, world);
	if (!self->is_told)
		tell_state(self, world);
	if (self->handle)
		look_at_handle(self, world, rang);
	if (!self->handle)
		look_for_one(self, world, rang);
}

/* From the kernel's stamp to packet time. */
static void receive(struct live_interface *self, struct live_world *world, struct frame *frame)
{
	nanotime t;

	if (live_clock_doubts(&world->clock, frame->time))
		live_world_measure(world);
	follow_age(self, world);
	t = live_clock_time(&world->clock, frame->time);
	if (t < self->head.passed)
		self->stats.late++;
	if (t < world->promised)
		t = world->promised;
	frame->time = t;
	frame->interface = (uint8_t)self->number;
	if (t > self->head.key)
		self->head.key = t;
	self->stats.received++;
	see_well(self, t);
}

static void note_answer(struct live_interface *self, struct live_world *world, bool is_good)
{
	if (is_good || self->is_leaving)
		return;
	self->has_failed = true;
	world->must_look = true;
}

/* Its ring was found empty after the last reading of the clock. */
static void pass(struct live_interface *self, const struct live_world *world, nanotime lateness)
{
	nanotime passed = live_clock_passed(&world->clock, lateness);

	if (passed > self->head.passed)
		self->head.passed = passed;
}

struct hand {
	struct live_interface *self;
	struct live_world *world;
	frame_take_fn *take;
	void *arg;
};

static void hand_out(void *arg, const struct frame *stamped)
{
	const struct hand *hand = arg;
	struct frame frame = *stamped;

	receive(hand->self, hand->world, &frame);
	hand->take(hand->arg, &frame);
}

uint64_t live_interface_read(struct live_interface *self, struct live_world *world, int most,
			     frame_take_fn *take, void *arg)
{
	struct hand hand = { self, world, take, arg };
	uint64_t count = 0;

	note_answer(self, world, live_handle_read(self->handle, most, hand_out, &hand, &count));
	if (count < (uint64_t)most)
		pass(self, world, LIVE_CLOCK_LATENESS);
	return count;
}

bool live_interface_fill(struct live_interface *self, struct live_world *world)
{
	bool has_frame = false;

	follow_age(self, world);
	if (self->head.has_frame)
		return true;
	note_answer(self, world, live_handle_next(self->handle, &self->frame, &has_frame));
	self->head.has_frame = has_frame;
	if (has_frame)
		receive(self, world, &self->frame);
	else
		pass(self, world,
		     live_handle_is_empty(self->handle) ? LIVE_CLOCK_TRANSIT : LIVE_CLOCK_LATENESS);
	return has_frame;
}
