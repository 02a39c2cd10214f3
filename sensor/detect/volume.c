#include "sensor/detect/volume.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/upload.h"

#include <stddef.h>
#include <string.h>

enum { FLOWS = 1024, FLOW_LEAST = 4096 };

/* Ordinary offices move much, too: none of these opens a case by itself but the last. */
static const double prior_baseline = 0.25;
static const double prior_new_place = 0.2;
static const double prior_some = 0.1;
static const double prior_service = 0.2;
static const double prior_drip = 0.25;
static const double prior_staged = 0.5;

static const double times_no_name = 2;
static const double times_unknown_protocol = 2;
static const double times_large = 2;
static const double times_plain = 2;
static const double times_rented = 3; /* a name that anybody gets in a minute */

static const nanotime tell_again_after = NANOTIME_DAY;
static const double worth_telling_again = 1.15; /* so much surer than before */
static const nanotime staged_lasts = NANOTIME_DAY;

/* A flow of this run. No padding. */
/* What of a flow that goes on has been counted. */
struct counted {
	uint64_t up;
	uint64_t down;
};

struct volume {
	const struct volume_config *config;
	struct lru_map *flows;     /* struct talk_key → struct counted */
	struct lru_map *uploads;   /* struct upload_key → struct upload */
	struct lru_map *uploaders; /* device → struct uploader */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct volume *self = state;
	enum err err;

	self->config = &setup->config->detect.volume;
	err = lru_map_new(&self->flows, FLOWS, sizeof(struct talk_key), sizeof(struct counted));
	if (err == ERR_OK)
		err = lru_map_new(&self->uploads, (uint32_t)self->config->pairs,
				  sizeof(struct upload_key), sizeof(struct upload));
	if (err == ERR_OK)
		err = lru_map_new(&self->uploaders, (uint32_t)setup->config->judge.devices,
				  sizeof(uint32_t), sizeof(struct uploader));
	return err;
}

static void stop(void *state)
{
	struct volume *self = state;

	lru_map_free(self->flows);
	lru_map_free(self->uploads);
	lru_map_free(self->uploaders);
}

/* What the flow has moved since it was last counted. */
static struct counted count(struct volume *self, const struct fact *fact)
{
	const struct talk_key key = talk_key_of(&fact->flow);
	const struct counted now = { .up = fact->ended.bytes_up, .down = fact->ended.bytes_down };
	struct counted *before;
	struct counted more = now;
	bool is_new;

	if (fact->kind == FACT_FLOW_ENDED && lru_map_count(self->flows) == 0)
		return now;
	before = fact->kind == FACT_FLOW_ENDED ? lru_map_find(self->flows, &key)
					       : lru_map_touch(self->flows, &key, &is_new);
	if (!before)
		return now;
	more.up = now.up > before->up ? now.up - before->up : 0;
	more.down = now.down > before->down ? now.down - before->down : 0;
	if (fact->kind == FACT_FLOW_ENDED)
		lru_map_remove(self->flows, &key);
	else
		*before = now;
	return more;
}

static struct signal signal_of(const struct upload *upload, const struct observation *seen,
			       enum signal_kind kind, double prior)
{
	struct signal s = { .kind = (uint8_t)kind,
			    .direction = (uint8_t)seen->direction,
			    .outcome = OUTCOME_DATA,
			    .device = seen->device,
			    .first = upload->first,
			    .last = upload->last,
			    .count = 1,
			    .confidence = prior,
			    .object = upload->object,
			    .flow_count = upload->flow_count };

	memcpy(s.flows, upload->flows, sizeof(s.flows));
	return s;
}

static void weigh_place(struct signal *s, const struct upload *upload,
			const struct observation *seen)
{
	const char *protocol = fact_names_of(seen->fact)->protocol;

	if (seen->dns_seen && seen->peer_name[0] == '\0' && seen->resolved[0] == '\0')
		signal_evidence(s, REASON_NO_NAME, 1, times_no_name);
	if (protocol[0] == '\0' || strcmp(protocol, "Unknown") == 0)
		signal_evidence(s, REASON_UNKNOWN_PROTOCOL, 1, times_unknown_protocol);
	if (fact_names_of(seen->fact)->is_upload && strncmp(protocol, "HTTP", 4) == 0)
		signal_evidence(s, REASON_PLAIN_UPLOAD, 1, times_plain);
	if (upload->is_rented)
		signal_evidence(s, REASON_RENTED_PLACE, 1, times_rented);
}

static bool is_worth_telling(const struct upload *upload, enum upload_told what, double confidence)
{
	return upload->told_at[what] == 0 ||
	       confidence >= upload->told[what] * worth_telling_again ||
	       nanotime_between(upload->told_at[what], upload->last) >= tell_again_after;
}

