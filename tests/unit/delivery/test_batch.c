#include "sensor/delivery/batch.h"

#include "sensor/base/text.h"
#include "tests/unit/delivery/parcels.h"

#include <stdbool.h>
#include <stdlib.h>

enum { PARCELS = 3, TEXT_LEN = 1 << 16 };

static struct parcels stream;
static struct parcel made[PARCELS];
static char text[TEXT_LEN]; /* the batch of all */
static size_t text_len;

static char *written(void (*write)(FILE *out, const void *what), const void *what, size_t *len)
{
	char *chars = NULL;
	FILE *out = open_memstream(&chars, len);

	assert_non_null(out);
	write(out, what);
	assert_int_equal(fclose(out), 0);
	return chars;
}

static void write_batch(FILE *out, const void *what)
{
	batch_write(out, "s-1", what, PARCELS);
}

static void write_replies(FILE *out, const void *what)
{
	replies_write(out, what);
}

static int set_up(void **state)
{
	char *chars;

	(void)state;
	parcels_start(&stream, 1);
	for (unsigned i = 0; i < PARCELS; i++)
		made[i] = parcels_next(&stream);
	chars = written(write_batch, made, &text_len);
	assert_true(text_len < sizeof(text));
	memcpy(text, chars, text_len + 1);
	free(chars);
	return 0;
}

/* From a block of exactly its size. */
static enum err parse(const char *from, size_t len, struct batch *out)
{
	char problem[BATCH_PROBLEM_LEN] = "";
	char *copy = malloc(len > 0 ? len : 1);
	enum err err;

	assert_non_null(copy);
	memcpy(copy, from, len);
	err = batch_parse(copy, len, out, problem);
	free(copy);
	assert_int_equal(err == ERR_OK, problem[0] == '\0');
	return err;
}

static void what_is_written_is_read(void **state)
{
	struct batch batch;

	(void)state;
	assert_int_equal(text[text_len - 1], '\n');
	assert_null(memchr(text, '\n', text_len - 1));
	assert_int_equal(parse(text, text_len, &batch), ERR_OK);
	assert_string_equal(batch.sensor, "s-1");
	assert_int_equal(batch.count, PARCELS);
	for (unsigned i = 0; i < PARCELS; i++) {
		const struct parcel *got = &batch.parcels[i];

		assert_int_equal(parcel_check(got, &stream.public), PARCEL_SOUND);
		assert_int_equal(got->sequence, i + 1);
		assert_string_equal(got->body, made[i].body);
		assert_int_equal(got->body_len, made[i].body_len);
	}
	batch_free(&batch);
}

static void every_prefix_is_refused(void **state)
{
	struct batch batch;

	(void)state;
	for (size_t cut = 0; cut < text_len - 1; cut++) {
		assert_int_equal(parse(text, cut, &batch), ERR_SYNTAX);
		assert_null(batch.parcels);
	}
}

/* A copy of the batch's text in which `from`, which is there, is replaced once. */
static char *replaced(const char *from, const char *to)
{
	const char *at = strstr(text, from);
	char *out = NULL;

	assert_non_null(at);
	assert_true(asprintf(&out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) > 0);
	return out;
}

