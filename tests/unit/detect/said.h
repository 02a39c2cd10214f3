/* Messages for tests of detectors that read them: "interface=svcctl opnum=12" as a fact. */
#pragma once

#include "tests/support/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAID_WORDS_MAX = 400 };

static inline enum attribute said_attribute(const char *name)
{
	for (int a = 0; a < ATTRIBUTES; a++) {
		if (strcmp(attribute_name((enum attribute)a), name) == 0)
			return (enum attribute)a;
	}
	abort();
}

static inline void said_add(struct attributes *said, char *word)
{
	char *value = strchr(word, '=');
	enum attribute attribute;
	struct address address;
	struct mac mac;

	if (value)
		*value++ = '\0';
	attribute = said_attribute(word);
	switch (attribute_kind(attribute)) {
	case ATTRIBUTE_IS_FLAG:
		attributes_add_flag(said, attribute);
		break;
	case ATTRIBUTE_IS_NUMBER:
		attributes_add_number(said, attribute, strtoull(value, NULL, 10));
		break;
	case ATTRIBUTE_IS_ADDRESS:
		address = test_address(value);
		attributes_add_address(said, attribute, &address);
		break;
	case ATTRIBUTE_IS_MAC:
		mac = test_mac((uint8_t)strtoul(value, NULL, 10));
		attributes_add_mac(said, attribute, &mac);
		break;
	case ATTRIBUTE_IS_TEXT:
		attributes_add_text(said, attribute, value);
		break;
	}
}

/* `words` by blanks, so no value holds one; a flag has no '='. */
static inline struct fact said_fact(nanotime time, const struct fact_flow *flow,
				    enum message message, bool from_client, const char *words)
{
	struct fact fact = test_fact(FACT_MESSAGE, time, flow);
	char copy[SAID_WORDS_MAX];
	char *rest = copy;
	char *word;

	fact.message.message = (uint8_t)message;
	fact.message.is_from_client = from_client;
	attributes_clear(&fact.message.said);
	(void)snprintf(copy, sizeof(copy), "%s", words);
	while ((word = strsep(&rest, " "))) {
		if (word[0] != '\0')
			said_add(&fact.message.said, word);
	}
	return fact;
}
