/* Each format as its maker publishes it: what is taken, and what is refused and why. */
#include "sensor/feed/feed_form.h"

#include "tests/support/cmocka.h"
#include "tests/support/feed_rows.h"
#include "tests/support/mutations.h"

#include <stdlib.h>
#include <string.h>

struct read_case {
	const char *name;
	const char *text;
	const char *want;
};

#define NO_FILE  "! a file's digest does not show on the network\n"
#define NO_TYPE  "! of a type that does not show on the network\n"
#define NO_RULE  "! a rule without a single indicator\n"
#define NO_NAME  "! a pattern, not one name or address\n"
#define NO_PLAIN "! a pattern of more than equality\n"
#define SHA1     "0123456789abcdef0123456789abcdef01234567"
#define MD5      "0123456789abcdef0123456789abcdef"

static struct read_case lists[] = {
	{ "list of names", "evil.example\nother.example\n",
	  "any evil.example and below (stem)\nany other.example and below (stem)\n" },
	{ "list without a newline at its end", "evil.example",
	  "any evil.example and below (stem)\n" },
	{ "list with Windows line ends and a mark of bytes",
	  "\xef\xbb\xbf"
	  "evil.example\r\n\r\n192.0.2.7\r\n",
	  "any evil.example and below (stem)\nany 192.0.2.7 and below (stem)\n" },
	{ "list with comments",
	  "# title\n; other\nevil.example # why\nb.example;\nc.example\t8\n192.0.2.0/24 ; SBL1\n",
	  "any evil.example and below (stem)\nany b.example; and below (stem)\n"
	  "any c.example and below (stem)\nany 192.0.2.0/24 and below (stem)\n" },
	{ "list of URLs",
	  "http://evil.example/a#b\nhttps://evil.example/\nhttp://192.0.2.7:8080\n"
	  "http://evil.example:8080/\n[2001:db8::7]:443\n",
	  "any http://evil.example/a#b and below (stem)\nany evil.example and below (stem)\n"
	  "any 192.0.2.7:8080 and below (stem)\nany http://evil.example:8080/ and below (stem)\n"
	  "any [2001:db8::7]:443 and below (stem)\n" },
	{ "list with wildcards",
	  "*.evil.example\n.other.example\nevil*.example\n^ev.l$\n(a|b).example\n",
	  "any evil.example and below (stem)\nany other.example and below (stem)\n" NO_NAME NO_NAME
		  NO_NAME },
	{ "Maltrail's trails",
	  "# Copyright (c)\n\n# Reference: http://x\n\nevil.example # note\n192.0.2.7:4444\n"
	  "evil.example/gate.php\n/gate.php\n192.0.2.7/a*b\n",
	  "any evil.example and below (stem)\nany 192.0.2.7:4444 and below (stem)\n"
	  "any evil.example/gate.php and below (stem)\n"
	  "any /gate.php and below (stem)\nany 192.0.2.7/a*b and below (stem)\n" },
	{ "Maltrail's table",
	  "192.0.2.7:4444,asyncrat (malware),(static)\n*.evil.example,emotet (malware),(static)\n"
	  "\"/a,b/c.php\",lokibot (malware),https://feed.example/x\n"
	  "192.0.2.9,mass scanner,ipsum.example\nduckdns.org,dynamic domain (suspicious),(static)\n"
	  "pua.example,pua (suspicious),(static)\nhttp://b.example/,phishing,openphish.com\n"
	  "c.example,only two\n",
	  "any 192.0.2.7:4444 and below (asyncrat)\nany evil.example and below (emotet)\n"
	  "any /a,b/c.php and below (lokibot)\nany 192.0.2.9 and below (mass scanner) of 40\n"
	  "! of a sort that honest people use too\n"
	  "any pua.example and below (pua (suspicious)) of 50\nany b.example and below (phishing)\n"
	  "! not trail, info and reference\n" },
	{ "hosts file",
	  "127.0.0.1 localhost\n127.0.0.1 localhost.localdomain\n255.255.255.255 broadcasthost\n"
	  "::1 localhost ip6-localhost ip6-loopback\nfe80::1%lo0 localhost\nff02::1 ip6-allnodes\n"
	  "0.0.0.0 0.0.0.0\n0.0.0.0 evil.example\n127.0.0.1\tother.example third.example # why\n"
	  ":: six.example\n",
	  "name evil.example (stem)\nname other.example (stem)\nname third.example (stem)\n"
	  "name six.example (stem)\n" },
	{ "popular names with their ranks", "1,google.example\n2,b.example\n",
	  "any google.example and below (stem)\nany b.example and below (stem)\n" },
	{ "nothing", "", "" },
	{ "only comments", "# nothing today\n", "" },
};

