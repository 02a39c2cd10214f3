#include "sensor/hello/syn_signature.h"

#include "sensor/base/text.h"

#include <assert.h>

enum {
	IPV4_FIXED_LEN = 20,
	IPV4_DONT_FRAGMENT = 0x4000,
	IPV4_OFFSET = 0x1fff,
	IPV6_FLOW = 0x000fffff,
	ECN_MASK = 0x03,
	PROTOCOL_TCP = 6,

	EXTENSIONS_MAX = 8,
	EXTENSION_HOP_BY_HOP = 0,
	EXTENSION_ROUTING = 43,
	EXTENSION_DESTINATION = 60,

	TCP_FIXED_LEN = 20,
	FLAG_FIN = 0x001,
	FLAG_SYN = 0x002,
	FLAG_RST = 0x004,
	FLAG_PSH = 0x008,
	FLAG_ACK = 0x010,
	FLAG_URG = 0x020,
	FLAG_ECE = 0x040,
	FLAG_CWR = 0x080,
	FLAGS_BEYOND = 0xf00,

	MSS_MIN = 64, /* a window is a multiple of a smaller one by chance */
};

enum option {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,
	OPTION_SCALE = 3,
	OPTION_TIMESTAMP = 8,
};

/* As they are written. */
enum quirk {
	QUIRK_IP_OPTIONS,
	QUIRK_ID_0,
	QUIRK_FLOW,
	QUIRK_ECT,
	QUIRK_SEQUENCE_0,
	QUIRK_ACKNOWLEDGED,
	QUIRK_URGENT,
	QUIRK_PUSH,
	QUIRK_ECN,
	QUIRK_ECN_ODD,
	QUIRK_BEYOND,
	QUIRK_DATA,
	QUIRK_TIME_0,
	QUIRK_TIME_ECHO,
	QUIRK_PADDING,
	QUIRK_LEN,
	QUIRK_BAD,
	QUIRKS,
};

static const char *const quirk_words[QUIRKS] = {
	[QUIRK_IP_OPTIONS] = "ipopt", [QUIRK_ID_0] = "id0",         [QUIRK_FLOW] = "flow",
	[QUIRK_ECT] = "ect",          [QUIRK_SEQUENCE_0] = "seq0",  [QUIRK_ACKNOWLEDGED] = "ack",
	[QUIRK_URGENT] = "urg",       [QUIRK_PUSH] = "psh",         [QUIRK_ECN] = "ecn",
	[QUIRK_ECN_ODD] = "ecnodd",   [QUIRK_BEYOND] = "ns",        [QUIRK_DATA] = "data",
	[QUIRK_TIME_0] = "ts0",       [QUIRK_TIME_ECHO] = "tsecho", [QUIRK_PADDING] = "pad",
	[QUIRK_LEN] = "len",          [QUIRK_BAD] = "bad",
};

/* Of the options that have one; a length of 0 is any. */
struct option_kind {
	const char *word;
	uint8_t len;
};

static const struct option_kind option_kinds[] = {
	[OPTION_END] = { "eol", 0 },
	[OPTION_NOP] = { "nop", 0 },
	[OPTION_MSS] = { "mss", 4 },
	[OPTION_SCALE] = { "ws", 3 },
	[4] = { "sack", 2 },
	[5] = { "sackdata", 0 },
	[OPTION_TIMESTAMP] = { "ts", 10 },
	[19] = { "md5", 18 },
	[29] = { "ao", 0 },
	[30] = { "mptcp", 0 },
	[34] = { "tfo", 0 },
	[253] = { "exp", 0 },
	[254] = { "exp", 0 },
};

struct syn {
	uint8_t ip_version;
	uint8_t ttl;
	bool may_not_fragment;
	bool has_mss;
	bool has_scale;
	uint8_t scale;
	uint16_t mss;
	uint16_t window;
	uint32_t quirks; /* bit by enum quirk */
	struct cursor tcp;
	struct span options;
};

static void note(struct syn *syn, enum quirk quirk, bool is_so)
{
	syn->quirks |= (uint32_t)is_so << quirk;
}

static enum dissect read_v4(struct cursor in, struct syn *syn)
{
	struct cursor whole = in;
	uint32_t header_len = (cursor_u8(&in) & 0x0fU) * 4;
	uint8_t service = cursor_u8(&in);
	uint16_t len = cursor_be16(&in);
	uint16_t id = cursor_be16(&in);
	uint16_t fragment = cursor_be16(&in);

