#include "sensor/detect/login_tries.h"

#include <string.h>

enum {
	FLOWS_WAITING = 512,
	SSH_TRIES_COUNTED = 3, /* of one connection: a client offers all its keys by itself */
	HTTP_MULTIPLE_CHOICES_LAST = 399,
	HTTP_UNAUTHORIZED = 401,
	KDC_ERR_C_PRINCIPAL_UNKNOWN = 6,
	KDC_ERR_CLIENT_REVOKED = 18,
	KDC_ERR_PREAUTH_FAILED = 24,
	LDAP_SUCCESS = 0,
	LDAP_INVALID_CREDENTIALS = 49,
};

struct waiting {
	uint32_t account; /* of OpenVPN: sessions so far */
};

enum err login_tries_new(struct lru_map **out)
{
	return lru_map_new(out, FLOWS_WAITING, sizeof(uint64_t), sizeof(struct waiting));
}

/* FNV-1a, never 0; small and capital letters are the same account. */
static uint32_t account_hash(const char *name)
{
	uint32_t hash = 2166136261U;

	if (name[0] == '\0')
		return 0;
	for (const char *c = name; *c; c++) {
		unsigned char byte = (unsigned char)*c;

		hash = (hash ^ (byte >= 'A' && byte <= 'Z' ? byte | 0x20U : byte)) * 16777619U;
	}
	return hash != 0 ? hash : 1;
}

static void wait_for_answer(struct lru_map *waiting, const struct fact *fact, const char *user)
{
	bool is_new;
	struct waiting *w = lru_map_touch(waiting, &fact->flow.id, &is_new);

	w->account = account_hash(user);
}

/* Who waited in this flow; false when nobody did. */
static bool take_waiting(struct lru_map *waiting, const struct fact *fact, uint32_t *account)
{
	const struct waiting *w = lru_map_find(waiting, &fact->flow.id);

	if (!w)
		return false;
	*account = w->account;
	lru_map_remove(waiting, &fact->flow.id);
	return true;
}

static bool by_outcome(const struct fact *fact, enum login_service service, struct login_try *out)
{
	const struct attributes *said = &fact->message.said;
	const char *outcome = attributes_text(said, ATTRIBUTE_OUTCOME);

	if (outcome[0] == '\0')
		return false;
	*out = (struct login_try){ .service = service,
				   .is_accepted = strcmp(outcome, "accepted") == 0,
				   .account = account_hash(attributes_text(said, ATTRIBUTE_USER)) };
	return true;
}

static bool is_smb_refusal(const char *status)
{
	static const char *const refusals[] = {
		"STATUS_LOGON_FAILURE",      "STATUS_WRONG_PASSWORD",     "STATUS_NO_SUCH_USER",
		"STATUS_ACCOUNT_LOCKED_OUT", "STATUS_ACCOUNT_DISABLED",   "STATUS_ACCOUNT_EXPIRED",
		"STATUS_PASSWORD_EXPIRED",   "STATUS_ACCOUNT_RESTRICTION"
	};

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (strcmp(status, refusals[i]) == 0)
			return true;
	}
	return false;
}

static bool by_smb(struct lru_map *waiting, const struct fact *fact, struct login_try *out)
{
	const struct attributes *said = &fact->message.said;
	const char *status = attributes_text(said, ATTRIBUTE_NT_STATUS);
	const char *user = attributes_text(said, ATTRIBUTE_USER);
	bool is_accepted = strcmp(status, "STATUS_SUCCESS") == 0;

	if (fact->message.is_from_client) {
		if (user[0] != '\0')
			wait_for_answer(waiting, fact, user);
		return false;
	}
	if (!is_accepted && !is_smb_refusal(status))
		return false;
	*out = (struct login_try){ .service = LOGIN_SMB, .is_accepted = is_accepted };
	(void)take_waiting(waiting, fact, &out->account);
	/* Nobody was let in as anybody. */
	return !is_accepted || (!attributes_has(said, ATTRIBUTE_GUEST) &&
				!attributes_has(said, ATTRIBUTE_ANONYMOUS));
}

