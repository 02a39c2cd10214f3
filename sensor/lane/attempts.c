#include "sensor/lane/attempts.h"

#include "sensor/base/lru_map.h"
#include "sensor/decode/packet.h"
#include "sensor/flow/flow_update.h"

#include <stdlib.h>
#include <string.h>

enum {
	HOSTS_MAX = 4096,
	GOES_ON = 4,           /* packets of one side that are more than an attempt */
	ALL_TOLD_OUTSIDE = 16, /* times the number for one host: by sources from outside */
	ALL_TOLD_INSIDE = 64,  /* … and from inside */
	STANDS_OUT_LEAST = 16, /* see stands_out() */
	STANDS_OUT_TIMES = 8,
};

static const nanotime window = 10 * NANOTIME_MINUTE;
static const nanotime crowd_lasts = 10 * NANOTIME_SECOND;

struct host {
	uint64_t told;
	uint32_t tried;               /* as a source, in the crowd of … */
	uint32_t crowd;               /* … this serial number */
	struct fact_attempts counted; /* only counted; its address is set with the first */
};

/* Sources inside once all together have had their number, for crowd_lasts. */
struct crowd {
	uint64_t when; /* in crowd_lasts */
	uint64_t tried;
	uint32_t sources; /* who tried */
	uint32_t serial;  /* the first is 1 */
};

struct attempts {
	const struct config *config;
	attempts_tell_fn *tell;
	void *arg;
	struct lru_map *sources; /* address → struct host */
	struct lru_map *targets;
	uint64_t window_number;
	uint64_t told_outside;
	uint64_t told_inside;
	uint32_t flooded; /* hosts that have had their number */
	struct crowd crowd;

	/*
	 * The target of the last flow, when it has had its number: each flow of a flood asks for
	 * the same, and nothing else is used between, so its turn need not be noted. NULL is none.
	 */
	struct host *flood;
	struct address flood_target;
};

enum err attempts_new(struct attempts **out, const struct config *config, attempts_tell_fn *tell,
		      void *arg)
{
	struct attempts *attempts = calloc(1, sizeof(*attempts));
	enum err err;

	if (!attempts)
		return ERR_MEMORY;
	attempts->config = config;
	attempts->tell = tell;
	attempts->arg = arg;
	err = lru_map_new(&attempts->sources, HOSTS_MAX, sizeof(struct address),
			  sizeof(struct host));
	if (err == ERR_OK)
		err = lru_map_new(&attempts->targets, HOSTS_MAX, sizeof(struct address),
				  sizeof(struct host));
	if (err != ERR_OK) {
		attempts_free(attempts);
		return err;
	}
	*out = attempts;
	return ERR_OK;
}

void attempts_free(struct attempts *attempts)
{
	if (!attempts)
		return;
	lru_map_free(attempts->sources);
	lru_map_free(attempts->targets);
	free(attempts);
}

/* Answered, and then nothing: what a flood does to a server that listens. */
static bool is_left_open(const struct flow_record *flow)
{
	return flow_is_half_open(flow) && (flow->tcp_flags[flow->client_side] & TCP_RST) == 0;
}

/*
 * Where only one direction is captured, every connection looks unanswered: one that goes on
 * sending payload was answered out of our sight.
 */
bool attempts_is_one(const struct flow_record *flow)
{
	enum flow_side client = (enum flow_side)flow->client_side;
	enum flow_side server = flow_side_other(client);
	bool is_refused = flow->key.protocol == IP_TCP &&
			  (flow->tcp_flags[server] & (TCP_RST | TCP_SYN)) == TCP_RST;
	bool is_answered = flow->packets[server] > 0 && !is_refused && !is_left_open(flow);

	if (flow_server_spoke(flow) || is_answered)
		return false;
	return flow->payload_packets == 0 || flow->packets[client] < GOES_ON;
}

static bool is_flooded(const struct attempts *attempts, const struct host *host)
{
	return host && host->told >= attempts->config->flow.attempts;
}

static void tell_host(struct attempts *attempts, const struct host *host)
{
	if (host->counted.count > 0)
		attempts->tell(attempts->arg, &host->counted);
}

static void tell_all(struct attempts *attempts, struct lru_map *hosts)
{
	const void *key;
	struct host *host;

	while ((host = lru_map_next(hosts, NULL, &key))) {
		struct address address = *(const struct address *)key;

		tell_host(attempts, host);
		lru_map_remove(hosts, &address);
	}
}

void attempts_finish(struct attempts *attempts)
{
	tell_all(attempts, attempts->sources);
	tell_all(attempts, attempts->targets);
	attempts->told_outside = 0;
	attempts->told_inside = 0;
	attempts->flooded = 0;
	attempts->flood = NULL;
	attempts->crowd.when = 0;
}

/* The longest unused makes room, and its figure is told before it is forgotten. */
static struct host *host_of(struct attempts *attempts, struct lru_map *hosts,
			    const struct address *address)
{
	bool is_new;

	if (lru_map_count(hosts) == HOSTS_MAX && !lru_map_find(hosts, address)) {
		struct host *oldest = lru_map_next(hosts, NULL, NULL);

		tell_host(attempts, oldest);
		attempts->flooded -= is_flooded(attempts, oldest);
	}
	return lru_map_touch(hosts, address, &is_new);
}

