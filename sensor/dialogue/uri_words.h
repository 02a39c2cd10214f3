/* URIs (RFC 3986) as they are told: a password in one is never kept. */
#pragma once

#include "sensor/fact/attributes.h"

/* As it stands, but for a password; then ATTRIBUTE_PASSWORD says that there was one. */
void uri_add(struct attributes *said, enum attribute attribute, struct span uri);
