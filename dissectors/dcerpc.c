#include "dissectors/dcerpc.h"

enum {
	VERSION = 5,
	MINOR_MAX = 1,
	HEADER_LEN = 16,
	LITTLE_ENDIAN_INTEGERS = 0x10,
	CHARACTERS_AND_INTEGERS_MASK = 0xef,
	FLAG_OBJECT = 0x80,
	VERIFIER_HEADER_LEN = 8,
};

/* A packet: its bytes, and in which order the sender writes numbers (C706 14.1). */
struct packet {
	struct cursor whole; /* with its header, as much as is there */
	struct cursor in;
	uint16_t auth_len;
	uint8_t padding; /* before the verifier */
	bool is_little;
};

static uint16_t take_16(struct packet *p)
{
	return p->is_little ? cursor_le16(&p->in) : cursor_be16(&p->in);
}

static uint32_t take_32(struct packet *p)
{
	return p->is_little ? cursor_le32(&p->in) : cursor_be32(&p->in);
}

static void put_number(uint8_t *to, uint32_t number, size_t len)
{
	enum { BYTE_BITS = 8 };

	while (len > 0) {
		to[--len] = (uint8_t)number;
		number >>= BYTE_BITS;
	}
}

/* Three numbers in the sender's order, then eight bytes as they are (C706 A.1). */
static void take_uuid(struct packet *p, uint8_t uuid[DCERPC_UUID_LEN])
{
	enum { MIDDLE = 4, HIGH = 6, REST = 8 };

	put_number(uuid, take_32(p), MIDDLE);
	put_number(&uuid[MIDDLE], take_16(p), HIGH - MIDDLE);
	put_number(&uuid[HIGH], take_16(p), REST - HIGH);
	cursor_copy(&p->in, &uuid[REST], DCERPC_UUID_LEN - REST);
}

static void read_context(struct packet *p, struct dcerpc *msg)
{
	enum { TRANSFER_SYNTAX_LEN = DCERPC_UUID_LEN + 4 };
	struct dcerpc_context context = { .id = take_16(p) };
	uint8_t transfer_count = cursor_u8(&p->in);

	cursor_skip(&p->in, 1);
	take_uuid(p, context.uuid);
	uint32_t version = take_32(p);

	context.version_major = (uint16_t)version;
	context.version_minor = (uint16_t)(version >> 16);
	cursor_skip(&p->in, transfer_count * (size_t)TRANSFER_SYNTAX_LEN);
	if (msg->context_count < DCERPC_CONTEXTS_MAX)
		msg->contexts[msg->context_count++] = context;
	else
		msg->has_more_contexts = cursor_ok(&p->in);
}

static void read_bind(struct packet *p, struct dcerpc *msg)
{
	enum { TO_CONTEXTS = 2 + 2 + 4 };

	cursor_skip(&p->in, TO_CONTEXTS);
	uint8_t count = cursor_u8(&p->in);

	cursor_skip(&p->in, 3);
	for (uint8_t i = 0; i < count && cursor_ok(&p->in); i++)
		read_context(p, msg);
}

/* The verifier stands at the end of the fragment, behind padding. */
static void read_verifier(struct packet *p, struct dcerpc *msg)
{
	size_t trailer_len = (size_t)p->auth_len + VERIFIER_HEADER_LEN;

	if (p->auth_len == 0 || msg->missing > 0)
		return;
	if (trailer_len + HEADER_LEN > cursor_left(&p->whole)) {
		p->in = (struct cursor){ .failed = true };
		return;
	}

	struct cursor trailer = cursor_at(p->whole, cursor_left(&p->whole) - trailer_len);

	msg->auth_type = cursor_u8(&trailer);
	msg->auth_level = cursor_u8(&trailer);
	p->padding = cursor_u8(&trailer);
	cursor_skip(&trailer, VERIFIER_HEADER_LEN - 3);
	msg->credentials = trailer.rest;
}

