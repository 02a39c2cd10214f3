#include "sensor/app/doctor_report.h"

#include "sensor/health/health_json.h"
#include "sensor/health/health_words.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { FINDINGS_MAX = HEALTH_CODES * INTERFACES_MAX };

struct findings {
	struct health_finding all[FINDINGS_MAX];
	size_t count;
	enum doctor_verdict verdict;
};

/* All interfaces together. */
struct totals {
	uint64_t frames;
	uint64_t unicast;
	unsigned devices; /* at least so many */
	bool dns;
	bool encrypted_dns;
	bool dhcp;
};

/* Words that stand between what is found; the rest is health_words.h's. */
enum word {
	WORD_RIGHT,
	WORD_WRONG,
	WORD_TOO_LITTLE,
	WORD_NOTES,
	WORD_SETTING,
	WORD_NO_DHCP,
	WORD_NO_DNS,
	WORD_ENCRYPTED_DNS,
	WORD_VLAN,
	WORDS,
};

static const char *const words[WORDS][LANGUAGES] = {
	[WORD_RIGHT] = { "Wired right.", "正しく接続されています。" },
	[WORD_WRONG] = { "Something is wrong:", "問題が見つかりました：" },
	[WORD_TOO_LITTLE] = { "Too little was seen to say whether it is wired right. Try again "
			      "while people work.",
			      "通信が少なく、正しく接続されているか判断できません。"
			      "業務時間中にもう一度お試しください。" },
	[WORD_NOTES] = { "Worth knowing:", "参考：" },
	[WORD_SETTING] = { "To change: ", "変更点：" },
	[WORD_NO_DHCP] = { "Not known: no device joined (DHCP) meanwhile, which is usual.",
			   "未確認：この間にアドレスの割り当て（DHCP）はありませんでした"
			   "（通常のことです）。" },
	[WORD_NO_DNS] = { "Not known: no name lookup (DNS) was seen.",
			  "未確認：名前の問い合わせ（DNS）は見えていません。" },
	[WORD_ENCRYPTED_DNS] = { "Name lookups (DNS) are encrypted as far as seen: the names in "
				 "them stay unknown.",
				 "見えている範囲では名前の問い合わせ（DNS）は暗号化されており、"
				 "名前は分かりません。" },
	[WORD_VLAN] = { "Not known whether all of this VLAN is seen; only broadcasts of it so "
			"far: ",
			"一斉送信しか見えておらず、すべて届いているか未確認のVLAN：" },
};

static const char *word_of(enum word word, enum language language)
{
	assert(language < LANGUAGES);
	return words[word][language];
}

static struct totals totals_of(const struct health_view *view)
{
	struct totals totals = { 0 };

	for (size_t i = 0; i < view->surroundings.interface_count; i++) {
		const struct health_counts *c = &view->counts[i];
		unsigned devices = c->senders.count;

		totals.frames += c->frames;
		totals.unicast += c->unicast;
		totals.devices = devices > totals.devices ? devices : totals.devices;
		totals.dns = totals.dns || c->dns > 0;
		totals.encrypted_dns = totals.encrypted_dns || c->encrypted_dns > 0;
		totals.dhcp = totals.dhcp || c->dhcp > 0;
	}
	return totals;
}

/* A health_found_fn. */
static void keep(void *arg, const struct health_finding *finding)
{
	struct findings *findings = arg;

	if (findings->count < FINDINGS_MAX)
		findings->all[findings->count++] = *finding;
	if (finding->severity > HEALTH_NOTE)
		findings->verdict = DOCTOR_WRONG;
}

/* What is of all interfaces is of the one there is. */
static const char *name_of(const struct health_view *view, const struct health_finding *finding)
{
	const struct health_surroundings *s = &view->surroundings;

	if (finding->interface != HEALTH_NO_INTERFACE)
		return s->interfaces[finding->interface].name;
	return s->interface_count == 1 ? s->interfaces[0].name : "";
}

static void put_findings(const struct health_view *view, const struct findings *findings,
			 bool notes, enum language language, FILE *out)
{
	char chars[HEALTH_WORDS_LEN];
	unsigned number = 0;

	for (size_t i = 0; i < findings->count; i++) {
		const struct health_finding *finding = &findings->all[i];
		const char *name = name_of(view, finding);
		struct text said = text_over(chars, sizeof(chars));
		bool says_name = finding->interface != HEALTH_NO_INTERFACE &&
				 view->surroundings.interface_count > 1;

		if ((finding->severity == HEALTH_NOTE) != notes)
			continue;
		if (number++ == 0)
			(void)fprintf(out, "%s\n",
				      word_of(notes ? WORD_NOTES : WORD_WRONG, language));
		health_words_sentence(finding, name, language, &said);
		says_name = says_name && !strstr(chars, name);
		(void)fprintf(out, "  %u. %s%s%s\n", number, says_name ? name : "",
			      says_name ? ": " : "", chars);
		said = text_over(chars, sizeof(chars));
		health_words_setting(finding, name, language, &said);
		(void)fprintf(out, "     %s%s\n", word_of(WORD_SETTING, language), chars);
	}
}

