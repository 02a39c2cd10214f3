#include "sensor/feed/plausible_path.h"

#include "sensor/base/text.h"
#include "sensor/intel/name_model.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_LEN = 64 };

/* From here on letters are drawn rather than chosen (name_model.h). */
static const double drawn = 5.0;

/* Words of paths that people and programs use everywhere; sorted. */
/* clang-format off */
static const char *const common[] = {
	"about", "account", "accounts", "action", "actions", "admin", "administrator", "ajax",
	"android", "api", "app", "application", "apps", "archive", "article", "articles", "asp",
	"aspx", "assets", "auth", "autodiscover", "backend", "backup", "base", "beta", "bin",
	"blog", "bootstrap", "bot", "bots", "browser", "build", "cache", "captcha", "cart",
	"category", "cgi", "check", "checkin", "client", "clients", "cloud", "cmd", "code",
	"com", "comment", "comments", "common", "component", "components", "config",
	"configuration", "connect", "connection", "contact", "contacts", "content", "control",
	"controller", "cookie", "core", "create", "cron", "css", "dashboard", "data", "database",
	"date", "db", "debug", "default", "demo", "detail", "details", "dev", "device", "dist",
	"doc", "docs", "document", "documents", "domain", "down", "download", "downloads",
	"edit", "email", "en", "error", "event", "events", "exe", "export", "fetch", "file",
	"files", "folder", "font", "fonts", "form", "forum", "forums", "framework", "free",
	"function", "functions", "gate", "gateway", "get", "gif", "google", "health", "help",
	"home", "htdocs", "htm", "html", "http", "https", "icon", "icons", "image", "images",
	"img", "import", "inc", "include", "includes", "index", "info", "information", "init",
	"install", "installer", "invoice", "items", "java", "javascript", "joomla", "jpeg",
	"jpg", "jquery", "js", "json", "jsp", "key", "lang", "language", "lib", "libraries",
	"library", "license", "link", "links", "linux", "list", "load", "loader", "local", "log",
	"login", "logo", "logout", "logs", "mail", "main", "manage", "management", "manager",
	"media", "member", "members", "menu", "message", "messages", "min", "misc", "mobile",
	"module", "modules", "music", "net", "network", "new", "news", "notification", "office",
	"online", "open", "order", "orders", "package", "packages", "page", "pages", "panel",
	"password", "path", "payload", "payment", "pdf", "photo", "photos", "php", "phpmyadmin",
	"picture", "ping", "plugin", "plugins", "png", "portal", "post", "posts", "private",
	"process", "product", "products", "profile", "public", "python", "query", "read",
	"receive", "redirect", "register", "registration", "release", "releases", "remote",
	"report", "reports", "request", "resource", "resources", "rss", "save", "script",
	"scripts", "search", "secure", "security", "send", "server", "servers", "service",
	"services", "session", "settings", "setup", "shell", "shop", "signin", "site", "sites",
	"software", "source", "src", "start", "stat", "static", "statistics", "stats", "status",
	"storage", "store", "style", "styles", "submit", "support", "svc", "svg", "sys",
	"system", "task", "tasks", "telegram", "temp", "template", "templates", "test", "tests",
	"theme", "themes", "thumbnail", "time", "tmp", "token", "tool", "tools", "tracking",
	"txt", "update", "updates", "upload", "uploads", "url", "user", "users", "utils",
	"value", "vendor", "version", "video", "videos", "view", "web", "webmail", "website",
	"widget", "windows", "wordpress", "work", "www", "xml", "zip",
};

/* Folders that are on every site of their kind, good or broken into. */
static const char *const of_many[] = {
	"/wp-content", "/wp-includes", "/wp-admin", "/wp-", "/xmlrpc", "/.well-known",
	"/node_modules", "/sites/default", "/sites/all", "/administrator/components",
	"/components/com_", "/cgi-bin/luci", "/phpmyadmin", "/owa/", "/ews/",
	"/microsoft-server-activesync", "/skin/frontend",
};
/* clang-format on */

static int by_text(const void *word, const void *row)
{
	return strcmp(word, *(const char *const *)row);
}

static bool is_common(const char *word)
{
	return bsearch(word, common, sizeof(common) / sizeof(common[0]), sizeof(common[0]),
		       by_text) != NULL;
}

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

struct word {
	size_t letters;
	size_t changes; /* of case, within it */
	bool has_digit_inside;
};

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static struct word look_at(const char *text, size_t len)
{
	struct word seen = { 0 };

	for (size_t i = 0; i < len; i++) {
		bool is_digit = text[i] <= '9';

		seen.has_digit_inside |= !is_digit && i > 0 && text[i - 1] <= '9';
		seen.letters += !is_digit;
		seen.changes += !is_digit && i > 0 && text[i - 1] > '9' &&
				is_upper(text[i]) != is_upper(text[i - 1]);
	}
	return seen;
}

/* "panel2" is a panel; a number alone may be a year or a version. "IFtPKsn" nobody writes. */
static size_t word_own(const char *from, size_t len, bool has_company)
{
	const struct word seen = look_at(from, len);
	char word[WORD_LEN];
	size_t stem = len < sizeof(word) ? len : sizeof(word) - 1;

	memcpy(word, from, stem);
	word[stem] = '\0';
	text_to_lower(word);
	if (seen.letters == 0)
		return 0;
	if (seen.has_digit_inside || seen.changes * 5 >= len * 2)
		return len + len / 2;
	while (word[stem - 1] <= '9')
		word[--stem] = '\0';
	if (is_common(word))
		return 0;
	if (name_model_cost(word, stem) >= drawn)
		return len;
	return has_company ? 0 : len / 2;
}

static bool is_of_many(const char *path)
{
	for (size_t i = 0; i < sizeof(of_many) / sizeof(of_many[0]); i++) {
		if (strcasestr(path, of_many[i]))
			return true;
	}
	return false;
}

size_t path_own(const char *path, size_t len)
{
	char text[PATH_OWN_MAX + 1];
	size_t own = 0;
	size_t at = 0;
	bool has_company;

	if (len > PATH_OWN_MAX)
		len = PATH_OWN_MAX;
	memcpy(text, path, len);
	text[len] = '\0';
	has_company = is_of_many(text);
	while (at < len) {
		size_t word = 0;

		while (at + word < len && is_letter_or_digit(text[at + word]))
			word++;
		if (word > 0)
			own += word_own(text + at, word, has_company);
		/* The first is there in any path. */
		else if (text[at] == '/' && at > 0)
			own += !has_company;
		at += word > 0 ? word : 1;
	}
	return own;
}
