/*
 * What each device is to the office, learned from whom it serves and from what detectors told of
 * it: sensor/case/standing.h, apart from what the office itself has said.
 *
 * Owner: the judge. One thread; judge.devices of them, the longest unheard is forgotten first.
 */
#pragma once

#include "sensor/base/kept_table.h"
#include "sensor/case/standing.h"
#include "sensor/config/config.h"
#include "sensor/detect/detector.h"

struct standings;

/* `config` is borrowed. */
MUST_USE enum err standings_new(struct standings **out, const struct judge_config *config,
				const struct presence_config *presence);
void standings_free(struct standings *standings);

/* A flow that ended: somebody in the office may have used another's files or data. */
void standings_see(struct standings *standings, const struct observation *seen);

/* What a signal says of its device, however certain. */
void standings_note(struct standings *standings, const struct signal *signal);

/* STANDING() bits of a device at `when`. */
unsigned standings_of(struct standings *standings, uint32_t device, nanotime when);

/* What of it outlives the process; `struct standings` is the owner. */
extern const struct kept_table standings_kept[];
