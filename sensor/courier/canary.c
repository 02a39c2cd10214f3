#include "sensor/courier/canary.h"

#include "sensor/base/hex.h"
#include "sensor/courier/memory_text.h"
#include "sensor/delivery/privacy.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define NOTE "canary"

enum { NAME_LEN = 300, TOKEN_BYTES = 6 };

/* One lookup at a time: a resolver that hangs must not gather threads. */
static atomic_bool is_asking;

static nanotime wall_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (nanotime)now.tv_sec * NANOTIME_SECOND + (nanotime)now.tv_nsec;
}

/* "https://[2001:db8::1]:443/x" gives "2001:db8::1". Of several addresses the first. */
static void host_of(const char *url, char *out, size_t room)
{
	const char *host = strstr(url, "://");
	const char *ends;
	const char *user;

	host = host ? host + 3 : url;
	user = strchr(host, '@');
	if (user && user < host + strcspn(host, "/,"))
		host = user + 1;
	ends = *host == '[' ? "]" : ":/,";
	host += *host == '[';
	(void)snprintf(out, room, "%.*s", (int)strcspn(host, ends), host);
}

bool canary_name(const struct config *config, const char *token, char *out, size_t room)
{
	const char *url = config->courier.https.url[0] != '\0' ? config->courier.https.url
							       : config->courier.mqtt.url;
	char host[NAME_LEN];
	struct in6_addr address;

	host_of(url, host, sizeof(host));
	/* Below an address there are no names. */
	if (host[0] == '\0' || inet_pton(AF_INET, host, &address) == 1 ||
	    inet_pton(AF_INET6, host, &address) == 1)
		return false;
	host[strcspn(host, "%")] = '\0';
	if (host[strlen(host) - 1] == '.')
		host[strlen(host) - 1] = '\0';
	return (size_t)snprintf(out, room, "%s.hinomi-canary.%s.", token, host) < room;
}

static void *look_up(void *arg)
{
	static const struct addrinfo wanted = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;

	/* Whatever is answered: what counts is that the question was on the wire. */
	if (getaddrinfo(arg, NULL, &wanted, &found) == 0)
		freeaddrinfo(found);
	free(arg);
	atomic_store(&is_asking, false);
	return NULL;
}

/* Nobody waits for the thread; it ends when the resolver gives up. */
static bool begin_lookup(const char *name)
{
	pthread_attr_t attributes;
	pthread_t thread;
	char *copy;
	int rc;

	if (atomic_exchange(&is_asking, true))
		return false;
	copy = strdup(name);
	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	rc = copy ? pthread_create(&thread, &attributes, look_up, copy) : -1;
	(void)pthread_attr_destroy(&attributes);
	if (rc == 0)
		return true;
	free(copy);
	atomic_store(&is_asking, false);
	return false;
}

void canary_start(struct canary *canary, struct outbox *outbox, const struct config *config)
{
	char note[64];
	char *rest;

	*canary = (struct canary){ .outbox = outbox, .config = config };
	if (!outbox_noted(outbox, NOTE, note, sizeof(note)))
		return;
	canary->asked = strtoull(note, &rest, 10);
	if (*rest == ' ' && strlen(rest + 1) == CANARY_HEX_LEN - 1)
		memcpy(canary->token, rest + 1, CANARY_HEX_LEN);
}

static enum err keep(const struct canary *canary)
{
	char note[64];

	(void)snprintf(note, sizeof(note), "%llu%s%s", (unsigned long long)canary->asked,
		       canary->token[0] != '\0' ? " " : "", canary->token);
	return outbox_note(canary->outbox, NOTE, note);
}

static char *write_body(const struct canary *canary, nanotime seen, size_t *len)
{
	struct memory_text text;
	struct json j;

	if (!memory_text_open(&text, &j))
		return NULL;
	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.canary/1");
	json_string(&j, "token", canary->token);
	json_time(&j, "asked", canary->asked);
	if (seen != 0) {
		json_time(&j, "seen", seen);
		json_decimal(&j, "seconds",
			     nanotime_seconds(nanotime_between(canary->asked, seen)));
	} else {
		json_null(&j, "seen");
		json_null(&j, "seconds");
	}
	json_object_end(&j);
	return memory_text_close(&text, &j, len);
}

/* What came of the latest, for who asks beside the courier: when it was seen, 0: it was not. */
static enum err note_end(const struct canary *canary, nanotime seen)
{
	char note[64];
	enum err err;

	(void)snprintf(note, sizeof(note), "%llu %llu", (unsigned long long)canary->asked,
		       (unsigned long long)seen);
	err = outbox_note(canary->outbox, CANARY_LAST_NOTE, note);
	return err == ERR_OK ? keep(canary) : err;
}

/* `seen` 0: it did not come back. */
static enum err put(struct canary *canary, nanotime seen)
{
	struct outbox_row row = { .stream = PARCEL_PULSE,
				  .kind = PARCEL_CANARY,
				  .key = canary->token,
				  .revision = 1,
				  .made = wall_now() };
	size_t len = 0;
	char *text = write_body(canary, seen, &len);
	char *body = NULL;
	enum err err =
		text ? privacy_filter(row.kind, text, len, &body, &row.body_len) : ERR_MEMORY;

	row.body = body;
	if (err == ERR_OK)
		err = outbox_put(canary->outbox, &row, 1);
	free(body);
	free(text);
	if (err != ERR_OK)
		return err;
	canary->token[0] = '\0';
	return note_end(canary, seen);
}

static enum err ask(struct canary *canary, nanotime now)
{
	uint8_t drawn[TOKEN_BYTES];
	char token[CANARY_HEX_LEN];
	char name[NAME_LEN];

	if (getrandom(drawn, sizeof(drawn), 0) != (ssize_t)sizeof(drawn))
		return ERR_IO;
	hex_text(drawn, sizeof(drawn), token);
	if (!canary_name(canary->config, token, name, sizeof(name)) || !begin_lookup(name))
		return ERR_OK;
	memcpy(canary->token, token, sizeof(canary->token));
	canary->asked = now;
	return keep(canary);
}

/* Who asks often wants to know soon. */
static nanotime patience(const struct canary *canary)
{
	nanotime between = canary->config->courier.canary;

	if (between == 0 || between > CANARY_MINUTES * NANOTIME_MINUTE)
		return CANARY_MINUTES * NANOTIME_MINUTE;
	return between < CANARY_SECONDS_LEAST * NANOTIME_SECOND
		       ? CANARY_SECONDS_LEAST * NANOTIME_SECOND
		       : between;
}

enum err canary_look(struct canary *canary)
{
	nanotime now = wall_now();
	/* A clock that was set back must not silence it for years. */
	bool is_ahead = canary->asked > now + NANOTIME_MINUTE;
	nanotime since = nanotime_between(canary->asked, now);

	if (canary->token[0] != '\0')
		return is_ahead || since >= patience(canary) ? put(canary, 0) : ERR_OK;
	if (canary->config->courier.canary == 0 ||
	    (!is_ahead && since < canary->config->courier.canary))
		return ERR_OK;
	return ask(canary, now);
}

void canary_seen(void *canary, const char *token, nanotime when)
{
	struct canary *self = canary;

	/* What cannot be put now is told as not seen later, which somebody looks at. */
	if (self->token[0] != '\0' && strcmp(token, self->token) == 0 && when != 0 &&
	    put(self, when) != ERR_OK)
		return;
}
