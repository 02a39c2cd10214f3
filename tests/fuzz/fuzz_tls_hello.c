#include "dissectors/tls_hello.h"

#include "tests/fuzz/fuzz.h"

#include <assert.h>

static void touch_client(const struct tls_client_hello *hello)
{
	assert(hello->random.len == TLS_RANDOM_LEN);
	assert(hello->extensions_kept <= TLS_EXTENSIONS_MAX);
	assert(hello->key_share_count <= TLS_KEY_SHARES_MAX);
	fuzz_touch_span(hello->random);
	fuzz_touch_span(hello->session_id);
	fuzz_touch_span(hello->cookie);
	fuzz_touch_span(hello->ciphers);
	fuzz_touch_span(hello->groups);
	fuzz_touch_span(hello->point_formats);
	fuzz_touch_span(hello->signature_algorithms);
	fuzz_touch_span(hello->versions);
	fuzz_touch_span(hello->alpn_protocols);
	fuzz_touch_span(hello->alpn);
	fuzz_touch_span(hello->sni);
}

static void touch_server(const struct tls_server_hello *hello)
{
	assert(hello->extensions_kept <= TLS_EXTENSIONS_MAX);
	fuzz_touch_span(hello->random);
	fuzz_touch_span(hello->session_id);
	fuzz_touch_span(hello->alpn);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct tls_scratch scratch;
	struct tls_client_hello client;
	struct tls_server_hello server;
	struct cursor in = cursor_over(data, len);

	if (dissect_tls_client_hello(in, &scratch, &client) == DISSECT_OK)
		touch_client(&client);
	if (dissect_tls_server_hello(in, &scratch, &server) == DISSECT_OK)
		touch_server(&server);
	if (dissect_tls_client_hello_message(in, &client) == DISSECT_OK)
		touch_client(&client);
	if (dissect_tls_server_hello_message(in, &server) == DISSECT_OK)
		touch_server(&server);
	return 0;
}
