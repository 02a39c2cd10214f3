/* What nDPI's word for a protocol ("TLS.Microsoft", "NTP") means for a verdict. Pure. */
#pragma once

#include <stdbool.h>

/*
 * A carrier that any program may use: web protocols, one that nDPI does not know, or one it knows
 * by the address of a hoster alone. All others belong to a program or service of their own and keep
 * whatever rhythm they were made with.
 */
bool protocol_is_carrier(const char *protocol);

/* Programs that look for partners all over the internet, most of them gone. */
bool protocol_is_peer_to_peer(const char *protocol);
