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
/* In the order in which they were made. ERR_IO. */
MUST_USE enum err store_view_capsules(struct store_view *view, store_capsule_fn *take, void *arg);
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
