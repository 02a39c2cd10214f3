#include "sensor/courier/https_state_curl.h"
#include "sensor/courier/line_curl.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
	CONNECT_MS = 10 * 1000,
	STALLED_BYTES = 10, /* a second … */
	STALLED_SECONDS = 20,
	HEADERS_MAX = 64 << 10,
};

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start_curl(void)
{
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* What a header may hold: visible ASCII. */
static bool is_token(const char *text)
{
	size_t len = 0;

	while (text[len] > ' ' && text[len] < 0x7f)
		len++;
	return len > 0 && text[len] == '\0';
}

/* Takes up a token that changed. What cannot be read leaves the one before: it may be replaced
 * just now. */
static bool read_secret(struct https_client *c)
{
	char text[HTTPS_SECRET_LEN] = "";
	struct stat now;
	FILE *in = fopen(c->setup.line->secret, "re");
	size_t len;

	if (!in || fstat(fileno(in), &now) != 0) {
		if (in)
			(void)fclose(in);
		return false;
	}
	len = is_same_file(&now, &c->secret_file) ? 0 : fread(text, 1, sizeof(text) - 1, in);
	(void)fclose(in);
	while (len > 0 && (unsigned char)text[len - 1] <= ' ')
		text[--len] = '\0';
	if (len == 0 || !is_token(text))
		return c->secret[0] != '\0';
	memcpy(c->secret, text, sizeof(c->secret));
	c->secret_file = now;
	return true;
}

static enum err check_secret(struct https_client *c, char problem[static OUTPUT_SAID_LEN])
{
	if (c->setup.line->secret[0] == '\0' || read_secret(c))
		return ERR_OK;
	(void)snprintf(problem, OUTPUT_SAID_LEN,
		       "%s.secret: '%.80s' holds no token that can be read", c->setup.module,
		       c->setup.line->secret);
	return ERR_MISSING;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
static size_t take_header(char *bytes, size_t size, size_t count, void *arg)
{
	struct https_client *c = arg;

	(void)bytes;
	c->header_bytes += size * count;
	c->is_too_long = c->header_bytes > HEADERS_MAX;
	return c->is_too_long ? 0 : size * count;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct https_client *c = arg;
	size_t len = size * count;
	long status = 0;

	(void)curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	c->got += len;
	if (c->request->to && status == 200) {
		c->is_too_long = c->got > c->request->most;
		return !c->is_too_long && fwrite(bytes, 1, len, c->request->to) == len ? len : 0;
	}
	c->is_too_long = c->got > HTTPS_ANSWER_MAX;
	if (c->is_too_long)
		return 0;
	memcpy(c->body + c->body_len, bytes, len);
	c->body_len += len;
	return len;
}

/* Over what line_curl_set() has set. */
static void set_line(struct https_client *c)
{
	if (c->setup.trusts_any) {
		(void)curl_easy_setopt(c->easy, CURLOPT_SSL_VERIFYPEER, 0L);
		(void)curl_easy_setopt(c->easy, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	(void)curl_easy_setopt(c->easy, CURLOPT_PROTOCOLS_STR, c->is_tls ? "https" : "http");
	(void)curl_easy_setopt(c->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(c->easy, CURLOPT_QUICK_EXIT, 1L); /* a name that hangs */
	(void)curl_easy_setopt(c->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	(void)curl_easy_setopt(c->easy, CURLOPT_LOW_SPEED_LIMIT, (long)STALLED_BYTES);
	(void)curl_easy_setopt(c->easy, CURLOPT_LOW_SPEED_TIME, (long)STALLED_SECONDS);
	(void)curl_easy_setopt(c->easy, CURLOPT_USERAGENT, "hinomi-courier/" HINOMI_VERSION);
	(void)curl_easy_setopt(c->easy, CURLOPT_PROXY, c->setup.proxy);
	(void)curl_easy_setopt(c->easy, CURLOPT_NOPROXY, "");
	(void)curl_easy_setopt(c->easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
	(void)curl_easy_setopt(c->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	(void)curl_easy_setopt(c->easy, CURLOPT_ERRORBUFFER, c->curl_said);
	(void)curl_easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, take_body);
	(void)curl_easy_setopt(c->easy, CURLOPT_WRITEDATA, c);
	(void)curl_easy_setopt(c->easy, CURLOPT_HEADERFUNCTION, take_header);
	(void)curl_easy_setopt(c->easy, CURLOPT_HEADERDATA, c);
}

enum err https_open(struct https_client **out, const struct https_setup *setup,
		    char problem[static OUTPUT_SAID_LEN])
{
	struct https_client *c = calloc(1, sizeof(*c));
	enum err err = ERR_MEMORY;

	(void)pthread_once(&once, start_curl);
	if (!c)
		return ERR_MEMORY;
	c->setup = *setup;
	(void)snprintf(problem, OUTPUT_SAID_LEN, "%s", err_text(err));
	c->multi = curl_multi_init();
	c->easy = curl_easy_init();
	c->body = malloc(HTTPS_ANSWER_MAX + 1);
	if (c->multi && c->easy && c->body)
		err = https_take_url(c, problem);
	if (err == ERR_OK)
		err = line_curl_set(c->easy, setup->line, setup->module, problem);
	if (err == ERR_OK)
		err = check_secret(c, problem);
	if (err != ERR_OK) {
		https_close(c);
		return err;
	}
	set_line(c);
	*out = c;
	return ERR_OK;
}

void https_close(struct https_client *client)
{
	if (!client)
		return;
	curl_easy_cleanup(client->easy);
	(void)curl_multi_cleanup(client->multi);
	explicit_bzero(client->secret, sizeof(client->secret));
	free(client->body);
	free(client);
}

/* False when memory ran out. */
static bool add_header(struct https_client *c, const char *line)
{
	struct curl_slist *more = curl_slist_append(c->headers, line);

	if (more)
		c->headers = more;
	return more != NULL;
}

static bool add_headers(struct https_client *c, const struct https_request *request)
{
	char line[HTTPS_SECRET_LEN + 32];
	bool good = add_header(c, "Accept: application/json") && add_header(c, "Expect:");

	if (request->body)
		good = good && add_header(c, "Content-Type: application/json");
	if (request->is_gzip)
		good = good && add_header(c, "Content-Encoding: gzip");
	if (c->setup.line->secret[0] != '\0') {
		(void)read_secret(c);
		(void)snprintf(line, sizeof(line), "Authorization: Bearer %s", c->secret);
		good = good && add_header(c, line);
		explicit_bzero(line, sizeof(line));
	}
	return good && curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->headers) == CURLE_OK;
}

static bool prepare(struct https_client *c, const struct https_request *request)
{
	char url[sizeof(c->url) + HTTPS_PATH_LEN];
	size_t len = strlen(c->url);
	const char *between = request->path[0] != '\0' && c->url[len - 1] != '/' ? "/" : "";
	long seconds = request->seconds ? (long)request->seconds : HTTPS_SECONDS;

	c->request = request;
	c->is_too_long = false;
	c->got = 0;
	c->header_bytes = 0;
	c->body_len = 0;
	c->curl_said[0] = '\0';
	(void)snprintf(url, sizeof(url), "%s%s%s", c->url, between, request->path);
	if (request->body) {
		(void)curl_easy_setopt(c->easy, CURLOPT_POST, 1L);
		(void)curl_easy_setopt(c->easy, CURLOPT_POSTFIELDS, request->body);
		(void)curl_easy_setopt(c->easy, CURLOPT_POSTFIELDSIZE_LARGE,
				       (curl_off_t)request->body_len);
	} else {
		(void)curl_easy_setopt(c->easy, CURLOPT_HTTPGET, 1L);
	}
	(void)curl_easy_setopt(c->easy, CURLOPT_TIMEOUT_MS, 1000 * seconds);
	return curl_easy_setopt(c->easy, CURLOPT_URL, url) == CURLE_OK && add_headers(c, request);
}

static CURLcode run(struct https_client *c)
{
	static const atomic_bool never;
	CURLcode code;

	if (curl_multi_add_handle(c->multi, c->easy) != CURLM_OK)
		return CURLE_FAILED_INIT;
	code = line_curl_await(c->multi, c->easy, c->setup.is_ending ? c->setup.is_ending : &never);
	(void)curl_multi_remove_handle(c->multi, c->easy);
	return code;
}

static void clean(char *said)
{
	for (char *at = said; *at; at++) {
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	}
}

void https_ask(struct https_client *client, const struct https_request *request,
	       struct https_answer *answer)
{
	struct https_client *c = client;
	CURLcode code = CURLE_OUT_OF_MEMORY;
	curl_off_t retry = 0;

	*answer = (struct https_answer){ 0 };
	if (prepare(c, request))
		code = run(c);
	curl_slist_free_all(c->headers);
	c->headers = NULL;
	(void)curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, NULL);
	c->body[c->body_len] = '\0';
	if (code == CURLE_OK) {
		(void)curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &answer->status);
		(void)curl_easy_getinfo(c->easy, CURLINFO_RETRY_AFTER, &retry);
		answer->body = c->body;
		answer->body_len = c->body_len;
		if (answer->status != 200)
			https_say_status(c, answer);
	} else {
		https_say_failure(c, code, answer);
	}
	if (retry > 0)
		answer->retry_after = retry < HTTPS_RETRY_MAX ? (uint64_t)retry : HTTPS_RETRY_MAX;
	clean(answer->said);
}
