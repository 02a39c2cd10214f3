/*
 * What one connection of a protocol that nobody knows shows by itself, by its bytes, its pace and
 * its first packets. Pure.
 */
#pragma once

#include "sensor/detect/detector.h"

/* It is not enough that somebody says something to it: what does the device say? */
bool raw_flow_has_client_spoken(const struct fact_shape *shape);

/* IRC where its servers do not listen. */
bool raw_flow_is_hidden_chat(const struct fact *fact);

/* An everyday protocol on a port that belongs to another one. */
bool raw_flow_is_mismatch(const struct fact *fact);

/* The evidence of a FACT_FLOW_ENDED or FACT_FLOW_GOES_ON; its shape need not be known. */
void raw_flow_weigh(struct signal *s, const struct raw_channel_config *config,
		    const struct fact *fact);
