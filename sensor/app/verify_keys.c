#include "sensor/app/verify_keys.h"

#include "sensor/app/output.h"
#include "sensor/base/hex.h"

#include <stdlib.h>

enum { WORD_LEN = 512 };

/* KEY or SENSOR=KEY; ERR_FULL, or ERR_SYNTAX when it is neither. */
static enum err add_key(struct verify_keys *keys, const char *word)
{
	struct verify_key key = { 0 };
	const char *equals = strchr(word, '=');

	if (equals) {
		if ((size_t)(equals - word) >= sizeof(key.sensor))
			return ERR_SYNTAX;
		memcpy(key.sensor, word, (size_t)(equals - word));
		if (!parcel_name_is_good(key.sensor))
			return ERR_SYNTAX;
	}
	if (!hex_bytes(equals ? equals + 1 : word, key.public.key, SIGN_PUBLIC_LEN))
		return ERR_SYNTAX;
	if (keys->count == VERIFY_KEYS_MAX)
		return ERR_FULL;
	sign_key_id(key.public.key, key.public.id);
	keys->list[keys->count++] = key;
	return ERR_OK;
}

static bool complain(const char *path, unsigned line, const char *why)
{
	(void)fprintf(stderr, "hinomi: %s, line %u: %s\n", output_text(path).chars, line, why);
	return false;
}

static bool add_lines(struct verify_keys *keys, const char *path, FILE *file)
{
	char line[WORD_LEN];

	for (unsigned number = 1; fgets(line, sizeof(line), file); number++) {
		enum err err;

		line[strcspn(line, " \t\r\n#")] = '\0';
		if (line[0] == '\0')
			continue;
		err = add_key(keys, line);
		if (err == ERR_FULL)
			return complain(path, number, "more keys than 8192");
		if (err != ERR_OK)
			return complain(path, number,
					"no key: 64 hexadecimal digits in lower case, or "
					"SENSOR=KEY");
	}
	return true;
}

static bool add_file(struct verify_keys *keys, const char *path)
{
	FILE *file = fopen(path, "re");
	bool is_good;

	if (!file) {
		(void)fprintf(stderr,
			      "hinomi: '%s' is neither a key (64 hexadecimal digits in lower "
			      "case) nor a file of keys: %s\n",
			      output_text(path).chars, strerror(errno));
		return false;
	}
	is_good = add_lines(keys, path, file);
	(void)fclose(file);
	return is_good;
}

bool verify_keys_add(struct verify_keys *keys, const char *given)
{
	char *words = strdup(given);
	char *rest = NULL;
	bool is_good = words != NULL;

	for (char *word = is_good ? strtok_r(words, ",", &rest) : NULL; word && is_good;
	     word = strtok_r(NULL, ",", &rest)) {
		enum err err = add_key(keys, word);

		if (err == ERR_SYNTAX)
			is_good = add_file(keys, word);
		else if (err == ERR_FULL)
			is_good = complain("--key", 1, "more keys than 8192");
	}
	free(words);
	return is_good;
}
