#include "sensor/courier/mqtt_brokers.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void takes_lists(void **state)
{
	struct mqtt_brokers brokers;
	char problem[OUTPUT_SAID_LEN];

	(void)state;
	assert_int_equal(mqtt_brokers_read(&brokers,
					   "mqtts://a.example.jp, mqtts://[2001:db8::1]:9883,"
					   "mqtts://192.0.2.1:65535/",
					   "mqtt", problem),
			 ERR_OK);
	assert_int_equal(mqtt_brokers_count(&brokers), 3);
	assert_true(mqtt_brokers_have_tls(&brokers));
	assert_string_equal(mqtt_broker_name(&brokers), "a.example.jp");
	assert_int_equal(mqtt_broker_at(&brokers)->port, 8883);
	mqtt_brokers_next(&brokers);
	assert_string_equal(mqtt_broker_name(&brokers), "2001:db8::1");
	assert_int_equal(mqtt_broker_at(&brokers)->port, 9883);
	mqtt_brokers_next(&brokers);
	assert_string_equal(mqtt_broker_name(&brokers), "192.0.2.1");
	assert_int_equal(mqtt_broker_at(&brokers)->port, 65535);
	mqtt_brokers_next(&brokers);
	assert_string_equal(mqtt_broker_name(&brokers), "a.example.jp");
}

static void unencrypted_is_for_this_machine(void **state)
{
	struct mqtt_brokers brokers;
	char problem[OUTPUT_SAID_LEN];

	(void)state;
	assert_int_equal(
		mqtt_brokers_read(&brokers, "mqtt://127.0.0.1,mqtt://[::1]:2000", "mqtt", problem),
		ERR_OK);
	assert_false(mqtt_brokers_have_tls(&brokers));
	assert_int_equal(mqtt_broker_at(&brokers)->port, 1883);
	assert_int_equal(mqtt_brokers_read(&brokers, "mqtt://broker.example.jp", "mqtt", problem),
			 ERR_SYNTAX);
	assert_non_null(strstr(problem, "must begin with mqtts://"));
	assert_int_equal(
		mqtt_brokers_read(&brokers, "mqtt://127.0.0.1.example.jp", "mqtt", problem),
		ERR_SYNTAX);
}

static void refuses_what_is_no_address(void **state)
{
	static const char *const wrong[] = {
		"",
		" , ",
		"https://a.example.jp",
		"a.example.jp",
		"mqtts://",
		"mqtts://:8883",
		"mqtts://user:word@a.example.jp",
		"mqtts://a.example.jp/path",
		"mqtts://a.example.jp:",
		"mqtts://a.example.jp:0",
		"mqtts://a.example.jp:65536",
		"mqtts://a.example.jp:-1",
		"mqtts://a.example.jp:88x",
		"mqtts://[::1",
		"mqtts://[::1]x",
		"mqtts://a.example.jp,mqtt://127.0.0.1",
		"mqtts://a,mqtts://b,mqtts://c,mqtts://d,mqtts://e,mqtts://f,mqtts://g,mqtts://h,"
		"mqtts://i",
	};
	struct mqtt_brokers brokers;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char problem[OUTPUT_SAID_LEN] = "";

		if (mqtt_brokers_read(&brokers, wrong[i], "mqtt", problem) != ERR_SYNTAX)
			fail_msg("'%s' is taken", wrong[i]);
		assert_memory_equal(problem, "mqtt.url: ", strlen("mqtt.url: "));
	}
}

static enum err read_secret(const char *text, char *user, char **password)
{
	char path[] = "/tmp/hinomi-secret-XXXXXX";
	int fd = mkstemp(path);
	enum err err;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(close(fd), 0);
	err = mqtt_secret_read(path, user, password);
	assert_int_equal(unlink(path), 0);
	return err;
}

static void secret_is_one_line(void **state)
{
	char user[MQTT_SECRET_LEN];
	char *password;

	(void)state;
	assert_int_equal(read_secret("sensor:a:b c\r\nmore\n", user, &password), ERR_OK);
	assert_string_equal(user, "sensor");
	assert_string_equal(password, "a:b c");
	assert_int_equal(read_secret("", user, &password), ERR_SYNTAX);
	assert_int_equal(read_secret("sensor\n", user, &password), ERR_SYNTAX);
	assert_int_equal(read_secret(":word\n", user, &password), ERR_SYNTAX);
	assert_int_equal(mqtt_secret_read("/nowhere/at/all", user, &password), ERR_MISSING);
	assert_int_equal(mqtt_secret_read("", user, &password), ERR_OK);
	assert_string_equal(user, "");
	assert_string_equal(password, "");
}

/* A line that does not fit must not be cut: half a password is another one. */
static void secret_that_is_too_long(void **state)
{
	char text[MQTT_SECRET_LEN + 100];
	char user[MQTT_SECRET_LEN];
	char *password;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[1] = ':';
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(read_secret(text, user, &password), ERR_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_lists),
		cmocka_unit_test(unencrypted_is_for_this_machine),
		cmocka_unit_test(refuses_what_is_no_address),
		cmocka_unit_test(secret_is_one_line),
		cmocka_unit_test(secret_that_is_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
