/* SMB 1 ([MS-CIFS] 2.2, [MS-SMB] 2.2): dialects, who logs in and from what, shares and pipes. */
/*
 * Skipped: signatures, process ids, capabilities, passwords (they are not even spans), and every
 * command but those below, of which the header is read.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { SMB1_DIALECTS_MAX = 16 };

enum smb1_command {
	SMB1_TRANSACTION = 0x25,
	SMB1_TRANSACTION2 = 0x32,
	SMB1_TRANSACTION2_SECONDARY = 0x33,
	SMB1_TREE_CONNECT = 0x70,
	SMB1_NEGOTIATE = 0x72,
	SMB1_SESSION_SETUP = 0x73,
	SMB1_LOGOFF = 0x74,
	SMB1_TREE_CONNECT_ANDX = 0x75,
	SMB1_NT_TRANSACT = 0xa0,
	SMB1_NT_TRANSACT_SECONDARY = 0xa1,
	SMB1_CREATE_ANDX = 0xa2,
	SMB1_NO_FURTHER_COMMAND = 0xff,
};

enum { SMB1_DIALECT_NONE = 0xffff }; /* the server speaks none of those offered */

/* Text: UTF-16 (see utf16.h) where is_unicode, else the sender's code page. Unchecked. */
struct smb1 {
	uint8_t command; /* the first; others may be chained to it, and are read too */
	bool is_response;
	bool is_unicode;
	bool has_nt_status; /* else status is a DOS error: class, zero, 16 bits of code */
	uint32_t status;
	uint16_t tree_id;
	uint16_t user_id;
	uint16_t multiplex_id;

	/* Negotiate. More dialects than there is room for are left out. */
	struct span dialects[SMB1_DIALECTS_MAX]; /* of the request; "NT LM 0.12"; always ASCII */
	uint8_t dialect_count;
	bool offers_smb2;       /* one of them is "SMB 2.002" or "SMB 2.???" */
	uint16_t dialect_index; /* of the response: into the request's list, or SMB1_DIALECT_NONE */
	bool has_extended_security;
	struct span server_domain; /* of a response without extended security */
	struct span server_name;   /* likewise */

	/* Session setup: the request without extended security has names, else a blob has them. */
	bool has_session_setup;
	bool is_guest;             /* of a response: logged in, but not as who was asked */
	struct span security_blob; /* also of a negotiate response: SPNEGO or NTLMSSP */
	struct span account;
	struct span primary_domain;
	struct span native_os;
	struct span native_lan_manager;

	struct span path;      /* of a tree connect request: \\server\share */
	struct span service;   /* both ways: "A:", "IPC", "?????"; always ASCII */
	struct span file_name; /* of a create request; on IPC$ the pipe's name */
	uint32_t access;       /* likewise: what is to be done with it, as bits; 0x2 is to write */

	/* Of a request for a transaction 2 or an NT transaction. */
	bool has_function;
	uint16_t function;

	/* Of a transaction request: a pipe or mailslot. And its data, both ways: DCERPC on a pipe.
	 */
	struct span transaction_name;
	struct span payload;
};

/*
 * `message` is what is there of a frame (nbss.h) whose length is `length`.
 *
 * DISSECT_TRUNCATED: one of the fields above stands in a part that is not there yet; the rest of a
 * message need not be there. DISSECT_OTHER: not SMB 1. DISSECT_MALFORMED: a field is outside the
 * message. `out` is set only on DISSECT_OK; its spans borrow.
 */
MUST_USE enum dissect dissect_smb1(struct cursor message, uint32_t length, struct smb1 *out);
