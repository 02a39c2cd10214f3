#include "sensor/delivery/privacy.h"

#include "tests/support/cmocka.h"

#include <glob.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_LEN = 512, ROWS_MAX = 512 };

static bool is_used[ROWS_MAX];

static char *filtered(enum parcel_kind kind, const char *json, size_t len)
{
	char *out = NULL;
	size_t out_len = 0;

	assert_int_equal(privacy_filter(kind, json, len, &out, &out_len), ERR_OK);
	assert_int_equal(strlen(out), out_len);
	return out;
}

static void assert_filtered(enum parcel_kind kind, const char *json, const char *want)
{
	char *got = filtered(kind, json, strlen(json));

	assert_string_equal(got, want);
	free(got);
}

static bool note_row(enum parcel_kind kind, const char *path)
{
	for (size_t i = 0; i < privacy_rows_count; i++) {
		if (privacy_rows[i].kind == kind && strcmp(privacy_rows[i].path, path) == 0)
			return is_used[i] = true;
	}
	return false;
}

/* Every value of what was let through stands in the table, looked at by a reader of its own. */
static void walk(enum parcel_kind kind, json_t *value, const char *path)
{
	char below[PATH_LEN];
	const char *name;
	json_t *member;
	size_t i;

	if (json_is_object(value)) {
		json_object_foreach(value, name, member)
		{
			(void)snprintf(below, sizeof(below), "%s%s%s", path,
				       *path != '\0' ? "." : "", name);
			walk(kind, member, below);
		}
	} else if (json_is_array(value)) {
		(void)snprintf(below, sizeof(below), "%s[]", path);
		json_array_foreach(value, i, member) walk(kind, member, below);
	} else if (!note_row(kind, path)) {
		fail_msg("%s leaves, and no row says so", path);
	}
}

/* What the sensor writes today passes as it stands: the table is not behind. */
static void take_line(enum parcel_kind kind, const char *line, size_t len)
{
	char *got = filtered(kind, line, len);
	json_t *root = json_loads(got, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(root);
	assert_int_equal(strlen(got), len);
	assert_memory_equal(got, line, len);
	walk(kind, root, "");
	json_decref(root);
	free(got);
}

static unsigned take_file(enum parcel_kind kind, const char *path, const char *schema)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	unsigned taken = 0;
	ssize_t len;

	assert_non_null(file);
	while ((len = getline(&line, &room, file)) > 0) {
		if (strncmp(line, schema, strlen(schema)) != 0)
			continue;
		take_line(kind, line, (size_t)len - 1);
		taken++;
	}
	free(line);
	assert_int_equal(fclose(file), 0);
	return taken;
}

static unsigned take_files(enum parcel_kind kind, const char *pattern, const char *schema)
{
	glob_t found;
	unsigned taken = 0;

	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		taken += take_file(kind, found.gl_pathv[i], schema);
	globfree(&found);
	return taken;
}

static void the_table_is_what_leaves(void **state)
{
	char pattern[PATH_LEN];
	char schema[PATH_LEN];

	(void)state;
	assert_true(privacy_rows_count <= ROWS_MAX);
	if (!getenv("GOLDEN") || !getenv("EXAMPLES"))
		fail_msg("%s", "GOLDEN and EXAMPLES name the folders");
	(void)snprintf(pattern, sizeof(pattern), "%s/*/expected.jsonl", getenv("GOLDEN"));
	assert_true(take_files(PARCEL_CASE, pattern, "{\"schema\":\"hinomi.case/1\"") > 40);
	for (unsigned kind = 0; kind < PARCEL_KINDS; kind++) {
		const char *name = parcel_kind_name((enum parcel_kind)kind);

		(void)snprintf(pattern, sizeof(pattern), "%s/body-%s*.json", getenv("EXAMPLES"),
			       name);
		(void)snprintf(schema, sizeof(schema), "{\"schema\":\"hinomi.%s/1\"", name);
		assert_true(take_files((enum parcel_kind)kind, pattern, schema) > 0);
	}
	for (size_t i = 0; i < privacy_rows_count; i++) {
		if (!is_used[i])
			fail_msg("%s of a %s occurs nowhere", privacy_rows[i].path,
				 parcel_kind_name(privacy_rows[i].kind));
	}
}

