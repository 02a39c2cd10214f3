#include "dissectors/smb2.h"

/* The first four bytes, read as a little-endian number. */
static const uint32_t magic_plain = 0x424d53fe;
static const uint32_t magic_encrypted = 0x424d53fd;
static const uint32_t magic_compressed = 0x424d53fc;

enum {
	HEADER_LEN = 64,
	HEADER_SIGNATURE_LEN = 16,
	FLAG_RESPONSE = 0x01,
	FLAG_ASYNC = 0x02,
	FLAG_SIGNED = 0x08,
};

/* StructureSize of each body (2.2.3 to 2.2.32): what tells a whole response from an error's. */
enum body_size {
	NEGOTIATE_REQUEST_SIZE = 36,
	NEGOTIATE_RESPONSE_SIZE = 65,
	SESSION_REQUEST_SIZE = 25,
	SESSION_RESPONSE_SIZE = 9,
	TREE_REQUEST_SIZE = 9,
	TREE_RESPONSE_SIZE = 16,
	CREATE_REQUEST_SIZE = 57,
	CREATE_RESPONSE_SIZE = 89,
	READ_REQUEST_SIZE = 49,
	READ_RESPONSE_SIZE = 17,
	WRITE_REQUEST_SIZE = 49,
	IOCTL_REQUEST_SIZE = 57,
	IOCTL_RESPONSE_SIZE = 49,
};

enum { SIGNING_REQUIRED = 0x02 };

/* A message: where its offsets count from, and where it is read. */
struct message {
	struct cursor whole;
	struct cursor in;
};

/* The bytes at an offset from the header, as a field of 16-bit offset and length names them. */
static struct span take_at(struct message *m, uint32_t offset, uint32_t len)
{
	if (len == 0)
		return (struct span){ 0 };

	struct cursor at = cursor_at(m->whole, offset);
	struct span found = cursor_take(&at, len);

	if (!cursor_ok(&at))
		m->in = at;
	return found;
}

static struct span take_field(struct message *m)
{
	uint16_t offset = cursor_le16(&m->in);
	uint16_t len = cursor_le16(&m->in);

	return take_at(m, offset, len);
}

/* The same for what may be long: whatever is there of it. */
static struct span take_payload(struct message *m, uint32_t offset, uint32_t len)
{
	struct cursor at = cursor_at(m->whole, offset);

	return cursor_take_up_to(&at, len);
}

/* 2.2.3.1: type, length, four reserved bytes, the data, filled up to eight bytes. */
static void read_negotiate_contexts(struct message *m, uint32_t offset, uint16_t count,
				    struct smb2 *msg)
{
	enum { CONTEXT_NETNAME = 5, ALIGNMENT = 8, COUNT_MAX = 16 };
	struct cursor in = cursor_at(m->whole, offset);

	for (uint16_t i = 0; i < count && i < COUNT_MAX; i++) {
		uint16_t type = cursor_le16(&in);
		uint16_t len = cursor_le16(&in);

		cursor_skip(&in, 4);
		struct span data = cursor_take(&in, len);

		if (type == CONTEXT_NETNAME)
			msg->server_name = data;
		if (i + 1 < count)
			cursor_skip(&in, -(unsigned)len % ALIGNMENT);
	}
	if (!cursor_ok(&in))
		m->in = in;
}

static void read_negotiate_request(struct message *m, struct smb2 *msg)
{
	enum { SECURITY_MODE_TO_GUID = 2 + 4 };
	bool has_contexts = false;
	uint16_t count = cursor_le16(&m->in);

	msg->is_signing_required = (cursor_le16(&m->in) & SIGNING_REQUIRED) != 0;
	cursor_skip(&m->in, SECURITY_MODE_TO_GUID);
	cursor_copy(&m->in, msg->guid, sizeof(msg->guid));
	uint32_t contexts_offset = cursor_le32(&m->in);
	uint16_t contexts_count = cursor_le16(&m->in);

	cursor_skip(&m->in, 2);
	for (uint16_t i = 0; i < count && cursor_ok(&m->in); i++) {
		uint16_t dialect = cursor_le16(&m->in);

		if (dialect == SMB2_DIALECT_311)
			has_contexts = true;
		if (msg->dialect_count < SMB2_DIALECTS_MAX && cursor_ok(&m->in))
			msg->dialects[msg->dialect_count++] = dialect;
	}
	if (has_contexts && cursor_ok(&m->in))
		read_negotiate_contexts(m, contexts_offset, contexts_count, msg);
}

