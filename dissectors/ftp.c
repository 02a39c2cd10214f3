#include "dissectors/ftp.h"

#include "dissectors/line.h"

#include <arpa/inet.h>

enum {
	VERB_MIN = 2, /* three or four by RFC 959; there are IP, XSHA512 … */
	VERB_MAX = 8,
	TELNET_COMMAND_MIN = 0xf0, /* RFC 959 4.1.3: an ABOR comes behind telnet's IP and Synch */
	OCTETS_OF_IPV4 = 4,
	FAMILY_IPV4 = 1, /* RFC 2428 2 */
	FAMILY_IPV6 = 2,
};

enum {
	CODE_PASSIVE = 227,
	CODE_EXTENDED_PASSIVE = 229,
	CODE_LOGGED_IN = 230,
	CODE_LOGGED_IN_SECURED = 232,
	CODE_NEED_PASSWORD = 331,
	CODE_NEED_ACCOUNT = 332,
	CODE_PASSWORD_OK = 336,
	CODE_INVALID_LOGIN = 430,
	CODE_NOT_LOGGED_IN = 530,
};

static const char *const verbs[] = {
	[FTP_UNKNOWN] = NULL, [FTP_USER] = "user", [FTP_PASS] = "pass", [FTP_ACCT] = "acct",
	[FTP_AUTH] = "auth",  [FTP_ADAT] = "adat", [FTP_PBSZ] = "pbsz", [FTP_PROT] = "prot",
	[FTP_CCC] = "ccc",    [FTP_CWD] = "cwd",   [FTP_CDUP] = "cdup", [FTP_PWD] = "pwd",
	[FTP_MKD] = "mkd",    [FTP_RMD] = "rmd",   [FTP_LIST] = "list", [FTP_NLST] = "nlst",
	[FTP_MLSD] = "mlsd",  [FTP_MLST] = "mlst", [FTP_RETR] = "retr", [FTP_STOR] = "stor",
	[FTP_STOU] = "stou",  [FTP_APPE] = "appe", [FTP_DELE] = "dele", [FTP_RNFR] = "rnfr",
	[FTP_RNTO] = "rnto",  [FTP_SIZE] = "size", [FTP_MDTM] = "mdtm", [FTP_MFMT] = "mfmt",
	[FTP_REST] = "rest",  [FTP_ABOR] = "abor", [FTP_ALLO] = "allo", [FTP_PORT] = "port",
	[FTP_EPRT] = "eprt",  [FTP_PASV] = "pasv", [FTP_EPSV] = "epsv", [FTP_TYPE] = "type",
	[FTP_MODE] = "mode",  [FTP_STRU] = "stru", [FTP_SITE] = "site", [FTP_SYST] = "syst",
	[FTP_STAT] = "stat",  [FTP_FEAT] = "feat", [FTP_OPTS] = "opts", [FTP_CLNT] = "clnt",
	[FTP_CSID] = "csid",  [FTP_LANG] = "lang", [FTP_HOST] = "host", [FTP_HELP] = "help",
	[FTP_NOOP] = "noop",  [FTP_REIN] = "rein", [FTP_SMNT] = "smnt", [FTP_XPWD] = "xpwd",
	[FTP_XMKD] = "xmkd",  [FTP_XRMD] = "xrmd", [FTP_XCWD] = "xcwd", [FTP_XCUP] = "xcup",
	[FTP_QUIT] = "quit",
};

static bool read_octet(struct span digits, uint8_t *out)
{
	uint64_t value = 0;

	if (!span_decimal(span_trim(digits), &value) || value > UINT8_MAX)
		return false;
	*out = (uint8_t)value;
	return true;
}

/* "h1,h2,h3,h4,p1,p2" */
static bool read_host_port(struct span text, struct ftp_endpoint *out)
{
	struct ftp_endpoint end = { .address_len = OCTETS_OF_IPV4 };
	uint8_t high = 0;
	uint8_t low = 0;

	for (size_t i = 0; i < OCTETS_OF_IPV4; i++) {
		if (!read_octet(span_until(&text, ','), &end.address[i]))
			return false;
	}
	if (!read_octet(span_until(&text, ','), &high) || !read_octet(text, &low))
		return false;
	end.port = (uint16_t)(high << 8 | low);
	*out = end;
	return true;
}

static bool read_port(struct span digits, uint16_t *out)
{
	uint64_t value = 0;

	if (!span_decimal(digits, &value) || value > UINT16_MAX)
		return false;
	*out = (uint16_t)value;
	return true;
}

