/* SMB 2 and 3 ([MS-SMB2]): the dialect chosen, who logs in and how it ends, shares and pipes. */
/*
 * Skipped: signatures, credits charged, capabilities, times, create contexts, negotiate contexts
 * but the name that the client asks for, and every command but those below, of which the header is
 * read. What is encrypted or compressed is only recognised. Text is UTF-16 (see utf16.h).
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	SMB2_DIALECTS_MAX = 8,
	SMB2_GUID_LEN = 16,
	SMB2_FILE_ID_LEN = 16,
};

enum smb2_form {
	SMB2_PLAIN,
	SMB2_ENCRYPTED,  /* session_id is set, and nothing else */
	SMB2_COMPRESSED, /* nothing else is set */
};

enum smb2_command {
	SMB2_NEGOTIATE = 0,
	SMB2_SESSION_SETUP = 1,
	SMB2_LOGOFF = 2,
	SMB2_TREE_CONNECT = 3,
	SMB2_TREE_DISCONNECT = 4,
	SMB2_CREATE = 5,
	SMB2_CLOSE = 6,
	SMB2_READ = 8,
	SMB2_WRITE = 9,
	SMB2_IOCTL = 11,
	SMB2_COMMAND_COUNT = 19,
};

enum smb2_dialect {
	SMB2_DIALECT_202 = 0x0202,
	SMB2_DIALECT_210 = 0x0210,
	SMB2_DIALECT_ANY = 0x02ff, /* to an SMB 1 negotiation: go on with SMB 2 */
	SMB2_DIALECT_300 = 0x0300,
	SMB2_DIALECT_302 = 0x0302,
	SMB2_DIALECT_311 = 0x0311,
};

enum smb2_session_flag {
	SMB2_SESSION_GUEST = 0x01,
	SMB2_SESSION_NULL = 0x02,
	SMB2_SESSION_ENCRYPT = 0x04,
};

enum smb2_share_type {
	SMB2_SHARE_DISK = 1,
	SMB2_SHARE_PIPE = 2,
	SMB2_SHARE_PRINT = 3,
};

/* Some of [MS-ERREF] 2.3.1, which tell how a login ends. */
enum smb2_status {
	SMB2_STATUS_SUCCESS = 0,
	SMB2_STATUS_MORE_PROCESSING_REQUIRED = (int)0xc0000016,
	SMB2_STATUS_ACCESS_DENIED = (int)0xc0000022,
	SMB2_STATUS_LOGON_FAILURE = (int)0xc000006d,
	SMB2_STATUS_ACCOUNT_LOCKED_OUT = (int)0xc0000234,
};

struct smb2 {
	enum smb2_form form;
	uint16_t command; /* of enum smb2_command, or another below SMB2_COMMAND_COUNT */
	bool is_response;
	bool is_async; /* has no tree_id then */
	bool is_signed;
	uint16_t credits; /* asked for or granted */
	uint32_t status;  /* of a response */
	uint32_t tree_id;
	uint64_t message_id;
	uint64_t session_id;

	/* Negotiate. More dialects than there is room for are left out. */
	uint16_t dialects[SMB2_DIALECTS_MAX]; /* of the request */
	uint8_t dialect_count;
	uint16_t dialect; /* of the response: the one chosen */
	bool is_signing_required;
	uint8_t guid[SMB2_GUID_LEN]; /* of the sender; stays the same until it starts again */
	struct span server_name;     /* of a 3.1.1 request: whom the client asked for */

	/* Session setup, both ways, and negotiate response: SPNEGO or NTLMSSP. */
	struct span security_blob;
	uint16_t session_flags; /* of a session setup response: enum smb2_session_flag */

	struct span path;   /* of a tree connect request: \\server\share */
	uint8_t share_type; /* of a tree connect response: enum smb2_share_type */

	struct span file_name; /* of a create request; on a pipe's share the pipe's name */
	uint32_t access;       /* likewise: what is to be done with it, as bits; 0x2 is to write */

	/*
	 * Of a create response, and of read, write and pipe transaction requests: which file. And
	 * what these write or read, as much as there is: DCERPC on a pipe.
	 */
	uint8_t file_id[SMB2_FILE_ID_LEN];
	struct span payload;
};

/* The messages of one frame (nbss.h), one alone or several compounded (3.2.4.1.4). */
struct smb2_frame {
	struct cursor rest; /* what is there */
	uint32_t length;    /* what there will be; 0 when all messages have been read */
};

/*
 * Reads the next message of `frame` and moves behind it, only on DISSECT_OK.
 *
 * DISSECT_TRUNCATED: one of the fields above stands in a part of the frame that is not there yet.
 * The rest of a message need not be there, so that a reader may skip what is read and written.
 * DISSECT_OTHER: not SMB 2. DISSECT_MALFORMED: a field is outside the frame or of a wrong size.
 * `out` is set only on DISSECT_OK; its spans borrow.
 */
MUST_USE enum dissect dissect_smb2(struct smb2_frame *frame, struct smb2 *out);
