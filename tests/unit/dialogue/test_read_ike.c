#include "tests/unit/dialogue/dialogue_bench.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define REFUSAL                                                                            \
	"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x29\x20\x22\x20" \
	"\x00\x00\x00\x00\x00\x00\x00\x24\x00\x00\x00\x08\x00\x00\x00\x0e"
#define MAIN_MODE                                                                          \
	"\x8d\x25\x78\x09\xda\xc2\x57\xac\x00\x00\x00\x00\x00\x00\x00\x00\x01\x10\x02\x00" \
	"\x00\x00\x00\x00\x00\x00\x00\xc8\x0d\x00\x00\x38\x00\x00\x00\x01\x00\x00\x00\x01" \
	"\x00\x00\x00\x2c\x01\x01\x00\x01\x00\x00\x00\x24\x01\x01\x00\x00\x80\x01\x00\x07" \
	"\x80\x0e\x00\x80\x80\x02\x00\x04\x80\x04\x00\x0e\x80\x03\x00\x01\x80\x0b\x00\x01" \
	"\x80\x0c\x2a\x30\x0d\x00\x00\x14\x88\x2f\xe5\x6d\x6f\xd2\x0d\xbc\x22\x51\x61\x3b" \
	"\x2e\xbe\x5b\xeb\x0d\x00\x00\x0c\x09\x00\x26\x89\xdf\xd6\xb7\x12\x0d\x00\x00\x14" \
	"\xaf\xca\xd7\x13\x68\xa1\xf1\xc9\x6b\x86\x96\xfc\x77\x57\x01\x00\x0d\x00\x00\x18" \
	"\x40\x48\xb7\xd5\x6e\xbc\xe8\x85\x25\xe7\xde\x7f\x00\xd6\xc2\xd3\x80\x00\x00\x00" \
	"\x0d\x00\x00\x14\x4a\x13\x1c\x81\x07\x03\x58\x45\x5c\x57\x28\xf2\x0e\x95\x45\x2f" \
	"\x00\x00\x00\x14\x90\xcb\x80\x91\x3e\xbb\x69\x6e\x08\x63\x81\xb5\xec\x42\x7b\x1f"
/* A first request with nothing but one notification of an unknown kind. */
#define REQUEST                                                                            \
	"\x01\x02\x03\x04\x05\x06\x07\x08\x00\x00\x00\x00\x00\x00\x00\x00\x29\x20\x22\x08" \
	"\x00\x00\x00\x00\x00\x00\x00\x24\x00\x00\x00\x08\x00\x00\x40\x2e"

static const struct dialogue_part second[] = {
	CLIENT(REQUEST),
	SERVER(REFUSAL),
	CLIENT(REQUEST),
	SERVER(REFUSAL),
};

static const struct dialogue_part behind_nat[] = {
	CLIENT("\x00\x00\x00\x00" REQUEST),
	CLIENT("\xff"),
	CLIENT(REQUEST),
};

static const struct dialogue_part first[] = {
	CLIENT(MAIN_MODE),
};

static struct dialogue dialogues[] = {
	{ "each side once", 500, second, COUNT(second),
	  "> ike version=IKEv2 exchange=IKE_SA_INIT notify=16430\n"
	  "< ike version=IKEv2 exchange=IKE_SA_INIT notify=NO_PROPOSAL_CHOSEN\n" },
	{ "behind its marker on port 4500 alone", 4500, behind_nat, COUNT(behind_nat),
	  "> ike version=IKEv2 exchange=IKE_SA_INIT notify=16430\n" },
	{ "on no other port", 501, second, COUNT(second), "" },
	{ "IKEv1", 500, first, COUNT(first),
	  "> ike version=IKEv1 exchange=MAIN vendor_id=882fe56d6fd20dbc2251613b2ebe5beb "
	  "vendor_id=09002689dfd6b712 vendor_id=afcad71368a1f1c96b8696fc77570100 "
	  "vendor_id=4048b7d56ebce88525e7de7f00d6c2d380000000 "
	  "vendor_id=4a131c81070358455c5728f20e95452f "
	  "vendor_id=90cb80913ebb696e086381b5ec427b1f\n" },
};

int main(void)
{
	struct CMUnitTest tests[COUNT(dialogues)] = { 0 };

	for (size_t i = 0; i < COUNT(dialogues); i++)
		tests[i] = (struct CMUnitTest){ .name = dialogues[i].name,
						.test_func = dialogue_run_datagrams,
						.initial_state = &dialogues[i] };
	return cmocka_run_group_tests_name("read_ike", tests, NULL, NULL);
}
