#include "dissectors/vnc.h"

#include "tests/unit/dissectors/exact.h"

static enum dissect dissect_client(struct cursor in, void *out)
{
	return dissect_vnc_client(in, out);
}

static enum dissect dissect_alone(struct cursor in, void *out)
{
	return dissect_vnc_server(
		in, &(struct vnc_client){ .version = { 0 }, .has_choice = false, .security = 0 },
		out);
}

static enum dissect dissect_with_password(struct cursor in, void *out)
{
	return dissect_vnc_server(
		in, &(struct vnc_client){ .version = { 3, 8 }, .has_choice = true, .security = 2 },
		out);
}

static enum dissect dissect_without_password(struct cursor in, void *out)
{
	return dissect_vnc_server(
		in, &(struct vnc_client){ .version = { 3, 8 }, .has_choice = true, .security = 1 },
		out);
}

static enum dissect dissect_of_apple(struct cursor in, void *out)
{
	return dissect_vnc_server(
		in,
		&(struct vnc_client){ .version = { 3, 889 }, .has_choice = true, .security = 30 },
		out);
}

static enum dissect dissect_of_7(struct cursor in, void *out)
{
	return dissect_vnc_server(
		in, &(struct vnc_client){ .version = { 3, 7 }, .has_choice = true, .security = 1 },
		out);
}

static enum dissect dissect_of_7_with_password(struct cursor in, void *out)
{
	return dissect_vnc_server(
		in, &(struct vnc_client){ .version = { 3, 7 }, .has_choice = true, .security = 2 },
		out);
}

static enum dissect dissect_of_3(struct cursor in, void *out)
{
	return dissect_vnc_server(
		in, &(struct vnc_client){ .version = { 3, 3 }, .has_choice = false, .security = 0 },
		out);
}

static void say_server(const struct vnc_server *msg, FILE *to)
{
	(void)fprintf(to, "%u.%u", msg->version.major, msg->version.minor);
	if (msg->has_offer)
		(void)fprintf(to, " offers %u:", msg->security_count);
	for (unsigned i = 0; i < msg->security_kept; i++)
		(void)fprintf(to, " %u", msg->security[i]);
	if (msg->outcome != VNC_OUTCOME_NONE)
		(void)fprintf(to, " outcome=%d", (int)msg->outcome);
	exact_say(to, "reason", msg->reason);
	if (msg->has_desktop)
		(void)fprintf(to, " %ux%u", msg->width, msg->height);
	exact_say(to, "desktop", msg->desktop_name);
}

static void say_client(const void *out, FILE *to)
{
	const struct vnc_client *msg = out;

	(void)fprintf(to, "%u.%u %d/%u +%zu", msg->version.major, msg->version.minor,
		      msg->has_choice, msg->security, msg->consumed);
}

static void say_alone(const void *out, FILE *to)
{
	say_server(out, to);
}

static void say_with_password(const void *out, FILE *to)
{
	say_server(out, to);
}

static void say_without_password(const void *out, FILE *to)
{
	say_server(out, to);
}

static void say_of_apple(const void *out, FILE *to)
{
	say_server(out, to);
}

static void say_of_7(const void *out, FILE *to)
{
	say_server(out, to);
}

static void say_of_7_with_password(const void *out, FILE *to)
{
	say_server(out, to);
}

static void say_of_3(const void *out, FILE *to)
{
	say_server(out, to);
}

static const struct exact_dissector client_dissector = { dissect_client, say_client,
							 sizeof(struct vnc_client) };
static const struct exact_dissector alone_dissector = { dissect_alone, say_alone,
							sizeof(struct vnc_server) };
static const struct exact_dissector with_password_dissector = { dissect_with_password,
								say_with_password,
								sizeof(struct vnc_server) };
static const struct exact_dissector without_password_dissector = { dissect_without_password,
								   say_without_password,
								   sizeof(struct vnc_server) };
static const struct exact_dissector of_apple_dissector = { dissect_of_apple, say_of_apple,
							   sizeof(struct vnc_server) };
static const struct exact_dissector of_7_dissector = { dissect_of_7, say_of_7,
						       sizeof(struct vnc_server) };
static const struct exact_dissector of_7_with_password_dissector = { dissect_of_7_with_password,
								     say_of_7_with_password,
								     sizeof(struct vnc_server) };
static const struct exact_dissector of_3_dissector = { dissect_of_3, say_of_3,
						       sizeof(struct vnc_server) };

