#include "sensor/delivery/stream_verify.h"

#include "sensor/delivery/heartbeat_ends.h"
#include "sensor/delivery/stream_seen.h"

#include <stdlib.h>
#include <string.h>

struct sensor {
	char name[PARCEL_SENSOR_LEN];
	uint64_t latest[PARCEL_STREAMS]; /* the highest genuine sequence */
	bool is_genuine;                 /* something of it was, else it is only named */
	uint64_t heartbeat;              /* sequence of the one that `ends` is of; 0: none */
	struct stream_head ends[PARCEL_STREAMS];
};

struct stream_verify {
	struct verify_setup setup;
	struct verify_totals totals;
	struct stream_seen *seen;
	struct sensor *sensors; /* has room for VERIFY_SENSORS_MAX */
	size_t sensor_count;
	size_t last; /* whose the line before was: most often it is his again */
};

static const char *const fault_names[VERIFY_FAULTS] = {
	[VERIFY_UNREADABLE] = "unreadable", [VERIFY_UNKNOWN_KEY] = "unknown_key",
	[VERIFY_EDITED] = "edited",         [VERIFY_BODY_EDITED] = "body_edited",
	[VERIFY_REORDERED] = "reordered",   [VERIFY_REPLAYED] = "replayed",
	[VERIFY_FORKED] = "forked",         [VERIFY_BROKEN] = "broken",
	[VERIFY_MISSING] = "missing",       [VERIFY_CUT] = "cut",
};

const char *verify_fault_name(enum verify_fault fault)
{
	return fault_names[fault];
}

enum err stream_verify_new(struct stream_verify **out, const struct verify_setup *setup)
{
	struct stream_verify *v = calloc(1, sizeof(*v));

	if (!v)
		return ERR_MEMORY;
	v->setup = *setup;
	v->sensors = calloc(VERIFY_SENSORS_MAX, sizeof(v->sensors[0]));
	if (!v->sensors || stream_seen_new(&v->seen, setup->most_parcels) != ERR_OK) {
		stream_verify_free(v);
		return ERR_MEMORY;
	}
	*out = v;
	return ERR_OK;
}

void stream_verify_free(struct stream_verify *v)
{
	if (!v)
		return;
	stream_seen_free(v->seen);
	free(v->sensors);
	free(v);
}

static void found(struct stream_verify *v, const struct verify_finding *finding)
{
	v->totals.faults[finding->fault] += finding->last - finding->first + 1;
	v->setup.found(v->setup.arg, finding);
}

static void found_parcel(struct stream_verify *v, enum verify_fault fault, const struct parcel *p,
			 const char *why)
{
	const struct verify_finding finding = { .fault = fault,
						.line = v->totals.lines,
						.sensor = p->sensor,
						.stream = p->stream,
						.first = p->sequence,
						.last = p->sequence,
						.parcel = p,
						.why = why };

	found(v, &finding);
}

static void found_line(struct stream_verify *v, const char *why)
{
	const struct verify_finding finding = {
		.fault = VERIFY_UNREADABLE, .line = v->totals.lines, .sensor = "", .why = why
	};

	found(v, &finding);
}

static struct sensor *sensor_of(struct stream_verify *v, const char *name)
{
	size_t count = v->sensor_count;
	size_t i = v->last;

	if (i < count && strcmp(v->sensors[i].name, name) == 0)
		return &v->sensors[i];
	for (i = 0; i < count && strcmp(v->sensors[i].name, name) != 0; i++)
		;
	if (i == VERIFY_SENSORS_MAX)
		return NULL;
	if (i == count) {
		(void)snprintf(v->sensors[i].name, sizeof(v->sensors[i].name), "%s", name);
		v->sensor_count++;
	}
	v->last = i;
	return &v->sensors[i];
}

static uint32_t stream_number(const struct stream_verify *v, const struct sensor *sensor,
			      enum parcel_stream stream)
{
	return (uint32_t)((size_t)(sensor - v->sensors) * PARCEL_STREAMS + stream);
}

/* PARCEL_OTHER_SIGNER: by no key that was given for this sensor. */
static enum parcel_fault check(const struct stream_verify *v, const struct parcel *p)
{
	enum parcel_fault fault = PARCEL_OTHER_SIGNER;

