#include "sensor/health/health_surroundings.h"

#include "sensor/base/text.h"

#include <dirent.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

#define SYS_NET "/sys/class/net"

enum { SYS_PATH_LEN = 64, SYS_TEXT_LEN = 32 };

_Static_assert(INTERFACE_NAME_LEN == IFNAMSIZ, "an interface's name is as the kernel's");

/* A name comes from an option: it must not lead anywhere else. */
static bool is_name(const char *name)
{
	return name[0] != '\0' && name[0] != '.' && !strchr(name, '/');
}

static bool read_sys(const char *interface, const char *what, char out[static SYS_TEXT_LEN])
{
	char path[SYS_PATH_LEN];

	(void)snprintf(path, sizeof(path), SYS_NET "/%s/%s", interface, what);

	FILE *file = fopen(path, "re");

	if (!file)
		return false;

	/* The speed of a link that is down is an error of the read. */
	bool is_read = fgets(out, SYS_TEXT_LEN, file) != NULL;

	(void)fclose(file);
	if (is_read)
		out[strcspn(out, "\n")] = '\0';
	return is_read;
}

/* -1 stands for unknown there; 0 here. */
static uint32_t read_sys_number(const char *interface, const char *what)
{
	char text[SYS_TEXT_LEN];

	if (!read_sys(interface, what, text))
		return 0;

	long value = strtol(text, NULL, 10);

	return value > 0 && value < UINT32_MAX ? (uint32_t)value : 0;
}

static void read_driver(struct health_interface *out)
{
	char path[SYS_PATH_LEN];
	char target[256];

	(void)snprintf(path, sizeof(path), SYS_NET "/%s/device/driver", out->name);

	ssize_t len = readlink(path, target, sizeof(target) - 1);

	if (len <= 0)
		return;
	target[len] = '\0';

	const char *slash = strrchr(target, '/');
	struct text driver = text_over(out->driver, sizeof(out->driver));

	text_add(&driver, slash ? slash + 1 : target);
}

void surroundings_of_interface(struct health_interface *out)
{
	char state[SYS_TEXT_LEN];

	out->link = HEALTH_LINK_MISSING;
	if (!is_name(out->name) || !read_sys(out->name, "operstate", state))
		return;
	/* Some virtual ones say "unknown" while they work. */
	out->link = strcmp(state, "up") == 0 || strcmp(state, "unknown") == 0 ? HEALTH_LINK_UP
									      : HEALTH_LINK_DOWN;
	out->mtu = read_sys_number(out->name, "mtu");
	out->speed_mbit = read_sys_number(out->name, "speed");
	read_driver(out);
}

/* What the card does not know of is not on. */
static uint32_t ask_ethtool(int fd, const char *name, uint32_t command)
{
	struct ethtool_value value = { .cmd = command };
	struct ifreq request = { .ifr_data = (char *)&value };

	memcpy(request.ifr_name, name, INTERFACE_NAME_LEN);
	return ioctl(fd, SIOCETHTOOL, &request) == 0 ? value.data : 0;
}

void surroundings_of_offloads(struct health_interface *out)
{
	static const uint32_t commands[] = { ETHTOOL_GGRO, ETHTOOL_GGSO, ETHTOOL_GTSO };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;

	bool is_on = (ask_ethtool(fd, out->name, ETHTOOL_GFLAGS) & ETH_FLAG_LRO) != 0;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		is_on = is_on || ask_ethtool(fd, out->name, commands[i]) != 0;
	out->joins_packets = is_on ? HEALTH_YES : HEALTH_NO;
	(void)close(fd);
}

enum health_answer surroundings_of_clock(void)
{
	struct timex clock = { 0 };

	if (adjtimex(&clock) < 0)
		return HEALTH_UNKNOWN;
	return (clock.status & STA_UNSYNC) != 0 ? HEALTH_NO : HEALTH_YES;
}

static bool read_mac(const char *interface, struct mac *out)
{
	char text[SYS_TEXT_LEN];
	char *at = text;

	if (!read_sys(interface, "address", text))
		return false;
	for (size_t i = 0; i < MAC_LEN; i++) {
		unsigned long byte = strtoul(at, &at, 16);

		if (byte > UINT8_MAX || *at != (i + 1 < MAC_LEN ? ':' : '\0'))
			return false;
		out->bytes[i] = (uint8_t)byte;
		at += i + 1 < MAC_LEN;
	}
	return !mac_is_zero(out);
}

size_t surroundings_own_macs(struct mac *out, size_t room)
{
	DIR *folder = opendir(SYS_NET);
	size_t count = 0;

	if (!folder)
		return 0;
	while (count < room) {
		const struct dirent *entry = readdir(folder); /* NOLINT(concurrency-mt-unsafe) */

		if (!entry)
			break;
		if (is_name(entry->d_name) && strlen(entry->d_name) < INTERFACE_NAME_LEN &&
		    read_mac(entry->d_name, &out[count]))
			count++;
	}
	(void)closedir(folder);
	return count;
}
