#include "sensor/dialogue/session_desk.h"

#include "sensor/base/lru_map.h"
#include "sensor/dialogue/certificate_memo.h"

#include <stdlib.h>

/* Without padding: keys are compared as memory. */
struct notes_key {
	uint64_t flow;
	uint64_t of; /* enum desk_notes, or a side */
};

static enum err make_maps(struct session_desk *desk)
{
	enum err err =
		lru_map_new(&desk->notes, DESK_FLOWS, sizeof(struct notes_key), DESK_NOTES_BYTES);

	if (err == ERR_OK)
		err = lru_map_new(&desk->quic_hellos, DESK_QUIC_HELLOS, sizeof(uint64_t),
				  sizeof(struct quic_initial));
	if (err == ERR_OK)
		err = lru_map_new(&desk->dtls_messages, DESK_DTLS_MESSAGES,
				  sizeof(struct notes_key), sizeof(struct desk_dtls_message));
	if (err == ERR_OK)
		err = lru_map_new(&desk->streams, DESK_STREAMS, sizeof(struct notes_key),
				  sizeof(struct desk_stream));
	if (err != ERR_OK)
		return err;
	/* Their windows' bytes are read only where they were written. */
	lru_map_clear_only(desk->quic_hellos, 0);
	lru_map_clear_only(desk->dtls_messages, offsetof(struct desk_dtls_message, bytes));
	lru_map_clear_only(desk->streams, offsetof(struct desk_stream, bytes));
	return ERR_OK;
}

enum err session_desk_new(struct session_desk **out)
{
	struct session_desk *desk = calloc(1, sizeof(*desk));
	enum err err;

	if (!desk)
		return ERR_MEMORY;
	echo_requests_clear(&desk->echo_requests);
	err = make_maps(desk);
	if (err == ERR_OK)
		err = certificate_memo_new(&desk->certificates);
	if (err == ERR_OK)
		err = quic_opener_new(&desk->quic);
	if (err != ERR_OK) {
		session_desk_free(desk);
		return err;
	}
	*out = desk;
	return ERR_OK;
}

void session_desk_free(struct session_desk *desk)
{
	if (!desk)
		return;
	quic_opener_free(desk->quic);
	certificate_memo_free(desk->certificates);
	lru_map_free(desk->streams);
	lru_map_free(desk->dtls_messages);
	lru_map_free(desk->quic_hellos);
	lru_map_free(desk->notes);
	free(desk);
}

void *session_desk_notes(struct session_desk *desk, enum desk_notes whose, uint64_t flow)
{
	const struct notes_key key = { .flow = flow, .of = whose };
	bool is_new;

	return lru_map_touch(desk->notes, &key, &is_new);
}

void *session_desk_find_notes(struct session_desk *desk, enum desk_notes whose, uint64_t flow)
{
	const struct notes_key key = { .flow = flow, .of = whose };

	return lru_map_find(desk->notes, &key);
}

struct quic_initial *session_desk_quic(struct session_desk *desk, uint64_t flow)
{
	bool is_new;
	struct quic_initial *hello = lru_map_touch(desk->quic_hellos, &flow, &is_new);

	if (is_new)
		quic_initial_start(hello);
	return hello;
}

struct quic_initial *session_desk_find_quic(struct session_desk *desk, uint64_t flow)
{
	return lru_map_find(desk->quic_hellos, &flow);
}

void session_desk_drop_quic(struct session_desk *desk, uint64_t flow)
{
	lru_map_remove(desk->quic_hellos, &flow);
}

struct desk_dtls_message *session_desk_dtls(struct session_desk *desk, uint64_t flow,
					    bool from_client)
{
	const struct notes_key key = { .flow = flow, .of = from_client };
	bool is_new;

	return lru_map_touch(desk->dtls_messages, &key, &is_new);
}

void session_desk_drop_dtls(struct session_desk *desk, uint64_t flow, bool from_client)
{
	const struct notes_key key = { .flow = flow, .of = from_client };

	lru_map_remove(desk->dtls_messages, &key);
}

struct desk_stream *session_desk_stream(struct session_desk *desk, uint64_t flow, bool from_client)
{
	const struct notes_key key = { .flow = flow, .of = from_client };
	bool is_new;

	return lru_map_touch(desk->streams, &key, &is_new);
}

void session_desk_drop_stream(struct session_desk *desk, uint64_t flow, bool from_client)
{
	const struct notes_key key = { .flow = flow, .of = from_client };

	lru_map_remove(desk->streams, &key);
}
