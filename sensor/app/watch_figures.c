#include "sensor/app/watch_figures.h"

#include <inttypes.h>

/* A family of figures: its name, what kind it is and what it says. */
static void family(FILE *out, const char *name, const char *type, const char *help)
{
	(void)fprintf(out, "# HELP hinomi_%s %s\n# TYPE hinomi_%s %s\n", name, help, name, type);
}

static void counter(FILE *out, const char *name, const char *help, uint64_t value)
{
	family(out, name, "counter", help);
	(void)fprintf(out, "hinomi_%s %" PRIu64 "\n", name, value);
}

static void gauge(FILE *out, const char *name, const char *help, uint64_t value)
{
	family(out, name, "gauge", help);
	(void)fprintf(out, "hinomi_%s %" PRIu64 "\n", name, value);
}

static void labelled(FILE *out, const char *name, const char *label, const char *text,
		     uint64_t value)
{
	(void)fprintf(out, "hinomi_%s{%s=\"%s\"} %" PRIu64 "\n", name, label, text, value);
}

enum { INTERFACE_FIGURES = 7 };

/* An interface's name holds no quote or backslash: the configuration refuses blanks and slashes,
 * and what is left of its bytes is written as Prometheus wants it. */
static void print_interface(FILE *out, const char *name, const struct live_stats *stats,
			    uint64_t value)
{
	(void)fprintf(out, "hinomi_%s{interface=\"", name);
	for (const char *c = stats->name; *c; c++) {
		if (*c == '"' || *c == '\\')
			(void)fputc('\\', out);
		(void)fputc(*c, out);
	}
	(void)fprintf(out, "\"} %" PRIu64 "\n", value);
}

static void print_interfaces(const struct watch_figures *f, FILE *out)
{
	static const struct {
		const char *name;
		const char *type;
		const char *help;
	} families[INTERFACE_FIGURES] = {
		{ "interface_up", "gauge", "Whether packets can be captured there now." },
		{ "interface_carrier", "gauge",
		  "Whether a cable is in, and somebody at its other end." },
		{ "interface_received_total", "counter", "Packets that were taken from there." },
		{ "interface_dropped_kernel_total", "counter",
		  "Packets that were lost because the sensor was too slow." },
		{ "interface_dropped_card_total", "counter",
		  "Packets that the card or its driver lost." },
		{ "interface_gaps_total", "counter", "Times that nothing could be captured." },
		{ "interface_late_total", "counter",
		  "Packets whose time was raised because others had gone ahead." },
	};

	for (size_t k = 0; k < INTERFACE_FIGURES; k++) {
		family(out, families[k].name, families[k].type, families[k].help);
		for (size_t i = 0; i < f->interface_count; i++) {
			const struct live_stats *s = &f->interfaces[i];
			const uint64_t values[INTERFACE_FIGURES] = { s->state == LIVE_STATE_UP,
								     s->has_carrier,
								     s->received,
								     s->dropped_kernel,
								     s->dropped_interface,
								     s->gaps,
								     s->late };

			print_interface(out, families[k].name, s, values[k]);
		}
	}
}

static void print_packets(const struct watch_figures *f, FILE *out)
{
	const struct pipeline_totals *t = f->pipeline;

	counter(out, "frames_total", "Frames taken from all interfaces.", t->frames);
	counter(out, "bytes_total", "Bytes on the wire of these frames.", t->bytes);
	counter(out, "packets_total", "Frames that held a packet which could be read.",
		t->decode.count[DECODE_OK]);
	counter(out, "duplicates_total", "Copies that a mirror port made.", t->duplicates);
	counter(out, "nat_twins_total", "Packets outside that were seen inside too.",
		t->vantage.nat_twins);
	counter(out, "routed_twins_total", "Packets that were passed on between inside networks.",
		t->vantage.routed_twins);
	counter(out, "outside_wire_total", "Packets outside of that wire alone.",
		t->vantage.outside_wire);
	counter(out, "own_traffic_total", "Packets of this machine's own, left out.",
		t->vantage.own_traffic);
	counter(out, "shed_total", "Packets that no lane was shown because it was too far behind.",
		f->shed);
	counter(out, "epochs_total", "Jumps of time by more than an hour.", t->epochs);
	family(out, "refused_total", "counter", "Frames that could not be read, by reason.");
	for (int r = DECODE_OK + 1; r < DECODE_RESULTS; r++)
		labelled(out, "refused_total", "reason", decode_result_name((enum decode_result)r),
			 t->decode.count[r]);
	gauge(out, "flows", "Live flows.", t->flows.live);
	gauge(out, "flows_capacity", "Flows that there is room for.", t->flows.capacity);
	counter(out, "flows_total", "Flows opened.", t->flows.opened);
	counter(out, "flows_evicted_total", "Flows ended early to make room.", t->flows.evicted);
	gauge(out, "clock_seconds", "Packet time.", f->clock / NANOTIME_SECOND);
}

