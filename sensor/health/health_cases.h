/*
 * Findings over time: what is wrong now, since when. A finding opens a case when it holds in two
 * windows in a row (a hard one at once), renews it while it holds, and closes it when it has not
 * held for ten minutes (one that rests on files: with the first window in which it does not hold).
 * With HEALTH_WINDOW a fault is a case within nine minutes.
 *
 * One thread. Memory is fixed: one place for each code and interface.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/digest/digest.h"
#include "sensor/health/health_check.h"

struct health_case {
	char id[DIGEST_UUID_LEN];
	char interface[INTERFACE_NAME_LEN]; /* "" for the machine or all of them */
	bool is_open;
	bool is_over;   /* its end has been told, and was not taken yet */
	nanotime first; /* when it was first found, which may be a window before it opened */
	nanotime last;  /* … and last */
	struct health_finding finding; /* the latest */
};

enum health_change { HEALTH_CASE_OPENED, HEALTH_CASE_RENEWED, HEALTH_CASE_CLOSED };

/*
 * `health_case` is borrowed for the call. False: not taken. A closing is then told again when the
 * next window ends, with `is_over`; an opening is not, as each renewal says as much.
 */
typedef bool health_case_fn(void *arg, const struct health_case *health_case,
			    enum health_change change);

struct health_cases;

/*
 * `identity` names office and sensor, at most HEALTH_IDENTITY_MAX bytes of it count; copied.
 * ERR_MEMORY.
 */
enum { HEALTH_IDENTITY_MAX = 255 };
MUST_USE enum err health_cases_new(struct health_cases **out, const char *identity,
				   health_case_fn *changed, void *arg);

/* NULL is fine. */
void health_cases_free(struct health_cases *cases);

/* A case as it was last told before the sensor stopped. Texts are borrowed for the call. */
struct health_case_kept {
	const char *id;
	const char *code;
	nanotime first;
	nanotime last;
};

/*
 * Before the first window: takes up a case that was open, and tells nobody. When it is found again
 * it goes on under its id, else it is closed at the end of a window (HEALTH_STORY_GONE), as any
 * other; with the first one where it is of no interface in `names`,
 * which are in their order, or of another identity. Nothing for a code of another version, or
 * beyond 16 such.
 */
void health_cases_restore(struct health_cases *cases, const struct health_case_kept *kept,
			  const struct interface_names *names);

/* A window has ended: `view` is of it. Calls `changed` for what opens, goes on and closes. */
void health_cases_window(struct health_cases *cases, const struct health_view *view);

/* Something happened within a window (an interface went, the store is full): hard ones alone. */
void health_cases_event(struct health_cases *cases, const struct health_view *view);

/* Each open case, the most important first; what `each` answers counts for nothing. */
void health_cases_each(const struct health_cases *cases, health_case_fn *each, void *arg);
