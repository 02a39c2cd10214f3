#include "sensor/judge/capsules.h"

#include "sensor/config/config_lines.h"
#include "sensor/fact/fact_sound.h"
#include "sensor/intel/intel_line.h"
#include "sensor/judge/capsule_slice.h"
#include "sensor/judge/capsule_terms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEEPERS = 2, OPTIONS_ROOM = 64 << 10 };

struct capsules {
	struct capsules_setup setup;
	struct lru_journal *journal;
	struct capsule_slice *slice;
	const struct fact *fact;
	const char *finishing;
	uint8_t *bytes;
	char *options;
	char *verdict;
	struct capsule_counts counts;
	struct fact tidy; /* the fact as it is written down */
};

enum err capsules_new(struct capsules **out, const struct capsules_setup *setup)
{
	struct capsules *capsules = calloc(1, sizeof(*capsules));
	enum err err = capsules ? ERR_OK : ERR_MEMORY;
	uint32_t first = 0;

	if (err != ERR_OK)
		return err;
	capsules->setup = *setup;
	capsules->bytes = malloc(CAPSULE_BYTES_MAX);
	capsules->options = malloc(OPTIONS_ROOM);
	capsules->verdict = malloc(CAPSULE_VERDICT_LEN);
	if (!capsules->bytes || !capsules->options || !capsules->verdict)
		err = ERR_MEMORY;
	if (err == ERR_OK)
		err = lru_journal_new(&capsules->journal, CAPSULES_JOURNAL_BYTES);
	if (err == ERR_OK)
		err = capsule_slice_new(&capsules->slice);
	for (size_t i = 0; i < KEEPERS && err == ERR_OK; i++) {
		err = keeper_watch(setup->keepers[i], capsules->journal, first);
		first += KEEPER_TABLES_MAX;
	}
	if (err != ERR_OK) {
		capsules_free(capsules);
		return err;
	}
	*out = capsules;
	return ERR_OK;
}

void capsules_free(struct capsules *capsules)
{
	if (!capsules)
		return;
	capsule_slice_free(capsules->slice);
	lru_journal_free(capsules->journal);
	free(capsules->verdict);
	free(capsules->options);
	free(capsules->bytes);
	free(capsules);
}

void capsules_show(struct capsules *capsules, const struct fact *excerpt)
{
	capsule_slice_keep(capsules->slice, excerpt);
}

struct lru_journal *capsules_journal(struct capsules *capsules)
{
	return capsules->journal;
}

void capsules_begin(struct capsules *capsules, const struct fact *fact, const char *finishing)
{
	capsules->fact = fact;
	capsules->finishing = finishing;
	lru_journal_begin(capsules->journal);
	for (size_t i = 0; i < KEEPERS; i++)
		keeper_note_places(capsules->setup.keepers[i]);
}

static void write_options(struct capsules *capsules, struct capsule_writer *w)
{
	FILE *stream = fmemopen(capsules->options, OPTIONS_ROOM, "w");
	long len = -1;

	capsule_write_part(w, CAPSULE_OPTIONS);
	if (stream) {
		config_lines_write(capsules->setup.config, stream);
		len = fflush(stream) == 0 ? ftell(stream) : -1;
		(void)fclose(stream);
	}
	if (len < 0 || len >= OPTIONS_ROOM)
		w->is_full = true;
	else
		capsule_write(w, capsules->options, (size_t)len);
}

static void write_terms(struct capsule_writer *w, const struct capsule_data *data)
{
	char chars[CAPSULE_TERMS_LEN];
	struct text terms = text_over(chars, sizeof(chars));

	capsule_terms_rules(&terms);
	capsule_write_part(w, CAPSULE_RULES);
	capsule_write_text(w, chars);
	w->is_full |= terms.is_cut;
	terms = text_over(chars, sizeof(chars));
	capsule_terms_data(data, &terms);
	capsule_write_part(w, CAPSULE_DATA);
	capsule_write_text(w, chars);
	w->is_full |= terms.is_cut;
}

static bool is_of_list(enum signal_kind kind)
{
	return kind == SIGNAL_LISTED_CONTACT || kind == SIGNAL_LISTED_LOOKUP ||
	       kind == SIGNAL_LISTED_CLIENT;
}

static void write_entry(struct capsule_writer *w, const struct intel_sets *sets,
			enum intel_purpose purpose, const char *item)
{
	char line[INTEL_LINE_LEN];
	struct text text = text_over(line, sizeof(line));

	if (intel_line_write(sets, purpose, item, &text) && !text.is_cut)
		capsule_write_text(w, line);
}

/* So that it can be replayed without the sets. A detail is the item, and who lists it. */
static void write_listed(struct capsule_writer *w, const struct intel_sets *sets,
			 const struct case_record *c)
{
	capsule_write_part(w, CAPSULE_LISTED);
	for (uint32_t i = 0; i < c->finding_count; i++) {
		const struct signal *s = &c->findings[i].signal;
		char item[FACT_NAME_LEN];

		(void)snprintf(item, sizeof(item), "%.*s", (int)strcspn(s->detail, " "), s->detail);
		if (is_of_list((enum signal_kind)s->kind))
			write_entry(w, sets, INTEL_INDICATORS, item);
		if (signal_find_reason(s, REASON_OFFICES))
			write_entry(w, sets, INTEL_PREVALENCE, s->object.text);
	}
}

