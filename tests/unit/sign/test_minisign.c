#include "sensor/sign/minisign.h"

#include "tests/support/cmocka.h"
#include "tests/support/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_LEN = 96, COMMAND_LEN = 1024 };

static const char data[] = "What is signed, to the last byte.\n";
enum { DATA_LEN = sizeof(data) - 1 };

static struct sign_public public;
static struct sign_secret secret;
static char signature[SIGN_TEXT_MAX];

static int set_up(void **state)
{
	(void)state;
	if (sign_start() != ERR_OK)
		return -1;
	sign_make_pair(&public, &secret);
	return sign_data(&secret, data, DATA_LEN, "serial:7", signature) == ERR_OK ? 0 : -1;
}

static const struct sign_source whole = { .data = data, .len = DATA_LEN };
static const struct sign_source shorter = { .data = data, .len = DATA_LEN - 1 };

static enum sign_answer check(const char *text, size_t len)
{
	char trusted[SIGN_COMMENT_LEN];
	uint8_t id[SIGN_ID_LEN];
	char *copy = malloc(len > 0 ? len : 1); /* of exact size */
	enum sign_answer answer;

	assert_non_null(copy);
	memcpy(copy, text, len);
	answer = sign_check(&public, &whole, copy, len, trusted, id);
	free(copy);
	return answer;
}

static void what_was_signed_is_good(void **state)
{
	char trusted[SIGN_COMMENT_LEN];
	uint8_t id[SIGN_ID_LEN];

	(void)state;
	assert_int_equal(sign_check(&public, &whole, signature, strlen(signature), trusted, id),
			 SIGN_GOOD);
	assert_string_equal(trusted, "serial:7");
	assert_memory_equal(id, public.id, sizeof(id));
	assert_int_equal(sign_check(&public, &shorter, signature, strlen(signature), trusted, id),
			 SIGN_BAD);
}

enum { LONG_LEN = (600 << 10) + 7 };

/* A sign_passed_fn: up to where it came. */
static void follow(void *arg, const void *part, size_t len)
{
	const uint8_t **at = arg;

	assert_ptr_equal(part, *at);
	assert_true(len > 0);
	*at += len;
}

static void who_lends_the_data_hears_of_each_part(void **state)
{
	uint8_t *bytes = calloc(1, LONG_LEN);
	const uint8_t *at = bytes;
	const struct sign_source source = { bytes, LONG_LEN, follow, &at };
	char text[SIGN_TEXT_MAX];
	char trusted[SIGN_COMMENT_LEN];
	uint8_t id[SIGN_ID_LEN];

	(void)state;
	assert_non_null(bytes);
	bytes[LONG_LEN - 1] = 7;
	assert_int_equal(sign_data(&secret, bytes, LONG_LEN, "long", text), ERR_OK);
	assert_int_equal(sign_check(&public, &source, text, strlen(text), trusted, id), SIGN_GOOD);
	assert_ptr_equal(at, bytes + LONG_LEN);
	bytes[LONG_LEN - 1] = 8;
	at = bytes;
	assert_int_equal(sign_check(&public, &source, text, strlen(text), trusted, id), SIGN_BAD);
	free(bytes);
}

static void another_key_is_named(void **state)
{
	struct sign_public other;
	struct sign_secret unused;
	char trusted[SIGN_COMMENT_LEN];
	uint8_t id[SIGN_ID_LEN];

	(void)state;
	sign_make_pair(&other, &unused);
	assert_int_equal(sign_check(&other, &whole, signature, strlen(signature), trusted, id),
			 SIGN_OTHER_KEY);
	assert_memory_equal(id, public.id, sizeof(id));
	/* Who gives his key another's id is still not him. */
	memcpy(other.id, public.id, sizeof(other.id));
	assert_int_equal(sign_check(&other, &whole, signature, strlen(signature), trusted, id),
			 SIGN_BAD);
}

/* The words behind "untrusted comment: " are nobody's: minisign leaves them open too. */
static void every_changed_byte_is_refused(void **state)
{
	static const char open_words[] = "signature";
	static const uint8_t others[] = { 1, '\n', '\r', 0xbe, 0xff };
	size_t len = strlen(signature);
	char *words = strstr(signature, open_words);
	char text[SIGN_TEXT_MAX];

	(void)state;
	for (size_t at = 0; at < len - 1; at++) {
		if (signature + at >= words && signature + at < words + strlen(open_words))
			continue;
		for (size_t i = 0; i < ARRAY_LEN(others); i++) {
			memcpy(text, signature, len);
			text[at] = (char)(others[i] < 3 ? text[at] ^ others[i] : others[i]);
			if (text[at] == signature[at])
				continue;
			assert_int_not_equal(check(text, len), SIGN_GOOD);
		}
	}
	assert_int_equal(check(signature, len), SIGN_GOOD);
}

static void every_beginning_is_refused(void **state)
{
	(void)state;
	for (size_t len = 0; len < strlen(signature) - 1; len++)
		assert_int_not_equal(check(signature, len), SIGN_GOOD);
}

