/*
 * Cases to a collector of logs: RFC 5424 over TLS (RFC 5425). The protocol knows no word that a
 * message arrived. So what was written counts as delivered when the connection still stands behind
 * it; and when it is found broken later, what was written last goes out once more before all else.
 */
#include "sensor/base/monotonic.h"
#include "sensor/courier/cef_line.h"
#include "sensor/courier/eve_line.h"
#include "sensor/courier/line_curl.h"
#include "sensor/courier/output.h"
#include "sensor/courier/output_reply.h"
#include "sensor/courier/syslog_frame.h"

#include <poll.h>
#include <stdlib.h>

enum { WRITE_SECONDS = 30, SLICE_MS = 200, URL_LEN = CONFIG_PATH_LEN + 16, READS_MAX = 64 };

static const char tls_scheme[] = "tls://";
static const char plain_scheme[] = "tcp://";

struct frames {
	char *bytes;
	size_t len;
};

enum line_state { LINE_ALIVE, LINE_CLOSED, LINE_BROKEN };

struct output {
	const struct courier_config *config;
	const atomic_bool *is_ending;
	char url[URL_LEN]; /* as libcurl has it */
	CURLM *multi;
	CURL *easy; /* NULL: not connected */
	uint32_t sequence;
	struct frames last; /* what was written last … */
	bool is_doubtful;   /* … and may not have arrived */
};

static bool is_wanted(const struct config *config)
{
	return config->courier.syslog.url[0] != '\0';
}

static void disconnect(struct output *self)
{
	if (!self->easy)
		return;
	(void)curl_multi_remove_handle(self->multi, self->easy);
	curl_easy_cleanup(self->easy);
	self->easy = NULL;
}

/* A collector says nothing; so all that can be read is that it is gone. */
static enum line_state look(struct output *self)
{
	char chars[256];

	for (unsigned i = 0; i < READS_MAX; i++) {
		size_t got = 0;
		CURLcode code = curl_easy_recv(self->easy, chars, sizeof(chars), &got);

		if (code == CURLE_AGAIN)
			return LINE_ALIVE;
		if (code != CURLE_OK)
			return LINE_BROKEN;
		if (got == 0)
			return LINE_CLOSED;
	}
	return LINE_BROKEN;
}

static bool set_connect(struct output *self, char *said)
{
	if (line_curl_set(self->easy, &self->config->syslog, "syslog", said) != ERR_OK)
		return false;
	return curl_easy_setopt(self->easy, CURLOPT_URL, self->url) == CURLE_OK &&
	       curl_easy_setopt(self->easy, CURLOPT_CONNECT_ONLY, 1L) == CURLE_OK &&
	       curl_easy_setopt(self->easy, CURLOPT_SSL_ENABLE_ALPN, 0L) == CURLE_OK &&
	       curl_multi_add_handle(self->multi, self->easy) == CURLM_OK;
}

/* Until the socket can do it, for a moment at most. */
static void await(struct output *self, short events)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (curl_easy_getinfo(self->easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK)
		return;

	struct pollfd wanted = { .fd = fd, .events = events };

	(void)poll(&wanted, 1, SLICE_MS);
}

/*
 * In TLS 1.3 a collector refuses our certificate only after the handshake. Most say something then
 * anyway, so this seldom waits.
 */
static bool is_accepted(struct output *self)
{
	await(self, POLLIN);
	return look(self) == LINE_ALIVE;
}

static bool connect_line(struct output *self, char *said)
{
	(void)snprintf(said, OUTPUT_SAID_LEN, "syslog.url: no memory");
	self->easy = curl_easy_init();
	if (!self->easy)
		return false;
	if (!set_connect(self, said)) {
		disconnect(self);
		return false;
	}

	CURLcode code = line_curl_await(self->multi, self->easy, self->is_ending);

	if (code == CURLE_OK && is_accepted(self))
		return true;
	(void)snprintf(said, OUTPUT_SAID_LEN, "syslog.url %.80s: %.100s", self->config->syslog.url,
		       code == CURLE_OK ? "the collector closed: is syslog.certificate right?"
					: curl_easy_strerror(code));
	disconnect(self);
	return false;
}

