#include "sensor/app/replay_report.h"

#include "sensor/app/output.h"
#include "sensor/config/config_lines.h"
#include "sensor/intel/intel_line.h"
#include "sensor/judge/capsule_terms.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_ROOM = 512 };

/* One capsule on its way through: which options were and are in force. */
struct telling {
	const struct replay_question *question;
	struct config then; /* as the capsule has them */
	struct config now;
	struct intel_sets *listed; /* what the capsule holds of its list; NULL is nothing */
};

/* A config_line_fn. */
static void tell_option(void *arg, const char *name, const char *why)
{
	const struct telling *t = arg;

	(void)printf("%s:   option %s: %s\n", output_text(t->question->path).chars,
		     output_text(name).chars, why);
}

static bool read_options(struct telling *t)
{
	const struct settings *settings = t->question->settings;
	struct span lines = t->question->capsule->parts[CAPSULE_OPTIONS];
	struct config given;

	config_defaults(&t->then);
	if (!config_lines_read(&t->then, (const char *)lines.data, lines.len, tell_option, t))
		return false;
	if (!settings_apply(settings, &given))
		return false;
	if (settings->file_count > 0) {
		t->now = given;
		return true;
	}
	t->now = t->then;
	return settings_assign(settings, &t->now);
}

static bool read_listed(struct telling *t)
{
	return intel_lines_read(t->question->capsule->parts[CAPSULE_LISTED], &t->listed) == ERR_OK;
}

static enum err replay(const struct telling *t, const struct config *config,
		       struct replay_answer *answer)
{
	const struct intel_sets *given = t->question->indicators;
	const struct replay_setup setup = { .config = config,
					    .indicators = given ? given : t->listed,
					    .decisions = t->question->decisions,
					    .place_databases = t->question->place_databases };

	return capsule_replay(t->question->capsule, &setup, answer);
}

static void begin_line(const struct telling *t)
{
	(void)printf("%s:   ", output_text(t->question->path).chars);
}

static const char *or_nothing(const char *text)
{
	return text[0] != '\0' ? text : "nothing";
}

static void tell_change(const struct telling *t, const char *what, const char *name,
			const char *before, const char *now)
{
	begin_line(t);
	(void)printf("%s %s: ", what, output_text(name).chars);
	(void)printf("was %s, ", output_text(or_nothing(before)).chars);
	(void)printf("is %s\n", output_text(or_nothing(now)).chars);
}

static void tell_difference(const struct telling *t, const struct option *option)
{
	char before[VALUE_ROOM];
	char now[VALUE_ROOM];

	config_option_text(&t->then, option, before, sizeof(before));
	config_option_text(&t->now, option, now, sizeof(now));
	tell_change(t, "option", option->name, before, now);
}

/* Whether that option alone makes the verdict another. */
static bool is_to_blame(const struct telling *t, const struct option *option)
{
	struct config config = t->then;
	struct replay_answer answer;

	config_take_option(&config, &t->now, option);
	return replay(t, &config, &answer) != ERR_OK || answer.outcome != REPLAY_SAME;
}

/* Those that do it alone; else all that differ, which do it together. How many. */
static size_t tell_options(const struct telling *t)
{
	const struct option *option;
	size_t told = 0;
	size_t at = 0;

	while ((option = config_next_difference(&t->then, &t->now, &at))) {
		if (!is_to_blame(t, option))
			continue;
		tell_difference(t, option);
		told++;
	}
	at = 0;
	while (told == 0 && (option = config_next_difference(&t->then, &t->now, &at)))
		tell_difference(t, option);
	return at;
}

/* What the databases said is in the capsule itself: they are not missed. */
static bool is_asked(const struct telling *t, const struct capsule_term *term)
{
	static const char of_places[] = "places.";

	return !t->question->place_databases &&
	       strncmp(term->name, of_places, strlen(of_places)) == 0;
}

