#include "tests/unit/dialogue/datagram_bench.h"

static struct datagram_case cases[] = {
	{ "somebody looks for a gateway", true, 1900,
	  BYTES("M-SEARCH * HTTP/1.1\015\012HOST: 239.255.255.250:1900\015\012ST: urn:s"
		"chemas-upnp-org:device:InternetGatewayDevice:1\015\012MAN: \042ssdp:di"
		"scover\042\015\012MX: 2\015\012\015\012"),
	  "> ssdp type=M-SEARCH target=urn:schemas-upnp-org:device:InternetGatewayDevice:1\n",
	  NULL },
	{ "a device comes", true, 1900,
	  BYTES("NOTIFY * HTTP/1.1\015\012HOST: 239.255.255.250:1900\015\012LOCATION: h"
		"ttp://192.0.2.9/d.xml\015\012NT: upnp:rootdevice\015\012NTS: ssdp:aliv"
		"e\015\012SERVER: Linux/5.4 UPnP/1.0 Example/2\015\012USN: uuid:1-2::up"
		"np:rootdevice\015\012\015\012"),
	  "> ssdp type=NOTIFY target=upnp:rootdevice nts=ssdp:alive "
	  "usn=uuid:1-2::upnp:rootdevice server_software=Linux/5.4 UPnP/1.0 "
	  "Example/2 location=http://192.0.2.9/d.xml\n",
	  NULL },
	{ "a device answers", false, 1900,
	  BYTES("HTTP/1.1 200 OK\015\012ST: upnp:rootdevice\015\012USN: uuid:1-2::upnp:"
		"rootdevice\015\012Server: Example/2\015\012\015\012"),
	  "< ssdp type=response target=upnp:rootdevice usn=uuid:1-2::upnp:rootdevice "
	  "server_software=Example/2\n",
	  NULL },
	{ "who looks says what it is", true, 1900,
	  BYTES("M-SEARCH * HTTP/1.1\015\012MAN: \042ssdp:discover\042\015\012ST: ssdp:"
		"all\015\012USER-AGENT: Chromium/99 Windows\015\012\015\012"),
	  "> ssdp type=M-SEARCH target=ssdp:all user_agent=Chromium/99 Windows\n", NULL },
	{ "HTTP of another kind", true, 1900, BYTES("GET / HTTP/1.1\015\012\015\012"), "", NULL },
};

int main(void)
{
	return datagram_run_all("read_ssdp", cases, sizeof(cases) / sizeof(cases[0]));
}