static void tell(struct upload *upload, enum upload_told what, const struct signal *s,
		 struct signal_sink *sink)
{
	if (!is_worth_telling(upload, what, s->confidence))
		return;
	upload->told_at[what] = upload->last;
	upload->told[what] = s->confidence;
	sink->emit(sink, s);
}

/* Enough for an hour or a day; less where nearly nothing comes back. */
enum amount { AMOUNT_NONE, AMOUNT_SOME, AMOUNT_HOUR, AMOUNT_DAY };

static enum amount amount_of(const struct volume_config *c, const struct upload *upload,
			     double *lean)
{
	*lean = upload_lean(upload->up_day, upload->down_day);
	if (upload->up_day >= c->day_bytes && *lean >= c->lean)
		return AMOUNT_DAY;
	*lean = upload_lean(upload->up_hour, upload->down_hour);
	if (upload->up_hour >= c->hour_bytes && *lean >= c->lean)
		return AMOUNT_HOUR;
	return upload->up_hour >= c->some_bytes && *lean >= c->some_lean ? AMOUNT_SOME
									 : AMOUNT_NONE;
}

static void add_amount(struct signal *s, const struct volume_config *c, const struct upload *upload,
		       enum amount amount, double lean)
{
	static const char *const options[] = { "", "volume.some", "volume.hour", "volume.day" };
	const uint64_t least[] = { 0, c->some_bytes, c->hour_bytes, c->day_bytes };
	bool is_some = amount == AMOUNT_SOME;
	uint64_t sent = amount == AMOUNT_DAY ? upload->up_day : upload->up_hour;

	signal_condition(s, REASON_BYTES_UP, (double)sent, COMPARE_AT_LEAST, (double)least[amount],
			 options[amount]);
	signal_condition(s, REASON_LEAN, lean, COMPARE_AT_LEAST, is_some ? c->some_lean : c->lean,
			 is_some ? "volume.some_lean" : "volume.lean");
}

static void judge_new_place(struct volume *self, struct upload *upload,
			    const struct uploader *uploader, const struct observation *seen,
			    struct signal_sink *sink)
{
	const struct volume_config *c = self->config;
	nanotime age = nanotime_between(upload->first, upload->last);
	double lean;
	enum amount amount = amount_of(c, upload, &lean);
	bool is_staged = amount > AMOUNT_SOME && uploader->pulled >= c->staged_bytes &&
			 nanotime_between(uploader->pulled_last, upload->last) <= staged_lasts;
	struct signal s;

	if (amount == AMOUNT_NONE || age > c->new_for)
		return;
	s = signal_of(upload, seen, is_staged ? SIGNAL_STAGED_UPLOAD : SIGNAL_UPLOAD_NEW_PLACE,
		      is_staged               ? prior_staged
		      : amount == AMOUNT_SOME ? prior_some
					      : prior_new_place);
	add_amount(&s, c, upload, amount, lean);
	signal_condition(&s, REASON_KNOWN_FOR, nanotime_seconds(age), COMPARE_AT_MOST,
			 nanotime_seconds(c->new_for), "volume.new_for");
	if (is_staged)
		signal_condition(&s, REASON_PULLED, (double)uploader->pulled, COMPARE_AT_LEAST,
				 (double)c->staged_bytes, "volume.staged");
	weigh_place(&s, upload, seen);
	tell(upload, TOLD_NEW_PLACE, &s, sink);
}

static void judge_service(struct volume *self, struct upload *upload,
			  const struct observation *seen, struct signal_sink *sink)
{
	const struct volume_config *c = self->config;
	double lean = upload_lean(upload->up_hour, upload->down_hour);
	struct signal s;

	if (!upload->is_service || upload->up_hour < c->service_bytes || lean < c->lean)
		return;
	s = signal_of(upload, seen, SIGNAL_UPLOAD_SERVICE, prior_service);
	signal_condition(&s, REASON_BYTES_UP, (double)upload->up_hour, COMPARE_AT_LEAST,
			 (double)c->service_bytes, "volume.service");
	signal_condition(&s, REASON_LEAN, lean, COMPARE_AT_LEAST, c->lean, "volume.lean");
	if (upload->up_hour >= c->hour_bytes)
		signal_evidence(&s, REASON_LARGE_UPLOAD, 1, times_large);
	tell(upload, TOLD_SERVICE, &s, sink);
}

static void judge_drip(struct volume *self, struct upload *upload, const struct observation *seen,
		       struct signal_sink *sink)
{
	const struct volume_config *c = self->config;
	struct signal s;

