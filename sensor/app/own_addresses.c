#include "sensor/app/own_addresses.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	MESSAGES_BYTES = 32768,  /* the kernel fills no more of a dump at once */
	ROOM_BYTES = 1 << 20,    /* for thousands that come within a second */
	RECEIVES_MAX = 1000,     /* at a time: whoever adds addresses for ever does not hold us */
	DUMP_PATIENCE_MS = 5000, /* for each part of the answer */
	MULTICAST_GROUPS = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
};

static bool holds(const struct own_addresses *own, const struct own_address *asked, size_t *at)
{
	for (*at = 0; *at < own->count; (*at)++) {
		const struct own_address *known = &own->known[*at];

		if (known->interface == asked->interface &&
		    memcmp(&known->address, &asked->address, sizeof(asked->address)) == 0)
			return true;
	}
	return false;
}

/* One that two interfaces have is left out twice, which costs a place and nothing else. */
static void rebuild(struct own_addresses *own)
{
	own->networks = (struct network_config){ 0 };
	for (size_t i = 0; i < own->count; i++) {
		const struct prefix prefix = { .address = own->known[i].address,
					       .bits = ADDRESS_LEN * 8 };

		if (network_config_add(&own->networks, &prefix) != ERR_OK)
			return; /* there is a place for each */
	}
}

static bool add(struct own_addresses *own, const struct own_address *told)
{
	size_t at;

	if (holds(own, told, &at))
		return false;
	if (own->count == OWN_ADDRESSES_MAX) {
		own->is_full = true;
		return false;
	}
	own->known[own->count++] = *told;
	return true;
}

static bool take_away(struct own_addresses *own, const struct own_address *told)
{
	size_t at;

	if (!holds(own, told, &at))
		return false;
	own->known[at] = own->known[--own->count];
	return true;
}

/* In the byte order of this machine, as all that the kernel says. */
static bool copy(struct cursor *in, void *out, size_t size)
{
	struct span taken = cursor_take(in, size);

	if (taken.len == size)
		memcpy(out, taken.data, size);
	return taken.len == size;
}

static bool address_of(unsigned family, struct span bytes, struct address *out)
{
	if (family == AF_INET && bytes.len == sizeof(uint32_t))
		*out = address_v4(bytes.data);
	else if (family == AF_INET6 && bytes.len == ADDRESS_LEN)
		*out = address_v6(bytes.data);
	else
		return false;
	return true;
}

/* An attribute, or a message, with what fills it up to a multiple of four. */
static struct cursor next_part(struct cursor *in, size_t header, size_t len)
{
	struct cursor part = cursor_sub(in, len - header);

	if (cursor_ok(in))
		(void)cursor_take_up_to(in, (NLMSG_ALIGNTO - len % NLMSG_ALIGNTO) % NLMSG_ALIGNTO);
	return part;
}

/* IFA_LOCAL is this machine's where IFA_ADDRESS is the other end of a line, else they are one. */
static bool read_address(struct cursor in, struct own_address *out)
{
	struct ifaddrmsg about;
	bool is_found = false;
	bool is_local = false;

	if (!copy(&in, &about, sizeof(about)))
		return false;
	out->interface = about.ifa_index;
	while (cursor_left(&in) > 0) {
		struct rtattr attribute;

		if (!copy(&in, &attribute, sizeof(attribute)) ||
		    attribute.rta_len < sizeof(attribute))
			return false;

		struct cursor value = next_part(&in, sizeof(attribute), attribute.rta_len);

		if (!cursor_ok(&in))
			return false;
		if (attribute.rta_type != IFA_LOCAL &&
		    (attribute.rta_type != IFA_ADDRESS || is_local))
			continue;
		if (!address_of(about.ifa_family, value.rest, &out->address))
			return false;
		is_found = true;
		is_local = attribute.rta_type == IFA_LOCAL;
	}
	return is_found && !address_is_loopback(&out->address);
}

static bool take_message(struct own_addresses *own, unsigned type, struct cursor body)
{
	struct own_address told;

	if ((type != RTM_NEWADDR && type != RTM_DELADDR) || !read_address(body, &told))
		return false;
	return type == RTM_NEWADDR ? add(own, &told) : take_away(own, &told);
}

/* `*is_last` when one of them ends the answer to a question. */
static bool take_messages(struct own_addresses *own, struct span messages, bool *is_last)
{
	struct cursor in = cursor_over(messages.data, messages.len);
	bool has_changed = false;

	while (cursor_left(&in) > 0) {
		struct nlmsghdr header;

		if (!copy(&in, &header, sizeof(header)) || header.nlmsg_len < sizeof(header))
			break;

		struct cursor body = next_part(&in, sizeof(header), header.nlmsg_len);

		if (!cursor_ok(&in))
			break;
		*is_last |= header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR;
		has_changed |= take_message(own, header.nlmsg_type, body);
	}
	if (has_changed)
		rebuild(own);
	return has_changed;
}

bool own_addresses_take(struct own_addresses *own, struct span messages)
{
	bool is_last = false;

	return take_messages(own, messages, &is_last);
}

/* One datagram; false when there is none. Other processes may write to this socket too. */
static bool receive(struct own_addresses *own, bool *has_changed, bool *is_last)
{
	uint8_t bytes[MESSAGES_BYTES];
	struct sockaddr_nl from = { 0 };
	socklen_t from_len = sizeof(from);
	ssize_t len =
		recvfrom(own->fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &from_len);

	if (len < 0 && errno == ENOBUFS)
		own->has_lost = true;
	if (len < 0)
		return errno == ENOBUFS || errno == EINTR;
	if (from.nl_pid == 0)
		*has_changed |= take_messages(own, (struct span){ bytes, (size_t)len }, is_last);
	return true;
}

bool own_addresses_follow(struct own_addresses *own)
{
	bool has_changed = false;
	bool is_last = false;

	for (int i = 0; own->fd >= 0 && i < RECEIVES_MAX && receive(own, &has_changed, &is_last);
	     i++)
		;
	return has_changed;
}

static bool ask(int fd)
{
	struct {
		struct nlmsghdr header;
		struct ifaddrmsg about;
	} question = { .header = { .nlmsg_len = sizeof(question),
				   .nlmsg_type = RTM_GETADDR,
				   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP } };

	return send(fd, &question, sizeof(question), 0) == (ssize_t)sizeof(question);
}

/* What changes meanwhile is told in between, in its order. */
static bool hear_all(struct own_addresses *own)
{
	struct pollfd heard = { .fd = own->fd, .events = POLLIN };
	bool has_changed = false;
	bool is_last = false;

	for (int i = 0; i < RECEIVES_MAX && !is_last; i++) {
		if (poll(&heard, 1, DUMP_PATIENCE_MS) != 1)
			return false;
		(void)receive(own, &has_changed, &is_last);
	}
	return is_last;
}

enum err own_addresses_open(struct own_addresses *own)
{
	const struct sockaddr_nl at = { .nl_family = AF_NETLINK, .nl_groups = MULTICAST_GROUPS };
	const int room = ROOM_BYTES;

	*own = (struct own_addresses){
		.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE)
	};
	if (own->fd < 0)
		return ERR_MISSING;
	/* Without the right to it the usual room has to do, for hundreds. */
	(void)setsockopt(own->fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (bind(own->fd, (const struct sockaddr *)&at, sizeof(at)) != 0 || !ask(own->fd) ||
	    !hear_all(own))
		return ERR_MISSING;
	return ERR_OK;
}

void own_addresses_close(struct own_addresses *own)
{
	if (own->fd >= 0)
		(void)close(own->fd);
	own->fd = -1;
}
