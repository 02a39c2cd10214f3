/*
 * Which devices of the office answer others' questions for names: what they ask themselves, they
 * mostly ask for somebody else. In the state of each detector that needs to know. One thread.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/lru_map.h"
#include "sensor/detect/detector.h"

/* Room for `devices` of them. Number → nothing, for kept_table. */
MUST_USE enum err name_servers_new(struct lru_map **out, uint64_t devices);

/* An observation of FACT_DNS: who is asked inside the office. */
void name_servers_note(struct lru_map *servers, const struct observation *seen);

bool name_servers_has(struct lru_map *servers, uint32_t device);

/* A question to, or an answer from, somebody the device asks for itself: neither a stranger's
 * question to the office nor one to a group. */
bool dns_is_asked_by_device(const struct observation *seen);
