/*
 * Logins that one protocol carries for another: SPNEGO, and NTLM or Kerberos in it or bare. Each
 * is told as a fact of its own.
 */
#pragma once

#include "sensor/dialogue/session_reader.h"

/* What is none of them is passed over. */
void gss_tell(struct hearing *hearing, struct span blob);

/* The same of one in base64, as HTTP and mail carry it. */
void gss_tell_base64(struct session_turn *turn, struct span text);
