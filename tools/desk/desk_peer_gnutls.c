#include "tools/desk/desk_peer.h"

#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static bool read_port(const char *text, in_port_t *out)
{
	unsigned long port = 0;

	if (*text == '\0')
		return false;
	for (const char *c = text; *c; c++) {
		if (*c < '0' || *c > '9' || port > UINT16_MAX)
			return false;
		port = 10 * port + (unsigned long)(*c - '0');
	}
	*out = htons((uint16_t)port);
	return port <= UINT16_MAX;
}

bool desk_peer_address(const char *text, struct sockaddr_storage *out)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)out;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
	const char *colon = strrchr(text, ':');
	char host[64];
	size_t len;

	memset(out, 0, sizeof(*out));
	if (!colon)
		return false;
	if (text[0] == '[' && colon > text && colon[-1] == ']') {
		len = (size_t)(colon - text) - 2;
		if (len >= sizeof(host))
			return false;
		memcpy(host, text + 1, len);
		host[len] = '\0';
		v6->sin6_family = AF_INET6;
		return inet_pton(AF_INET6, host, &v6->sin6_addr) == 1 &&
		       read_port(colon + 1, &v6->sin6_port);
	}
	len = (size_t)(colon - text);
	if (len >= sizeof(host))
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	v4->sin_family = AF_INET;
	return inet_pton(AF_INET, host, &v4->sin_addr) == 1 && read_port(colon + 1, &v4->sin_port);
}

bool desk_peer_is_loopback(const struct sockaddr_storage *address)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;

	if (address->ss_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
	return ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

static bool read_name(gnutls_session_t session, char *name)
{
	unsigned count = 0;
	const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &count);
	gnutls_x509_crt_t certificate;
	size_t len = DESK_HTTP_NAME_LEN;
	bool is_read;

	if (!chain || count == 0 || gnutls_x509_crt_init(&certificate) != 0)
		return false;
	is_read = gnutls_x509_crt_import(certificate, &chain[0], GNUTLS_X509_FMT_DER) == 0 &&
		  gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0,
						name, &len) == 0;
	gnutls_x509_crt_deinit(certificate);
	return is_read && len < DESK_HTTP_NAME_LEN && strlen(name) == len;
}

void desk_peer_name(struct MHD_Connection *link, char name[static DESK_HTTP_NAME_LEN])
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(link, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	unsigned status = 1;

	name[0] = '\0';
	if (!info || !info->tls_session)
		return;
	if (gnutls_certificate_verify_peers2(info->tls_session, &status) != 0 || status != 0 ||
	    !read_name(info->tls_session, name))
		name[0] = '\0';
}
