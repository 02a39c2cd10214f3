/*
 * Which place a device deals with: the key under which detectors of web traffic keep what they saw
 * of it, and the object that they tell. Pure.
 */
#pragma once

#include "sensor/detect/detector.h"

/* A device and a destination, by name where it was asked for by name. No padding. */
struct place_key {
	uint32_t device;
	uint16_t port;
	uint8_t protocol;
	uint8_t by_name;
	uint8_t peer[ADDRESS_LEN]; /* the address, or 128 bits of the name's hash */
};

/* `name` is what the client asked for; "" is the server's address. */
struct place_key place_key_of(const struct observation *seen, const char *name);

/* A flow of this run: what belongs to one dialogue is found again by it. No padding. */
struct talk_key {
	uint64_t flow;
	nanotime first;
};

struct talk_key talk_key_of(const struct fact_flow *flow);

/* Whether DNS would have shown a name for the server's address, and did not. */
bool place_lookup_missed(const struct observation *seen);

/* Fills `object`, but for its application: `name`, else the server's address. */
void place_describe(struct signal_object *object, const struct fact_flow *flow, const char *name,
		    enum host_source name_from);

/* The same where it is one door of many devices: "445/tcp". */
void place_describe_port(struct signal_object *object, uint16_t port, uint8_t protocol);

/*
 * A signal of this one contact of the device with `name`, "" for its server's address: answered,
 * and with the flow as its example. Reasons and detail are the caller's to add.
 */
struct signal place_contact(const struct observation *seen, enum signal_kind kind,
			    double confidence, const char *name, enum host_source name_from);
