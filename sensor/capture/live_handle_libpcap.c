#include "sensor/capture/live_handle.h"

#include "sensor/base/text.h"

#include <linux/if_packet.h>
#include <pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct live_handle {
	pcap_t *pcap;
	int index;
	uint32_t link_type;
	frame_take_fn *take; /* whom the next frame goes to */
	void *take_arg;
	uint64_t taken;
	uint64_t kept;         /* by the kernel in its ring, of which `taken` were read */
	struct pcap_stat seen; /* libpcap's own counters, which wrap */
	struct live_losses losses;
};

static enum live_opening opening_of(int status)
{
	switch (status) {
	case PCAP_ERROR_NO_SUCH_DEVICE:
		return LIVE_IS_MISSING;
	case PCAP_ERROR_IFACE_NOT_UP:
		return LIVE_IS_DOWN;
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		return LIVE_DENIED;
	default:
		return LIVE_REFUSED;
	}
}

/* What Linux interfaces give, and decode reads: the registry's numbers are libpcap's here. */
static bool is_read(uint32_t link_type)
{
	return link_type == LINK_ETHERNET || link_type == LINK_RAW || link_type == LINK_LINUX_SLL ||
	       link_type == LINK_PPP || link_type == LINK_IPV4 || link_type == LINK_IPV6;
}

static int index_of(int fd)
{
	struct sockaddr_ll bound = { 0 };
	socklen_t len = sizeof(bound);

	return getsockname(fd, (struct sockaddr *)&bound, &len) == 0 ? bound.sll_ifindex : 0;
}

static int activate(pcap_t *pcap, const struct capture_config *config)
{
	char words[PCAP_ERRBUF_SIZE];

	/* These fail only on a handle that is active already. */
	(void)pcap_set_snaplen(pcap, LIVE_SNAP_LEN);
	(void)pcap_set_promisc(pcap, 1);
	(void)pcap_set_timeout(pcap, LIVE_RETIRE_MILLISECONDS);
	(void)pcap_set_buffer_size(pcap, (int)config->buffer_bytes);
	(void)pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	/* Before activating: newer ones then open no descriptor to be woken by. */
	(void)pcap_setnonblock(pcap, 1, words);
	return pcap_activate(pcap);
}

/*
 * What a mirror port sends itself is not the office's. libpcap passes over it from the first frame
 * on; the kernel need not even keep it, for live_handle_is_empty().
 */
static bool hear_alone(pcap_t *pcap)
{
	const int yes = 1;

	(void)setsockopt(pcap_fileno(pcap), SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof(yes));
	return pcap_setdirection(pcap, PCAP_D_IN) == 0;
}

static enum live_opening open_pcap(pcap_t *pcap, const struct capture_config *config,
				   struct text *words)
{
	int status = activate(pcap, config);

	/* Above zero are warnings, such as an interface that cannot be promiscuous. */
	if (status < 0) {
		text_format(words, "%s: %s", pcap_statustostr(status), pcap_geterr(pcap));
		return opening_of(status);
	}

	uint32_t link_type = link_type_of((uint32_t)pcap_datalink(pcap));

	if (!is_read(link_type)) {
		const char *called = pcap_datalink_val_to_name((int)link_type);

		text_format(words,
			    "its link type %u (%s) is not read: name an Ethernet, PPP or tunnel "
			    "interface",
			    link_type, called ? called : "unknown");
		return LIVE_REFUSED;
	}
	if (config->place == CAPTURE_MIRROR && !hear_alone(pcap)) {
		text_add(words, pcap_geterr(pcap));
		return LIVE_REFUSED;
	}
	return LIVE_OPENED;
}

