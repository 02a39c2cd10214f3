#include "dissectors/smb1.h"

static const uint8_t magic[] = { 0xff, 'S', 'M', 'B' };

enum {
	FLAG_RESPONSE = 0x80,
	FLAG2_EXTENDED_SECURITY = 0x0800,
	FLAG2_NT_STATUS = 0x4000,
	FLAG2_UNICODE = 0x8000,
	CAPABILITY_EXTENDED_SECURITY = (int)0x80000000,
	ACTION_GUEST = 0x01,
	CHAIN_MAX = 8,
};

/* How many words a block has is what tells its forms apart. */
enum word_count {
	NEGOTIATE_RESPONSE_NT = 17,
	SESSION_REQUEST_LANMAN = 10,
	SESSION_REQUEST_EXTENDED = 12,
	SESSION_REQUEST_NT = 13,
	SESSION_RESPONSE_PLAIN = 3,
	SESSION_RESPONSE_EXTENDED = 4,
	TREE_REQUEST = 4,
	CREATE_REQUEST = 24,
	TRANSACTION_REQUEST_MIN = 14,
	TRANSACTION_RESPONSE_MIN = 10,
};

/* One block of a message: its words and bytes, and the whole that offsets count from. */
struct block {
	struct cursor whole;
	uint8_t word_count;
	struct cursor words;
	struct cursor bytes;
};

/* Text in Unicode begins at an even offset from the header. */
static void align(struct block *b, const struct smb1 *msg)
{
	if (msg->is_unicode && cursor_left(&b->bytes) > 0 &&
	    cursor_offset(&b->bytes, &b->whole) % 2 != 0)
		cursor_skip(&b->bytes, 1);
}

/* Up to a zero byte, or all that is left: the last text of a block often lacks its end. */
static struct span take_ascii(struct cursor *in)
{
	struct cursor ahead = *in;
	struct span text = cursor_take_until(&ahead, '\0');

	if (!cursor_ok(&ahead))
		return cursor_take(in, cursor_left(in));
	*in = ahead;
	return text;
}

static struct span take_utf16(struct cursor *in)
{
	struct cursor ahead = *in;
	size_t len = 0;

	while (cursor_left(&ahead) >= sizeof(uint16_t)) {
		if (cursor_le16(&ahead) == 0) {
			struct span text = cursor_take(in, len);

			*in = ahead;
			return text;
		}
		len += sizeof(uint16_t);
	}
	struct span text = cursor_take(in, len);

	*in = (struct cursor){ 0 };
	return text;
}

static struct span take_text(struct block *b, const struct smb1 *msg)
{
	align(b, msg);
	return msg->is_unicode ? take_utf16(&b->bytes) : take_ascii(&b->bytes);
}

static bool is_text(struct span s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.data, text, s.len) == 0;
}

/* [MS-CIFS] 2.2.4.52.1: a byte that says so, then a name, again and again. */
static void read_negotiate_request(struct block *b, struct smb1 *msg)
{
	while (cursor_left(&b->bytes) > 0) {
		cursor_skip(&b->bytes, 1);
		struct span dialect = take_ascii(&b->bytes);

		if (is_text(dialect, "SMB 2.002") || is_text(dialect, "SMB 2.???"))
			msg->offers_smb2 = true;
		if (msg->dialect_count < SMB1_DIALECTS_MAX)
			msg->dialects[msg->dialect_count++] = dialect;
	}
}

static void read_negotiate_response(struct block *b, struct smb1 *msg)
{
	enum { INDEX_TO_CAPABILITIES = 1 + 2 + 2 + 4 + 4 + 4, TIMES_LEN = 8 + 2, GUID_LEN = 16 };

	msg->dialect_index = cursor_le16(&b->words);
	if (b->word_count != NEGOTIATE_RESPONSE_NT)
		return;
	cursor_skip(&b->words, INDEX_TO_CAPABILITIES);
	uint32_t capabilities = cursor_le32(&b->words);

	cursor_skip(&b->words, TIMES_LEN);
	uint8_t challenge_len = cursor_u8(&b->words);

	msg->has_extended_security = (capabilities & (uint32_t)CAPABILITY_EXTENDED_SECURITY) != 0;
	if (msg->has_extended_security) {
		cursor_skip(&b->bytes, GUID_LEN);
		msg->security_blob = b->bytes.rest;
		return;
	}
	/* Without padding, whatever the offset ([MS-CIFS] 2.2.4.52.2). */
	cursor_skip(&b->bytes, challenge_len);
	msg->server_domain = msg->is_unicode ? take_utf16(&b->bytes) : take_ascii(&b->bytes);
	msg->server_name = msg->is_unicode ? take_utf16(&b->bytes) : take_ascii(&b->bytes);
}

