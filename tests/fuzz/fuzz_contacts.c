#include "sensor/judge/contact_block.h"

#include "sensor/detect/statistics.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD = 9 };

static void expect(bool holds)
{
	if (!holds)
		abort();
}

/* What is taken can be shown, and joined with itself. */
static void look(struct contact_rows *rows)
{
	struct contact c;

	while (contact_rows_next(rows, &c)) {
		expect(c.device != 0 && c.kind < CONTACT_KINDS && c.flags < CONTACT_FLAGS);
		expect(c.first <= c.last && memchr(c.name, '\0', sizeof(c.name)));
		expect((c.kind == CONTACT_NAME) == (c.name[0] != '\0'));
		contact_join(&c, &c);
		expect(contact_compare(&c, &c) == 0);
	}
}

/* As it is, and as a block of ours that was summed up over whatever was in it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t block[CONTACT_BLOCK_BYTES];
	struct contact_rows rows;
	uint64_t sum;

	if (contact_rows_open(&rows, (struct span){ data, len }))
		look(&rows);
	if (len > sizeof(block) - HEAD)
		return 0;
	block[0] = 1;
	if (len > 0)
		memcpy(block + HEAD, data, len);
	sum = distinct_hash(block + HEAD, len);
	for (unsigned i = 0; i < sizeof(sum); i++)
		block[1 + i] = (uint8_t)(sum >> 8 * i);
	expect(contact_rows_open(&rows, (struct span){ block, len + HEAD }));
	look(&rows);
	return 0;
}
