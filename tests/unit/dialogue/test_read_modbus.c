#include "tests/unit/dialogue/dialogue_bench.h"

#define READ        "\x00\x01\x00\x00\x00\x06\x01\x03\x00\x0a\x00\x04"
#define READ_ANSWER "\x00\x01\x00\x00\x00\x0b\x01\x03\x08\x00\x01\x00\x02\x00\x03\x00\x04"
#define WRITE       "\x00\x02\x00\x00\x00\x06\x01\x05\x00\x02\xff\x00"

static const struct dialogue_part polled[] = {
	CLIENT(READ),
	SERVER(READ_ANSWER),
	CLIENT(READ READ WRITE),
	SERVER(WRITE),
	CLIENT(WRITE),
	SERVER("\x00\x03\x00\x00\x00\x03\x01\x83\x02"),
	CLIENT("\x00\x04\x00\x00\x00\x03\x01\x5a\x02"),
	SERVER("\x00\x04\x00\x00\x00\x03\x01\xda\x09"),
};

static const struct dialogue_part lost[] = {
	CLIENT("\x00\x01\x00\x07\x00\x06\x01\x03\x00\x0a\x00\x04"),
	SERVER("\x00\x01\x00\x07\x00\x06\x01\x03\x00\x0a\x00\x04"),
};

static struct dialogue dialogues[] = {
	{ "reads once, writes and refusals always", 502, polled, ARRAY_LEN(polled),
	  "> modbus.request unit=1 function=Read Holding Registers register=10 quantity=4\n"
	  "< modbus.response unit=1 function=Read Holding Registers\n"
	  "> modbus.request unit=1 function=Write Single Coil write register=2 quantity=1\n"
	  "< modbus.response unit=1 function=Write Single Coil write register=2 quantity=1\n"
	  "> modbus.request unit=1 function=Write Single Coil write register=2 quantity=1\n"
	  "< modbus.response unit=1 function=Read Holding Registers exception=ILLEGAL DATA "
	  "ADDRESS\n"
	  "> modbus.request unit=1 function=90\n"
	  "< modbus.response unit=1 function=90 exception=9\n" },
	{ "what is no MODBUS", 502, lost, ARRAY_LEN(lost), "" },
};

int main(void)
{
	return dialogue_run_all("read_modbus", dialogues, ARRAY_LEN(dialogues));
}
