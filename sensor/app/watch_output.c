#include "sensor/app/watch_output.h"

#include "sensor/app/json_row.h"
#include "sensor/case/case_json.h"
#include "sensor/case/case_text.h"
#include "sensor/service/outlet.h"

#include <stdlib.h>
#include <unistd.h>

enum { PATIENCE_MILLISECONDS = 1000 };

struct watch_output {
	const struct read_report *report;
	struct journal *journal;
	struct outlet *outlet;
};

enum err watch_output_new(struct watch_output **out, const struct read_report *report,
			  struct journal *journal)
{
	struct watch_output *output = calloc(1, sizeof(*output));

	if (!output)
		return ERR_MEMORY;
	output->report = report;
	output->journal = journal;
	output->outlet = outlet_new(STDOUT_FILENO);
	if (!output->outlet) {
		free(output);
		return ERR_MEMORY;
	}
	*out = output;
	return ERR_OK;
}

void watch_output_free(struct watch_output *output)
{
	if (!output)
		return;
	outlet_finish(output->outlet, PATIENCE_MILLISECONDS);
	watch_output_look(output);
	outlet_free(output->outlet);
	free(output);
}

void watch_output_case(struct watch_output *output, const struct case_record *c,
		       const struct case_view *view)
{
	const struct read_report *report = output->report;
	struct json_row lines;

	if (!json_row_open(&lines))
		return;
	if (report->as_json)
		case_json(c, view, lines.out);
	else
		case_text(c, view, report->first_language, report->languages, lines.out);
	/* Of a row the newline at the end is not part. */
	if (json_row_close(&lines).len > 0)
		outlet_put(output->outlet,
			   (struct span){ (const uint8_t *)lines.chars, lines.len });
	json_row_free(&lines);
}

void watch_output_look(struct watch_output *output)
{
	char sentence[96];
	const struct journal_entry entry = { .level = JOURNAL_WARNING,
					     .event = "output_lost",
					     .sentence = sentence };
	uint64_t dropped;

	(void)outlet_flush(output->outlet);
	dropped = outlet_take_dropped(output->outlet);
	if (dropped == 0)
		return;
	(void)snprintf(sentence, sizeof(sentence),
		       "%llu changes of cases could not be told: nobody reads standard output",
		       (unsigned long long)dropped);
	journal_say(output->journal, &entry);
}