enum live_opening live_handle_open(struct live_handle **out, const char *name,
				   const struct capture_config *config,
				   char words[static LIVE_WORDS_LEN])
{
	struct text why = text_over(words, LIVE_WORDS_LEN);
	char pcap_words[PCAP_ERRBUF_SIZE] = "not enough memory";
	struct live_handle *handle = calloc(1, sizeof(*handle));
	pcap_t *pcap = handle ? pcap_create(name, pcap_words) : NULL;

	if (!pcap) {
		free(handle);
		text_add(&why, pcap_words);
		return LIVE_REFUSED;
	}

	enum live_opening opening = open_pcap(pcap, config, &why);

	if (opening != LIVE_OPENED) {
		pcap_close(pcap);
		free(handle);
		return opening;
	}
	handle->pcap = pcap;
	handle->index = index_of(pcap_fileno(pcap));
	handle->link_type = link_type_of((uint32_t)pcap_datalink(pcap));
	*out = handle;
	return LIVE_OPENED;
}

void live_handle_close(struct live_handle *handle)
{
	if (!handle)
		return;
	pcap_close(handle->pcap);
	free(handle);
}

int live_handle_fd(const struct live_handle *handle)
{
	return pcap_get_selectable_fd(handle->pcap);
}

int live_handle_index(const struct live_handle *handle)
{
	return handle->index;
}

static struct frame frame_of(const struct live_handle *handle, const struct pcap_pkthdr *header,
			     const u_char *bytes)
{
	/* Seconds are unsigned in the ring, and what is called tv_usec are nanoseconds, as asked.
	 */
	return (struct frame){
		.time = (uint32_t)header->ts.tv_sec * NANOTIME_SECOND +
			(nanotime)header->ts.tv_usec,
		.bytes = { .data = bytes, .len = header->caplen },
		.wire_len = header->len > header->caplen ? header->len : header->caplen,
		.link_type = handle->link_type,
	};
}

static void take_packet(u_char *arg, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct live_handle *handle = (void *)arg;
	const struct frame frame = frame_of(handle, header, bytes);

	handle->taken++;
	handle->take(handle->take_arg, &frame);
}

bool live_handle_read(struct live_handle *handle, int most, frame_take_fn *take, void *arg,
		      uint64_t *count)
{
	handle->take = take;
	handle->take_arg = arg;

	uint64_t before = handle->taken;
	int answer = pcap_dispatch(handle->pcap, most, take_packet, (void *)handle);

	*count = handle->taken - before;
	return answer >= 0;
}

bool live_handle_next(struct live_handle *handle, struct frame *out, bool *has_frame)
{
	struct pcap_pkthdr *header;
	const u_char *bytes;
	int answer = pcap_next_ex(handle->pcap, &header, &bytes);

	*has_frame = answer == 1;
	if (*has_frame) {
		*out = frame_of(handle, header, bytes);
		handle->taken++;
	}
	return answer >= 0;
}

const char *live_handle_words(const struct live_handle *handle)
{
	return pcap_geterr(handle->pcap);
}

/* The card's counters go back when it is reset or gone: that is no loss. */
static uint64_t rise(unsigned before, unsigned now)
{
	return (int32_t)(now - before) > 0 ? now - before : 0;
}

/* The kernel's counters start anew with each reading, and count what is dropped as received. */
static void read_ring(struct live_handle *handle)
{
	struct tpacket_stats_v3 ring = { 0 };
	socklen_t len = sizeof(ring);

	if (getsockopt(pcap_fileno(handle->pcap), SOL_PACKET, PACKET_STATISTICS, &ring, &len) != 0)
		return;
	handle->kept += ring.tp_packets - ring.tp_drops;
	handle->losses.kernel += ring.tp_drops;
	handle->losses.freezes += ring.tp_freeze_q_cnt;
}

bool live_handle_is_empty(struct live_handle *handle)
{
	read_ring(handle);
	return handle->kept == handle->taken;
}

/* libpcap passes over the freezes: so they are read first, and what it still finds is added. */
struct live_losses live_handle_losses(struct live_handle *handle)
{
	struct pcap_stat now;

	read_ring(handle);
	if (pcap_stats(handle->pcap, &now) == 0) {
		uint64_t dropped = rise(handle->seen.ps_drop, now.ps_drop);

		handle->kept += rise(handle->seen.ps_recv, now.ps_recv) - dropped;
		handle->losses.kernel += dropped;
		handle->losses.interface += rise(handle->seen.ps_ifdrop, now.ps_ifdrop);
		handle->seen = now;
	}
	return handle->losses;
}
