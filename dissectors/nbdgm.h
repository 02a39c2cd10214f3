/* NetBIOS datagrams (RFC 1002 4.4) and the announcements in them ([MS-BRWS] 2.2): old Windows talk.
 */
/*
 * Skipped: the datagram's flags and id, fragments but the first, errors and queries; SMB's header;
 * every mailslot but the browser's, and of its messages all but announcements.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"
#include "dissectors/netbios_name.h"

enum {
	NBDGM_IP_LEN = 4,
	NBDGM_HOST_LEN = 16, /* a NUL ends it, mostly */
};

enum nbdgm_type {
	NBDGM_DIRECT_UNIQUE = 0x10,
	NBDGM_DIRECT_GROUP = 0x11,
	NBDGM_BROADCAST = 0x12,
};

enum nbdgm_command {
	NBDGM_HOST_ANNOUNCEMENT = 1,
	NBDGM_DOMAIN_ANNOUNCEMENT = 12, /* `host` is a workgroup, `comment` its master browser */
	NBDGM_LOCAL_MASTER_ANNOUNCEMENT = 15,
};

/* [MS-BRWS] 2.2.1: a few of the bits of server_type. */
enum nbdgm_server {
	NBDGM_WORKSTATION = 0x00000001,
	NBDGM_SERVER = 0x00000002,
	NBDGM_SQL_SERVER = 0x00000004,
	NBDGM_DOMAIN_CONTROLLER = 0x00000008,
	NBDGM_BACKUP_CONTROLLER = 0x00000010,
	NBDGM_PRINT_SERVER = 0x00000200,
	NBDGM_UNIX = 0x00000800,
	NBDGM_NT_WORKSTATION = 0x00001000,
	NBDGM_NT_SERVER = 0x00008000,
};

struct nbdgm {
	enum nbdgm_type type;
	uint8_t source_address[NBDGM_IP_LEN]; /* as the sender knows it */
	uint16_t source_port;
	struct netbios_name source;
	struct netbios_name destination;

	/* Below only where has_announcement. Bytes in the sender's code page, unchecked. */
	bool has_announcement;
	uint8_t command; /* of enum nbdgm_command */
	char host[NBDGM_HOST_LEN + 1];
	uint8_t os_major;
	uint8_t os_minor;
	uint32_t server_type; /* of enum nbdgm_server */
	struct span comment;  /* empty when it is absent or cut */
};

/*
 * One datagram of port 138. DISSECT_OTHER for other types; DISSECT_MALFORMED for a name that is not
 * NetBIOS's. What follows the names need not be there, nor be an announcement. `out` is set only on
 * DISSECT_OK; its comment borrows from the bytes under `in`.
 */
MUST_USE enum dissect dissect_nbdgm(struct cursor in, struct nbdgm *out);
