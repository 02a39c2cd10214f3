#include "dissectors/smb2.h"

#include "dissectors/nbss.h"
#include "tests/support/exact.h"
#include "tests/unit/dissectors/smb2_messages.h"

/* With the frame around it, whose length tells a cut message from a damaged one. */
static enum dissect dissect(struct cursor in, void *out)
{
	struct nbss frame;
	enum dissect got = dissect_nbss(&in, &frame);

	if (got != DISSECT_OK)
		return got;
	struct smb2_frame messages = { frame.message, frame.length };

	return dissect_smb2(&messages, out);
}

static const struct exact smb2 = { dissect, sizeof(struct smb2) };

static void check_negotiate_request(const void *out)
{
	static const uint16_t dialects[] = { 0x0202, 0x0210, 0x0300, 0x0302, 0x0311 };
	const struct smb2 *msg = out;

	assert_int_equal(msg->form, SMB2_PLAIN);
	assert_int_equal(msg->command, SMB2_NEGOTIATE);
	assert_false(msg->is_response);
	assert_int_equal(msg->credits, 31);
	assert_int_equal(msg->message_id, 1);
	assert_int_equal(msg->dialect_count, ARRAY_LEN(dialects));
	assert_memory_equal(msg->dialects, dialects, sizeof(dialects));
	assert_int_equal(msg->dialect, 0);
	assert_false(msg->is_signing_required);
	assert_memory_equal(msg->guid, "\xef\x92\xd4\x33", 4);
	exact_assert_utf16(msg->server_name, "127.0.0.1");
}

static void check_negotiate_response(const void *out)
{
	const struct smb2 *msg = out;

	assert_true(msg->is_response);
	assert_int_equal(msg->status, 0);
	assert_int_equal(msg->dialect, SMB2_DIALECT_311);
	assert_int_equal(msg->dialect_count, 0);
	assert_memory_equal(msg->guid, "filesrv", 8);
	assert_int_equal(msg->security_blob.len, 74);
	assert_int_equal(msg->security_blob.data[0], 0x60);
}

static void check_session_request(const void *out)
{
	const struct smb2 *msg = out;

	assert_int_equal(msg->command, SMB2_SESSION_SETUP);
	assert_int_equal(msg->security_blob.len, 422);
	assert_true(msg->session_id != 0);
	assert_int_equal(msg->session_flags, 0);
}

static void check_session_challenge(const void *out)
{
	const struct smb2 *msg = out;

	assert_int_equal(msg->status, (uint32_t)SMB2_STATUS_MORE_PROCESSING_REQUIRED);
	assert_true(msg->security_blob.len > 100);
}

static void check_session_success(const void *out)
{
	const struct smb2 *msg = out;

	assert_int_equal(msg->status, SMB2_STATUS_SUCCESS);
	assert_true(msg->is_signed);
	assert_int_equal(msg->session_flags, 0);
	assert_int_equal(msg->security_blob.len, 29);
}

static void check_session_failure(const void *out)
{
	const struct smb2 *msg = out;

	assert_int_equal(msg->status, (uint32_t)SMB2_STATUS_LOGON_FAILURE);
	assert_int_equal(msg->security_blob.len, 0);
}

static void check_session_guest(const void *out)
{
	const struct smb2 *msg = out;

	assert_int_equal(msg->session_flags, SMB2_SESSION_GUEST);
}

static void check_tree_request(const void *out)
{
	const struct smb2 *msg = out;

	exact_assert_utf16(msg->path, "\\\\127.0.0.1\\IPC$");
}

static void check_tree_response(const void *out)
{
	const struct smb2 *msg = out;

	assert_int_equal(msg->share_type, SMB2_SHARE_PIPE);
	assert_true(msg->tree_id != 0);
}

static void check_create_request(const void *out)
{
	const struct smb2 *msg = out;

	exact_assert_utf16(msg->file_name, "report.txt");
}

static void check_file(const void *out)
{
	static const uint8_t none[SMB2_FILE_ID_LEN] = { 0 };
	const struct smb2 *msg = out;

	assert_true(memcmp(msg->file_id, none, sizeof(none)) != 0);
	assert_int_equal(msg->payload.len, 0);
}

static void check_read_response(const void *out)
{
	const struct smb2 *msg = out;

	if (msg->payload.len > 0)
		exact_assert_text(msg->payload, "hello\n");
}

static void check_write_request(const void *out)
{
	const struct smb2 *msg = out;

	assert_memory_equal(msg->file_id, "FILEID0123456789", SMB2_FILE_ID_LEN);
	exact_assert_text(msg->payload, "\x05\x01");
}

static void check_no_payload(const void *out)
{
	const struct smb2 *msg = out;

	assert_int_equal(msg->command, SMB2_IOCTL);
	assert_int_equal(msg->payload.len, 0);
}

static void check_pipe(const void *out)
{
	const struct smb2 *msg = out;

	exact_assert_text(msg->payload, "\x05\x01\x02");
}

static void check_async(const void *out)
{
	const struct smb2 *msg = out;

	assert_true(msg->is_async);
	assert_int_equal(msg->tree_id, 0);
	assert_int_equal(msg->status, 0x103);
}

static void check_encrypted(const void *out)
{
	const struct smb2 *msg = out;

	assert_int_equal(msg->form, SMB2_ENCRYPTED);
	assert_int_equal(msg->session_id, 0x1122334455667788);
}

static void check_compressed(const void *out)
{
	const struct smb2 *msg = out;

	assert_int_equal(msg->form, SMB2_COMPRESSED);
}