static bool read_address(struct span text, uint64_t family, struct ftp_endpoint *end)
{
	char address[INET6_ADDRSTRLEN] = "";

	if (text.len == 0 || text.len >= sizeof(address))
		return false;
	memcpy(address, text.data, text.len);
	if (family == FAMILY_IPV4)
		end->address_len = OCTETS_OF_IPV4;
	else if (family == FAMILY_IPV6)
		end->address_len = FTP_ADDRESS_LEN;
	else
		return false;
	return inet_pton(family == FAMILY_IPV4 ? AF_INET : AF_INET6, address, end->address) == 1;
}

/* "|family|address|port|"; the bar may be any printable byte. */
static bool read_extended(struct span text, bool has_address, struct ftp_endpoint *out)
{
	struct cursor in = { .rest = text };
	struct ftp_endpoint end = { 0 };
	uint8_t bar = cursor_u8(&in);
	struct span family = cursor_take_until(&in, bar);
	struct span address = cursor_take_until(&in, bar);
	struct span port = cursor_take_until(&in, bar);
	uint64_t number = 0;

	if (!cursor_ok(&in) || !read_port(port, &end.port))
		return false;
	if (has_address && (!span_decimal(family, &number) || !read_address(address, number, &end)))
		return false;
	*out = end;
	return true;
}

static void skip_telnet(struct cursor *in)
{
	struct cursor ahead = *in;

	while (cursor_u8(&ahead) >= TELNET_COMMAND_MIN)
		*in = ahead;
}

static void read_argument(struct ftp_command *msg, struct span argument)
{
	msg->argument_len = argument.len;
	if (msg->verb == FTP_PASS || msg->verb == FTP_ACCT || msg->verb == FTP_ADAT)
		return;
	msg->argument = argument;
	if (msg->verb == FTP_PORT)
		(void)read_host_port(argument, &msg->endpoint);
	else if (msg->verb == FTP_EPRT)
		(void)read_extended(argument, true, &msg->endpoint);
}

enum dissect dissect_ftp_command(struct cursor in, struct ftp_command *out)
{
	const struct cursor start = in;
	struct ftp_command msg = { 0 };
	struct span line = { 0 };

	skip_telnet(&in);
	enum dissect got = verb_read(in, VERB_MIN, VERB_MAX, &msg.name);

	if (got == DISSECT_OK)
		got = line_take(&in, FTP_LINE_MAX, &line);
	if (got != DISSECT_OK)
		return got;

	struct cursor argument = { .rest = line };

	cursor_skip(&argument, msg.name.len);
	msg.verb = (enum ftp_verb)verb_find(msg.name, verbs, sizeof(verbs) / sizeof(verbs[0]));
	read_argument(&msg, span_trim(argument.rest));
	msg.consumed = cursor_offset(&in, &start);

	*out = msg;
	return DISSECT_OK;
}

static struct span inside(struct span text, uint8_t open, uint8_t close)
{
	struct cursor in = { .rest = text };

	(void)cursor_take_until(&in, open);
	return cursor_take_until(&in, close);
}

/* RFC 1123 4.1.2.6: the numbers may stand without brackets, so the first digit begins them. */
static void read_passive(struct span text, struct ftp_endpoint *end)
{
	struct cursor in = { .rest = text };
	struct span in_brackets = inside(text, '(', ')');

	if (in_brackets.len > 0) {
		(void)read_host_port(in_brackets, end);
		return;
	}
	while (cursor_left(&in) > 0 && !ascii_is_digit(in.rest.data[0]))
		cursor_skip(&in, 1);

	struct span numbers = in.rest;

	(void)read_host_port(span_word(&numbers), end);
}

enum dissect dissect_ftp_reply(struct cursor in, struct ftp_reply *out)
{
	struct ftp_reply msg = { 0 };
	enum dissect got = dissect_coded_reply(in, &msg.reply);

	if (got != DISSECT_OK)
		return got;
	if (msg.reply.code == CODE_PASSIVE)
		read_passive(msg.reply.text, &msg.endpoint);
	else if (msg.reply.code == CODE_EXTENDED_PASSIVE)
		(void)read_extended(inside(msg.reply.text, '(', ')'), false, &msg.endpoint);

	*out = msg;
	return DISSECT_OK;
}

enum ftp_login ftp_login_of(uint16_t code)
{
	switch (code) {
	case CODE_LOGGED_IN:
	case CODE_LOGGED_IN_SECURED:
		return FTP_LOGIN_ACCEPTED;
	case CODE_NEED_PASSWORD:
	case CODE_PASSWORD_OK:
		return FTP_LOGIN_NEEDS_PASSWORD;
	case CODE_NEED_ACCOUNT:
		return FTP_LOGIN_NEEDS_ACCOUNT;
	case CODE_INVALID_LOGIN:
	case CODE_NOT_LOGGED_IN:
		return FTP_LOGIN_REFUSED;
	default: /* also 421: gone, not refused */
		return FTP_LOGIN_NONE;
	}
}
