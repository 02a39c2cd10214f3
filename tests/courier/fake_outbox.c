/*
 * A courier's memory for tests of what stands around it: keys and notes in files of the folder,
 * what is put goes to FOLDER/put as a line "STREAM KIND KEY REVISION BODY". A file FOLDER/full
 * refuses puts.
 */
#include "sensor/courier/outbox.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_LEN = 512 };

struct pair {
	struct sign_public public;
	struct sign_secret secret;
};

struct outbox {
	char folder[PATH_LEN];
	char sensor[PARCEL_SENSOR_LEN];
	struct pair now;
	struct pair next;
};

static FILE *open_file(const struct outbox *o, const char *name, const char *mode)
{
	char path[2 * PATH_LEN];

	(void)snprintf(path, sizeof(path), "%s/%s", o->folder, name);
	return fopen(path, mode);
}

static void save(const struct outbox *o)
{
	FILE *out = open_file(o, "keys", "we");

	if (!out || fwrite(&o->now, sizeof(o->now), 2, out) != 2 || fclose(out) != 0)
		abort();
}

static bool make(struct pair *pair)
{
	sign_make_pair(&pair->public, &pair->secret);
	sign_name_by_key(&pair->public, &pair->secret);
	return true;
}

enum err outbox_open(struct outbox **out, const struct outbox_setup *setup,
		     char problem[static OUTBOX_PROBLEM_LEN])
{
	struct outbox *o = calloc(1, sizeof(*o));
	FILE *in;

	if (!o)
		return ERR_MEMORY;
	(void)snprintf(o->folder, sizeof(o->folder), "%s", setup->folder);
	if (mkdir(setup->folder, 0700) != 0 && errno != EEXIST) {
		(void)snprintf(problem, OUTBOX_PROBLEM_LEN, "%s", strerror(errno));
		free(o);
		return ERR_IO;
	}
	in = open_file(o, "keys", "re");
	if (in) {
		if (fread(&o->now, sizeof(o->now), 2, in) != 2)
			abort();
		(void)fclose(in);
	} else {
		(void)make(&o->now);
		save(o);
	}
	(void)outbox_noted(o, "sensor", o->sensor, sizeof(o->sensor));
	*out = o;
	return ERR_OK;
}

void outbox_close(struct outbox *outbox)
{
	free(outbox);
}

const char *outbox_sensor(const struct outbox *outbox)
{
	return outbox->sensor;
}

void outbox_key(struct outbox *outbox, struct sign_public *out)
{
	*out = outbox->now.public;
}

enum err outbox_next_key(struct outbox *outbox, struct sign_public *out)
{
	static const struct pair none;

	if (memcmp(&outbox->next, &none, sizeof(none)) == 0 && make(&outbox->next))
		save(outbox);
	*out = outbox->next.public;
	return ERR_OK;
}

void outbox_sign(struct outbox *outbox, bool by_next, const void *message, size_t len,
		 uint8_t signature[static SIGNATURE_LEN])
{
	sign_message(by_next ? &outbox->next.secret : &outbox->now.secret, message, len, signature);
}

enum err outbox_turn_key(struct outbox *outbox)
{
	outbox->now = outbox->next;
	memset(&outbox->next, 0, sizeof(outbox->next));
	save(outbox);
	return ERR_OK;
}

enum err outbox_note(struct outbox *outbox, const char *name, const char *value)
{
	char file[PATH_LEN];
	FILE *out;

	(void)snprintf(file, sizeof(file), "note.%s", name);
	out = open_file(outbox, file, "we");
	if (!out || fputs(value, out) < 0 || fclose(out) != 0)
		abort();
	return ERR_OK;
}

enum err outbox_begin_anew(struct outbox *o, const char *sensor)
{
	return outbox_note(o, "sensor", sensor);
}

bool outbox_noted(struct outbox *outbox, const char *name, char *out, size_t room)
{
	char file[PATH_LEN];
	FILE *in;

	(void)snprintf(file, sizeof(file), "note.%s", name);
	in = open_file(outbox, file, "re");
	out[0] = '\0';
	if (!in)
		return false;
	out[fread(out, 1, room - 1, in)] = '\0';
	(void)fclose(in);
	return true;
}

enum err outbox_put(struct outbox *outbox, const struct outbox_row *rows, size_t count)
{
	FILE *full = open_file(outbox, "full", "re");
	FILE *out;

	if (full) {
		(void)fclose(full);
		return ERR_FULL;
	}
	out = open_file(outbox, "put", "ae");
	for (size_t i = 0; i < count && out; i++) {
		if (strlen(rows[i].body) != rows[i].body_len || rows[i].body_len > PARCEL_BODY_MAX)
			abort();
		(void)fprintf(out, "%s %s %s %" PRIu64 " %s\n", parcel_stream_name(rows[i].stream),
			      parcel_kind_name(rows[i].kind), rows[i].key, rows[i].revision,
			      rows[i].body);
	}
	if (!out || fclose(out) != 0)
		abort();
	return ERR_OK;
}