static void altered_words_are_refused(void **state)
{
	char text[SIGN_TEXT_MAX];
	char *at;

	(void)state;
	memcpy(text, signature, sizeof(text));
	at = strstr(text, "serial:7");
	at[7] = '8';
	assert_int_equal(check(text, strlen(text)), SIGN_BAD);
}

/* "Ed" signs the data itself: whoever reads it must hold all of it in memory. */
static void the_older_form_is_refused(void **state)
{
	char text[SIGN_TEXT_MAX];
	char *line;

	(void)state;
	memcpy(text, signature, sizeof(text));
	line = strchr(text, '\n') + 1;
	assert_memory_equal(line, "RU", 2);
	line[1] = 'W'; /* base64 of "Ed" in place of "ED" */
	assert_int_equal(check(text, strlen(text)), SIGN_NONE);
}

static void no_mutation_is_good(void **state)
{
	size_t len = strlen(signature);
	char text[SIGN_TEXT_MAX];
	uint64_t seed = 31;

	(void)state;
	for (size_t i = 0; i < 5000; i++) {
		size_t end = random_next(&seed) % (len + 40);

		memset(text, 'A', sizeof(text));
		memcpy(text, signature, len);
		for (size_t k = 0; k < 1 + i % 4; k++)
			text[29 + random_next(&seed) % (len - 29)] = (char)random_next(&seed);
		if (memcmp(text, signature, len) != 0)
			assert_int_not_equal(check(text, end), SIGN_GOOD);
	}
}

static void comments_have_an_end(void **state)
{
	char comment[SIGN_COMMENT_LEN + 1];
	char text[SIGN_TEXT_MAX];

	(void)state;
	memset(comment, 'c', sizeof(comment));
	comment[SIGN_COMMENT_LEN] = '\0';
	assert_int_equal(sign_data(&secret, data, DATA_LEN, comment, text), ERR_RANGE);
	comment[SIGN_COMMENT_LEN - 1] = '\0';
	assert_int_equal(sign_data(&secret, data, DATA_LEN, comment, text), ERR_OK);
	assert_int_equal(check(text, strlen(text)), SIGN_GOOD);
	assert_int_equal(sign_data(&secret, data, DATA_LEN, "two\nlines", text), ERR_RANGE);
}

static void keys_survive_their_files(void **state)
{
	char text[SIGN_TEXT_MAX];
	char id[SIGN_ID_TEXT_LEN];
	struct sign_public public_again;
	struct sign_secret secret_again;
	char *line;

	(void)state;
	sign_public_text(&public, text);
	sign_id_text(public.id, id);
	assert_non_null(strstr(text, id));
	assert_int_equal(sign_public_parse(text, &public_again), ERR_OK);
	assert_memory_equal(&public_again, &public, sizeof(public));
	line = strchr(text, '\n') + 1;
	assert_int_equal(sign_public_parse(line, &public_again), ERR_OK); /* as on a command line */
	assert_int_equal(sign_secret_parse(text, &secret_again), ERR_SYNTAX);
	sign_secret_text(&secret, text);
	assert_int_equal(sign_secret_parse(text, &secret_again), ERR_OK);
	assert_memory_equal(&secret_again, &secret, sizeof(secret));
	assert_int_equal(sign_public_parse(text, &public_again), ERR_SYNTAX);
}

static void a_damaged_secret_is_refused(void **state)
{
	char text[SIGN_TEXT_MAX];
	struct sign_secret out;
	size_t begin;

	(void)state;
	sign_secret_text(&secret, text);
	begin = (size_t)(strchr(text, '\n') + 1 - text);
	/* The salt and the limits of a lock that is not there say nothing: bytes 6 to 53. */
	for (size_t at = begin; at < strlen(text) - 1; at++) {
		size_t byte = (at - begin) * 3 / 4;
		char was = text[at];

		if (byte + 1 >= 6 && byte < 54)
			continue;
		text[at] = was == 'A' ? 'B' : 'A';
		assert_int_not_equal(sign_secret_parse(text, &out), ERR_OK);
		text[at] = was;
	}
	for (size_t len = 0; len < strlen(text) - 1; len++) {
		char was = text[len];

		text[len] = '\0';
		assert_int_not_equal(sign_secret_parse(text, &out), ERR_OK);
		text[len] = was;
	}
	assert_int_equal(sign_secret_parse("", &out), ERR_SYNTAX);
}

/* The real program, where it is. */
struct office {
	char dir[PATH_LEN / 2];
};

static void path_in(const struct office *o, const char *name, char out[static PATH_LEN])
{
	(void)snprintf(out, PATH_LEN, "%s/%s", o->dir, name);
}

