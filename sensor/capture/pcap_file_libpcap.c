#include "sensor/capture/pcap_file.h"

#include <pcap.h>
#include <stdlib.h>

enum { READ_AHEAD_BYTES = 64 * 1024 };

struct pcap_file {
	FILE *bytes;  /* the pcap's own once that is open */
	pcap_t *pcap; /* NULL: the header is bad, and header_answer says how */
	enum reader_answer header_answer;
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
	(void)setvbuf(file->bytes, file->read_ahead, _IOFBF, sizeof(file->read_ahead));
	file->pcap = pcap_fopen_offline_with_tstamp_precision(
		file->bytes, PCAP_TSTAMP_PRECISION_NANO, file->damage);
	if (!file->pcap)
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

enum reader_answer pcap_file_next(struct pcap_file *file, struct frame *out)
{
	struct pcap_pkthdr *header;
	const u_char *bytes;

	if (!file->pcap)
		return file->header_answer;

	int status = pcap_next_ex(file->pcap, &header, &bytes);

	if (status == PCAP_ERROR_BREAK)
		return READER_END;
	if (status != 1)
		return failure(file->bytes);

	*out = (struct frame){
		.time = frame_time(file, header->ts),
		.bytes = { .data = bytes, .len = header->caplen },
		.wire_len = header->len > header->caplen ? header->len : header->caplen,
		.link_type = (uint32_t)pcap_datalink(file->pcap),
	};
	return READER_FRAME;
}

const char *pcap_file_damage(const struct pcap_file *file)
{
	return file->pcap ? pcap_geterr(file->pcap) : file->damage;
}

uint64_t pcap_file_clamped_times(const struct pcap_file *file)
{
	return file->clamped_times;
}
