/*
 * What the office calls its devices: a file that people write, by hand or by `hinomi devices
 * label`. UTF-8, one device a line, its fields parted by tabs:
 *
 *     KEY <tab> LABEL <tab> PLACE <tab> OWNER <tab> KIND
 *     00:00:5e:00:53:21 <tab> 会計のパソコン <tab> 2階 <tab> 佐藤 <tab> office
 *     # a comment
 *
 * KEY is a MAC, a name that the device tells, or for what has neither (behind a router) its
 * address. KIND is office, private or guest. All but KEY may be empty; what is left out at the end
 * is. Of two lines about one device a MAC goes before a name, a name before an address, and the
 * later line before the earlier.
 *
 * Read once, then never changed: any thread. At most LABELS_MAX lines.
 */
#pragma once

#include "sensor/inventory/devices.h"

#include <stdio.h>

enum { LABELS_MAX = 4096, LABEL_KEY_LEN = FACT_HOST_LEN };

struct device_labels;

/*
 * NULL in `*out` when there is no such file. Lines that cannot be used are named on `complaints`
 * with their number and why, the first ten, and counted in `*refused`. ERR_IO with errno,
 * ERR_MEMORY, ERR_FULL beyond LABELS_MAX.
 */
MUST_USE enum err device_labels_read(struct device_labels **out, const char *path, FILE *complaints,
				     size_t *refused);
void device_labels_free(struct device_labels *labels);

/* What the office says of `device`; all of it empty when that is nothing, or `labels` is NULL. */
struct device_label device_labels_find(const struct device_labels *labels,
				       const struct device *device);

size_t device_labels_count(const struct device_labels *labels);

/* "office" …; "" is not told. */
const char *device_kind_text(enum device_kind kind);
bool device_kind_parse(const char *text, enum device_kind *out);

/* One line of such a file, with its end. */
void device_labels_write(FILE *out, const char *key, const struct device_label *label);

/* For `hinomi devices label`: a MAC in lower case, a name in lower case; false for what is none. */
bool device_label_key(const char *text, char out[static LABEL_KEY_LEN]);

/* Calls for each line that can be used, in order. */
typedef void device_labels_each_fn(void *arg, const char *key, const struct device_label *label);
void device_labels_each(const struct device_labels *labels, device_labels_each_fn *each, void *arg);