static bool by_kerberos(struct lru_map *waiting, const struct fact *fact, struct login_try *out)
{
	const struct attributes *said = &fact->message.said;
	const char *message = attributes_text(said, ATTRIBUTE_MESSAGE);
	uint64_t error = attributes_number(said, ATTRIBUTE_ERROR, 0);
	bool is_accepted = strcmp(message, "AS-REP") == 0;

	if (fact->message.is_from_client) {
		if (strcmp(message, "AS-REQ") == 0)
			wait_for_answer(waiting, fact,
					attributes_text(said, ATTRIBUTE_CLIENT_NAME));
		return false;
	}
	if (!is_accepted && error != KDC_ERR_PREAUTH_FAILED && error != KDC_ERR_CLIENT_REVOKED &&
	    error != KDC_ERR_C_PRINCIPAL_UNKNOWN)
		return false;
	/* An error need not repeat whose login it refuses. */
	*out = (struct login_try){
		.service = LOGIN_KERBEROS,
		.is_accepted = is_accepted,
		.account = account_hash(attributes_text(said, ATTRIBUTE_CLIENT_NAME)),
	};
	if (out->account == 0)
		(void)take_waiting(waiting, fact, &out->account);
	return true;
}

static bool by_ldap(struct lru_map *waiting, const struct fact *fact, struct login_try *out)
{
	const struct attributes *said = &fact->message.said;
	uint64_t result = attributes_number(said, ATTRIBUTE_RESULT, UINT64_MAX);

	if (fact->message.is_from_client ||
	    strcmp(attributes_text(said, ATTRIBUTE_OPERATION), "bind") != 0 ||
	    (result != LDAP_SUCCESS && result != LDAP_INVALID_CREDENTIALS))
		return false;
	*out = (struct login_try){ .service = LOGIN_LDAP, .is_accepted = result == LDAP_SUCCESS };
	return take_waiting(waiting, fact, &out->account);
}

static bool hear_bind(struct lru_map *waiting, const struct fact *fact, struct login_try *out)
{
	const struct attributes *said = &fact->message.said;

	(void)out;
	if (strcmp(attributes_text(said, ATTRIBUTE_MECHANISM), "simple") == 0)
		wait_for_answer(waiting, fact, attributes_text(said, ATTRIBUTE_USER));
	return false;
}

static bool hear_ntlm(struct lru_map *waiting, const struct fact *fact, struct login_try *out)
{
	const struct attributes *said = &fact->message.said;

	(void)out;
	if (!attributes_has(said, ATTRIBUTE_ANONYMOUS))
		wait_for_answer(waiting, fact, attributes_text(said, ATTRIBUTE_USER));
	return false;
}

/* A request by NTLM waits for ntlm.authenticate, which follows; one without a login for nothing. */
static bool hear_request(struct lru_map *waiting, const struct fact *fact, struct login_try *out)
{
	const struct attributes *said = &fact->message.said;
	const char *auth = attributes_text(said, ATTRIBUTE_AUTH);

	(void)out;
	if (strcmp(auth, "basic") == 0 || strcmp(auth, "digest") == 0)
		wait_for_answer(waiting, fact, attributes_text(said, ATTRIBUTE_USER));
	else if (auth[0] == '\0')
		lru_map_remove(waiting, &fact->flow.id);
	return false;
}

static bool by_web(struct lru_map *waiting, const struct fact *fact, struct login_try *out)
{
	uint64_t status = attributes_number(&fact->message.said, ATTRIBUTE_STATUS, 0);

	if (status != HTTP_UNAUTHORIZED && (status == 0 || status > HTTP_MULTIPLE_CHOICES_LAST))
		return false;
	*out = (struct login_try){ .service = LOGIN_WEB,
				   .is_accepted = status != HTTP_UNAUTHORIZED };
	return take_waiting(waiting, fact, &out->account);
}

static bool by_ssh(struct lru_map *waiting, const struct fact *fact, struct login_try *out)
{
	(void)waiting;
	return by_outcome(fact, LOGIN_SSH, out) &&
	       (out->is_accepted ||
		attributes_number(&fact->message.said, ATTRIBUTE_ATTEMPTS, 1) <= SSH_TRIES_COUNTED);
}

