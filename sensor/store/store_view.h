/*
 * cases.db for other processes, which only read: `hinomi cases`, `hinomi devices`. One thread. A
 * view that is open keeps nobody from writing; each call sees the data base as it is then.
 */
#pragma once

#include "sensor/store/store.h"

struct store_view;

/*
 * `problem` is one line that says what to do: ERR_MISSING when there is no cases.db, ERR_IO no
 * permission, ERR_MALFORMED no data base of ours, ERR_RANGE one of a newer version.
 */
MUST_USE enum err store_view_open(struct store_view **out, const char *folder,
				  char problem[static STORE_PROBLEM_LEN]);
/* NULL is fine. */
void store_view_close(struct store_view *view);

/* By when they opened, then by id. ERR_IO. */
MUST_USE enum err store_view_cases(struct store_view *view, store_case_fn *take, void *arg);
/* The same without their texts and records, the most urgent first, then by when they changed. */
MUST_USE enum err store_view_case_states(struct store_view *view, store_case_fn *take, void *arg);
/* One case. ERR_MISSING, ERR_IO. */
MUST_USE enum err store_view_case(struct store_view *view, const char *id, store_case_fn *take,
				  void *arg);
/* In the order in which they were made. ERR_IO. */
MUST_USE enum err store_view_capsules(struct store_view *view, store_capsule_fn *take, void *arg);
/* The latest of one case. ERR_MISSING: there is none; ERR_IO. */
MUST_USE enum err store_view_capsule(struct store_view *view, const char *case_id,
				     store_capsule_fn *take, void *arg);
/* By key. ERR_IO. */
MUST_USE enum err store_view_devices(struct store_view *view, store_device_fn *take, void *arg);
/* Those that are closed too, by when they opened. ERR_IO. */
MUST_USE enum err store_view_health(struct store_view *view, store_health_fn *take, void *arg);
/* Blocks of contacts, the oldest first. ERR_IO. */
MUST_USE enum err store_view_contacts(struct store_view *view, store_contacts_fn *take, void *arg);
/* The rows of one kept table, as the sensor last wrote them, for judge_restore(). ERR_IO. */
MUST_USE enum err store_view_kept(struct store_view *view, const char *table, kept_take_fn *take,
				  void *arg);
/* A text of a row's JSON at a path of SQLite's, such as "$.sentence.en"; empty where there is none.
 */
void store_view_text(struct store_view *view, struct span json, const char *path, char *out,
		     size_t room);
/* The sensor's present or latest life; false when there was none. */
bool store_view_life(struct store_view *view, struct store_life *out);

enum store_view_news {
	STORE_VIEW_SAME,     /* nothing was written since this was last asked */
	STORE_VIEW_CHANGED,  /* something was; also the first time */
	STORE_VIEW_REPLACED, /* another file has the name, or none: to be opened anew */
};

/* For who looks again and again: costs a stat() and a look at the log's index. */
enum store_view_news store_view_news(struct store_view *view);