	for (size_t i = 0; i < v->setup.key_count && fault == PARCEL_OTHER_SIGNER; i++) {
		const struct verify_key *key = &v->setup.keys[i];

		if (key->sensor[0] == '\0' || strcmp(key->sensor, p->sensor) == 0)
			fault = parcel_check(p, &key->public);
	}
	return fault;
}

static bool follows(const struct seen_parcel *before, const struct seen_parcel *after)
{
	static const uint8_t nothing[SEEN_CHAIN_LEN];
	const uint8_t *chain = nothing;

	if (after->sequence > 1) {
		if (!before || !before->is_genuine)
			return true; /* nothing is known of what it follows */
		chain = before->chain;
	}
	return memcmp(after->previous, chain, SEEN_CHAIN_LEN) == 0;
}

/* Both of its neighbours are looked at, since they come in any order. */
static void check_links(struct stream_verify *v, const struct parcel *p,
			const struct seen_parcel *now)
{
	const struct seen_parcel *before =
		stream_seen_find(v->seen, now->stream, now->sequence - 1);
	const struct seen_parcel *after = stream_seen_find(v->seen, now->stream, now->sequence + 1);

	if (!follows(before, now))
		found_parcel(v, VERIFY_BROKEN, p, "it names another one before it");
	if (after && after->is_genuine && !follows(now, after))
		found_parcel(v, VERIFY_BROKEN, p, "the one after it names another one before it");
}

/* What claims to be a parcel and is not covers its gap: it has been named already. */
static enum err note_claim(struct stream_verify *v, struct sensor *sensor, const struct parcel *p)
{
	const struct seen_parcel claim = { .sequence = p->sequence,
					   .stream = stream_number(v, sensor, p->stream) };

	if (stream_seen_find(v->seen, claim.stream, claim.sequence))
		return ERR_OK;
	return stream_seen_add(v->seen, &claim);
}

static void note_heartbeat(struct sensor *sensor, const struct parcel *p)
{
	if (p->kind != PARCEL_HEARTBEAT || p->sequence < sensor->heartbeat)
		return;
	sensor->heartbeat = p->sequence;
	heartbeat_ends(p->body, p->body_len, sensor->ends);
}

/* The signature fits; `has_body` when the body is its own too. */
static enum err take_genuine(struct stream_verify *v, struct sensor *sensor, const struct parcel *p,
			     bool has_body)
{
	uint64_t *latest = &sensor->latest[p->stream];
	struct seen_parcel now = { .sequence = p->sequence,
				   .stream = stream_number(v, sensor, p->stream),
				   .is_taken = true,
				   .is_genuine = true };
	struct seen_parcel *held = stream_seen_find(v->seen, now.stream, now.sequence);
	uint8_t chain[SHA256_LEN];
	enum err err = ERR_OK;

	parcel_chain(p, chain);
	memcpy(now.chain, chain, SEEN_CHAIN_LEN);
	memcpy(now.previous, p->previous, SEEN_CHAIN_LEN);
	if (held && held->is_genuine) {
		bool is_same = memcmp(held->chain, now.chain, SEEN_CHAIN_LEN) == 0;

		if (!is_same || has_body)
			found_parcel(v, is_same ? VERIFY_REPLAYED : VERIFY_FORKED, p, "");
		return ERR_OK;
	}
	if (held)
		*held = now;
	else
		err = stream_seen_add(v->seen, &now);
	if (err != ERR_OK)
		return err;
	v->totals.genuine++;
	sensor->is_genuine = true;
	if (p->sequence < *latest)
		found_parcel(v, VERIFY_REORDERED, p, "");
	else
		*latest = p->sequence;
	check_links(v, p, &now);
	if (has_body)
		note_heartbeat(sensor, p);
	return ERR_OK;
}

static enum err take_parcel(struct stream_verify *v, const struct parcel *p)
{
	enum parcel_fault fault = check(v, p);
	struct sensor *sensor = sensor_of(v, p->sensor);
	bool is_signed = fault == PARCEL_SOUND || fault == PARCEL_BODY_CHANGED;

