#include "sensor/capture/live_problem.h"

#include "sensor/base/text.h"

void live_problem_say(char problem[static LIVE_REASON_LEN], const char *name,
		      enum live_opening opening, const char *words)
{
	struct text line = text_over(problem, LIVE_REASON_LEN);

	switch (opening) {
	case LIVE_OPENED:
		return;
	case LIVE_IS_MISSING:
		text_format(&line, "%s: no such interface ('ip -br link' lists those there are)",
			    name);
		return;
	case LIVE_IS_DOWN:
		text_format(&line,
			    "%s: the interface is down ('ip link set dev %s up' brings it up)",
			    name, name);
		return;
	case LIVE_DENIED:
		text_format(&line,
			    "%s: no permission to capture: start it by its systemd unit or as "
			    "root, or give the program that right (setcap cap_net_raw+ep)",
			    name);
		return;
	case LIVE_REFUSED:
		text_format(&line, "%s: cannot be captured: %s", name, words);
	}
}
