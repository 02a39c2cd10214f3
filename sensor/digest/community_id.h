/*
 * Community ID v1 (github.com/corelight/community-id-spec): one text for one flow that other
 * tools compute alike. ICMP types are expected in the key as ports, as decode puts them there.
 */
#pragma once

#include "sensor/base/flow_key.h"

enum { COMMUNITY_ID_LEN = 31 }; /* "1:" + 28 base64 characters + NUL */

/*
 * The seed is 0, as in all tools by default. `source_is_low` says which side of the key sent; it
 * matters for ICMP types that have no answer only.
 */
void community_id(const struct flow_key *key, bool source_is_low,
		  char out[static COMMUNITY_ID_LEN]);
