/*
 * Seals parcels as the courier does, for tests of the other side:
 *
 *   make_parcels SEED SENSOR [--batch] <LINES
 *
 * SEED: 64 hexadecimal digits, of which the pair of keys is made. Each line: stream, kind, key,
 * revision, made (RFC 3339 with microseconds) and body, with tabs between. Writes a parcel a line,
 * or one batch of all. Bodies pass the privacy table first.
 */
#include "sensor/base/hex.h"
#include "sensor/base/json.h"
#include "sensor/delivery/batch.h"
#include "sensor/delivery/privacy.h"
#include "sensor/delivery/stream_check.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 6, MOST = BATCH_PARCELS_MAX };

struct maker {
	struct sign_secret secret;
	const char *sensor;
	struct stream_head heads[PARCEL_STREAMS];
	bool is_batch;
	struct parcel made[MOST];
	size_t count;
};

static void fail(const char *why)
{
	(void)fprintf(stderr, "make_parcels: %s\n", why);
	exit(EXIT_FAILURE);
}

static void split(char *line, char *fields[static FIELDS])
{
	line[strcspn(line, "\n")] = '\0';
	for (unsigned i = 0; i < FIELDS; i++) {
		fields[i] = i + 1 < FIELDS ? strsep(&line, "\t") : line;
		if (!fields[i])
			fail("a line needs stream, kind, key, revision, made and body");
	}
}

static void read_fields(const struct maker *m, char *const *fields, struct parcel *p)
{
	char *body;

	*p = (struct parcel){ .stream = parcel_stream_named(fields[0]),
			      .kind = parcel_kind_named(fields[1]),
			      .revision = strtoull(fields[3], NULL, 10) };
	(void)snprintf(p->sensor, sizeof(p->sensor), "%s", m->sensor);
	(void)snprintf(p->key, sizeof(p->key), "%s", fields[2]);
	if (p->stream == PARCEL_STREAMS || p->kind == PARCEL_KINDS || p->revision == 0 ||
	    !parcel_name_is_good(p->sensor) || !parcel_name_is_good(p->key) ||
	    !parcel_time(fields[4], &p->made))
		fail("no such stream, kind, key, revision or time");
	if (privacy_filter(p->kind, fields[5], strlen(fields[5]), &body, &p->body_len) != ERR_OK)
		fail("the body is no object of JSON");
	p->body = body;
}

static void take(struct maker *m, char *line)
{
	char *fields[FIELDS];
	struct parcel *p = &m->made[m->is_batch ? m->count : 0];
	struct stream_head *head;
	struct json j;

	if (m->count >= MOST)
		fail("more lines than a batch has parcels");
	split(line, fields);
	read_fields(m, fields, p);
	head = &m->heads[p->stream];
	p->sequence = head->sequence + 1;
	memcpy(p->previous, head->chain, SHA256_LEN);
	parcel_seal(p, &m->secret);
	stream_advance(head, p);
	if (m->is_batch) {
		m->count++;
		return;
	}
	json_start(&j, stdout);
	parcel_json(&j, NULL, p);
	json_line_end(&j);
	json_flush(&j);
	free((void *)(uintptr_t)p->body);
}

int main(int argc, char **argv)
{
	static struct maker m;
	uint8_t seed[crypto_sign_SEEDBYTES];
	struct sign_public public;
	char *line = NULL;
	size_t room = 0;

	if (argc < 3 || sign_start() != ERR_OK || !hex_bytes(argv[1], seed, sizeof(seed)))
		fail("make_parcels SEED SENSOR [--batch] <LINES");
	(void)crypto_sign_seed_keypair(public.key, m.secret.key, seed);
	sign_name_by_key(&public, &m.secret);
	m.sensor = argv[2];
	m.is_batch = argc > 3 && strcmp(argv[3], "--batch") == 0;
	while (getline(&line, &room, stdin) > 0)
		take(&m, line);
	free(line);
	if (m.is_batch)
		batch_write(stdout, m.sensor, m.made, m.count);
	for (size_t i = 0; i < m.count; i++)
		free((void *)(uintptr_t)m.made[i].body);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