static bool by_ftp(struct lru_map *waiting, const struct fact *fact, struct login_try *out)
{
	(void)waiting;
	return by_outcome(fact, LOGIN_FTP, out);
}

static bool by_telnet(struct lru_map *waiting, const struct fact *fact, struct login_try *out)
{
	(void)waiting;
	return by_outcome(fact, LOGIN_TELNET, out);
}

static bool by_vnc(struct lru_map *waiting, const struct fact *fact, struct login_try *out)
{
	(void)waiting;
	return by_outcome(fact, LOGIN_VNC, out);
}

static bool by_mail(struct lru_map *waiting, const struct fact *fact, struct login_try *out)
{
	(void)waiting;
	return by_outcome(fact, LOGIN_MAIL, out);
}

/* A handshake begins: the one before led nowhere, or this is the first of few. */
static bool by_ike(struct lru_map *waiting, const struct fact *fact, struct login_try *out)
{
	const char *exchange = attributes_text(&fact->message.said, ATTRIBUTE_EXCHANGE);

	(void)waiting;
	*out = (struct login_try){ .service = LOGIN_VPN, .is_by_shape = true };
	return fact->message.is_from_client &&
	       (strcmp(exchange, "IKE_SA_INIT") == 0 || strcmp(exchange, "MAIN") == 0 ||
		strcmp(exchange, "AGGRESSIVE") == 0);
}

/* The server answers a session; the one before in this flow is over. */
static bool by_openvpn(struct lru_map *waiting, const struct fact *fact, struct login_try *out)
{
	bool is_new;
	struct waiting *w;

	if (fact->message.is_from_client)
		return false;
	*out = (struct login_try){ .service = LOGIN_VPN, .is_by_shape = true };
	w = lru_map_touch(waiting, &fact->flow.id, &is_new);
	w->account++;
	return w->account > 1;
}

bool login_tries_began_again(struct lru_map *waiting, const struct fact *fact)
{
	uint32_t sessions = 0;

	return take_waiting(waiting, fact, &sessions) && sessions > 1;
}

typedef bool hear_fn(struct lru_map *waiting, const struct fact *fact, struct login_try *out);

bool login_tries_hear(struct lru_map *waiting, const struct fact *fact, struct login_try *out)
{
	static hear_fn *const listeners[MESSAGES] = {
		[MESSAGE_SSH_LOGIN] = by_ssh,
		[MESSAGE_FTP_LOGIN] = by_ftp,
		[MESSAGE_TELNET_LOGIN] = by_telnet,
		[MESSAGE_VNC_LOGIN] = by_vnc,
		[MESSAGE_MAIL_LOGIN] = by_mail,
		[MESSAGE_SMB_SESSION] = by_smb,
		[MESSAGE_NTLM_AUTHENTICATE] = hear_ntlm,
		[MESSAGE_LDAP_BIND] = hear_bind,
		[MESSAGE_LDAP_RESULT] = by_ldap,
		[MESSAGE_HTTP_REQUEST] = hear_request,
		[MESSAGE_HTTP_RESPONSE] = by_web,
		[MESSAGE_KERBEROS] = by_kerberos,
		[MESSAGE_IKE] = by_ike,
		[MESSAGE_OPENVPN] = by_openvpn,
	};
	hear_fn *hear = listeners[fact->message.message];

	return hear && hear(waiting, fact, out);
}

const char *login_service_text(enum login_service service)
{
	static const char *const texts[LOGIN_SERVICES] = {
		[LOGIN_SSH] = "SSH",   [LOGIN_FTP] = "FTP",  [LOGIN_TELNET] = "Telnet",
		[LOGIN_VNC] = "VNC",   [LOGIN_RDP] = "RDP",  [LOGIN_MAIL] = "Mail",
		[LOGIN_SMB] = "SMB",   [LOGIN_WEB] = "HTTP", [LOGIN_KERBEROS] = "Kerberos",
		[LOGIN_LDAP] = "LDAP", [LOGIN_VPN] = "VPN",
	};

	return texts[service];
}

bool login_is_by_programs(enum login_service service)
{
	return service >= LOGIN_MAIL;
}
