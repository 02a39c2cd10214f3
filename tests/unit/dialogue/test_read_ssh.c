#include "tests/unit/dialogue/dialogue_bench.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#include <stdlib.h>

#define KEXINIT                                                                            \
	"\x00\x00\x00\x9c\x0b\x14\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d" \
	"\x0e\x0f\x00\x00\x00\x11\x63\x75\x72\x76\x65\x32\x35\x35\x31\x39\x2d\x73\x68\x61" \
	"\x32\x35\x36\x00\x00\x00\x0b\x73\x73\x68\x2d\x65\x64\x32\x35\x35\x31\x39\x00\x00" \
	"\x00\x0a\x61\x65\x73\x31\x32\x38\x2d\x63\x74\x72\x00\x00\x00\x0a\x61\x65\x73\x31" \
	"\x32\x38\x2d\x63\x74\x72\x00\x00\x00\x0d\x68\x6d\x61\x63\x2d\x73\x68\x61\x32\x2d" \
	"\x32\x35\x36\x00\x00\x00\x0d\x68\x6d\x61\x63\x2d\x73\x68\x61\x32\x2d\x32\x35\x36" \
	"\x00\x00\x00\x04\x6e\x6f\x6e\x65\x00\x00\x00\x04\x6e\x6f\x6e\x65\x00\x00\x00\x00" \
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
#define NEWKEYS "\x00\x00\x00\x0c\x0a\x15\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

static const struct dialogue_part clear[] = {
	SERVER("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
	CLIENT("SSH-2.0-PuTTY_0.80\r\n"),
	CLIENT(KEXINIT),
	SERVER(KEXINIT),
	CLIENT(NEWKEYS),
	SERVER(NEWKEYS "\x01\x02\x03"),
};

static const struct dialogue_part old[] = {
	SERVER("SSH-1.5-1.2.22\n"),
	CLIENT("SSH-1.5-x\n"),
	SERVER("\x00\x00\x01\x0a"),
};

static const struct dialogue_part both_versions[] = {
	SERVER("SSH-1.99-Cisco-1.25\n"),
	SERVER(KEXINIT),
};

static const struct dialogue_part broken[] = {
	SERVER("SSH-2.0-x\r\n\xff\xff\xff\xff\x00"),
	CLIENT("SSH--\r\n"),
};

static const struct dialogue_part greeted[] = {
	CLIENT("SSH-2.0-x\r\n"),
	SERVER("Keep out\r\nSSH-2.0-y\r\n"),
};

static struct dialogue dialogues[] = {
	{ "all that is in clear", 22, clear, COUNT(clear),
	  "< ssh.banner banner=SSH-2.0-OpenSSH_9.2p1 Debian-2 version=2.0 software=OpenSSH_9.2p1\n"
	  "> ssh.banner banner=SSH-2.0-PuTTY_0.80 version=2.0 software=PuTTY_0.80\n"
	  "> ssh.kexinit hassh=e97d07603350d1111ec2b64bf25413c9\n"
	  "< ssh.kexinit hassh_server=e97d07603350d1111ec2b64bf25413c9\n" },
	{ "version 1", 22, old, COUNT(old),
	  "< ssh.banner banner=SSH-1.5-1.2.22 version=1.5 software=1.2.22\n"
	  "> ssh.banner banner=SSH-1.5-x version=1.5 software=x\n" },
	{ "both versions", 2222, both_versions, COUNT(both_versions),
	  "< ssh.banner banner=SSH-1.99-Cisco-1.25 version=1.99 software=Cisco-1.25\n"
	  "< ssh.kexinit hassh_server=e97d07603350d1111ec2b64bf25413c9\n" },
	{ "broken packets", 22, broken, COUNT(broken),
	  "< ssh.banner banner=SSH-2.0-x version=2.0 software=x\n" },
	{ "lines before the banner", 22, greeted, COUNT(greeted),
	  "> ssh.banner banner=SSH-2.0-x version=2.0 software=x\n"
	  "< ssh.banner banner=SSH-2.0-y version=2.0 software=y\n" },
};

/* Segments from behind NEWKEYS of these lengths. */
static void hear_sealed(struct dialogue_bench *bench, bool from_client, size_t len)
{
	char bytes[256] = { 0 };

	assert_true(len <= sizeof(bytes));
	dialogue_hear(bench, from_client, bytes, len);
}

static void a_login_is_told_as_it_changes(void **state)
{
	static const size_t lengths[] = { 44, 44, 68, 52, 148, 52, 148, 52, 148, 28, 100, 100 };
	struct dialogue_bench *bench = calloc(1, sizeof(*bench));

	(void)state;
	assert_non_null(bench);
	assert_int_equal(sessions_new(&bench->sessions, NULL, NULL), ERR_OK);
	dialogue_play(bench, &dialogues[0], SIZE_MAX, SIZE_MAX, 0);
	bench->used = 0;
	for (size_t i = 0; i < COUNT(lengths); i++)
		hear_sealed(bench, i % 2 == 0, lengths[i]);
	assert_string_equal(bench->lines, "< ssh.login outcome=failed attempts=1\n"
					  "< ssh.login outcome=failed attempts=2\n"
					  "< ssh.login outcome=accepted attempts=2\n");
	sessions_drop(bench->sessions, bench->handle);
	sessions_free(bench->sessions);
	free(bench);
}

int main(void)
{
	const struct CMUnitTest logins[] = { cmocka_unit_test(a_login_is_told_as_it_changes) };
	int failed = dialogue_run_all("read_ssh", dialogues, COUNT(dialogues));

	return failed + cmocka_run_group_tests_name("read_ssh logins", logins, NULL, NULL);
}
