/*
 * Giving up rights, so that whoever breaks a parser holds nothing: guard_become() before anything
 * is opened, guard_seal() after everything is, and before the first packet is read.
 *
 *   guard_become()  the sensor's own user, CAP_NET_RAW alone, no new privileges, no core dump,
 *                   Landlock. While the process has one thread: the kernel holds these for each
 *                   thread, and a thread inherits them from the one that starts it.
 *   (open the store, the captures, the sockets of systemd; start the threads)
 *   guard_seal()    the list of system calls (allowed_calls.c), for all threads at once.
 *
 * After guard_seal() a call that is not on the list kills the process with SIGSYS, and the kernel's
 * log names it. What is refused with an error instead, because libraries ask and go on without:
 * opening for writing (EACCES), unlink (EPERM), close of a writable descriptor (EPERM), a netlink
 * socket (EAFNOSUPPORT, libpcap takes a Unix one), clone3 and openat2 (ENOSYS).
 * A netlink socket that was opened before still hears what the kernel tells (own_addresses.h), and
 * cannot be written to.
 *
 * What code must keep to after guard_seal(): messages go out by write() or writev() on a socket
 * that was connected before, never by send(); no stdio on a new file; no pthread_exit() or
 * pthread_cancel(), which load a library (a thread returns); no host or user names are looked up;
 * files that are read anew stand beneath `readable`.
 *
 * Sources: capabilities(7), landlock(7), seccomp(2), prctl(2).
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/config/config.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
	GUARD_WRITABLE_MAX = 32, /* descriptors */
	GUARD_LINE_LEN = 256,    /* with the NUL */
};

/* All borrowed for the call. */
struct guard_setup {
	const char *user;         /* whom to become when started as root; else not looked at */
	const char *state_folder; /* files are made, written and removed here and beneath */
	/*
	 * Folders and files that are read beside what /sys says of interfaces, and other folders
	 * that are written (that of flow.shared); each list ends with NULL. One that is missing now
	 * stays unreadable. A rule holds for what stands there now: of a file that others replace,
	 * as editors do, name the folder.
	 */
	const char *const *readable;
	const char *const *writable;
};

/* Which layers are in force, for the log and for health. Zeroed before guard_become(). */
struct guard_report {
	uid_t user;
	bool is_bounded;      /* no program that it might start could gain a capability */
	bool is_locked;       /* … nor user 0 mean anything (securebits) */
	int landlock_version; /* 0: the kernel has none */
	size_t calls;         /* system calls on the list; 0 before guard_seal() */
};

/*
 * As root: becomes `user`, and makes the state folder for it when it is missing. As another user,
 * of systemd's unit or by setcap: keeps CAP_NET_RAW and drops the rest. ERR_MISSING without that
 * capability, user or folder; ERR_RANGE when there is more than one thread or the user is root;
 * ERR_IO when the kernel refuses. Then `problem` is one line that says what to do, and the process
 * has to end: what was dropped does not come back.
 */
MUST_USE enum err guard_become(const struct guard_setup *setup, struct guard_report *report,
			       char problem[static CONFIG_PROBLEM_LEN]);

/*
 * Leaves the process the calls it needs. It can write to the `count` descriptors of `writable`
 * alone (store, standard output and error, notify and journal sockets, eventfds), which stay open
 * until it ends. ERR_RANGE for more than GUARD_WRITABLE_MAX, for one that is not open, and for a
 * socket that is not a Unix one: writing to a packet socket sends a frame. ERR_MISSING when the
 * kernel or the processor is not one that the list is made for, ERR_IO when it refuses.
 */
MUST_USE enum err guard_seal(const int *writable, size_t count, struct guard_report *report,
			     char problem[static CONFIG_PROBLEM_LEN]);

/*
 * For a process that serves a page to this machine, forked after guard_become() with one thread and
 * nothing but `listener` and the standard descriptors kept open: no capability at all, and the
 * calls to accept, read, write and close. It opens nothing and allocates nothing from here on.
 * ERR_RANGE when `listener` is no Unix socket, else as guard_seal().
 */
MUST_USE enum err guard_seal_server(int listener, char problem[static CONFIG_PROBLEM_LEN]);

/* One line for the log: which layers are in force, and which are not. */
void guard_report_line(const struct guard_report *report, char line[static GUARD_LINE_LEN]);
