/* zlib's word for input that it does not write to. */
#define ZLIB_CONST

#include "sensor/courier/gzip.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8 };

enum err gzip_pack(const void *bytes, size_t len, void **out, size_t *out_len)
{
	z_stream z = { 0 };
	unsigned char *room = NULL;
	bool is_done = false;

	if (len > INT_MAX || deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW,
					  MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
		return ERR_MEMORY;

	size_t most = deflateBound(&z, len);

	room = malloc(most);
	if (room) {
		z.next_in = bytes;
		z.avail_in = (uInt)len;
		z.next_out = room;
		z.avail_out = (uInt)most;
		is_done = deflate(&z, Z_FINISH) == Z_STREAM_END;
		*out_len = most - z.avail_out;
	}
	(void)deflateEnd(&z);
	if (!is_done) {
		free(room);
		return ERR_MEMORY;
	}
	*out = room;
	return ERR_OK;
}
