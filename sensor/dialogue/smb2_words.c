#include "sensor/base/text.h"
#include "sensor/dialogue/gss_words.h"
#include "sensor/dialogue/smb_words.h"
#include "sensor/dialogue/windows_words.h"

static void add_dialect(struct attributes *said, enum attribute attribute, uint16_t dialect)
{
	static const struct {
		uint16_t dialect;
		const char *name;
	} names[] = {
		{ SMB2_DIALECT_202, "SMB 2.0.2" }, { SMB2_DIALECT_210, "SMB 2.1" },
		{ SMB2_DIALECT_ANY, "SMB 2.???" }, { SMB2_DIALECT_300, "SMB 3.0" },
		{ SMB2_DIALECT_302, "SMB 3.0.2" }, { SMB2_DIALECT_311, "SMB 3.1.1" },
	};
	char digits[sizeof("0xffff")];
	struct text number = text_over(digits, sizeof(digits));

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].dialect == dialect) {
			attributes_add_text(said, attribute, names[i].name);
			return;
		}
	}
	text_format(&number, "0x%04x", dialect);
	attributes_add_text(said, attribute, digits);
}

static void tell_negotiate(struct hearing *hearing, const struct smb2 *message)
{
	struct attributes *said;

	if (message->status != SMB2_STATUS_SUCCESS)
		return;
	said = hearing_message(hearing, MESSAGE_SMB_NEGOTIATE);
	if (message->is_response)
		add_dialect(said, ATTRIBUTE_DIALECT, message->dialect);
	for (uint8_t i = 0; i < message->dialect_count; i++)
		add_dialect(said, ATTRIBUTE_DIALECTS, message->dialects[i]);
	windows_add_text(said, ATTRIBUTE_TARGET, message->server_name, true);
	if (message->is_signing_required)
		attributes_add_flag(said, ATTRIBUTE_SIGNING_REQUIRED);
	attributes_add_hex(said, ATTRIBUTE_GUID, (struct span){ message->guid, SMB2_GUID_LEN });
	hearing_tell(hearing);
	gss_tell(hearing, message->security_blob);
}

/* The steps between are told by what they carry. */
static void tell_session(struct hearing *hearing, const struct smb2 *message)
{
	struct attributes *said;

	gss_tell(hearing, message->security_blob);
	if (!message->is_response ||
	    message->status == (uint32_t)SMB2_STATUS_MORE_PROCESSING_REQUIRED)
		return;
	said = hearing_message(hearing, MESSAGE_SMB_SESSION);
	windows_add_status(said, message->status);
	if ((message->session_flags & SMB2_SESSION_GUEST) != 0)
		attributes_add_flag(said, ATTRIBUTE_GUEST);
	if ((message->session_flags & SMB2_SESSION_NULL) != 0)
		attributes_add_flag(said, ATTRIBUTE_ANONYMOUS);
	if ((message->session_flags & SMB2_SESSION_ENCRYPT) != 0)
		attributes_add_flag(said, ATTRIBUTE_ENCRYPTED);
	hearing_tell(hearing);
}

static void tell_tree(struct hearing *hearing, struct smb_notes *notes, const struct smb2 *message)
{
	static const char *const shares[] = { [0] = "",
					      [SMB2_SHARE_DISK] = "disk",
					      [SMB2_SHARE_PIPE] = "pipe",
					      [SMB2_SHARE_PRINT] = "print" };
	struct attributes *said = hearing_message(hearing, MESSAGE_SMB_TREE);

	windows_add_text(said, ATTRIBUTE_PATH, message->path, true);
	if (message->is_response)
		windows_add_status(said, message->status);
	if (message->share_type <= SMB2_SHARE_PRINT)
		attributes_add_text(said, ATTRIBUTE_SHARE, shares[message->share_type]);
	hearing_tell(hearing);
	if (!message->is_response)
		smb_note_share(notes, message->path, true);
	else if (message->status == SMB2_STATUS_SUCCESS)
		smb_note_tree(notes, message->tree_id);
	if (message->is_response && message->share_type == SMB2_SHARE_PIPE)
		smb_note_pipe_tree(notes, message->tree_id);
}

/* Enough to tell a session's pipes apart. */
static uint32_t pipe_of(const struct smb2 *message)
{
	struct cursor in = cursor_over(message->file_id, SMB2_FILE_ID_LEN);
	uint32_t folded = 0;

	while (cursor_left(&in) > 0)
		folded = (folded << 5 | folded >> 27) ^ cursor_le32(&in);
	return folded;
}

void smb2_tell(struct hearing *hearing, struct smb_notes *notes, const struct smb2 *message)
{
	switch (message->command) {
	case SMB2_NEGOTIATE:
		tell_negotiate(hearing, message);
		break;
	case SMB2_SESSION_SETUP:
		tell_session(hearing, message);
		break;
	case SMB2_TREE_CONNECT:
		tell_tree(hearing, notes, message);
		break;
	case SMB2_CREATE:
		smb_tell_file(hearing, notes,
			      &(struct smb_opening){ .tree = message->tree_id,
						     .access = message->access,
						     .name = message->file_name,
						     .is_utf16 = true });
		break;
	case SMB2_WRITE:
		if (!message->is_response)
			smb_tell_write(hearing, notes, message->tree_id, message->payload);
		/* fall through */
	case SMB2_READ:
		if (message->is_async || smb_may_be_pipe(notes, message->tree_id))
			smb_tell_calls(hearing, notes, pipe_of(message), message->payload);
		break;
	case SMB2_IOCTL:
		smb_tell_calls(hearing, notes, pipe_of(message), message->payload);
		break;
	default:
		break;
	}
}
