/*
 * Operating systems, by what they say of themselves on the wire, and until when their makers mended
 * them. Data with its sources; nothing here was learned from a capture.
 *
 * Where the wire cannot tell a workstation's edition from a server's or a long-term one, the row
 * has the latest date of them all: nobody is told too early.
 */
#pragma once

#include "sensor/base/nanotime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum system_family { SYSTEM_WINDOWS, SYSTEM_MAC, SYSTEM_ANDROID };

struct system_support {
	const char *name; /* "Windows 7 / Windows Server 2008 R2" */
	uint8_t family;   /* enum system_family */
	bool is_vague;    /* may be any later one of its family, too */
	uint16_t major;
	uint16_t minor;
	uint32_t build_first; /* of Windows */
	uint32_t build_last;
	nanotime ended; /* the day after the last with updates for all; 0: not yet known */
	const char *source;
};

/* In a fixed order: their numbers are kept on the disk. New rows go to the end. */
extern const struct system_support system_supports[];
extern const size_t system_supports_count;

/* All NULL when it cannot be told. */

/* A version as NTLM carries it: "6.1.7601". Programs that make theirs up leave no true build. */
const struct system_support *system_of_version(const char *version);

/*
 * An HTTP User-Agent. `*is_component`: a part of the system speaks, whose word is good; else any
 * program, which may say anything.
 */
const struct system_support *system_of_agent(const char *agent, bool *is_component);

/* As SMB 1 calls it: "Windows 7 Professional 7601 Service Pack 1". */
const struct system_support *system_of_native_os(const char *os);

/* How it asks for a lease: sensor/dialogue/dhcp_fingerprint.h, and DHCP's vendor class. */
const struct system_support *system_of_lease(const char *fingerprint, const char *vendor_class);
