/*
 * Gives the client of a captured frame another address, so that a capture can be repeated as if by
 * other people: an IPv4 client becomes one of 4,094 hosts of 10.20.0.0/20, an IPv6 client changes
 * in its last two bytes. The same `seed` and client give the same new client. Checksums follow.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Frames that are not IP stay as they are. MAC addresses, ARP and payloads are not touched. */
void office_client_rewrite(uint8_t *frame, size_t len, uint64_t seed);
