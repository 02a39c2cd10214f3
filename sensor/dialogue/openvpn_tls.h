/*
 * The TLS session inside OpenVPN's control channel, where that is in clear: its bytes come in
 * control packets, numbered from the reset's 0 on. One that comes early is left out: it is sent
 * again. What is kept of a direction stands in the lane's desk (session_desk.h).
 *
 * One thread: the lane's.
 */
#pragma once

#include "dissectors/openvpn.h"
#include "sensor/dialogue/hearing.h"

struct session_desk;

/*
 * `packet` is any of a tunnel whose reset was answered. False when nothing more of this direction
 * can be read.
 */
bool openvpn_tls_hear(struct hearing *hearing, struct session_desk *desk,
		      const struct openvpn *packet);

/* Another tunnel begins in this flow. */
void openvpn_tls_begin_anew(const struct hearing *hearing, struct session_desk *desk);
