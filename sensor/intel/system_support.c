#include "sensor/intel/system_support.h"

#include <stdlib.h>
#include <string.h>

/* Days since 1970-01-01 of a date after February, and before March (the year begins in March). */
#define DAYS_OF(year, month) \
	(365 * (year) + (year) / 4 - (year) / 100 + (year) / 400 + (153 * (month) + 2) / 5 - 719469)
#define DAYS(year, month, day) \
	((month) > 2 ? DAYS_OF(year, (month)-3) + (day) : DAYS_OF((year)-1, (month) + 9) + (day))
/* Supported through that day, UTC. */
#define THROUGH(year, month, day) ((nanotime)(DAYS(year, month, day) + 1) * NANOTIME_DAY)

#define MICROSOFT "learn.microsoft.com/lifecycle"
#define APPLE     "support.apple.com/100100: last security update"
#define GOOGLE    "source.android.com/docs/security/bulletin: last bulletin"

#define WINDOWS(name, major, minor, first, last, ended)                                  \
	{                                                                                \
		name, SYSTEM_WINDOWS, false, major, minor, first, last, ended, MICROSOFT \
	}
#define VAGUE(name, major)                                               \
	{                                                                \
		name, SYSTEM_WINDOWS, true, major, 0, 0, 0, 0, MICROSOFT \
	}
#define MAC(name, minor, ended)                                        \
	{                                                              \
		name, SYSTEM_MAC, false, 10, minor, 0, 0, ended, APPLE \
	}
#define ANDROID(major, minor, ended)                                                            \
	{                                                                                       \
		"Android " #major "." #minor, SYSTEM_ANDROID, false, major, minor, 0, 0, ended, \
			GOOGLE                                                                  \
	}

/* As the makers' pages say, to be compared with them at each release. NTLM tells the build of the
 * branch, not of the release. */
const struct system_support system_supports[] = {
	WINDOWS("Windows 2000", 5, 0, 2195, 2195, THROUGH(2010, 7, 13)),
	WINDOWS("Windows XP", 5, 1, 2600, 2600, THROUGH(2014, 4, 8)),
	WINDOWS("Windows Server 2003", 5, 2, 3790, 3790, THROUGH(2015, 7, 14)),
	WINDOWS("Windows Vista / Server 2008", 6, 0, 6000, 6003, THROUGH(2020, 1, 14)),
	WINDOWS("Windows 7 / Server 2008 R2", 6, 1, 7600, 7601, THROUGH(2020, 1, 14)),
	WINDOWS("Windows 8 / Server 2012", 6, 2, 9200, 9200, THROUGH(2023, 10, 10)),
	WINDOWS("Windows 8.1 / Server 2012 R2", 6, 3, 9600, 9600, THROUGH(2023, 10, 10)),
	WINDOWS("Windows 10 1507", 10, 0, 10240, 10240, THROUGH(2025, 10, 14)),
	WINDOWS("Windows 10 1511", 10, 0, 10586, 10586, THROUGH(2018, 4, 10)),
	WINDOWS("Windows 10 1607 / Server 2016", 10, 0, 14393, 14393, THROUGH(2027, 1, 12)),
	WINDOWS("Windows 10 1703", 10, 0, 15063, 15063, THROUGH(2019, 10, 8)),
	WINDOWS("Windows 10 1709", 10, 0, 16299, 16299, THROUGH(2020, 10, 13)),
	WINDOWS("Windows 10 1803", 10, 0, 17134, 17134, THROUGH(2021, 5, 11)),
	WINDOWS("Windows 10 1809 / Server 2019", 10, 0, 17763, 17763, THROUGH(2029, 1, 9)),
	WINDOWS("Windows 10 1903/1909", 10, 0, 18362, 18363, THROUGH(2022, 5, 10)),
	WINDOWS("Windows 10", 10, 0, 19041, 19045, THROUGH(2025, 10, 14)),
	WINDOWS("Windows Server 2022", 10, 0, 20348, 20348, THROUGH(2031, 10, 14)),
	WINDOWS("Windows 11 21H2", 10, 0, 22000, 22000, THROUGH(2024, 10, 8)),
	WINDOWS("Windows 11 22H2/23H2", 10, 0, 22621, 22631, THROUGH(2026, 11, 10)),
	WINDOWS("Windows 11", 10, 0, 22632, UINT32_MAX, 0),
	VAGUE("Windows 10 or later", 10),
	MAC("Mac OS X 10.5", 5, THROUGH(2011, 6, 23)),
	MAC("Mac OS X 10.6", 6, THROUGH(2013, 9, 12)),
	MAC("Mac OS X 10.7", 7, THROUGH(2014, 9, 17)),
	MAC("Mac OS X 10.8", 8, THROUGH(2015, 8, 13)),
	MAC("Mac OS X 10.9", 9, THROUGH(2016, 7, 18)),
	MAC("Mac OS X 10.10", 10, THROUGH(2017, 7, 19)),
	MAC("Mac OS X 10.11", 11, THROUGH(2018, 7, 9)),
	MAC("macOS 10.12", 12, THROUGH(2019, 9, 26)),
	MAC("macOS 10.13", 13, THROUGH(2020, 11, 12)),
	MAC("macOS 10.14", 14, THROUGH(2021, 7, 21)),
	ANDROID(4, 4, THROUGH(2017, 10, 2)),
	ANDROID(5, 0, THROUGH(2018, 3, 5)),
	ANDROID(5, 1, THROUGH(2018, 3, 5)),
	ANDROID(6, 0, THROUGH(2018, 8, 6)),
	ANDROID(7, 0, THROUGH(2019, 8, 5)),
	ANDROID(7, 1, THROUGH(2019, 10, 7)),
	ANDROID(8, 0, THROUGH(2021, 1, 4)),
	ANDROID(8, 1, THROUGH(2021, 10, 4)),
	ANDROID(9, 0, THROUGH(2022, 1, 4)),
};
const size_t system_supports_count = sizeof(system_supports) / sizeof(system_supports[0]);