/* Between the header and the verifier with its padding. */
static void read_arguments(struct packet *p, struct dcerpc *msg)
{
	enum { OBJECT_LEN = DCERPC_UUID_LEN };
	size_t behind =
		p->auth_len > 0 ? (size_t)p->auth_len + VERIFIER_HEADER_LEN + p->padding : 0;

	if (msg->type != DCERPC_REQUEST || msg->missing > 0)
		return;
	if ((msg->flags & FLAG_OBJECT) != 0)
		cursor_skip(&p->in, OBJECT_LEN);
	if (cursor_left(&p->in) >= behind)
		msg->arguments = cursor_take(&p->in, cursor_left(&p->in) - behind);
}

static void read_body(struct packet *p, struct dcerpc *msg)
{
	if (msg->type == DCERPC_BIND || msg->type == DCERPC_ALTER_CONTEXT) {
		read_bind(p, msg);
	} else if (msg->type == DCERPC_REQUEST) {
		cursor_skip(&p->in, 4); /* a hint about memory */
		msg->context_id = take_16(p);
		msg->opnum = take_16(p);
	} else if (msg->type == DCERPC_FAULT) {
		cursor_skip(&p->in, 4 + 2 + 1 + 1);
		msg->fault_status = take_32(p);
	}
}

/* Requests and responses are long, and say what matters at their beginning. */
static bool may_be_cut(enum dcerpc_type type)
{
	return type == DCERPC_REQUEST || type == DCERPC_RESPONSE;
}

static bool is_known(uint8_t type)
{
	return type == DCERPC_REQUEST || type == DCERPC_RESPONSE || type == DCERPC_FAULT ||
	       (type >= DCERPC_BIND && type <= DCERPC_ORPHANED);
}

/* C706 12.6.3.1: versions, type, flags, four bytes of how numbers are written. */
static enum dissect read_header(struct packet *p, struct dcerpc *msg)
{
	enum { FLOATS_AND_RESERVED_LEN = 3 };
	uint8_t version = cursor_u8(&p->in);

	if (cursor_ok(&p->in) && version != VERSION)
		return DISSECT_OTHER;

	uint8_t minor = cursor_u8(&p->in);

	if (cursor_ok(&p->in) && minor > MINOR_MAX)
		return DISSECT_OTHER;

	uint8_t type = cursor_u8(&p->in);

	if (cursor_ok(&p->in) && !is_known(type))
		return DISSECT_OTHER;
	msg->flags = cursor_u8(&p->in);
	uint8_t order = cursor_u8(&p->in);

	cursor_skip(&p->in, FLOATS_AND_RESERVED_LEN);
	p->is_little = order == LITTLE_ENDIAN_INTEGERS;
	msg->fragment_len = take_16(p);
	p->auth_len = take_16(p);
	msg->call_id = take_32(p);
	if (!cursor_ok(&p->in))
		return DISSECT_TRUNCATED;
	if ((order & CHARACTERS_AND_INTEGERS_MASK) != 0 || msg->fragment_len < HEADER_LEN)
		return DISSECT_OTHER;
	msg->type = (enum dcerpc_type)type;
	return DISSECT_OK;
}

enum dissect dissect_dcerpc(struct cursor *stream, struct dcerpc *out)
{
	struct dcerpc msg = { 0 };
	struct packet p = { .in = *stream };
	enum dissect got = read_header(&p, &msg);

	if (got != DISSECT_OK)
		return got;

	struct cursor behind = *stream;

	p.whole = (struct cursor){ .rest = cursor_take_up_to(&behind, msg.fragment_len) };
	msg.missing = (uint16_t)(msg.fragment_len - cursor_left(&p.whole));
	if (msg.missing > 0 && !may_be_cut(msg.type))
		return DISSECT_TRUNCATED;
	p.in = cursor_at(p.whole, HEADER_LEN);
	read_body(&p, &msg);
	read_verifier(&p, &msg);
	if (!cursor_ok(&p.in))
		return msg.missing > 0 ? DISSECT_TRUNCATED : DISSECT_MALFORMED;
	read_arguments(&p, &msg);

