/* What a DNS message says, as attributes: the same from DNS, mDNS and LLMNR. */
#pragma once

#include "dissectors/cursor.h"
#include "sensor/fact/attributes.h"

/*
 * Adds the questions, and the records of the other sections as text ("www.example.com A
 * 192.0.2.1"); the addresses in them also by themselves. Bounded by the room in `said`.
 */
void dns_say_records(struct attributes *said, struct cursor message);
