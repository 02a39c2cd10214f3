/*
 * How urgent a finding is, by the rangers' one rule:
 *
 *   P1  established command and control, spread or outflow now
 *   P2  suspicious contact that was answered, or a search for victims
 *   P3  something with a real path to harm
 *   P4  a line in a report, never a case
 *
 * Doubt moves it by one step at most. An answered suspicious contact of a private, unsupported or
 * returned device is P2 at least. `standing` is a set of STANDING() bits of the device.
 */
#pragma once

#include "sensor/case/case.h"

enum priority priority_of(const struct signal *signal, unsigned standing);

/*
 * 1 (slight) to 4 (the office cannot work, or others are harmed): apart from how certain it is. One
 * more for a device that others depend on, one less for one that matters little.
 */
uint8_t impact_of(const struct signal *signal, unsigned standing);

/*
 * What neither the alert budget nor the setting aside of its rule keeps from a person: what would
 * be P1 if it were certain, and remote access that somebody from outside has used.
 */
bool must_be_told(const struct signal *signal);
