/* FTP's control connection (RFC 959, AUTH of RFC 2228, EPRT and EPSV of RFC 2428). */
/*
 * One message a call, from one direction of the stream. Skipped: the password (only its length is
 * told), what SITE and FEAT list, the data connections themselves.
 */
#pragma once

#include "dissectors/coded_reply.h"
#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	FTP_LINE_MAX = 4096,
	FTP_ADDRESS_LEN = 16,
};

enum ftp_verb {
	FTP_UNKNOWN, /* three or four letters that no specification names: hardly FTP if it is first
		      */
	FTP_USER,
	FTP_PASS,
	FTP_ACCT,
	FTP_AUTH,
	FTP_ADAT,
	FTP_PBSZ,
	FTP_PROT,
	FTP_CCC,
	FTP_CWD,
	FTP_CDUP,
	FTP_PWD,
	FTP_MKD,
	FTP_RMD,
	FTP_LIST,
	FTP_NLST,
	FTP_MLSD,
	FTP_MLST,
	FTP_RETR,
	FTP_STOR,
	FTP_STOU,
	FTP_APPE,
	FTP_DELE,
	FTP_RNFR,
	FTP_RNTO,
	FTP_SIZE,
	FTP_MDTM,
	FTP_MFMT,
	FTP_REST,
	FTP_ABOR,
	FTP_ALLO,
	FTP_PORT,
	FTP_EPRT,
	FTP_PASV,
	FTP_EPSV,
	FTP_TYPE,
	FTP_MODE,
	FTP_STRU,
	FTP_SITE,
	FTP_SYST,
	FTP_STAT,
	FTP_FEAT,
	FTP_OPTS,
	FTP_CLNT,
	FTP_CSID,
	FTP_LANG,
	FTP_HOST,
	FTP_HELP,
	FTP_NOOP,
	FTP_REIN,
	FTP_SMNT,
	FTP_XPWD,
	FTP_XMKD,
	FTP_XRMD,
	FTP_XCWD,
	FTP_XCUP,
	FTP_QUIT,
};

/* Where a data connection goes. */
struct ftp_endpoint {
	uint8_t address_len; /* 4 or 16; 0 means the other end of the control connection (229) */
	uint8_t address[FTP_ADDRESS_LEN];
	uint16_t port; /* 0 when there is no endpoint */
};

struct ftp_command {
	enum ftp_verb verb;
	struct span name;     /* as sent */
	struct span argument; /* unchecked text; empty for PASS, ACCT and ADAT, which are secret */
	size_t argument_len;  /* also of those */
	struct ftp_endpoint endpoint; /* of PORT and EPRT */
	size_t consumed;
};

struct ftp_reply {
	struct coded_reply reply;
	struct ftp_endpoint endpoint; /* of 227 and 229 */
};

enum ftp_login {
	FTP_LOGIN_NONE, /* the reply says nothing of it */
	FTP_LOGIN_NEEDS_PASSWORD,
	FTP_LOGIN_NEEDS_ACCOUNT,
	FTP_LOGIN_ACCEPTED,
	FTP_LOGIN_REFUSED,
};

/*
 * DISSECT_TRUNCATED while a line or a reply has no end, DISSECT_MALFORMED when a line is longer
 * than FTP_LINE_MAX, DISSECT_OTHER as soon as it is no command or reply. `out` is set only on
 * DISSECT_OK; its spans borrow from the bytes under `in`. The next message of that direction begins
 * `consumed` bytes on. Behind a 234 to AUTH, TLS begins there on both sides.
 */
MUST_USE enum dissect dissect_ftp_command(struct cursor in, struct ftp_command *out);
MUST_USE enum dissect dissect_ftp_reply(struct cursor in, struct ftp_reply *out);

/* What a reply to USER, PASS or ACCT says. 530 also answers other commands before a login. */
enum ftp_login ftp_login_of(uint16_t code);
