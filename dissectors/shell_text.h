/*
 * What command interpreters print of themselves, and programs that tell whose machine they are on:
 * no specification but their own habits.
 */
#pragma once

#include "dissectors/cursor.h"

#include <stdbool.h>

enum shell_sign {
	SHELL_PROMPT = 1,   /* "C:\Users\a>", "PS C:\>", "a@b:~$ ", "bash-5.1# " at the end */
	SHELL_BANNER = 2,   /* of cmd.exe or PowerShell, or what sh says without a terminal */
	SHELL_IDENTITY = 4, /* the answer of `id`: "uid=0(root) gid=0(root)" */
	SHELL_SYSTEM = 8,   /* no shell: which system it runs on, "Windows 10", "Win 7" */
};

/* The signs in `text`, one packet's words; 0 is none. Looks at SHELL_TEXT_MOST bytes at most. */
unsigned shell_text_signs(struct span text);

/*
 * Whether `text` shows what a command printed: who it runs as, the file of accounts, the network as
 * Windows tells it. For where nobody types; looks at SHELL_TEXT_MOST bytes at most.
 */
bool shell_text_is_output(struct span text);

enum { SHELL_TEXT_MOST = 2048 };