static bool write_all(struct output *self, const struct frames *frames)
{
	nanotime until = monotonic_now() + WRITE_SECONDS * NANOTIME_SECOND;

	for (size_t done = 0; done < frames->len;) {
		size_t wrote = 0;
		CURLcode code = curl_easy_send(self->easy, frames->bytes + done, frames->len - done,
					       &wrote);

		if (code != CURLE_OK && code != CURLE_AGAIN)
			return false;
		done += wrote;
		if (code == CURLE_AGAIN) {
			if (atomic_load(self->is_ending) || monotonic_now() > until)
				return false;
			await(self, POLLOUT);
		}
	}
	return look(self) == LINE_ALIVE;
}

static enum syslog_severity severity_of_case(const struct parcel *parcel)
{
	struct case_view view;
	unsigned priority;

	if (case_view_read(parcel->body, parcel->body_len, &view) != ERR_OK)
		return SYSLOG_NOTICE;
	priority = view.priority;
	case_view_free(&view);
	return priority == 1 ? SYSLOG_CRITICAL : priority == 2 ? SYSLOG_WARNING : SYSLOG_NOTICE;
}

static enum syslog_severity severity_of_health(const struct parcel *parcel)
{
	struct health_body view;
	enum syslog_severity severity = SYSLOG_NOTICE;

	if (health_body_read(parcel->body, parcel->body_len, &view) != ERR_OK)
		return severity;
	if (strcmp(view.severity, "fault") == 0)
		severity = SYSLOG_ERROR;
	else if (strcmp(view.severity, "warning") == 0)
		severity = SYSLOG_WARNING;
	health_body_free(&view);
	return severity;
}

static void put_frame(struct output *self, const struct parcel *parcel, const char *text,
		      size_t len, FILE *out)
{
	bool is_case = parcel->kind == PARCEL_CASE;
	char head[SYSLOG_HEAD_MAX];

	self->sequence = self->sequence == SYSLOG_SEQUENCE_MAX ? 1 : self->sequence + 1;

	struct syslog_message message = {
		.severity = is_case ? severity_of_case(parcel) : severity_of_health(parcel),
		.sensor = parcel->sensor,
		.id = is_case ? "case" : "health",
		.made = parcel->made,
		.sequence = self->sequence,
		.text = text,
		.text_len = len,
	};
	size_t head_len = syslog_head(&message, head);

	(void)fwrite(head, 1, head_len, out);
	(void)fwrite(text, 1, len, out);
}

static enum err put_cef(struct output *self, const struct parcel *parcel, FILE *out)
{
	char text[CEF_LINE_MAX];
	enum err err = cef_line_parcel(parcel, text);

	if (err == ERR_OK)
		put_frame(self, parcel, text, strlen(text), out);
	return err;
}

/* Without the words where they would make a collector cut the message. */
static enum err put_eve(struct output *self, const struct parcel *parcel, FILE *out)
{
	char *line = NULL;
	size_t len = 0;
	enum err err = eve_line_parcel(parcel, true, &line, &len);

	if (err == ERR_OK && len + SYSLOG_HEAD_MAX > SYSLOG_MESSAGE_MAX) {
		free(line);
		line = NULL;
		err = eve_line_parcel(parcel, false, &line, &len);
	}
	if (err == ERR_OK)
		put_frame(self, parcel, line, len - 1, out);
	free(line);
	return err;
}

static enum err put_parcels(struct output *self, const struct parcel *parcels, size_t count,
			    struct output_result *result, FILE *out)
{
	for (size_t i = 0; i < count; i++) {
		enum err err = self->config->syslog_form == SYSLOG_EVE
				       ? put_eve(self, &parcels[i], out)
				       : put_cef(self, &parcels[i], out);

		if (err == ERR_MEMORY)
			return err;
		if (err == ERR_SYNTAX)
			output_reply(result, &parcels[i], REPLY_REJECTED, "bad_body");
		else
			output_reply(result, &parcels[i], REPLY_STORED, "");
	}
	return ERR_OK;
}

static enum err make_frames(struct output *self, const struct parcel *parcels, size_t count,
			    struct output_result *result, struct frames *frames)
{
	FILE *out = open_memstream(&frames->bytes, &frames->len);

