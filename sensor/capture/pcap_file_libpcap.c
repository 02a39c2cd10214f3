#include "sensor/capture/pcap_file.h"

#include <pcap.h>
#include <stdio_ext.h>
#include <stdlib.h>

enum {
	READ_AHEAD_BYTES = 64 * 1024,
};

struct pcap_file {
	FILE *bytes;  /* the pcap's own once that is open */
	pcap_t *pcap; /* NULL: the header is bad, and header_answer says how */
	enum reader_answer header_answer;
	frame_take_fn *take; /* whom the next packet goes to */
	void *take_arg;
	uint64_t taken;
	uint32_t link_type;
	uint64_t clamped_times;
	char damage[PCAP_ERRBUF_SIZE];
	char read_ahead[READ_AHEAD_BYTES];
};

/* libpcap tells a short read from nonsense by its text alone; the FILE knows. */
static enum reader_answer failure(FILE *bytes)
{
	return feof(bytes) || ferror(bytes) ? READER_CUT : READER_DAMAGED;
}

enum err pcap_file_new(struct pcap_file **out, struct byte_stream *stream)
{
	struct pcap_file *file = calloc(1, sizeof(*file));

	if (!file)
		return ERR_MEMORY;
	file->bytes = byte_stream_as_file(stream);
	if (!file->bytes) {
		free(file);
		return ERR_MEMORY;
	}
	/* One thread at a time: two locks a packet less. */
	(void)__fsetlocking(file->bytes, FSETLOCKING_BYCALLER);
	(void)setvbuf(file->bytes, file->read_ahead, _IOFBF, sizeof(file->read_ahead));
	file->pcap = pcap_fopen_offline_with_tstamp_precision(
		file->bytes, PCAP_TSTAMP_PRECISION_NANO, file->damage);
	if (file->pcap)
		file->link_type = link_type_of((uint32_t)pcap_datalink(file->pcap));
	else
		file->header_answer = failure(file->bytes);
	*out = file;
	return ERR_OK;
}

void pcap_file_free(struct pcap_file *file)
{
	if (!file)
		return;
	if (file->pcap)
		pcap_close(file->pcap);
	else
		(void)fclose(file->bytes);
	free(file);
}

/* Seconds are unsigned in the format, which libpcap's time_t hides. */
static nanotime frame_time(struct pcap_file *file, struct timeval ts)
{
	nanotime fraction = (nanotime)ts.tv_usec; /* nanoseconds, as asked for when opened */

	if (fraction >= NANOTIME_SECOND) {
		fraction = NANOTIME_SECOND - 1;
		file->clamped_times++;
	}
	return (uint32_t)ts.tv_sec * NANOTIME_SECOND + fraction;
}

static void take_packet(u_char *arg, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct pcap_file *file = (void *)arg;
	const struct frame frame = {
		.time = frame_time(file, header->ts),
		.bytes = { .data = bytes, .len = header->caplen },
		.wire_len = header->len > header->caplen ? header->len : header->caplen,
		.link_type = file->link_type,
	};

	file->taken++;
	file->take(file->take_arg, &frame);
}

enum reader_answer pcap_file_read(struct pcap_file *file, int most, frame_take_fn *take, void *arg,
				  uint64_t *count)
{
	*count = 0;
	if (!file->pcap)
		return file->header_answer;

	file->take = take;
	file->take_arg = arg;
	file->taken = 0;

	int answer = pcap_dispatch(file->pcap, most, take_packet, (void *)file);

	/* libpcap does not tell how many came before the end or a failure. */
	*count = file->taken;
	if (answer > 0)
		return READER_FRAME;
	return answer == 0 ? READER_END : failure(file->bytes);
}

static void keep_frame(void *arg, const struct frame *frame)
{
	*(struct frame *)arg = *frame;
}

enum reader_answer pcap_file_next(struct pcap_file *file, struct frame *out)
{
	uint64_t count;

	return pcap_file_read(file, 1, keep_frame, out, &count);
}

const char *pcap_file_damage(const struct pcap_file *file)
{
	return file->pcap ? pcap_geterr(file->pcap) : file->damage;
}

uint64_t pcap_file_clamped_times(const struct pcap_file *file)
{
	return file->clamped_times;
}