static const struct system_support *find(enum system_family family, unsigned long major,
					 unsigned long minor)
{
	for (size_t i = 0; i < system_supports_count; i++) {
		const struct system_support *s = &system_supports[i];

		/* Ten and later do not tell which: the vague row answers for them. */
		if (s->family == family && s->major == major && s->minor == minor &&
		    (family != SYSTEM_WINDOWS || major < 10 || s->is_vague))
			return s;
	}
	return NULL;
}

static const struct system_support *by_build(unsigned long build)
{
	for (size_t i = 0; i < system_supports_count; i++) {
		const struct system_support *s = &system_supports[i];

		if (s->family == SYSTEM_WINDOWS && s->build_first > 0 && build >= s->build_first &&
		    build <= s->build_last)
			return s;
	}
	return NULL;
}

/* "6.1", "10_13" or "9" at `text`, up to `*end`; false when there is no number. */
static bool two_numbers(const char *text, unsigned long *major, unsigned long *minor,
			const char **end)
{
	char *at;

	if (text[0] < '0' || text[0] > '9')
		return false;
	*major = strtoul(text, &at, 10);
	*minor = 0;
	if ((*at == '.' || *at == '_') && at[1] >= '0' && at[1] <= '9')
		*minor = strtoul(at + 1, &at, 10);
	*end = at;
	return true;
}

const struct system_support *system_of_version(const char *version)
{
	unsigned long major, minor;
	const char *end;

	if (!two_numbers(version, &major, &minor, &end) || *end != '.')
		return NULL;

	const struct system_support *s = by_build(strtoul(end + 1, NULL, 10));

	return s && s->major == major && s->minor == minor ? s : NULL;
}

/* What follows `word` in `text`, or NULL. */
static const char *after(const char *text, const char *word)
{
	const char *at = strstr(text, word);

	return at ? at + strlen(word) : NULL;
}

/* Windows' own parts: certificates, and the transfer service of updates. */
static const struct system_support *of_component(const char *agent)
{
	unsigned long major, minor;
	const char *end;
	const char *version = after(agent, "Microsoft-CryptoAPI/");

	if (version && strncmp(version, "5.131.2600", 10) == 0)
		return find(SYSTEM_WINDOWS, 5, 1);
	if (version && strncmp(version, "5.131.3790", 10) == 0)
		return find(SYSTEM_WINDOWS, 5, 2);
	if (version && two_numbers(version, &major, &minor, &end))
		return find(SYSTEM_WINDOWS, major, minor);
	if (strncmp(agent, "Microsoft BITS/7.5", 18) == 0)
		return find(SYSTEM_WINDOWS, 6, 1);
	if (strncmp(agent, "Microsoft-Delivery-Optimization/10.", 35) == 0)
		return find(SYSTEM_WINDOWS, 10, 0);
	return NULL;
}

const struct system_support *system_of_agent(const char *agent, bool *is_component)
{
	static const struct {
		const char *word;
		enum system_family family;
	} words[] = { { "Windows NT ", SYSTEM_WINDOWS },
		      { "Mac OS X ", SYSTEM_MAC },
		      { "Android ", SYSTEM_ANDROID } };
	const struct system_support *own = of_component(agent);
	unsigned long major, minor;
	const char *end;

	*is_component = own != NULL;
	for (size_t i = 0; !own && i < sizeof(words) / sizeof(words[0]); i++) {
		const char *version = after(agent, words[i].word);

		if (!version || !two_numbers(version, &major, &minor, &end))
			continue;
		/* The runtime of apps tells the truth; browsers are frozen at a later one. */
		if (words[i].family == SYSTEM_ANDROID)
			*is_component = strncmp(agent, "Dalvik/", 7) == 0;
		return find(words[i].family, major, minor);
	}
	return own;
}

const struct system_support *system_of_native_os(const char *os)
{
	/* Two systems give their version alone, and Samba one that it never was. */
	if (strcmp(os, "Windows 5.0") == 0 || strcmp(os, "Windows 5.1") == 0)
		return find(SYSTEM_WINDOWS, 5, (unsigned long)(os[10] - '0'));
	if (strncmp(os, "Windows ", 8) != 0)
		return NULL;
	for (const char *at = strchr(os, ' '); at; at = strchr(at, ' ')) {
		char *end;
		unsigned long number = strtoul(++at, &end, 10);

		/* Years are no builds: 2000, 2003 … 2022, of which 2002 is XP's. */
		if (end - at >= 4 && (*end == '\0' || *end == ' ') && by_build(number))
			return by_build(number);
	}
	return NULL;
}

const struct system_support *system_of_lease(const char *fingerprint, const char *vendor_class)
{
	static const struct {
		const char *request;
		unsigned major, minor;
	} asks[] = { { "request=1,15,3,6,44,46,47,31,33,249,43", 5, 1 },
		     { "request=1,15,3,6,44,46,47,31,33,121,249,43", 6, 1 },
		     { "request=1,15,3,6,44,46,47,31,33,121,249,252,43", 6, 3 } };

	if (strcmp(vendor_class, "MSFT 5.0") != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		size_t len = strlen(asks[i].request);

		if (strncmp(fingerprint, asks[i].request, len) == 0 &&
		    (fingerprint[len] == ' ' || fingerprint[len] == '\0'))
			return find(SYSTEM_WINDOWS, asks[i].major, asks[i].minor);
	}
	return NULL;
}
