/* `hinomi-courier privacy`: what leaves the office, for people. */
#include "sensor/courier/commands.h"
#include "sensor/delivery/privacy.h"

#include <string.h>

enum { DONE, FAILED, USAGE };

static const char help[] = "Usage: hinomi-courier privacy [--lang en|ja]\n"
			   "Prints every member of everything that may leave the office, whom it "
			   "says something of,\nand why it is sent.\n";

int command_privacy(int argc, char **argv)
{
	bool is_language = argc == 3 && strcmp(argv[1], "--lang") == 0;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return fputs(help, stdout) >= 0 ? DONE : FAILED;
	if (argc == 1 || (is_language && strcmp(argv[2], "en") == 0)) {
		privacy_print(stdout, LANGUAGE_EN);
	} else if (is_language && strcmp(argv[2], "ja") == 0) {
		privacy_print(stdout, LANGUAGE_JA);
	} else {
		(void)fputs(help, stderr);
		return USAGE;
	}
	return fflush(stdout) == 0 ? DONE : FAILED;
}
