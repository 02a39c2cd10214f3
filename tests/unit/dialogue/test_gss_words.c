/* Logins for Windows that other protocols carry: in HTTP's fields. */
#include "tests/unit/dialogue/dialogue_bench.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* curl 7.88, and a service that knows nobody. */
static const struct dialogue_part ntlm[] = {
	CLIENT("GET /private/list HTTP/1.1\r\n"
	       "Host: www.office.example\r\n"
	       "Authorization: NTLM TlRMTVNTUAABAAAABoIIAAAAAAAAAAAAAAAAAAAAAAA=\r\n"
	       "\r\n"),
	SERVER("HTTP/1.1 401 Unauthorized\r\n"
	       "WWW-Authenticate: NTLM TlRMTVNTUAACAAAADAAMADgAAAABAokiASNFZ4mrze8AAAAAAAAAAGYAZ"
	       "gBEAAAACgBjRQAAAA9PAEYARgBJAEMARQACAAwATwBGAEYASQBDAEUAAQAGAFMAUgBWAAQAHABvAGYAZ"
	       "gBpAGMAZQAuAGUAeABhAG0AcABsAGUAAwAkAHMAcgB2AC4AbwBmAGYAaQBjAGUALgBlAHgAYQBtAHAAb"
	       "ABlAAAAAAA=\r\n"
	       "Content-Type: text/plain\r\n"
	       "Content-Length: 0\r\n"
	       "\r\n"),
	CLIENT("GET /private/list HTTP/1.1\r\n"
	       "Host: www.office.example\r\n"
	       "Authorization: NTLM TlRMTVNTUAADAAAAGAAYAEAAAACWAJYAWAAAAAwADADuAAAACAAIAPoAAAAW"
	       "ABYAAgEAAAAAAAAAAAAAAQKJIjAwFriYhtEW/u20BuxyZrf4+k6mdErqibQRcQ5ZliSHvG7T9dktHbgB"
	       "AQAAAAAAAABTLsJJet0B+PpOpnRK6okAAAAAAgAMAE8ARgBGAEkAQwBFAAEABgBTAFIAVgAEABwAbwBm"
	       "AGYAaQBjAGUALgBlAHgAYQBtAHAAbABlAAMAJABzAHIAdgAuAG8AZgBmAGkAYwBlAC4AZQB4AGEAbQBw"
	       "AGwAZQAAAAAAAAAAAE8ARgBGAEkAQwBFAGEAbgBuAGEAVwBPAFIASwBTAFQAQQBUAEkATwBOAA==\r\n"
	       "\r\n"),
	SERVER("HTTP/1.1 200 OK\r\n"
	       "Content-Type: text/plain\r\n"
	       "Content-Length: 8\r\n"
	       "\r\n"),
};

/* A ticket, out of a bind of ldapsearch. */
static const struct dialogue_part ticket[] = {
	CLIENT("GET / HTTP/1.1\r\n"
	       "Host: www.office.example\r\n"
	       "Authorization: Negotiate YIICxwYJKoZIhvcSAQICAQBuggK2MIICsqADAgEFoQMCAQ6iBwMFACA"
	       "AAACjggHIYYIBxDCCAcCgAwIBBaEQGw5PRkZJQ0UuRVhBTVBMRaIlMCOgAwIBA6EcMBobBGxkYXAbEnN"
	       "ydi5vZmZpY2UuZXhhbXBsZaOCAX4wggF6oAMCARKhAwIBAqKCAWwEggFosDXbAstWHwrC13U9cQ/Zvxm"
	       "jVgZYHZ50MW6rXhlWnHsSbx2KNq1t2v2A7gTlI3rqxzvoIMz/nvb2XphGkMM7VoIU321wQfdecetXXeE"
	       "IspYP0RzJkhtghlaaNCp2D5Nd/xEqi0AVGOXytYb38Mp8rf7nDHENVLG+VneOEk69Ighxs/mlFoMcQm0"
	       "kVWbiP/a7GnPgfkz5QQcaqvJDqj/Rbth7cvGaUnh5DPjoJpMD9UUGNv6DaEu6BajOYOJi8305e4ZRGLO"
	       "8esEMrRa7ndxK/2x1g7RJMtxxDxnq6sJJ+xNBde10IbQZFD7JvqgZlx+xrodqkSShull9094zMyS7txy"
	       "sAfLAWEVIsIl+Gh00PEpdqzAsBnusZsE/qO6ZKcgl339xW5n244T5S+C0lSVWryycsYXBD5xya+wCwjR"
	       "ve/L+dIJrd0WFw45x9EMejDOyBHlHXwJN8ojiKnAzwBa59GslKFM9/C3JpIHQMIHNoAMCARKigcUEgcK"
	       "k1+RaQDgyqhthRHRGoiPfA4h9pwTwKCRE6SkdY7X3w7uetUOmtoFSTlNB+eLIrB+2pr77qGLVjKF2uy4"
	       "19YLBrC34Y1fpmbmUUBxrwhy8zRiX+ZITSQEd5dsirOLVmUZBI8q54La473JG7HOpku1wX9UzsyXvhps"
	       "InZwD7yD/y/t35egcXmH6inrPcXnG8/zumycR0n2HicVRxb5j5huyiYP5Eq1m6VPdly1b7Ov/xqLiMMI"
	       "j/Axf+RhSFhpya+Tkbg==\r\n"
	       "\r\n"),
	SERVER("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate "
	       "oQcwBaADCgEC\r\nContent-Length: 0\r\n\r\n"),
	CLIENT("GET / HTTP/1.1\r\nHost: www.office.example\r\nAuthorization: Negotiate "
	       "YWJj*\r\n\r\n"),
};

static struct dialogue dialogues[] = {
	{ "NTLM", 80, ntlm, COUNT(ntlm),
	  "> http.request method=GET host=www.office.example uri=/private/list auth=ntlm\n"
	  "> ntlm.negotiate\n"
	  "< http.response status=401 content_type=text/plain content_length=0 auth=ntlm\n"
	  "< ntlm.challenge target=OFFICE netbios_computer=SRV netbios_domain=OFFICE "
	  "dns_computer=srv.office.example dns_domain=office.example challenge=0123456789abcdef "
	  "version=10.0.17763\n"
	  "> http.request method=GET host=www.office.example uri=/private/list auth=ntlm\n"
	  "> ntlm.authenticate user=anna domain=OFFICE workstation=WORKSTATION proof=NTLMv2\n"
	  "< http.response status=200 content_type=text/plain content_length=8\n" },
	{ "a ticket that is rejected", 80, ticket, COUNT(ticket),
	  "> http.request method=GET host=www.office.example uri=/ auth=negotiate\n"
	  "> kerberos message=AP-REQ realm=OFFICE.EXAMPLE service_name=ldap/srv.office.example "
	  "ticket_etype=aes256-cts-hmac-sha1-96\n"
	  "< http.response status=401 content_length=0 auth=negotiate\n"
	  "< spnego state=reject\n"
	  "> http.request method=GET host=www.office.example uri=/ auth=negotiate\n" },
};

int main(void)
{
	return dialogue_run_all("gss_words", dialogues, COUNT(dialogues));
}
