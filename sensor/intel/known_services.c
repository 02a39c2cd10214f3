#include "sensor/intel/known_services.h"

#include "sensor/base/text.h"

#include <string.h>

struct known_suffix {
	const char *suffix;
	enum service_kind kind;
};

/*
 * Names below these belong to the vendor's customers, not to the vendor: never known, although a
 * parent is in the table below.
 */
static const char *const customer_suffixes[] = {
	"amazonaws.com",
	"api.telegram.org",
	"appspot.com",
	"azure-api.net",
	"azureedge.net",
	"azurefd.net",
	"azurewebsites.net",
	"blogspot.com",
	"cloudapp.azure.com",
	"cloudapp.net",
	"cloudfunctions.net",
	"core.windows.net",
	"database.windows.net",
	"docs.google.com",
	"drive.google.com",
	"firebaseapp.com",
	"firebaseio.com",
	"forms.gle",
	"gist.github.com",
	"github.io",
	"googleusercontent.com",
	"onedrive.live.com",
	"onmicrosoft.com",
	"run.app",
	"script.google.com",
	"servicebus.windows.net",
	"sharepoint.com",
	"sites.google.com",
	"storage.googleapis.com",
	"trafficmanager.net",
	"translate.goog",
	"web.app",
};

/* Sorted by kind, then by name. Names that anyone can look up; nothing here is measured. */
static const struct known_suffix known_suffixes[] = {
	{ "apple.com", SERVICE_UPDATE },
	{ "archlinux.org", SERVICE_UPDATE },
	{ "canonical.com", SERVICE_UPDATE },
	{ "debian.org", SERVICE_UPDATE },
	{ "digicert.com", SERVICE_UPDATE },
	{ "fedoraproject.org", SERVICE_UPDATE },
	{ "freebsd.org", SERVICE_UPDATE },
	{ "globalsign.com", SERVICE_UPDATE },
	{ "gvt1.com", SERVICE_UPDATE },
	{ "gvt2.com", SERVICE_UPDATE },
	{ "intel.com", SERVICE_UPDATE },
	{ "lencr.org", SERVICE_UPDATE },
	{ "letsencrypt.org", SERVICE_UPDATE },
	{ "microsoft.com", SERVICE_UPDATE },
	{ "mozilla.com", SERVICE_UPDATE },
	{ "mozilla.net", SERVICE_UPDATE },
	{ "mozilla.org", SERVICE_UPDATE },
	{ "msftconnecttest.com", SERVICE_UPDATE },
	{ "msftncsi.com", SERVICE_UPDATE },
	{ "nvidia.com", SERVICE_UPDATE },
	{ "opera.com", SERVICE_UPDATE },
	{ "pki.goog", SERVICE_UPDATE },
	{ "raspberrypi.com", SERVICE_UPDATE },
	{ "sectigo.com", SERVICE_UPDATE },
	{ "ubuntu.com", SERVICE_UPDATE },
	{ "verisign.com", SERVICE_UPDATE },
	{ "windows.com", SERVICE_UPDATE },
	{ "windows.net", SERVICE_UPDATE },
	{ "windowsupdate.com", SERVICE_UPDATE },
	{ "adobe.com", SERVICE_SUITE },
	{ "adobe.io", SERVICE_SUITE },
	{ "anydesk.com", SERVICE_SUITE },
	{ "atlassian.com", SERVICE_SUITE },
	{ "box.com", SERVICE_SUITE },
	{ "chatwork.com", SERVICE_SUITE },
	{ "cybozu.com", SERVICE_SUITE },
	{ "discord.com", SERVICE_SUITE },
	{ "discord.gg", SERVICE_SUITE },
	{ "dropbox.com", SERVICE_SUITE },
	{ "evernote.com", SERVICE_SUITE },
	{ "facebook.com", SERVICE_SUITE },
	{ "fbcdn.net", SERVICE_SUITE },
	{ "github.com", SERVICE_SUITE },
	{ "google.co.jp", SERVICE_SUITE },
	{ "google.com", SERVICE_SUITE },
	{ "googleapis.com", SERVICE_SUITE },
	{ "gotomeeting.com", SERVICE_SUITE },
	{ "icloud.com", SERVICE_SUITE },
	{ "imo.im", SERVICE_SUITE },
	{ "instagram.com", SERVICE_SUITE },
	{ "kakao.com", SERVICE_SUITE },
	{ "line-apps.com", SERVICE_SUITE },
	{ "line.me", SERVICE_SUITE },
	{ "linkedin.com", SERVICE_SUITE },
	{ "live.com", SERVICE_SUITE },
	{ "live.net", SERVICE_SUITE },
	{ "logmein.com", SERVICE_SUITE },
	{ "lync.com", SERVICE_SUITE },
	{ "me.com", SERVICE_SUITE },
	{ "messenger.com", SERVICE_SUITE },
	{ "microsoftonline.com", SERVICE_SUITE },
	{ "msn.com", SERVICE_SUITE },
	{ "notion.so", SERVICE_SUITE },
	{ "office.com", SERVICE_SUITE },
	{ "office.net", SERVICE_SUITE },
	{ "office365.com", SERVICE_SUITE },
	{ "outlook.com", SERVICE_SUITE },
	{ "qq.com", SERVICE_SUITE },
	{ "salesforce.com", SERVICE_SUITE },
	{ "signal.org", SERVICE_SUITE },
	{ "skype.com", SERVICE_SUITE },
	{ "slack.com", SERVICE_SUITE },
	{ "snapchat.com", SERVICE_SUITE },
	{ "teams.microsoft.com", SERVICE_SUITE },
	{ "teamviewer.com", SERVICE_SUITE },
	{ "telegram.org", SERVICE_SUITE },
	{ "viber.com", SERVICE_SUITE },
	{ "webex.com", SERVICE_SUITE },
	{ "wechat.com", SERVICE_SUITE },
	{ "whatsapp.com", SERVICE_SUITE },
	{ "whatsapp.net", SERVICE_SUITE },
	{ "yahoo.co.jp", SERVICE_SUITE },
	{ "yahoo.com", SERVICE_SUITE },
	{ "zoom.us", SERVICE_SUITE },
	{ "app-measurement.com", SERVICE_PUSH },
	{ "applicationinsights.microsoft.com", SERVICE_PUSH },
	{ "crashlytics.com", SERVICE_PUSH },
	{ "mtalk.google.com", SERVICE_PUSH },
	{ "newrelic.com", SERVICE_PUSH },
	{ "nr-data.net", SERVICE_PUSH },
	{ "push.apple.com", SERVICE_PUSH },
	{ "sentry.io", SERVICE_PUSH },
	{ "nict.jp", SERVICE_TIME },
	{ "ntp.org", SERVICE_TIME },
	{ "time.windows.com", SERVICE_TIME },
	{ "avast.com", SERVICE_SECURITY },
	{ "avg.com", SERVICE_SECURITY },
	{ "avira.com", SERVICE_SECURITY },
	{ "bitdefender.com", SERVICE_SECURITY },
	{ "bitdefender.net", SERVICE_SECURITY },
	{ "cloudsink.net", SERVICE_SECURITY },
	{ "crowdstrike.com", SERVICE_SECURITY },
	{ "e5.sk", SERVICE_SECURITY },
	{ "eset.com", SERVICE_SECURITY },
	{ "f-secure.com", SERVICE_SECURITY },
	{ "kaspersky.com", SERVICE_SECURITY },
	{ "malwarebytes.com", SERVICE_SECURITY },
	{ "mcafee.com", SERVICE_SECURITY },
	{ "norton.com", SERVICE_SECURITY },
	{ "sophos.com", SERVICE_SECURITY },
	{ "sophosxl.net", SERVICE_SECURITY },
	{ "spamhaus.org", SERVICE_SECURITY },
	{ "symantec.com", SERVICE_SECURITY },
	{ "symcd.com", SERVICE_SECURITY },
	{ "trendmicro.co.jp", SERVICE_SECURITY },
	{ "trendmicro.com", SERVICE_SECURITY },
	{ "webroot.com", SERVICE_SECURITY },
	{ "amazonalexa.com", SERVICE_DEVICE },
	{ "brother.com", SERVICE_DEVICE },
	{ "canon.com", SERVICE_DEVICE },
	{ "dropcam.com", SERVICE_DEVICE },
	{ "epson.com", SERVICE_DEVICE },
	{ "hp.com", SERVICE_DEVICE },
	{ "hpeprint.com", SERVICE_DEVICE },
	{ "meethue.com", SERVICE_DEVICE },
	{ "meraki.com", SERVICE_DEVICE },
	{ "nest.com", SERVICE_DEVICE },
	{ "netgear.com", SERVICE_DEVICE },
	{ "qnap.com", SERVICE_DEVICE },
	{ "ring.com", SERVICE_DEVICE },
	{ "roku.com", SERVICE_DEVICE },
	{ "samsung.com", SERVICE_DEVICE },
	{ "sonos.com", SERVICE_DEVICE },
	{ "sony.net", SERVICE_DEVICE },
	{ "synology.com", SERVICE_DEVICE },
	{ "tplinkcloud.com", SERVICE_DEVICE },
	{ "ubnt.com", SERVICE_DEVICE },
	{ "ui.com", SERVICE_DEVICE },
	{ "amazon.co.jp", SERVICE_MEDIA },
	{ "amazon.com", SERVICE_MEDIA },
	{ "bing.com", SERVICE_MEDIA },
	{ "deezer.com", SERVICE_MEDIA },
	{ "doubleclick.net", SERVICE_MEDIA },
	{ "epicgames.com", SERVICE_MEDIA },
	{ "ggpht.com", SERVICE_MEDIA },
	{ "google-analytics.com", SERVICE_MEDIA },
	{ "googlesyndication.com", SERVICE_MEDIA },
	{ "googlevideo.com", SERVICE_MEDIA },
	{ "gstatic.com", SERVICE_MEDIA },
	{ "hulu.com", SERVICE_MEDIA },
	{ "netflix.com", SERVICE_MEDIA },
	{ "nflxvideo.net", SERVICE_MEDIA },
	{ "nicovideo.jp", SERVICE_MEDIA },
	{ "nintendo.net", SERVICE_MEDIA },
	{ "pandora.com", SERVICE_MEDIA },
	{ "pinterest.com", SERVICE_MEDIA },
	{ "playstation.net", SERVICE_MEDIA },
	{ "rakuten.co.jp", SERVICE_MEDIA },
	{ "reddit.com", SERVICE_MEDIA },
	{ "scdn.co", SERVICE_MEDIA },
	{ "spotify.com", SERVICE_MEDIA },
	{ "steampowered.com", SERVICE_MEDIA },
	{ "tiktok.com", SERVICE_MEDIA },
	{ "twitch.tv", SERVICE_MEDIA },
	{ "twitter.com", SERVICE_MEDIA },
	{ "vk.com", SERVICE_MEDIA },
	{ "wikipedia.org", SERVICE_MEDIA },
	{ "x.com", SERVICE_MEDIA },
	{ "xboxlive.com", SERVICE_MEDIA },
	{ "yandex.ru", SERVICE_MEDIA },
	{ "youtube.com", SERVICE_MEDIA },
	{ "ytimg.com", SERVICE_MEDIA },
};