static void a_wrong_member_is_named(void **state)
{
	static const struct {
		const char *from;
		const char *to;
		const char *member;
	} wrong[] = {
		{ "{\"schema\":\"hinomi.parcel/1\"", "{\"schema\":\"hinomi.parcel/2\"", "schema" },
		{ ",\"stream\":\"urgent\"", ",\"stream\":\"slow\"", "stream" },
		{ ",\"stream\":\"urgent\"", "", "stream" },
		{ "\"sequence\":1,", "\"sequence\":0,", "sequence" },
		{ "\"sequence\":1,", "\"sequence\":1.0,", "sequence" },
		{ "\"sequence\":1,", "\"sequence\":\"1\",", "sequence" },
		{ "\"kind\":\"canary\"", "\"kind\":\"bird\"", "kind" },
		{ "\"revision\":1,", "\"revision\":-1,", "revision" },
		{ "\"key\":\"0", "\"key\":\" ", "key" },
		{ ".123456Z", ".123Z", "made" },
		{ "\"previous\":\"00", "\"previous\":\"0", "previous" },
		{ "\"digest\":\"", "\"digest\":\"X", "digest" },
		{ "\"signer\":\"", "\"signer\":\"0", "signer" },
		{ "\"signature\":\"", "\"signature\":1,\"other\":\"", "signature" },
		{ "\"body\":\"", "\"body\":null,\"other\":\"", "body" },
		{ "\"body\":\"", "\"body\":\"\",\"other\":\"", "body" },
		{ "\"parcels\":[{\"schema\":\"hinomi.parcel/1\",\"sensor\":\"s-1\"",
		  "\"parcels\":[{\"schema\":\"hinomi.parcel/1\",\"sensor\":\"s-2\"", "sensor" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		char problem[BATCH_PROBLEM_LEN] = "";
		char *changed = replaced(wrong[i].from, wrong[i].to);
		char member[32];
		struct batch batch;

		(void)snprintf(member, sizeof(member), "\"%s\"", wrong[i].member);
		assert_int_equal(batch_parse(changed, strlen(changed), &batch, problem),
				 ERR_SYNTAX);
		assert_non_null(strstr(problem, member));
		assert_non_null(strstr(problem, "1 of 3"));
		free(changed);
	}
}

static void what_is_no_batch_is_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"null",
		"[]",
		"{}",
		"{\"schema\":\"hinomi.batch/1\",\"sensor\":\"s-1\",\"parcels\":[]}",
		"{\"schema\":\"hinomi.batch/1\",\"sensor\":\"s-1\",\"parcels\":{}}",
		"{\"schema\":\"hinomi.batch/1\",\"sensor\":\"s-1\",\"parcels\":[1]}",
		"{\"schema\":\"hinomi.batch/1\",\"sensor\":\"s 1\",\"parcels\":[{}]}",
		"{\"schema\":\"hinomi.batch/2\",\"sensor\":\"s-1\",\"parcels\":[{}]}",
		"{\"schema\":\"hinomi.batch/1\",\"schema\":\"hinomi.batch/1\"}",
	};
	struct batch batch;
	char *twice;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(parse(wrong[i], strlen(wrong[i]), &batch), ERR_SYNTAX);
	twice = replaced("\"sequence\":1,", "\"sequence\":1,\"sequence\":2,");
	assert_int_equal(parse(twice, strlen(twice), &batch), ERR_SYNTAX);
	free(twice);
}

static void limits_hold(void **state)
{
	char problem[BATCH_PROBLEM_LEN];
	char *chars = malloc(BATCH_BYTES_MAX + 1);
	struct text many;
	struct batch batch;

	(void)state;
	assert_non_null(chars);
	memset(chars, ' ', BATCH_BYTES_MAX + 1);
	assert_int_equal(batch_parse(chars, BATCH_BYTES_MAX + 1, &batch, problem), ERR_RANGE);
	many = text_over(chars, BATCH_BYTES_MAX);
	text_add(&many, "{\"schema\":\"hinomi.batch/1\",\"sensor\":\"s-1\",\"parcels\":[0");
	for (unsigned i = 0; i < BATCH_PARCELS_MAX; i++)
		text_add(&many, ",0");
	text_add(&many, "]}");
	assert_int_equal(batch_parse(chars, many.len, &batch, problem), ERR_RANGE);
	free(chars);
}

