#include "dissectors/tls_certificate.h"

enum dissect dissect_tls_certificate(struct cursor body, struct tls_certificate *out)
{
	struct tls_certificate message = { 0 };
	uint32_t len = cursor_be24(&body);

	if (!cursor_ok(&body))
		return DISSECT_MALFORMED;
	message.is_damaged = len != cursor_left(&body);
	struct cursor list = { .rest = cursor_take_up_to(&body, len) };

	while (cursor_left(&list) > 0) {
		struct span certificate = cursor_take(&list, cursor_be24(&list));

		if (!cursor_ok(&list))
			break;
		if (message.kept < TLS_CERTIFICATES_MAX)
			message.certificates[message.kept++] = certificate;
		message.count++;
	}
	message.is_damaged |= !cursor_ok(&list);
	if (message.is_damaged && message.count == 0)
		return DISSECT_MALFORMED;

	*out = message;
	return DISSECT_OK;
}