static struct read_case tables[] = {
	{ "URLhaus, CSV",
	  "################################################################\n"
	  "# abuse.ch URLhaus Database Dump (CSV - recent URLs only)      #\n"
	  "# Terms Of Use: https://urlhaus.abuse.ch/api/                  #\n"
	  "################################################################\n#\n"
	  "# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter\n"
	  "\"3216518\",\"2024-10-04 08:27:07\",\"http://192.0.2.7:34567/bin.sh\",\"online\","
	  "\"2024-10-05 08:27:07\",\"malware_download\",\"32-bit,elf,mips,Mozi\","
	  "\"https://urlhaus.abuse.ch/url/3216518/\",\"lrz_urlhaus\"\n"
	  "\"3216517\",\"2024-10-04 08:26:04\",\"http://evil.example/a,b\"\"c\",\"offline\",\"\","
	  "\"malware_download\",\"None\",\"https://urlhaus.abuse.ch/url/3216517/\",\"x\"\n",
	  "url http://192.0.2.7:34567/bin.sh (Mozi) since 2024-10-04 seen 2024-10-05\n"
	  "url http://evil.example/a,b\"c since 2024-10-04 offline\n" },
	{ "URLhaus, JSON",
	  "{\"3216518\":[{\"dateadded\":\"2024-10-04 08:27:07 UTC\","
	  "\"url\":\"http:\\/\\/192.0.2.7\\/i\",\"url_status\":\"online\",\"last_online\":null,"
	  "\"threat\":\"malware_download\",\"tags\":[\"Mozi\",\"elf\"],\"reporter\":\"x\"}],"
	  "\"3216519\":[{\"dateadded\":\"2024-10-04 08:27:07 UTC\",\"url\":\"http://b.example/\","
	  "\"url_status\":\"offline\",\"tags\":null}]}",
	  "url http://192.0.2.7/i (Mozi) since 2024-10-04\n"
	  "url http://b.example/ since 2024-10-04 offline\n" },
	{ "ThreatFox, CSV",
	  "# abuse.ch ThreatFox IOCs: recent additions - CSV format       #\r\n#\r\n"
	  "# "
	  "\"first_seen_utc\",\"ioc_id\",\"ioc_value\",\"ioc_type\",\"threat_type\",\"fk_malware\","
	  "\"malware_alias\",\"malware_printable\",\"last_seen_utc\",\"confidence_level\","
	  "\"is_compromised\",\"reference\",\"tags\",\"anonymous\",\"reporter\"\r\n"
	  "\"2024-10-04 09:00:07\", \"1332001\", \"192.0.2.7:4444\", \"ip:port\", \"botnet_cc\", "
	  "\"win.cobalt_strike\", \"Agentemis\", \"Cobalt Strike\", \"\", \"100\", \"False\", "
	  "\"None\", \"a,b\", \"0\", \"x\"\r\n"
	  "\"2024-10-04 09:00:06\", \"1332000\", \"evil.example\", \"domain\", \"botnet_cc\", "
	  "\"unknown\", \"None\", \"Unknown malware\", \"2024-10-05 00:00:00\", \"75\", \"False\", "
	  "\"None\", \"\", \"0\", \"x\"\r\n"
	  "\"2024-10-04 09:00:05\", \"1331999\", \"" MD5 "\", \"md5_hash\", \"payload\", "
	  "\"win.x\", \"\", \"X\", \"\", \"100\", \"False\", \"\", \"\", \"0\", \"x\"\r\n"
	  "\"2024-10-04 09:00:05\", \"1331998\", \"https://github.com/x/y\", \"url\", "
	  "\"payload_delivery\", \"win.x\", \"\", \"X\", \"\", \"50\", \"False\", \"\", \"\", "
	  "\"0\", "
	  "\"x\"\r\n# Number of entries: 4\r\n"
	  "\"2024-10-04 09:00:05\", \"1331997\", \"b.example\", \"domain\", \"botnet_cc\", "
	  "\"win.x\", \"\", \"X\", \"\", \"50\", \"False\", \"\", \"\", \"0\", \"x\"\r\n",
	  "net 192.0.2.7:4444 (Cobalt Strike) since 2024-10-04 100%\n"
	  "name evil.example since 2024-10-04 seen 2024-10-05 75%\n" NO_FILE
	  "url https://github.com/x/y (X) since 2024-10-04 50%\n"
	  "name b.example (X) since 2024-10-04 50%\n" },
	{ "ThreatFox, JSON of the export",
	  "{\"1332001\":[{\"ioc_value\":\"192.0.2.7:4444\",\"ioc_type\":\"ip:port\","
	  "\"threat_type\":\"botnet_cc\",\"malware\":\"win.cobalt_strike\","
	  "\"malware_printable\":\"Cobalt Strike\",\"first_seen_utc\":\"2024-10-04 09:00:07\","
	  "\"last_seen_utc\":null,\"confidence_level\":100,\"tags\":\"a,b\",\"anonymous\":\"0\"}],"
	  "\"1\":[{\"ioc_value\":\"" SHA1 "\",\"ioc_type\":\"sha1_hash\"}]}",
	  "net 192.0.2.7:4444 (Cobalt Strike) since 2024-10-04 100%\n" NO_FILE },
	{ "ThreatFox, JSON of the API",
	  "{\"query_status\":\"ok\",\"data\":[{\"id\":\"41\",\"ioc\":\"evil.example\","
	  "\"threat_type\":\"botnet_cc\",\"ioc_type\":\"domain\",\"malware\":\"win.x\","
	  "\"malware_printable\":\"X\",\"confidence_level\":75,"
	  "\"first_seen\":\"2020-12-06 09:10:23 UTC\",\"last_seen\":null,\"tags\":null}]}",
	  "name evil.example (X) since 2020-12-06 75%\n" },
	{ "Feodo Tracker, CSV",
	  "# Feodo Tracker Botnet C2 IP Blocklist (CSV) #\r\n"
	  "\"first_seen_utc\",\"dst_ip\",\"dst_port\",\"c2_status\",\"last_online\",\"malware\"\r\n"
	  "\"2022-06-04 21:24:53\",\"192.0.2.7\",\"8080\",\"offline\",\"2024-10-01\",\"Emotet\"\r\n"
	  "# END 1 entries\r\n",
	  "net 192.0.2.7:8080 (Emotet) since 2022-06-04 seen 2024-10-01 offline\n" },
	{ "Feodo Tracker, CSV of old",
	  "# Firstseen,DstIP,DstPort,LastOnline,Malware\n"
	  "2020-12-25 18:24:24,192.0.2.7,443,2020-12-26,TrickBot\n",
	  "net 192.0.2.7:443 (TrickBot) since 2020-12-25 seen 2020-12-26\n" },
	{ "Feodo Tracker, JSON",
	  "[{\"ip_address\":\"192.0.2.7\",\"port\":8080,\"status\":\"online\",\"hostname\":null,"
	  "\"as_number\":64500,\"as_name\":\"X\",\"country\":\"US\","
	  "\"first_seen\":\"2022-06-04 21:24:53\",\"last_online\":\"2024-10-01\","
	  "\"malware\":\"Emotet\"},{\"ip_address\":\"2001:db8::7\",\"port\":443,\"malware\":\"X\"}"
	  "]",
	  "net 192.0.2.7:8080 (Emotet) since 2022-06-04 seen 2024-10-01\n"
	  "net [2001:db8::7]:443 (X)\n" },
	{ "Feodo Tracker, block list", "# Feodo\r\n#\r\n192.0.2.7\r\n# END 1 entries\r\n",
	  "any 192.0.2.7 and below (stem)\n" },
	{ "SSLBL, CSV",
	  "# Listingdate,SHA1,Listingreason\n2024-10-04 09:00:07," SHA1 ",AsyncRAT C&C\n",
	  "sha1 " SHA1 " (AsyncRAT) since 2024-10-04\n" },
	{ "SSLBL, addresses", "# Firstseen,DstIP,DstPort\n2024-10-04 09:00:07,192.0.2.7,4444\n",
	  "net 192.0.2.7:4444 since 2024-10-04\n" },
	{ "SSLBL, JA3",
	  "# ja3_md5,Firstseen,Lastseen,Listingreason\n" MD5
	  ",2017-07-14 18:08:15,2019-07-27 20:42:54,Adware\n",
	  "ja3 " MD5 " (Adware) since 2017-07-14 seen 2019-07-27\n" },
	{ "a row before the header",
	  "1,2\n# id,dateadded,url\n\"1\",\"2024-10-04\",\"http://a.example/b\"\n",
	  "! no header before it names the columns\nurl http://a.example/b since 2024-10-04\n" },
	{ "a row cut short", "# id,dateadded,url,url_status\n\"1\",\"2024-10-04\"\n",
	  "! no item in this record\n" },
	{ "Zeek's intel",
	  "#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\tmeta.url\n"
	  "192.0.2.7\tIntel::ADDR\tfeed\tEmotet C2\t-\n"
	  "192.0.2.0/24\tIntel::SUBNET\tfeed\t-\t-\n"
	  "evil.example\tIntel::DOMAIN\tfeed\t-\t-\n"
	  "evil.example/a\tIntel::URL\tfeed\t-\t-\n" SHA1 "\tIntel::CERT_HASH\tfeed\t-\t-\n"
	  "a@b.example\tIntel::EMAIL\tfeed\t-\t-\n" MD5 "\tIntel::FILE_HASH\tfeed\t-\t-\nx\n",
	  "net 192.0.2.7 (Emotet C2)\nnet 192.0.2.0/24\nname evil.example\nurl evil.example/a\n"
	  "sha1 " SHA1 "\n" NO_TYPE NO_TYPE "! too few fields\n" },
};

