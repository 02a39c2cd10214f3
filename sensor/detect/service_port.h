/*
 * What a port of a server is known for: one list for all detectors, so that a port that is odd to
 * one is odd to all. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum port_use {
	PORT_USUAL = 1,       /* a service of the internet is known by it */
	PORT_WEB = 2,         /* HTTP in clear text is usual there */
	PORT_HTTPS = 4,       /* … and here a browser would encrypt it */
	PORT_TLS = 8,         /* TLS from the first byte is usual there */
	PORT_STARTS_TLS = 16, /* a protocol of its own begins TLS, by certificates of all sorts */
	PORT_KEPT_OPEN = 32   /* messages and notifications wait on a line that is kept open */
};

/* Whether it is known for any of `uses`. */
bool port_is(uint16_t port, unsigned uses);