	syn->ttl = cursor_u8(&in);

	uint8_t protocol = cursor_u8(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (protocol != PROTOCOL_TCP || (fragment & IPV4_OFFSET) != 0)
		return DISSECT_OTHER;
	if (header_len < IPV4_FIXED_LEN || (len != 0 && len < header_len))
		return DISSECT_MALFORMED;

	syn->may_not_fragment = (fragment & IPV4_DONT_FRAGMENT) != 0;
	note(syn, QUIRK_IP_OPTIONS, header_len > IPV4_FIXED_LEN);
	note(syn, QUIRK_ID_0, id == 0);
	note(syn, QUIRK_ECT, (service & ECN_MASK) != 0);
	syn->tcp = cursor_at(whole, header_len);
	return DISSECT_OK;
}

static bool is_extension(uint8_t next)
{
	return next == EXTENSION_HOP_BY_HOP || next == EXTENSION_ROUTING ||
	       next == EXTENSION_DESTINATION;
}

/* Fragment headers are not skipped: a SYN in pieces is nobody's habit. */
static enum dissect read_v6(struct cursor in, struct syn *syn)
{
	uint32_t version_class_flow = cursor_be32(&in);

	cursor_skip(&in, 2); /* payload length */

	uint8_t next = cursor_u8(&in);

	syn->ttl = cursor_u8(&in);
	cursor_skip(&in, 32); /* addresses */
	note(syn, QUIRK_IP_OPTIONS, is_extension(next));
	note(syn, QUIRK_FLOW, (version_class_flow & IPV6_FLOW) != 0);
	note(syn, QUIRK_ECT, (version_class_flow >> 20 & ECN_MASK) != 0);
	for (unsigned i = 0; i < EXTENSIONS_MAX && is_extension(next); i++) {
		next = cursor_u8(&in);
		cursor_skip(&in, (cursor_u8(&in) + 1U) * 8 - 2);
	}
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (next != PROTOCOL_TCP)
		return DISSECT_OTHER;
	syn->tcp = in;
	return DISSECT_OK;
}

static enum dissect read_ip(struct span ip, struct syn *syn)
{
	struct cursor in = cursor_over(ip.data, ip.len);
	struct cursor peek = in;

	syn->ip_version = cursor_u8(&peek) >> 4;
	if (!cursor_ok(&peek))
		return DISSECT_TRUNCATED;
	if (syn->ip_version == 4)
		return read_v4(in, syn);
	return syn->ip_version == 6 ? read_v6(in, syn) : DISSECT_OTHER;
}

static enum dissect read_tcp(struct syn *syn)
{
	struct cursor in = syn->tcp;

	cursor_skip(&in, 4); /* ports */

	uint32_t sequence = cursor_be32(&in);
	uint32_t acknowledged = cursor_be32(&in);
	uint16_t offset_and_flags = cursor_be16(&in);
	uint32_t header_len = (offset_and_flags >> 12) * 4U;

	syn->window = cursor_be16(&in);
	cursor_skip(&in, 2); /* checksum */

