/* Runs the filters' programs as the kernel does: cBPF over struct seccomp_data, seccomp(2). */
#pragma once

#include "sensor/guard/call_filter.h"

#include "tests/support/cmocka.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FILTER_PROGRAM_MAX = 4096 };

struct filter_program {
	struct sock_filter code[FILTER_PROGRAM_MAX];
	size_t len;
};

/* The word of the kernel's struct seccomp_data that an instruction loads. */
static inline uint32_t filters_load(const struct seccomp_data *data, uint32_t at)
{
	uint32_t word = 0;

	assert_true(at + sizeof(word) <= sizeof(*data));
	memcpy(&word, (const uint8_t *)data + at, sizeof(word));
	return word;
}

static inline bool filters_jump(const struct sock_filter *op, uint32_t a)
{
	switch (BPF_OP(op->code)) {
	case BPF_JEQ:
		return a == op->k;
	case BPF_JGT:
		return a > op->k;
	case BPF_JGE:
		return a >= op->k;
	case BPF_JSET:
		return (a & op->k) != 0;
	default:
		fail_msg("jump %#x is not known", op->code);
		return false;
	}
}

static inline uint32_t filters_run(const struct filter_program *program,
				   const struct seccomp_data *data)
{
	uint32_t a = 0;

	for (size_t at = 0; at < program->len; at++) {
		const struct sock_filter *op = &program->code[at];

		if (op->code == (BPF_LD | BPF_W | BPF_ABS))
			a = filters_load(data, op->k);
		else if (op->code == (BPF_ALU | BPF_AND | BPF_K))
			a &= op->k;
		else if (op->code == (BPF_RET | BPF_K))
			return op->k;
		else if (op->code == (BPF_JMP | BPF_JA))
			at += op->k;
		else if (BPF_CLASS(op->code) == BPF_JMP)
			at += filters_jump(op, a) ? op->jt : op->jf;
		else
			fail_msg("instruction %#x is not known", op->code);
	}
	fail_msg("the program has no end");
	return 0;
}

/* The kernel takes the answer that comes first in this order; a filter that kills has the sign. */
static inline uint32_t filters_stricter(uint32_t a, uint32_t b)
{
	return (int32_t)(a & SECCOMP_RET_ACTION_FULL) <= (int32_t)(b & SECCOMP_RET_ACTION_FULL) ? a
												: b;
}

static inline void filters_read(int fd, struct filter_program *program)
{
	ssize_t len = 0;

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	len = read(fd, program->code, sizeof(program->code));
	assert_true(len > 0 && (size_t)len < sizeof(program->code));
	program->len = (size_t)len / sizeof(program->code[0]);
	assert_int_equal(close(fd), 0);
}

struct filters {
	struct filter_program list, open;
};

static inline void filters_make(const struct call_filter_setup *setup, struct filters *out)
{
	struct call_filter *filter = NULL;
	int list = memfd_create("list", 0);
	int open = memfd_create("open", 0);

	assert_int_equal(call_filter_new(&filter, setup), ERR_OK);
	assert_int_equal(call_filter_export(filter, list, open), ERR_OK);
	call_filter_free(filter);
	filters_read(list, &out->list);
	filters_read(open, &out->open);
}

static inline uint32_t filters_answer(const struct filters *filters, uint32_t processor, int call,
				      const uint64_t args[4])
{
	struct seccomp_data data = { .nr = call, .arch = processor };

	memcpy(data.args, args, 4 * sizeof(args[0]));
	return filters_stricter(filters_run(&filters->list, &data),
				filters_run(&filters->open, &data));
}
