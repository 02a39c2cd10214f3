#include "dissectors/nbdgm.h"

enum {
	FLAGS_AND_ID_LEN = 1 + 2,
	LENGTH_LEN = 2,
};

/* [MS-CIFS] 2.2.3.1 and 2.2.4.33: a transaction that writes to a mailslot. */
enum {
	SMB_TRANSACTION = 0x25,
	SMB_COMMAND_TO_WORDS = 27,
	WORDS_TO_DATA = 22, /* up to how much data there is */
	SLOT_WORDS_MIN = 17,
	SETUP_LEN = 1 + 1 + 3 * 2,
	BYTE_COUNT_LEN = 2,
};

enum {
	PERIODICITY_LEN = 4,
	BROWSER_VERSION_AND_SIGNATURE_LEN = 4,
};

static const uint8_t smb_magic[] = { 0xff, 'S', 'M', 'B', SMB_TRANSACTION };
static const char browser_slot[] = "\\MAILSLOT\\BROWSE";

static uint8_t upper(uint8_t byte)
{
	return byte >= 'a' && byte <= 'z' ? (uint8_t)(byte - 'a' + 'A') : byte;
}

static bool is_browser_slot(struct span name)
{
	if (name.len != sizeof(browser_slot) - 1)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (upper(name.data[i]) != (uint8_t)browser_slot[i])
			return false;
	return true;
}

/* The data of a browser's mailslot; a failed cursor when `smb` is anything else. */
static struct cursor find_browser_data(struct cursor smb)
{
	static const struct cursor none = { .failed = true };
	struct cursor whole = smb;
	struct span magic = cursor_take(&smb, sizeof(smb_magic));

	if (magic.len != sizeof(smb_magic) || memcmp(magic.data, smb_magic, magic.len) != 0)
		return none;
	cursor_skip(&smb, SMB_COMMAND_TO_WORDS);
	uint8_t words = cursor_u8(&smb);

	cursor_skip(&smb, WORDS_TO_DATA);
	uint16_t data_len = cursor_le16(&smb);
	uint16_t data_at = cursor_le16(&smb);

	cursor_skip(&smb, SETUP_LEN + BYTE_COUNT_LEN);
	if (words != SLOT_WORDS_MIN || !is_browser_slot(cursor_take_until(&smb, '\0')))
		return none;

	struct cursor data = cursor_at(whole, data_at);

	return (struct cursor){ .rest = cursor_take_up_to(&data, data_len), .failed = data.failed };
}

static bool is_announcement(uint8_t command)
{
	return command == NBDGM_HOST_ANNOUNCEMENT || command == NBDGM_DOMAIN_ANNOUNCEMENT ||
	       command == NBDGM_LOCAL_MASTER_ANNOUNCEMENT;
}

/* [MS-BRWS] 2.2.1, 2.2.6 and 2.2.10, which are laid out alike. */
static void read_announcement(struct cursor in, struct nbdgm *msg)
{
	uint8_t command = cursor_u8(&in);

	cursor_skip(&in, 1 + PERIODICITY_LEN); /* how often it was sent before */
	struct cursor host = cursor_sub(&in, NBDGM_HOST_LEN);
	uint8_t os_major = cursor_u8(&in);
	uint8_t os_minor = cursor_u8(&in);
	uint32_t server_type = cursor_le32(&in);

	if (!cursor_ok(&in) || !is_announcement(command))
		return;
	cursor_skip(&in, BROWSER_VERSION_AND_SIGNATURE_LEN);

	msg->has_announcement = true;
	msg->command = command;
	for (size_t i = 0; i < NBDGM_HOST_LEN; i++) {
		msg->host[i] = (char)cursor_u8(&host);
		if (msg->host[i] == '\0')
			break;
	}
	msg->os_major = os_major;
	msg->os_minor = os_minor;
	msg->server_type = server_type;
	msg->comment = cursor_take_until(&in, '\0');
}

enum dissect dissect_nbdgm(struct cursor in, struct nbdgm *out)
{
	struct nbdgm msg = { 0 };
	uint8_t type = cursor_u8(&in);

	if (cursor_ok(&in) && (type < NBDGM_DIRECT_UNIQUE || type > NBDGM_BROADCAST))
		return DISSECT_OTHER;
	cursor_skip(&in, FLAGS_AND_ID_LEN);
	cursor_copy(&in, msg.source_address, sizeof(msg.source_address));
	msg.source_port = cursor_be16(&in);
	cursor_skip(&in, LENGTH_LEN);
	uint16_t fragment_offset = cursor_be16(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;

	enum dissect got = netbios_name_read(&in, &msg.source);

	if (got == DISSECT_OK)
		got = netbios_name_read(&in, &msg.destination);
	if (got != DISSECT_OK)
		return got;

	struct cursor data = find_browser_data(in);

	if (fragment_offset == 0 && cursor_ok(&data))
		read_announcement(data, &msg);
	msg.type = (enum nbdgm_type)type;
	*out = msg;
	return DISSECT_OK;
}
