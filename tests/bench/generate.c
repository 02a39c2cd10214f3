/*
 * bench_generate KIND OUT SIZE [ARGUMENT]...
 *
 * Writes a capture for benchmarks, the same byte for byte on every machine that has the same
 * source captures. The kinds are in the table below.
 */
#include "tests/bench/capture_out.h"
#include "tests/bench/office_mix.h"
#include "tests/bench/synthetic.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE_MOST = 4000000, COPIES_MOST = 100, DECIMAL = 10 };

/* What stands behind OUT. */
struct request {
	uint64_t size;
	char **arguments;
	int argument_count;
};

static bool read_number(const char *text, char end, uint64_t most, uint64_t *out)
{
	char *rest = NULL;

	errno = 0;
	unsigned long long value = strtoull(text, &rest, DECIMAL);

	if (errno != 0 || rest == text || *rest != end || value > most)
		return false;
	*out = value;
	return true;
}

static bool generate_office_mix(struct capture_out *out, const struct request *r)
{
	struct office_mix mix = { .out = out, .tail_packets = r->size };
	int used = 0;

	for (int i = 0; i < r->argument_count; i++) {
		const char *path = strchr(r->arguments[i], ':');
		uint64_t copies = 0;

		if (!path || !read_number(r->arguments[i], ':', COPIES_MOST, &copies))
			return false;
		used += office_mix_add(&mix, path + 1, (unsigned)copies);
	}
	(void)fprintf(stderr, "%d of %d captures used, %llu packets of tails left over\n", used,
		      r->argument_count, (unsigned long long)mix.tail_packets);
	return used > 0;
}

static bool generate_elephants(struct capture_out *out, const struct request *r)
{
	return r->argument_count == 1 && elephants_add(out, r->arguments[0], r->size);
}

static bool generate_mice(struct capture_out *out, const struct request *r)
{
	synthetic_mice(out, r->size);
	return true;
}

static bool generate_syn_flood(struct capture_out *out, const struct request *r)
{
	synthetic_syn_flood(out, r->size);
	return true;
}

static bool generate_alive_tcp(struct capture_out *out, const struct request *r)
{
	uint64_t packets = 0;

	if (r->argument_count > 0 && !read_number(r->arguments[0], '\0', SIZE_MOST, &packets))
		return false;
	synthetic_alive_tcp(out, r->size, packets);
	return true;
}

static bool generate_alive_http(struct capture_out *out, const struct request *r)
{
	synthetic_alive_http(out, r->size);
	return true;
}

static bool generate_alive_udp(struct capture_out *out, const struct request *r)
{
	synthetic_alive_udp(out, r->size);
	return true;
}

struct kind {
	const char *name;
	const char *arguments;
	bool (*generate)(struct capture_out *out, const struct request *r);
};

static const struct kind kinds[] = {
	{ "alive_http", "FLOWS", generate_alive_http },
	{ "alive_tcp", "FLOWS [PACKETS]", generate_alive_tcp },
	{ "alive_udp", "FLOWS", generate_alive_udp },
	{ "elephants", "PACKETS CAPTURE", generate_elephants },
	{ "mice", "FLOWS", generate_mice },
	{ "office_mix", "TAIL_PACKETS COPIES:CAPTURE...", generate_office_mix },
	{ "syn_flood", "PACKETS", generate_syn_flood },
};

enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

static int usage(void)
{
	for (int i = 0; i < KIND_COUNT; i++)
		(void)fprintf(stderr, "%s bench_generate %s OUT %s\n", i == 0 ? "usage:" : "      ",
			      kinds[i].name, kinds[i].arguments);
	return 2;
}

int main(int argc, char **argv)
{
	struct request request = { 0 };

	if (argc < 4 || !read_number(argv[3], '\0', SIZE_MOST, &request.size) || request.size == 0)
		return usage();
	request.arguments = argv + 4;
	request.argument_count = argc - 4;
	for (int i = 0; i < KIND_COUNT; i++) {
		if (strcmp(kinds[i].name, argv[1]) != 0)
			continue;

		struct capture_out *out = capture_out_new();

		if (!kinds[i].generate(out, &request)) {
			(void)fprintf(stderr, "%s: nothing to make it of\n", argv[1]);
			capture_out_free(out);
			return usage();
		}
		capture_out_write(out, argv[2]);
		capture_out_free(out);
		return 0;
	}
	return usage();
}
