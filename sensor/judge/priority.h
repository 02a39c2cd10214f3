/*
 * How urgent a finding is, by the rangers' one rule:
 *
 *   P1  established command and control, spread or outflow now
 *   P2  suspicious contact that was answered, or a search for victims
 *   P3  something with a real path to harm
 *   P4  a line in a report, never a case
 *
 * Doubt moves it by one step at most.
 */
#pragma once

#include "sensor/case/case.h"

enum priority priority_of(const struct signal *signal);

/* 1 (slight) to 4 (the office cannot work, or others are harmed): apart from how certain it is. */
uint8_t impact_of(const struct signal *signal);
