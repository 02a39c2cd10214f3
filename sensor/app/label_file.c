#include "sensor/app/label_file.h"

#include "sensor/app/output.h"

#include <errno.h>
#include <string.h>

void label_file_path(const struct config *config, char out[static LABEL_PATH_LEN])
{
	if (config->judge.labels[0] != '\0')
		(void)snprintf(out, LABEL_PATH_LEN, "%s", config->judge.labels);
	else
		(void)snprintf(out, LABEL_PATH_LEN, "%s/devices.tsv", config->store.folder);
}

bool label_file_read(const char *path, struct device_labels **out)
{
	size_t refused = 0;
	enum err err = device_labels_read(out, path, stderr, &refused);
	int why = errno;

	if (refused > 0)
		(void)fprintf(stderr, "hinomi: %s: %zu lines left out\n", output_text(path).chars,
			      refused);
	if (err != ERR_OK)
		(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars,
			      err == ERR_IO ? strerror(why) : err_text(err));
	return err == ERR_OK;
}
