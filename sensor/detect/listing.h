/*
 * What an entry of an indicator set is worth at a time: how sure its sources were when it was last
 * confirmed, less what has passed since, and less where many others are reached at the same place.
 * Pure.
 */
#pragma once

#include "sensor/config/config.h"
#include "sensor/detect/signal.h"
#include "sensor/intel/intel_sets.h"

/* 0 … 1. What is not dated is as sure as on its first day. */
double listing_share(const struct listed_config *config, const struct intel_hit *hit, nanotime now);

/* The same without the text: for who has that already. */
bool listing_weigh(struct signal *s, const struct listed_config *config,
		   const struct intel_hit *hit, nanotime now);

/*
 * Gives `s`, whose kind and confidence stand already, what the entry says: the condition that it is
 * sure enough, for how long it is listed, what speaks against it, and its text as the detail. False
 * when there is nothing to tell: only a warning list names it, or it is not sure any more.
 */
bool listing_tell(struct signal *s, const struct listed_config *config,
		  const struct intel_match *match, nanotime now);
