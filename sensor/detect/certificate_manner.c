#include "sensor/detect/certificate_manner.h"

#include "sensor/base/text.h"
#include "sensor/intel/name_model.h"

#include <stdlib.h>
#include <string.h>

enum { DATE_LEN = 10, YEARS_SENSIBLE = 20, WORD_MOST = 63, LAST_ASCII = 0x7f };

/* Mean bits for each letter: of a thousand names that people made up, less than one costs more. */
static const double cost_of_drawn = 5.3;

static bool holds(const char *text, const char *word)
{
	return strcasestr(text, word) != NULL;
}

/* What openssl, makecert and guides suggest, and the names that people give a first try. */
static bool is_placeholder(const struct attributes *said)
{
	static const char *const words[] = {
		"Default Company", "Internet Widgits", "Some-State",  "Some-Organization",
		"My Company",      "SomeOrganization", "example.com", "example.org",
		"Example Inc",     "Acme Co",          "Company Ltd", "Global Security",
		"test.com",        "domain.com",       "localhost",   "snakeoil",
	};
	const char *subject = attributes_text(said, ATTRIBUTE_SUBJECT);
	const char *organisation = attributes_text(said, ATTRIBUTE_SUBJECT_ORGANISATION);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (holds(subject, words[i]) || holds(organisation, words[i]))
			return true;
	}
	return false;
}

/* One with an organisation may name itself as it likes: many programs have authorities of theirs.
 */
static bool is_no_host(const struct attributes *said)
{
	const char *subject = attributes_text(said, ATTRIBUTE_SUBJECT);

	if (attributes_has(said, ATTRIBUTE_NAMES) ||
	    attributes_has(said, ATTRIBUTE_SUBJECT_ORGANISATION))
		return false;
	return strchr(subject, ' ') || !strchr(subject, '.');
}

static bool is_for(const char *pattern, const char *host)
{
	const char *dot = strchr(host, '.');

	if (strncmp(pattern, "*.", 2) == 0)
		return dot && strcasecmp(pattern + 1, dot) == 0;
	return strcasecmp(pattern, host) == 0;
}

static bool is_of_other_name(const struct attributes *said, const char *sni)
{
	struct attribute_value value;
	size_t at = 0;

	if (sni[0] == '\0' || is_for(attributes_text(said, ATTRIBUTE_SUBJECT), sni) || said->is_cut)
		return false;
	while (attributes_next(said, &at, &value)) {
		if (value.attribute == ATTRIBUTE_NAMES && is_for(value.text, sni))
			return false;
	}
	return true;
}

static long year_of(const char *time)
{
	return strtol(time, NULL, 10);
}

/* Times are texts that begin with the year; one without an end has none. */
static bool is_senseless(const struct attributes *said, nanotime now)
{
	const char *from = attributes_text(said, ATTRIBUTE_NOT_BEFORE);
	const char *until = attributes_text(said, ATTRIBUTE_NOT_AFTER);
	char today[NANOTIME_TEXT_LEN];

	if (from[0] == '\0')
		return false;
	if (until[0] == '\0' || year_of(until) - year_of(from) > YEARS_SENSIBLE)
		return true;
	(void)nanotime_text(now, today);
	return strncmp(until, today, DATE_LEN) < 0 || strncmp(from, today, DATE_LEN) > 0;
}

/* Its second level, or what stands before it where that is short: "co" in "name.co.jp". */
bool name_is_drawn(const char *host)
{
	const char *end = strrchr(host, '.');
	const char *label = end;

	if (!end)
		return false;
	while (label > host && label[-1] != '.')
		label--;
	if ((size_t)(end - label) < NAME_MODEL_LEAST || strncmp(label, "xn--", 4) == 0)
		return false;
	return name_model_cost(label, (size_t)(end - label)) >= cost_of_drawn;
}

/* Its longest word, as of "Onggedf SICAV"; of other letters than Latin ones nothing is known. */
static bool is_drawn_organisation(const char *organisation)
{
	static const char *const between = " .,-&'()/";
	char word[WORD_MOST + 1] = "";
	size_t length = 0;

	for (const char *c = organisation + strspn(organisation, between); *c;) {
		size_t len = strcspn(c, between);

		if (len > length && len <= WORD_MOST) {
			memcpy(word, c, len);
			word[len] = '\0';
			length = len;
		}
		c += len;
		c += strspn(c, between);
	}
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)word[i] > LAST_ASCII)
			return false;
	}
	text_to_lower(word);
	return length >= NAME_MODEL_LEAST && name_model_cost(word, length) >= cost_of_drawn;
}

/* Of the names in it that differ, two at least: one may be a maker's fancy. */
static bool is_drawn(const struct attributes *said)
{
	const char *subject = attributes_text(said, ATTRIBUTE_SUBJECT);
	const char *issuer = attributes_text(said, ATTRIBUTE_ISSUER);
	const char *owner = attributes_text(said, ATTRIBUTE_SUBJECT_ORGANISATION);
	const char *authority = attributes_text(said, ATTRIBUTE_ISSUER_ORGANISATION);
	unsigned drawn = name_is_drawn(subject);

	drawn += strcmp(subject, issuer) != 0 && name_is_drawn(issuer);
	drawn += is_drawn_organisation(owner);
	drawn += strcmp(owner, authority) != 0 && is_drawn_organisation(authority);
	return drawn >= 2;
}

unsigned certificate_signs(const struct attributes *said, const char *sni, nanotime now)
{
	unsigned signs = 0;

	if (attributes_has(said, ATTRIBUTE_SELF_ISSUED))
		signs |= CERTIFICATE_OWN;
	if (is_placeholder(said))
		signs |= CERTIFICATE_PLACEHOLDER;
	if (is_no_host(said))
		signs |= CERTIFICATE_NO_HOST;
	if (is_of_other_name(said, sni))
		signs |= CERTIFICATE_OTHER_NAME;
	if (is_senseless(said, now))
		signs |= CERTIFICATE_VALIDITY;
	if (is_drawn(said))
		signs |= CERTIFICATE_DRAWN;
	return signs;
}