	if (!out)
		return ERR_MEMORY;

	enum err err = put_parcels(self, parcels, count, result, out);

	if (ferror(out) != 0)
		err = ERR_MEMORY;
	return fclose(out) == 0 ? err : ERR_MEMORY;
}

/* Connected, with nothing before in doubt. */
static bool make_ready(struct output *self, char *said)
{
	enum line_state state = self->easy ? look(self) : LINE_CLOSED;

	if (state != LINE_ALIVE)
		disconnect(self);
	/* Who closes in order has read what was written. */
	self->is_doubtful = self->is_doubtful || state == LINE_BROKEN;
	if (!self->easy && !connect_line(self, said))
		return false;
	if (self->is_doubtful && !write_all(self, &self->last)) {
		(void)snprintf(said, OUTPUT_SAID_LEN, "syslog.url %.100s: the connection broke",
			       self->config->syslog.url);
		disconnect(self);
		return false;
	}
	self->is_doubtful = false;
	return true;
}

static bool deliver(struct output *self, const struct frames *frames, char *said)
{
	if (frames->len == 0)
		return true;
	if (!make_ready(self, said))
		return false;
	if (write_all(self, frames))
		return true;
	(void)snprintf(said, OUTPUT_SAID_LEN, "syslog.url %.100s: the connection broke",
		       self->config->syslog.url);
	self->is_doubtful = true;
	disconnect(self);
	return false;
}

static enum output_answer syslog_send(struct output *self, const struct parcel *parcels,
				      size_t count, struct output_result *result)
{
	struct frames frames = { 0 };

	*result = (struct output_result){ 0 };
	(void)snprintf(result->said, sizeof(result->said), "syslog.url: no memory");
	if (make_frames(self, parcels, count, result, &frames) != ERR_OK ||
	    !deliver(self, &frames, result->said)) {
		free(frames.bytes);
		result->replies.count = 0;
		return OUTPUT_FAILED;
	}
	result->said[0] = '\0';
	if (frames.len > 0) {
		free(self->last.bytes);
		self->last = frames;
	} else {
		free(frames.bytes);
	}
	return OUTPUT_ANSWERED;
}

/* libcurl connects by the schemes that it knows; nothing of HTTP is ever said. */
static enum err set_url(struct output *self, char *problem)
{
	const char *url = self->config->syslog.url;

	if (strncmp(url, tls_scheme, strlen(tls_scheme)) == 0) {
		(void)snprintf(self->url, sizeof(self->url), "https://%s",
			       url + strlen(tls_scheme));
		return ERR_OK;
	}
	if (strncmp(url, plain_scheme, strlen(plain_scheme)) == 0 && line_is_loopback(url)) {
		(void)snprintf(self->url, sizeof(self->url), "http://%s",
			       url + strlen(plain_scheme));
		return ERR_OK;
	}
	(void)snprintf(problem, OUTPUT_SAID_LEN,
		       "syslog.url %.80s: write tls://HOST:6514 (tcp:// only to this machine)",
		       url);
	return ERR_SYNTAX;
}

static void syslog_close(struct output *self)
{
	disconnect(self);
	(void)curl_multi_cleanup(self->multi);
	free(self->last.bytes);
	free(self);
}

static enum err syslog_open(struct output **out, const struct output_setup *setup,
			    char problem[static OUTPUT_SAID_LEN])
{
	struct output *self = calloc(1, sizeof(*self));

	(void)snprintf(problem, OUTPUT_SAID_LEN, "syslog.url: no memory");
	if (!self)
		return ERR_MEMORY;
	self->config = &setup->config->courier;
	self->is_ending = setup->is_ending;
	self->multi = curl_multi_init();

	enum err err = self->multi ? set_url(self, problem) : ERR_MEMORY;

	if (err != ERR_OK) {
		syslog_close(self);
		return err;
	}
	*out = self;
	return ERR_OK;
}

const struct output_kind output_syslog = {
	.name = "syslog",
	.is_wanted = is_wanted,
	.open = syslog_open,
	.send = syslog_send,
	.close = syslog_close,
};
