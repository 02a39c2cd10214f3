#include "sensor/app/progress.h"

#include "sensor/base/monotonic.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { BAR_WIDTH = 24 };

static const uint64_t redraw_after = 200 * NANOTIME_MILLISECOND;

struct progress progress_start(bool is_quiet)
{
	uint64_t now = monotonic_now();

	return (struct progress){ .is_shown = !is_quiet && isatty(STDERR_FILENO),
				  .started_ns = now,
				  .shown_ns = now };
}

static void draw(const struct progress *p, uint64_t now, uint64_t frames,
		 struct capture_progress at)
{
	double seconds = nanotime_seconds(now - p->started_ns);
	double rate = seconds > 0 ? (double)frames / seconds : 0;
	char bar[BAR_WIDTH + 1];

	if (at.total == 0 || at.consumed == 0) {
		(void)fprintf(stderr, "\r\033[K%" PRIu64 " packets  %.0f packets/s", frames, rate);
		return;
	}

	double done = (double)at.consumed / (double)at.total;
	double left = done > 0 ? seconds * (1 - done) / done : 0;
	int filled = (int)(done * (double)BAR_WIDTH);

	for (int i = 0; i < BAR_WIDTH; i++)
		bar[i] = i < filled ? '#' : '.';
	bar[BAR_WIDTH] = '\0';
	(void)fprintf(stderr,
		      "\r\033[K[%s] %3.0f %%  %" PRIu64 " packets  %.0f packets/s  %.0f s left",
		      bar, done * 100, frames, rate, left);
}

void progress_show(void *progress, uint64_t frames, struct capture_progress at)
{
	struct progress *p = progress;

	if (!p->is_shown)
		return;

	uint64_t now = monotonic_now();

	if (now - p->shown_ns < redraw_after)
		return;
	p->shown_ns = now;
	p->has_line = true;
	draw(p, now, frames, at);
	(void)fflush(stderr);
}

double progress_end(struct progress *p)
{
	if (p->has_line)
		(void)fputs("\r\033[K", stderr);
	p->has_line = false;
	return nanotime_seconds(monotonic_now() - p->started_ns);
}
