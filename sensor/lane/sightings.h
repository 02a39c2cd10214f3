/*
 * Which pairs of address and MAC the judge has yet to hear of. Capture asks for each packet that
 * opens a flow, so most answers are no.
 *
 * What is forgotten, and so told again, follows from the packets alone. One thread; memory is
 * taken in sightings_new().
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/config/config.h"
#include "sensor/decode/packet.h"
#include "sensor/fact/fact.h"

struct sightings;

/* `config` is borrowed. */
MUST_USE enum err sightings_new(struct sightings **out, const struct config *config);
void sightings_free(struct sightings *sightings);

/* Whether there is something in `packet` to tell; then it is in `out`. */
bool sightings_see(struct sightings *sightings, const struct packet *packet,
		   struct fact_sighting *out);
