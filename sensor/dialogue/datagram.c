#include "sensor/dialogue/datagram.h"

#include "sensor/dialogue/datagram_readers.h"

static const struct datagram_reader *const readers[] = {
	/* By their ports. */
	&datagram_reader_dns,
	&datagram_reader_mdns,
	&datagram_reader_dhcp,
	&datagram_reader_nbns,
	&datagram_reader_dhcpv6,
	&datagram_reader_browser,
	&datagram_reader_ssdp,
	&datagram_reader_snmp,
	&datagram_reader_ntp,
	&datagram_reader_ike,
	&datagram_reader_kerberos,
	&datagram_reader_cldap,
	/* By their first bytes, on any port. */
	&datagram_reader_quic,
	&datagram_reader_dtls,
	&datagram_reader_wireguard,
	&datagram_reader_openvpn,
	&datagram_reader_dns_elsewhere,
};

static bool takes(const struct datagram_reader *reader, const struct datagram *datagram)
{
	if (reader->ports[0] == 0)
		return true;
	for (size_t i = 0; i < DATAGRAM_PORTS_MAX && reader->ports[i] != 0; i++) {
		if (datagram->source_port == reader->ports[i] ||
		    datagram->destination_port == reader->ports[i])
			return true;
	}
	return false;
}

enum datagram_service datagram_read(const struct datagram *datagram)
{
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		if (!takes(readers[i], datagram))
			continue;

		enum datagram_service service = readers[i]->read(datagram);

		if (service != DATAGRAM_NONE)
			return service;
	}
	return DATAGRAM_NONE;
}
