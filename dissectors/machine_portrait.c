#include "dissectors/machine_portrait.h"

#include <string.h>

enum topic {
	TOPIC_USER,
	TOPIC_MACHINE,
	TOPIC_SYSTEM,
	TOPIC_PROCESSOR,
	TOPIC_MEMORY,
	TOPIC_ADDRESS,
	TOPIC_PLACE,
	TOPIC_PASSWORD,
	TOPIC_KEYS,
	TOPIC_GRAPHICS,
	TOPIC_GUARD,
	TOPIC_HARDWARE,
};

static const struct label {
	const char *text;
	enum topic topic;
} labels[] = {
	{ "user name", TOPIC_USER },
	{ "username", TOPIC_USER },
	{ "computer name", TOPIC_MACHINE },
	{ "computername", TOPIC_MACHINE },
	{ "pc name", TOPIC_MACHINE },
	{ "pcname", TOPIC_MACHINE },
	{ "machine name", TOPIC_MACHINE },
	{ "machinename", TOPIC_MACHINE },
	{ "hostname", TOPIC_MACHINE },
	{ "operating system", TOPIC_SYSTEM },
	{ "osfullname", TOPIC_SYSTEM },
	{ "os name", TOPIC_SYSTEM },
	{ "os version", TOPIC_SYSTEM },
	{ "os", TOPIC_SYSTEM },
	{ "windows version", TOPIC_SYSTEM },
	{ "cpu", TOPIC_PROCESSOR },
	{ "processor", TOPIC_PROCESSOR },
	{ "ram", TOPIC_MEMORY },
	{ "memory", TOPIC_MEMORY },
	{ "ip", TOPIC_ADDRESS },
	{ "ip address", TOPIC_ADDRESS },
	{ "client ip", TOPIC_ADDRESS },
	{ "external ip", TOPIC_ADDRESS },
	{ "country", TOPIC_PLACE },
	{ "country name", TOPIC_PLACE },
	{ "time zone", TOPIC_PLACE },
	{ "password", TOPIC_PASSWORD },
	{ "passwords", TOPIC_PASSWORD },
	{ "clipboard", TOPIC_KEYS },
	{ "keystrokes", TOPIC_KEYS },
	{ "gpu", TOPIC_GRAPHICS },
	{ "video card", TOPIC_GRAPHICS },
	{ "screen resolution", TOPIC_GRAPHICS },
	{ "antivirus", TOPIC_GUARD },
	{ "firewall", TOPIC_GUARD },
	{ "hwid", TOPIC_HARDWARE },
	{ "machine id", TOPIC_HARDWARE },
};

static bool is_letter(uint8_t c)
{
	return c >= 'a' && c <= 'z';
}

/* Whether the tail ends in the label, as words of their own. */
static bool ends_in(const struct machine_portrait *p, size_t tail_len, const char *label)
{
	size_t len = strlen(label);

	return tail_len >= len && memcmp(p->tail + tail_len - len, label, len) == 0 &&
	       (tail_len == len || !is_letter(p->tail[tail_len - len - 1]));
}

static void end_label(struct machine_portrait *p)
{
	size_t len = p->tail_len;

	while (len > 0 && (p->tail[len - 1] == ' ' || p->tail[len - 1] == '<'))
		len--;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (ends_in(p, len, labels[i].text))
			p->topics |= (uint16_t)(1U << labels[i].topic);
	}
	p->tail_len = 0;
}

static void keep(struct machine_portrait *p, uint8_t c)
{
	if (p->tail_len == PORTRAIT_TAIL) {
		memmove(p->tail, p->tail + 1, PORTRAIT_TAIL - 1);
		p->tail_len--;
	}
	p->tail[p->tail_len++] = c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

static void take(struct machine_portrait *p, uint8_t c)
{
	if (c == '\n') {
		p->is_in_tag = false;
		p->tail_len = 0;
	} else if (c == '<') {
		p->is_in_tag = true;
		keep(p, c); /* so that no word goes on behind it */
	} else if (c == '>' && p->is_in_tag) {
		p->is_in_tag = false;
	} else if (!p->is_in_tag && c == ':') {
		end_label(p);
	} else if (!p->is_in_tag) {
		keep(p, c);
	}
}

void machine_portrait_take(struct machine_portrait *portrait, struct span text)
{
	for (size_t i = 0; i < text.len && portrait->seen < PORTRAIT_BYTES; i++) {
		portrait->seen++;
		take(portrait, text.data[i]);
	}
}

unsigned machine_portrait_topics(const struct machine_portrait *portrait)
{
	unsigned count = 0;

	for (unsigned bits = portrait->topics; bits != 0; bits &= bits - 1)
		count++;
	return count;
}
