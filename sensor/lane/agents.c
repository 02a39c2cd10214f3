#include "sensor/lane/agents.h"

#include "sensor/base/hash.h"
#include "sensor/base/lru_map.h"
#include "sensor/base/slab.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct agent {
	uint32_t flows;
	char text[FACT_AGENT_LEN];
};

/* Stands for a text: 128 bits under secret keys, which no two texts will share. */
struct digest {
	uint64_t halves[2];
};

struct agents {
	struct slab *texts;      /* struct agent */
	struct lru_map *handles; /* digest → handle; as large, so that it forgets none in use */
	struct hash_key keys[2];
	uint64_t refused;
};

enum err agents_new(struct agents **out, uint32_t count)
{
	struct agents *agents = calloc(1, sizeof(*agents));
	enum err err;

	if (!agents)
		return ERR_MEMORY;
	err = slab_new(&agents->texts, count, sizeof(struct agent));
	if (err == ERR_OK)
		err = lru_map_new(&agents->handles, count, sizeof(struct digest), sizeof(uint32_t));
	if (err == ERR_OK &&
	    getrandom(agents->keys, sizeof(agents->keys), 0) != (ssize_t)sizeof(agents->keys))
		err = ERR_IO;
	if (err != ERR_OK) {
		agents_free(agents);
		return err;
	}
	*out = agents;
	return ERR_OK;
}

void agents_free(struct agents *agents)
{
	if (!agents)
		return;
	lru_map_free(agents->handles);
	slab_free(agents->texts);
	free(agents);
}

static struct digest digest_of(const struct agents *agents, const char *text)
{
	return (struct digest){ { hash_bytes(&agents->keys[0], text, FACT_AGENT_LEN),
				  hash_bytes(&agents->keys[1], text, FACT_AGENT_LEN) } };
}

static uint32_t add(struct agents *agents, const char *text, const struct digest *digest)
{
	uint32_t handle = slab_take(agents->texts);
	bool is_new;

	if (handle == 0) {
		agents->refused++;
		return 0;
	}

	struct agent *agent = slab_at(agents->texts, handle);
	uint32_t *known = lru_map_touch(agents->handles, digest, &is_new);

	memcpy(agent->text, text, FACT_AGENT_LEN);
	*known = handle;
	return handle;
}

uint32_t agents_take(struct agents *agents, const char text[static FACT_AGENT_LEN])
{
	if (text[0] == '\0')
		return 0;

	struct digest digest = digest_of(agents, text);
	const uint32_t *known = lru_map_find(agents->handles, &digest);
	uint32_t handle = known ? *known : add(agents, text, &digest);

	if (handle != 0) {
		struct agent *agent = slab_at(agents->texts, handle);

		agent->flows++;
	}
	return handle;
}

void agents_give_back(struct agents *agents, uint32_t handle)
{
	if (handle == 0)
		return;

	struct agent *agent = slab_at(agents->texts, handle);

	if (--agent->flows > 0)
		return;

	struct digest digest = digest_of(agents, agent->text);

	lru_map_remove(agents->handles, &digest);
	slab_give_back(agents->texts, handle);
}

const char *agents_text(struct agents *agents, uint32_t handle)
{
	const struct agent *agent = handle != 0 ? slab_at(agents->texts, handle) : NULL;

	return agent ? agent->text : "";
}

uint64_t agents_refused(const struct agents *agents)
{
	return agents->refused;
}
