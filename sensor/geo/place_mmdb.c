#include "sensor/geo/place_mmdb.h"

#include "sensor/geo/bus_guard.h"
#include "sensor/geo/place_field.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	METADATA_WITHIN = 128 << 10, /* of the end, says the specification */
	METADATA_MOST = 16 << 10,    /* real ones have some 500 bytes */
	DEPTH_MOST = 8,
	VALUES_MOST = 1024,
	FORMAT_VERSION = 2,
	POINTER = 1, /* what a control byte says in its upper three bits … */
	POINTER_LEN = 2,
};

static const char fetch_anew[] = "fetch it anew, and put it there by renaming";

struct place_database {
	MMDB_s mmdb;
	struct place_database_head head;
};

const struct place_database_head *place_database_head(const struct place_database *db)
{
	return &db->head;
}

static enum err refuse(enum err err, char why[static PLACE_WHY_LEN], const char *what)
{
	(void)snprintf(why, PLACE_WHY_LEN, "%s: %s", what, fetch_anew);
	return err;
}

/*
 * The end of the file, read and not mapped: whether there is metadata, and no more of it than the
 * library may walk (it goes down into lists without a bound).
 */
static enum err check_end(int fd, off_t size, char why[static PLACE_WHY_LEN])
{
	static const char marker[] = "\xab\xcd\xefMaxMind.com";
	size_t len = size < METADATA_WITHIN ? (size_t)size : METADATA_WITHIN;
	char *end = malloc(len + 1);
	const char *last = NULL;
	ssize_t got;

	if (!end)
		return refuse(ERR_MEMORY, why, "no memory to look at it");
	got = pread(fd, end, len, size - (off_t)len);
	for (ssize_t left = got; left > 0;) {
		const char *at =
			memmem(end + (got - left), (size_t)left, marker, sizeof(marker) - 1);

		if (!at)
			break;
		last = at;
		left = got - (at + 1 - end);
	}
	len = last ? (size_t)(end + got - last) : 0;
	free(end);
	if (len == 0)
		return refuse(ERR_MALFORMED, why, "is no MaxMind DB, or only a part of one");
	return len > METADATA_MOST ? refuse(ERR_MALFORMED, why, "says too much about itself")
				   : ERR_OK;
}

static enum err check_file(const char *path, struct stat *stat, char why[static PLACE_WHY_LEN])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	enum err err = ERR_OK;

	if (fd < 0) {
		(void)snprintf(why, PLACE_WHY_LEN,
			       "%s: put a database there, or take it out of places.databases",
			       strerror(errno));
		return errno == ENOENT ? ERR_MISSING : ERR_IO;
	}
	if (fstat(fd, stat) != 0 || !S_ISREG(stat->st_mode))
		err = refuse(ERR_IO, why, "is no file");
	else
		err = check_end(fd, stat->st_size, why);
	(void)close(fd);
	return err;
}

/* It goes into lines and capsules. */
static void copy_type(const char *type, char out[static PLACE_TYPE_LEN])
{
	size_t len = 0;

	for (; type && *type && len < PLACE_TYPE_LEN - 1; type++) {
		bool is_plain = isalnum((unsigned char)*type) || strchr(" .-_", *type);

		out[len++] = (char)(is_plain ? *type : '_');
	}
	out[len] = '\0';
}

/* What the library does not look at. */
static enum err check_head(const MMDB_s *mmdb, char why[static PLACE_WHY_LEN])
{
	const MMDB_metadata_s *m = &mmdb->metadata;
	const uint64_t latest = UINT32_MAX;

	if (m->binary_format_major_version != FORMAT_VERSION)
		return refuse(ERR_MALFORMED, why, "is of another version of the format");
	if (m->node_count == 0 || mmdb->data_section_size == 0)
		return refuse(ERR_MALFORMED, why, "has nothing in it");
	if (m->build_epoch == 0 || m->build_epoch > latest)
		return refuse(ERR_MALFORMED, why, "does not say when it was built");
	return ERR_OK;
}

struct opening {
	const char *path;
	MMDB_s *mmdb;
	int status;
};