#define RULE(head, body) "alert " head " (msg:\"x\"; " body " sid:1; rev:1;)\n"

static struct read_case rules[] = {
	{ "Feodo Tracker's rule",
	  "# comment\nalert tcp $HOME_NET any -> [192.0.2.7] 443 (msg:\"Feodo Tracker: potential "
	  "TrickBot CnC Traffic detected\"; threshold: type limit, track by_src; sid:900580737;)\n",
	  "net 192.0.2.7:443 (TrickBot)\n" },
	{ "SSLBL's rule of addresses",
	  "alert tcp $HOME_NET any -> [192.0.2.7,198.51.100.7] 443 (msg:\"SSLBL: Traffic to "
	  "malicious "
	  "host (likely AsyncRAT C&C)\"; sid:1;)\n",
	  "net 192.0.2.7:443 (AsyncRAT)\nnet 198.51.100.7:443 (AsyncRAT)\n" },
	{ "SSLBL's rule of a certificate",
	  "alert tls $EXTERNAL_NET any -> $HOME_NET any (msg:\"SSLBL: Malicious SSL certificate "
	  "detected (Shylock C&C)\"; tls_cert_fingerprint; content:\"b0:8a\"; sid:1;)\n",
	  "sha1 b0:8a (Shylock)\n" },
	{ "SSLBL's rule of JA3",
	  "alert tls any any -> any any (msg:\"SSLBL: Malicious JA3 SSL-Client Fingerprint "
	  "detected "
	  "(Tofsee)\"; ja3_hash; content:\"" MD5 "\"; sid:1;)\n",
	  "ja3 " MD5 " (Tofsee)\n" },
	{ "ThreatFox's rule of a name",
	  "alert dns $HOME_NET any -> any any (msg:\"ThreatFox Cobalt Strike botnet C2 traffic "
	  "(domain "
	  "- confidence level: 75%)\"; dns_query; content:\"evil.example\"; depth:12; "
	  "isdataat:!1,relative; nocase; reference:url, threatfox.abuse.ch/ioc/1/; sid:1;)\n",
	  "name evil.example (Cobalt Strike) 75%\n" },
	{ "URLhaus' rule: host and path are one",
	  "alert http $HOME_NET any -> $EXTERNAL_NET any (msg:\"URLhaus Known malware download URL "
	  "detected (1)\"; flow:established,from_client; content:\"GET\"; http_method; "
	  "content:\"/bin.sh\"; http_uri; depth:7; isdataat:!1,relative; nocase; "
	  "content:\"github.com\"; http_host; depth:10; isdataat:!1,relative; sid:1;)\n",
	  "url github.com/bin.sh (1)\n" },
	{ "host and path in the newer form",
	  RULE("http any any -> any any",
	       "http.method; content:\"POST\"; http.uri; content:\"/a|3b|b\"; http.host; "
	       "content:\"evil.example\";"),
	  "url evil.example/a;b\n" },
	{ "a name in TLS",
	  RULE("tls any any -> any any", "tls.sni; content:\"evil.example\"; bsize:12;"),
	  "name evil.example\n" },
	{ "a name and below",
	  RULE("dns any any -> any any",
	       "dns.query; dotprefix; content:\".evil.example\"; endswith;"),
	  "name evil.example and below\n" },
	{ "a name's end",
	  RULE("dns any any -> any any", "dns.query; content:\"evil.example\"; endswith;"),
	  "name evil.example and below\n" },
	{ "JA4",
	  RULE("tls any any -> any any",
	       "ja4.hash; content:\"t13d1516h2_8daaf6152771_e5627efa2ab1\";"),
	  "ja4 t13d1516h2_8daaf6152771_e5627efa2ab1\n" },
	{ "HASSH", RULE("ssh any any -> any any", "ssh.hassh; content:\"" MD5 "\";"),
	  "hassh " MD5 "\n" },
	{ "an IP rule", RULE("ip any any -> 192.0.2.7 any", ""), "net 192.0.2.7\n" },
	{ "a rule of a network", RULE("ip any any -> [192.0.2.0/24] any", ""),
	  "net 192.0.2.0/24\n" },
	{ "a rule of IPv6", RULE("tcp any any -> 2001:db8::7 443", ""), "net [2001:db8::7]:443\n" },
	{ "two contents are more than one thing",
	  RULE("tls any any -> any any", "tls.sni; content:\"evil\"; content:\"example\";"),
	  NO_RULE },
	{ "a content that must not be",
	  RULE("tls any any -> any any", "tls.sni; content:!\"good.example\";"), NO_RULE },
	{ "an expression",
	  RULE("http any any -> any any", "http.host; content:\"a.example\"; pcre:\"/x/\";"),
	  NO_RULE },
	{ "a content of the packet", RULE("tcp any any -> 192.0.2.7 80", "content:\"GET\";"),
	  NO_RULE },
	{ "another buffer", RULE("tls any any -> any any", "ja3s.hash; content:\"" MD5 "\";"),
	  NO_RULE },
	{ "a path without a host", RULE("http any any -> any any", "http.uri; content:\"/a\";"),
	  NO_RULE },
	{ "all but an address", RULE("ip any any -> !192.0.2.7 any", ""), NO_RULE },
	{ "a variable", RULE("ip any any -> $EVIL any", ""), NO_RULE },
	{ "a rule without options", "alert tcp any any -> 192.0.2.7 80\n", NO_RULE },
	{ "a rule cut short",
	  "alert tls any any -> any any (msg:\"x\"; tls.sni; content:\"evil.exa", NO_RULE },
	{ "a quote within", RULE("tls any any -> any any", "tls.sni; content:\"evil\\;.example\";"),
	  "name evil;.example\n" },
	{ "bytes in hexadecimal cut short",
	  RULE("tls any any -> any any", "tls.sni; content:\"evil|3\";"), NO_RULE },
};

