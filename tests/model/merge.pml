/*
 * The merge of the lanes' facts (Promela, for Spin): capture numbers the packets and gives each to
 * a lane; a lane may make a fact of it; the judge takes the facts of all lanes in the order of
 * their packets' numbers. Every ring is bounded and every writer waits when its ring is full, as
 * in a run over files.
 *
 * A lane without packets hears of the numbers only by ticks, so the judge may have to hold many
 * facts of one lane until the other's watermark passes them. It must drain both rings meanwhile:
 * with -DNO_DRAIN it waits for the lane that is behind, which looks sufficient and deadlocks. With
 * -DNO_WATERMARK it judges the oldest fact it has, and the order breaks.
 */
#define PACKETS 5
#define TICK_EVERY 3
#define RING 1
#define END 255 /* the last watermark: above every number */

chan lane_ring[2] = [RING] of { byte, bool }; /* number, is a packet and not a tick */
chan fact_ring[2] = [RING] of { byte, bool }; /* number, is a fact and not only a watermark */
chan store[2] = [PACKETS] of { byte };        /* the judge's own: facts that wait */
byte facts_made = 0;

#ifdef NO_DRAIN
#define MAY_TAKE(lane) (watermark[lane] != END && watermark[lane] <= watermark[1 - lane])
#else
#define MAY_TAKE(lane) nempty(fact_ring[lane])
#endif

#ifdef NO_WATERMARK
#define IS_PASSED(number, lane) true
#else
#define IS_PASSED(number, lane) (number <= watermark[lane])
#endif

/* The oldest fact of `lane` can be judged: the other lane cannot come with an older one. */
#define MAY_JUDGE(lane)                                                                            \
	(oldest[lane] != 0 && IS_PASSED(oldest[lane], 1 - lane) &&                                 \
	 (oldest[1 - lane] == 0 || oldest[lane] < oldest[1 - lane]))

active proctype capture()
{
	byte number = 1;

	do
	:: number <= PACKETS ->
		if
		:: lane_ring[0] ! number, true
		:: lane_ring[1] ! number, true
		fi;
		if
		:: number % TICK_EVERY == 0 ->
			lane_ring[0] ! number, false;
			lane_ring[1] ! number, false
		:: else
		fi;
		number++
	:: else -> break
	od;
	lane_ring[0] ! END, false;
	lane_ring[1] ! END, false
}

proctype classify(byte self)
{
	byte number;
	bool is_packet;

	do
	:: lane_ring[self] ? number, is_packet ->
		if
		:: atomic {
			is_packet -> fact_ring[self] ! number, true;
			facts_made++
		}
		:: fact_ring[self] ! number, false /* a tick, or a packet without news */
		fi;
		if
		:: number == END -> break
		:: else
		fi
	od
}

inline find_oldest(i)
{
	if
	:: len(store[i]) > 0 -> store[i] ? <oldest[i]>
	:: len(store[i]) == 0 -> oldest[i] = 0
	fi
}

inline take(i)
{
	fact_ring[i] ? number, is_fact;
	d_step {
		watermark[i] = number;
		if
		:: is_fact -> store[i] ! number
		:: !is_fact
		fi;
		find_oldest(i);
		number = 0;
		is_fact = false
	}
}

inline judge_oldest(i)
{
	d_step {
		store[i] ? number;
		assert(number > judged_last);
		judged_last = number;
		facts_judged++;
		find_oldest(i);
		number = 0
	}
}

proctype judge()
{
	byte watermark[2];
	byte oldest[2]; /* 0: none is waiting */
	byte judged_last = 0;
	byte facts_judged = 0;
	byte number;
	bool is_fact;

	do
	:: atomic { MAY_TAKE(0) -> take(0) }
	:: atomic { MAY_TAKE(1) -> take(1) }
	:: atomic { MAY_JUDGE(0) -> judge_oldest(0) }
	:: atomic { MAY_JUDGE(1) -> judge_oldest(1) }
	:: watermark[0] == END && watermark[1] == END && oldest[0] == 0 && oldest[1] == 0 -> break
	od;
	assert(facts_judged == facts_made)
}

init {
	atomic {
		run classify(0);
		run classify(1);
		run judge()
	}
}
