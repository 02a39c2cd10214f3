#include "sensor/app/indicators.h"

#include "sensor/app/output.h"

#include <stdlib.h>

bool intel_files_add(struct intel_files *files, const char *path)
{
	if (files->count == INTEL_FILES_MAX) {
		(void)fprintf(stderr, "hinomi: at most %d times --intel\n", INTEL_FILES_MAX);
		return false;
	}
	files->paths[files->count++] = path;
	return true;
}

/*
 * The list names lines as PATH:LINE, with the path as it was given: told again as lines of ours,
 * one for each.
 */
static void tell_refused(const char *complaints, const char *path)
{
	size_t path_len = strlen(path);

	while (complaints[0] != '\0' && strncmp(complaints, path, path_len) == 0) {
		const char *rest = complaints + path_len;
		size_t len = strcspn(rest, "\n");

		(void)fprintf(stderr, "hinomi: %s%.*s\n", output_text(path).chars, (int)len, rest);
		complaints = rest + len + (rest[len] == '\n');
	}
}

static bool read_list(struct indicator_list *list, const char *path)
{
	char *complaints = NULL;
	size_t complaints_len;
	size_t refused = 0;
	FILE *to = open_memstream(&complaints, &complaints_len);

	if (!to) {
		(void)fputs("hinomi: out of memory\n", stderr);
		return false;
	}

	enum err err = indicator_list_read(list, path, to, &refused);
	int why = errno;

	if (fclose(to) == 0)
		tell_refused(complaints, path);
	free(complaints);
	if (refused > 0)
		(void)fprintf(stderr, "hinomi: %s: %zu lines left out\n", output_text(path).chars,
			      refused);
	if (err != ERR_OK)
		(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars,
			      err == ERR_IO ? strerror(why) : err_text(err));
	return err == ERR_OK;
}

bool intel_files_read(const struct intel_files *files, struct indicator_list **out)
{
	struct indicator_list *list = NULL;

	*out = NULL;
	if (files->count == 0)
		return true;
	if (indicator_list_new(&list) != ERR_OK) {
		(void)fputs("hinomi: out of memory\n", stderr);
		return false;
	}
	for (size_t i = 0; i < files->count; i++) {
		if (!read_list(list, files->paths[i])) {
			indicator_list_free(list);
			return false;
		}
	}
	*out = list;
	return true;
}