/* A share of none is unknown, not zero. */
static void print_one_sided(const struct health_flows *flows, FILE *out)
{
	uint64_t one_sided = flows->client_only + flows->server_only;

	if (one_sided + flows->both == 0)
		return;
	family(out, "one_sided_share", "gauge",
	       "Of conversations that ended lately, those of which one side alone was seen.");
	(void)fprintf(out, "hinomi_one_sided_share %.4f\n",
		      (double)one_sided / (double)(one_sided + flows->both));
}

static void print_judge(const struct judge_totals *judge, FILE *out)
{
	gauge(out, "devices", "Devices known.", judge->devices);
	gauge(out, "cases", "Cases held.", judge->cases);
	counter(out, "facts_total", "Facts judged.", judge->facts);
	counter(out, "signals_total", "Signals of all detectors.", judge->signals);
	/* What turns out to be common is taken back. */
	gauge(out, "signals_in_cases", "Of them, those in cases.", judge->in_cases);
	family(out, "signals_held_total", "counter", "Of them, those held back, by reason.");
	for (int g = GATE_PASS + 1; g < GATE_ANSWERS; g++)
		labelled(out, "signals_held_total", "reason", gate_text((enum gate)g),
			 judge->held[g]);
}

static void print_decided(const struct decided_figures *decided, FILE *out)
{
	gauge(out, "rules_set_aside", "Rules that were almost never right, and are counted only.",
	      decided->rules_set_aside);
	gauge(out, "suppressions_expired", "Suppressions that do nothing any more.",
	      decided->expired);
	family(out, "suppression_in_force", "gauge", "Whether a suppression holds back signals.");
	for (size_t i = 0; i < decided->count; i++)
		labelled(out, "suppression_in_force", "id", decided->first[i].id,
			 decided->first[i].is_in_force);
	family(out, "suppression_held_total", "counter", "Signals that it held back.");
	for (size_t i = 0; i < decided->count; i++)
		labelled(out, "suppression_held_total", "id", decided->first[i].id,
			 decided->first[i].held);
	family(out, "suppression_shown_total", "counter",
	       "Signals that it covers and that were told, being P1.");
	for (size_t i = 0; i < decided->count; i++)
		labelled(out, "suppression_shown_total", "id", decided->first[i].id,
			 decided->first[i].shown);
}

static void print_capsules(const struct capsule_counts *counts, FILE *out)
{
	counter(out, "capsules_total", "Capsules, the evidence of cases, that were made.",
		counts->made);
	family(out, "capsules_left_out_total", "counter", "Capsules that were not, by reason.");
	labelled(out, "capsules_left_out_total", "reason", "too_large", counts->too_large);
	labelled(out, "capsules_left_out_total", "reason", "beyond_daily", counts->beyond_daily);
	labelled(out, "capsules_left_out_total", "reason", "not_kept", counts->not_kept);
}

/* Without a list or database there is no age to tell. */
static void print_lists(const struct health_lists *lists, nanotime now, FILE *out)
{
	gauge(out, "indicators", "Entries of the sets of indicators in use.", lists->entries);
	gauge(out, "indicators_refused", "Whether a set could not be used, so that another is.",
	      lists->has_refused);
	if (lists->made > 0)
		gauge(out, "indicators_age_seconds", "Since the oldest of these sets was made.",
		      nanotime_between(lists->made, now) / NANOTIME_SECOND);
	gauge(out, "place_databases_refused", "Databases of places that cannot be used.",
	      lists->databases_refused);
	if (lists->built > 0)
		gauge(out, "place_databases_age_seconds", "Since the oldest in use was built.",
		      nanotime_between(lists->built, now) / NANOTIME_SECOND);
}

static void print_store(const struct store_status *store, FILE *out)
{
	gauge(out, "store_ok", "Whether what is known can be written.", store->state == STORE_OK);
	counter(out, "store_written_bytes_total", "Bytes written since the start.",
		store->written_bytes);
	family(out, "store_refused_total", "counter", "Rows refused, to be tried again.");
	for (int c = 0; c < STORE_CLASSES; c++)
		labelled(out, "store_refused_total", "class", store_class_text((enum store_class)c),
			 store->refused[c]);
	family(out, "store_dropped_total", "counter", "Rows lost while the disk took none.");
	for (int c = 0; c < STORE_CLASSES; c++)
		labelled(out, "store_dropped_total", "class", store_class_text((enum store_class)c),
			 store->dropped[c]);
}

void watch_figures_print(const struct watch_figures *figures, FILE *out)
{
	family(out, "build_info", "gauge", "Always 1; its label says which version runs.");
	labelled(out, "build_info", "version", HINOMI_VERSION, 1);
	print_packets(figures, out);
	print_interfaces(figures, out);
	print_one_sided(&figures->conversations, out);
	print_judge(figures->judge, out);
	print_decided(figures->decided, out);
	print_capsules(figures->capsules, out);
	print_lists(figures->lists, figures->clock, out);
	print_store(figures->store, out);
}