#define MISP_EVENT(attributes) \
	"{\"Event\":{\"info\":\"OSINT - Emotet epoch 4\",\"date\":\"2021-01-02\"," attributes "}}"
#define MISP_IDS ",\"to_ids\":true}"

static struct read_case documents[] = {
	{ "MISP event",
	  MISP_EVENT("\"Attribute\":[{\"type\":\"domain\",\"value\":\"evil.example\","
		     "\"timestamp\":\"1612345678\"" MISP_IDS
		     ",{\"type\":\"ip-dst|port\",\"value\":\"192.0.2.7|4444\"" MISP_IDS
		     ",{\"type\":\"ip-dst|port\",\"value\":\"2001:db8::7|443\"" MISP_IDS
		     ",{\"type\":\"domain|ip\",\"value\":\"b.example|192.0.2.8\","
		     "\"first_seen\":\"2021-03-04T00:00:00.000000+00:00\","
		     "\"last_seen\":\"2021-03-05\"" MISP_IDS ",{\"type\":\"md5\",\"value\":\"" MD5
		     "\"" MISP_IDS
		     ",{\"type\":\"url\",\"value\":\"http://c.example/a\",\"to_ids\":false}"
		     ",{\"type\":\"url\",\"value\":\"http://d.example/a\",\"deleted\":true" MISP_IDS
		     "],\"Object\":[{\"Attribute\":[{\"type\":\"x509-fingerprint-sha1\",\"value\":"
		     "\"" SHA1 "\"" MISP_IDS "]}]"),
	  "name evil.example (OSINT - Emotet epoch 4) since 2021-02-03\n"
	  "net 192.0.2.7:4444 (OSINT - Emotet epoch 4) since 2021-01-02\n"
	  "net [2001:db8::7]:443 (OSINT - Emotet epoch 4) since 2021-01-02\n"
	  "name b.example (OSINT - Emotet epoch 4) since 2021-03-04 seen 2021-03-05\n" NO_TYPE
	  "! its maker says that it is no reason to alert (to_ids)\n! its maker deleted it\n"
	  "sha1 " SHA1 " (OSINT - Emotet epoch 4) since 2021-01-02\n" },
	{ "MISP event with a galaxy",
	  MISP_EVENT("\"Tag\":[{\"name\":\"tlp:white\"},{\"name\":\"misp-galaxy:malpedia="
		     "\\\"Emotet\\\"\"}],"
		     "\"Attribute\":[{\"type\":\"ja3-fingerprint-md5\",\"value\":\"" MD5
		     "\"" MISP_IDS "]"),
	  "ja3 " MD5 " (Emotet) since 2021-01-02\n" },
	{ "MISP search",
	  "{\"response\":[" MISP_EVENT(
		  "\"Attribute\":[{\"type\":\"hostname\",\"value\":\"a.example\"" MISP_IDS
		  "]") "]}",
	  "name a.example (OSINT - Emotet epoch 4) since 2021-01-02\n" },
	{ "MISP manifest",
	  "{\"5f0c\":{\"info\":\"OSINT\",\"Orgc\":{\"name\":\"CIRCL\"},\"date\":\"2021-01-02\","
	  "\"timestamp\":\"1612345678\"}}",
	  "" },
	{ "MISP warning list of hosts",
	  "{\"name\":\"List of "
	  "CDNs\",\"type\":\"hostname\",\"version\":1,\"matching_attributes\":[\"domain\"],"
	  "\"list\":[\"cdn.example\",\".b.example\",7]}",
	  "any cdn.example and below (List of CDNs)\nany b.example and below (List of CDNs)\n" },
	{ "MISP warning list of networks",
	  "{\"name\":\"N\",\"type\":\"cidr\",\"list\":[\"192.0.2.0/24\",\"2001:db8::/32\"]}",
	  "any 192.0.2.0/24 (N)\nany 2001:db8::/32 (N)\n" },
	{ "MISP warning list of texts",
	  "{\"name\":\"N\",\"type\":\"string\",\"list\":[\"192.0.2.7\"]}", "any 192.0.2.7 (N)\n" },
	{ "MISP warning list of expressions",
	  "{\"name\":\"N\",\"type\":\"regex\",\"list\":[\"/a/\"]}",
	  "! only lists of hostname, string and cidr are used\n" },
	{ "nothing in an object", "{\"query_status\":\"no_results\",\"data\":[]}", NULL },
	{ "records of nothing known", "[{\"a\":1},7,[]]",
	  "! no item in this record\n! no item in this record\n! no item in this record\n" },
	{ "no JSON", "{\"a\":", NULL },
	{ "a member twice", "{\"list\":[],\"list\":[]}", NULL },
	{ "JSON with a mark of bytes", "\xef\xbb\xbf[{\"url\":\"http://a.example/b\"}]",
	  "url http://a.example/b\n" },
};

