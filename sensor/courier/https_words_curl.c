/* What goes wrong on a line, in words that say what to do. The first that fits is said. */
#include "sensor/courier/https_state_curl.h"

#include <inttypes.h>
#include <string.h>

enum {
	/* OpenSSL's numbers of why a certificate is not believed (x509_vfy.h), as curl hands on. */
	NOT_YET_VALID = 9,
	EXPIRED = 10,
	SELF_SIGNED = 18,
	SELF_SIGNED_IN_CHAIN = 19,
	NO_ISSUER = 20,
	NO_FIRST_SIGNATURE = 21,
	SAID_OF_CURL = 90, /* characters of libcurl's own words that are handed on */
};

static void say_certificate(const struct https_client *c, struct https_answer *answer)
{
	long why = 0;

	(void)curl_easy_getinfo(c->easy, CURLINFO_SSL_VERIFYRESULT, &why);
	if (why == EXPIRED)
		(void)snprintf(
			answer->said, OUTPUT_SAID_LEN,
			"the certificate of %.60s has expired: it must be renewed there; is this "
			"machine's clock right?",
			c->host);
	else if (why == NOT_YET_VALID)
		(void)snprintf(
			answer->said, OUTPUT_SAID_LEN,
			"the certificate of %.60s is not valid yet: look at this machine's clock",
			c->host);
	else if (why >= SELF_SIGNED && why <= NO_FIRST_SIGNATURE)
		(void)snprintf(answer->said, OUTPUT_SAID_LEN,
			       "the certificate of %.60s is not signed by %s%s: is that file the "
			       "service's, and no one in between?",
			       c->host,
			       c->setup.line->authority[0] ? c->setup.module : "any authority of ",
			       c->setup.line->authority[0] ? ".authority" : "the system");
	else
		(void)snprintf(answer->said, OUTPUT_SAID_LEN,
			       "the certificate of %.60s is not believed: %.*s", c->host,
			       SAID_OF_CURL, c->curl_said);
}

static void say_time_over(struct https_client *c, struct https_answer *answer)
{
	double connected = 0;
	curl_off_t sent = 0;
	curl_off_t wanted = 0;

	(void)curl_easy_getinfo(c->easy, CURLINFO_PRETRANSFER_TIME, &connected);
	(void)curl_easy_getinfo(c->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
	(void)curl_easy_getinfo(c->easy, CURLINFO_CONTENT_LENGTH_UPLOAD_T, &wanted);
	/* What libcurl counts as sent may still wait in the kernel. */
	answer->is_slow = connected > 0 && wanted > 0;
	if (connected <= 0)
		(void)snprintf(
			answer->said, OUTPUT_SAID_LEN,
			"%.60s does not answer: is the line up, and the port open on the way?",
			c->host);
	else if (sent < wanted)
		(void)snprintf(answer->said, OUTPUT_SAID_LEN,
			       "the line to %.60s is too slow or stands still: %" PRId64
			       " of %" PRId64 " bytes went out; less is sent at once now",
			       c->host, (int64_t)sent, (int64_t)wanted);
	else
		(void)snprintf(answer->said, OUTPUT_SAID_LEN,
			       "%.60s took what was sent and did not answer in time", c->host);
}

static void say_proxy(struct https_client *c, struct https_answer *answer)
{
	long status = 0;

	(void)curl_easy_getinfo(c->easy, CURLINFO_HTTP_CONNECTCODE, &status);
	(void)snprintf(
		answer->said, OUTPUT_SAID_LEN,
		"the proxy of %s.proxy lets nobody through to %.60s (status %ld)%s",
		c->setup.module, c->host, status,
		status == 407
			? ": it wants a user and a password, as http://USER:PASSWORD@HOST:PORT"
			: "");
}

static bool is_proxy_refusing(struct https_client *c)
{
	long status = 0;

	return curl_easy_getinfo(c->easy, CURLINFO_HTTP_CONNECTCODE, &status) == CURLE_OK &&
	       status >= 300;
}

/* The host stands between the first two, the options' module between the last two. */
static const struct {
	CURLcode code;
	const char *said[3];
} words[] = {
	{ CURLE_COULDNT_RESOLVE_HOST,
	  { "the name ", " is not found: is ", ".url right, and this machine's DNS?" } },
	{ CURLE_COULDNT_RESOLVE_PROXY,
	  { "the proxy on the way to ", " is not found: is ", ".proxy right?" } },
	{ CURLE_COULDNT_CONNECT,
	  { "", " takes no connection: does the service run, and is ", ".url right?" } },
	{ CURLE_SSL_CONNECT_ERROR,
	  { "no TLS with ", ": is ", ".url a service that speaks TLS 1.2 or later?" } },
	{ CURLE_SSL_CERTPROBLEM,
	  { "our certificate for ", " cannot be used: look at ", ".certificate and .key" } },
	{ CURLE_SSL_CACERT_BADFILE,
	  { "nothing proves who ", " is: no certificates can be read from ", ".authority" } },
	{ CURLE_PARTIAL_FILE, { "", " ended the connection amid its answer (", ".url)" } },
	{ CURLE_GOT_NOTHING, { "", " ended the connection without an answer (", ".url)" } },
};

/* False when the table does not know it. */
static bool say_by_table(const struct https_client *c, CURLcode code, struct https_answer *answer)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].code != code)
			continue;
		(void)snprintf(answer->said, OUTPUT_SAID_LEN, "%s%.60s%s%s%s", words[i].said[0],
			       c->host, words[i].said[1], c->setup.module, words[i].said[2]);
		return true;
	}
	return false;
}

