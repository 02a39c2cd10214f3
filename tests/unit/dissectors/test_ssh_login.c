#include "dissectors/ssh_login.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

/* `trace`: what each side sent behind its NEWKEYS: 'c' client, 'S' server, a length. */
struct login_case {
	const char *name;
	const char *trace;
	enum ssh_outcome want;
	unsigned want_attempts;
};

static struct login_case cases[] = {
	/* Recorded of OpenSSH 9.2 on both sides. */
	{ "chacha20, password right", "S316 c44 S44 c68 S52 c148 S28 c112 S220 S44 c52",
	  SSH_LOGIN_ACCEPTED, 0 },
	{ "chacha20, password wrong once", "S316 c44 S44 c68 S52 c148 S52", SSH_LOGIN_FAILED, 1 },
	{ "chacha20, password wrong three times", "S316 c44 S44 c68 S52 c148 S52 c148 S52 c148 S52",
	  SSH_LOGIN_FAILED, 3 },
	{ "chacha20, a key refused, then the password right",
	  "S316 c44 S44 c68 S52 c140 S52 c148 S28 c112 S220 S44 c60", SSH_LOGIN_ACCEPTED, 1 },
	{ "nothing but the query", "S316 c44 S44 c68 S52", SSH_LOGIN_UNKNOWN, 0 },
	{ "aes128-gcm, a greeting before the first refusal",
	  "S324 c52 S52 c68 S168 c148 S84 c148 S84 c148 S84", SSH_LOGIN_FAILED, 3 },
	{ "aes256-ctr with hmac-sha2-512", "S368 c96 S96 c112 S272 c192 S128 c192 S128 c192 S128",
	  SSH_LOGIN_FAILED, 3 },
	{ "aes128-ctr, a key right: offered, welcome, signed",
	  "S340 c68 S68 c84 S68 c164 S116 c324 S52 c152 S572", SSH_LOGIN_ACCEPTED, 0 },
	{ "aes128-cbc, the same", "S324 c52 S52 c68 S68 c148 S100 c324 S36 c136 S556",
	  SSH_LOGIN_ACCEPTED, 0 },
	/* Recorded of others. */
	{ "Dropbear's success in chacha20 is 8 bytes shorter", "S220 c44 S44 c68 S52 c148 S36 c52",
	  SSH_LOGIN_ACCEPTED, 0 },
	{ "Dropbear's client asks in one segment with the service",
	  "S220 c112 S44 S52 c84 S52 c76 S52", SSH_LOGIN_FAILED, 2 },
	{ "last words in another length", "c44 S44 c84 S52 c76 S52 c76 S76", SSH_LOGIN_FAILED, 2 },
	{ "Paramiko tries a password at once", "S336 c64 S64 c96 S80", SSH_LOGIN_FAILED, 1 },
	{ "and is right", "S336 c64 S64 c112 S48 c80", SSH_LOGIN_ACCEPTED, 0 },
	/* Made up. */
	{ "let in without a password", "c44 S44 c68 S28", SSH_LOGIN_ACCEPTED, 0 },
	{ "nothing", "", SSH_LOGIN_UNKNOWN, 0 },
	{ "a server that speaks alone", "S44 S44 S28", SSH_LOGIN_UNKNOWN, 0 },
	{ "too short for a SERVICE_ACCEPT", "c24 S24 c68 S52 c148 S52", SSH_LOGIN_UNKNOWN, 0 },
	{ "too long for one", "c44 S300 c68 S52 c148 S52", SSH_LOGIN_UNKNOWN, 0 },
	{ "no payload is no packet", "c44 S44 c68 S0 c0 S52 c148 S0 S52", SSH_LOGIN_FAILED, 1 },
	{ "a length beyond 16 bits", "c44 S44 c70000 S70000 c148 S70000", SSH_LOGIN_FAILED, 2 },
	{ "replies shorter than SERVICE_ACCEPT by another number are no refusals",
	  "c44 S44 c68 S40 c148 S40", SSH_LOGIN_UNKNOWN, 0 },
	{ "questions between the refusals", "c44 S44 c68 S60 c60 S76 c84 S60 c60 S76 c84 S60",
	  SSH_LOGIN_FAILED, 2 },
	{ "questions shorter than the refusals, which are known",
	  "c64 S64 c80 S96 c112 S96 c112 S80 c272 S96", SSH_LOGIN_FAILED, 2 },
	{ "a success not seen, and the session it opened",
	  "c44 S44 c68 S52 c148 S300 c36 S36 c36 S36 c36 S36 c36 S36 c36 S36 c36 S36 c36 S36 "
	  "c36 S36 c36 S36 c36 S36 c36 S36 c36 S36 c36",
	  SSH_LOGIN_ACCEPTED, 0 },
};

static void run_case(void **state)
{
	const struct login_case *c = *state;
	struct ssh_login login = { 0 };

	for (const char *at = c->trace; *at != '\0';) {
		char *end;
		unsigned long len = strtoul(at + 1, &end, 10);

		ssh_login_add(&login, *at == 'c', (uint32_t)len);
		at = end + strspn(end, " ");
	}
	assert_int_equal(ssh_login_outcome(&login), c->want);
	if (c->want != SSH_LOGIN_ACCEPTED || c->want_attempts > 0)
		assert_int_equal(ssh_login_attempts(&login), c->want_attempts);
}

static void what_follows_a_success_changes_nothing(void **state)
{
	struct ssh_login login = { 0 };

	(void)state;
	ssh_login_add(&login, true, 44);
	ssh_login_add(&login, false, 44);
	ssh_login_add(&login, true, 68);
	ssh_login_add(&login, false, 28);
	for (int i = 0; i < 100; i++) {
		ssh_login_add(&login, true, 52);
		ssh_login_add(&login, false, 52);
	}
	assert_int_equal(ssh_login_outcome(&login), SSH_LOGIN_ACCEPTED);
	assert_int_equal(ssh_login_attempts(&login), 0);
}

static void attempts_stop_at_their_limit(void **state)
{
	struct ssh_login login = { 0 };

	(void)state;
	ssh_login_add(&login, true, 44);
	ssh_login_add(&login, false, 44);
	for (int i = 0; i < UINT16_MAX + 10; i++) {
		ssh_login_add(&login, true, 148);
		ssh_login_add(&login, false, 52);
	}
	assert_int_equal(ssh_login_attempts(&login), UINT16_MAX + 1);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 2] = {
		cmocka_unit_test(what_follows_a_success_changes_nothing),
		cmocka_unit_test(attempts_stop_at_their_limit),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + 2] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = run_case,
						    .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("ssh_login", tests, NULL, NULL);
}
