#include "sensor/detect/service_port.h"

#include <stddef.h>

/* One a line, so that others can be added beside it; sorted. */
/* clang-format off */
static const struct {
	uint16_t port;
	uint8_t uses; /* enum port_use */
} ports[] = {
	{ 20, PORT_USUAL },
	{ 21, PORT_USUAL | PORT_STARTS_TLS },
	{ 22, PORT_USUAL },
	{ 23, PORT_USUAL },
	{ 25, PORT_USUAL | PORT_STARTS_TLS },
	{ 53, PORT_USUAL },
	{ 80, PORT_USUAL | PORT_WEB },
	{ 81, PORT_WEB },
	{ 110, PORT_USUAL | PORT_STARTS_TLS },
	{ 119, PORT_USUAL },
	{ 123, PORT_USUAL },
	{ 143, PORT_USUAL | PORT_STARTS_TLS },
	{ 389, PORT_USUAL | PORT_STARTS_TLS },
	{ 443, PORT_USUAL | PORT_HTTPS | PORT_TLS },
	{ 445, PORT_USUAL },
	{ 465, PORT_USUAL | PORT_STARTS_TLS },
	{ 500, PORT_USUAL | PORT_STARTS_TLS },
	{ 554, PORT_USUAL },
	{ 563, PORT_TLS },
	{ 587, PORT_USUAL | PORT_STARTS_TLS },
	{ 636, PORT_USUAL | PORT_TLS },
	{ 853, PORT_USUAL | PORT_TLS },
	{ 873, PORT_USUAL },
	{ 989, PORT_USUAL | PORT_TLS },
	{ 990, PORT_USUAL | PORT_TLS },
	{ 993, PORT_USUAL | PORT_STARTS_TLS },
	{ 995, PORT_USUAL | PORT_STARTS_TLS },
	{ 1194, PORT_USUAL | PORT_STARTS_TLS },
	{ 1433, PORT_USUAL | PORT_STARTS_TLS },
	{ 1723, PORT_USUAL },
	{ 1883, PORT_USUAL | PORT_KEPT_OPEN },
	{ 1935, PORT_USUAL },
	{ 2083, PORT_TLS },
	{ 2087, PORT_TLS },
	{ 2096, PORT_TLS },
	{ 2222, PORT_USUAL },
	{ 3074, PORT_USUAL },
	{ 3128, PORT_WEB },
	{ 3306, PORT_USUAL | PORT_STARTS_TLS },
	{ 3389, PORT_USUAL | PORT_STARTS_TLS },
	{ 3478, PORT_USUAL },
	{ 3479, PORT_USUAL },
	{ 4443, PORT_TLS },
	{ 4500, PORT_USUAL },
	{ 5060, PORT_USUAL },
	{ 5061, PORT_USUAL | PORT_STARTS_TLS },
	{ 5222, PORT_USUAL | PORT_KEPT_OPEN },
	{ 5223, PORT_USUAL | PORT_TLS | PORT_KEPT_OPEN },
	{ 5228, PORT_USUAL | PORT_TLS | PORT_KEPT_OPEN },
	{ 5432, PORT_USUAL | PORT_STARTS_TLS },
	{ 5938, PORT_USUAL },
	{ 6667, PORT_USUAL },
	{ 6697, PORT_USUAL | PORT_TLS },
	{ 8000, PORT_USUAL | PORT_WEB },
	{ 8008, PORT_WEB },
	{ 8080, PORT_USUAL | PORT_WEB },
	{ 8443, PORT_USUAL | PORT_HTTPS | PORT_TLS },
	{ 8883, PORT_USUAL | PORT_TLS | PORT_KEPT_OPEN },
	{ 8888, PORT_WEB },
	{ 9100, PORT_USUAL },
	{ 9418, PORT_USUAL },
	{ 9443, PORT_TLS },
};
/* clang-format on */

bool port_is(uint16_t port, unsigned uses)
{
	size_t low = 0;
	size_t high = sizeof(ports) / sizeof(ports[0]);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ports[middle].port == port)
			return (ports[middle].uses & uses) != 0;
		if (ports[middle].port < port)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}