static bool take_row(void *arg, const struct kept_row *row)
{
	capsule_write_row(arg, row);
	return true;
}

static void write_rows(struct capsules *capsules, struct capsule_writer *w)
{
	capsule_write_part(w, CAPSULE_ROWS);
	for (size_t i = 0; i < KEEPERS; i++)
		(void)keeper_images(capsules->setup.keepers[i], capsules->journal, take_row, w);
}

static void write_verdict(struct capsules *capsules, struct capsule_writer *w,
			  const struct case_record *c)
{
	struct text verdict = text_over(capsules->verdict, CAPSULE_VERDICT_LEN);

	capsule_verdict_write(c, &verdict);
	w->is_full |= verdict.is_cut;
	capsule_write_part(w, CAPSULE_VERDICT);
	capsule_write_text(w, capsules->verdict);
}

static void write_fact(struct capsules *capsules, struct capsule_writer *w)
{
	size_t size = capsules->fact ? fact_size(capsules->fact) : 0;

	capsule_write_part(w, CAPSULE_FACT);
	if (size == 0)
		return;
	memcpy(&capsules->tidy, capsules->fact, size);
	fact_tidy(&capsules->tidy);
	capsule_write(w, &capsules->tidy, size);
}

static void want_flow(struct slice_wanted *wanted, uint64_t id)
{
	if (id != 0 && wanted->flow_count < CAPSULE_SLICE_FLOWS)
		wanted->flows[wanted->flow_count++] = id;
}

static void write_packets(struct capsules *capsules, struct capsule_writer *w,
			  const struct case_record *c)
{
	struct slice_wanted wanted = { .addresses = c->device.addresses,
				       .address_count = c->device.address_count };

	for (uint32_t i = 0; i < c->finding_count; i++) {
		const struct signal *s = &c->findings[i].signal;

		for (uint8_t k = 0; k < s->flow_count; k++)
			want_flow(&wanted, s->flows[k].flow.id);
	}
	capsule_write_part(w, CAPSULE_PACKETS);
	capsule_slice_write(capsules->slice, &capsules->setup.config->capsule, &wanted, w);
}

static void write_all(struct capsules *capsules, struct capsule_writer *w,
		      const struct capsule_head *head, const struct case_record *c,
		      const struct capsule_data *data)
{
	capsule_write_begin(w, capsules->bytes, CAPSULE_BYTES_MAX);
	capsule_write_head(w, head);
	capsule_write_part(w, CAPSULE_PROGRAM);
	capsule_write_text(w, HINOMI_VERSION);
	capsule_write_part(w, CAPSULE_IDENTITY);
	capsule_write_text(w, capsules->setup.identity);
	write_options(capsules, w);
	write_terms(w, data);
	write_listed(w, data->indicators, c);
	write_fact(capsules, w);
	capsule_write_part(w, CAPSULE_FINISHED);
	if (!capsules->fact)
		capsule_write_text(w, capsules->finishing);
	write_rows(capsules, w);
	write_verdict(capsules, w, c);
	write_packets(capsules, w, c);
}

/* The day is that of the packets; one that comes again counts anew. */
static bool has_room(const struct capsules *capsules, struct capsule_chain *chain, nanotime when,
		     size_t bytes)
{
	const struct capsule_config *config = &capsules->setup.config->capsule;
	uint64_t day = (uint64_t)when / NANOTIME_DAY;

	if (chain->day != day) {
		chain->day = day;
		chain->count = 0;
		chain->bytes = 0;
	}
	return chain->count < config->daily && chain->bytes + bytes <= config->daily_bytes;
}

/* Where it is counted: made and kept, or why not. */
static uint64_t *make(struct capsules *capsules, const struct capsule_head *head,
		      const struct case_record *c, const struct capsule_data *data,
		      struct capsule_chain *chain)
{
	struct capsule_counts *counts = &capsules->counts;
	struct capsule_made made = { .number = head->number,
				     .case_id = c->id,
				     .revision = c->revision };
	uint8_t digest[SHA256_LEN];
	struct capsule_writer w;

	if (!has_room(capsules, chain, head->when, 0))
		return &counts->beyond_daily;
	write_all(capsules, &w, head, c, data);
	if (!capsule_write_end(&w, digest))
		return &counts->too_large;
	if (!has_room(capsules, chain, head->when, w.len))
		return &counts->beyond_daily;
	made.bytes = (struct span){ w.bytes, w.len };
	if (!capsules->setup.made(capsules->setup.arg, &made))
		return &counts->not_kept;
	chain->number = head->number;
	memcpy(chain->digest, digest, sizeof(digest));
	chain->count++;
	chain->bytes += w.len;
	return &counts->made;
}

void capsules_make(struct capsules *capsules, const struct case_record *c,
		   const struct capsule_data *data, struct capsule_chain *chain)
{
	struct capsule_head head = { .number = chain->number + 1,
				     .when = capsules->fact ? capsules->fact->time : c->last,
				     .layout = capsule_layout(),
				     .revision = c->revision,
				     .not_noted = capsules->journal->left_out,
				     .not_made = chain->not_made };
	uint64_t *counted;

	memcpy(head.previous, chain->digest, sizeof(head.previous));
	counted = make(capsules, &head, c, data, chain);
	(*counted)++;
	if (counted != &capsules->counts.made)
		chain->not_made++;
}

struct capsule_counts capsules_counts(const struct capsules *capsules)
{
	return capsules->counts;
}
