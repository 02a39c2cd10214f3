/*
 * Tries things inside the guard, each in a process of its own, because most of them end it.
 * Needs root; the packets stay in a network namespace that trial_start() makes: g0 is the sensor's
 * interface, g1 the other end of the same wire.
 */
#pragma once

#include "sensor/guard/guard.h"

#include <signal.h>
#include <sqlite3.h>

enum { TRIAL_FOLDER_LEN = 32, TRIAL_PATH_LEN = 64, TRIAL_SKIPPED = 77 };

/* What a sensor has open when it is sealed. */
struct ground {
	char folder[TRIAL_FOLDER_LEN]; /* everybody may write there, but for the guard */
	char state[TRIAL_PATH_LEN];    /* beneath it */
	char secret[TRIAL_PATH_LEN];   /* a file that everybody may read, but for the guard */
	int packet_socket;             /* opened by root, bound to g0 */
	int route_socket;              /* of netlink, which told the sensor of its addresses */
	int wake;                      /* eventfd */
	int log;                       /* a connected Unix socket, as to the journal */
	sqlite3 *store;
	int store_fd;
	struct guard_report report;
};

/* 0 when it could be done, else the errno that it failed with. */
typedef int attempt_fn(struct ground *ground);

/* How far the guard is entered before the attempt; START is root, with the state folder made. */
enum depth { START, BECOME, SEAL };

enum { NOBODY = 65534 }; /* the user and group that the trials run as */

enum { KILLED = -SIGSYS, LOST = -1000 /* the attempt was not reached: a fault of the test */ };

/* Whether the namespace and the folder are there; else says what is missing, for TRIAL_SKIPPED. */
bool trial_start(void);
void trial_end(void);

/* Whether the kernel has Landlock of this version or a later one; says so when it has not. */
bool trial_has_landlock(long version);

/* What the attempt gave, or the signal that ended it below 0: KILLED is the filter's. */
int trial_run(enum depth depth, attempt_fn *attempt);

/*
 * The same for an attempt that ends in raise(SIGSTOP): what the kernel says then of each of its
 * threads, one after another, as in /proc/PID/status. Then it is killed.
 */
void trial_status(enum depth depth, attempt_fn *attempt, char *text, size_t room);

/* In the child: gives up rights and opens what a sensor opens. A refusal ends it as LOST. */
void trial_become(struct ground *ground);
void trial_seal(struct ground *ground);

/* What guard_become() is given there. */
struct guard_setup trial_setup(const struct ground *ground);

/* In the parent: sends a frame from g1, or from g0. */
void trial_send_from(const char *interface);

/* Frames of this test that came out at g1 so far; the kernel's own do not count. */
unsigned trial_frames_sent(void);

/* A frame that trial_frames_sent() would count. */
extern const unsigned char trial_frame[60];
