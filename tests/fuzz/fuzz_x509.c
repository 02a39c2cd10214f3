#include "dissectors/x509.h"

#include "tests/fuzz/fuzz.h"

#include <assert.h>

static void touch_name(const struct x509_name *name)
{
	fuzz_touch_span(name->der);
	fuzz_touch_span(name->common_name.bytes);
	fuzz_touch_span(name->organisation.bytes);
	fuzz_touch_span(name->country.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct x509 cert;

	if (dissect_x509(cursor_over(data, len), &cert) == DISSECT_OK) {
		assert(cert.names_kept <= X509_NAMES_MAX && cert.names_kept <= cert.name_count);
		fuzz_touch_span(cert.serial);
		fuzz_touch_span(cert.signature_oid);
		fuzz_touch_span(cert.key_oid);
		touch_name(&cert.issuer);
		touch_name(&cert.subject);
		for (size_t i = 0; i < cert.names_kept; i++)
			fuzz_touch_span(cert.names[i].bytes);
	}
	return 0;
}
