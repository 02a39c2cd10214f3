/*
 * A case or a finding of health as a message for people: what a chat service shows. Nothing in it
 * calls anybody, formats or links: names come from the network, and '<', '>' and '@' are commands
 * to such services. A host outside is written so that nobody opens it by a touch. Any thread.
 */
#pragma once

#include "sensor/courier/case_view_jansson.h"
#include "sensor/courier/health_body_jansson.h"

enum { WEBHOOK_TEXT_MAX = 4000 }; /* bytes with the NUL; what has no room is cut */

void webhook_text_case(const struct case_view *view, enum language language,
		       char out[static WEBHOOK_TEXT_MAX]);
void webhook_text_health(const struct health_body *view, enum language language,
			 char out[static WEBHOOK_TEXT_MAX]);
