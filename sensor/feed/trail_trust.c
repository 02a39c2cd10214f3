#include "sensor/feed/trail_trust.h"

#include "sensor/base/text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char suspicious[] = "suspicious";

/* Addresses and names that somebody did not like the manners of, nothing more. */
static const char *const reputations[] = {
	"mass scanner", "known attacker", "bad reputation", "low reputation",
	"bad history",  "compromised",    "spammer",        "tor exit node",
	"attacker",     "scanner",        "proxy",          "anonymous",
};

/* Of what Maltrail calls suspicious: what honest people use each day. */
static const char *const of_everybody[] = {
	"ad network",    "bad wpad", "blockchain dns", "computrace",          "crypto currencies",
	"dnspod",        "domain",   "dynamic domain", "filesharing service", "free web hosting",
	"freewebhost",   "ipinfo",   "nicru",          "parking site",        "suspended domain",
	"url shortener",
};

static bool begins(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

static bool is_reputation(const char *name)
{
	for (size_t i = 0; i < sizeof(reputations) / sizeof(reputations[0]); i++) {
		if (begins(name, reputations[i]))
			return true;
	}
	return false;
}

static const char *suspicion(const char *name, unsigned *trust)
{
	*trust = is_reputation(name) ? TRAIL_TRUST_REPUTATION : TRAIL_TRUST_SUSPICIOUS;
	for (size_t i = 0; i < sizeof(of_everybody) / sizeof(of_everybody[0]); i++) {
		if (strcmp(name, of_everybody[i]) == 0)
			return "of a sort that honest people use too";
	}
	return NULL;
}

/* As Maltrail's table has it: the file's name with blanks, in lower case. */
static void name_of(const char *text, size_t len, char out[static TRAIL_FAMILY_LEN])
{
	if (len >= TRAIL_FAMILY_LEN)
		len = TRAIL_FAMILY_LEN - 1;
	memcpy(out, text, len);
	out[len] = '\0';
	text_to_lower(out);
	for (char *at = out; *at != '\0'; at++) {
		if (*at == '_')
			*at = ' ';
	}
}

const char *trail_of_info(const char *info, unsigned *trust, char family[static TRAIL_FAMILY_LEN])
{
	const char *sort = strrchr(info, '(');
	size_t len = sort ? (size_t)(sort - info) : strlen(info);
	char name[TRAIL_FAMILY_LEN];

	while (len > 0 && info[len - 1] == ' ')
		len--;
	name_of(info, len, name);
	*trust = is_reputation(name) ? TRAIL_TRUST_REPUTATION : 0;
	if (sort && begins(sort + 1, suspicious)) {
		(void)snprintf(family, TRAIL_FAMILY_LEN, "%s", info);
		return suspicion(name, trust);
	}
	(void)snprintf(family, TRAIL_FAMILY_LEN, "%.*s", (int)len, info);
	return NULL;
}

const char *trail_of_path(const char *path, unsigned *trust)
{
	const char *file = strrchr(path, '/');
	char name[TRAIL_FAMILY_LEN];
	size_t folder;

	file = file ? file + 1 : path;
	folder = file > path ? (size_t)(file - path - 1) : 0;
	name_of(file, strcspn(file, "."), name);
	*trust = begins(name, "mass scanner") ? TRAIL_TRUST_REPUTATION : 0;
	if (folder < strlen(suspicious) ||
	    strncmp(path + folder - strlen(suspicious), suspicious, strlen(suspicious)) != 0)
		return NULL;
	return suspicion(name, trust);
}
