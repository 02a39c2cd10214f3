/*
 * Reading a mapped file that somebody may cut short: the page that is gone then raises SIGBUS,
 * which would end the process. Under this guard it ends the reading alone.
 *
 * Any thread, each for itself; not nested. The handler is the whole process's: a SIGBUS outside of
 * the guard still ends it.
 */
#pragma once

#include <stdbool.h>

/*
 * Calls `read`; false when a page of what it read was gone. It is then left where it stood, so it
 * must hold no memory, lock or descriptor of its own that is not in `arg`.
 */
bool bus_guard_read(void (*read)(void *arg), void *arg);

/* Sets the handler: before each file is opened, in case somebody else took the signal since. */
void bus_guard_start(void);