static void open_mapped(void *arg)
{
	struct opening *o = arg;

	o->status = MMDB_open(o->path, MMDB_MODE_MMAP, o->mmdb);
}

static enum err open_database(struct place_database *db, const char *path,
			      char why[static PLACE_WHY_LEN])
{
	struct opening o = { .path = path, .mmdb = &db->mmdb };
	struct stat stat;
	enum err err = check_file(path, &stat, why);

	if (err != ERR_OK)
		return err;
	bus_guard_start();
	/* What the library took is lost when the file is cut short just now: once, and little. */
	if (!bus_guard_read(open_mapped, &o))
		return refuse(ERR_MALFORMED, why, "was cut short while it was opened");
	if (o.status != MMDB_SUCCESS)
		return o.status == MMDB_OUT_OF_MEMORY_ERROR
			       ? refuse(ERR_MEMORY, why, "no memory to open it")
			       : refuse(ERR_MALFORMED, why,
					"is damaged in what it says of itself (metadata)");
	err = check_head(&db->mmdb, why);
	if (err != ERR_OK) {
		MMDB_close(&db->mmdb);
		return err;
	}
	db->head.built = db->mmdb.metadata.build_epoch;
	db->head.bytes = (uint64_t)stat.st_size;
	copy_type(db->mmdb.metadata.database_type, db->head.type);
	return ERR_OK;
}

enum err place_database_open(struct place_database **out, const char *path,
			     char why[static PLACE_WHY_LEN])
{
	struct place_database *db = calloc(1, sizeof(*db));
	enum err err;

	if (!db)
		return refuse(ERR_MEMORY, why, "no memory to open it");
	err = open_database(db, path, why);
	if (err != ERR_OK) {
		free(db);
		return err;
	}
	*out = db;
	return ERR_OK;
}

void place_database_free(struct place_database *db)
{
	if (!db)
		return;
	MMDB_close(&db->mmdb);
	free(db);
}

/* A map or list that is being walked. */
struct level {
	uint32_t left;   /* keys or elements */
	uint32_t resume; /* behind the pointer that led here; 0: goes on behind its own end */
	bool is_map;
	struct span key; /* under which it stands */
};

struct walk {
	const MMDB_s *mmdb;
	struct level levels[DEPTH_MOST];
	unsigned depth;
	uint32_t at;
	unsigned values;
	struct place_fields fields;
};

/* What stands at `at`, or where it points to. */
static bool decode(struct walk *w, MMDB_entry_data_s *out)
{
	static const char *const here[] = { NULL };
	MMDB_entry_s entry = { .mmdb = w->mmdb, .offset = w->at };

	return ++w->values <= VALUES_MOST && w->at < w->mmdb->data_section_size &&
	       MMDB_aget_value(&entry, out, here) == MMDB_SUCCESS && out->has_data;
}

static bool is_compound(const MMDB_entry_data_s *value)
{
	return value->type == MMDB_DATA_TYPE_MAP || value->type == MMDB_DATA_TYPE_ARRAY;
}

static struct span text_of(const MMDB_entry_data_s *value)
{
	return (struct span){ (const uint8_t *)value->utf8_string, value->data_size };
}

static bool enter(struct walk *w, const MMDB_entry_data_s *value, uint32_t resume, struct span key)
{
	if (w->depth == DEPTH_MOST)
		return false;
	w->levels[w->depth++] = (struct level){ .left = value->data_size,
						.resume = resume,
						.is_map = value->type == MMDB_DATA_TYPE_MAP,
						.key = key };
	w->at = value->offset_to_next;
	return true;
}

/* A map that stands elsewhere is only entered for what it may say. */
static bool take_compound(struct walk *w, const MMDB_entry_data_s *value, struct span key)
{
	uint8_t control = w->mmdb->data_section[w->at];
	uint32_t behind = w->at + POINTER_LEN + (control >> 3 & 3);

	if (control >> 5 != POINTER)
		return enter(w, value, 0, key);
	if (w->depth == 1 && place_field_is_entered(key))
		return enter(w, value, behind, key);
	w->at = behind;
	return true;
}

