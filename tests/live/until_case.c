/*
 * At which packet each finding of a case is there, when a capture is read frame by frame.
 *
 * Usage: until_case [--set NAME=VALUE]... [--intel FILE]... INSIDE [OUTSIDE]
 * Prints a line for each: packet time in nanoseconds, and the finding's id. What
 * only the end of the capture brings is left out: the live sensor has no such end.
 */
#include "sensor/app/intel_files.h"
#include "sensor/app/pipeline.h"
#include "sensor/app/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FILES_MAX = 2, FINDINGS_MAX = 256, OUTSIDE = 1 };

struct until_case {
	struct config config;
	struct judge *judge;
	struct pipeline *pipeline;
	struct capture_set *captures;
	char told[FINDINGS_MAX][CASE_ID_LEN];
	size_t told_count;
};

static bool is_told(struct until_case *self, const char *id)
{
	for (size_t i = 0; i < self->told_count; i++) {
		if (strcmp(self->told[i], id) == 0)
			return true;
	}
	if (self->told_count < FINDINGS_MAX)
		memcpy(self->told[self->told_count++], id, CASE_ID_LEN);
	return false;
}

/* A judge_case_fn. */
static void case_changed(void *arg, const struct case_record *c, enum case_change how)
{
	struct until_case *self = arg;

	(void)how;
	for (uint32_t i = 0; i < c->finding_count; i++) {
		const struct finding *finding = &c->findings[i];

		if (!is_told(self, finding->id))
			(void)printf("%" PRIu64 " %s\n", (uint64_t)pipeline_clock(self->pipeline),
				     finding->id);
	}
}

static enum err open_all(struct until_case *self, const struct intel_sets *indicators,
			 const char *const *files, size_t count)
{
	const struct judge_setup judge = { .config = &self->config,
					   .indicators = indicators,
					   .identity = "",
					   .case_changed = case_changed,
					   .case_arg = self };
	enum err err = judge_new(&self->judge, &judge);

	if (err != ERR_OK)
		return err;

	/* Without workers the judge is asked within pipeline_take(). */
	const struct pipeline_setup pipeline = { .config = &self->config,
						 .judge = self->judge,
						 .outside = count > 1 ? 1U << OUTSIDE : 0 };

	err = pipeline_new(&self->pipeline, &pipeline);
	if (err == ERR_OK)
		err = capture_set_new(&self->captures, files, count);
	if (err == ERR_OK)
		capture_set_number(self->captures, 1, OUTSIDE);
	return err;
}

static enum err read_all(struct until_case *self)
{
	enum err err = pipeline_begin(self->pipeline);

	while (err == ERR_OK && capture_set_read(self->captures, 1, pipeline_take, self->pipeline))
		pipeline_settle(self->pipeline);
	return err;
}

static void release(struct until_case *self)
{
	capture_set_free(self->captures);
	pipeline_free(self->pipeline);
	judge_free(self->judge);
}

int main(int argc, char **argv)
{
	static struct until_case self;
	struct settings settings = { 0 };
	struct intel_files intel = { 0 };
	struct intel_sets *indicators = NULL;
	int i = 1;
	enum err err;

	for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
		bool is_set = strcmp(argv[i], "--set") == 0;

		if (!(is_set ? settings_add(&settings, argv[i + 1])
			     : intel_files_add(&intel, argv[i + 1])))
			return 2;
	}
	if (i == argc || argc - i > FILES_MAX || !settings_apply(&settings, &self.config) ||
	    !intel_files_read(&intel, &self.config, &indicators, NULL, NULL))
		return 2;
	err = open_all(&self, indicators, (const char *const *)argv + i, (size_t)(argc - i));
	if (err == ERR_OK)
		err = read_all(&self);
	if (err != ERR_OK)
		(void)fprintf(stderr, "until_case: %s\n", err_text(err));
	release(&self);
	intel_sets_free(indicators);
	return err == ERR_OK ? 0 : 1;
}
