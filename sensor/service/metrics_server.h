/* The process that serves the metrics: one connection after another, each for a second at most. */
#pragma once

struct metrics;

/* Never returns. */
_Noreturn void metrics_serve(const struct metrics *metrics, int listener);