	*stream = behind;
	*out = msg;
	return DISSECT_OK;
}

/* Halves of the UUID as it is written: 8-4-4 digits and 4-12. */
struct interface {
	uint64_t high;
	uint64_t low;
	const char *name;
};

static const struct interface interfaces[] = {
	{ 0x367abb81984435f1, 0xad3298f038001003, "svcctl" },
	{ 0x1ff706820a5130e8, 0x076d740be8cee98b, "atsvc" },
	{ 0x86d3594983c94044, 0xb424db363231fd0c, "ITaskSchedulerService" },
	{ 0x378e52b0c0a911cf, 0x822d00aa0051e40f, "SASec" },
	{ 0x338cd001224431f1, 0xaaaa900038001003, "winreg" },
	{ 0xe35142354b0611d1, 0xab0400c04fc2dcd2, "drsuapi" },
	{ 0x123457781234abcd, 0xef000123456789ac, "samr" },
	{ 0x123457781234abcd, 0xef000123456789ab, "lsarpc" },
	{ 0x123456781234abcd, 0xef0001234567cffb, "netlogon" },
	{ 0xe1af83085d1f11c9, 0x91a408002b14a0fa, "epmapper" },
	{ 0xd4781cd6e5d344df, 0xad94930efe48a887, "IWbemLoginClientID" },
	{ 0xf309ad18d86a11d0, 0xa07500c04fb68820, "IWbemLevel1Login" },
	{ 0x9556dc99828c11cf, 0xa37e00aa003240c7, "IWbemServices" },
	{ 0x4b324fc8167001d3, 0x12785a47bf6ee188, "srvsvc" },
	{ 0x6bffd098a1123610, 0x983346c3f87e345a, "wkssvc" },
	{ 0x123456781234abcd, 0xef000123456789ab, "spoolss" },
	{ 0xc681d488d85011d0, 0x8c5200c04fd90f7e, "efsrpc" },
	{ 0xdf1941c5fe894e79, 0xbf10463657acf44d, "efsrpc" },
	{ 0x99fcfec45260101b, 0xbbcb00aa0021347a, "IObjectExporter" },
	{ 0x000001a000000000, 0xc000000000000046, "IRemoteSCMActivator" },
	{ 0x4fc742e04a1011cf, 0x827300aa004ae673, "netdfs" },
	{ 0x82273fdce32a18c3, 0x3f78827929dc23ea, "eventlog" },
	{ 0xf6beaff71e194fbb, 0x9f8fb89e2018337c, "IEventService" },
	{ 0x0000013100000000, 0xc000000000000046, "IRemUnknown" },
	{ 0x0000014300000000, 0xc000000000000046, "IRemUnknown2" },
	{ 0x0002040000000000, 0xc000000000000046, "IDispatch" },
	{ 0x3919286ab10c11d0, 0x9ba800c04fd92ef5, "dsrole" },
	{ 0x8d9f4e40a03d11ce, 0x8f6908003e30051b, "pnp" },
};

static uint64_t take_half(struct cursor *uuid)
{
	uint64_t high = cursor_be32(uuid);

	return high << 32 | cursor_be32(uuid);
}

const char *dcerpc_interface_name(const uint8_t uuid[DCERPC_UUID_LEN])
{
	struct cursor in = cursor_over(uuid, DCERPC_UUID_LEN);
	uint64_t high = take_half(&in);
	uint64_t low = take_half(&in);

	for (size_t i = 0; i < sizeof(interfaces) / sizeof(interfaces[0]); i++)
		if (interfaces[i].high == high && interfaces[i].low == low)
			return interfaces[i].name;
	return NULL;
}
