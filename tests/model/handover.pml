/*
 * The handover of a slot from lane to lane (Promela, for Spin): capture tells a lane of a flow in
 * a slot, later of its end, and then another lane of the next flow in that slot. The lane that is
 * told of a flow waits at the head of its ring until as many flows have ended in the slot as were
 * told of before. Rings are bounded, and capture waits when one is full.
 *
 * A worker looks at each of its lanes in turn and stops when all is closed, it could do nothing,
 * and nothing is left in its rings. A step that waits here is a sleep and another look there.
 *
 * -DWORKERS=1 gives both lanes to one. These must fail: with -DNO_WAIT a lane takes the slot while
 * another has it; with -DNO_LEFT a worker stops that could do nothing because it waited for the
 * other one; with -DCLOSED_LAST it asks whether all is closed after it found nothing left; with
 * -DEND_LATE a flow's end is told after the next flow in its slot.
 */
#define LANES 2
#define SLOTS 2
#define FLOWS 4
#define RING 2
#define NOBODY 9

#ifndef WORKERS
#define WORKERS 2
#endif

mtype = { FLOW, FLOW_END };

chan ring[LANES] = [RING] of { mtype, byte, byte }; /* what, slot, told before */
byte ended[SLOTS];                                  /* the slots', written by lanes */
byte holder[SLOTS];                                 /* which lane is between open and close */
bool is_closed = false;
byte put = 0;
byte taken = 0;
byte stopped = 0;

#ifdef NO_WAIT
#define HAS_READY(lane) nempty(ring[lane])
#define IS_READY        true
#else
#define HAS_READY(lane)                                                                            \
	(ring[lane] ? [FLOW_END, _, _] || ring[lane] ? [FLOW, 0, eval(ended[0])] ||                \
	 ring[lane] ? [FLOW, 1, eval(ended[1])])
#define IS_READY (what == FLOW_END || before == ended[slot])
#endif

/* Of lanes `self`, `self` + WORKERS … */
#define IS_MINE(lane)    (lane % WORKERS == self)
#define MAY_RUN(lane)    (IS_MINE(lane) && HAS_READY(lane))
#define HAS_LEFT(lane)   (IS_MINE(lane) && len(ring[lane]) > 0)

inline hand(to, what, at)
{
	if
	:: what == FLOW -> ring[to] ! FLOW, at, told[at]; told[at]++
	:: else -> ring[to] ! what, at, 0
	fi;
	put++
}

active proctype capture()
{
	byte told[SLOTS];
	byte lane_of[SLOTS]; /* of the live flow that was told; NOBODY */
	byte flows = 0;
	byte slot = 0;
	byte lane = 0;
	byte before = NOBODY;

	d_step {
		lane_of[0] = NOBODY;
		lane_of[1] = NOBODY
	}
	do
	:: flows < FLOWS ->
		atomic {
			if /* the first says which is called 0 */
			:: slot = 0
			:: flows > 0 -> slot = 1
			fi;
			if
			:: lane = 0
			:: flows > 0 -> lane = 1
			fi;
			before = lane_of[slot]
		}
#ifndef END_LATE
		if
		:: before != NOBODY -> hand(before, FLOW_END, slot)
		:: else
		fi;
#endif
		hand(lane, FLOW, slot);
#ifdef END_LATE
		if
		:: before != NOBODY -> hand(before, FLOW_END, slot)
		:: else
		fi;
#endif
		lane_of[slot] = lane;
		flows++
	:: else -> break
	od;
	slot = 0;
	do
	:: slot < SLOTS ->
		if
		:: lane_of[slot] != NOBODY -> hand(lane_of[slot], FLOW_END, slot)
		:: else
		fi;
		slot++
	:: else -> break
	od;
	is_closed = true;
	stopped == WORKERS;
	assert(taken == put);
	assert(ended[0] == told[0] && ended[1] == told[1])
}

inline act(lane)
{
	if
	:: what == FLOW ->
		assert(holder[slot] == NOBODY);
		holder[slot] = lane
	:: else ->
		assert(holder[slot] == lane);
		holder[slot] = NOBODY;
		ended[slot]++
	fi
}

/* What no longer matters makes no states. */
inline forget()
{
	d_step {
		what = 0;
		slot = 0;
		before = 0
	}
}

/* The record is consumed only after it was acted on, step by step. */
inline run_one(lane)
{
	if
	:: HAS_LEFT(lane) ->
		ring[lane] ? <what, slot, before>;
		if
		:: IS_READY ->
			act(lane);
			ring[lane] ? what, slot, before;
			taken++;
			has_run = true;
			forget()
		:: else -> forget()
		fi
	:: else
	fi
}

#ifdef NO_LEFT
#define FINDS_NOTHING_LEFT true
#else
#define FINDS_NOTHING_LEFT (!HAS_LEFT(0) && !HAS_LEFT(1))
#endif

proctype worker(byte self)
{
	mtype what;
	byte slot;
	byte before;
	bool has_run;
	bool was_closed;
	bool is_empty;

	do
	:: true ->
		has_run = false;
		was_closed = is_closed;
		run_one(0);
		run_one(1);
		if
		:: has_run
		:: !has_run ->
			is_empty = FINDS_NOTHING_LEFT;
#ifdef CLOSED_LAST
			was_closed = is_closed;
#endif
			if
			:: was_closed && is_empty -> break
			:: else ->
				is_empty = false;
				MAY_RUN(0) || MAY_RUN(1) || (is_closed && !was_closed)
			fi
		fi
	od;
	stopped++
}

init {
	byte i = 0;

	atomic {
		holder[0] = NOBODY;
		holder[1] = NOBODY;
		do
		:: i < WORKERS -> run worker(i); i++
		:: else -> break
		od
	}
}
