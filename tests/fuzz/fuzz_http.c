#include "dissectors/http.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct http_request request;
	struct http_response response;

	if (dissect_http_request(cursor_over(data, len), &request) == DISSECT_OK) {
		fuzz_touch_span(request.target);
		fuzz_touch_span(request.host);
		fuzz_touch_span(request.user_agent);
	}
	if (dissect_http_response(cursor_over(data, len), &response) == DISSECT_OK) {
		fuzz_touch_span(response.content_type);
		fuzz_touch_span(response.server);
	}
	return 0;
}
