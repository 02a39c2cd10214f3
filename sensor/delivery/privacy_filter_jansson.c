#include "sensor/delivery/privacy.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/*
 * jansson says whether the text is JSON; what is kept is then copied from the text itself. Its own
 * writer would turn 0.85 into 0.84999999999999998, and a number too long for it into another one.
 */

struct level {
	char end; /* the bracket that closes it */
	size_t path_len;
	bool has_members;
};

struct filter {
	enum parcel_kind kind;
	const char *at;
	char *out; /* has room for the whole text: nothing gets longer */
	size_t out_len;
	char path[PRIVACY_PATH_MAX]; /* of what is looked at */
	size_t path_len;             /* PRIVACY_PATH_MAX: too long to be a row's */
	struct level levels[PRIVACY_DEPTH_MAX];
	unsigned depth;
	uint64_t dropped;
};

static atomic_uint_least64_t all_dropped;

uint64_t privacy_dropped(void)
{
	return atomic_load(&all_dropped);
}

static void skip_blanks(struct filter *f)
{
	f->at += strspn(f->at, " \t\r\n");
}

/* Behind a string, `at` being its first quote. */
static const char *string_end(const char *at)
{
	for (at++; *at != '"'; at++)
		at += *at == '\\';
	return at + 1;
}

/* Behind any value: without a stack, since what opens in a whole text is closed by its like. */
static const char *value_end(const char *at)
{
	unsigned depth = 0;

	do {
		at += strspn(at, " \t\r\n,:");
		if (*at == '"') {
			at = string_end(at);
		} else if (*at == '{' || *at == '[') {
			depth++;
			at++;
		} else if (*at == '}' || *at == ']') {
			depth--;
			at++;
		} else {
			at += strcspn(at, " \t\r\n,:]}");
		}
	} while (depth > 0);
	return at;
}

static void put(struct filter *f, const char *chars, size_t len)
{
	memcpy(f->out + f->out_len, chars, len);
	f->out_len += len;
}

static void extend_path(struct filter *f, const char *chars, size_t len)
{
	if (f->path_len + len >= sizeof(f->path)) {
		f->path_len = sizeof(f->path);
		return;
	}
	memcpy(f->path + f->path_len, chars, len);
	f->path_len += len;
}

/*
 * Whether the table has the path with what follows it: '\0' for a value, '.' and '[' for an object
 * and an array that a row leads into.
 */
static bool is_listed(const struct filter *f, char follows)
{
	if (f->path_len >= sizeof(f->path))
		return false;
	for (size_t i = 0; i < privacy_rows_count; i++) {
		const struct privacy_row *row = &privacy_rows[i];

		if (row->kind == f->kind && strncmp(row->path, f->path, f->path_len) == 0 &&
		    row->path[f->path_len] == follows)
			return true;
	}
	return false;
}

static void enter(struct filter *f)
{
	struct level *level = &f->levels[f->depth++];

	level->end = *f->at == '{' ? '}' : ']';
	level->path_len = f->path_len;
	level->has_members = false;
	put(f, f->at++, 1);
}

static void leave(struct filter *f)
{
	put(f, f->at++, 1);
	f->depth--;
}

/* One member of an object, or one element; `name` is its name with quotes, empty for an element. */
static void take_value(struct filter *f, const char *name, size_t name_len)
{
	struct level *level = &f->levels[f->depth - 1];
	bool is_object = *f->at == '{';
	bool is_inside = is_object || *f->at == '[';
	char follows = '\0';
	const char *end;

	if (is_inside)
		follows = is_object ? '.' : '[';
	if (!is_listed(f, follows) || (is_inside && f->depth == PRIVACY_DEPTH_MAX)) {
		f->at = value_end(f->at);
		f->dropped++;
		return;
	}
	if (level->has_members)
		put(f, ",", 1);
	level->has_members = true;
	put(f, name, name_len);
	put(f, ":", name_len > 0 ? 1 : 0);
	if (is_inside) {
		enter(f);
		return;
	}
	end = value_end(f->at);
	put(f, f->at, (size_t)(end - f->at));
	f->at = end;
}

/*
 * A name with escapes is never one of ours, so it need not be read as what it means; one that
 * looks like a path must not pass for one.
 */
static void extend_by_name(struct filter *f, const char *name, size_t len)
{
	if (memchr(name, '.', len) || memchr(name, '[', len)) {
		f->path_len = sizeof(f->path);
		return;
	}
	if (f->path_len > 0)
		extend_path(f, ".", 1);
	extend_path(f, name, len);
}

static void take_member(struct filter *f)
{
	const struct level *level = &f->levels[f->depth - 1];
	const char *name = f->at;
	size_t name_len = 0;

	f->path_len = level->path_len;
	if (level->end == '}') {
		f->at = string_end(name);
		name_len = (size_t)(f->at - name);
		extend_by_name(f, name + 1, name_len - 2);
		f->at += strspn(f->at, " \t\r\n:");
	} else {
		extend_path(f, "[]", 2);
	}
	take_value(f, name, name_len);
}

/* `f->at` is the text of an object, known to be whole. */
static void take_all(struct filter *f)
{
	enter(f);
	while (f->depth > 0) {
		skip_blanks(f);
		if (*f->at == ',')
			f->at++;
		else if (*f->at == f->levels[f->depth - 1].end)
			leave(f);
		else
			take_member(f);
	}
}

static bool is_object(const char *json, size_t len)
{
	json_error_t error;
	json_t *root;
	bool is;

	/* jansson passes over a NUL behind some values; for us the text would end there. */
	if (memchr(json, '\0', len))
		return false;
	root = json_loadb(json, len, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
	is = json_is_object(root);
	json_decref(root);
	return is;
}

enum err privacy_filter(enum parcel_kind kind, const char *json, size_t len, char **out,
			size_t *out_len)
{
	struct filter f = { .kind = kind };
	char *text;

	if (len > PRIVACY_BYTES_MAX)
		return ERR_RANGE;
	if (!is_object(json, len))
		return ERR_SYNTAX;
	text = strndup(json, len); /* a NUL behind it, so that no step needs a look at the end */
	f.out = malloc(len + 1);
	if (!text || !f.out) {
		free(text);
		free(f.out);
		return ERR_MEMORY;
	}
	f.at = text;
	skip_blanks(&f);
	take_all(&f);
	free(text);
	f.out[f.out_len] = '\0';
	(void)atomic_fetch_add(&all_dropped, f.dropped);
	*out = f.out;
	*out_len = f.out_len;
	return ERR_OK;
}
