#include "sensor/intel/suffix_rules.h"

#include "sensor/digest/digest.h"
#include "sensor/intel/registered_domain.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SLOTS = 32768, /* three for each rule of 2026: a miss ends after one or two */
	RULES_MOST = SLOTS / 2,
	LIST_BYTES_MOST = 4 << 20,
	RULE_LABELS_MOST = 6,                    /* the list has five; longer ones refuse it */
	LABELS_LOOKED_AT = RULE_LABELS_MOST + 2, /* one for the star, one that is registered */
};

enum rule_flag {
	RULE_IS_THERE = 1,
	RULE_STAR = 2,      /* "*.ck": whatever stands before it is a suffix too */
	RULE_EXCEPTION = 4, /* "!www.ck" */
};

struct rule {
	uint32_t hash;
	uint32_t text; /* its place in `list` */
	uint8_t len;
	uint8_t flags; /* of enum rule_flag; 0 is a free slot */
};

struct suffix_rules {
	bool are_read;
	uint32_t count;
	char *list; /* the file's bytes; rules point into them */
	struct rule slots[SLOTS];
};

/* A name's last labels: [0] the top-level domain, [1] with the one before it … */
struct endings {
	const char *starts[LABELS_LOOKED_AT];
	uint32_t hashes[LABELS_LOOKED_AT];
	const char *end;
	size_t count;
};

/* From right to left, so that each ending of a name has its hash on the way. The list is fixed:
 * nobody can fill a slot with others. */
static inline uint32_t hash_before(uint32_t hash, char c)
{
	return (hash ^ (uint8_t)c) * UINT32_C(0x9e3779b1);
}

static inline uint32_t slot_of(uint32_t hash)
{
	return hash >> 17; /* the upper bits of a product are the mixed ones */
}

/* The slot of the rule, or the free one where it would be. */
static inline uint32_t find_slot(const struct suffix_rules *rules, uint32_t hash, const char *text,
				 size_t len)
{
	uint32_t at = slot_of(hash);

	for (;; at = (at + 1) % SLOTS) { /* at least half are free */
		const struct rule *rule = &rules->slots[at];

		if (rule->flags == 0 || (rule->hash == hash && rule->len == len &&
					 memcmp(rules->list + rule->text, text, len) == 0))
			return at;
	}
}

static enum err add_rule(struct suffix_rules *rules, const char *text, size_t len, uint8_t flags)
{
	uint32_t hash = 0;
	size_t labels = 1;

	for (size_t i = len; i > 0; i--) {
		hash = hash_before(hash, text[i - 1]);
		labels += text[i - 1] == '.';
	}
	if (len == 0 || len > UINT8_MAX || labels > RULE_LABELS_MOST || rules->count == RULES_MOST)
		return ERR_RANGE;

	struct rule *rule = &rules->slots[find_slot(rules, hash, text, len)];

	rules->count += rule->flags == 0;
	*rule = (struct rule){ .hash = hash,
			       .text = (uint32_t)(text - rules->list),
			       .len = (uint8_t)len,
			       .flags = rule->flags | flags };
	return ERR_OK;
}

static bool is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] >= 0x80)
			return false;
	}
	return true;
}

/* A line is a rule up to its first blank; "//" begins a comment. Rules in other scripts are left
 * out: names on the wire have them as "xn--…", and those are asked of libpsl. */
static enum err add_line(struct suffix_rules *rules, const char *line)
{
	size_t len = strcspn(line, " \t\r\n");
	uint8_t flags = RULE_IS_THERE;

	if (len == 0 || strncmp(line, "//", 2) == 0 || !is_ascii(line, len))
		return ERR_OK;
	if (line[0] == '!') {
		flags |= RULE_EXCEPTION;
		line++;
		len--;
	} else if (strncmp(line, "*.", 2) == 0) {
		flags |= RULE_STAR;
		line += 2;
		len -= 2;
	}
	return add_rule(rules, line, len, flags);
}

static bool is_expected(const char *list, size_t len, const char *want)
{
	uint8_t digest[SHA1_LEN];
	char text[2 * SHA1_LEN + 1];

	digest_sha1(list, len, digest);
	for (size_t i = 0; i < SHA1_LEN; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
	return strcmp(text, want) == 0;
}

/* Leaves the file's bytes in `rules->list`, or NULL there. */
static enum err read_list(struct suffix_rules *rules)
{
	struct suffix_list_source source = suffix_list_source();
	FILE *file = fopen(source.path, "re");
	size_t len = 0;

	if (!file)
		return ERR_OK;
	rules->list = malloc(LIST_BYTES_MOST + 1);
	if (rules->list) {
		len = fread(rules->list, 1, LIST_BYTES_MOST, file);
		rules->list[len] = '\0';
	}
	(void)fclose(file);
	if (!rules->list)
		return ERR_MEMORY;
	if (!is_expected(rules->list, len, source.sha1)) {
		free(rules->list);
		rules->list = NULL;
		return ERR_OK;
	}

	char *kept = realloc(rules->list, len + 1);

	rules->list = kept ? kept : rules->list;
	return ERR_OK;
}

static bool add_lines(struct suffix_rules *rules)
{
	const char *line = rules->list;

	while (line) {
		if (add_line(rules, line) != ERR_OK)
			return false;
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return true;
}

enum err suffix_rules_new(struct suffix_rules **out)
{
	struct suffix_rules *rules = calloc(1, sizeof(*rules));

	if (!rules)
		return ERR_MEMORY;
	if (read_list(rules) != ERR_OK) {
		free(rules);
		return ERR_MEMORY;
	}
	rules->are_read = rules->list && add_lines(rules);
	*out = rules;
	return ERR_OK;
}

void suffix_rules_free(struct suffix_rules *rules)
{
	if (!rules)
		return;
	free(rules->list);
	free(rules);
}

bool suffix_rules_are_read(const struct suffix_rules *rules)
{
	return rules->are_read;
}

/* False for what only libpsl knows to answer: an empty label, or one in another script. */
static bool split(const char *name, struct endings *out)
{
	const char *at = name + strlen(name);
	unsigned char seen = 0;
	uint32_t hash = 0;

	out->count = 0;
	out->end = at;
	for (const char *label_end = at; out->count < LABELS_LOOKED_AT; label_end = --at) {
		uint32_t whole = hash;

		while (at > name && at[-1] != '.') {
			whole = hash_before(whole, *--at);
			seen |= (unsigned char)*at;
		}
		if (at == label_end || (label_end - at >= 4 && memcmp(at, "xn--", 4) == 0))
			return false;
		out->starts[out->count] = at;
		out->hashes[out->count++] = whole;
		if (at == name)
			break;
		hash = hash_before(whole, '.');
	}
	return seen < 0x80 && name[0] != '.';
}

const char *suffix_rules_domain(const struct suffix_rules *rules, const char *name)
{
	struct endings e;
	uint8_t shorter = 0; /* flags of the ending one label shorter */
	size_t suffix = 0;   /* the longest ending that is one: a top-level domain always is */

	if (!rules->are_read || !split(name, &e))
		return registered_domain(name);
	for (size_t i = 0; i < e.count; i++) {
		size_t len = (size_t)(e.end - e.starts[i]);
		uint32_t slot = find_slot(rules, e.hashes[i], e.starts[i], len);
		uint8_t flags = rules->slots[slot].flags;
		bool is_suffix =
			flags != 0 ? (flags & RULE_EXCEPTION) == 0 : (shorter & RULE_STAR) != 0;

		if (is_suffix)
			suffix = i;
		shorter = flags;
	}
	return suffix + 1 < e.count ? e.starts[suffix + 1] : NULL;
}
