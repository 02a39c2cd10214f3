#include "sensor/courier/put_filtered.h"

#include "sensor/delivery/privacy.h"

#include <stdlib.h>

enum err put_filtered(struct outbox *outbox, const struct outbox_row *row)
{
	struct outbox_row kept = *row;
	char *body = NULL;
	enum err err = privacy_filter(row->kind, row->body, row->body_len, &body, &kept.body_len);

	kept.body = body;
	if (err == ERR_OK)
		err = outbox_put(outbox, &kept, 1);
	free(body);
	return err;
}
