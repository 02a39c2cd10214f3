#include "sensor/geo/bus_guard.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

static _Thread_local sigjmp_buf back;
static _Thread_local volatile sig_atomic_t is_reading;

static void on_bus_error(int number)
{
	if (is_reading)
		siglongjmp(back, 1); /* it came from a load of this thread: nothing is half done */
	(void)signal(number, SIG_DFL); /* the load is tried again, and ends the process */
}

void bus_guard_start(void)
{
	/* Not blocked in the handler: it is left by a jump that restores no mask. */
	const struct sigaction act = { .sa_handler = on_bus_error, .sa_flags = SA_NODEFER };

	(void)sigaction(SIGBUS, &act, NULL);
}

bool bus_guard_read(void (*read)(void *arg), void *arg)
{
	if (sigsetjmp(back, 0) != 0) {
		is_reading = 0;
		return false;
	}
	is_reading = 1;
	read(arg);
	is_reading = 0;
	return true;
}