static struct exact_case client_cases[] = {
	{ "a version", BYTES("RFB 003.008\n"), DISSECT_OK, "3.8 0/0 +12", 0 },
	{ "a choice",
	  BYTES("RFB 003.008\n"
		"\x02"
		"0123456789abcdef"
		"\1"),
	  DISSECT_OK, "3.8 1/2 +13", 18 },
	{ "RealVNC's 4.1",
	  BYTES("RFB 004.001\n"
		"\x0d"),
	  DISSECT_OK, "4.1 1/13 +13", 1 },
	{ "3.3 chooses nothing",
	  BYTES("RFB 003.003\n"
		"\1"),
	  DISSECT_OK, "3.3 0/0 +12", 1 },
	{ "SSH", BYTES("SSH-2.0-x\r\n"), DISSECT_OTHER, NULL, 0 },
	{ "a version without its dot", BYTES("RFB 003-008\n"), DISSECT_OTHER, NULL, 0 },
	{ "a version with a letter", BYTES("RFB 00x.008\n"), DISSECT_OTHER, NULL, 0 },
	{ "a version with a letter behind its dot", BYTES("RFB 003.00x\n"), DISSECT_OTHER, NULL,
	  0 },
	{ "a version that goes on", BYTES("RFB 003.0088"), DISSECT_OTHER, NULL, 0 },
};

static struct exact_case alone_cases[] = {
	{ "an offer",
	  BYTES("RFB 003.008\n"
		"\3\2\x10\x13"),
	  DISSECT_OK, "3.8 offers 3: 2 16 19", 4 },
	{ "an offer, not yet answered",
	  BYTES("RFB 003.008\n"
		"\1\1"
		"\0\0\0\0"),
	  DISSECT_OK, "3.8 offers 1: 1", 6 },
	{ "refused with a reason",
	  BYTES("RFB 003.008\n"
		"\0"
		"\0\0\0\4"
		"full"),
	  DISSECT_OK, "3.8 offers 0: outcome=2 reason=full", 9 },
	{ "3.3 refused",
	  BYTES("RFB 003.003\n"
		"\0\0\0\0"
		"\0\0\0\4"
		"full"),
	  DISSECT_OK, "3.3 offers 0: outcome=2 reason=full", 12 },
	{ "3.3, not a type",
	  BYTES("RFB 003.003\n"
		"\1\0\0\0"),
	  DISSECT_OK, "3.3", 4 },
	{ "more types than are kept",
	  BYTES("RFB 003.008\n"
		"\x11"
		"\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"),
	  DISSECT_OK, "3.8 offers 17: 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", 18 },
	{ "HTTP", BYTES("HTTP/1.1 200 OK\r\n"), DISSECT_OTHER, NULL, 0 },
};

static struct exact_case with_password_cases[] = {
	{ "a password accepted, a desktop",
	  BYTES("RFB 003.008\n"
		"\2\1\2"
		"0123456789abcdef"
		"\0\0\0\0"
		"\x04\x00\x03\x00"
		"\x20\x18\0\1\0\xff\0\xff\0\xff\x10\x08\0\0\0\0"
		"\0\0\0\x04"
		"desk"),
	  DISSECT_OK, "3.8 offers 2: 1 2 outcome=1 1024x768 desktop=desk", 51 },
	{ "a password refused",
	  BYTES("RFB 003.008\n"
		"\1\2"
		"0123456789abcdef"
		"\0\0\0\1"
		"\0\0\0\2"
		"no"),
	  DISSECT_OK, "3.8 offers 1: 2 outcome=2 reason=no", 28 },
	{ "too many attempts",
	  BYTES("RFB 003.008\n"
		"\1\2"
		"0123456789abcdef"
		"\0\0\0\2"
		"\0\0\0\2"
		"no"),
	  DISSECT_OK, "3.8 offers 1: 2 outcome=3 reason=no", 28 },
	{ "a result of its own",
	  BYTES("RFB 003.008\n"
		"\1\2"
		"0123456789abcdef"
		"\0\0\0\3"),
	  DISSECT_OK, "3.8 offers 1: 2", 22 },
	{ "a reason too long",
	  BYTES("RFB 003.008\n"
		"\1\2"
		"0123456789abcdef"
		"\0\0\0\1"
		"\0\1\0\2"
		"no"),
	  DISSECT_OK, "3.8 offers 1: 2 outcome=2", 28 },
};

