#include "dissectors/ssh.h"
#include "dissectors/ssh_login.h"
#include "sensor/dialogue/session_readers.h"
#include "sensor/hello/hassh.h"

enum { PORT_SSH = 22, MAJOR_2 = '2' };

enum side_stage {
	SIDE_BANNER, /* its identification is to come */
	SIDE_CLEAR,  /* packets up to NEWKEYS */
	SIDE_SEALED, /* only lengths can be seen */
};

struct ssh_notes {
	uint8_t stages[2]; /* enum side_stage: server, client */
	bool is_over;      /* nothing more to learn from either side */
	uint8_t outcome;   /* enum ssh_outcome, as it was told */
	uint16_t attempts; /* likewise */
	struct ssh_login login;
};

_Static_assert(sizeof(struct ssh_notes) <= SESSION_NOTES_BYTES, "a session has that much room");

static bool is_prefix(struct cursor bytes, bool *is_whole)
{
	static const char prefix[] = { 'S', 'S', 'H', '-' };
	struct span head = cursor_take_up_to(&bytes, sizeof(prefix));

	*is_whole = head.len == sizeof(prefix);
	return head.len > 0 && memcmp(head.data, prefix, head.len) == 0;
}

/* Lines that a server says before its identification are looked through on SSH's own port alone. */
static enum dissect opens(const struct session_opening *opening)
{
	struct ssh_identification ignored;
	struct cursor in = opening->stream;
	bool is_whole;

	if (is_prefix(in, &is_whole))
		return is_whole ? DISSECT_OK : DISSECT_TRUNCATED;
	if (opening->server_port != PORT_SSH || opening->from_client)
		return DISSECT_OTHER;
	return dissect_ssh_identification(&in, &ignored) == DISSECT_OK ? DISSECT_OK : DISSECT_OTHER;
}

static bool begins(bool from_client, struct cursor bytes)
{
	bool is_whole;

	(void)from_client;
	return is_prefix(bytes, &is_whole) && is_whole;
}

static void tell_banner(struct hearing *hearing, const struct ssh_identification *id)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_SSH_BANNER);

	attributes_add_wire(said, ATTRIBUTE_BANNER, id->line);
	attributes_add_wire(said, ATTRIBUTE_VERSION, id->version);
	attributes_add_wire(said, ATTRIBUTE_SOFTWARE, id->software);
	hearing_tell(hearing);
}

/* Of a line that the capture cut, what there is of it. */
static void tell_cut_banner(const struct session_turn *turn)
{
	struct attributes *said;
	bool is_whole;

	if (!is_prefix(turn->stream, &is_whole) || !is_whole)
		return;
	said = hearing_message(turn->hearing, MESSAGE_SSH_BANNER);
	attributes_add_wire(said, ATTRIBUTE_BANNER, turn->stream.rest);
	attributes_cut(said);
	hearing_tell(turn->hearing);
}

static void tell_kexinit(struct hearing *hearing, struct span payload)
{
	char hassh[FINGERPRINT_MD5_SIZE];
	struct ssh_kexinit kexinit;
	struct attributes *said;

	if (!hearing_is_readable(hearing, dissect_ssh_kexinit(payload, &kexinit)))
		return;
	said = hearing_message(hearing, MESSAGE_SSH_KEXINIT);
	if (hearing->from_client) {
		hassh_of_client(&kexinit, hassh);
		attributes_add_text(said, ATTRIBUTE_HASSH, hassh);
	} else {
		hassh_of_server(&kexinit, hassh);
		attributes_add_text(said, ATTRIBUTE_HASSH_SERVER, hassh);
	}
	hearing_tell(hearing);
}

static void tell_login(struct hearing *hearing, struct ssh_notes *notes)
{
	enum ssh_outcome outcome = ssh_login_outcome(&notes->login);
	uint16_t attempts = (uint16_t)ssh_login_attempts(&notes->login);
	struct attributes *said;

	if (outcome == SSH_LOGIN_UNKNOWN ||
	    (outcome == notes->outcome && attempts == notes->attempts))
		return;
	notes->outcome = (uint8_t)outcome;
	notes->attempts = attempts;
	notes->is_over = outcome == SSH_LOGIN_ACCEPTED;
	said = hearing_message(hearing, MESSAGE_SSH_LOGIN);
	attributes_add_text(said, ATTRIBUTE_OUTCOME,
			    outcome == SSH_LOGIN_ACCEPTED ? "accepted" : "failed");
	attributes_add_number(said, ATTRIBUTE_ATTEMPTS, attempts);
	hearing_tell(hearing);
}

static struct reading read_banner(struct session_turn *turn, uint8_t *stage)
{
	struct ssh_identification id;
	struct cursor in = turn->stream;
	enum dissect got = dissect_ssh_identification(&in, &id);
	/* Lines before it are told from another protocol's only by what follows them. */
	bool may_follow = got == DISSECT_TRUNCATED ||
			  (got == DISSECT_OTHER && !turn->hearing->from_client &&
			   cursor_left(&in) < (size_t)SSH_LINE_MAX * SSH_LINES_MAX);

	if (got == DISSECT_OK) {
		tell_banner(turn->hearing, &id);
		*stage = SIDE_CLEAR;
		if (id.version.data[0] != MAJOR_2 && id.version.len < sizeof("1.99") - 1)
			return reading_end(); /* packets of SSH 1 */
		return reading_on(cursor_offset(&in, &turn->stream));
	}
	if (may_follow && !turn->is_last)
		return reading_wait();
	turn->hearing->malformed += got == DISSECT_MALFORMED;
	if (got == DISSECT_TRUNCATED)
		tell_cut_banner(turn);
	return reading_end();
}

static struct reading read_clear(struct session_turn *turn, uint8_t *stage)
{
	struct cursor in = turn->stream;
	struct ssh_packet packet;
	enum dissect got = dissect_ssh_packet(&in, &packet);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (!hearing_is_readable(turn->hearing, got))
		return reading_end();
	if (packet.message == SSH_KEXINIT)
		tell_kexinit(turn->hearing, packet.payload);
	else if (packet.message == SSH_NEWKEYS)
		*stage = SIDE_SEALED;
	return reading_on(cursor_offset(&in, &turn->stream));
}

/* A segment lies here as it came, unless it had to wait for one before it. */
static struct reading read_sealed(struct session_turn *turn, struct ssh_notes *notes)
{
	size_t len = cursor_left(&turn->stream);

	ssh_login_add(&notes->login, turn->hearing->from_client, (uint32_t)len);
	tell_login(turn->hearing, notes);
	return notes->is_over ? reading_end() : reading_on(len);
}

static struct reading read_ssh(struct session_turn *turn)
{
	struct ssh_notes *notes = turn->notes;
	uint8_t *stage = &notes->stages[turn->hearing->from_client];

	if (notes->is_over)
		return reading_end();
	if (turn->is_resumed)
		*stage = SIDE_BANNER;
	switch ((enum side_stage) * stage) {
	case SIDE_BANNER:
		return read_banner(turn, stage);
	case SIDE_CLEAR:
		return read_clear(turn, stage);
	case SIDE_SEALED:
		break;
	}
	return read_sealed(turn, notes);
}

const struct session_reader session_reader_ssh = {
	.opens = opens,
	.read = read_ssh,
	.begins = begins,
	.first_bytes = { 'S', 'S' },
};
