/* One item of a list of bad names and addresses, for indicator_list.c alone. */
#pragma once

#include "sensor/intel/indicator_list.h"

enum item_kind { ITEM_NAME, ITEM_NETWORK };

/* One item, ready to be found: names sorted as text, networks by address and length. */
struct indicator_item {
	char *text; /* the indicator's, owned */
	struct indicator indicator;
	enum item_kind kind;
	struct prefix network;
	uint8_t file;  /* how many were read before its own */
	uint16_t port; /* 0 is any */
};

/* Fills `item` from `text`, which becomes the bare name or address; the reason why not, or NULL. */
const char *indicator_item_parse(char *text, struct indicator_item *item);