static size_t tell_terms(const struct telling *t, const char *what, enum capsule_part part,
			 const struct text *now)
{
	const struct span is = { (const uint8_t *)now->chars, now->len };
	struct capsule_term term;
	size_t told = 0;
	size_t at = 0;

	while (capsule_next_term(t->question->capsule->parts[part], is, &at, &term)) {
		if (is_asked(t, &term))
			continue;
		tell_change(t, what, term.name, term.before, term.now);
		told++;
	}
	return told;
}

/* The list of bad names is only missed where the verdict names one of it. */
static bool needs_list(const struct telling *t)
{
	return t->question->indicators || t->question->capsule->parts[CAPSULE_LISTED].len > 0;
}

static size_t tell_rules_and_data(const struct telling *t)
{
	static const char list[] = "indicators=";
	const struct capsule_data in_force = { .indicators = t->question->indicators,
					       .decisions = t->question->decisions,
					       .place_databases = t->question->place_databases };
	char chars[CAPSULE_TERMS_LEN];
	struct text now = text_over(chars, sizeof(chars));
	struct telling rest = *t;
	struct capsule capsule = *t->question->capsule;
	struct replay_question question = *t->question;
	struct span *data = &capsule.parts[CAPSULE_DATA];
	size_t told;

	capsule_terms_rules(&now);
	told = tell_terms(t, "rule", CAPSULE_RULES, &now);
	now = text_over(chars, sizeof(chars));
	capsule_terms_data(&in_force, &now);
	if (!t->question->indicators && data->len > strlen(list) &&
	    memcmp(data->data, list, strlen(list)) == 0) {
		struct cursor in = cursor_over(data->data, data->len);

		(void)cursor_take_until(&in, '\n'); /* the capsule's own part of it was asked */
		*data = in.rest;
	}
	question.capsule = &capsule;
	rest.question = &question;
	return told + tell_terms(&rest, "data", CAPSULE_DATA, &now);
}

/* Why it may be another, as far as anything says. */
static void tell_causes(const struct telling *t, const struct replay_answer *answer)
{
	const struct capsule *capsule = t->question->capsule;
	struct span program = capsule->parts[CAPSULE_PROGRAM];
	size_t told = tell_options(t) + tell_rules_and_data(t);

	if (answer->rows_refused > 0) {
		begin_line(t);
		(void)printf(
			"this version keeps '%s' in another form, or what the capsule holds of "
			"it makes no sense: %" PRIu32 " rows left out\n",
			output_text(answer->refused).chars, answer->rows_refused);
		told++;
	}
	if (program.len != strlen(HINOMI_VERSION) ||
	    memcmp(program.data, HINOMI_VERSION, program.len) != 0) {
		char version[VALUE_ROOM];

		(void)snprintf(version, sizeof(version), "%.*s", (int)program.len,
			       (const char *)program.data);
		tell_change(t, "program", "hinomi", version, HINOMI_VERSION);
		told++;
	}
	if (capsule->head.not_noted > 0) {
		begin_line(t);
		(void)printf("the capsule is incomplete: it had no room for %" PRIu64 " rows\n",
			     capsule->head.not_noted);
		told++;
	}
	if (told == 0 && needs_list(t) && !t->question->indicators) {
		begin_line(t);
		(void)puts("data indicators: give the sets with --intel");
		told++;
	}
	if (told == 0) {
		begin_line(t);
		(void)puts("nothing that it names has changed: the program itself has");
	}
}