#define STIX(pattern, more)                                                               \
	"{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[{\"type\":\"indicator\"," \
	"\"spec_version\":\"2.1\",\"id\":\"indicator--1\",\"name\":\"Emotet "             \
	"C2\",\"pattern\":\"" pattern                                                     \
	"\",\"pattern_type\":\"stix\",\"valid_from\":\"2021-01-02T00:00:00Z\"" more "}]}"

static struct read_case bundles[] = {
	{ "STIX name", STIX("[domain-name:value = 'evil.example']", ""),
	  "name evil.example (Emotet C2) since 2021-01-02\n" },
	{ "STIX with all it may tell",
	  STIX("[ipv4-addr:value='192.0.2.0/24']",
	       ",\"modified\":\"2021-02-03T00:00:00.000Z\",\"confidence\":85,"
	       "\"valid_until\":\"2021-04-02T00:00:00Z\""),
	  "net 192.0.2.0/24 (Emotet C2) since 2021-01-02 seen 2021-02-03 until 2021-04-02 85%\n" },
	{ "STIX, one of several",
	  STIX("[ipv6-addr:value = '2001:db8::7'] OR [url:value = 'http://evil.example/\\\\'a']",
	       ""),
	  "net 2001:db8::7 (Emotet C2) since 2021-01-02\n"
	  "url http://evil.example/'a (Emotet C2) since 2021-01-02\n" },
	{ "STIX certificate", STIX("[x509-certificate:hashes.'SHA-1' = '" SHA1 "']", ""),
	  "sha1 " SHA1 " (Emotet C2) since 2021-01-02\n" },
	{ "STIX file", STIX("[file:hashes.'SHA-256' = 'ab']", ""), NO_TYPE },
	{ "STIX file or name: nothing of it",
	  STIX("[domain-name:value = 'evil.example' OR file:hashes.MD5 = 'ab']", ""), NO_TYPE },
	{ "STIX, two at once",
	  STIX("[domain-name:value = 'evil.example' AND ipv4-addr:value = '192.0.2.7']", ""),
	  NO_PLAIN },
	{ "STIX, the second of three with another",
	  STIX("[domain-name:value = 'a.example' OR domain-name:value = 'b.example' AND "
	       "domain-name:value = 'c.example']",
	       ""),
	  NO_PLAIN },
	{ "STIX LIKE", STIX("[domain-name:value LIKE '%.example']", ""), NO_PLAIN },
	{ "STIX unlike", STIX("[domain-name:value != 'good.example']", ""), NO_PLAIN },
	{ "STIX cut short", STIX("[domain-name:value = 'evil.exa", ""), NO_PLAIN },
	{ "STIX of nothing", STIX("", ""), NO_PLAIN },
	{ "STIX revoked", STIX("[domain-name:value = 'evil.example']", ",\"revoked\":true"), "" },
	{ "another language",
	  "{\"type\":\"bundle\",\"objects\":[{\"type\":\"indicator\",\"pattern\":\"alert\","
	  "\"pattern_type\":\"suricata\"}]}",
	  "! a pattern in another language than STIX\n" },
	{ "STIX named by what it is",
	  "{\"type\":\"bundle\",\"objects\":[{\"type\":\"indicator\",\"name\":\"Bad: "
	  "evil.example\","
	  "\"pattern\":\"[domain-name:value = 'evil.example']\"}]}",
	  "name evil.example\n" },
	{ "STIX malware that it indicates",
	  "{\"type\":\"bundle\",\"objects\":[{\"type\":\"indicator\",\"id\":\"indicator--1\","
	  "\"name\":\"n\","
	  "\"pattern\":\"[domain-name:value = 'evil.example']\"},{\"type\":\"malware\","
	  "\"id\":\"malware--1\",\"name\":\"Emotet\"},{\"type\":\"relationship\","
	  "\"relationship_type\":\"indicates\",\"source_ref\":\"indicator--1\","
	  "\"target_ref\":\"malware--1\"}]}",
	  "name evil.example (Emotet)\n" },
	{ "STIX of other objects", "{\"type\":\"bundle\",\"objects\":[{\"type\":\"identity\"},7]}",
	  "" },
};