static void read_session_request(struct block *b, struct smb1 *msg)
{
	enum { TO_LENGTHS = 4 + 2 + 2 + 2 + 4 };

	msg->has_session_setup = true;
	cursor_skip(&b->words, TO_LENGTHS);
	uint16_t first_len = cursor_le16(&b->words);
	uint16_t second_len = cursor_le16(&b->words);

	if (b->word_count == SESSION_REQUEST_EXTENDED) {
		msg->has_extended_security = true;
		msg->security_blob = cursor_take(&b->bytes, first_len);
	} else if (b->word_count == SESSION_REQUEST_NT) {
		cursor_skip(&b->bytes, first_len);
		cursor_skip(&b->bytes, second_len);
		msg->account = take_text(b, msg);
		msg->primary_domain = take_text(b, msg);
	} else if (b->word_count == SESSION_REQUEST_LANMAN) {
		cursor_skip(&b->bytes, first_len);
		msg->account = take_text(b, msg);
		msg->primary_domain = take_text(b, msg);
	} else {
		return;
	}
	msg->native_os = take_text(b, msg);
	msg->native_lan_manager = take_text(b, msg);
}

static void read_session_response(struct block *b, struct smb1 *msg)
{
	msg->has_session_setup = true;
	cursor_skip(&b->words, 4); /* the chain */
	if (b->word_count != SESSION_RESPONSE_PLAIN && b->word_count != SESSION_RESPONSE_EXTENDED)
		return;
	msg->is_guest = (cursor_le16(&b->words) & ACTION_GUEST) != 0;
	if (b->word_count == SESSION_RESPONSE_EXTENDED) {
		msg->has_extended_security = true;
		msg->security_blob = cursor_take(&b->bytes, cursor_le16(&b->words));
	}
	msg->native_os = take_text(b, msg);
	msg->native_lan_manager = take_text(b, msg);
	msg->primary_domain = take_text(b, msg);
}

static void read_tree_request(struct block *b, struct smb1 *msg)
{
	if (b->word_count != TREE_REQUEST)
		return;
	cursor_skip(&b->words, 4 + 2); /* the chain, flags */
	cursor_skip(&b->bytes, cursor_le16(&b->words));
	msg->path = take_text(b, msg);
	msg->service = take_ascii(&b->bytes);
}

static void read_tree_response(struct block *b, struct smb1 *msg)
{
	if (b->word_count > 0)
		msg->service = take_ascii(&b->bytes);
}

/* [MS-CIFS] 2.2.4.50.1: path, password and service, each behind a byte that says 4. */
static void read_old_tree_request(struct block *b, struct smb1 *msg)
{
	cursor_skip(&b->bytes, 1);
	msg->path = take_text(b, msg);
	cursor_skip(&b->bytes, 1);
	(void)take_ascii(&b->bytes);
	cursor_skip(&b->bytes, 1);
	msg->service = take_ascii(&b->bytes);
}

static void read_create_request(struct block *b, struct smb1 *msg)
{
	if (b->word_count != CREATE_REQUEST)
		return;
	cursor_skip(&b->words, 4 + 1); /* the chain, reserved */
	uint16_t len = cursor_le16(&b->words);

	cursor_skip(&b->words, 4 + 4); /* flags, the folder it is relative to */
	msg->access = cursor_le32(&b->words);
	align(b, msg);
	struct cursor name = { .rest = cursor_take_up_to(&b->bytes, len) };

	/* Some count the zero behind it. */
	msg->file_name = msg->is_unicode ? take_utf16(&name) : take_ascii(&name);
}

/* Whatever is there of the data, at an offset from the header. */
static void read_transaction_data(struct block *b, struct smb1 *msg)
{
	uint16_t len = cursor_le16(&b->words);
	struct cursor data = cursor_at(b->whole, cursor_le16(&b->words));

	msg->payload = cursor_take_up_to(&data, len);
}

static void read_transaction_request(struct block *b, struct smb1 *msg)
{
	enum { TO_DATA = 2 + 2 + 2 + 2 + 1 + 1 + 2 + 4 + 2 + 2 + 2 };

	if (b->word_count < TRANSACTION_REQUEST_MIN)
		return;
	cursor_skip(&b->words, TO_DATA);
	read_transaction_data(b, msg);
	msg->transaction_name = take_text(b, msg);
}

static void read_transaction_response(struct block *b, struct smb1 *msg)
{
	enum { TO_DATA = 2 + 2 + 2 + 2 + 2 + 2 };

	if (b->word_count < TRANSACTION_RESPONSE_MIN)
		return;
	cursor_skip(&b->words, TO_DATA);
	read_transaction_data(b, msg);
}

/* [MS-CIFS] 2.2.4.46.1: the first of the setup words. */
static void read_transaction2_request(struct block *b, struct smb1 *msg)
{
	enum { TO_SETUP = 28, SETUP_MIN = 15 };

	if (b->word_count < SETUP_MIN)
		return;
	cursor_skip(&b->words, TO_SETUP);
	msg->function = cursor_le16(&b->words);
	msg->has_function = true;
}

