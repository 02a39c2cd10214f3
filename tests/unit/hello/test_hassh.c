#include "sensor/hello/hassh.h"

#include "tests/support/cmocka.h"

#include <string.h>

#define KEX                                                                                      \
	"sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com,curve25519-sha256,"           \
	"curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521," \
	"diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,"                    \
	"diffie-hellman-group18-sha512,diffie-hellman-group14-sha256"
#define MACS                                                                              \
	"umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com," \
	"hmac-sha2-512-etm@openssh.com,hmac-sha1-etm@openssh.com,umac-64@openssh.com,"    \
	"umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-sha1"

static struct span text(const char *chars)
{
	return (struct span){ (const uint8_t *)chars, strlen(chars) };
}

/* What OpenSSH 9.2 of Debian 12 says, and what tshark 4.0 makes of it. */
static void openssh_as_client(void **state)
{
	const struct ssh_kexinit kexinit = {
		.kex = text(KEX ",ext-info-c,kex-strict-c-v00@openssh.com"),
		.encryption_to_server = text("chacha20-poly1305@openssh.com"),
		.mac_to_server = text(MACS),
		.compression_to_server = text("none,zlib@openssh.com,zlib"),
	};
	char got[FINGERPRINT_MD5_SIZE];

	(void)state;
	hassh_of_client(&kexinit, got);
	assert_string_equal(got, "4d40b0b5d009b4adebb1fa0f3fbee4ff");
}

static void openssh_as_server(void **state)
{
	const struct ssh_kexinit kexinit = {
		.kex = text(KEX ",kex-strict-s-v00@openssh.com"),
		.encryption_to_client = text("chacha20-poly1305@openssh.com,"
					     "aes128-gcm@openssh.com,aes256-gcm@openssh.com,"
					     "aes128-ctr,aes256-ctr,aes128-cbc"),
		.mac_to_client = text(MACS),
		.compression_to_client = text("none,zlib@openssh.com"),
	};
	char got[FINGERPRINT_MD5_SIZE];

	(void)state;
	hassh_of_server(&kexinit, got);
	assert_string_equal(got, "7c19239b6615bc53c149f9d2c1aaf23e");
}

static void empty_lists(void **state)
{
	const struct ssh_kexinit kexinit = { 0 };
	char got[FINGERPRINT_MD5_SIZE];

	(void)state;
	hassh_of_client(&kexinit, got);
	assert_string_equal(got, "95420f9d932ddd22833f17b96a80bedb"); /* ";;;" */
	hassh_of_server(&kexinit, got);
	assert_string_equal(got, "95420f9d932ddd22833f17b96a80bedb");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(openssh_as_client),
		cmocka_unit_test(openssh_as_server),
		cmocka_unit_test(empty_lists),
	};

	return cmocka_run_group_tests_name("hassh", tests, NULL, NULL);
}