static void put(const struct office *o, const char *name, const char *text)
{
	char path[PATH_LEN];
	FILE *file;

	path_in(o, name, path);
	file = fopen(path, "wb");
	assert_true(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void get(const struct office *o, const char *name, char out[static SIGN_TEXT_MAX])
{
	char path[PATH_LEN];
	FILE *file;

	path_in(o, name, path);
	file = fopen(path, "rb");
	assert_non_null(file);
	out[fread(out, 1, SIGN_TEXT_MAX - 1, file)] = '\0';
	(void)fclose(file);
}

static bool runs(const struct office *o, const char *what)
{
	char command[COMMAND_LEN];
	int status;

	(void)snprintf(command, sizeof(command), "cd %s && %s >/dev/null 2>&1", o->dir, what);
	status = system(command); /* NOLINT(cert-env33-c): a test of the program itself */
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int office_open(void **state)
{
	static struct office o;

	o = (struct office){ "/tmp/hinomi-sign-XXXXXX" };
	*state = &o;
	return mkdtemp(o.dir) ? 0 : -1;
}

static int office_close(void **state)
{
	(void)runs(*state, "rm -f data data.minisig hinomi.pub hinomi.key mini.pub mini.key");
	return rmdir(((struct office *)*state)->dir);
}

static void minisign_takes_ours(void **state)
{
	const struct office *o = *state;
	char text[SIGN_TEXT_MAX];

	if (!runs(o, "minisign -v"))
		skip();
	put(o, "data", data);
	put(o, "data.minisig", signature);
	sign_public_text(&public, text);
	put(o, "hinomi.pub", text);
	assert_true(runs(o, "minisign -V -p hinomi.pub -m data"));
	assert_true(runs(o, "minisign -V -H -p hinomi.pub -m data"));
	put(o, "data", "another\n");
	assert_false(runs(o, "minisign -V -p hinomi.pub -m data"));
	/* Our secret key signs there, too. */
	sign_secret_text(&secret, text);
	put(o, "hinomi.key", text);
	put(o, "data", data);
	assert_true(runs(o, "minisign -S -s hinomi.key -t serial:8 -m data </dev/null"));
	get(o, "data.minisig", text);
	assert_int_equal(check(text, strlen(text)), SIGN_GOOD);
}

static void ours_takes_minisign_s(void **state)
{
	const struct office *o = *state;
	char text[SIGN_TEXT_MAX];
	char trusted[SIGN_COMMENT_LEN];
	uint8_t id[SIGN_ID_LEN];
	struct sign_public theirs;
	struct sign_secret secret_of_theirs;
	char again[SIGN_TEXT_MAX];

	if (!runs(o, "minisign -v"))
		skip();
	put(o, "data", data);
	assert_true(runs(o, "minisign -G -W -f -p mini.pub -s mini.key </dev/null"));
	assert_true(runs(o, "minisign -S -s mini.key -t serial:9 -m data </dev/null"));
	get(o, "mini.pub", text);
	assert_int_equal(sign_public_parse(text, &theirs), ERR_OK);
	get(o, "data.minisig", text);
	assert_int_equal(sign_check(&theirs, &whole, text, strlen(text), trusted, id), SIGN_GOOD);
	assert_string_equal(trusted, "serial:9");
	/* Signed with their key by us. */
	get(o, "mini.key", text);
	assert_int_equal(sign_secret_parse(text, &secret_of_theirs), ERR_OK);
	assert_int_equal(sign_data(&secret_of_theirs, data, DATA_LEN, "serial:10", again), ERR_OK);
	put(o, "data.minisig", again);
	assert_true(runs(o, "minisign -V -p mini.pub -m data"));
	/* Its older form. */
	assert_true(runs(o, "minisign -S -l -s mini.key -m data </dev/null"));
	get(o, "data.minisig", text);
	assert_int_equal(sign_check(&theirs, &whole, text, strlen(text), trusted, id), SIGN_NONE);
}

static void a_locked_secret_is_told(void **state)
{
	const struct office *o = *state;
	char text[SIGN_TEXT_MAX];
	struct sign_secret locked;

	/* minisign reads a password from a terminal or, without one, from its input. */
	if (!runs(o, "printf 'word\\nword\\n' | timeout 20 minisign -G -f -p mini.pub -s mini.key"))
		skip();
	get(o, "mini.key", text);
	assert_int_equal(sign_secret_parse(text, &locked), ERR_MISSING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_signed_is_good),
		cmocka_unit_test(who_lends_the_data_hears_of_each_part),
		cmocka_unit_test(another_key_is_named),
		cmocka_unit_test(every_changed_byte_is_refused),
		cmocka_unit_test(every_beginning_is_refused),
		cmocka_unit_test(altered_words_are_refused),
		cmocka_unit_test(the_older_form_is_refused),
		cmocka_unit_test(no_mutation_is_good),
		cmocka_unit_test(comments_have_an_end),
		cmocka_unit_test(keys_survive_their_files),
		cmocka_unit_test(a_damaged_secret_is_refused),
		cmocka_unit_test_setup_teardown(minisign_takes_ours, office_open, office_close),
		cmocka_unit_test_setup_teardown(ours_takes_minisign_s, office_open, office_close),
		cmocka_unit_test_setup_teardown(a_locked_secret_is_told, office_open, office_close),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