enum service_kind known_service(const char *host)
{
	for (size_t i = 0; i < sizeof(customer_suffixes) / sizeof(customer_suffixes[0]); i++) {
		if (text_host_under(host, customer_suffixes[i]))
			return SERVICE_NONE;
	}

	const struct known_suffix *longest = NULL; /* "time.windows.com" before "windows.com" */

	for (size_t i = 0; i < sizeof(known_suffixes) / sizeof(known_suffixes[0]); i++) {
		const struct known_suffix *known = &known_suffixes[i];

		if (text_host_under(host, known->suffix) &&
		    (!longest || strlen(known->suffix) > strlen(longest->suffix)))
			longest = known;
	}
	return longest ? longest->kind : SERVICE_NONE;
}

bool service_is_shared(const char *host)
{
	for (size_t i = 0; i < sizeof(customer_suffixes) / sizeof(customer_suffixes[0]); i++) {
		if (strcmp(host, customer_suffixes[i]) == 0)
			return true;
	}
	return false;
}

const char *service_kind_text(enum service_kind kind)
{
	switch (kind) {
	case SERVICE_NONE:
		return "none";
	case SERVICE_UPDATE:
		return "updates";
	case SERVICE_SUITE:
		return "office and messages";
	case SERVICE_PUSH:
		return "notifications";
	case SERVICE_TIME:
		return "time";
	case SERVICE_SECURITY:
		return "security product";
	case SERVICE_DEVICE:
		return "device cloud";
	case SERVICE_MEDIA:
		return "media";
	}
	return "none";
}