	uint16_t urgent = cursor_be16(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if ((offset_and_flags & (FLAG_SYN | FLAG_ACK | FLAG_RST | FLAG_FIN)) != FLAG_SYN)
		return DISSECT_OTHER;
	if (header_len < TCP_FIXED_LEN)
		return DISSECT_MALFORMED;
	syn->options = cursor_take(&in, header_len - TCP_FIXED_LEN);
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;

	uint32_t ecn = offset_and_flags & (FLAG_ECE | FLAG_CWR);

	note(syn, QUIRK_SEQUENCE_0, sequence == 0);
	note(syn, QUIRK_ACKNOWLEDGED, acknowledged != 0);
	note(syn, QUIRK_URGENT, urgent != 0 || (offset_and_flags & FLAG_URG) != 0);
	note(syn, QUIRK_PUSH, (offset_and_flags & FLAG_PSH) != 0);
	note(syn, QUIRK_ECN, ecn == (FLAG_ECE | FLAG_CWR));
	note(syn, QUIRK_ECN_ODD, ecn == FLAG_ECE || ecn == FLAG_CWR);
	note(syn, QUIRK_BEYOND, (offset_and_flags & FLAGS_BEYOND) != 0);
	note(syn, QUIRK_DATA, cursor_left(&in) > 0);
	return DISSECT_OK;
}

static void read_value(uint8_t kind, struct cursor value, struct syn *syn)
{
	switch (kind) {
	case OPTION_MSS:
		syn->mss = cursor_be16(&value);
		syn->has_mss = cursor_ok(&value);
		break;
	case OPTION_SCALE:
		syn->scale = cursor_u8(&value);
		syn->has_scale = cursor_ok(&value);
		break;
	case OPTION_TIMESTAMP:
		note(syn, QUIRK_TIME_0, cursor_be32(&value) == 0);
		note(syn, QUIRK_TIME_ECHO, cursor_be32(&value) != 0);
		break;
	default: /* that it is there says enough */
		break;
	}
}

static const struct option_kind *kind_of(uint8_t kind)
{
	if (kind >= sizeof(option_kinds) / sizeof(option_kinds[0]) || !option_kinds[kind].word)
		return NULL;
	return &option_kinds[kind];
}

static void add_option(uint8_t kind, struct text *names)
{
	const struct option_kind *known = kind_of(kind);

	if (names->len > 0)
		text_add_char(names, ',');
	if (known)
		text_add(names, known->word);
	else
		text_format(names, "o%u", kind);
}

static void read_option(uint8_t kind, struct cursor *in, struct syn *syn)
{
	const struct option_kind *known = kind_of(kind);
	uint8_t len = cursor_u8(in);

	if (!cursor_ok(in) || len < 2) {
		*in = (struct cursor){ .failed = true };
		return;
	}

	struct cursor value = cursor_sub(in, len - 2U);

	note(syn, QUIRK_LEN, known && known->len != 0 && known->len != len);
	if (cursor_ok(&value))
		read_value(kind, value, syn);
}

static bool has_other_than_0(struct cursor in)
{
	while (cursor_left(&in) > 0) {
		if (cursor_u8(&in) != 0)
			return true;
	}
	return false;
}

static void read_options(struct syn *syn, struct text *names)
{
	struct cursor in = cursor_over(syn->options.data, syn->options.len);

	while (cursor_left(&in) > 0) {
		uint8_t kind = cursor_u8(&in);

		add_option(kind, names);
		if (kind == OPTION_END)
			break;
		if (kind != OPTION_NOP)
			read_option(kind, &in, syn);
	}
	note(syn, QUIRK_BAD, !cursor_ok(&in));
	note(syn, QUIRK_PADDING, has_other_than_0(in));
}

static unsigned first_ttl(uint8_t ttl)
{
	static const uint8_t firsts[] = { 32, 64, 128 };

	for (size_t i = 0; i < sizeof(firsts); i++) {
		if (ttl <= firsts[i])
			return firsts[i];
	}
	return UINT8_MAX;
}

static void write_syn(const struct syn *syn, const char *options, struct text *out)
{
	text_format(out, "ip%u ttl%u%s win%u", syn->ip_version, first_ttl(syn->ttl),
		    syn->may_not_fragment ? " df" : "", syn->window);
	if (syn->has_mss && syn->mss >= MSS_MIN && syn->window > 0 && syn->window % syn->mss == 0)
		text_format(out, "=%umss", (unsigned)syn->window / syn->mss);
	if (syn->has_mss)
		text_format(out, " mss%u", syn->mss);
	if (syn->has_scale)
		text_format(out, " ws%u", syn->scale);
	text_add(out, " opts=");
	text_add(out, options[0] != '\0' ? options : "none");

	const char *before = " quirks=";

	for (size_t i = 0; i < QUIRKS; i++) {
		if ((syn->quirks >> i & 1) == 0)
			continue;
		text_add(out, before);
		text_add(out, quirk_words[i]);
		before = ",";
	}
}

enum dissect syn_signature_read(struct span ip, char out[static SYN_SIGNATURE_LEN])
{
	char options[SYN_SIGNATURE_LEN];
	struct text names = text_over(options, sizeof(options));
	struct syn syn = { 0 };
	enum dissect result = read_ip(ip, &syn);

	if (result == DISSECT_OK)
		result = read_tcp(&syn);
	if (result != DISSECT_OK)
		return result;
	read_options(&syn, &names);

	struct text text = text_over(out, SYN_SIGNATURE_LEN);

	write_syn(&syn, options, &text);
	assert(!text.is_cut);
	return DISSECT_OK;
}