/*
 * With TLS 1.3 who wants a certificate says so after the handshake, and what was sent meanwhile may
 * have its word thrown away.
 */
static bool is_cut_at_once(const struct https_client *c, CURLcode code)
{
	return (code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR) && c->is_tls &&
	       c->header_bytes == 0 && c->setup.line->certificate[0] == '\0';
}

void https_say_failure(struct https_client *c, CURLcode code, struct https_answer *answer)
{
	const char *curl_said = c->curl_said[0] ? c->curl_said : curl_easy_strerror(code);

	if (strstr(curl_said, "certificate required") || strstr(curl_said, "handshake failure"))
		(void)snprintf(answer->said, OUTPUT_SAID_LEN,
			       "%.60s wants a certificate of ours: set %s.certificate and .key",
			       c->host, c->setup.module);
	else if (c->is_too_long)
		(void)snprintf(answer->said, OUTPUT_SAID_LEN,
			       "%.60s answers with more than was agreed: is %s.url right?", c->host,
			       c->setup.module);
	else if (is_proxy_refusing(c))
		say_proxy(c, answer);
	else if (code == CURLE_PEER_FAILED_VERIFICATION)
		say_certificate(c, answer);
	else if (code == CURLE_OPERATION_TIMEDOUT)
		say_time_over(c, answer);
	else if (is_cut_at_once(c, code))
		(void)snprintf(answer->said, OUTPUT_SAID_LEN,
			       "%.60s ended the connection before it answered: does it want a "
			       "certificate of ours (%s.certificate)?",
			       c->host, c->setup.module);
	else if (!say_by_table(c, code, answer))
		(void)snprintf(answer->said, OUTPUT_SAID_LEN,
			       "the connection to %.60s was lost: %.*s", c->host, SAID_OF_CURL,
			       curl_said);
}

void https_say_status(const struct https_client *c, struct https_answer *answer)
{
	long status = answer->status;
	const char *advice = "it is tried again later";

	if (status >= 300 && status < 400)
		advice = "redirects are not followed: set the url to where the service is";
	else if (status == 401 || status == 403)
		advice = "it does not believe who we are: look at the token, the certificate, or "
			 "enrol "
			 "anew";
	else if (status == 404)
		advice = "is the url right? There is no such service";
	else if (status == 413)
		advice = "too much at once";
	else if (status == 400 || status == 422)
		advice = "it did not understand what was sent; are both sides of the same version?";
	(void)snprintf(answer->said, OUTPUT_SAID_LEN, "%.60s answered with status %ld: %s", c->host,
		       status, advice);
}
