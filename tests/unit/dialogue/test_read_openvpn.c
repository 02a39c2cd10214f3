#include "tests/unit/dialogue/dialogue_bench.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define HELLO                                                                 \
	"> tls.client_hello transport=openvpn version=TLS 1.2 sni=a.example " \
	"ja3=61cfdf1a447a978ff66f0880924eded7 "                               \
	"ja4=t12d010100_f06271c2b022_000000000000 ja4_r=t12d010100_c02f_\n"

/* Packets of OpenVPN 2.6; over TCP each has its length in front. */
#define RESET "\x38\x94\xb6\xc9\x3d\xc2\x30\xb8\xc7\x00\x00\x00\x00\x00"
#define ANSWER                                                                             \
	"\x40\xbb\x82\x05\x5b\x7f\x97\x88\x3b\x01\x00\x00\x00\x00\x94\xb6\xc9\x3d\xc2\x30" \
	"\xb8\xc7\x00\x00\x00\x00"
#define RESET_AUTH                                                                         \
	"\x38\xe0\x49\x9b\xfa\xb4\xf6\x44\x4f\x45\xee\xb7\xc1\xd8\xb1\xc3\x2d\xb3\x8e\xc1" \
	"\x92\x62\x28\xf3\xdc\x66\x74\xf6\x1a\x00\x00\x00\x01\x6b\x02\x89\x09\x00\x00\x00" \
	"\x00\x00"
#define ANSWER_AUTH                                                                        \
	"\x40\x4c\x2f\x88\xfa\x82\x49\x86\x50\x86\x78\x69\x08\x9a\x0c\x62\xd2\xf7\xdd\xca" \
	"\x05\x40\xb9\x70\x71\x9c\x5d\x09\xcf\x00\x00\x00\x01\x6b\x02\x89\x09\x01\x00\x00" \
	"\x00\x00\xe0\x49\x9b\xfa\xb4\xf6\x44\x4f\x00\x00\x00\x00"
#define RESET_CRYPT                                                                        \
	"\x38\x3a\x5f\x6b\xcf\x16\x1b\xb1\x5f\x00\x00\x00\x01\x6b\x02\x89\x0b\x03\x5e\x24" \
	"\x1c\x3a\x0f\xac\x78\x8e\xf5\x6c\x0d\xf8\xba\xba\x3d\xbc\x68\xc2\xda\x42\x61\x9b" \
	"\xde\x6f\xc9\x39\xb0\x35\xac\x06\x55\x56\x75\x43\xfe\xbe"
#define ANSWER_CRYPT                                                                       \
	"\x40\xdc\x50\x29\xef\x65\x42\xc3\xab\x00\x00\x00\x01\x6b\x02\x89\x0b\x3c\x40\xb4" \
	"\x12\xd3\x5c\x2a\xaa\x9a\xeb\x6c\x90\x88\xf4\x35\x39\x3d\xe6\x40\x52\x83\x8f\x31" \
	"\x43\x57\x1f\x42\x22\x1a\x15\x1e\xba\xd3\xe6\xd1\x19\xdf\x05\xe1\x11\x48\x74\x08" \
	"\xf4\x3f\xf5\xa0\x94\xcc"
/* A hello that asks for a.example, in two control packets; before them an acknowledgement. */
#define ACK                                                                                \
	"\x28\x94\xb6\xc9\x3d\xc2\x30\xb8\xc7\x01\x00\x00\x00\x00\xbb\x82\x05\x5b\x7f\x97" \
	"\x88\x3b"
#define PIECE_1                                                                            \
	"\x20\x94\xb6\xc9\x3d\xc2\x30\xb8\xc7\x00\x00\x00\x00\x01\x16\x03\x01\x00\x41\x01" \
	"\x00\x00\x3d\x03\x03\x52\x52\x52\x52\x52\x52\x52\x52\x52\x52\x52\x52\x52\x52\x52" \
	"\x52\x52\x52\x52\x52\x52\x52\x52\x52\x52\x52\x52\x52\x52"
#define PIECE_2                                                                            \
	"\x20\x94\xb6\xc9\x3d\xc2\x30\xb8\xc7\x00\x00\x00\x00\x02\x52\x52\x52\x00\x00\x02" \
	"\xc0\x2f\x01\x00\x00\x12\x00\x00\x00\x0e\x00\x0c\x00\x00\x09\x61\x2e\x65\x78\x61" \
	"\x6d\x70\x6c\x65"
