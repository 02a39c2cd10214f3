#include "sensor/detect/http_manner.h"

#include "sensor/base/text.h"
#include "sensor/detect/statistics.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { SEPARATORS_LEAST = 3, PATH_LEAST = 4, AGENT_LEN = 512 };

static bool begins(const char *text, const char *with)
{
	return strncasecmp(text, with, strlen(with)) == 0;
}

static bool holds_one_of(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strstr(text, words[i]))
			return true;
	}
	return false;
}

/*
 * Agents are searched for some fifty words: in small letters once, because strcasestr() costs a
 * thousand instructions a word.
 */
static void lower(const char *text, char *out, size_t room)
{
	size_t i = 0;

	for (; text[i] && i + 1 < room; i++)
		out[i] = text[i];
	out[i] = '\0';
	text_to_lower(out);
}

#define HOLDS_ONE_OF(text, words) holds_one_of(text, words, sizeof(words) / sizeof((words)[0]))

/* Fields between separators that no program's own name has, and in them what a machine is. */
static bool tells_machine(const char *agent)
{
	static const char *const facts[] = {
		"microsoft windows", "windows defender", "desktop-", "laptop-", "-pc", "win-",
		"administrator",     "win32nt"
	};
	size_t separators = 0;

	for (const char *c = agent; *c; c++)
		separators += *c == '|' || *c == '\\' || *c == '<' || *c == '^';
	return separators >= SEPARATORS_LEAST && HOLDS_ONE_OF(agent, facts);
}

static bool is_tool(const char *agent)
{
	static const char *const names[] = {
		"curl/",          "wget/",        "python",     "go-http-client", "libwww",
		"winhttp",        "powershell",   "certutil",   "certutil url",   "microsoft bits",
		"java/",          "indy library", "autohotkey", "autoit",         "winhttp",
		"microsoft url",  "axios/",       "node-fetch", "nsis",           "innodownload",
		"httpie",         "aria2",        "ruby",       "php/",           "synapse",
		"embarcadero",    "borland",      "wininet",    "msxml",          "xmlhttp",
		"windows script", "vbscript",     "jscript",
	};

	return HOLDS_ONE_OF(agent, names);
}

/* "Mozilla/4.0" and "/5.0" are all that browsers have said since 1998. */
static bool is_impossible(const char *agent)
{
	if (agent[0] == '"' || agent[0] == '\'')
		return strstr(agent, "mozilla/") != NULL;
	if (!begins(agent, "mozilla/"))
		return false;
	agent += strlen("mozilla/");
	if (!begins(agent, "4.0") && !begins(agent, "5.0"))
		return true;
	agent += strlen("5.0");
	return agent[0] != '\0' && strchr("0123456789", agent[0]);
}

enum http_agent http_agent_of(const char *user_agent)
{
	static const char *const computers[] = { "windows nt", "msie ", "macintosh", "x11;",
						 "windows 9" };
	static const char *const others[] = { "android", "iphone", "ipad",  "crkey", "smart-tv",
					      "bravia",  "mobile", "tizen", "web0s" };
	char agent[AGENT_LEN];

	if (user_agent[0] == '\0')
		return AGENT_NONE;
	lower(user_agent, agent, sizeof(agent));
	if (tells_machine(agent))
		return AGENT_TELLS;
	/* Some libraries call themselves "Mozilla/3.0" and then by their name. */
	if (is_tool(agent))
		return AGENT_TOOL;
	if (is_impossible(agent))
		return AGENT_IMPOSSIBLE;
	if (!begins(agent, "mozilla/"))
		return AGENT_OWN;
	if (HOLDS_ONE_OF(agent, others))
		return AGENT_PHONE;
	return HOLDS_ONE_OF(agent, computers) ? AGENT_BROWSER : AGENT_OWN;
}

/* "host", "host:port", "[address]:port". */
static void take_host(const char *host, struct http_manner *out)
{
	char name[sizeof(out->host)];
	size_t len = strcspn(host, ":");

	if (host[0] == '[') {
		host++;
		len = strcspn(host, "]");
	}
	(void)snprintf(name, sizeof(name), "%.*s", (int)len, host);
	out->is_by_address = address_parse(name, &out->address) == ERR_OK;
	(void)snprintf(out->host, sizeof(out->host), "%s", out->is_by_address ? "" : name);
}

static bool ends_in_script(const char *uri)
{
	static const char *const scripts[] = { ".php", ".asp", ".aspx", ".jsp", ".cgi", ".do" };
	size_t len = strcspn(uri, "?");

	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		size_t end = strlen(scripts[i]);

		if (len > end && strncasecmp(uri + len - end, scripts[i], end) == 0)
			return true;
	}
	return false;
}

static bool is_post(const struct attributes *request)
{
	const char *method = attributes_text(request, ATTRIBUTE_METHOD);

	return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0;
}

/*
 * All browsers of computers send their languages, and speak HTTP/1.1 since this century began.
 */
