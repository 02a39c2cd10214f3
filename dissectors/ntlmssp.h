/* NTLM's messages ([MS-NLMP] 2.2): which user of which domain, on which computer and Windows. */
/*
 * Skipped: session keys, MICs, channel bindings, and of the responses all but their length and the
 * name of the service that an NTLMv2 response contains. Nothing is decoded: see utf16.h.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { NTLMSSP_CHALLENGE_LEN = 8 };

enum ntlmssp_type {
	NTLMSSP_NEGOTIATE = 1,
	NTLMSSP_CHALLENGE = 2,
	NTLMSSP_AUTHENTICATE = 3,
};

/* Some of 2.2.2.5. */
enum ntlmssp_flag {
	NTLMSSP_UNICODE = 0x00000001,
	NTLMSSP_SIGN = 0x00000010,
	NTLMSSP_SEAL = 0x00000020,
	NTLMSSP_ANONYMOUS = 0x00000800,
	NTLMSSP_EXTENDED_SECURITY = 0x00080000,
	NTLMSSP_HAS_VERSION = 0x02000000,
	NTLMSSP_128_BITS = 0x20000000,
};

/* How a user proves who they are: told by the length of the responses (3.3.1, 3.3.2). */
enum ntlmssp_proof {
	NTLMSSP_PROOF_ANONYMOUS, /* none, and no user */
	NTLMSSP_PROOF_V1,
	NTLMSSP_PROOF_V2,
};

struct ntlmssp {
	enum ntlmssp_type type;
	uint32_t flags; /* enum ntlmssp_flag; 0 where an old sender leaves them out */

	/* Of the names below but target_info's: else they are in the sender's code page. */
	bool is_unicode;

	bool has_version;
	uint8_t version_major; /* of Windows, or what a program pretends */
	uint8_t version_minor;
	uint16_t version_build;

	struct span domain;      /* of negotiate and authenticate; the user's in the latter */
	struct span workstation; /* of both: the client's own name */

	/* Of a challenge: the server of its own, its target information always in UTF-16. */
	struct span target_name;
	struct span netbios_computer;
	struct span netbios_domain;
	struct span dns_computer;
	struct span dns_domain;
	struct span dns_forest;
	uint64_t timestamp; /* 100 ns since 1601; 0 when absent */
	uint8_t server_challenge[NTLMSSP_CHALLENGE_LEN];

	/* Of an authenticate. */
	struct span user;
	enum ntlmssp_proof proof;
	uint16_t lm_response_len;
	uint16_t nt_response_len;
	struct span service; /* which service the client believes to talk to, "cifs/host"; UTF-16 */
};

/*
 * `message` is one whole NTLM message, as SPNEGO, SMB, DCERPC or HTTP carry it; bytes behind it do
 * no harm. DISSECT_TRUNCATED for an end inside a field or a field outside the message.
 * DISSECT_MALFORMED for an unknown type. `out` is set only on DISSECT_OK; its spans borrow.
 */
MUST_USE enum dissect dissect_ntlmssp(struct cursor message, struct ntlmssp *out);
