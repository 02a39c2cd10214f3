/* What TLS hellos say, as attributes: the same from TCP, DTLS, QUIC and OpenVPN. */
#pragma once

#include "dissectors/tls_hello.h"
#include "dissectors/tls_sslv2.h"
#include "sensor/dialogue/hearing.h"
#include "sensor/dialogue/session_desk.h"

/* What carries a hello: JA4 begins with it. */
enum tls_transport { TLS_OVER_TCP, TLS_OVER_QUIC, TLS_OVER_DTLS, TLS_OVER_OPENVPN };

void tls_tell_client_hello(struct hearing *hearing, struct session_desk *desk,
			   const struct tls_client_hello *hello, enum tls_transport transport);
void tls_tell_server_hello(struct hearing *hearing, const struct tls_server_hello *hello,
			   enum tls_transport transport);

/* The same of one in SSLv2's form, which has no fingerprints. */
void tls_tell_sslv2_client_hello(struct hearing *hearing,
				 const struct tls_sslv2_client_hello *hello);

void tls_tell_alert(struct hearing *hearing, uint8_t level, uint8_t description);

/* The certificates of a Certificate message of TLS 1.2 or before, the server's own first. */
void tls_tell_certificates(struct hearing *hearing, struct session_desk *desk, struct cursor body);
