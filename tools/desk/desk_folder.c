#include "tools/desk/desk_folder.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum err desk_folder_read(const char *path, char **out)
{
	FILE *file = fopen(path, "re");
	enum err err = ERR_OK;
	char *text;
	size_t len;

	if (!file)
		return errno == ENOENT ? ERR_MISSING : ERR_IO;
	text = calloc(1, DESK_TEXT_MAX + 1);
	if (!text) {
		(void)fclose(file);
		return ERR_MEMORY;
	}
	len = fread(text, 1, DESK_TEXT_MAX + 1, file);
	if (ferror(file))
		err = ERR_IO;
	else if (len > DESK_TEXT_MAX || memchr(text, 0, len))
		err = ERR_RANGE;
	(void)fclose(file);
	if (err == ERR_OK)
		*out = strdup(text);
	if (err == ERR_OK && !*out)
		err = ERR_MEMORY;
	free(text);
	return err;
}

void desk_folder_trim(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
}
