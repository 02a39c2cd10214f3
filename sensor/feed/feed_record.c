#include "sensor/feed/feed_record.h"

#include <stdlib.h>
#include <string.h>

enum { VALUE_LEN = 2048, FAMILY_LEN = 64 };

/* What holds the item, and what that is. */
static const struct {
	const char *name;
	enum feed_kind kind;
} item_fields[] = {
	{ "ioc_value", FEED_ANY },  { "ioc", FEED_ANY },       { "url", FEED_URL },
	{ "dst_ip", FEED_NETWORK }, { "dstip", FEED_NETWORK }, { "ip_address", FEED_NETWORK },
	{ "sha1", FEED_SHA1 },      { "host", FEED_ANY },      { "domain", FEED_NAME },
	{ "ip", FEED_NETWORK },     { "ja3_md5", FEED_JA3 },
};

static const char *first_of(feed_field_fn *field, void *arg, const char *const *names)
{
	for (; *names; names++) {
		const char *text = field(arg, *names);

		if (text && text[0] != '\0' && strcmp(text, "None") != 0)
			return text;
	}
	return "";
}

static const char *find_item(feed_field_fn *field, void *arg, enum feed_kind *kind)
{
	for (size_t i = 0; i < sizeof(item_fields) / sizeof(item_fields[0]); i++) {
		const char *text = field(arg, item_fields[i].name);

		*kind = item_fields[i].kind;
		if (text)
			return text;
	}
	return NULL;
}

bool feed_record_is_known(feed_field_fn *field, void *arg)
{
	enum feed_kind kind;

	return find_item(field, arg, &kind) != NULL;
}

/* ThreatFox says what an item is; hashes of files never show on the wire. NULL: usable. */
static const char *kind_by_type(const char *type, enum feed_kind *kind)
{
	if (strcmp(type, "ip:port") == 0)
		*kind = FEED_NETWORK;
	else if (strcmp(type, "domain") == 0)
		*kind = FEED_NAME;
	else if (strcmp(type, "url") == 0)
		*kind = FEED_URL;
	else if (strstr(type, "hash") != NULL)
		return "a file's digest does not show on the network";
	else
		return "of a type that does not show on the network";
	return NULL;
}

/* Tags of what a file is, or for which machine: every family has those. */
static bool is_no_family(const char *tag, size_t len)
{
	static const char *const generic[] = {
		"None",    "Unknown malware",
		"unknown", "exe",
		"dll",     "elf",
		"sh",      "zip",
		"rar",     "7z",
		"doc",     "docx",
		"xls",     "js",
		"vbs",     "ps1",
		"hta",     "apk",
		"msi",     "lnk",
		"arm",     "mips",
		"x86",     "intel",
		"sparc",   "powerpc",
		"ascii",   "encoded",
		"opendir", "geofenced",
		"hex",     "bat",
		"pdf",     "img",
		"html",    "USA",
		"ua-wget", "malware_download",
	};

	if (len == 0 || (tag[0] >= '0' && tag[0] <= '9')) /* "32-bit", and the day */
		return true;
	for (size_t i = 0; i < sizeof(generic) / sizeof(generic[0]); i++) {
		if (strlen(generic[i]) == len && strncmp(tag, generic[i], len) == 0)
			return true;
	}
	return false;
}

/* The first of several names, without what abuse.ch adds to them: "Shylock C&C", "exe,Loki". */
static void family_of(const char *text, char out[static FAMILY_LEN])
{
	size_t len = strcspn(text, ",");

	while (text[len] == ',' && is_no_family(text, len)) {
		text += len + 1;
		text += strspn(text, " ");
		len = strcspn(text, ",");
	}
	if (is_no_family(text, len))
		len = 0;
	if (len > 4 && strncmp(text + len - 4, " C&C", 4) == 0)
		len -= 4;
	if (len >= FAMILY_LEN)
		len = FAMILY_LEN - 1;
	memcpy(out, text, len);
	out[len] = '\0';
}

static bool add_port(feed_field_fn *field, void *arg, char value[static VALUE_LEN])
{
	static const char *const names[] = { "dst_port", "dstport", "port", NULL };
	const char *port = first_of(field, arg, names);
	char address[VALUE_LEN];
	bool is_v6 = strchr(value, ':') != NULL;

	if (port[0] == '\0' || strlen(value) + strlen(port) + 4 > VALUE_LEN)
		return port[0] == '\0';
	memcpy(address, value, strlen(value) + 1);
	(void)snprintf(value, VALUE_LEN, is_v6 ? "[%s]:%s" : "%s:%s", address, port);
	return true;
}

/* "75" or "75%"; what is no such number is not told. */
static int percent(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	return end != text && number >= 0 && number <= 100 ? (int)number : FEED_CONFIDENCE_UNTOLD;
}

enum err feed_take_record(feed_field_fn *field, void *arg, unsigned line,
			  const struct feed_sink *sink)
{
	static const char *const families[] = {
		"malware_printable", "malware", "listingreason", "tags", "threat", NULL
	};
	static const char *const listed[] = { "dateadded",  "date_added", "first_seen_utc",
					      "first_seen", "firstseen",  "listingdate",
					      NULL };
	static const char *const confirmed[] = { "last_online", "last_seen_utc", "last_seen",
						 "lastseen",    "lastonline",    NULL };
	static const char *const status[] = { "url_status", "c2_status", "status", NULL };
	char value[VALUE_LEN];
	char family[FAMILY_LEN];
	struct feed_row row = { .text = value, .family = family, .line = line };
	const char *item = find_item(field, arg, &row.kind);
	const char *type;
	const char *confidence;

	if (!item || strlen(item) >= sizeof(value)) {
		sink->refuse(sink->arg, line, item ? item : "", "no item in this record");
		return ERR_OK;
	}
	memcpy(value, item, strlen(item) + 1);
	type = field(arg, "ioc_type");
	if (type) {
		const char *why = kind_by_type(type, &row.kind);

		if (why) {
			sink->refuse(sink->arg, line, value, why);
			return ERR_OK;
		}
	}
	if (row.kind == FEED_NETWORK && !type && !add_port(field, arg, value)) {
		sink->refuse(sink->arg, line, value, "too long a port");
		return ERR_OK;
	}
	family_of(first_of(field, arg, families), family);
	row.listed = feed_time(first_of(field, arg, listed));
	row.confirmed = feed_time(first_of(field, arg, confirmed));
	row.is_offline = strcmp(first_of(field, arg, status), "offline") == 0;
	confidence = field(arg, "confidence_level");
	row.confidence = confidence ? percent(confidence) : FEED_CONFIDENCE_UNTOLD;
	return sink->take(sink->arg, &row);
}
