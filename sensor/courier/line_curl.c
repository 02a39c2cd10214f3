#include "sensor/courier/line_curl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <unistd.h>

enum { SLICE_MS = 200 };

static enum err check_file(const char *path, const char *option, const char *member, char *problem)
{
	if (path[0] == '\0' || access(path, R_OK) == 0)
		return ERR_OK;
	(void)snprintf(problem, LINE_PROBLEM_LEN, "%s.%s: %.90s: %.40s", option, member, path,
		       strerror(errno));
	return ERR_MISSING;
}

static enum err check_files(const struct line_config *line, const char *option, char *problem)
{
	enum err err = check_file(line->authority, option, "authority", problem);

	if (err == ERR_OK)
		err = check_file(line->certificate, option, "certificate", problem);
	if (err == ERR_OK)
		err = check_file(line->key, option, "key", problem);
	return err;
}

/* An option that this libcurl has not would leave the line less sure than it says. */
static bool set_text(CURL *easy, CURLoption option, const char *value)
{
	return value[0] == '\0' || curl_easy_setopt(easy, option, value) == CURLE_OK;
}

enum err line_curl_set(CURL *easy, const struct line_config *line, const char *option,
		       char problem[static LINE_PROBLEM_LEN])
{
	enum err err = check_files(line, option, problem);

	if (err != ERR_OK)
		return err;
	/* The system's folder of authorities would be believed beside the file. */
	if (line->authority[0] != '\0')
		(void)curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	if (set_text(easy, CURLOPT_CAINFO, line->authority) &&
	    set_text(easy, CURLOPT_SSLCERT, line->certificate) &&
	    set_text(easy, CURLOPT_SSLKEY, line->key) &&
	    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)LINE_CONNECT_SECONDS) ==
		    CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L) == CURLE_OK &&
	    /* Who ends does not wait for a name server that is silent. */
	    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK)
		return ERR_OK;
	(void)snprintf(problem, LINE_PROBLEM_LEN, "%s.url: libcurl takes no TLS", option);
	return ERR_MISSING;
}

/* The end of `easy`'s transfer, when it has ended. */
static bool has_ended(CURLM *multi, const CURL *easy, CURLcode *code)
{
	int left;
	const CURLMsg *message;

	while ((message = curl_multi_info_read(multi, &left))) {
		if (message->msg == CURLMSG_DONE && message->easy_handle == easy) {
			*code = message->data.result;
			return true;
		}
	}
	return false;
}

CURLcode line_curl_await(CURLM *multi, CURL *easy, const atomic_bool *is_ending)
{
	CURLcode code;
	int running;

	while (!atomic_load(is_ending)) {
		if (curl_multi_perform(multi, &running) != CURLM_OK)
			return CURLE_OUT_OF_MEMORY;
		if (has_ended(multi, easy, &code))
			return code;
		if (curl_multi_poll(multi, NULL, 0, SLICE_MS, NULL) != CURLM_OK)
			return CURLE_OUT_OF_MEMORY;
	}
	return CURLE_ABORTED_BY_CALLBACK;
}

bool line_host_is_loopback(const char *host)
{
	struct in_addr v4;

	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET);
}

bool line_is_loopback(const char *url)
{
	CURLU *parts = curl_url();
	char *host = NULL;
	bool is_loopback = false;

	if (parts &&
	    curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
	    curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK)
		is_loopback = line_host_is_loopback(host);
	curl_free(host);
	curl_url_cleanup(parts);
	return is_loopback;
}
