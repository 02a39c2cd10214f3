/*
 * What a line for people or collectors is made of: the body of a finding of health
 * ("hinomi.health/1", sensor/health/health.schema.json) as the running sensor tells it. Texts are
 * borrowed from `root` until health_body_free(); "" is one that is not there. One thread.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/language.h"

#include <stddef.h>

struct health_body {
	const char *id;
	const char *state; /* "open", "closed" */
	const char *code;
	const char *severity; /* "note", "warning", "fault" */
	const char *interface;
	const char *timestamp; /* RFC 3339, as all times here */
	const char *first;
	const char *last;
	const char *sentence[LANGUAGES]; /* what is seen */
	const char *setting[LANGUAGES];  /* the one thing to change */
	void *root;
};

/* ERR_SYNTAX: no finding of health with id, state, code, severity, time and an English sentence. */
MUST_USE enum err health_body_read(const char *body, size_t len, struct health_body *out);
void health_body_free(struct health_body *view);
