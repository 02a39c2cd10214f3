#include "sensor/decode/ethertype.h"

#include <stddef.h>

static const uint16_t known[] = {
	0x0800, /* IPv4 */
	0x0806, /* ARP */
	0x0842, /* wake on LAN */
	0x6003, /* DECnet */
	0x8035, /* reverse ARP */
	0x809b, /* AppleTalk */
	0x80f3, /* its ARP */
	0x8100, /* a tag */
	0x8137, /* IPX */
	0x86dd, /* IPv6 */
	0x8808, /* flow control */
	0x8809, /* slow protocols: link aggregation */
	0x886d, /* Intel's load balancing */
	0x887b, /* HomePlug */
	0x888e, /* 802.1X */
	0x8892, /* PROFINET */
	0x8899, /* Realtek's loop detection */
	0x88a4, /* EtherCAT */
	0x88cc, /* LLDP */
	0x88d9, /* LLTD */
	0x88e1, /* HomePlug AV */
	0x88e5, /* MACsec */
	0x88f5, /* MVRP */
	0x88f7, /* PTP */
	0x8902, /* connectivity faults */
	0x893a, /* IEEE 1905 */
	0x9000, /* loopback */
	ETHERTYPE_MPLS,
	ETHERTYPE_MPLS_UPSTREAM,
	ETHERTYPE_PPPOE_DISCOVERY,
	ETHERTYPE_PPPOE_SESSION,
	ETHERTYPE_SERVICE_TAG,
	ETHERTYPE_BACKBONE,
	ETHERTYPE_FABRICPATH,
	ETHERTYPE_METADATA,
	ETHERTYPE_OLD_SERVICE_TAG,
};

bool ethertype_is_known(uint16_t type)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (type == known[i])
			return true;
	}
	return false;
}
