#include "sensor/dialogue/windows_words.h"

#include "dissectors/utf16.h"
#include "sensor/base/digits.h"

#include <string.h>

void windows_add_text(struct attributes *said, enum attribute attribute, struct span wire,
		      bool is_utf16)
{
	enum { CHARACTER_MAX = 4 };
	char text[ATTRIBUTE_TEXT_MAX];

	if (!is_utf16) {
		attributes_add_wire(said, attribute, wire);
		return;
	}
	/* Where no character of four bytes would fit any more, one may have been left out. */
	if (utf16_to_utf8(wire, text, sizeof(text)) >= sizeof(text) - CHARACTER_MAX)
		attributes_cut(said);
	attributes_add_text(said, attribute, text);
}

void windows_add_code(struct attributes *said, enum attribute attribute, uint32_t code)
{
	enum { BYTE_BITS = 8 };
	char text[DIGITS_HEX_MAX + sizeof("0x")] = "0x";
	char *at = text + strlen(text);

	for (int shift = 3 * BYTE_BITS; shift >= 0; shift -= BYTE_BITS)
		at = digits_hex_byte(at, (uint8_t)(code >> shift));
	*at = '\0';
	attributes_add_text(said, attribute, text);
}

/* Of [MS-ERREF] 2.3.1: what logins and the opening of shares and files end with. */
static const struct {
	uint32_t status;
	const char *name;
} statuses[] = {
	{ 0x00000000, "STATUS_SUCCESS" },
	{ 0x80000005, "STATUS_BUFFER_OVERFLOW" },
	{ 0xc0000002, "STATUS_NOT_IMPLEMENTED" },
	{ 0xc000000d, "STATUS_INVALID_PARAMETER" },
	{ 0xc000000f, "STATUS_NO_SUCH_FILE" },
	{ 0xc0000010, "STATUS_INVALID_DEVICE_REQUEST" },
	{ 0xc0000016, "STATUS_MORE_PROCESSING_REQUIRED" },
	{ 0xc0000022, "STATUS_ACCESS_DENIED" },
	{ 0xc0000034, "STATUS_OBJECT_NAME_NOT_FOUND" },
	{ 0xc0000035, "STATUS_OBJECT_NAME_COLLISION" },
	{ 0xc000003a, "STATUS_OBJECT_PATH_NOT_FOUND" },
	{ 0xc0000043, "STATUS_SHARING_VIOLATION" },
	{ 0xc000005e, "STATUS_NO_LOGON_SERVERS" },
	{ 0xc0000064, "STATUS_NO_SUCH_USER" },
	{ 0xc000006a, "STATUS_WRONG_PASSWORD" },
	{ 0xc000006d, "STATUS_LOGON_FAILURE" },
	{ 0xc000006e, "STATUS_ACCOUNT_RESTRICTION" },
	{ 0xc000006f, "STATUS_INVALID_LOGON_HOURS" },
	{ 0xc0000070, "STATUS_INVALID_WORKSTATION" },
	{ 0xc0000071, "STATUS_PASSWORD_EXPIRED" },
	{ 0xc0000072, "STATUS_ACCOUNT_DISABLED" },
	{ 0xc000009a, "STATUS_INSUFFICIENT_RESOURCES" },
	{ 0xc00000ac, "STATUS_PIPE_NOT_AVAILABLE" },
	{ 0xc00000ba, "STATUS_FILE_IS_A_DIRECTORY" },
	{ 0xc00000bb, "STATUS_NOT_SUPPORTED" },
	{ 0xc00000c9, "STATUS_NETWORK_NAME_DELETED" },
	{ 0xc00000ca, "STATUS_NETWORK_ACCESS_DENIED" },
	{ 0xc00000cc, "STATUS_BAD_NETWORK_NAME" },
	{ 0xc00000d0, "STATUS_REQUEST_NOT_ACCEPTED" },
	{ 0xc0000133, "STATUS_TIME_DIFFERENCE_AT_DC" },
	{ 0xc000015b, "STATUS_LOGON_TYPE_NOT_GRANTED" },
	{ 0xc000018b, "STATUS_NO_TRUST_SAM_ACCOUNT" },
	{ 0xc000018d, "STATUS_TRUSTED_RELATIONSHIP_FAILURE" },
	{ 0xc0000192, "STATUS_NETLOGON_NOT_STARTED" },
	{ 0xc0000193, "STATUS_ACCOUNT_EXPIRED" },
	{ 0xc0000203, "STATUS_USER_SESSION_DELETED" },
	{ 0xc0000224, "STATUS_PASSWORD_MUST_CHANGE" },
	{ 0xc0000234, "STATUS_ACCOUNT_LOCKED_OUT" },
	{ 0xc0000257, "STATUS_PATH_NOT_COVERED" },
	{ 0xc000035c, "STATUS_NETWORK_SESSION_EXPIRED" },
	{ 0xc0000413, "STATUS_AUTHENTICATION_FIREWALL_FAILED" },
	{ 0xc0000418, "STATUS_NTLM_BLOCKED" },
};

void windows_add_status(struct attributes *said, uint32_t status)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		if (statuses[i].status == status) {
			attributes_add_text(said, ATTRIBUTE_NT_STATUS, statuses[i].name);
			return;
		}
	}
	windows_add_code(said, ATTRIBUTE_NT_STATUS, status);
}

void windows_add_uuid(struct attributes *said, enum attribute attribute, const uint8_t *uuid)
{
	static const uint8_t groups[] = { 4, 2, 2, 2, 6 };
	enum { UUID_LEN = 16, UUID_TEXT_LEN = 37 };
	struct cursor in = cursor_over(uuid, UUID_LEN);
	char text[UUID_TEXT_LEN];
	char *at = text;

	for (size_t i = 0; i < sizeof(groups); i++) {
		if (i > 0)
			*at++ = '-';
		for (uint8_t j = 0; j < groups[i]; j++)
			at = digits_hex_byte(at, cursor_u8(&in));
	}
	*at = '\0';
	attributes_add_text(said, attribute, text);
}
