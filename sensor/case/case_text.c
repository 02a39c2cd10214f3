#include "sensor/case/case_text.h"

#include "sensor/digest/community_id.h"

#include <inttypes.h>
#include <string.h>

/* With their colons, which differ by language. */
struct labels {
	const char *why;
	const char *first;
	const char *harmless;
	const char *unknown;
	const char *between; /* two reasons */
	const char *where;
};

static const struct labels labels[LANGUAGES] = {
	{ "Why: ", "Do first:", "Can be harmless if: ", "Not known: ", "; ", "Where: " },
	{ "根拠：", "まず行うこと：", "問題のない例：", "不明な点：", "、", "所在：" },
};

static const char *direction_phrase(enum direction direction)
{
	static const char *const phrases[] = {
		[DIRECTION_UNKNOWN] = "direction unknown",
		[DIRECTION_OUTBOUND] = "outbound",
		[DIRECTION_INBOUND] = "inbound",
		[DIRECTION_LATERAL] = "inside the office",
	};

	return phrases[direction];
}

/* `shown` is the name that stands before them: an address that is the name is not repeated. */
static void put_addresses(const struct device *d, bool is_v4, const char *shown, FILE *out)
{
	char text[ADDRESS_TEXT_LEN];

	for (uint32_t i = 0; i < d->address_count; i++) {
		if (address_is_v4(&d->addresses[i]) != is_v4)
			continue;
		address_text(&d->addresses[i], text);
		if (strcmp(text, shown) != 0)
			(void)fprintf(out, "  %s", text);
	}
}

static void put_header(const struct case_record *c, FILE *out)
{
	const struct device *d = &c->device;
	char chars[DEVICE_CALLED_LEN];
	struct text name = text_over(chars, sizeof(chars));
	char text[MAC_TEXT_LEN];
	char opened[NANOTIME_TEXT_LEN];

	case_device_name(d, &name);
	(void)fprintf(out, "P%d  %s", (int)c->priority, chars);
	put_addresses(d, true, chars, out);
	put_addresses(d, false, chars, out);
	if (d->has_mac) {
		mac_text(&d->mac, text);
		(void)fprintf(out, "  %s%s", text, mac_is_local(&d->mac) ? " (random)" : "");
	}
	nanotime_text(c->first, opened);
	(void)fprintf(out, "\n    since %.19sZ   impact %u of 4   confidence %.0f %%   case %s\n",
		      opened, c->impact, c->confidence * 100, c->id);
}

static void put_reasons(const struct signal *s, enum language language, FILE *out)
{
	bool is_first = true;

	(void)fprintf(out, "    %s", labels[language].why);
	for (uint8_t i = 0; i < s->reason_count; i++) {
		if (!words_is_plain((enum reason_code)s->reasons[i].code))
			continue;

		char chars[WORDS_TEXT_LEN];
		struct text text = text_over(chars, sizeof(chars));

		words_reason(&s->reasons[i], language, &text);
		(void)fprintf(out, "%s%s", is_first ? "" : labels[language].between, chars);
		is_first = false;
	}
	(void)fputc('\n', out);
}

/* What the device is to the office, and what people have decided about what is told here. */
static void put_decided(const struct case_record *c, enum language language, FILE *out)
{
	for (int b = 0; b < STANDINGS; b++) {
		if ((c->standing & STANDING(b)) != 0)
			(void)fprintf(out, "    %s\n", words_standing((enum standing)b, language));
	}
	for (uint32_t i = 0; i < c->finding_count; i++) {
		char chars[WORDS_TEXT_LEN];
		struct text text = text_over(chars, sizeof(chars));

		words_suppression(&c->findings[i], language, &text);
		if (text.len > 0)
			(void)fprintf(out, "    %s\n", chars);
	}
	if (c->is_digest)
		(void)fprintf(out, "    %s\n", words_digest(language));
	if (c->is_quiet)
		(void)fprintf(out, "    %s\n", words_quiet(language));
}

static void put_language(const struct case_record *c, const struct case_view *view,
			 enum language language, FILE *out)
{
	const struct finding *lead = case_lead(c);
	enum signal_kind kind = (enum signal_kind)lead->signal.kind;
	char chars[WORDS_TEXT_LEN];
	struct text text = text_over(chars, sizeof(chars));

	words_sentence(lead, &c->device, language, &text);
	(void)fprintf(out, "\n    [%s]\n    %s\n", words_title(kind, language), chars);
	text = text_over(chars, sizeof(chars));
	words_place(&lead->signal.place, lead->signal.last, language, &text);
	if (text.len > 0)
		(void)fprintf(out, "    %s%s\n", labels[language].where, chars);
	put_reasons(&lead->signal, language, out);
	(void)fprintf(out, "    %s\n", labels[language].first);
	for (size_t i = 0; words_step(kind, i, language); i++)
		(void)fprintf(out, "      %zu. %s\n", i + 1, words_step(kind, i, language));
	(void)fprintf(out, "    %s%s\n", labels[language].harmless, words_benign(kind, language));
	put_decided(c, language, out);
	text = text_over(chars, sizeof(chars));
	words_unknown(view, language, &text);
	if (text.len > 0)
		(void)fprintf(out, "    %s%s\n", labels[language].unknown, chars);
}

static void put_flow(const struct signal_flow *example, FILE *out)
{
	const struct fact_flow *f = &example->flow;
	bool client_is_low;
	struct flow_key key = fact_flow_key(f, &client_is_low);
	char id[COMMUNITY_ID_LEN];
	char start[NANOTIME_TEXT_LEN];
	char client[ADDRESS_TEXT_LEN];
	char server[ADDRESS_TEXT_LEN];

	community_id(&key, client_is_low, id);
	nanotime_text(f->first, start);
	address_text(&f->client, client);
	address_text(&f->server, server);
	(void)fprintf(out, "      %.23sZ %s %s:%u > %s:%u", start, ip_protocol_text(f->protocol),
		      client, f->client_port, server, f->server_port);
	if (example->has_ended)
		(void)fprintf(out, "  %" PRIu64 " B out, %" PRIu64 " B in", example->bytes_up,
			      example->bytes_down);
	(void)fprintf(out, "  %s\n", id);
}

static void put_finding(const struct finding *f, FILE *out)
{
	const struct signal *s = &f->signal;
	char chars[WORDS_TEXT_LEN];
	struct text text = text_over(chars, sizeof(chars));

	words_object(s, LANGUAGE_EN, &text);
	text_add(&text, ": ");
	words_count(s, LANGUAGE_EN, &text);
	(void)fprintf(out, "    %s  %s %s, %s, %s, confidence %.0f %%\n",
		      story_of((enum signal_kind)s->kind)->rule, chars, words_unit(s),
		      direction_phrase((enum direction)s->direction), words_outcome(s),
		      s->confidence * 100);
	for (uint8_t i = 0; i < s->flow_count; i++)
		put_flow(&s->flows[i], out);
}

void case_text(const struct case_record *c, const struct case_view *view, enum language first,
	       unsigned languages, FILE *out)
{
	put_header(c, out);
	for (unsigned i = 0; i < languages; i++)
		put_language(c, view, (enum language)(first + i), out);
	(void)fputs("\n    Evidence:\n", out);
	for (uint32_t i = 0; i < c->finding_count; i++)
		put_finding(&c->findings[i], out);
	(void)fputc('\n', out);
}