static uint16_t signs_of_browser(const struct attributes *request)
{
	bool has_language = attributes_has(request, ATTRIBUTE_ACCEPT_LANGUAGE);
	bool has_encoding = attributes_has(request, ATTRIBUTE_ACCEPT_ENCODING);

	if (attributes_has(request, ATTRIBUTE_VERSION) || (!has_language && !has_encoding))
		return HTTP_FALSE_BROWSER;
	return has_language ? 0 : HTTP_HALF_BROWSER;
}

static uint16_t signs_of_agent(enum http_agent agent, const struct attributes *request)
{
	switch (agent) {
	case AGENT_NONE:
		return HTTP_NO_AGENT;
	case AGENT_TOOL:
		return HTTP_TOOL_AGENT;
	case AGENT_BROWSER:
		return signs_of_browser(request);
	case AGENT_IMPOSSIBLE:
		return HTTP_IMPOSSIBLE_AGENT;
	case AGENT_TELLS:
		return HTTP_AGENT_TELLS;
	case AGENT_OWN:
	case AGENT_PHONE:
	default:
		return 0;
	}
}

/* Of those that systems send by themselves the address says nothing: certificate checks. */
static bool is_certificate_check(const struct attributes *request, const char *agent)
{
	return begins(attributes_text(request, ATTRIBUTE_CONTENT_TYPE), "application/ocsp") ||
	       begins(agent, "Microsoft-CryptoAPI");
}

/* The address itself in the request's line: nobody looks up that name for a proxy. */
static bool is_whole(const char *uri, const char *host)
{
	static const char plain[] = "http://";
	size_t len = strcspn(host, ":");
	struct address address;
	char name[ADDRESS_TEXT_LEN];

	if (!begins(uri, plain) || len == 0 || len >= sizeof(name))
		return false;
	uri += sizeof(plain) - 1;
	(void)snprintf(name, sizeof(name), "%.*s", (int)len, host);
	return strncmp(uri, name, len) == 0 && strchr(":/", uri[len]) &&
	       address_parse(name, &address) == ERR_OK;
}

bool http_manner_of(const struct attributes *request, struct http_manner *out)
{
	const char *agent = attributes_text(request, ATTRIBUTE_USER_AGENT);
	const char *uri = attributes_text(request, ATTRIBUTE_URI);
	enum http_agent kind;
	bool has_referer = attributes_has(request, ATTRIBUTE_REFERER);
	bool has_session = attributes_has(request, ATTRIBUTE_COOKIES) ||
			   attributes_has(request, ATTRIBUTE_AUTH);

	if (attributes_has(request, ATTRIBUTE_TARGET_HOST) || request->is_cut ||
	    (uri[0] != '/' && !is_whole(uri, attributes_text(request, ATTRIBUTE_HOST))) ||
	    attributes_has(request, ATTRIBUTE_WINRM) || is_certificate_check(request, agent))
		return false;
	kind = http_agent_of(agent);
	memset(out, 0, sizeof(*out));
	take_host(attributes_text(request, ATTRIBUTE_HOST), out);
	out->is_browsing = attributes_has(request, ATTRIBUTE_ACCEPT_LANGUAGE) ||
			   attributes_has(request, ATTRIBUTE_ACCEPT_ENCODING);
	out->signs = signs_of_agent(kind, request);
	out->is_browsing &= kind == AGENT_PHONE || (kind == AGENT_BROWSER && out->signs == 0);
	out->is_led = has_referer;
	out->is_front = strcmp(uri, "/") == 0 && !is_post(request);
	if (is_post(request)) {
		if (!has_session && (!has_referer || !out->is_browsing))
			out->signs |= HTTP_BARE_POST;
		if ((out->signs & HTTP_BARE_POST) != 0 && ends_in_script(uri))
			out->signs |= HTTP_SCRIPT_POST;
	} else if (attributes_has(request, ATTRIBUTE_CONTENT_TYPE) &&
		   attributes_number(request, ATTRIBUTE_CONTENT_LENGTH, 0) == 0) {
		out->signs |= HTTP_TYPE_WITHOUT_BODY;
	}
	return true;
}

bool http_path_is_harmless(const char *uri)
{
	static const char *const endings[] = { ".jpg", ".jpeg", ".png", ".gif", ".txt", ".html",
					       ".htm", ".css",  ".pdf", ".ico", ".bmp", ".log",
					       ".doc", ".xls",  ".mp3", ".mp4", ".php", ".svg" };
	size_t len = strcspn(uri, "?");

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t end = strlen(endings[i]);

		if (len > end && strncasecmp(uri + len - end, endings[i], end) == 0)
			return true;
	}
	return false;
}

uint64_t http_path_hash(const char *uri)
{
	static const char *const common[] = {
		"/index",       "/favicon",     "/robots", "/generate", "/connect",
		"/success",     "/ncsi",        "/ads",    "/sitemap",  "/crossdomain",
		"/.well-known", "/apple-touch", "/ocsp",   "/status",   "/health",
		"/ping",        "/api/",        "/feed",   "/rss"
	};
	size_t len = strcspn(uri, "?");

	if (len < PATH_LEAST)
		return 0;
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
		if (begins(uri, common[i]))
			return 0;
	}
	return distinct_hash(uri, len);
}