#define DATA           "\x48\x00\x00\x00\x01\x02\x03\x04"
#define LENGTH_ACK     "\x00\x16"
#define LENGTH_PIECE_1 "\x00\x36"
#define LENGTH_PIECE_2 "\x00\x2c"
#define LENGTH_DATA    "\x00\x08"
#define LENGTH_RESET   "\x00\x0e"
#define LENGTH_ANSWER  "\x00\x1a"

static const struct dialogue_part plain[] = {
	CLIENT(RESET),
	SERVER(ANSWER),
	CLIENT(RESET),
	SERVER(ANSWER),
};

static const struct dialogue_part with_auth[] = {
	CLIENT(RESET_AUTH),
	SERVER(ANSWER_AUTH),
};

static const struct dialogue_part with_crypt[] = {
	CLIENT(RESET_CRYPT),
	SERVER(ANSWER_CRYPT),
};

/* A piece that is sent again, one that is early, and one when all was told. */
static const struct dialogue_part with_hello[] = {
	CLIENT(RESET),   SERVER(ANSWER),  CLIENT(ACK),     CLIENT(PIECE_2), CLIENT(PIECE_1),
	CLIENT(PIECE_1), CLIENT(PIECE_2), CLIENT(PIECE_2), CLIENT(DATA),
};

static const struct dialogue_part hello_of_nobody[] = {
	CLIENT(RESET),
	CLIENT(PIECE_1),
	CLIENT(PIECE_2),
};

static const struct dialogue_part hello_over_tcp[] = {
	CLIENT(LENGTH_RESET RESET),
	SERVER(LENGTH_ANSWER ANSWER),
	CLIENT(LENGTH_ACK ACK LENGTH_PIECE_1 PIECE_1 LENGTH_PIECE_2 PIECE_2 LENGTH_DATA DATA),
};

static const struct dialogue_part unanswered[] = {
	CLIENT(RESET),
	CLIENT(RESET),
};

static const struct dialogue_part of_others[] = {
	CLIENT(RESET), SERVER(ANSWER_AUTH), CLIENT(ANSWER), SERVER("\x40"), SERVER(""),
};

static const struct dialogue_part unasked[] = {
	SERVER(ANSWER),
};

static const struct dialogue_part over_tcp[] = {
	CLIENT(LENGTH_RESET RESET),
	SERVER(LENGTH_ANSWER ANSWER "\x00\x20\x22"),
};

static const struct dialogue_part refused[] = {
	CLIENT(LENGTH_RESET RESET),
	SERVER("HTTP/1.0 400 Bad Request"),
};

static struct dialogue streams[] = {
	{ "over TCP", 1194, over_tcp, COUNT(over_tcp), "< openvpn protection=none\n" },
	{ "the TLS within, over TCP", 1194, hello_over_tcp, COUNT(hello_over_tcp),
	  "< openvpn protection=none\n" HELLO },
	{ "a reset that another answers", 443, refused, COUNT(refused), "" },
};

static struct dialogue dialogues[] = {
	{ "a tunnel is told once", 1194, plain, COUNT(plain), "< openvpn protection=none\n" },
	{ "the TLS within", 1194, with_hello, COUNT(with_hello),
	  "< openvpn protection=none\n" HELLO },
	{ "a hello in a tunnel that nobody answered", 1194, hello_of_nobody, COUNT(hello_of_nobody),
	  "" },
	{ "with tls-auth", 443, with_auth, COUNT(with_auth), "< openvpn protection=tls-auth\n" },
	{ "with tls-crypt", 5000, with_crypt, COUNT(with_crypt),
	  "< openvpn protection=tls-crypt\n" },
	{ "nobody answers", 1194, unanswered, COUNT(unanswered), "" },
	{ "what answers somebody else", 1194, of_others, COUNT(of_others), "" },
	{ "an answer to nobody", 1194, unasked, COUNT(unasked), "" },
};

int main(void)
{
	struct CMUnitTest tests[COUNT(dialogues)] = { 0 };

	for (size_t i = 0; i < COUNT(dialogues); i++)
		tests[i] = (struct CMUnitTest){ .name = dialogues[i].name,
						.test_func = dialogue_run_datagrams,
						.initial_state = &dialogues[i] };
	int failed = dialogue_run_all("read_openvpn over TCP", streams, COUNT(streams));

	return failed + cmocka_run_group_tests_name("read_openvpn", tests, NULL, NULL);
}
