#include "sensor/courier/syslog_frame.h"

#include <inttypes.h>
#include <stdio.h>

enum { FACILITY_LOCAL0 = 16, FACILITY_SHIFT = 3 };

static bool is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] >= 0x80)
			return false;
	}
	return true;
}

size_t syslog_head(const struct syslog_message *message, char out[static SYSLOG_HEAD_MAX])
{
	char time[NANOTIME_TEXT_LEN];
	char header[SYSLOG_HEAD_MAX - 24];
	const char *mark = is_ascii(message->text, message->text_len) ? "" : "\xef\xbb\xbf";

	(void)nanotime_text(message->made, time);

	int len = snprintf(header, sizeof(header),
			   "<%d>1 %s %.63s hinomi - %.16s [meta sequenceId=\"%" PRIu32 "\"] %s",
			   FACILITY_LOCAL0 << FACILITY_SHIFT | (int)message->severity, time,
			   message->sensor, message->id, message->sequence, mark);

	len = snprintf(out, SYSLOG_HEAD_MAX, "%zu %s", (size_t)len + message->text_len, header);
	return (size_t)len;
}
