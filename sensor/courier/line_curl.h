/*
 * A connection by libcurl as a line_config describes it: whose certificates are believed, and our
 * own. TLS 1.2 and later, no proxy from the environment, no redirect. One thread for each pair of
 * handles. The process ignores SIGPIPE: what OpenSSL writes to a closed connection raises it.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/config/config.h"

#include <curl/curl.h>
#include <stdatomic.h>

enum { LINE_PROBLEM_LEN = 200, LINE_CONNECT_SECONDS = 15 };

/*
 * Sets all but the URL. ERR_MISSING: a file that is named is not there or cannot be read; `problem`
 * says which, and `option` ("syslog") whose. `line` is borrowed as long as `easy` lives.
 */
MUST_USE enum err line_curl_set(CURL *easy, const struct line_config *line, const char *option,
				char problem[static LINE_PROBLEM_LEN]);

/*
 * Runs the transfer of `easy`, which was added to `multi`, to its end. CURLE_ABORTED_BY_CALLBACK
 * once `*is_ending`, which is looked at every 200 ms.
 */
CURLcode line_curl_await(CURLM *multi, CURL *easy, const atomic_bool *is_ending);

/* Whether a host, as libcurl writes it in a URL, is this machine. */
bool line_host_is_loopback(const char *host);
/* Whether the host of a URL is this machine: nobody listens between. */
bool line_is_loopback(const char *url);
