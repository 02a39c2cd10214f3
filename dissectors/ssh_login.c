#include "dissectors/ssh_login.h"

enum {
	SUCCESS_IS_SHORTER_BY = 16,
	SHORTEST_PACKET_IS_SHORTER_BY = 8,
	/* SERVICE_ACCEPT: from 24 bytes in blocks of 8 up to 36 in blocks of 16 and a MAC of 64. */
	SERVICE_MIN = 32,
	SERVICE_MAX = 36 + 64,
	PASSWORD_IS_LONGER_BY = 32, /* a request with a password, than SERVICE_REQUEST */
	LOGIN_REPLIES_MAX = 12,     /* in a row that are neither a success nor a refusal */
};

static uint16_t clip(uint32_t len)
{
	return len < UINT16_MAX ? (uint16_t)len : UINT16_MAX;
}

/*
 * The first reply is a refusal, because nobody is let in for asking. With the server's greeting
 * before it, it is longer than those that follow. None is shorter than SERVICE_ACCEPT.
 */
static bool is_refusal(const struct ssh_login *login, uint16_t reply)
{
	if (reply < login->service)
		return false;
	return login->refusals == 0 || reply == login->refusal ||
	       (login->refusals == 1 && reply < login->refusal);
}

static bool is_success(const struct ssh_login *login, uint16_t reply)
{
	unsigned shorter_by = login->service - reply;

	return reply < login->service &&
	       (shorter_by == SUCCESS_IS_SHORTER_BY || shorter_by == SHORTEST_PACKET_IS_SHORTER_BY);
}

static void settle_reply(struct ssh_login *login)
{
	if (login->reply == 0)
		return;
	if (is_refusal(login, login->reply)) {
		login->refusal = login->reply;
		if (login->refusals < UINT16_MAX)
			login->refusals++;
		login->other_replies = 0;
	} else if (++login->other_replies > LOGIN_REPLIES_MAX) {
		login->is_accepted = true;
	}
	login->reply = 0;
}

static void add_client(struct ssh_login *login, uint16_t len)
{
	settle_reply(login);
	login->has_spoken = true;
	if (login->service != 0 && login->request == 0)
		login->request = len;
}

static void add_server(struct ssh_login *login, uint16_t len)
{
	if (!login->has_spoken)
		return; /* EXT_INFO, in the open behind its NEWKEYS */
	if (login->service == 0) {
		login->service = len;
		login->is_unreadable = len < SERVICE_MIN || len > SERVICE_MAX;
	} else if (login->request != 0) {
		login->is_accepted = is_success(login, len);
		login->reply = len;
	}
}

void ssh_login_add(struct ssh_login *login, bool from_client, uint32_t payload_len)
{
	if (login->is_accepted || login->is_unreadable || payload_len == 0)
		return;
	if (from_client)
		add_client(login, clip(payload_len));
	else
		add_server(login, clip(payload_len));
}

unsigned ssh_login_attempts(const struct ssh_login *login)
{
	unsigned refusals = login->refusals;
	bool began_with_none = login->request < login->service + PASSWORD_IS_LONGER_BY;

	/* The last words of a connection are nobody's to answer. */
	if (!login->is_accepted && login->reply != 0 && is_refusal(login, login->reply))
		refusals++;
	return refusals > 0 && began_with_none ? refusals - 1 : refusals;
}

enum ssh_outcome ssh_login_outcome(const struct ssh_login *login)
{
	if (login->is_accepted)
		return SSH_LOGIN_ACCEPTED;
	return ssh_login_attempts(login) > 0 ? SSH_LOGIN_FAILED : SSH_LOGIN_UNKNOWN;
}
