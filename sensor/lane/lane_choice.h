/*
 * Which lane is told of whom: by addresses and the configured networks, so never by anything that
 * is learned, by the machine or by a secret. nDPI keeps state across flows, so which flows share
 * a lane is part of the verdict.
 */
#pragma once

#include "sensor/base/flow_key.h"
#include "sensor/config/config.h"

enum { LANES = 4 }; /* never the number of cores */

/* The lane of a flow: by its host inside the configured networks, so never by anything learned. */
unsigned lanes_of_flow(const struct network_config *network, const struct flow_key *key);
unsigned lanes_of_host(const struct address *host);
unsigned lanes_of_mac(const struct mac *mac);
