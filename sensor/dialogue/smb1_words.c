#include "sensor/dialogue/gss_words.h"
#include "sensor/dialogue/smb_words.h"
#include "sensor/dialogue/windows_words.h"

/* As the client writes them: [MS-CIFS] 1.7, [MS-SMB] 1.7, and what Samba offers besides. */
static const char *const dialects[] = {
	[SMB_UNKNOWN_DIALECT] = "other",
	"PC NETWORK PROGRAM 1.0",
	"PCLAN1.0",
	"MICROSOFT NETWORKS 1.03",
	"MICROSOFT NETWORKS 3.0",
	"XENIX CORE",
	"LANMAN1.0",
	"LM1.2X002",
	"DOS LM1.2X002",
	"LANMAN2.1",
	"DOS LANMAN2.1",
	"Windows for Workgroups 3.1a",
	"Samba",
	"NT LANMAN 1.0",
	"NT LM 0.12",
	"CIFS",
	"SMB 2.002",
	"SMB 2.???",
};

static uint8_t dialect_number(struct span offered)
{
	for (size_t i = 1; i < sizeof(dialects) / sizeof(dialects[0]); i++) {
		if (strlen(dialects[i]) == offered.len &&
		    memcmp(dialects[i], offered.data, offered.len) == 0)
			return (uint8_t)i;
	}
	return SMB_UNKNOWN_DIALECT;
}

static void tell_offer(struct hearing *hearing, struct smb_notes *notes, const struct smb1 *message)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_SMB_NEGOTIATE);

	notes->dialect_count = message->dialect_count;
	for (uint8_t i = 0; i < message->dialect_count; i++) {
		notes->dialects[i] = dialect_number(message->dialects[i]);
		attributes_add_wire(said, ATTRIBUTE_DIALECTS, message->dialects[i]);
	}
	hearing_tell(hearing);
}

/* The server names a place in the client's list. */
static void tell_choice(struct hearing *hearing, const struct smb_notes *notes,
			const struct smb1 *message)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_SMB_NEGOTIATE);

	if (message->dialect_index < notes->dialect_count)
		attributes_add_text(said, ATTRIBUTE_DIALECT,
				    dialects[notes->dialects[message->dialect_index]]);
	else if (message->dialect_index == SMB1_DIALECT_NONE)
		attributes_add_text(said, ATTRIBUTE_DIALECT, "none");
	windows_add_text(said, ATTRIBUTE_NETBIOS_DOMAIN, message->server_domain,
			 message->is_unicode);
	windows_add_text(said, ATTRIBUTE_NETBIOS_COMPUTER, message->server_name,
			 message->is_unicode);
	hearing_tell(hearing);
	gss_tell(hearing, message->security_blob);
}

static void add_status(struct attributes *said, const struct smb1 *message)
{
	if (message->has_nt_status)
		windows_add_status(said, message->status);
	else
		windows_add_code(said, ATTRIBUTE_NT_STATUS, message->status);
}

/* Old clients name the user here; others in what the blob carries. */
static void tell_session(struct hearing *hearing, const struct smb1 *message)
{
	struct attributes *said;

	gss_tell(hearing, message->security_blob);
	if (message->is_response &&
	    message->status == (uint32_t)SMB2_STATUS_MORE_PROCESSING_REQUIRED)
		return;
	said = hearing_message(hearing, MESSAGE_SMB_SESSION);
	if (message->is_response)
		add_status(said, message);
	windows_add_text(said, ATTRIBUTE_USER, message->account, message->is_unicode);
	windows_add_text(said, ATTRIBUTE_DOMAIN, message->primary_domain, message->is_unicode);
	windows_add_text(said, ATTRIBUTE_OS, message->native_os, message->is_unicode);
	windows_add_text(said, ATTRIBUTE_LAN_MANAGER, message->native_lan_manager,
			 message->is_unicode);
	if (message->is_guest)
		attributes_add_flag(said, ATTRIBUTE_GUEST);
	if (said->used > 0)
		hearing_tell(hearing);
}