static void read_negotiate_response(struct message *m, struct smb2 *msg)
{
	enum { GUID_TO_SECURITY = 4 + 12 + 8 + 8 };

	msg->is_signing_required = (cursor_le16(&m->in) & SIGNING_REQUIRED) != 0;
	msg->dialect = cursor_le16(&m->in);
	cursor_skip(&m->in, 2);
	cursor_copy(&m->in, msg->guid, sizeof(msg->guid));
	cursor_skip(&m->in, GUID_TO_SECURITY);
	msg->security_blob = take_field(m);
}

static void read_session_request(struct message *m, struct smb2 *msg)
{
	enum { TO_SECURITY = 1 + 1 + 4 + 4 };

	cursor_skip(&m->in, TO_SECURITY);
	msg->security_blob = take_field(m);
}

static void read_session_response(struct message *m, struct smb2 *msg)
{
	/* An error's body has the same size. */
	if (msg->status != SMB2_STATUS_SUCCESS &&
	    msg->status != (uint32_t)SMB2_STATUS_MORE_PROCESSING_REQUIRED)
		return;
	msg->session_flags = cursor_le16(&m->in);
	msg->security_blob = take_field(m);
}

static void read_tree_request(struct message *m, struct smb2 *msg)
{
	cursor_skip(&m->in, 2); /* flags */
	msg->path = take_field(m);
}

static void read_tree_response(struct message *m, struct smb2 *msg)
{
	msg->share_type = cursor_u8(&m->in);
}

static void read_create_request(struct message *m, struct smb2 *msg)
{
	enum { TO_ACCESS = 1 + 1 + 4 + 8 + 8, TO_NAME = 4 + 4 + 4 + 4 };

	cursor_skip(&m->in, TO_ACCESS);
	msg->access = cursor_le32(&m->in);
	cursor_skip(&m->in, TO_NAME);
	msg->file_name = take_field(m);
}

static void read_create_response(struct message *m, struct smb2 *msg)
{
	enum { TO_FILE_ID = 1 + 1 + 4 + 32 + 8 + 8 + 4 + 4 };

	cursor_skip(&m->in, TO_FILE_ID);
	cursor_copy(&m->in, msg->file_id, sizeof(msg->file_id));
}

static void read_read_request(struct message *m, struct smb2 *msg)
{
	enum { TO_FILE_ID = 1 + 1 + 4 + 8 };

	cursor_skip(&m->in, TO_FILE_ID);
	cursor_copy(&m->in, msg->file_id, sizeof(msg->file_id));
}

static void read_read_response(struct message *m, struct smb2 *msg)
{
	uint8_t offset = cursor_u8(&m->in);

	cursor_skip(&m->in, 1);
	msg->payload = take_payload(m, offset, cursor_le32(&m->in));
}

static void read_write_request(struct message *m, struct smb2 *msg)
{
	uint16_t offset = cursor_le16(&m->in);
	uint32_t len = cursor_le32(&m->in);

	cursor_skip(&m->in, 8); /* where in the file */
	cursor_copy(&m->in, msg->file_id, sizeof(msg->file_id));
	msg->payload = take_payload(m, offset, len);
}

static const uint32_t fsctl_pipe_transceive = 0x0011c017;

static void read_ioctl(struct message *m, struct smb2 *msg)
{
	cursor_skip(&m->in, 2);
	uint32_t code = cursor_le32(&m->in);

	cursor_copy(&m->in, msg->file_id, sizeof(msg->file_id));
	uint32_t offset = cursor_le32(&m->in);
	uint32_t len = cursor_le32(&m->in);

	if (msg->is_response) { /* the input comes first in both */
		offset = cursor_le32(&m->in);
		len = cursor_le32(&m->in);
	}
	if (code == fsctl_pipe_transceive)
		msg->payload = take_payload(m, offset, len);
}

struct body {
	uint8_t command;
	bool is_response;
	uint8_t size;
	void (*read)(struct message *m, struct smb2 *msg);
};

static const struct body bodies[] = {
	{ SMB2_NEGOTIATE, false, NEGOTIATE_REQUEST_SIZE, read_negotiate_request },
	{ SMB2_NEGOTIATE, true, NEGOTIATE_RESPONSE_SIZE, read_negotiate_response },
	{ SMB2_SESSION_SETUP, false, SESSION_REQUEST_SIZE, read_session_request },
	{ SMB2_SESSION_SETUP, true, SESSION_RESPONSE_SIZE, read_session_response },
	{ SMB2_TREE_CONNECT, false, TREE_REQUEST_SIZE, read_tree_request },
	{ SMB2_TREE_CONNECT, true, TREE_RESPONSE_SIZE, read_tree_response },
	{ SMB2_CREATE, false, CREATE_REQUEST_SIZE, read_create_request },
	{ SMB2_CREATE, true, CREATE_RESPONSE_SIZE, read_create_response },
	{ SMB2_READ, false, READ_REQUEST_SIZE, read_read_request },
	{ SMB2_READ, true, READ_RESPONSE_SIZE, read_read_response },
	{ SMB2_WRITE, false, WRITE_REQUEST_SIZE, read_write_request },
	{ SMB2_IOCTL, false, IOCTL_REQUEST_SIZE, read_ioctl },
	{ SMB2_IOCTL, true, IOCTL_RESPONSE_SIZE, read_ioctl },
};

