/*
 * The sensor: a live capture through the pipeline into the judge, with everything that a process
 * needs which runs for months: rights given up, state kept, health, figures, reload.
 *
 * The main thread is the capture thread. watch_judge.h is what the judge's thread does besides;
 * the store has a thread of its own.
 */
#pragma once

#include "sensor/app/command.h"
#include "sensor/app/intel_files.h"
#include "sensor/app/read_report.h"
#include "sensor/app/settings.h"
#include "sensor/base/hash.h"

/* The texts are borrowed from the command line. */
struct watch_options {
	struct settings settings;
	struct interface_names interfaces; /* of -i and --outside */
	struct interface_names outside;
	bool is_mirror;
	const char *state;
	const char *user;
	struct intel_files intel;
	struct read_report report;
	bool reports_at_end;
	bool is_unguarded;
	bool is_help;
	struct hash_key hash_key;
	struct config config; /* what all of it comes to */
	uint8_t outside_bits; /* … of capture.outside: a bit for each of the interfaces */
};

/*
 * Options, files and assignments, then what the command line says besides. False after a line for
 * each fault, to `say` or, when that is NULL, on standard error. At start, and at each reload.
 */
bool watch_configure(const struct watch_options *o, struct config *config, settings_say_fn *say,
		     void *arg);

/* Until it is stopped. */
enum exit_code watch_run(struct watch_options *o);