static void take_scalar(struct walk *w, const MMDB_entry_data_s *value, struct span key)
{
	struct span outer = w->depth > 1 ? w->levels[w->depth - 1].key : (struct span){ 0 };

	w->at = value->offset_to_next;
	if (w->depth > 2 || !w->levels[w->depth - 1].is_map)
		return;
	if (value->type == MMDB_DATA_TYPE_UTF8_STRING)
		place_field_text(&w->fields, outer, key, text_of(value));
	else if (value->type == MMDB_DATA_TYPE_UINT32)
		place_field_number(&w->fields, outer, key, value->uint32);
	else if (value->type == MMDB_DATA_TYPE_UINT16)
		place_field_number(&w->fields, outer, key, value->uint16);
	else if (value->type == MMDB_DATA_TYPE_UINT64)
		place_field_number(&w->fields, outer, key, value->uint64);
}

static bool step(struct walk *w)
{
	struct level *level = &w->levels[w->depth - 1];
	struct span key = { 0 };
	MMDB_entry_data_s value;

	if (level->left == 0) {
		if (level->resume != 0)
			w->at = level->resume;
		w->depth--;
		return true;
	}
	level->left--;
	if (level->is_map) {
		if (!decode(w, &value) || value.type != MMDB_DATA_TYPE_UTF8_STRING)
			return false;
		key = text_of(&value);
		w->at = value.offset_to_next;
	}
	if (!decode(w, &value))
		return false;
	if (is_compound(&value))
		return take_compound(w, &value, key);
	take_scalar(w, &value, key);
	return true;
}

/* Once through the record, by our own steps: the library would go down as deep as a file says. */
static bool walk_record(struct walk *w)
{
	MMDB_entry_data_s record;

	if (!decode(w, &record))
		return false;
	if (record.type != MMDB_DATA_TYPE_MAP)
		return true; /* sound, but none of ours */
	if (!enter(w, &record, 0, (struct span){ 0 }))
		return false;
	while (w->depth > 0) {
		if (!step(w))
			return false;
	}
	return true;
}

struct question {
	const struct place_database *db;
	const struct address *address;
	enum place_answer answer;
	struct place place;
};

static MMDB_lookup_result_s look_up(const MMDB_s *mmdb, const struct address *address, int *status)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET };

	memcpy(&v4.sin_addr, address->bytes + V4_PREFIX_BITS / 8, sizeof(v4.sin_addr));
	memcpy(&v6.sin6_addr, address->bytes, sizeof(v6.sin6_addr));
	return MMDB_lookup_sockaddr(mmdb,
				    address_is_v4(address) ? (const struct sockaddr *)&v4
							   : (const struct sockaddr *)&v6,
				    status);
}

/* Takes nothing that would have to be given back: see bus_guard.h. */
static void answer(void *arg)
{
	struct question *q = arg;
	const MMDB_s *mmdb = &q->db->mmdb;
	struct walk walk = { .mmdb = mmdb };
	int status = MMDB_SUCCESS;
	MMDB_lookup_result_s found = look_up(mmdb, q->address, &status);
	uint32_t day = (uint32_t)(q->db->head.built / (NANOTIME_DAY / NANOTIME_SECOND));

	q->answer = PLACE_NOT_THERE;
	if (status == MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR)
		return;
	if (status == MMDB_SUCCESS && !found.found_entry)
		return;
	walk.at = found.entry.offset;
	if (status != MMDB_SUCCESS || !walk_record(&walk)) {
		q->answer = PLACE_DAMAGED;
		return;
	}
	q->place = walk.fields.place;
	if (q->place.country[0] != '\0')
		q->place.country_day = day;
	if (q->place.asn != 0)
		q->place.network_day = day;
	else
		memset(q->place.organisation, 0, sizeof(q->place.organisation));
	if (place_is_known(&q->place))
		q->answer = PLACE_TOLD;
}

enum place_answer place_database_find(const struct place_database *db,
				      const struct address *address, struct place *out)
{
	struct question q = { .db = db, .address = address };

	if (!bus_guard_read(answer, &q))
		return PLACE_CUT_OFF;
	if (q.answer == PLACE_TOLD)
		*out = q.place;
	return q.answer;
}
