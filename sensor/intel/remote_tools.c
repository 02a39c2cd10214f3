#include "sensor/intel/remote_tools.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* What their makers tell network administrators to let through. */
struct remote_tool {
	const char *suffix;
	const char *tool;
};

static const struct remote_tool tools[] = {
	{ "action1.com", "action1" },
	{ "aeroadmin.com", "aeroadmin" },
	{ "agent.datto.com", "datto" },
	{ "ammyy.com", "ammyy" },
	{ "anydesk.com", "anydesk" },
	{ "atera.com", "atera" },
	{ "beamyourscreen.com", "mikogo" },
	{ "bomgarcloud.com", "beyondtrust" },
	{ "brynhildr.net", "brynhildr" },
	{ "centrastage.net", "datto" },
	{ "dameware.com", "dameware" },
	{ "dwservice.net", "dwservice" },
	{ "fixme.it", "fixmeit" },
	{ "getscreen.me", "getscreen" },
	{ "gotoassist.com", "gotoassist" },
	{ "gotoresolve.com", "goto" },
	{ "hostedrmm.com", "connectwise" },
	{ "immy.bot", "immybot" },
	{ "islonline.net", "islonline" },
	{ "itarian.com", "itarian" },
	{ "kaseya.net", "kaseya" },
	{ "level.io", "level" },
	{ "litemanager.com", "litemanager" },
	{ "logmein.com", "logmein" },
	{ "logmeinrescue.com", "logmein" },
	{ "meshcentral.com", "meshcentral" },
	{ "mspa.n-able.com", "n-able" },
	{ "n-able.com", "n-able" },
	{ "netsupportmanager.com", "netsupport" },
	{ "netsupportsoftware.com", "netsupport" },
	{ "ninjarmm.com", "ninjaone" },
	{ "ninjarmm.net", "ninjaone" },
	{ "parsec.app", "parsec" },
	{ "pulseway.com", "pulseway" },
	{ "realvnc.com", "realvnc" },
	{ "remotedesktop.google.com", "chrome" },
	{ "remotepc.com", "remotepc" },
	{ "remoteutilities.com", "remoteutilities" },
	{ "rmansys.ru", "rms" },
	{ "rmmservice.com", "datto" },
	{ "rustdesk.com", "rustdesk" },
	{ "screenconnect.com", "screenconnect" },
	{ "simple-help.com", "simplehelp" },
	{ "splashtop.com", "splashtop" },
	{ "splashtop.eu", "splashtop" },
	{ "superops.ai", "superops" },
	{ "supremocontrol.com", "supremo" },
	{ "swi-rc.com", "n-able" },
	{ "syncroapi.com", "syncro" },
	{ "syncromsp.com", "syncro" },
	{ "tacticalrmm.com", "tactical" },
	{ "teamviewer.com", "teamviewer" },
	{ "tsupport.dev", "radmin" },
	{ "ultraviewer.net", "ultraviewer" },
	{ "zohoassist.com", "zoho" },
	{ "zohoassist.jp", "zoho" },
};

static const char *const resolvers[] = {
	"adguard-dns.com",
	"blahdns.com",
	"chrome.cloudflare-dns.com",
	"cleanbrowsing.org",
	"cloudflare-dns.com",
	"dns.adguard.com",
	"dns.alidns.com",
	"dns.google",
	"dns.nextdns.io",
	"dns.quad9.net",
	"dns.sb",
	"dns.switch.ch",
	"dns.twnic.tw",
	"dns0.eu",
	"doh.dns.sb",
	"doh.opendns.com",
	"doh.pub",
	"doh.xfinity.com",
	"dot.pub",
	"freedns.controld.com",
	"one.one.one.one",
	"public.dns.iij.jp",
	"security.cloudflare-dns.com",
};

/* Both tables are sorted as bytes, which a test holds; a row begins with its suffix. */
static int compare(const void *host, const void *row)
{
	return strcmp(host, *(const char *const *)row);
}

/* The longest suffix of `host` that stands in the table. */
static const void *find_suffix(const char *host, const void *rows, size_t count, size_t size)
{
	const void *found = NULL;

	for (const char *dot = strchr(host, '.'); dot && !found; dot = strchr(host, '.')) {
		found = bsearch(host, rows, count, size, compare);
		host = dot + 1;
	}
	return found;
}

const char *remote_tool_of(const char *host)
{
	const struct remote_tool *found =
		find_suffix(host, tools, sizeof(tools) / sizeof(tools[0]), sizeof(tools[0]));

	return found ? found->tool : NULL;
}

bool is_encrypted_resolver(const char *host)
{
	return find_suffix(host, resolvers, sizeof(resolvers) / sizeof(resolvers[0]),
			   sizeof(resolvers[0])) != NULL;
}

bool remote_tools_are_sorted(void)
{
	for (size_t i = 1; i < sizeof(tools) / sizeof(tools[0]); i++) {
		if (strcmp(tools[i - 1].suffix, tools[i].suffix) >= 0)
			return false;
	}
	for (size_t i = 1; i < sizeof(resolvers) / sizeof(resolvers[0]); i++) {
		if (strcmp(resolvers[i - 1], resolvers[i]) >= 0)
			return false;
	}
	return true;
}
