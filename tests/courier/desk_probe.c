/*
 * hinomi-courier's commands that talk to a desk, with a fake memory, for test_enrol.py and
 * test_orders.py: `desk_probe enrol …`, `desk_probe rotate-key …` as they are, and
 * `desk_probe orders CONFIG` fetches and takes orders once and says how that ended.
 */
#include "sensor/courier/commands.h"
#include "sensor/courier/courier_settings.h"
#include "sensor/courier/orders.h"

#include <inttypes.h>
#include <string.h>

static const char *const errors[] = {
	[ERR_OK] = "ok",         [ERR_MEMORY] = "memory",       [ERR_IO] = "io",
	[ERR_SYNTAX] = "syntax", [ERR_RANGE] = "range",         [ERR_MISSING] = "missing",
	[ERR_FULL] = "full",     [ERR_MALFORMED] = "malformed",
};

static void told(void *arg, const char *fault)
{
	(void)arg;
	(void)fprintf(stderr, "%s\n", fault);
}

static enum err fetch(const struct config *config, struct outbox *outbox, char *problem)
{
	const struct https_setup https = { &config->courier.https, config->courier.https_proxy,
					   "https", NULL, false };
	struct orders_setup setup = { outbox, config, NULL };
	struct orders *orders = NULL;
	enum err err = https_open(&setup.client, &https, problem);

	if (err == ERR_OK)
		err = orders_open(&orders, &setup, problem);
	if (err == ERR_OK) {
		err = orders_fetch(orders, problem);
		(void)printf("done=%" PRIu64 " ", orders_done(orders));
	}
	orders_close(orders);
	https_close(setup.client);
	return err;
}

static int run_orders(const char *path)
{
	static struct config config;
	const struct courier_settings_files files = { { path }, 1, NULL };
	char problem[OUTBOX_PROBLEM_LEN] = "";
	struct outbox *outbox = NULL;
	struct outbox_setup setup = { .sensor = "" };
	enum err err;

	if (sign_start() != ERR_OK || courier_settings_read(&config, &files, told, NULL) != ERR_OK)
		return 2;
	setup.folder = config.courier.folder;
	setup.size_bytes = config.courier.size_bytes;
	if (outbox_open(&outbox, &setup, problem) != ERR_OK)
		return 2;
	err = fetch(&config, outbox, problem);
	(void)printf("err=%s said=%s\n", errors[err], err == ERR_OK ? "" : problem);
	outbox_close(outbox);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "enrol") == 0)
		return command_enrol(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "rotate-key") == 0)
		return command_rotate_key(argc - 1, argv + 1);
	return argc == 3 && strcmp(argv[1], "orders") == 0 ? run_orders(argv[2]) : 2;
}