/* A body of another size is an error's, or of a response without content. */
static void read_body(struct message *m, struct smb2 *msg)
{
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		const struct body *body = &bodies[i];

		if (body->command != msg->command || body->is_response != msg->is_response)
			continue;
		if (cursor_le16(&m->in) == body->size)
			body->read(m, msg);
		return;
	}
}

/* 2.2.1; behind the magic number. Returns where the next message begins, 0 for the last. */
static uint32_t read_header(struct cursor *in, struct smb2 *msg)
{
	uint16_t size = cursor_le16(in);

	cursor_skip(in, 2); /* CreditCharge */
	msg->status = cursor_le32(in);
	msg->command = cursor_le16(in);
	msg->credits = cursor_le16(in);
	uint32_t flags = cursor_le32(in);
	uint32_t next = cursor_le32(in);

	msg->is_response = (flags & FLAG_RESPONSE) != 0;
	msg->is_async = (flags & FLAG_ASYNC) != 0;
	msg->is_signed = (flags & FLAG_SIGNED) != 0;
	msg->message_id = cursor_le64(in);
	cursor_skip(in, 4);
	uint32_t tree_id = cursor_le32(in);

	if (!msg->is_async)
		msg->tree_id = tree_id;
	if (!msg->is_response)
		msg->status = 0; /* the channel's sequence in a request */
	msg->session_id = cursor_le64(in);
	cursor_skip(in, HEADER_SIGNATURE_LEN);
	return size == HEADER_LEN ? next : UINT32_MAX;
}

/* What a failed read means, for `seen` bytes of `length`. */
static enum dissect short_of(const struct cursor *seen, uint32_t length)
{
	return cursor_left(seen) < length ? DISSECT_TRUNCATED : DISSECT_MALFORMED;
}

/* Transform and compression headers end the frame: nothing behind them can be read. */
static enum dissect take_opaque(struct smb2_frame *frame, uint32_t magic, struct smb2 *out)
{
	enum { TO_SESSION_ID = 4 + 16 + 16 + 4 + 2 + 2 };
	struct smb2 msg = { .form = SMB2_COMPRESSED };

	if (magic == magic_encrypted) {
		struct cursor in = cursor_at(frame->rest, TO_SESSION_ID);

		msg.form = SMB2_ENCRYPTED;
		msg.session_id = cursor_le64(&in);
		if (!cursor_ok(&in))
			return short_of(&frame->rest, frame->length);
	}
	*frame = (struct smb2_frame){ 0 };
	*out = msg;
	return DISSECT_OK;
}

static enum dissect read_plain(struct smb2_frame *frame, struct smb2 *out)
{
	struct smb2 msg = { 0 };
	struct cursor in = cursor_at(frame->rest, sizeof(magic_plain));
	uint32_t next = read_header(&in, &msg);
	uint32_t length = next != 0 ? next : frame->length;

	if (!cursor_ok(&in))
		return short_of(&frame->rest, frame->length);
	if (length < HEADER_LEN || length > frame->length || msg.command >= SMB2_COMMAND_COUNT)
		return DISSECT_MALFORMED;

	struct smb2_frame behind = *frame;
	struct message m = { .whole.rest = cursor_take_up_to(&behind.rest, length) };

	behind.length -= length;
	m.in = cursor_at(m.whole, HEADER_LEN);
	read_body(&m, &msg);
	if (!cursor_ok(&m.in))
		return short_of(&m.whole, length);

	*frame = behind;
	*out = msg;
	return DISSECT_OK;
}

enum dissect dissect_smb2(struct smb2_frame *frame, struct smb2 *out)
{
	struct cursor in = frame->rest;
	uint8_t first = cursor_u8(&in);

	if (!cursor_ok(&in))
		return short_of(&frame->rest, frame->length);
	if (first < (magic_compressed & UINT8_MAX) || first > (magic_plain & UINT8_MAX))
		return DISSECT_OTHER;

	in = frame->rest;
	uint32_t magic = cursor_le32(&in);

	if (!cursor_ok(&in))
		return short_of(&frame->rest, frame->length);
	if (magic == magic_encrypted || magic == magic_compressed)
		return take_opaque(frame, magic, out);
	if (magic != magic_plain)
		return DISSECT_OTHER;
	return read_plain(frame, out);
}
