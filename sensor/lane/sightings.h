/*
 * Which pairs of address and MAC the judge has yet to hear of, and whose SYNs. Capture asks for
 * each packet that opens a flow, so most answers are no.
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

enum sighting_news {
	SIGHTING_HOST = 1, /* what is in `out` */
	SIGHTING_SYN = 2,  /* the packet is a SYN as its host was not yet seen to send one */
};

/*
 * What there is in `packet` to tell: of enum sighting_news, 0 is nothing. Of one host a few kinds
 * of SYN are told in all, for who changes them with each has no kind.
 */
unsigned sightings_see(struct sightings *sightings, const struct packet *packet,
		       struct fact_sighting *out);
