/* Announcements of Windows machines in NetBIOS datagrams ([MS-BRWS]). */
#include "dissectors/nbdgm.h"
#include "sensor/base/text.h"
#include "sensor/dialogue/code_words.h"
#include "sensor/dialogue/datagram_readers.h"

#include <stdio.h>
#include <string.h>

enum { PORT_NBDGM = 138 };

static const struct code_word type_rows[] = {
	{ NBDGM_HOST_ANNOUNCEMENT, "host announcement" },
	{ NBDGM_DOMAIN_ANNOUNCEMENT, "domain announcement" },
	{ NBDGM_LOCAL_MASTER_ANNOUNCEMENT, "local master announcement" },
};
static const struct code_words types = CODE_WORDS(type_rows);

static const struct code_word role_rows[] = {
	{ NBDGM_WORKSTATION, "workstation" },
	{ NBDGM_SERVER, "server" },
	{ NBDGM_SQL_SERVER, "sql server" },
	{ NBDGM_DOMAIN_CONTROLLER, "domain controller" },
	{ NBDGM_BACKUP_CONTROLLER, "backup controller" },
	{ NBDGM_PRINT_SERVER, "print server" },
	{ NBDGM_UNIX, "unix" },
	{ NBDGM_NT_WORKSTATION, "nt workstation" },
	{ NBDGM_NT_SERVER, "nt server" },
};
static const struct code_words roles = CODE_WORDS(role_rows);

static struct span span_of(const char *text)
{
	return (struct span){ .data = (const uint8_t *)text, .len = strlen(text) };
}

static void tell_name(struct hearing *hearing, const struct nbdgm *message)
{
	struct fact_device_name *told = &hearing_fact(hearing, FACT_DEVICE_NAME)->device_name;

	told->mac = hearing->source_mac;
	told->address = hearing->source;
	told->source = DEVICE_NAME_NBNS;
	(void)text_from_wire(span_of(message->host), told->name, sizeof(told->name));
	if (told->name[0] != '\0')
		hearing_tell(hearing);
}

static void tell_message(struct hearing *hearing, const struct nbdgm *message)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_BROWSER);
	char version[8];

	code_words_say(&types, said, ATTRIBUTE_TYPE, message->command);
	attributes_add_wire(said, ATTRIBUTE_NAME, span_of(message->host));
	/* Whom it is sent to is the workgroup. */
	attributes_add_wire(said, ATTRIBUTE_DOMAIN, span_of(message->destination.text));
	(void)snprintf(version, sizeof(version), "%u.%u", (unsigned)message->os_major,
		       (unsigned)message->os_minor);
	attributes_add_text(said, ATTRIBUTE_OS_VERSION, version);
	code_words_say_flags(&roles, said, ATTRIBUTE_CAPABILITIES, message->server_type);
	attributes_add_wire(said, ATTRIBUTE_COMMENT, message->comment);
	hearing_tell(hearing);
}

static enum datagram_service read_browser(const struct datagram *datagram)
{
	struct hearing *hearing = datagram->hearing;
	struct nbdgm message;

	if (!hearing_is_readable(hearing, dissect_nbdgm(datagram->payload, &message)))
		return DATAGRAM_NONE;
	if (!message.has_announcement)
		return DATAGRAM_OTHER;
	if (message.command != NBDGM_DOMAIN_ANNOUNCEMENT)
		tell_name(hearing, &message);
	tell_message(hearing, &message);
	return DATAGRAM_OTHER;
}

const struct datagram_reader datagram_reader_browser = {
	.ports = { PORT_NBDGM },
	.read = read_browser,
};
