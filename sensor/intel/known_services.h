/*
 * Services that ordinary devices talk to by themselves and at regular times: updates, push, mail
 * and office suites, time, security products. The first half of the common gate.
 *
 * A name is known only when its whole registered part is the vendor's. Names that strangers can
 * obtain below a vendor's domain (hosting, dynamic DNS, content networks) are never known.
 */
#pragma once

#include <stdbool.h>

enum service_kind {
	SERVICE_NONE,
	SERVICE_UPDATE, /* operating systems, browsers, programs */
	SERVICE_SUITE,  /* office suites, mail, meetings, messengers, storage */
	SERVICE_PUSH,   /* notification channels, long polls, telemetry of a vendor */
	SERVICE_TIME,
	SERVICE_SECURITY, /* antivirus and reputation lookups: data in names is their trade */
	SERVICE_DEVICE,   /* clouds of printers, cameras, speakers, televisions */
	SERVICE_MEDIA,    /* music, video, games, social networks, advertising, portals */
};

/* `host` in lower case; SERVICE_NONE for "". */
enum service_kind known_service(const char *host);

/* Whether `host` is itself such a name, below or at which a vendor's customers are at home. */
bool service_is_shared(const char *host);

/* For the report: what a kind is, "updates" … */
const char *service_kind_text(enum service_kind kind);