static struct exact_case without_password_cases[] = {
	{ "no password, accepted",
	  BYTES("RFB 003.008\n"
		"\1\1"
		"\0\0\0\0"
		"\x04\x00\x03\x00"
		"\x20\x18\0\1\0\xff\0\xff\0\xff\x10\x08\0\0\0\0"
		"\0\0\0\x04"
		"desk"),
	  DISSECT_OK, "3.8 offers 1: 1 outcome=1 1024x768 desktop=desk", 34 },
};

static struct exact_case of_apple_cases[] = {
	{ "a type of a vendor",
	  BYTES("RFB 003.889\n"
		"\1\x1e"
		"\0\0\0\0"),
	  DISSECT_OK, "3.889 offers 1: 30", 6 },
};

static struct exact_case of_7_cases[] = {
	{ "3.7 without a password says nothing",
	  BYTES("RFB 003.008\n"
		"\1\1"
		"\x04\x00\x03\x00"
		"\x20\x18\0\1\0\xff\0\xff\0\xff\x10\x08\0\0\0\0"
		"\0\0\0\x04"
		"desk"),
	  DISSECT_OK, "3.8 offers 1: 1 outcome=1 1024x768 desktop=desk", 30 },
};

static struct exact_case of_7_with_password_cases[] = {
	{ "3.7 gives no reason",
	  BYTES("RFB 003.008\n"
		"\1\2"
		"0123456789abcdef"
		"\0\0\0\1"),
	  DISSECT_OK, "3.8 offers 1: 2 outcome=2", 22 },
};

static struct exact_case of_3_cases[] = {
	{ "3.3 with a password",
	  BYTES("RFB 003.008\n"
		"\0\0\0\2"
		"0123456789abcdef"
		"\0\0\0\0"
		"\x04\x00\x03\x00"
		"\x20\x18\0\1\0\xff\0\xff\0\xff\x10\x08\0\0\0\0"
		"\0\0\0\x04"
		"desk"),
	  DISSECT_OK, "3.8 offers 1: 2 outcome=1 1024x768 desktop=desk", 52 },
	{ "3.3 without a password",
	  BYTES("RFB 003.008\n"
		"\0\0\0\1"
		"\x04\x00\x03\x00"
		"\x20\x18\0\1\0\xff\0\xff\0\xff\x10\x08\0\0\0\0"
		"\0\0\0\x04"
		"desk"),
	  DISSECT_OK, "3.8 offers 1: 1 outcome=1 1024x768 desktop=desk", 32 },
};

static void run_client(void **state)
{
	exact_run(&client_dissector, *state);
}

static void run_alone(void **state)
{
	exact_run(&alone_dissector, *state);
}

static void run_with_password(void **state)
{
	exact_run(&with_password_dissector, *state);
}

static void run_without_password(void **state)
{
	exact_run(&without_password_dissector, *state);
}

static void run_of_apple(void **state)
{
	exact_run(&of_apple_dissector, *state);
}

static void run_of_7(void **state)
{
	exact_run(&of_7_dissector, *state);
}

static void run_of_7_with_password(void **state)
{
	exact_run(&of_7_with_password_dissector, *state);
}

static void run_of_3(void **state)
{
	exact_run(&of_3_dissector, *state);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(client_cases) + ARRAY_LEN(alone_cases) +
				ARRAY_LEN(with_password_cases) + ARRAY_LEN(without_password_cases) +
				ARRAY_LEN(of_apple_cases) + ARRAY_LEN(of_7_cases) +
				ARRAY_LEN(of_7_with_password_cases) + ARRAY_LEN(of_3_cases)];
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(client_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = client_cases[i].name,
						      .test_func = run_client,
						      .initial_state = &client_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(alone_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = alone_cases[i].name,
						      .test_func = run_alone,
						      .initial_state = &alone_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(with_password_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = with_password_cases[i].name,
						      .test_func = run_with_password,
						      .initial_state = &with_password_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(without_password_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = without_password_cases[i].name,
						      .test_func = run_without_password,
						      .initial_state = &without_password_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(of_apple_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = of_apple_cases[i].name,
						      .test_func = run_of_apple,
						      .initial_state = &of_apple_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(of_7_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = of_7_cases[i].name,
						      .test_func = run_of_7,
						      .initial_state = &of_7_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(of_7_with_password_cases); i++)
		tests[count++] =
			(struct CMUnitTest){ .name = of_7_with_password_cases[i].name,
					     .test_func = run_of_7_with_password,
					     .initial_state = &of_7_with_password_cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(of_3_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = of_3_cases[i].name,
						      .test_func = run_of_3,
						      .initial_state = &of_3_cases[i] };
	return cmocka_run_group_tests_name("vnc", tests, NULL, NULL);
}
