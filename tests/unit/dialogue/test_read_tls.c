#include "tests/unit/dialogue/dialogue_bench.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define HELLO                                                                              \
	"\x16\x03\x01\x00\x3f\x01\x00\x00\x3b\x03\x03\x00\x01\x02\x03\x04\x05\x06\x07\x08" \
	"\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c" \
	"\x1d\x1e\x1f\x00\x00\x04\xc0\x2b\xc0\x2f\x01\x00\x00\x0e\x00\x00\x00\x0a\x00\x08" \
	"\x00\x00\x05\x61\x2e\x65\x78\x61"
#define HELLO_IN_TWO_RECORDS                                                               \
	"\x16\x03\x01\x00\x14\x01\x00\x00\x3b\x03\x03\x00\x01\x02\x03\x04\x05\x06\x07\x08" \
	"\x09\x0a\x0b\x0c\x0d\x16\x03\x01\x00\x2b\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17" \
	"\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x00\x00\x04\xc0\x2b\xc0\x2f\x01\x00\x00\x0e\x00" \
	"\x00\x00\x0a\x00\x08\x00\x00\x05\x61\x2e\x65\x78\x61"
#define SERVER_HELLO                                                                       \
	"\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x03\x00\x01\x02\x03\x04\x05\x06\x07\x08" \
	"\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c" \
	"\x1d\x1e\x1f\x00\xc0\x2b\x00"
/* A hello and three hundred messages without content, in one record. */
#define EMPTY_10  EMPTY_5 EMPTY_5
#define EMPTY_100 EMPTY_50 EMPTY_50
#define EMPTY_5    \
	"\0\0\0\0" \
	"\0\0\0\0" \
	"\0\0\0\0" \
	"\0\0\0\0" \
	"\0\0\0\0"
#define EMPTY_50 EMPTY_10 EMPTY_10 EMPTY_10 EMPTY_10 EMPTY_10
#define CROWDED                                                                            \
	"\x16\x03\x01\x04\xef\x01\x00\x00\x3b\x03\x03\x00\x01\x02\x03\x04\x05\x06\x07\x08" \
	"\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c" \
	"\x1d\x1e\x1f\x00\x00\x04\xc0\x2b\xc0\x2f\x01\x00\x00\x0e\x00\x00\x00\x0a\x00\x08" \
	"\x00\x00\x05\x61\x2e\x65\x78\x61" EMPTY_100 EMPTY_100 EMPTY_100
/* Two messages in one record. */
#define TWO_SERVER_HELLOS                                                                  \
	"\x16\x03\x01\x00\x54\x02\x00\x00\x26\x03\x03\x00\x01\x02\x03\x04\x05\x06\x07\x08" \
	"\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c" \
	"\x1d\x1e\x1f\x00\xc0\x2b\x00\x02\x00\x00\x26\x03\x03\x00\x01\x02\x03\x04\x05\x06" \
	"\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a" \
	"\x1b\x1c\x1d\x1e\x1f\x00\xc0\x2c\x00"
#define ALERT "\x15\x03\x01\x00\x02\x02\x28"
#define SSLV2                                                                              \
	"\x80\x2f\x01\x00\x02\x00\x06\x00\x10\x00\x10\x00\x00\x2f\x07\x00\xc0\x30\x31\x32" \
	"\x33\x34\x35\x36\x37\x38\x39\x61\x62\x63\x64\x65\x66\x30\x31\x32\x33\x34\x35\x36" \
	"\x37\x38\x39\x61\x62\x63\x64\x65\x66"
#define SSLV2_FOR_TLS                                                                      \
	"\x80\x1f\x01\x03\x01\x00\x06\x00\x00\x00\x10\x00\x00\x2f\x07\x00\xc0\x30\x31\x32" \
	"\x33\x34\x35\x36\x37\x38\x39\x61\x62\x63\x64\x65\x66"
#define SEALED "\x17\x03\x03\x00\x04wxyz"

static const struct dialogue_part plain[] = {
	CLIENT(HELLO),
	SERVER(SERVER_HELLO),
	CLIENT(SEALED),
	SERVER(SEALED),
};

