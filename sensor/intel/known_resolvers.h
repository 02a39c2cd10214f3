/*
 * Addresses at which the public resolvers answer that phones and browsers ask by DNS over HTTPS:
 * those that their operators publish. Other resolvers exist; who is not here is not known.
 */
#pragma once

#include "sensor/base/address.h"

bool resolver_is_known(const struct address *address);

/* Those, or another whose operator offers it to everybody: what people and makers set by hand. */
bool resolver_is_public(const struct address *address);

/* Whether one of the latter lies in `network`, or is it. */
bool resolver_is_within(const struct prefix *network);
