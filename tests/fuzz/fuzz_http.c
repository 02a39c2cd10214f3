#include "dissectors/http.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static void touch_auth(const struct http_auth *auth, const struct http_auth *proxy_auth)
{
	fuzz_touch_span(auth->credentials);
	fuzz_touch_span(proxy_auth->credentials);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct http_request request;
	struct http_response response;

	if (dissect_http_request(cursor_over(data, len), &request) == DISSECT_OK) {
		fuzz_touch_span(request.method_name);
		fuzz_touch_span(request.target);
		fuzz_touch_span(request.host);
		fuzz_touch_span(request.user_agent);
		fuzz_touch_span(request.content_type);
		fuzz_touch_span(request.referer);
		fuzz_touch_span(request.accept_language);
		fuzz_touch_span(request.expect);
		fuzz_touch_span(request.upgrade);
		touch_auth(&request.auth, &request.proxy_auth);
		if (request.head_len > len || request.target.len == 0)
			abort();
		(void)http_request_body(&request);
		(void)http_is_winrm(&request);
	}
	if (dissect_http_request_cut(cursor_over(data, len), &request) == DISSECT_OK) {
		fuzz_touch_span(request.method_name);
		fuzz_touch_span(request.target);
		if (request.head_len != 0 || request.target.len == 0)
			abort();
	}
	if (dissect_http_response(cursor_over(data, len), &response) == DISSECT_OK) {
		fuzz_touch_span(response.reason);
		fuzz_touch_span(response.content_type);
		fuzz_touch_span(response.server);
		fuzz_touch_span(response.location);
		fuzz_touch_span(response.file_name);
		fuzz_touch_span(response.upgrade);
		touch_auth(&response.auth, &response.proxy_auth);
		if (response.head_len > len)
			abort();
		(void)http_response_body(&response, HTTP_GET);
	}
	return 0;
}