/* VLANs of which it is too early to say more. */
static void put_vlans(const struct health_view *view, enum language language, FILE *out)
{
	for (size_t i = 0; i < view->surroundings.interface_count; i++) {
		const struct health_counts *c = &view->counts[i];

		for (unsigned v = 0; v < c->vlan_count; v++) {
			if (c->vlans[v].id != 0 && c->vlans[v].unicast == 0)
				(void)fprintf(out, "%s%u\n", word_of(WORD_VLAN, language),
					      (unsigned)c->vlans[v].id);
		}
	}
}

/* What whoever is asked on the telephone would ask back. */
static void put_interfaces(const struct health_surroundings *s, FILE *out)
{
	for (size_t i = 0; s->is_live && i < s->interface_count; i++) {
		const struct health_interface *of = &s->interfaces[i];

		if (of->link == HEALTH_LINK_MISSING)
			continue;
		(void)fprintf(out, "%s: MTU %" PRIu32, of->name, of->mtu);
		if (of->speed_mbit > 0)
			(void)fprintf(out, ", %" PRIu32 " Mbit/s", of->speed_mbit);
		if (of->driver[0] != '\0')
			(void)fprintf(out, ", %s", of->driver);
		(void)fputc('\n', out);
	}
}

static void put_seen(const struct health_view *view, const struct totals *totals,
		     enum language language, FILE *out)
{
	double seconds = nanotime_seconds(nanotime_between(view->since, view->now));

	if (language == LANGUAGE_JA)
		(void)fprintf(out,
			      "確認内容：%.0f秒間に%" PRIu64 "パケット、機器%u台以上、"
			      "双方向の通信%" PRIu64 "件。\n",
			      seconds, totals->frames, totals->devices, view->flows.both);
	else
		(void)fprintf(out,
			      "Seen: %" PRIu64 " packets in %.0f s, at least %u devices, %" PRIu64
			      " conversations in both directions.\n",
			      totals->frames, seconds, totals->devices, view->flows.both);
	if (totals->unicast == 0)
		return;
	if (totals->encrypted_dns && !totals->dns)
		(void)fprintf(out, "%s\n", word_of(WORD_ENCRYPTED_DNS, language));
	else if (!totals->dns)
		(void)fprintf(out, "%s\n", word_of(WORD_NO_DNS, language));
	if (!totals->dhcp)
		(void)fprintf(out, "%s\n", word_of(WORD_NO_DHCP, language));
	put_vlans(view, language, out);
}

static void put_language(const struct health_view *view, const struct findings *findings,
			 const struct totals *totals, enum language language, FILE *out)
{
	if (findings->verdict == DOCTOR_RIGHT)
		(void)fprintf(out, "%s\n", word_of(WORD_RIGHT, language));
	else if (findings->verdict == DOCTOR_TOO_LITTLE)
		(void)fprintf(out, "%s\n", word_of(WORD_TOO_LITTLE, language));
	put_findings(view, findings, false, language, out);
	put_findings(view, findings, true, language, out);
	put_seen(view, totals, language, out);
}

static const char *const verdicts[] = {
	[DOCTOR_RIGHT] = "right",
	[DOCTOR_WRONG] = "wrong",
	[DOCTOR_TOO_LITTLE] = "too_little",
};

static void put_json(const struct health_view *view, const struct findings *findings,
		     const struct totals *totals, FILE *out)
{
	struct json j;

	json_start(&j, out);
	for (size_t i = 0; i < findings->count; i++) {
		const struct health_finding *finding = &findings->all[i];
		bool has_name = finding->interface != HEALTH_NO_INTERFACE;

		health_finding_json(&j, finding, has_name ? name_of(view, finding) : "", view->now);
	}
	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.doctor/1");
	json_time(&j, "timestamp", view->now);
	json_string(&j, "verdict", verdicts[findings->verdict]);
	json_uint(&j, "findings", findings->count);
	json_uint(&j, "frames", totals->frames);
	json_decimal(&j, "seconds", nanotime_seconds(nanotime_between(view->since, view->now)));
	json_uint(&j, "devices", totals->devices);
	json_uint(&j, "conversations_both", view->flows.both);
	json_uint(&j, "conversations_one_sided", view->flows.client_only + view->flows.server_only);
	json_bool(&j, "dns_seen", totals->dns);
	json_bool(&j, "encrypted_dns_seen", totals->encrypted_dns);
	json_bool(&j, "dhcp_seen", totals->dhcp);
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);
}

enum doctor_verdict doctor_report_print(const struct doctor_report *report,
					const struct health_view *view, FILE *out)
{
	struct findings findings = { .verdict = DOCTOR_RIGHT };
	struct totals totals = totals_of(view);

	if (!health_is_heard(view))
		findings.verdict = DOCTOR_TOO_LITTLE;
	health_check(view, keep, &findings);
	if (report->as_json) {
		put_json(view, &findings, &totals, out);
		return findings.verdict;
	}
	for (unsigned i = 0; i < report->languages.count; i++) {
		enum language language = (enum language)(report->languages.first + i);

		if (i > 0)
			(void)fputc('\n', out);
		put_language(view, &findings, &totals, language, out);
	}
	put_interfaces(&view->surroundings, out);
	return findings.verdict;
}
