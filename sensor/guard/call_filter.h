/* The list of allowed_calls.h as filters of the kernel: seccomp(2), through libseccomp. */
#pragma once

#include "sensor/base/err.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct call_filter;
struct call_list;

/* What is left, to which process, on which processor, and what it may write to: borrowed for the
 * call. */
struct call_filter_setup {
	const struct call_list *list;
	uint32_t processor; /* SCMP_ARCH_NATIVE; a test asks for those that it does not run on */
	pid_t process;      /* the one that it may signal */
	const int *writable;
	size_t writable_count;
};

/*
 * Two filters, of whose answers the stricter counts: the list, and one that keeps the writable
 * descriptors from being closed. They are two because one cannot say "any number but these".
 * ERR_MEMORY, or ERR_MISSING for a processor that the list is not made for.
 */
MUST_USE enum err call_filter_new(struct call_filter **out, const struct call_filter_setup *setup);

/* NULL is fine. What was loaded stays in force. */
void call_filter_free(struct call_filter *filter);

/* For all threads, for good. ERR_IO: errno says why. */
MUST_USE enum err call_filter_load(const struct call_filter *filter);

/* Writes the list's program, and that of the other filter, as struct sock_filter. ERR_IO. */
MUST_USE enum err call_filter_export(const struct call_filter *filter, int list_fd, int open_fd);

/* Calls on the sensor's list. */
size_t call_filter_calls(void);