static void is_read_as_it_means(void **state)
{
	static struct feed_shown shown;
	const struct read_case *c = *state;
	enum err err = feed_shown_read(&shown, c->text, strlen(c->text));

	if (!c->want) {
		assert_int_equal(err, ERR_MALFORMED);
		assert_int_equal(shown.rows, 0);
		return;
	}
	assert_int_equal(err, ERR_OK);
	assert_string_equal(shown.text, c->want);
}

/* Each of them, cut anywhere: no row that was not in the whole, and no crash. */
static void cut_anywhere_ends(void **state)
{
	static struct feed_shown shown;
	const struct read_case *c = *state;
	size_t len = strlen(c->text);

	for (size_t cut = 0; cut < len; cut++) {
		char *copy = malloc(cut > 0 ? cut : 1);
		enum err err;

		assert_non_null(copy);
		memcpy(copy, c->text, cut);
		err = feed_shown_read(&shown, copy, cut);
		assert_true(err == ERR_OK || err == ERR_MALFORMED);
		free(copy);
	}
}

/* What tells readers where something begins or ends. */
static void put_telling(uint8_t *text, size_t len, uint64_t *seed)
{
	static const char telling[] = "\"\\'[]{}(),:;|#=\n\0\xff/";
	uint64_t r = random_next(seed);

	text[(r >> 8) % len] = (uint8_t)telling[(r >> 40) % sizeof(telling)];
}

