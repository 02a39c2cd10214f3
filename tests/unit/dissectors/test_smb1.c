#include "dissectors/smb1.h"

#include "dissectors/nbss.h"
#include "tests/support/exact.h"
#include "tests/unit/dissectors/smb1_messages.h"

/* With the frame around it, whose length tells a cut message from a damaged one. */
static enum dissect dissect(struct cursor in, void *out)
{
	struct nbss frame;
	enum dissect got = dissect_nbss(&in, &frame);

	if (got != DISSECT_OK)
		return got;
	return dissect_smb1(frame.message, frame.length, out);
}

static const struct exact smb1 = { dissect, sizeof(struct smb1) };

static void check_offer(const void *out)
{
	const struct smb1 *msg = out;

	assert_int_equal(msg->command, SMB1_NEGOTIATE);
	assert_false(msg->is_response);
	assert_true(msg->is_unicode);
	assert_true(msg->has_nt_status);
	assert_int_equal(msg->dialect_count, 4);
	exact_assert_text(msg->dialects[0], "NT LANMAN 1.0");
	exact_assert_text(msg->dialects[1], "NT LM 0.12");
	exact_assert_text(msg->dialects[2], "SMB 2.002");
	assert_true(msg->offers_smb2);
}

static void check_old_offer(const void *out)
{
	const struct smb1 *msg = out;

	assert_false(msg->offers_smb2);
	assert_int_equal(msg->dialect_count, SMB1_DIALECTS_MAX);
}

static void check_wildcard(const void *out)
{
	const struct smb1 *msg = out;

	assert_true(msg->offers_smb2);
	assert_int_equal(msg->dialect_count, 1);
}

static void check_choice(const void *out)
{
	const struct smb1 *msg = out;

	assert_true(msg->is_response);
	assert_int_equal(msg->dialect_index, 0);
	assert_true(msg->has_extended_security);
	assert_int_equal(msg->security_blob.data[0], 0x60);
}

static void check_plain_choice(const void *out)
{
	const struct smb1 *msg = out;

	assert_false(msg->has_extended_security);
	exact_assert_utf16(msg->server_domain, "OFFICE");
	exact_assert_utf16(msg->server_name, "FILESRV");
	assert_int_equal(msg->security_blob.len, 0);
}

static void check_refused(const void *out)
{
	const struct smb1 *msg = out;

	assert_int_equal(msg->dialect_index, SMB1_DIALECT_NONE);
}

static void check_login(const void *out)
{
	const struct smb1 *msg = out;

	assert_int_equal(msg->command, SMB1_SESSION_SETUP);
	assert_true(msg->has_extended_security);
	assert_true(msg->security_blob.len > 300);
	exact_assert_utf16(msg->native_os, "Unix");
	exact_assert_utf16(msg->native_lan_manager, "Samba");
	assert_int_equal(msg->account.len, 0);
	assert_true(msg->user_id != 0);
}

static void check_login_done(const void *out)
{
	const struct smb1 *msg = out;

	assert_int_equal(msg->status, 0);
	assert_false(msg->is_guest);
	assert_true(msg->has_session_setup);
	exact_assert_utf16(msg->native_os, "Windows 6.1");
	exact_assert_utf16(msg->native_lan_manager, "Samba 4.17.12-Debian");
	exact_assert_utf16(msg->primary_domain, "OFFICE");
}

static void check_plain_login(const void *out)
{
	const struct smb1 *msg = out;

	exact_assert_utf16(msg->account, "hanako");
	exact_assert_utf16(msg->primary_domain, "OFFICE");
	exact_assert_utf16(msg->native_os, "Unix");
	exact_assert_utf16(msg->native_lan_manager, "Samba");
	assert_false(msg->has_extended_security);
}

static void check_ascii_login(const void *out)
{
	const struct smb1 *msg = out;

	assert_false(msg->is_unicode);
	exact_assert_text(msg->account, "hanako");
	exact_assert_text(msg->primary_domain, "OFFICE");
	exact_assert_text(msg->native_os, "Unix");
	exact_assert_text(msg->native_lan_manager, "Samba");
}

static void check_lanman_login(const void *out)
{
	const struct smb1 *msg = out;

	exact_assert_text(msg->account, "HANAKO");
	exact_assert_text(msg->primary_domain, "OFFICE");
	exact_assert_text(msg->native_os, "DOS");
	exact_assert_text(msg->native_lan_manager, "LM");
	exact_assert_text(msg->path, "\\\\SRV\\C");
	exact_assert_text(msg->service, "A:");
}

static void check_guest(const void *out)
{
	const struct smb1 *msg = out;

	assert_true(msg->is_guest);
	assert_true(msg->has_session_setup);
}

static void check_failure(const void *out)
{
	const struct smb1 *msg = out;

	assert_int_equal(msg->command, SMB1_SESSION_SETUP);
	assert_int_equal(msg->status, 0xc000000d);
	assert_false(msg->has_session_setup);
}