static void count(struct host *host, const struct address *address, bool is_target, nanotime first,
		  nanotime last)
{
	struct fact_attempts *counted = &host->counted;

	if (counted->count == 0)
		*counted = (struct fact_attempts){ .host = *address,
						   .is_target = is_target,
						   .first = first };
	counted->count++;
	if (first < counted->first) /* flows end in another order than they began in */
		counted->first = first;
	if (last > counted->last)
		counted->last = last;
}

static uint64_t *all_told(struct attempts *attempts, const struct address *source, uint64_t *most)
{
	bool is_inside = network_config_holds(&attempts->config->network, source);

	*most = attempts->config->flow.attempts * (is_inside ? ALL_TOLD_INSIDE : ALL_TOLD_OUTSIDE);
	return is_inside ? &attempts->told_inside : &attempts->told_outside;
}

/*
 * Whoever sends from ever new addresses inside shall not hide who scans beside them: a source that
 * tries more often than the others by far is told of all the same. Of the crowd itself that is an
 * eighth at most.
 */
static bool stands_out(struct attempts *attempts, struct host *from, nanotime now)
{
	struct crowd *crowd = &attempts->crowd;
	uint64_t when = now / crowd_lasts;

	if (crowd->when != when)
		*crowd = (struct crowd){ .when = when, .serial = crowd->serial + 1 };
	if (from->crowd != crowd->serial) {
		from->crowd = crowd->serial;
		from->tried = 0;
		crowd->sources++;
	}
	from->tried++;
	crowd->tried++;
	return from->tried >= STANDS_OUT_LEAST &&
	       (uint64_t)from->tried * (crowd->sources - 1) >=
		       (crowd->tried - from->tried) * STANDS_OUT_TIMES;
}

static void tell_one(struct attempts *attempts, struct host *host)
{
	host->told++;
	attempts->flooded += is_flooded(attempts, host);
}

static void note_flood(struct attempts *attempts, struct host *host, const struct address *target)
{
	attempts->flood = host;
	attempts->flood_target = *target;
}

/* Whoever has had their number: the target first, because a flood's sources may be forged. */
static bool is_only_counted(struct attempts *attempts, const struct flow_record *flow, nanotime now)
{
	const struct address *source = flow_client(flow);
	const struct address *target = flow_server(flow);
	struct host *to = host_of(attempts, attempts->targets, target);
	uint64_t most;

	attempts->flood = NULL;
	if (is_flooded(attempts, to)) {
		note_flood(attempts, to, target);
		count(to, target, true, flow->first, flow->last);
		return true;
	}

	struct host *from = host_of(attempts, attempts->sources, source);
	uint64_t *told = all_told(attempts, source, &most);

	if (is_flooded(attempts, from)) {
		count(from, source, false, flow->first, flow->last);
		return true;
	}
	if (*told < most) {
		(*told)++;
	} else if (told == &attempts->told_outside || !stands_out(attempts, from, now)) {
		count(to, target, true, flow->first, flow->last);
		return true;
	}
	tell_one(attempts, to);
	tell_one(attempts, from);
	return false;
}

static void follow_window(struct attempts *attempts, nanotime now)
{
	uint64_t number = now / window;

	if (number == attempts->window_number)
		return;
	attempts_finish(attempts);
	attempts->window_number = number;
}

bool attempts_admit(struct attempts *attempts, const struct flow_record *flow, nanotime now)
{
	follow_window(attempts, now);
	if (attempts->flood && address_equal(&attempts->flood_target, flow_server(flow))) {
		count(attempts->flood, &attempts->flood_target, true, flow->first, flow->last);
		return false;
	}
	return !is_only_counted(attempts, flow, now);
}

bool attempts_is_flooded(struct attempts *attempts, const struct address *source,
			 const struct address *target, nanotime now)
{
	uint64_t most;

	if (now / window != attempts->window_number)
		return false;
	if (attempts->flooded > 0 &&
	    (is_flooded(attempts, lru_map_find(attempts->targets, target)) ||
	     (!network_config_holds(&attempts->config->network, source) &&
	      is_flooded(attempts, lru_map_find(attempts->sources, source)))))
		return true;
	if (attempts->told_outside < attempts->config->flow.attempts * ALL_TOLD_OUTSIDE &&
	    attempts->told_inside < attempts->config->flow.attempts * ALL_TOLD_INSIDE)
		return false; /* without asking where the source is */
	return *all_told(attempts, source, &most) >= most;
}

bool attempts_has_flood(const struct attempts *attempts)
{
	return attempts->flooded > 0;
}

bool attempts_pass_over(struct attempts *attempts, const struct packet *syn)
{
	const struct address *target = packet_destination(syn);

	if (syn->time / window != attempts->window_number)
		return false;
	if (!attempts->flood || !address_equal(&attempts->flood_target, target)) {
		struct host *host = lru_map_find(attempts->targets, target);

		if (!is_flooded(attempts, host))
			return false;
		lru_map_renew(attempts->targets, host);
		note_flood(attempts, host, target);
	}
	count(attempts->flood, target, true, syn->time, syn->time);
	return true;
}
