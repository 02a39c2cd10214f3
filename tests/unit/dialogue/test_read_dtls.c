#include "tests/unit/dialogue/dialogue_bench.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Made by hand: a hello without and with the cookie it is asked for, whole and in fragments. */
#define HELLO                                                                              \
	"\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x48\x01\x00\x00\x3c\x00\x00\x00" \
	"\x00\x00\x00\x00\x3c\xfe\xfd\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c" \
	"\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x00" \
	"\x00\x00\x04\xc0\x2b\xc0\x2f\x01\x00\x00\x0e\x00\x00\x00\x0a\x00\x08\x00\x00\x05" \
	"\x61\x2e\x65\x78\x61"
#define VERIFY                                                                             \
	"\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x11\x03\x00\x00\x05\x00\x00\x00" \
	"\x00\x00\x00\x00\x05\xfe\xff\x02\x63\x6b"
#define HELLO_BEGIN                                                                        \
	"\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x01\x00\x2a\x01\x00\x00\x3e\x00\x01\x00" \
	"\x00\x00\x00\x00\x1e\xfe\xfd\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c" \
	"\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b"
#define HELLO_END                                                                          \
	"\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x02\x00\x2c\x01\x00\x00\x3e\x00\x01\x00" \
	"\x00\x1e\x00\x00\x20\x1c\x1d\x1e\x1f\x00\x02\x63\x6b\x00\x04\xc0\x2b\xc0\x2f\x01" \
	"\x00\x00\x0e\x00\x00\x00\x0a\x00\x08\x00\x00\x05\x61\x2e\x65\x78\x61"
#define SERVER_HELLO                                                                       \
	"\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x01\x00\x32\x02\x00\x00\x26\x00\x01\x00" \
	"\x00\x00\x00\x00\x26\xfe\xfd\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c" \
	"\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x00" \
	"\xc0\x2b\x00"
#define ALERT "\x15\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x02\x00\x02\x02\x28"
#define HELLO_OVERLAP                                                                      \
	"\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x03\x00\x2a\x01\x00\x00\x3e\x00\x01\x00" \
	"\x00\x14\x00\x00\x1e\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x00" \
	"\x02\x63\x6b\x00\x04\xc0\x2b\xc0\x2f\x01\x00\x00\x0e\x00\x00"
#define HELLO_OTHER                                                                        \
	"\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x03\x00\x2a\x01\x00\x00\x3e\x00\x01\x00" \
	"\x00\x14\x00\x00\x1e\x12\x13\x14\x15\x16\xe8\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x00" \
	"\x02\x63\x6b\x00\x04\xc0\x2b\xc0\x2f\x01\x00\x00\x0e\x00\x00"
#define TOO_LONG                                                                           \
	"\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x10\x01\x00\x4e\x20\x00\x00\x00" \
	"\x00\x00\x00\x00\x04\x61\x62\x63\x64"
#define CERTIFICATE                                                                        \
	"\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x03\x00\x0f\x0b\x00\x00\x03\x00\x02\x00" \
	"\x00\x00\x00\x00\x03\x00\x00\x00"

static const struct dialogue_part whole[] = {
	CLIENT(HELLO), SERVER(VERIFY), CLIENT(HELLO), SERVER(SERVER_HELLO CERTIFICATE),
	SERVER(ALERT),
};

static const struct dialogue_part fragments[] = {
	CLIENT(HELLO_BEGIN),
	CLIENT(HELLO_END),
};

static const struct dialogue_part turned[] = {
	CLIENT(HELLO_END),
	CLIENT(HELLO_BEGIN),
	CLIENT(HELLO_BEGIN HELLO_END),
};

static const struct dialogue_part overlapping[] = {
	CLIENT(HELLO_BEGIN),
	CLIENT(HELLO_OVERLAP),
	CLIENT(HELLO_END),
};

static const struct dialogue_part conflicting[] = {
	CLIENT(HELLO_BEGIN),
	CLIENT(HELLO_OTHER),
	CLIENT(HELLO_END),
};

static const struct dialogue_part too_long[] = {
	CLIENT(TOO_LONG),
	CLIENT("\x16\xfe\xff"),
	CLIENT("\x16\x03\x01"),
	CLIENT(""),
};

/* Whoever says nothing with a number does not take it from who does. */
static const struct dialogue_part empty_first[] = {
	CLIENT("\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0c\x01\x00\x00\x00\x00\x00\x00"
	       "\x00\x00\x00\x00\x00"),
	CLIENT(TOO_LONG),
	CLIENT(HELLO),
	CLIENT(HELLO),
};

static struct dialogue dialogues[] = {
	{ "whole messages", 4433, whole, COUNT(whole),
	  "> tls.client_hello transport=dtls version=DTLS 1.2 sni=a.exa "
	  "ja3=cc9756b412bd960266847dcf025863f1 ja4=dd2d020100_b6f57f3be927_000000000000 "
	  "ja4_r=dd2d020100_c02b,c02f_\n"
	  "< dtls.hello_verify retry\n"
	  "< tls.server_hello transport=dtls version=DTLS 1.2 cipher=0xc02b\n"
	  "< tls.alert level=fatal status=40\n" },
	{ "a hello over two datagrams", 4433, fragments, COUNT(fragments),
	  "> tls.client_hello transport=dtls version=DTLS 1.2 sni=a.exa "
	  "ja3=cc9756b412bd960266847dcf025863f1 ja4=dd2d020100_b6f57f3be927_000000000000 "
	  "ja4_r=dd2d020100_c02b,c02f_\n" },
	{ "the other way round, and again", 4433, turned, COUNT(turned),
	  "> tls.client_hello transport=dtls version=DTLS 1.2 sni=a.exa "
	  "ja3=cc9756b412bd960266847dcf025863f1 ja4=dd2d020100_b6f57f3be927_000000000000 "
	  "ja4_r=dd2d020100_c02b,c02f_\n" },
	{ "fragments that overlap", 4433, overlapping, COUNT(overlapping),
	  "> tls.client_hello transport=dtls version=DTLS 1.2 sni=a.exa "
	  "ja3=cc9756b412bd960266847dcf025863f1 ja4=dd2d020100_b6f57f3be927_000000000000 "
	  "ja4_r=dd2d020100_c02b,c02f_\n" },
	{ "fragments that contradict each other", 4433, conflicting, COUNT(conflicting),
	  "> tls.client_hello transport=dtls version=DTLS 1.2 sni=a.exa "
	  "ja3=cc9756b412bd960266847dcf025863f1 ja4=dd2d020100_b6f57f3be927_000000000000 "
	  "ja4_r=dd2d020100_c02b,c02f_ conflict\n" },
	{ "messages that say nothing, then one that does", 4433, empty_first, COUNT(empty_first),
	  "> tls.client_hello transport=dtls version=DTLS 1.2 sni=a.exa "
	  "ja3=cc9756b412bd960266847dcf025863f1 ja4=dd2d020100_b6f57f3be927_000000000000 "
	  "ja4_r=dd2d020100_c02b,c02f_\n" },
	{ "what is none, or longer than anybody's", 4433, too_long, COUNT(too_long), "" },
};

int main(void)
{
	struct CMUnitTest tests[COUNT(dialogues)] = { 0 };

	for (size_t i = 0; i < COUNT(dialogues); i++)
		tests[i] = (struct CMUnitTest){ .name = dialogues[i].name,
						.test_func = dialogue_run_datagrams,
						.initial_state = &dialogues[i] };
	return cmocka_run_group_tests_name("read_dtls", tests, NULL, NULL);
}