static void check_share(const void *out)
{
	const struct smb1 *msg = out;

	exact_assert_utf16(msg->path, "\\\\127.0.0.1\\IPC$");
	exact_assert_text(msg->service, "IPC");
}

static void check_share_connected(const void *out)
{
	const struct smb1 *msg = out;

	exact_assert_text(msg->service, "IPC");
	assert_true(msg->tree_id != 0);
}

static void check_old_share(const void *out)
{
	const struct smb1 *msg = out;

	exact_assert_text(msg->path, "\\\\SRV\\C");
	exact_assert_text(msg->service, "A:");
}

static void check_file(const void *out)
{
	const struct smb1 *msg = out;

	exact_assert_utf16(msg->file_name, "\\srvsvc");
}

static void check_transaction(const void *out)
{
	const struct smb1 *msg = out;

	exact_assert_text(msg->transaction_name, "\\PIPE\\");
	exact_assert_text(msg->payload, "\x05\x01");
}

static void check_transaction_answer(const void *out)
{
	const struct smb1 *msg = out;

	exact_assert_text(msg->payload, "\x05\x01");
}

static void check_header(const void *out)
{
	const struct smb1 *msg = out;

	assert_int_equal(msg->multiplex_id, 4);
	assert_int_equal(msg->native_os.len, 0);
}

static struct exact_case cases[] = {
	{ "dialects offered", &smb1, offer, DISSECT_OK, check_offer },
	{ "more dialects than fit", &smb1, old_offer, DISSECT_OK, check_old_offer },
	{ "any SMB 2", &smb1, wildcard, DISSECT_OK, check_wildcard },
	{ "a dialect chosen", &smb1, choice, DISSECT_OK, check_choice },
	{ "a dialect chosen without SPNEGO", &smb1, plain_choice, DISSECT_OK, check_plain_choice },
	{ "none chosen", &smb1, refused, DISSECT_OK, check_refused },
	{ "a login", &smb1, login, DISSECT_OK, check_login },
	{ "a login that succeeds", &smb1, login_done, DISSECT_OK, check_login_done },
	{ "a login without SPNEGO", &smb1, plain_login, DISSECT_OK, check_plain_login },
	{ "a login in ASCII", &smb1, ascii_login, DISSECT_OK, check_ascii_login },
	{ "a login of LANMAN with a share", &smb1, lanman_login, DISSECT_OK, check_lanman_login },
	{ "a login as guest", &smb1, guest, DISSECT_OK, check_guest },
	{ "a login that fails", &smb1, failure, DISSECT_OK, check_failure },
	{ "a share asked for", &smb1, share, DISSECT_OK, check_share },
	{ "a share connected", &smb1, share_connected, DISSECT_OK, check_share_connected },
	{ "a share of long ago", &smb1, old_share, DISSECT_OK, check_old_share },
	{ "a pipe", &smb1, file, DISSECT_OK, check_file },
	{ "a call through a pipe", &smb1, transaction, DISSECT_OK, check_transaction },
	{ "an answer through a pipe", &smb1, transaction_answer, DISSECT_OK,
	  check_transaction_answer },
	{ "a command that is not read", &smb1, echo, DISSECT_OK, check_header },
	{ "a login of another form", &smb1, odd_login, DISSECT_OK, check_header },
	{ "an answer to it", &smb1, odd_login_answer, DISSECT_OK, check_header },
	{ "a share of another form", &smb1, odd_share, DISSECT_OK, check_header },
	{ "a file of another form", &smb1, odd_file, DISSECT_OK, check_header },
	{ "a transaction of another form", &smb1, odd_transaction, DISSECT_OK, check_header },
	{ "its answer", &smb1, odd_transaction_answer, DISSECT_OK, check_header },
	{ "a file's answer", &smb1, file_answer, DISSECT_OK, check_header },
	{ "a chain that goes back", &smb1, chain_back, DISSECT_OK, check_header },
	{ "a chain that goes out", &smb1, chain_out, DISSECT_MALFORMED, NULL },
	{ "a chain of nine", &smb1, long_chain, DISSECT_OK, NULL },
	{ "a password outside", &smb1, password_outside, DISSECT_MALFORMED, NULL },
	{ "words outside", &smb1, words_outside, DISSECT_MALFORMED, NULL },
	{ "half a header", &smb1, "00000008ff534d4272000000", DISSECT_MALFORMED, NULL },
	{ "an empty frame", &smb1, "00000000", DISSECT_MALFORMED, NULL },
	{ "SMB 2", &smb1, "00000004fe534d42", DISSECT_OTHER, NULL },
};

int main(void)
{
	return exact_run_all("smb1", cases, ARRAY_LEN(cases), NULL, 0);
}