static void a_line_is_one_parcel(void **state)
{
	char problem[BATCH_PROBLEM_LEN] = "";
	struct batch batch;
	const char *first = strchr(text, '[') + 1;
	size_t len = (size_t)(strstr(first, "},{") + 1 - first);
	char list[TEXT_LEN];

	(void)state;
	assert_int_equal(batch_parse_line(first, len, &batch, problem), ERR_OK);
	assert_int_equal(batch.count, 1);
	assert_int_equal(parcel_check(&batch.parcels[0], &stream.public), PARCEL_SOUND);
	batch_free(&batch);
	assert_int_equal(batch_parse_line(first, len - 1, &batch, problem), ERR_SYNTAX);
	(void)snprintf(list, sizeof(list), "[%.*s]", (int)len, first);
	assert_int_equal(batch_parse_line(list, strlen(list), &batch, problem), ERR_SYNTAX);
	assert_int_equal(batch_parse_line("[]", 2, &batch, problem), ERR_SYNTAX);
}

static void replies_go_there_and_back(void **state)
{
	struct replies told = { .count = 4, .has_orders = true };
	struct replies got;
	char problem[BATCH_PROBLEM_LEN] = "";
	size_t len;
	char *chars;

	(void)state;
	for (unsigned i = 0; i < told.count; i++)
		told.list[i] = (struct reply){ .stream = (enum parcel_stream)i,
					       .sequence = i + 1,
					       .status = (enum reply_status)(REPLY_STORED + i) };
	(void)snprintf(told.list[2].code, REPLY_CODE_LEN, "bad_body");
	(void)snprintf(told.list[2].detail, REPLY_DETAIL_LEN, "line 1:\n \"\xe3\x81\x82\"");
	told.has_head[PARCEL_PULSE] = told.has_head[PARCEL_URGENT] = true;
	told.head[PARCEL_PULSE] = stream.head;
	chars = written(write_replies, &told, &len);
	assert_int_equal(replies_parse(chars, len, &got, problem), ERR_OK);
	assert_memory_equal(&got, &told, sizeof(told));
	for (size_t cut = 0; cut < len - 1; cut++) {
		assert_int_equal(replies_parse(chars, cut, &got, problem), ERR_SYNTAX);
		assert_int_equal(got.count, 0);
	}
	free(chars);
}

static void nothing_is_believed_by_halves(void **state)
{
	static const char *const wrong[] = {
		"{}",
		"{\"schema\":\"hinomi.replies/2\",\"replies\":[]}",
		"{\"schema\":\"hinomi.replies/1\"}",
		"{\"schema\":\"hinomi.replies/1\",\"replies\":{}}",
		"{\"schema\":\"hinomi.replies/"
		"1\",\"replies\":[{\"stream\":\"urgent\",\"sequence\":1,"
		"\"status\":\"stored\"},{}]}",
		"{\"schema\":\"hinomi.replies/"
		"1\",\"replies\":[{\"stream\":\"urgent\",\"sequence\":1,"
		"\"status\":\"none\"}]}",
		"{\"schema\":\"hinomi.replies/"
		"1\",\"replies\":[{\"stream\":\"urgent\",\"sequence\":0,"
		"\"status\":\"stored\"}]}",
		"{\"schema\":\"hinomi.replies/"
		"1\",\"replies\":[],\"heads\":{\"urgent\":{\"sequence\":1,"
		"\"chain\":\"00\"}}}",
	};
	static const char newer[] = "{\"schema\":\"hinomi.replies/1\",\"replies\":[],\"new\":[1]}";
	struct replies got;
	char problem[BATCH_PROBLEM_LEN];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		assert_int_equal(replies_parse(wrong[i], strlen(wrong[i]), &got, problem),
				 ERR_SYNTAX);
		assert_int_equal(got.count, 0);
		assert_false(got.has_head[PARCEL_URGENT]);
	}
	/* What a later version adds is passed over. */
	assert_int_equal(replies_parse(newer, strlen(newer), &got, problem), ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(every_prefix_is_refused),
		cmocka_unit_test(a_wrong_member_is_named),
		cmocka_unit_test(what_is_no_batch_is_refused),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(a_line_is_one_parcel),
		cmocka_unit_test(replies_go_there_and_back),
		cmocka_unit_test(nothing_is_believed_by_halves),
	};

	return cmocka_run_group_tests_name("batch", tests, set_up, NULL);
}
