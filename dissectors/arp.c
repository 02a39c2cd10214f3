#include "dissectors/arp.h"

enum {
	HARDWARE_ETHERNET = 1,
	PROTOCOL_IPV4 = 0x0800,
};

enum dissect dissect_arp(struct cursor in, struct arp *out)
{
	struct arp packet = { 0 };
	uint16_t hardware = cursor_be16(&in);
	uint16_t protocol = cursor_be16(&in);
	uint8_t hardware_len = cursor_u8(&in);
	uint8_t protocol_len = cursor_u8(&in);
	uint16_t operation = cursor_be16(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (hardware != HARDWARE_ETHERNET || protocol != PROTOCOL_IPV4)
		return DISSECT_OTHER;
	if (hardware_len != ARP_MAC_LEN || protocol_len != ARP_IP_LEN)
		return DISSECT_OTHER;
	if (operation != ARP_REQUEST && operation != ARP_REPLY)
		return DISSECT_OTHER;

	packet.operation = operation;
	cursor_copy(&in, packet.sender_mac, sizeof(packet.sender_mac));
	cursor_copy(&in, packet.sender_ip, sizeof(packet.sender_ip));
	cursor_copy(&in, packet.target_mac, sizeof(packet.target_mac));
	cursor_copy(&in, packet.target_ip, sizeof(packet.target_ip));
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;

	*out = packet;
	return DISSECT_OK;
}
