#include "tests/bench/capture_out.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
	FIRST_CAPACITY = 1 << 16,
	BUFFER_BYTES = 1 << 20,
	SNAP_LEN = 262144,
	MICROSECONDS = 1000000,
};

/* 1 January 2025: any fixed time would do. */
static const uint64_t start_us = 1735689600ULL * MICROSECONDS;

struct packet_out {
	uint64_t at_us;
	size_t offset;
	uint32_t len;
	uint32_t wire_len;
};

struct capture_out {
	struct packet_out *packets;
	size_t count;
	size_t capacity;
	uint8_t *bytes;
	size_t used;
};

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

struct capture_out *capture_out_new(void)
{
	struct capture_out *out = calloc(1, sizeof(*out));

	if (!out)
		fail("capture");
	/* Reserved, not taken: pages become real as packets come. */
	out->bytes = mmap(NULL, CAPTURE_OUT_BYTES, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (out->bytes == MAP_FAILED)
		fail("capture");
	return out;
}

void capture_out_free(struct capture_out *out)
{
	if (!out)
		return;
	(void)munmap(out->bytes, CAPTURE_OUT_BYTES);
	free(out->packets);
	free(out);
}

static void grow(struct capture_out *out)
{
	size_t capacity = out->capacity ? out->capacity * 2 : FIRST_CAPACITY;
	struct packet_out *packets = realloc(out->packets, capacity * sizeof(*packets));

	if (!packets)
		fail("capture");
	out->packets = packets;
	out->capacity = capacity;
}

void capture_out_add(struct capture_out *out, uint64_t at_us, const uint8_t *bytes, size_t len,
		     size_t wire_len)
{
	if (len > SNAP_LEN || len > CAPTURE_OUT_BYTES - out->used) {
		(void)fprintf(stderr, "capture: more than %zu bytes\n", CAPTURE_OUT_BYTES);
		exit(1);
	}
	if (out->count == out->capacity)
		grow(out);
	memcpy(out->bytes + out->used, bytes, len);
	out->packets[out->count++] = (struct packet_out){ .at_us = at_us,
							  .offset = out->used,
							  .len = (uint32_t)len,
							  .wire_len = (uint32_t)wire_len };
	out->used += len;
}

/* Offsets rise with the order of adding, which makes the sort stable. */
static int by_time(const void *a, const void *b)
{
	const struct packet_out *x = a;
	const struct packet_out *y = b;

	if (x->at_us != y->at_us)
		return x->at_us < y->at_us ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static void put_le32(FILE *file, uint32_t value)
{
	uint8_t bytes[] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
			    (uint8_t)(value >> 24) };

	(void)fwrite(bytes, sizeof(bytes), 1, file);
}

static void put_file_header(FILE *file)
{
	const uint32_t words[] = { 0xa1b2c3d4U, 0x00040002U, 0, 0, SNAP_LEN, 1 };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		put_le32(file, words[i]);
}

void capture_out_write(struct capture_out *out, const char *path)
{
	FILE *file = fopen(path, "wb");

	if (!file)
		fail(path);
	(void)setvbuf(file, NULL, _IOFBF, BUFFER_BYTES);
	if (out->count > 0)
		qsort(out->packets, out->count, sizeof(*out->packets), by_time);
	put_file_header(file);
	for (size_t i = 0; i < out->count; i++) {
		const struct packet_out *p = &out->packets[i];
		uint64_t at_us = start_us + p->at_us;

		put_le32(file, (uint32_t)(at_us / MICROSECONDS));
		put_le32(file, (uint32_t)(at_us % MICROSECONDS));
		put_le32(file, p->len);
		put_le32(file, p->wire_len);
		(void)fwrite(out->bytes + p->offset, p->len, 1, file);
	}
	/* One question for all the writes: a full disk shows at the latest here. */
	bool failed = ferror(file) != 0;

	if (fclose(file) != 0 || failed)
		fail(path);
	(void)fprintf(stderr, "%s: %zu packets\n", path, out->count);
}