static const struct dialogue_part agreed[] = {
	CLIENT(HELLO),
	SERVER("S" SERVER_HELLO),
};

static const struct dialogue_part one_record[] = {
	CLIENT(HELLO),
	SERVER(TWO_SERVER_HELLOS ALERT),
};

static const struct dialogue_part crowded[] = {
	CLIENT(CROWDED),
	SERVER(ALERT),
};

static const struct dialogue_part two_records[] = {
	CLIENT(HELLO_IN_TWO_RECORDS),
	SERVER(ALERT),
};

static const struct dialogue_part sslv2[] = {
	CLIENT(SSLV2),
	SERVER("\x80\x03\x04\x00\x00"),
};

static const struct dialogue_part sslv2_for_tls[] = {
	CLIENT(SSLV2_FOR_TLS),
	SERVER(SERVER_HELLO),
	CLIENT(ALERT),
};

static struct dialogue dialogues[] = {
	{ "hellos", 443, plain, COUNT(plain),
	  "> tls.client_hello transport=tcp version=TLS 1.2 sni=a.exa "
	  "ja3=28ac476ab4390423eafa333a447171de ja4=t12d020100_b6f57f3be927_000000000000 "
	  "ja4_r=t12d020100_c02b,c02f_\n"
	  "< tls.server_hello transport=tcp version=TLS 1.2 cipher=0xc02b\n" },
	{ "a server that agrees by a letter", 5432, agreed, COUNT(agreed),
	  "> tls.client_hello transport=tcp version=TLS 1.2 sni=a.exa "
	  "ja3=28ac476ab4390423eafa333a447171de ja4=t12d020100_b6f57f3be927_000000000000 "
	  "ja4_r=t12d020100_c02b,c02f_\n"
	  "< tls.server_hello transport=tcp version=TLS 1.2 cipher=0xc02b\n" },
	{ "two messages in one record", 443, one_record, COUNT(one_record),
	  "> tls.client_hello transport=tcp version=TLS 1.2 sni=a.exa "
	  "ja3=28ac476ab4390423eafa333a447171de ja4=t12d020100_b6f57f3be927_000000000000 "
	  "ja4_r=t12d020100_c02b,c02f_\n"
	  "< tls.server_hello transport=tcp version=TLS 1.2 cipher=0xc02b\n"
	  "< tls.server_hello transport=tcp version=TLS 1.2 cipher=0xc02c\n"
	  "< tls.alert level=fatal status=40\n" },
	{ "each message of a crowded record once", 443, crowded, COUNT(crowded),
	  "> tls.client_hello transport=tcp version=TLS 1.2 sni=a.exa "
	  "ja3=28ac476ab4390423eafa333a447171de ja4=t12d020100_b6f57f3be927_000000000000 "
	  "ja4_r=t12d020100_c02b,c02f_\n"
	  "< tls.alert level=fatal status=40\n" },
	{ "a hello in two records", 443, two_records, COUNT(two_records),
	  "> tls.client_hello transport=tcp version=TLS 1.2 sni=a.exa "
	  "ja3=28ac476ab4390423eafa333a447171de ja4=t12d020100_b6f57f3be927_000000000000 "
	  "ja4_r=t12d020100_c02b,c02f_\n"
	  "< tls.alert level=fatal status=40\n" },
	{ "SSL 2.0", 443, sslv2, COUNT(sslv2),
	  "> tls.client_hello transport=tcp version=SSL 2.0 hello_form=SSL 2.0\n" },
	{ "TLS asked for in SSL 2.0's form", 443, sslv2_for_tls, COUNT(sslv2_for_tls),
	  "> tls.client_hello transport=tcp version=TLS 1.0 hello_form=SSL 2.0\n"
	  "< tls.server_hello transport=tcp version=TLS 1.2 cipher=0xc02b\n"
	  "> tls.alert level=fatal status=40\n" },
};

int main(void)
{
	return dialogue_run_all("read_tls", dialogues, COUNT(dialogues));
}