static size_t mutated;

static void changed_anyhow_ends(void **state)
{
	enum { TIMES = 700, ROOM = 32 };

	static struct feed_shown shown;
	const struct read_case *c = *state;
	size_t whole = strlen(c->text);
	uint64_t seed = 41;

	for (size_t i = 0; whole > 0 && i < TIMES; i++) {
		uint8_t *copy = malloc(whole + ROOM);
		size_t len = whole;
		enum err err;

		assert_non_null(copy);
		memcpy(copy, c->text, len);
		for (uint64_t k = 0; k < 1 + random_next(&seed) % 4; k++) {
			put_telling(copy, len, &seed);
			len = mutate_at(copy, len, whole + ROOM, random_next(&seed) % len, &seed);
		}
		err = feed_shown_read(&shown, copy, len);
		assert_true(err == ERR_OK || (err == ERR_MALFORMED && strlen(err_text(err)) > 0));
		mutated++;
		free(copy);
	}
}

/* The last test, when all others have run. */
static void so_many_were_changed(void **state)
{
	(void)state;
	assert_true(mutated >= MUTATED_FEEDS);
}

static size_t add_all(struct CMUnitTest *tests, struct read_case *rows, size_t count)
{
	size_t added =
		add_rows(tests, rows, &rows[0].name, count, sizeof(rows[0]), is_read_as_it_means);

	added += add_rows(tests + added, rows, &rows[0].name, count, sizeof(rows[0]),
			  cut_anywhere_ends);
	return added + add_rows(tests + added, rows, &rows[0].name, count, sizeof(rows[0]),
				changed_anyhow_ends);
}

int main(void)
{
	static struct CMUnitTest
		tests[3 * (ARRAY_LEN(lists) + ARRAY_LEN(tables) + ARRAY_LEN(rules) +
			   ARRAY_LEN(documents) + ARRAY_LEN(bundles)) +
		      1];
	size_t count = add_all(tests, lists, ARRAY_LEN(lists));

	count += add_all(tests + count, tables, ARRAY_LEN(tables));
	count += add_all(tests + count, rules, ARRAY_LEN(rules));
	count += add_all(tests + count, documents, ARRAY_LEN(documents));
	count += add_all(tests + count, bundles, ARRAY_LEN(bundles));
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(so_many_were_changed);
	return _cmocka_run_group_tests("feed_read", tests, count, NULL, NULL);
}