/* [MS-CIFS] 2.2.4.62.1 */
static void read_nt_transact_request(struct block *b, struct smb1 *msg)
{
	enum { TO_FUNCTION = 1 + 2 + 8 * 4 + 1, WORDS_MIN = 19 };

	if (b->word_count < WORDS_MIN)
		return;
	cursor_skip(&b->words, TO_FUNCTION);
	msg->function = cursor_le16(&b->words);
	msg->has_function = true;
}

struct reader {
	uint8_t command;
	bool is_chained; /* its words begin with the next command and where it is */
	bool may_be_cut; /* the bytes behind its words are not read, and need not be there */
	void (*request)(struct block *b, struct smb1 *msg);
	void (*response)(struct block *b, struct smb1 *msg);
};

static const struct reader readers[] = {
	{ SMB1_NEGOTIATE, false, false, read_negotiate_request, read_negotiate_response },
	{ SMB1_SESSION_SETUP, true, false, read_session_request, read_session_response },
	{ SMB1_TREE_CONNECT_ANDX, true, false, read_tree_request, read_tree_response },
	{ SMB1_TREE_CONNECT, false, false, read_old_tree_request, NULL },
	{ SMB1_CREATE_ANDX, true, false, read_create_request, NULL },
	{ SMB1_TRANSACTION, false, false, read_transaction_request, read_transaction_response },
	{ SMB1_TRANSACTION2, false, true, read_transaction2_request, NULL },
	{ SMB1_NT_TRANSACT, false, true, read_nt_transact_request, NULL },
};

static const struct reader *reader_of(uint8_t command)
{
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (readers[i].command == command)
			return &readers[i];
	return NULL;
}

/* An error's response has neither words nor bytes. */
static bool read_block(struct block *b, const struct reader *reader, struct smb1 *msg)
{
	if (b->word_count == 0 && msg->is_response)
		return true;
	if (msg->is_response && reader->response)
		reader->response(b, msg);
	if (!msg->is_response && reader->request)
		reader->request(b, msg);
	return cursor_ok(&b->words) && cursor_ok(&b->bytes);
}

/* The blocks of a message: each may name a later one (AndX, [MS-CIFS] 2.2.3.4). */
static bool read_chain(struct cursor whole, struct cursor in, struct smb1 *msg)
{
	uint8_t command = msg->command;

	for (int i = 0; i < CHAIN_MAX; i++) {
		const struct reader *reader = reader_of(command);
		struct block b = { .whole = whole };

		if (!reader)
			return true;
		b.word_count = cursor_u8(&in);
		b.words = cursor_sub(&in, b.word_count * sizeof(uint16_t));
		uint16_t bytes_len = cursor_le16(&in);

		if (reader->may_be_cut)
			b.bytes.rest = cursor_take_up_to(&in, bytes_len);
		else
			b.bytes = cursor_sub(&in, bytes_len);
		if (!cursor_ok(&in))
			return false;

		struct cursor chain = b.words;

		if (!read_block(&b, reader, msg))
			return false;
		if (!reader->is_chained || cursor_left(&chain) == 0)
			return true;
		command = cursor_u8(&chain);
		cursor_skip(&chain, 1);
		uint16_t offset = cursor_le16(&chain);

		if (command == SMB1_NO_FURTHER_COMMAND || offset < cursor_offset(&in, &whole))
			return true;
		in = cursor_at(whole, offset);
	}
	return true;
}

/* [MS-CIFS] 2.2.3.1, behind the magic bytes. */
static void read_header(struct cursor *in, struct smb1 *msg)
{
	enum { TO_TREE_ID = 2 + 8 + 2 };

	msg->command = cursor_u8(in);
	msg->status = cursor_le32(in);
	msg->is_response = (cursor_u8(in) & FLAG_RESPONSE) != 0;
	uint16_t flags2 = cursor_le16(in);

	msg->is_unicode = (flags2 & FLAG2_UNICODE) != 0;
	msg->has_nt_status = (flags2 & FLAG2_NT_STATUS) != 0;
	msg->has_extended_security = (flags2 & FLAG2_EXTENDED_SECURITY) != 0 &&
				     msg->command == SMB1_NEGOTIATE && !msg->is_response;
	cursor_skip(in, TO_TREE_ID);
	msg->tree_id = cursor_le16(in);
	cursor_skip(in, 2);
	msg->user_id = cursor_le16(in);
	msg->multiplex_id = cursor_le16(in);
}

enum dissect dissect_smb1(struct cursor message, uint32_t length, struct smb1 *out)
{
	struct smb1 msg = { .dialect_index = SMB1_DIALECT_NONE };
	struct cursor in = message;
	struct span start = cursor_take_up_to(&in, sizeof(magic));
	enum dissect cut = cursor_left(&message) < length ? DISSECT_TRUNCATED : DISSECT_MALFORMED;

	if (start.len > 0 && memcmp(start.data, magic, start.len) != 0)
		return DISSECT_OTHER;
	read_header(&in, &msg);
	if (start.len < sizeof(magic) || !cursor_ok(&in) || !read_chain(message, in, &msg))
		return cut;

	*out = msg;
	return DISSECT_OK;
}
