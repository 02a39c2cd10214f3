#include "sensor/courier/capsule_body.h"

#include "sensor/base/json.h"
#include "sensor/courier/base64.h"
#include "sensor/delivery/parcel.h"

#include <stdlib.h>

enum { AROUND = 512 }; /* bytes of the body beside the capsule, at most */

static void write_members(struct json *j, const struct store_capsule *row, const char *base64)
{
	json_object_begin(j, NULL);
	json_string(j, "schema", "hinomi.capsule/1");
	json_string(j, "case", row->case_id);
	json_uint(j, "revision", row->revision);
	json_string(j, "base64", base64);
	json_object_end(j);
	json_line_end(j);
	json_flush(j);
}

static char *write_text(const struct store_capsule *row, const char *base64, size_t *len)
{
	char *text = NULL;
	struct json j;
	FILE *out = open_memstream(&text, len);

	if (!out)
		return NULL;
	json_start(&j, out);
	write_members(&j, row, base64);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	text[--*len] = '\0'; /* the end of the line */
	return text;
}

char *capsule_body(const struct store_capsule *row, size_t *len, bool *is_too_large)
{
	char *base64;
	char *text;

	*is_too_large = base64_len(row->bytes.len) > PARCEL_BODY_MAX - AROUND;
	if (*is_too_large)
		return NULL;
	base64 = base64_text(row->bytes.data, row->bytes.len);
	text = base64 ? write_text(row, base64, len) : NULL;
	free(base64);
	return text;
}
