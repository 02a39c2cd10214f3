#include "tests/unit/dialogue/dialogue_bench.h"

#define CHALLENGE "0123456789abcdef"
#define SERVER_INIT        \
	"\x04\x00\x03\x00" \
	"PPPPPPPPPPPPPPPP" \
	"\x00\x00\x00\x04" \
	"desk"

static const struct dialogue_part accepted[] = {
	SERVER("RFB 003.008\n"), CLIENT("RFB 003.008\n"), SERVER("\x02\x02\x10"), CLIENT("\x02"),
	SERVER(CHALLENGE),       CLIENT(CHALLENGE),       SERVER("\0\0\0\0"),     CLIENT("\x01"),
	SERVER(SERVER_INIT),     SERVER("pixels"),
};

static const struct dialogue_part refused[] = {
	SERVER("RFB 003.008\n"),
	CLIENT("RFB 003.008\n"),
	SERVER("\x01\x02"),
	CLIENT("\x02"),
	SERVER(CHALLENGE),
	CLIENT(CHALLENGE),
	SERVER("\0\0\0\x01\0\0\0\x05wrong"),
};

static const struct dialogue_part too_many[] = {
	SERVER("RFB 003.007\n"), CLIENT("RFB 003.007\n"), SERVER("\x01\x02"),   CLIENT("\x02"),
	SERVER(CHALLENGE),       CLIENT(CHALLENGE),       SERVER("\0\0\0\x02"),
};

static const struct dialogue_part nothing_offered[] = {
	SERVER("RFB 003.008\n"),
	CLIENT("RFB 003.008\n"),
	SERVER("\0\0\0\0\x04"
	       "busy"),
};

static const struct dialogue_part version_3_3[] = {
	SERVER("RFB 003.008\n"), CLIENT("RFB 003.003\n"), SERVER("\0\0\0\x01"),
	CLIENT("\x01"),          SERVER(SERVER_INIT),
};

static const struct dialogue_part own_security[] = {
	SERVER("RFB 003.889\n"), CLIENT("RFB 003.889\n"), SERVER("\x03\x1e\x13\x63"),
	CLIENT("\x1e"),          SERVER("whatever"),
};

static const struct dialogue_part not_vnc[] = {
	SERVER("RFB 3.8\n1234"),
	CLIENT("RFB 003.008\n"),
};

static struct dialogue dialogues[] = {
	{ "a password that is right", 5900, accepted, ARRAY_LEN(accepted),
	  "< vnc.server version=3.8 security=VNC security=Tight\n"
	  "> vnc.client version=3.8 security=VNC\n"
	  "< vnc.login outcome=accepted\n"
	  "< vnc.desktop desktop_name=desk width=1024 height=768\n" },
	{ "a password that is wrong", 5900, refused, ARRAY_LEN(refused),
	  "< vnc.server version=3.8 security=VNC\n"
	  "> vnc.client version=3.8 security=VNC\n"
	  "< vnc.login outcome=refused reason=wrong\n" },
	{ "too many attempts, in 3.7", 5900, too_many, ARRAY_LEN(too_many),
	  "< vnc.server version=3.7 security=VNC\n"
	  "> vnc.client version=3.7 security=VNC\n"
	  "< vnc.login outcome=refused reason=too many attempts\n" },
	{ "a server that offers nothing", 5900, nothing_offered, ARRAY_LEN(nothing_offered),
	  "< vnc.server version=3.8\n"
	  "< vnc.login outcome=refused reason=busy\n" },
	{ "3.3 without a password, the client's version holds", 4900, version_3_3,
	  ARRAY_LEN(version_3_3),
	  "> vnc.client version=3.3\n"
	  "< vnc.server version=3.8 security=None\n"
	  "< vnc.login outcome=accepted\n"
	  "< vnc.desktop desktop_name=desk width=1024 height=768\n" },
	{ "a vendor's security ends it", 5900, own_security, ARRAY_LEN(own_security),
	  "< vnc.server version=3.889 security=Apple security=VeNCrypt security=99\n"
	  "> vnc.client version=3.889 security=Apple\n" },
	{ "what is no VNC on one side", 5900, not_vnc, ARRAY_LEN(not_vnc), "" },
};

int main(void)
{
	return dialogue_run_all("read_vnc", dialogues, ARRAY_LEN(dialogues));
}
