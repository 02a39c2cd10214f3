#include "sensor/inventory/device_join.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum {
	WORD_LEN = 32,
	SERIAL_LEAST = 7,   /* Windows makes seven characters */
	SERIAL_CHANGES = 3, /* between letters and digits: a model's number has one or two */
	PERSON_LEAST = 3,
};

/* Words of makers and systems, as they stand in names that nobody chose. */
static const char *const made_words[] = {
	"air",     "amazon",   "android", "apple",     "aquos",       "arrows",      "arubaap",
	"basio",   "book",     "box",     "camera",    "chrome",      "chromebook",  "chromecast",
	"client",  "computer", "debian",  "default",   "desktop",     "device",      "digno",
	"dot",     "dynabook", "echo",    "edge",      "espressif",   "fire",        "fold",
	"fmv",     "fusion",   "galaxy",  "google",    "guest",       "hand",        "home",
	"honor",   "host",     "huawei",  "iii",       "imac",        "ipad",        "iphone",
	"ipod",    "kali",     "kids",    "kindle",    "kyocera",     "laptop",      "lavie",
	"lenovo",  "linux",    "lite",    "local",     "localhost",   "mac",         "macbook",
	"max",     "mate",     "mini",    "mobile",    "moto",        "motorola",    "neo",
	"nest",    "nexus",    "none",    "nord",      "note",        "nothing",     "oneplus",
	"oppo",    "phone",    "pixel",   "plus",      "poco",        "power",       "prime",
	"printer", "pro",      "rakuten", "raspberry", "raspberrypi", "realme",      "redmi",
	"reno",    "router",   "samsung", "sense",     "server",      "sharp",       "sim",
	"sony",    "standard", "studio",  "style",     "surface",     "switch",      "tab",
	"tablet",  "test",     "ubuntu",  "ultra",     "unknown",     "user",        "vaio",
	"vivo",    "watch",    "win",     "windows",   "wish",        "workstation", "xiaomi",
	"xperia",  "zenfone",  "zero",    "zte",
};

static bool is_made_word(const char *word)
{
	for (size_t i = 0; i < sizeof(made_words) / sizeof(made_words[0]); i++) {
		if (strcmp(word, made_words[i]) == 0)
			return true;
	}
	return false;
}

/* "galaxys21ultra5g", in one piece. */
static bool begins_with_made_word(const char *word)
{
	for (size_t i = 0; i < sizeof(made_words) / sizeof(made_words[0]); i++) {
		size_t len = strlen(made_words[i]);

		if (len > PERSON_LEAST && strncmp(word, made_words[i], len) == 0)
			return true;
	}
	return false;
}

static bool is_letter(char c)
{
	return isalpha((unsigned char)c) || (uint8_t)c >= 0x80;
}

static enum name_manner manner_of_word(const char *word)
{
	size_t len = strlen(word);
	size_t digits = 0;
	size_t changes = 0;

	for (size_t i = 0; i < len; i++) {
		digits += !is_letter(word[i]);
		changes += i > 0 && is_letter(word[i]) != is_letter(word[i - 1]);
	}
	if (begins_with_made_word(word) || is_made_word(word))
		return NAME_OF_MODEL;
	if (len >= SERIAL_LEAST && changes >= SERIAL_CHANGES)
		return NAME_OF_ONE;
	return digits == 0 && len >= PERSON_LEAST ? NAME_OF_PERSON : NAME_OF_MODEL;
}

enum name_manner device_name_manner(const char *name)
{
	enum name_manner best = NAME_OF_MODEL;
	char word[WORD_LEN] = "";
	size_t len = 0;

	for (;; name++) {
		bool is_part = is_letter(*name) || isdigit((unsigned char)*name);

		if (is_part && len < WORD_LEN - 1)
			word[len++] = (char)tolower((unsigned char)*name);
		if (is_part)
			continue;
		word[len] = '\0';
		if (manner_of_word(word) > best)
			best = manner_of_word(word);
		len = 0;
		if (*name == '\0' || *name == '.')
			return best;
	}
}

/* The first label: "taro-pc" and "taro-pc.local" are one name. */
static bool is_same_name(const char *a, const char *b)
{
	size_t len = strcspn(a, ".");

	return len > 0 && len == strcspn(b, ".") && strncasecmp(a, b, len) == 0;
}

/* What it calls itself in logins is not asked: who breaks in can say anything there. */
static const char *common_name(const struct device *before, const struct device *now)
{
	for (size_t i = 0; i <= DEVICE_NAME_NBNS; i++) {
		for (size_t k = 0; k <= DEVICE_NAME_NBNS; k++) {
			if (is_same_name(before->names[i], now->names[k]))
				return now->names[k];
		}
	}
	return NULL;
}

/* Asked for a lease in the same way. */
static bool is_same_manner(const struct device *a, const struct device *b)
{
	const char *fingerprint = a->traits[DEVICE_DHCP_FINGERPRINT];

	return fingerprint[0] != '\0' &&
	       strcmp(fingerprint, b->traits[DEVICE_DHCP_FINGERPRINT]) == 0 &&
	       strcmp(a->traits[DEVICE_VENDOR_CLASS], b->traits[DEVICE_VENDOR_CLASS]) == 0;
}

static bool is_told_apart(const struct device *a, const struct device *b)
{
	return a->given.label[0] != '\0' && b->given.label[0] != '\0' &&
	       strcmp(a->given.label, b->given.label) != 0;
}

enum device_join device_join_of(const struct device *before, const struct device *now)
{
	const char *name;
	enum name_manner manner;

	/* Names last: comparing them is dear, and this is asked of every device that is known. */
	if (!is_same_manner(before, now) || !before->has_mac || !now->has_mac ||
	    before->is_router || now->is_router || before->is_shared_name || now->is_shared_name ||
	    is_told_apart(before, now))
		return JOIN_NOT;
	name = common_name(before, now);
	if (!name)
		return JOIN_NOT;
	manner = device_name_manner(name);
	if (manner == NAME_OF_ONE ||
	    is_same_name(before->names[DEVICE_NAME_NBNS], now->names[DEVICE_NAME_NBNS]))
		return JOIN_PROVEN;
	if (manner == NAME_OF_PERSON && mac_is_local(&before->mac) && mac_is_local(&now->mac) &&
	    now->first_seen >= before->last_seen &&
	    now->first_seen - before->last_seen >= JOIN_SILENCE)
		return JOIN_LIKELY;
	return JOIN_NOT;
}
