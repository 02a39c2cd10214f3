#include "sensor/detect/old_smb.h"

#include "sensor/detect/contact_place.h"
#include "sensor/detect/speaker.h"
#include "sensor/detect/told_once.h"

#include <stddef.h>
#include <string.h>

/* The server's own choice: nothing else looks like it. */
static const double certain = 0.9;

static const nanotime tell_again_after = 30 * NANOTIME_DAY;

struct old_smb {
	struct lru_map *told; /* device → nanotime: 8 bytes for each that chooses it */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct old_smb *self = state;

	return lru_map_new(&self->told, (uint32_t)setup->config->judge.devices, sizeof(uint32_t),
			   sizeof(nanotime));
}

static void stop(void *state)
{
	struct old_smb *self = state;

	lru_map_free(self->told);
}

/* All that SMB 1 can choose: the newer ones are named "SMB …". */
static bool is_old(const char *dialect)
{
	return dialect[0] != '\0' && strncmp(dialect, "SMB ", 4) != 0;
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct old_smb *self = state;
	const struct fact *fact = seen->fact;

	if (fact->message.message != MESSAGE_SMB_NEGOTIATE || fact->message.is_from_client ||
	    !is_old(attributes_text(&fact->message.said, ATTRIBUTE_DIALECT)))
		return;

	uint32_t server = speaker_of(seen);

	if (server == 0)
		return;

	if (!told_again(self->told, &server, fact->time, tell_again_after))
		return;

	struct signal s = { .kind = SIGNAL_OLD_SMB,
			    .direction = (uint8_t)seen->direction,
			    .outcome = OUTCOME_ANSWERED,
			    .device = server,
			    .first = fact->time,
			    .last = fact->time,
			    .count = 1,
			    .confidence = certain };

	signal_tell(&s, REASON_OLD_SMB, 1);
	s.object.kind = OBJECT_ADDRESS;
	s.object.has_address = true;
	s.object.address = fact->flow.client;
	s.object.port = fact->flow.server_port;
	s.object.protocol = fact->flow.protocol;
	address_text(&fact->flow.client, s.object.text);
	signal_keep_flow(s.flows, &s.flow_count, fact);
	sink->emit(sink, &s);
}

static bool is_sound(const void *key, const void *value)
{
	uint32_t device;

	(void)value;
	memcpy(&device, key, sizeof(device));
	return device != 0;
}

static const struct kept_table kept[] = {
	{ .name = "old_smb.told",
	  .version = 1,
	  .at = offsetof(struct old_smb, told),
	  .is_sound = is_sound },
	{ 0 },
};

const struct detector detector_old_smb = {
	.name = "old_smb",
	.finds = "A machine of the office that chooses SMB 1, which worms spread by.",
	.sees = DETECTOR_SEES(FACT_MESSAGE),
	.state_size = sizeof(struct old_smb),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
