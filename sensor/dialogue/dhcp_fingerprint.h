/*
 * How a device's software asks for a lease (DHCP, RFC 2132 9.8), as one line of text that is the
 * same each time. The wording is our own:
 *
 *   request=1,3,6,15,119,252 options=53,61,57,60,12,55
 *
 *   request   codes that it asks for (option 55), in its order; left out when it asks for none
 *   options   codes of all options that it sends, in its order, but for 50 and 54: whether it
 *             already knows an address or a server says nothing of what it is. So DISCOVER and
 *             REQUEST of one program mostly give one text.
 */
#pragma once

#include "dissectors/dhcp.h"

/* 255 codes asked for and DHCP_OPTIONS_MAX sent, of three digits each, and the words. */
enum { DHCP_FINGERPRINT_LEN = 4 * (255 + DHCP_OPTIONS_MAX) + 32 };

/* `message` is a client's. NUL-terminated; "" for one without any option. */
void dhcp_fingerprint(const struct dhcp *message, char out[static DHCP_FINGERPRINT_LEN]);
