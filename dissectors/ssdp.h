/* SSDP (UPnP Device Architecture 1.1 and 2.0, section 1): who offers what, who looks for it. */
/*
 * One datagram, unicast or multicast. Skipped: HOST, CACHE-CONTROL, EXT, DATE, MX, the boot, config
 * and search port numbers, and bodies. Of a repeated field the first counts.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { SSDP_FIELDS_MAX = 64 };

enum ssdp_kind {
	SSDP_SEARCH,   /* M-SEARCH: somebody looks for `target` */
	SSDP_NOTIFY,   /* a device comes, goes or changes, as `nts` says */
	SSDP_RESPONSE, /* 200 OK: a device answers a search for `target` */
};

/* Spans are unchecked text from the wire without blanks around it; empty when absent. */
struct ssdp {
	enum ssdp_kind kind;
	struct span target;     /* ST; of a NOTIFY its NT */
	struct span nts;        /* "ssdp:alive", "ssdp:byebye", "ssdp:update" */
	struct span usn;        /* whole: "uuid:" device, and mostly "::" and what it is */
	struct span uuid;       /* of the USN, without "uuid:"; empty when it has another form */
	struct span usn_type;   /* of the USN, behind its "::" */
	struct span location;   /* URL of the device's description */
	struct span server;     /* system, UPnP version, product */
	struct span user_agent; /* the same of who searches */
	struct span man;        /* with its quotes: "ssdp:discover" */
	bool headers_truncated; /* cut, or more or longer lines than anybody sends */
};

/*
 * The first bytes decide: DISSECT_OTHER as soon as this cannot be SSDP, and for a whole head
 * without ST, NT and USN; DISSECT_TRUNCATED when it ends before one of them,
 * DISSECT_MALFORMED for a first line beyond all measure. `out` is set only on
 * DISSECT_OK; its spans borrow from the bytes under `in`.
 */
MUST_USE enum dissect dissect_ssdp(struct cursor in, struct ssdp *out);