	if (fault == PARCEL_BODY_CHANGED)
		found_parcel(v, VERIFY_BODY_EDITED, p, "");
	else if (fault == PARCEL_OTHER_SIGNER)
		found_parcel(v, VERIFY_UNKNOWN_KEY, p, "");
	else if (fault == PARCEL_BAD_SIGNATURE)
		found_parcel(v, VERIFY_EDITED, p, "");
	if (is_signed)
		return sensor ? take_genuine(v, sensor, p, fault == PARCEL_SOUND) : ERR_FULL;
	return sensor ? note_claim(v, sensor, p) : ERR_OK;
}

enum err stream_verify_line(struct stream_verify *v, const char *line, size_t len)
{
	char why[BATCH_PROBLEM_LEN] = "";
	struct batch one;
	enum err err;

	v->totals.lines++;
	if (batch_parse_line(line, len, &one, why) != ERR_OK) {
		found_line(v, why);
		return ERR_OK;
	}
	err = take_parcel(v, &one.parcels[0]);
	batch_free(&one);
	return err;
}

void stream_verify_long_line(struct stream_verify *v)
{
	v->totals.lines++;
	found_line(v, "longer than a parcel can be");
}

/* What is missing from `first` to `last`, of which the sensor's latest is the line to the tail. */
static void found_gap(struct stream_verify *v, const struct sensor *sensor, unsigned stream,
		      uint64_t first, uint64_t last)
{
	struct verify_finding finding = { .sensor = sensor->name,
					  .stream = (enum parcel_stream)stream,
					  .why = "" };

	if (first > last)
		return;
	finding.fault = first > sensor->latest[stream] ? VERIFY_CUT : VERIFY_MISSING;
	finding.first = first;
	finding.last = last;
	found(v, &finding);
}

/* The end that the latest heartbeat names is another one than what stands there. */
static void check_end(struct stream_verify *v, const struct sensor *sensor, unsigned stream)
{
	const struct stream_head *end = &sensor->ends[stream];
	const struct seen_parcel *held;
	const struct verify_finding finding = { .fault = VERIFY_FORKED,
						.sensor = sensor->name,
						.stream = (enum parcel_stream)stream,
						.first = end->sequence,
						.last = end->sequence,
						.why = "the latest heartbeat names another one "
						       "there" };

	if (end->sequence == 0)
		return;
	held = stream_seen_find(v->seen, stream_number(v, sensor, (enum parcel_stream)stream),
				end->sequence);
	if (held && held->is_genuine && memcmp(held->chain, end->chain, SEEN_CHAIN_LEN) != 0)
		found(v, &finding);
}

/* `*at` are this stream's, by sequence, up to `end`. */
static void find_gaps(struct stream_verify *v, uint32_t number, const struct seen_parcel **at,
		      const struct seen_parcel *end)
{
	const struct sensor *sensor = &v->sensors[number / PARCEL_STREAMS];
	unsigned stream = number % PARCEL_STREAMS;
	uint64_t latest = sensor->latest[stream];
	uint64_t issued = sensor->ends[stream].sequence;
	uint64_t next = 1;

	for (; *at < end && (*at)->stream == number; (*at)++) {
		uint64_t sequence = (*at)->sequence;

		/* A claim beyond all that is known to exist leaves no gap before it. */
		if (sequence > latest && sequence > issued)
			continue;
		found_gap(v, sensor, stream, next, sequence - 1);
		next = sequence + 1;
	}
	found_gap(v, sensor, stream, next, issued);
}

void stream_verify_end(struct stream_verify *v, struct verify_totals *out)
{
	const struct seen_parcel *at;
	const struct seen_parcel *end;
	size_t count;

	for (size_t i = 0; i < v->sensor_count; i++) {
		v->totals.sensors += v->sensors[i].is_genuine;
		for (unsigned stream = 0; stream < PARCEL_STREAMS; stream++)
			check_end(v, &v->sensors[i], stream);
	}
	at = stream_seen_sorted(v->seen, &count);
	end = at + count;
	for (uint32_t i = 0; i < v->sensor_count * PARCEL_STREAMS; i++)
		find_gaps(v, i, &at, end);
	*out = v->totals;
	out->is_whole = true;
	for (unsigned i = 0; i < VERIFY_FAULTS; i++)
		out->is_whole &= v->totals.faults[i] == 0;
}
