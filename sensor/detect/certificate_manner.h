/* What is odd about a server's certificate and the name that it was asked for by. Pure. */
#pragma once

#include "sensor/fact/fact.h"

enum certificate_sign {
	CERTIFICATE_OWN = 1 << 0,         /* signed by nobody but itself */
	CERTIFICATE_PLACEHOLDER = 1 << 1, /* words that tools put there when nobody fills them in */
	CERTIFICATE_NO_HOST = 1 << 2,     /* what stands for the host is no host name */
	CERTIFICATE_OTHER_NAME = 1 << 3,  /* not the name that was asked for */
	CERTIFICATE_VALIDITY = 1 << 4,    /* beyond all sense, or over */
	CERTIFICATE_DRAWN = 1 << 5,       /* names drawn at random on both sides of it */
};

/* Signs of the server's first tls.certificate; `sni` is "" when none was sent. */
unsigned certificate_signs(const struct attributes *said, const char *sni, nanotime now);

/* Whether the name's own part is made of letters drawn at random. */
bool name_is_drawn(const char *host);
