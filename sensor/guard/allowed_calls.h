/*
 * The system calls that are left to a sealed process, as data: seccomp(2), syscalls(2), the manual
 * pages of section 2 for each call's arguments.
 *
 * A call that no row names kills the process. The kernel sees numbers alone, never what a pointer
 * points to: so a call whose danger lies behind a pointer is left out or is harmless by itself.
 */
#pragma once

#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>

enum { CALL_CONDITIONS = 2 };

/* What one call may look like. Several rows of one call: any of them. */
struct call_rule {
	int call;
	int failure; /* 0: allowed; else the errno that it gets instead */
	unsigned conditions;
	struct scmp_arg_cmp argument[CALL_CONDITIONS]; /* all of them have to hold */
};

struct call_list {
	const struct call_rule *rules;
	size_t count;
};

/* Of guard_seal(), and of guard_seal_server(). */
extern const struct call_list calls_of_sensor;
extern const struct call_list calls_of_server;

/* Of the sensor's: calls whose first argument has to be one of the writable descriptors. */
extern const int writing_calls[];
extern const size_t writing_calls_count;
