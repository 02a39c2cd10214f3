#include "sensor/dialogue/session.h"

#include "sensor/dialogue/session_desk.h"
#include "sensor/dialogue/session_parts.h"
#include "sensor/dialogue/session_readers.h"

#include <stdlib.h>

enum err sessions_new(struct sessions **out, session_gone_fn *gone, void *gone_arg)
{
	struct sessions *all = calloc(1, sizeof(*all));
	enum err err;

	if (!all)
		return ERR_MEMORY;
	all->gone = gone;
	all->gone_arg = gone_arg;
	err = slab_new(&all->sessions, SESSIONS_MAX, sizeof(struct session));
	if (err == ERR_OK)
		err = slab_new(&all->windows, SESSION_WINDOWS_MAX, sizeof(struct window));
	if (err == ERR_OK)
		err = session_desk_new(&all->desk);
	if (err != ERR_OK) {
		sessions_free(all);
		return err;
	}
	*out = all;
	return ERR_OK;
}

void sessions_free(struct sessions *sessions)
{
	if (!sessions)
		return;
	session_desk_free(sessions->desk);
	slab_free(sessions->windows);
	slab_free(sessions->sessions);
	free(sessions);
}

struct session_desk *sessions_desk(struct sessions *sessions)
{
	return sessions->desk;
}

bool session_may_begin(bool from_client, struct span payload)
{
	for (size_t i = 0; i < session_readers_count; i++) {
		if (session_reader_begins(session_readers[i], from_client, payload))
			return true;
	}
	return false;
}

void session_drop_window(struct sessions *all, struct side *side)
{
	struct window *window;

	if (side->window == 0)
		return;
	window = slab_at(all->windows, side->window);
	all->stats.conflicting += stream_window_conflicts(&window->stream);
	slab_give_back(all->windows, side->window);
	side->window = 0;
}

void sessions_drop(struct sessions *sessions, uint32_t handle)
{
	struct session *session;

	if (handle == 0)
		return;
	session = slab_at(sessions->sessions, handle);
	session_drop_window(sessions, &session->sides[CLIENT]);
	session_drop_window(sessions, &session->sides[SERVER]);
	slab_give_back(sessions->sessions, handle);
}

static uint32_t pool_take(struct sessions *all, uint32_t owner)
{
	uint32_t handle = slab_take(all->sessions);

	if (handle == 0) {
		uint32_t oldest = slab_oldest(all->sessions);
		uint32_t loser = ((struct session *)slab_at(all->sessions, oldest))->owner;

		sessions_drop(all, oldest);
		all->gone(all->gone_arg, loser);
		handle = slab_take(all->sessions);
	}
	((struct session *)slab_at(all->sessions, handle))->owner = owner;
	return handle;
}

struct stream_window *session_window(struct step *step)
{
	struct sessions *all = step->all;
	struct window *window;

	if (step->side->window != 0)
		return &((struct window *)slab_at(all->windows, step->side->window))->stream;
	step->side->window = slab_take_cleared(all->windows, offsetof(struct window, stream));
	if (step->side->window == 0) {
		const struct window *oldest = slab_at(all->windows, slab_oldest(all->windows));
		struct session *loser = slab_at(all->sessions, oldest->session);
		struct side *side = &loser->sides[oldest->side];

		side->state = SIDE_LOST;
		session_drop_window(all, side);
		all->stats.windows_evicted++;
		step->side->window =
			slab_take_cleared(all->windows, offsetof(struct window, stream));
	}
	window = slab_at(all->windows, step->side->window);
	window->session = step->handle;
	window->side = (uint8_t)step->which;
	stream_window_start(&window->stream, step->side->next);
	return &window->stream;
}

static enum session_state state_of(const struct session *session)
{
	const struct side *client = &session->sides[CLIENT];

	if (session->sides[CLIENT].state == SIDE_OVER && session->sides[SERVER].state == SIDE_OVER)
		return SESSION_OVER;
	if (!session->has_told && client->state == SIDE_READ && client->window != 0)
		return SESSION_WAITING;
	return SESSION_OPEN;
}

enum session_state sessions_hear(struct sessions *sessions, uint32_t *handle, uint32_t owner,
				 struct hearing *hearing, const struct session_segment *segment)
{
	unsigned which = hearing->from_client ? CLIENT : SERVER;

	if (*handle == 0)
		*handle = pool_take(sessions, owner);
	else
		slab_renew(sessions->sessions, *handle);

	struct session *session = slab_at(sessions->sessions, *handle);
	struct step step = { .all = sessions,
			     .handle = *handle,
			     .session = session,
			     .which = which,
			     .side = &session->sides[which],
			     .hearing = hearing,
			     .segment = segment };

	session_take_acknowledgement(&step);
	hearing->has_conflict = false;
	session_take(&step);

	enum session_state state = state_of(session);

	if (state == SESSION_OVER) {
		sessions_drop(sessions, *handle);
		*handle = 0;
	}
	return state;
}

bool sessions_is_tls(const struct sessions *sessions, uint32_t handle)
{
	const struct session *session;

	if (handle == 0)
		return false;
	session = slab_at(sessions->sessions, handle);
	return session->reader != 0 && session_readers[session->reader - 1] == &session_reader_tls;
}

struct sessions_stats sessions_stats(const struct sessions *sessions)
{
	return sessions->stats;
}