	if (upload->drip_days < c->drip_days)
		return;
	s = signal_of(upload, seen, SIGNAL_SLOW_DRIP, prior_drip);
	s.count = upload->drip_days;
	signal_condition(&s, REASON_DRIP_DAYS, upload->drip_days, COMPARE_AT_LEAST,
			 (double)c->drip_days, "volume.drip_days");
	signal_tell(&s, REASON_BYTES_UP, (double)upload->up_day);
	weigh_place(&s, upload, seen);
	tell(upload, TOLD_DRIP, &s, sink);
}

static void judge_baseline(struct volume *self, const struct upload *upload,
			   struct uploader *uploader, const struct observation *seen,
			   struct signal_sink *sink)
{
	const struct volume_config *c = self->config;
	nanotime now = seen->fact->time;
	double most = (double)uploader->most;
	double excess;
	struct signal s;

	if (uploader->up_hour < c->usual_bytes || (double)uploader->up_hour < 2 * most ||
	    nanotime_between(uploader->first, now) < c->warm_up ||
	    (uploader->told_at != 0 && nanotime_between(uploader->told_at, now) < tell_again_after))
		return;
	excess = uploader_excess(uploader);
	if (excess < c->excess)
		return;
	uploader->told_at = now;
	s = signal_of(upload, seen, SIGNAL_UPLOAD_BASELINE, prior_baseline);
	signal_condition(&s, REASON_BYTES_UP, (double)uploader->up_hour, COMPARE_AT_LEAST,
			 (double)c->usual_bytes, "volume.usual");
	signal_condition(&s, REASON_EXCESS, excess, COMPARE_AT_LEAST, c->excess, "volume.excess");
	signal_condition(&s, REASON_KNOWN_FOR,
			 nanotime_seconds(nanotime_between(uploader->first, now)), COMPARE_AT_LEAST,
			 nanotime_seconds(c->warm_up), "volume.warm_up");
	signal_tell(&s, REASON_USUAL_MOST, most);
	sink->emit(sink, &s);
}

/* What a device fetches from the office's file servers. */
static bool is_file_service(uint16_t port)
{
	return port == 445 || port == 139 || port == 2049;
}

static struct uploader *uploader_of(struct volume *self, uint32_t device)
{
	bool is_new;

	return lru_map_touch(self->uploaders, &device, &is_new);
}

static void went_out(struct volume *self, const struct observation *seen,
		     const struct counted *more, struct signal_sink *sink)
{
	const struct upload_key key = upload_key_of(seen);
	struct uploader *uploader = uploader_of(self, seen->device);
	bool is_new;
	struct upload *upload = lru_map_touch(self->uploads, &key, &is_new);

	uploader_add(uploader, seen->fact->time, more->up);
	upload_add(upload, seen, more->up, more->down, self->config->drip_bytes);
	judge_new_place(self, upload, uploader, seen, sink);
	judge_service(self, upload, seen, sink);
	judge_drip(self, upload, seen, sink);
	judge_baseline(self, upload, uploader, seen, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct volume *self = state;
	const struct fact *fact = seen->fact;
	bool is_out = seen->direction == DIRECTION_OUTBOUND;
	struct counted more;

	if (seen->device == 0 || seen->is_group || !fact->ended.is_answered ||
	    (!is_out &&
	     (seen->direction != DIRECTION_LATERAL || !is_file_service(fact->flow.server_port))))
		return;
	if (is_out && fact->ended.bytes_up < FLOW_LEAST)
		return;
	more = count(self, fact);
	if (!is_out)
		uploader_pull(uploader_of(self, seen->device), fact->time, more.down,
			      self->config->staged_window);
	else if (more.up > 0 || more.down > 0)
		went_out(self, seen, &more, sink);
}

static const struct kept_table kept[] = {
	{ .name = "volume.flows",
	  .version = 1,
	  .at = offsetof(struct volume, flows),
	  .use = KEPT_AS_READ },
	{ .name = "volume.uploads",
	  .version = 1,
	  .at = offsetof(struct volume, uploads),
	  .tidy = upload_tidy,
	  .is_sound = upload_is_sound },
	{ .name = "volume.uploaders",
	  .version = 1,
	  .at = offsetof(struct volume, uploaders),
	  .is_sound = uploader_is_sound },
	{ 0 },
};

const struct detector detector_volume = {
	.name = "volume",
	.finds = "Uploads that are new, larger than usual, or patient.",
	.sees = DETECTOR_SEES(FACT_FLOW_GOES_ON) | DETECTOR_SEES(FACT_FLOW_ENDED),
	.state_size = sizeof(struct volume),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
