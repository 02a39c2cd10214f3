/* The readers of datagrams, in the files of their protocols (read_*.c). */
#pragma once

#include "sensor/dialogue/datagram.h"

extern const struct datagram_reader datagram_reader_dns;
extern const struct datagram_reader datagram_reader_dns_elsewhere;
extern const struct datagram_reader datagram_reader_mdns;
extern const struct datagram_reader datagram_reader_dhcp;
extern const struct datagram_reader datagram_reader_nbns;
extern const struct datagram_reader datagram_reader_dhcpv6;
extern const struct datagram_reader datagram_reader_browser;
extern const struct datagram_reader datagram_reader_ssdp;
extern const struct datagram_reader datagram_reader_snmp;
extern const struct datagram_reader datagram_reader_ntp;
extern const struct datagram_reader datagram_reader_quic;
extern const struct datagram_reader datagram_reader_dtls;
extern const struct datagram_reader datagram_reader_ike;
extern const struct datagram_reader datagram_reader_openvpn;
extern const struct datagram_reader datagram_reader_wireguard;
extern const struct datagram_reader datagram_reader_kerberos;
extern const struct datagram_reader datagram_reader_cldap;