static bool is_service(const struct smb1 *message, const char *service)
{
	return message->service.len >= strlen(service) &&
	       memcmp(message->service.data, service, strlen(service)) == 0;
}

static const char *share_of(const struct smb1 *message)
{
	if (is_service(message, "A:"))
		return "disk";
	if (is_service(message, "IPC"))
		return "pipe";
	return is_service(message, "LPT") ? "print" : "";
}

static void tell_tree(struct hearing *hearing, struct smb_notes *notes, const struct smb1 *message)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_SMB_TREE);

	windows_add_text(said, ATTRIBUTE_PATH, message->path, message->is_unicode);
	if (message->is_response)
		add_status(said, message);
	attributes_add_text(said, ATTRIBUTE_SHARE, share_of(message));
	if (!message->is_response)
		smb_note_share(notes, message->path, message->is_unicode);
	else if (message->status == 0)
		smb_note_tree(notes, message->tree_id);
	if (message->is_response && is_service(message, "IPC"))
		smb_note_pipe_tree(notes, message->tree_id);
	hearing_tell(hearing);
}

static bool is_tree(const struct smb1 *message)
{
	return message->command == SMB1_TREE_CONNECT ||
	       message->command == SMB1_TREE_CONNECT_ANDX || message->path.len > 0 ||
	       message->service.len > 0;
}

/*
 * The first of each kind in a session, and the first of those that nobody sends: a setup of
 * sessions by transaction 2, which no system has ever answered ([MS-CIFS] 2.2.6.15), and a
 * transaction that goes on as another one (`mismatched`).
 */
static void tell_transaction(struct hearing *hearing, struct smb_notes *notes,
			     const struct smb1 *message)
{
	enum { TOLD_2 = 1, TOLD_NT = 2, TOLD_SETUP = 4, TOLD_MISMATCH = 8, SESSION_SETUP = 0x0e };
	bool is_nt = message->command == SMB1_NT_TRANSACT;
	bool is_setup = message->command == SMB1_TRANSACTION2 && message->has_function &&
			message->function == SESSION_SETUP;
	bool is_mismatch = message->command == SMB1_TRANSACTION2_SECONDARY &&
			   (notes->transactions & TOLD_NT) != 0;
	uint8_t kind = is_mismatch ? TOLD_MISMATCH
		       : is_nt     ? TOLD_NT
		       : is_setup  ? TOLD_SETUP
				   : TOLD_2;
	struct attributes *said;

	if (message->is_response || (notes->transactions & kind) != 0 ||
	    (!is_nt && !is_mismatch && message->command != SMB1_TRANSACTION2))
		return;
	notes->transactions |= kind;
	said = hearing_message(hearing, MESSAGE_SMB_TRANSACTION);
	attributes_add_text(said, ATTRIBUTE_COMMAND, is_nt ? "nt transact" : "transaction 2");
	if (message->has_function)
		windows_add_code(said, ATTRIBUTE_FUNCTION, message->function);
	if (is_mismatch)
		attributes_add_flag(said, ATTRIBUTE_MISMATCHED);
	hearing_tell(hearing);
}

void smb1_tell(struct hearing *hearing, struct smb_notes *notes, const struct smb1 *message)
{
	bool is_refused = message->is_response && message->status != 0;

	if (message->command == SMB1_NEGOTIATE && !message->is_response)
		tell_offer(hearing, notes, message);
	else if (message->command == SMB1_NEGOTIATE && !is_refused)
		tell_choice(hearing, notes, message);
	if (message->command == SMB1_SESSION_SETUP)
		tell_session(hearing, message);
	if (is_tree(message))
		tell_tree(hearing, notes, message);
	tell_transaction(hearing, notes, message);
	smb_tell_file(hearing, notes,
		      &(struct smb_opening){ .tree = message->tree_id,
					     .access = message->access,
					     .name = message->file_name,
					     .is_utf16 = message->is_unicode });
	smb_tell_calls(hearing, notes, 0, message->payload);
}
