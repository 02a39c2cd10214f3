#include "sensor/capture/live_links.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* What is cut or lost of a message was not looked at anyway; what is left rings again. */
enum { MESSAGE_BYTES = 4096, MESSAGES_MAX = 64 };

enum err live_links_open(struct live_links *out)
{
	const struct sockaddr_nl bell = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd < 0)
		return ERR_IO;
	if (bind(fd, (const struct sockaddr *)&bell, sizeof(bell)) != 0) {
		int error = errno;

		(void)close(fd);
		errno = error;
		return ERR_IO;
	}
	out->fd = fd;
	return ERR_OK;
}

void live_links_close(struct live_links *links)
{
	if (links->fd >= 0)
		(void)close(links->fd);
	links->fd = -1;
}

bool live_links_rang(const struct live_links *links)
{
	char message[MESSAGE_BYTES];
	int rings = 0;

	/* ENOBUFS, told once, says that more happened than was kept: a bell, too. */
	while (rings < MESSAGES_MAX &&
	       (read(links->fd, message, sizeof(message)) >= 0 || errno == ENOBUFS))
		rings++;
	return rings > 0;
}

static struct ifreq question(const char *name)
{
	struct ifreq ifr = { 0 };

	(void)snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	return ifr;
}

int live_links_index(const struct live_links *links, const char *name)
{
	struct ifreq ifr = question(name);

	return ioctl(links->fd, SIOCGIFINDEX, &ifr) == 0 ? ifr.ifr_ifindex : 0;
}

bool live_links_has_name(const struct live_links *links, int index, const char *name)
{
	struct ifreq ifr = { .ifr_ifindex = index };

	return ioctl(links->fd, SIOCGIFNAME, &ifr) == 0 &&
	       strncmp(ifr.ifr_name, name, sizeof(ifr.ifr_name)) == 0;
}

enum live_link live_links_state(const struct live_links *links, const char *name)
{
	struct ifreq ifr = question(name);

	if (ioctl(links->fd, SIOCGIFFLAGS, &ifr) != 0 || (ifr.ifr_flags & IFF_UP) == 0)
		return LIVE_LINK_DOWN;
	return ifr.ifr_flags & IFF_RUNNING ? LIVE_LINK_RUNNING : LIVE_LINK_UP;
}
