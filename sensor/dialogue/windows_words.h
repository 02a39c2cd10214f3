/* Words that Windows' protocols share: text in UTF-16, and how a call ended. */
#pragma once

#include "sensor/fact/attributes.h"

/* In UTF-16, or in the sender's code page, which is taken for UTF-8. */
void windows_add_text(struct attributes *said, enum attribute attribute, struct span wire,
		      bool is_utf16);

/* As ATTRIBUTE_NT_STATUS: "STATUS_LOGON_FAILURE", or "0xc0000001" for one of no name here. */
void windows_add_status(struct attributes *said, uint32_t status);

/* A number of no name: "0x1c010002". */
void windows_add_code(struct attributes *said, enum attribute attribute, uint32_t code);

/* Sixteen bytes in the order of the text: "4b324fc8-1670-01d3-1278-5a47bf6ee188". */
void windows_add_uuid(struct attributes *said, enum attribute attribute, const uint8_t *uuid);
