/* Who is at the other end: addresses as text, and the names of certificates (GnuTLS). Any thread.
 */
#pragma once

#include "tools/desk/desk_http.h"

#include <sys/socket.h>

struct MHD_Connection;

/* "127.0.0.1:80", "[::1]:80". */
bool desk_peer_address(const char *text, struct sockaddr_storage *out);
bool desk_peer_is_loopback(const struct sockaddr_storage *address);

/* The CN of the certificate, if the client gave one that holds; else "". */
void desk_peer_name(struct MHD_Connection *link, char name[static DESK_HTTP_NAME_LEN]);
