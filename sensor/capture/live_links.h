/*
 * The machine's network interfaces: which there are, which are up, and a bell that rings when that
 * changes.
 *
 * One rtnetlink socket, opened before rights are given up, so that nothing of it needs a right or
 * a new socket later. It is never sent anything: its messages only ring, and what is so is asked
 * by ioctl. Owner: the caller. One thread. rtnetlink(7), netdevice(7).
 */
#pragma once

#include "sensor/base/err.h"

#include <stdbool.h>

struct live_links {
	int fd; /* for poll(): POLLIN is the bell */
};

/* ERR_IO with errno set. */
MUST_USE enum err live_links_open(struct live_links *out);

void live_links_close(struct live_links *links);

/* Whether the bell rang since the last call. Never waits. */
bool live_links_rang(const struct live_links *links);

/* The index of the interface of that name, above 0; 0 when there is none. */
int live_links_index(const struct live_links *links, const char *name);

/* Whether the interface `index` is there, and has that name. */
bool live_links_has_name(const struct live_links *links, int index, const char *name);

enum live_link {
	LIVE_LINK_DOWN,    /* not brought up, or not there */
	LIVE_LINK_UP,      /* brought up, but no cable is in, or nobody at its other end */
	LIVE_LINK_RUNNING, /* packets can come */
};

enum live_link live_links_state(const struct live_links *links, const char *name);