static void check_many_dialects(const void *out)
{
	const struct smb2 *msg = out;

	assert_int_equal(msg->dialect_count, SMB2_DIALECTS_MAX);
	assert_int_equal(msg->dialects[SMB2_DIALECTS_MAX - 1], 0x0210);
}

static struct exact_case cases[] = {
	{ "a negotiation", &smb2, negotiate_request, DISSECT_OK, check_negotiate_request },
	{ "a dialect chosen", &smb2, negotiate_response, DISSECT_OK, check_negotiate_response },
	{ "more dialects than fit", &smb2, many_dialects, DISSECT_OK, check_many_dialects },
	{ "a login", &smb2, session_request, DISSECT_OK, check_session_request },
	{ "a challenge", &smb2, session_challenge, DISSECT_OK, check_session_challenge },
	{ "a login that succeeds", &smb2, session_success, DISSECT_OK, check_session_success },
	{ "a login that fails", &smb2, session_failure, DISSECT_OK, check_session_failure },
	{ "a login as guest", &smb2, session_guest, DISSECT_OK, check_session_guest },
	{ "a share asked for", &smb2, tree_request, DISSECT_OK, check_tree_request },
	{ "a share of pipes", &smb2, tree_response, DISSECT_OK, check_tree_response },
	{ "a file", &smb2, create_request, DISSECT_OK, check_create_request },
	{ "a file opened", &smb2, create_response, DISSECT_OK, check_file },
	{ "a read", &smb2, read_request, DISSECT_OK, check_file },
	{ "what was read", &smb2, read_response, DISSECT_OK, check_read_response },
	{ "a write", &smb2, write_request, DISSECT_OK, check_write_request },
	{ "an ioctl of no interest", &smb2, ioctl_request, DISSECT_OK, check_no_payload },
	{ "an ioctl that failed", &smb2, ioctl_failure, DISSECT_OK, check_no_payload },
	{ "a call through a pipe", &smb2, pipe_request, DISSECT_OK, check_pipe },
	{ "an answer through a pipe", &smb2, pipe_response, DISSECT_OK, check_pipe },
	{ "an answer that comes later", &smb2, pending, DISSECT_OK, check_async },
	{ "a command that is not read", &smb2, echo, DISSECT_OK, NULL },
	{ "encrypted", &smb2, encrypted, DISSECT_OK, check_encrypted },
	{ "compressed", &smb2, "0000000efc534d42000000000000000000000000", DISSECT_OK,
	  check_compressed },
	{ "encrypted, too short", &smb2, "00000006fd534d420000", DISSECT_MALFORMED, NULL },
	{ "a name outside", &smb2, name_outside, DISSECT_MALFORMED, NULL },
	{ "contexts outside", &smb2, contexts_outside, DISSECT_MALFORMED, NULL },
	{ "an unknown command", &smb2, unknown_command, DISSECT_MALFORMED, NULL },
	{ "a header of another size", &smb2, other_size, DISSECT_MALFORMED, NULL },
	{ "a next message inside the header", &smb2, next_inside, DISSECT_MALFORMED, NULL },
	{ "a next message behind the frame", &smb2, next_behind, DISSECT_MALFORMED, NULL },
	{ "a frame of half a header", &smb2, "00000008fe534d4240000000", DISSECT_MALFORMED, NULL },
	{ "a frame of three bytes", &smb2, "00000003fe534d", DISSECT_MALFORMED, NULL },
	{ "an empty frame", &smb2, "00000000", DISSECT_MALFORMED, NULL },
	{ "SMB 1", &smb2, "00000004ff534d42", DISSECT_OTHER, NULL },
	{ "something else", &smb2, "00000004fe534d43", DISSECT_OTHER, NULL },
};

static void compounded_messages_are_walked(void **state)
{
	uint8_t bytes[EXACT_BYTES_MAX];
	size_t len = exact_bytes(compound, bytes);
	struct cursor in = cursor_over(bytes, len);
	struct nbss frame;
	struct smb2 msg;

	(void)state;
	assert_int_equal(dissect_nbss(&in, &frame), DISSECT_OK);
	struct smb2_frame messages = { frame.message, frame.length };

	assert_int_equal(dissect_smb2(&messages, &msg), DISSECT_OK);
	assert_int_equal(msg.command, SMB2_CREATE);
	exact_assert_utf16(msg.file_name, "report.txt");
	assert_int_equal(dissect_smb2(&messages, &msg), DISSECT_OK);
	assert_int_equal(msg.command, SMB2_READ);
	assert_int_equal(messages.length, 0);
}

/* The second of two is not there: the first is read, and the caller may wait. */
static void a_compound_may_be_cut(void **state)
{
	uint8_t bytes[EXACT_BYTES_MAX];
	size_t len = exact_bytes(compound, bytes);
	struct cursor in = cursor_over(bytes, len - 100);
	struct nbss frame;
	struct smb2 msg;

	(void)state;
	assert_int_equal(dissect_nbss(&in, &frame), DISSECT_OK);
	struct smb2_frame messages = { frame.message, frame.length };

	assert_int_equal(dissect_smb2(&messages, &msg), DISSECT_OK);
	assert_int_equal(dissect_smb2(&messages, &msg), DISSECT_TRUNCATED);
	assert_true(messages.length > 0);
}

int main(void)
{
	static const struct CMUnitTest more[] = {
		cmocka_unit_test(compounded_messages_are_walked),
		cmocka_unit_test(a_compound_may_be_cut),
	};

	return exact_run_all("smb2", cases, ARRAY_LEN(cases), more, ARRAY_LEN(more));
}
