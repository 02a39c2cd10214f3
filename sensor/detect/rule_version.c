#include "sensor/detect/rule_version.h"

/* clang-format off */
/* How often each has changed since its first version; those that never did need no row. */
static const uint8_t changes[SIGNAL_KINDS] = {
	[SIGNAL_RAW_CHANNEL] = 1,
	[SIGNAL_ODD_HTTP] = 1,
	[SIGNAL_DOWNLOAD] = 1,
};
/* clang-format on */

unsigned rule_version(enum signal_kind kind)
{
	return 1U + changes[kind];
}
