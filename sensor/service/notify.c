#include "sensor/service/notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A path, or behind '@' a name without one. */
static enum err address_of(const char *name, struct sockaddr_un *out, socklen_t *len)
{
	size_t name_len = strlen(name);

	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if ((name[0] != '/' && name[0] != '@') || name_len >= sizeof(out->sun_path)) {
		errno = EINVAL;
		return ERR_IO;
	}
	memcpy(out->sun_path, name, name_len);
	if (name[0] == '@')
		out->sun_path[0] = '\0';
	*len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + name_len);
	return ERR_OK;
}

enum err notify_open(struct notify *out)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address;
	socklen_t len;

	out->fd = -1;
	if (!name || name[0] == '\0')
		return ERR_OK;
	if (address_of(name, &address, &len) != ERR_OK)
		return ERR_IO;
	out->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (out->fd < 0)
		return ERR_IO;
	if (connect(out->fd, (const struct sockaddr *)&address, len) == 0)
		return ERR_OK;

	int why = errno;

	notify_close(out);
	errno = why;
	return ERR_IO;
}

void notify_close(struct notify *notify)
{
	if (notify->fd >= 0)
		(void)close(notify->fd);
	notify->fd = -1;
}

void notify_say(const struct notify *notify, const char *state)
{
	/* Lost when the manager's queue is full: the next one says the same. */
	if (notify->fd >= 0 && write(notify->fd, state, strlen(state)) < 0)
		return;
}
