#include "sensor/detect/beacon.h"
#include "sensor/detect/dns_tunnel.h"
#include "sensor/detect/listed.h"
#include "sensor/detect/scan.h"

/* Every detector. Signals of one observation come in this order. */
const struct detector *const detectors[] = {
	&detector_listed,
	&detector_beacon,
	&detector_dns_tunnel,
	&detector_scan,
};
const size_t detectors_count = sizeof(detectors) / sizeof(detectors[0]);

const struct detector *detector_of(enum signal_kind kind)
{
	switch (kind) {
	case SIGNAL_BEACON:
		return &detector_beacon;
	case SIGNAL_DNS_TUNNEL:
		return &detector_dns_tunnel;
	case SIGNAL_LISTED_CONTACT:
	case SIGNAL_LISTED_LOOKUP:
		return &detector_listed;
	case SIGNAL_SCAN_INSIDE:
	case SIGNAL_SCAN_OUTSIDE:
	case SIGNAL_SCAN_PORTS:
	case SIGNAL_SCAN_ARP:
	case SIGNAL_KINDS:
		break;
	}
	return &detector_scan;
}
