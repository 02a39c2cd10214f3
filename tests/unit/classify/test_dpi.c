#include "sensor/classify/dpi.h"

#include "tests/support/cmocka.h"
#include "tests/support/packets.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4 };

struct name_case {
	const char *name;
	const char *host;
	const char *server;
	uint16_t port;
	const char *want;
	enum dpi_rest want_rest; /* of TLS */
};

static const char long_host[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				".www.google.com";

static const struct name_case dns_cases[] = {
	{ "dns known name", "www.google.com", "192.0.2.1", 53, "DNS.Google", 0 },
	{ "dns capitals", "WWW.Google.COM", "192.0.2.1", 53, "DNS.Google", 0 },
	{ "dns unknown name", "printer.example.net", "192.0.2.1", 53, "DNS", 0 },
	{ "dns unknown name at a known resolver", "printer.example.net", "8.8.8.8", 53,
	  "DNS.Google", 0 },
	{ "dns name before resolver", "www.facebook.com", "8.8.8.8", 53, "DNS.Facebook", 0 },
	{ "dns no name", "", "192.0.2.1", 53, "DNS", 0 },
	{ "dns resolver over IPv6", "printer.example.net", "2001:db8::1", 53, "DNS", 0 },
	{ "dns long name", long_host, "192.0.2.1", 53, "DNS.Google", 0 },
};

static const struct name_case tls_cases[] = {
	{ "tls known name", "www.facebook.com", "192.0.2.1", 443, "TLS.Facebook",
	  DPI_REST_NOTHING },
	{ "tls wildcard", "*.facebook.com", "192.0.2.1", 443, "TLS.Facebook", DPI_REST_NOTHING },
	{ "tls unknown name", "printer.example.net", "192.0.2.1", 443, "TLS", DPI_REST_SERVER },
	{ "tls no name", "", "192.0.2.1", 443, "TLS", DPI_REST_SERVER },
	{ "tls known address", "", "8.8.8.8", 443, "TLS.Google", DPI_REST_SERVER },
	{ "tls mail", "mail.example.net", "192.0.2.1", 993, "IMAPS", DPI_REST_SERVER },
	{ "tls name that others are named by", "teams.microsoft.com", "192.0.2.1", 443, "TLS.Teams",
	  DPI_REST_ALL },
};

static struct span span_of(const char *text)
{
	return (struct span){ .data = (const uint8_t *)text, .len = strlen(text) };
}

static struct dpi *make(void)
{
	struct dpi *dpi = NULL;

	assert_int_equal(dpi_new(&dpi), ERR_OK);
	return dpi;
}

static void assert_text(struct dpi *dpi, struct dpi_protocol protocol, const char *want)
{
	char text[DPI_NAME_LEN];

	for (int i = 0; i < 2; i++) { /* made, and kept */
		dpi_protocol_text(dpi, protocol, text);
		assert_string_equal(text, want);
	}
}

static struct dpi_protocol name_once(struct dpi *dpi, const struct name_case *c, bool is_tls,
				     enum dpi_rest *rest)
{
	struct address client;
	struct address server;
	struct dpi_ends ends = { .source = &client,
				 .destination = &server,
				 .server_port = c->port };
	struct dpi_protocol protocol;

	assert_int_equal(address_parse("192.168.1.10", &client), ERR_OK);
	assert_int_equal(address_parse(c->server, &server), ERR_OK);
	if (!is_tls)
		return dpi_protocol_of_dns(dpi, span_of(c->host), &ends);
	*rest = dpi_read_sni(dpi, span_of(c->host), &ends, &protocol);
	return protocol;
}

static void names_of(bool is_tls, const struct name_case *cases, size_t count)
{
	struct dpi *dpi = make();

	for (size_t i = 0; i < 2 * count; i++) { /* looked up, and remembered */
		const struct name_case *c = &cases[i % count];
		enum dpi_rest rest = c->want_rest;

		print_message("%s\n", c->name);
		assert_text(dpi, name_once(dpi, c, is_tls, &rest), c->want);
		assert_int_equal(rest, c->want_rest);
	}
	dpi_free(dpi);
}

static void dns_is_named_by_what_is_asked(void **state)
{
	(void)state;
	names_of(false, dns_cases, ARRAY_LEN(dns_cases));
}

static void tls_is_named_by_its_hello(void **state)
{
	(void)state;
	names_of(true, tls_cases, ARRAY_LEN(tls_cases));
}

static void services_have_a_text(void **state)
{
	static const char *const wants[DPI_SERVICES] = {
		[DPI_NO_SERVICE] = "Unknown",
		[DPI_DNS] = "DNS",
		[DPI_MDNS] = "MDNS",
		[DPI_LLMNR] = "LLMNR",
		[DPI_DHCP] = "DHCP",
		[DPI_DHCPV6] = "DHCPV6",
		[DPI_NETBIOS] = "NetBIOS",
		[DPI_SSDP] = "SSDP",
		[DPI_SNMP] = "SNMP",
		[DPI_NTP] = "NTP",
		[DPI_KERBEROS] = "Kerberos",
		[DPI_LDAP] = "LDAP",
		[DPI_TLS] = "TLS",
		[DPI_QUIC] = "QUIC",
		[DPI_IPSEC] = "IPsec",
		[DPI_OPENVPN] = "OpenVPN",
		[DPI_WIREGUARD] = "WireGuard",
	};
	struct dpi *dpi = make();

	(void)state;
	for (size_t i = 0; i < DPI_SERVICES; i++)
		assert_text(dpi, dpi_protocol_of((enum dpi_service)i), wants[i]);
	dpi_free(dpi);
}

static void show(struct dpi *dpi, struct dpi_flow *flow, const char *payload, size_t len,
		 struct dpi_verdict *out)
{
	static const struct test_tcp tcp = { 40000, 8080, 1, 1, 0x18, 0, 1000 };
	static const struct test_ipv4 ip = { "192.168.1.10", "192.0.2.1", 6, 0, 0, 1, 0 };
	struct test_packet p;

	test_packet_payload(&p, payload, len);
	test_packet_tcp(&p, &tcp);
	test_packet_ipv4(&p, &ip);

	uint8_t *exact = test_packet_copy(&p, p.len);
	struct cursor in = cursor_over(exact, p.len);
	struct dpi_input input = { .ip = { exact, p.len }, .time = 1, .from_client = true };

	cursor_skip(&in, p.len - len);
	input.payload = in.rest;
	dpi_packet(dpi, flow, &input, out);
	free(exact);
}

static void a_request_is_final_and_its_memory_counted(void **state)
{
	static const char request[] = "GET /a HTTP/1.1\r\nHost: www.example.net\r\n"
				      "User-Agent: curl/7.88.1\r\n\r\n";
	struct dpi_flow *flow = calloc(1, dpi_flow_size());
	struct dpi *dpi = make();
	struct dpi_verdict verdict;

	(void)state;
	assert_non_null(flow);
	show(dpi, flow, request, sizeof(request) - 1, &verdict);
	assert_text(dpi, verdict.protocol, "HTTP");
	assert_true(verdict.is_final);
	assert_false(verdict.is_guess);
	assert_string_equal(verdict.host, "www.example.net");
	assert_true(dpi_stats(dpi).heap_bytes > 0);
	dpi_flow_release(dpi, flow);
	assert_int_equal(dpi_stats(dpi).heap_bytes, 0);
	assert_true(dpi_stats(dpi).heap_peak_bytes > 0);
	dpi_free(dpi);
	free(flow);
}

static void bytes_of_nothing_are_unknown(void **state)
{
	struct dpi_flow *flow = calloc(1, dpi_flow_size());
	struct dpi *dpi = make();
	struct dpi_verdict verdict;

	(void)state;
	assert_non_null(flow);
	show(dpi, flow, "\x93\x01\xf0\x7e", 4, &verdict);
	assert_false(dpi_protocol_is_known(verdict.protocol));
	assert_false(verdict.is_final);
	dpi_finish(dpi, flow, &verdict);
	assert_true(verdict.is_final);
	dpi_flow_release(dpi, flow);
	dpi_free(dpi);
	free(flow);
}

static void *name_in_thread(void *arg)
{
	struct dpi *dpi = arg;
	enum dpi_rest rest;

	dpi_prepare(dpi);
	(void)name_once(dpi, &dns_cases[0], false, &rest);
	return NULL;
}

static void modules_may_be_built_by_many_threads(void **state)
{
	pthread_t threads[THREADS];
	struct dpi *dpis[THREADS];

	(void)state;
	for (size_t i = 0; i < THREADS; i++) {
		dpis[i] = make();
		assert_int_equal(pthread_create(&threads[i], NULL, name_in_thread, dpis[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_false(dpi_stats(dpis[i]).is_off);
		dpi_free(dpis[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dns_is_named_by_what_is_asked),
		cmocka_unit_test(tls_is_named_by_its_hello),
		cmocka_unit_test(services_have_a_text),
		cmocka_unit_test(a_request_is_final_and_its_memory_counted),
		cmocka_unit_test(bytes_of_nothing_are_unknown),
		cmocka_unit_test(modules_may_be_built_by_many_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
