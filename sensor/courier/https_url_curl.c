#include "sensor/courier/https_state_curl.h"
#include "sensor/courier/line_curl.h"

#include <string.h>

/* Whether the url has such a part. */
static bool has(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	bool is_there = curl_url_get(url, part, &text, 0) == CURLUE_OK;

	curl_free(text);
	return is_there;
}

/* NULL when all is well. */
static const char *wrong_with(struct https_client *client, CURLU *url, const char *scheme,
			      const char *host)
{
	client->is_tls = strcmp(scheme, "https") == 0;
	if (!client->is_tls && strcmp(scheme, "http") != 0)
		return "must begin with https://";
	if (!client->is_tls && !line_host_is_loopback(host))
		return "must begin with https://; http:// is for tests on this machine";
	if (has(url, CURLUPART_USER) || has(url, CURLUPART_PASSWORD))
		return "must not hold a user or a password; a token stands in a file of its own";
	if (has(url, CURLUPART_FRAGMENT))
		return "must not hold a '#'";
	return NULL;
}

enum err https_take_url(struct https_client *client, char problem[static OUTPUT_SAID_LEN])
{
	const char *text = client->setup.line->url;
	size_t len = strlen(text);
	CURLU *url = curl_url();
	char *scheme = NULL;
	char *host = NULL;
	const char *wrong = "is no address such as https://desk.example.jp/";

	if (!url)
		return ERR_MEMORY;
	if (curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK && strstr(text, "://"))
		wrong = wrong_with(client, url, scheme, host);
	if (wrong)
		(void)snprintf(problem, OUTPUT_SAID_LEN, "%s.url: '%.60s' %s", client->setup.module,
			       text, wrong);
	else
		(void)snprintf(client->host, sizeof(client->host), "%s", host);
	memcpy(client->url, text, len + 1);
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(url);
	return wrong ? ERR_SYNTAX : ERR_OK;
}
