#include "sensor/dialogue/hearing.h"

struct fact *hearing_fact(struct hearing *hearing, enum fact_kind kind)
{
	struct fact *fact = &hearing->fact;

	fact_clear(fact, kind);
	fact->sequence = hearing->sequence;
	fact->number = hearing->number;
	fact->time = hearing->time;
	fact->flow = hearing->flow;
	return fact;
}

struct attributes *hearing_message(struct hearing *hearing, enum message message)
{
	struct fact *fact = hearing_fact(hearing, FACT_MESSAGE);

	fact->message.message = (uint8_t)message;
	fact->message.is_from_client = hearing->from_client;
	return &fact->message.said;
}

void hearing_tell(struct hearing *hearing)
{
	hearing->told(hearing->told_arg, &hearing->fact);
}