static void tell_verdict(const struct telling *t, const char *how)
{
	struct span verdict = t->question->capsule->parts[CAPSULE_VERDICT];
	char priority[8];
	char rule[32];
	char kind[64];
	char device[128];
	char id[64];
	char revision[16];

	capsule_verdict_field(verdict, "case.priority", priority, sizeof(priority));
	capsule_verdict_field(verdict, "rule", rule, sizeof(rule));
	capsule_verdict_field(verdict, "kind", kind, sizeof(kind));
	capsule_verdict_field(verdict, "device.name", device, sizeof(device));
	capsule_verdict_field(verdict, "case", id, sizeof(id));
	capsule_verdict_field(verdict, "case.revision", revision, sizeof(revision));
	(void)printf("%s: %s: P", output_text(t->question->path).chars, how);
	(void)printf("%s ", output_text(priority).chars);
	(void)printf("%s %s, ", output_text(rule).chars, kind);
	(void)printf("%s ", output_text(device).chars);
	(void)printf("(case %s revision %s)\n", output_text(id).chars, revision);
}

static bool tell(struct telling *t)
{
	struct replay_answer answer;
	enum err err = replay(t, &t->now, &answer);

	if (err == ERR_MEMORY) {
		(void)fputs("hinomi: out of memory\n", stderr);
		return false;
	}
	if (err != ERR_OK) {
		tell_verdict(t, "cannot be judged");
		begin_line(t);
		(void)puts("its fact is of another version of the sensor, or of another machine");
		return false;
	}
	if (answer.outcome == REPLAY_SAME) {
		tell_verdict(t, "the same");
		(void)tell_rules_and_data(t);
		return true;
	}
	tell_verdict(t, answer.outcome == REPLAY_DIFFERS ? "not the same" : "not any more");
	if (answer.outcome == REPLAY_DIFFERS)
		tell_change(t, "verdict", answer.first.name, answer.first.before, answer.first.now);
	tell_causes(t, &answer);
	return false;
}

bool replay_tell(const struct replay_question *question)
{
	struct telling *t = calloc(1, sizeof(*t));
	bool is_same = false;

	if (!t) {
		(void)fputs("hinomi: out of memory\n", stderr);
		return false;
	}
	t->question = question;
	if (read_options(t) && read_listed(t))
		is_same = tell(t);
	else
		(void)printf("%s: its options or indicators make no sense\n",
			     output_text(question->path).chars);
	intel_sets_free(t->listed);
	free(t);
	return is_same;
}

/* Cleaned line by line: what stands in a file may be anything. */
static void show_lines(struct span lines)
{
	struct cursor in = cursor_over(lines.data, lines.len);

	while (cursor_left(&in) > 0) {
		struct span line = cursor_take_until(&in, '\n');
		char shown[VALUE_ROOM * 4];

		(void)text_from_wire(line, shown, sizeof(shown));
		(void)puts(shown);
	}
}

void replay_show(const struct capsule *capsule)
{
	const struct capsule_head *head = &capsule->head;
	char digest[HEX_DIGEST_LEN];
	char previous[HEX_DIGEST_LEN];
	char when[NANOTIME_TEXT_LEN];
	struct capsule_row row;
	size_t at = 0;

	capsule_hex(capsule->parts[CAPSULE_DIGEST].data, digest);
	capsule_hex(head->previous, previous);
	nanotime_text(head->when, when);
	(void)printf("number=%" PRIu64 "\ndigest=%s\nprevious=%s\nwhen=%s\nnot_noted=%" PRIu64
		     "\nnot_made=%" PRIu64 "\n",
		     head->number, digest, previous, when, head->not_noted, head->not_made);
	show_lines(capsule->parts[CAPSULE_PROGRAM]);
	show_lines(capsule->parts[CAPSULE_IDENTITY]);
	show_lines(capsule->parts[CAPSULE_OPTIONS]);
	show_lines(capsule->parts[CAPSULE_RULES]);
	show_lines(capsule->parts[CAPSULE_DATA]);
	show_lines(capsule->parts[CAPSULE_FINISHED]);
	while (capsule_next_row(capsule, &at, &row))
		(void)printf("row=%s %zu bytes\n", output_text(row.table).chars, row.row.value.len);
	show_lines(capsule->parts[CAPSULE_VERDICT]);
}