static void what_no_row_names_is_dropped(void **state)
{
	uint64_t before = privacy_dropped();

	(void)state;
	assert_filtered(PARCEL_CASE, "{\"id\":\"a\",\"payload\":\"GET /\",\"rev\":2}",
			"{\"id\":\"a\",\"rev\":2}");
	assert_filtered(PARCEL_CASE, "{\"device\":{\"user\":{\"mac\":1},\"mac\":\"m\"}}",
			"{\"device\":{\"mac\":\"m\"}}");
	assert_filtered(PARCEL_CASE, "{\"findings\":[{\"x\":[1,{\"y\":\"]}\"}],\"id\":\"f\"},{}]}",
			"{\"findings\":[{\"id\":\"f\"},{}]}");
	assert_filtered(PARCEL_CASE, "{\"payload\":1}", "{}");
	assert_int_equal(privacy_dropped() - before, 4);
}

static void what_has_another_shape_is_dropped(void **state)
{
	(void)state;
	assert_filtered(PARCEL_CASE, "{\"id\":{\"id\":\"a\"},\"rev\":[1]}", "{}");
	assert_filtered(PARCEL_CASE, "{\"device\":\"d\",\"findings\":[[{\"id\":1}],7]}",
			"{\"findings\":[]}");
	/* A name that looks like a path, or like ours only once it is read. */
	assert_filtered(PARCEL_CASE, "{\"device.mac\":1,\"findings[].id\":2,\"\\u0069d\":3,\"\":4}",
			"{}");
	assert_filtered(PARCEL_HEALTH, "{\"device\":{\"mac\":\"m\"},\"code\":\"gap\"}",
			"{\"code\":\"gap\"}");
}

static void values_stay_as_they_stand(void **state)
{
	(void)state;
	assert_filtered(PARCEL_CASE,
			" { \"confidence\" : 0.85 ,\n\"rev\":123456789012345678901234567890,"
			"\"impact\":1.50,\"id\":\"\\\"\\\\ \\u00e9 \xe3\x81\x82\" } ",
			"{\"confidence\":0.85,\"rev\":123456789012345678901234567890,"
			"\"impact\":1.50,\"id\":\"\\\"\\\\ \\u00e9 \xe3\x81\x82\"}");
	assert_filtered(PARCEL_CANARY, "{\"seen\":null,\"seconds\":3.12}",
			"{\"seen\":null,\"seconds\":3.12}");
	assert_filtered(PARCEL_HEARTBEAT, "{\"sensor_alive\":true,\"feeds\":{},\"health\":[]}",
			"{\"sensor_alive\":true,\"feeds\":{},\"health\":[]}");
}

static void what_is_no_object_is_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"[]",
		"1",
		"{",
		"{\"id\":\"a\xff\"}",
		"{\"id\":1,\"id\":2}",
		"{} {}",
		"{\"id\":\"\\u0000\"}",
		"{\"id\":\"\\ud800\"}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		char *out = NULL;
		size_t len;

		assert_int_equal(
			privacy_filter(PARCEL_CASE, wrong[i], strlen(wrong[i]), &out, &len),
			ERR_SYNTAX);
		assert_null(out);
	}
}

static void the_table_is_told_in_both_languages(void **state)
{
	(void)state;
	for (unsigned language = 0; language < LANGUAGES; language++) {
		char *chars = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&chars, &len);

		assert_non_null(out);
		privacy_print(out, (enum language)language);
		assert_int_equal(fclose(out), 0);
		for (size_t i = 0; i < privacy_rows_count; i++) {
			assert_non_null(strstr(chars, privacy_rows[i].path));
			assert_non_null(strstr(chars, privacy_rows[i].reason[language]));
		}
		free(chars);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_what_leaves),
		cmocka_unit_test(what_no_row_names_is_dropped),
		cmocka_unit_test(what_has_another_shape_is_dropped),
		cmocka_unit_test(values_stay_as_they_stand),
		cmocka_unit_test(what_is_no_object_is_refused),
		cmocka_unit_test(the_table_is_told_in_both_languages),
	};

	return cmocka_run_group_tests_name("privacy", tests, NULL, NULL);
}
