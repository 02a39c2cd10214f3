/*
 * What a message says of one Windows machine being ruled from another: which interface was called
 * for what. A table of facts, no state.
 */
#pragma once

#include "sensor/detect/detector.h"

/* Bits. */
enum admin_act {
	ACT_SERVICE_MADE = 1 << 0, /* made, or given another program */
	ACT_SERVICE_STARTED = 1 << 1,
	ACT_TASK_MADE = 1 << 2,
	ACT_TASK_RUN = 1 << 3,
	ACT_JOB = 1 << 4,         /* a task of the old scheduler, which runs by itself */
	ACT_WMI_CALL = 1 << 5,    /* a method of an object of Windows' management is called */
	ACT_OBJECT_CALL = 1 << 6, /* the same of any object that is reachable from afar */
	ACT_SHELL = 1 << 7,       /* WinRM: a message of a session */
	ACT_PROGRAM = 1 << 8,     /* a program is copied onto a share of administrators */
	ACT_FILE = 1 << 9,        /* any other file is opened there */
	ACT_DESKTOP = 1 << 10,    /* a remote desktop is opened */
	/* Not acts, but how it was done. */
	ACT_FOREIGN_TOOL = 1 << 11, /* logs in as no Windows does */
	ACT_BY_ADDRESS = 1 << 12,   /* names the machine by its address, as people rarely do */
};

/* The acts of a FACT_MESSAGE; 0 is none. */
uint32_t admin_acts_of(const struct fact_message *message);

/* How programs were started by `acts`, "WMI"; "" when that is not whole. */
const char *admin_acts_way(uint32_t acts);
