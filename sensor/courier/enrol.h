/*
 * Enrolment: one code gives the sensor its name, its office, its token, the desk's key and the
 * options that the rangers set (CONTRACT.md, "Enrolment"). Pure client; one thread.
 */
#pragma once

#include "sensor/courier/https_client.h"
#include "sensor/courier/outbox.h"
#include "sensor/delivery/enrol_proof.h"

enum {
	ENROL_PROBLEM_LEN = 320,
	ENROL_AUTHORITY_MAX = 256 << 10,
	ENROL_POLICY_MAX = 64 << 10,
};

/* What the desk gave, once its proof was found good. Texts are borrowed from `root`. */
struct enrolment {
	struct enrol_reply reply;
	void *root;
};

struct enrol_setup {
	struct https_client *client;
	const char *code; /* as enrol_code_take() left it */
	const char *host; /* this machine's name */
	const struct sign_public *key;
};

/*
 * Asks once. `problem` is one line that says what to do: ERR_IO the line, ERR_MISSING the desk
 * knows no such code (or no longer), ERR_MALFORMED what came back was not proven or is no answer.
 */
MUST_USE enum err enrol_ask(const struct enrol_setup *setup, struct enrolment *out,
			    char problem[static ENROL_PROBLEM_LEN]);
void enrol_free(struct enrolment *enrolment);

/* Reads an answer, and checks its proof. ERR_MALFORMED. */
MUST_USE enum err enrol_take_answer(const struct enrol_setup *setup, const char *text, size_t len,
				    struct enrolment *out, char problem[static ENROL_PROBLEM_LEN]);

/* Why the desk refused, by the code in its answer. */
void enrol_say_refusal(const char *text, size_t len, char problem[static ENROL_PROBLEM_LEN]);

struct enrol_place {
	struct outbox *outbox;
	const char *folder;
	const char *url;
	const char *authority; /* a file that was given to ask with; "" is none */
	const char *proxy;     /* the same */
	outbox_say_fn *say;    /* options of the policy that are not taken */
	void *say_arg;
};

/*
 * Keeps it: files token, authority.pem and enrolled.yaml (options, in the form of any
 * configuration) in the folder, then notes sensor, office, desk_key, orders.done in courier.db, the
 * name last. Who is interrupted enrols again with the same code. ERR_IO.
 */
MUST_USE enum err enrol_keep(const struct enrol_place *place, const struct enrolment *enrolment,
			     char problem[static ENROL_PROBLEM_LEN]);

/* Calls `take` for each option of a policy; false when the text is no policy. */
typedef void policy_option_fn(void *arg, const char *name, const char *value);
bool policy_read(const char *text, policy_option_fn *take, void *arg);

/* Whether rangers may set it: neither paths, nor what is theirs to see of the office. */
bool policy_may_set(const char *name);
