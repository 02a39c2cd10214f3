/*
 * What messages say of logins: which service, whether it was let in, and who asked.
 *
 * Only decided logins count. What belongs to every login is none: Kerberos asking for
 * preauthentication, SMB's "more processing required", HTTP's first 401. Of a VPN the login itself
 * is encrypted: each handshake by IKE is a try, for who is let in makes one in hours; so is each
 * session of OpenVPN that is followed by another between the same ports. A web page's or SSTP's
 * login, inside TLS, is no try: it cannot be told from any other request.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/lru_map.h"
#include "sensor/fact/fact.h"

enum login_service {
	LOGIN_SSH,
	LOGIN_FTP,
	LOGIN_TELNET,
	LOGIN_VNC,
	LOGIN_RDP,
	LOGIN_MAIL,
	LOGIN_SMB,
	LOGIN_WEB,
	LOGIN_KERBEROS,
	LOGIN_LDAP,
	LOGIN_VPN,
	LOGIN_SERVICES,
};

struct login_try {
	enum login_service service;
	bool is_accepted;
	bool is_by_shape; /* nobody can read whether it was refused */
	uint32_t account; /* hash of its name; 0 is not known */
};

/* Flows in which somebody has said who he is and waits for the answer. */
MUST_USE enum err login_tries_new(struct lru_map **out);

/* Fills `*out` when `fact`, a FACT_MESSAGE, decides a login. */
bool login_tries_hear(struct lru_map *waiting, const struct fact *fact, struct login_try *out);

/* Of a flow of OpenVPN: whether more than one session was begun in it. Told once. */
bool login_tries_began_again(struct lru_map *waiting, const struct fact *fact);

/* "SSH" …: as nDPI writes them. */
const char *login_service_text(enum login_service service);

/* Whether programs log in by themselves with a password that they have stored: an old one fails
 * for weeks. */
bool login_is_by_programs(enum login_service service);
