/* A body of a case with little in it, for tests that change one thing of it. */
#pragma once

#define CASE_DEVICE "{\"name\":\"PC-1\",\"mac\":\"02:00:00:00:00:01\",\"ip\":[\"192.168.1.5\"]}"
#define CASE_FLOW                                                                               \
	"{\"community_id\":\"1:abc=\",\"flow_id\":7,\"start\":\"2026-11-22T10:00:00.000000Z\"," \
	"\"src_ip\":\"192.168.1.5\",\"src_port\":50000,\"dest_ip\":\"203.0.113.9\","            \
	"\"dest_port\":443,\"ip_protocol\":6}"
#define CASE_FINDING(rule, priority, impact, confidence, flows)                              \
	"{\"rule\":\"" rule "\",\"kind\":\"beacon\",\"tactic\":\"command-and-control\","     \
	"\"direction\":\"outbound\",\"outcome\":\"data_moved\",\"attack\":[\"T1071\"],"      \
	"\"priority\":" priority ",\"impact\":" impact ",\"confidence\":" confidence ","     \
	"\"object\":{\"kind\":\"host\",\"value\":\"c2.example.net\",\"ip\":\"203.0.113.9\"," \
	"\"port\":443,\"ip_protocol\":6},\"flows\":[" flows "]}"
#define CASE_BODY_OF(priority, title, what, device, findings)                            \
	"{\"schema\":\"hinomi.case/1\",\"id\":\"5cf94984-babb-8762-8274-c76021693f42\"," \
	"\"rev\":3,\"action\":\"create\",\"state\":\"new\",\"priority\":" priority ","   \
	"\"impact\":3,\"confidence\":0.9,\"first\":\"2026-11-22T09:00:00.000000Z\","     \
	"\"last\":\"2026-11-22T10:00:00.250000Z\",\"signals\":4,\"device\":" device ","  \
	"\"text\":{\"en\":{\"title\":\"" title "\",\"what\":\"" what "\","               \
	"\"do_first\":[\"Ask.\",\"Note.\"],\"harmless_if\":\"it is a test.\"},"          \
	"\"ja\":{\"title\":\"見出し\",\"what\":\"何が\",\"do_first\":[\"確認\"]," \
	"\"harmless_if\":\"試験の場合。\"}},\"findings\":[" findings "]}"
#define CASE_BODY                                        \
	CASE_BODY_OF("2", "Title", "What.", CASE_DEVICE, \
		     CASE_FINDING("BCN-1", "2", "3", "0.9", CASE_FLOW))
