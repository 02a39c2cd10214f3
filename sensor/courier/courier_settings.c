#include "sensor/courier/courier_settings.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

static enum err read_given(struct config *config, const struct courier_settings_files *files,
			   config_fault_fn *told, void *arg)
{
	enum err err = ERR_OK;

	for (size_t i = 0; i < files->count && err == ERR_OK; i++)
		err = config_read(config, files->path[i], told, arg);
	if (err == ERR_OK && files->folder)
		(void)snprintf(config->courier.folder, sizeof(config->courier.folder), "%s",
			       files->folder);
	return err;
}

enum err courier_settings_read(struct config *config, const struct courier_settings_files *files,
			       config_fault_fn *told, void *arg)
{
	char enrolled[PATH_MAX];
	enum err err;

	/* Read twice: where enrolled.yaml lies is an option too. */
	config_defaults(config);
	err = read_given(config, files, told, arg);
	(void)snprintf(enrolled, sizeof(enrolled), "%s/%s", config->courier.folder,
		       COURIER_ENROLLED);
	if (err != ERR_OK || access(enrolled, F_OK) != 0)
		return err;
	config_defaults(config);
	err = config_read(config, enrolled, told, arg);
	return err == ERR_OK ? read_given(config, files, told, arg) : err;
}
