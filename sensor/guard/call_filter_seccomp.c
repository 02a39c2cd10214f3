#include "sensor/guard/call_filter.h"

#include "sensor/guard/allowed_calls.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

struct call_filter {
	scmp_filter_ctx list; /* kills what it does not name */
	scmp_filter_ctx open; /* allows what it does not name: keeps descriptors open */
};

/* libseccomp answers with a negative errno. */
static bool is_done(int answer)
{
	if (answer < 0)
		errno = -answer;
	return answer >= 0;
}

/* All threads at once; a call of another processor (32 bits, x32) kills. */
static bool prepare(scmp_filter_ctx filter, uint32_t processor)
{
	if (!is_done(seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS)) ||
	    !is_done(seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1)))
		return false;
	if (seccomp_arch_exist(filter, processor) == 0)
		return true;
	return is_done(seccomp_arch_add(filter, processor)) &&
	       is_done(seccomp_arch_remove(filter, SCMP_ARCH_NATIVE));
}

static bool add_rule(scmp_filter_ctx list, const struct call_rule *rule)
{
	uint32_t action =
		rule->failure == 0 ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO((uint32_t)rule->failure);

	return is_done(
		seccomp_rule_add_array(list, action, rule->call, rule->conditions, rule->argument));
}

/* Exactly this number: one that differs in the upper half is not on the list, so it kills. */
static bool add_writing(scmp_filter_ctx list, int fd)
{
	for (size_t i = 0; i < writing_calls_count; i++) {
		struct call_rule rule = {
			writing_calls[i], 0, 1, { { 0, SCMP_CMP_EQ, (scmp_datum_t)fd, 0 } }
		};

		if (!add_rule(list, &rule))
			return false;
	}
	return true;
}

/* The kernel takes the lower half of a descriptor's number alone, so that is compared alone. */
static bool keep_open(scmp_filter_ctx open, int fd)
{
	struct scmp_arg_cmp same = { 0, SCMP_CMP_MASKED_EQ, UINT32_MAX, (scmp_datum_t)fd };

	return is_done(
		seccomp_rule_add_array(open, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(close), 1, &same));
}

static bool fill(struct call_filter *filter, const struct call_filter_setup *setup)
{
	struct call_rule own_signals = {
		SCMP_SYS(tgkill), 0, 1, { { 0, SCMP_CMP_EQ, (scmp_datum_t)setup->process, 0 } }
	};

	for (size_t i = 0; i < setup->list->count; i++)
		if (!add_rule(filter->list, &setup->list->rules[i]))
			return false;
	for (size_t i = 0; i < setup->writable_count; i++)
		if (!add_writing(filter->list, setup->writable[i]) ||
		    !keep_open(filter->open, setup->writable[i]))
			return false;
	return add_rule(filter->list, &own_signals);
}

enum err call_filter_new(struct call_filter **out, const struct call_filter_setup *setup)
{
	uint32_t processor =
		setup->processor == SCMP_ARCH_NATIVE ? seccomp_arch_native() : setup->processor;

	/* Others have other numbers for the same things, which nobody has tried. */
	if (processor != SCMP_ARCH_X86_64 && processor != SCMP_ARCH_AARCH64)
		return ERR_MISSING;

	struct call_filter *filter = calloc(1, sizeof(*filter));

	if (filter == NULL)
		return ERR_MEMORY;
	filter->list = seccomp_init(SCMP_ACT_KILL_PROCESS);
	filter->open = seccomp_init(SCMP_ACT_ALLOW);
	if (filter->list == NULL || filter->open == NULL || !prepare(filter->list, processor) ||
	    !prepare(filter->open, processor) || !fill(filter, setup)) {
		call_filter_free(filter);
		return ERR_MEMORY;
	}
	*out = filter;
	return ERR_OK;
}

void call_filter_free(struct call_filter *filter)
{
	if (filter == NULL)
		return;
	if (filter->list != NULL)
		seccomp_release(filter->list);
	if (filter->open != NULL)
		seccomp_release(filter->open);
	free(filter);
}

/* The list comes second, because it leaves no call to load another one. */
enum err call_filter_load(const struct call_filter *filter)
{
	return is_done(seccomp_load(filter->open)) && is_done(seccomp_load(filter->list)) ? ERR_OK
											  : ERR_IO;
}

enum err call_filter_export(const struct call_filter *filter, int list_fd, int open_fd)
{
	return is_done(seccomp_export_bpf(filter->list, list_fd)) &&
			       is_done(seccomp_export_bpf(filter->open, open_fd))
		       ? ERR_OK
		       : ERR_IO;
}

size_t call_filter_calls(void)
{
	const struct call_rule *rules = calls_of_sensor.rules;
	size_t calls = 1; /* tgkill */

	for (size_t i = 0; i < calls_of_sensor.count; i++) {
		bool is_refused = rules[i].failure != 0;
		bool is_again = i > 0 && rules[i].call == rules[i - 1].call;

		calls += !is_refused && !is_again;
	}
	return calls + writing_calls_count;
}
