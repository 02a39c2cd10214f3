#include "sensor/app/arguments.h"
#include "sensor/app/command.h"
#include "sensor/app/output.h"
#include "sensor/app/vantage.h"
#include "sensor/app/watch.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

static const char help[] =
	"Usage: hinomi watch [-i IFACE]... [OPTION]...\n\n"
	"Captures on network interfaces and judges what it sees until it is stopped. Devices,\n"
	"baselines and cases are kept in the state folder and go on after a restart.\n\n"
	"  -i, --interface IFACE  capture there; up to 8 times, instead of capture.interfaces\n"
	"  --outside IFACE        likewise, and the internet is behind it: a connection that is\n"
	"                         seen on both sides of the gateway counts once\n"
	"  --mirror               on a mirror port: what this machine says itself is left out\n"
	"  --state DIR            the state folder (store.folder)\n"
	"  --user NAME            when started as root, become this user (sensor.user)\n"
	"  --intel FILE           bad names and addresses: a set of 'hinomi intel build', or a "
	"feed as\n"
	"                         it is; up to 14 times. A file that changes is read anew\n"
	"  --intel-key KEY        the public key of whoever signed the sets: a file of one or "
	"several,\n"
	"                         or the key itself; up to 8 times\n"
	"  --json                 each case as a line of JSON when it opens or grows worse\n"
	"  --report               at the end, print what 'hinomi read' prints of a capture of the\n"
	"                         same packets, in the form that --json and --lang say\n"
	"  --lang LANG            en, ja or both (default)\n"
	"  --config FILE          options from a file; 'hinomi check-config' prints one\n"
	"  --set NAME=VALUE       one option, up to 64 times; goes over --config\n"
	"  --unguarded            keep all rights, for debuggers: never on a network you protect\n"
	"  --help\n\n"
	"SIGHUP reads configuration and indicators anew; SIGTERM and SIGINT stop.\n"
	"Needs root, or CAP_NET_RAW (setcap cap_net_raw+ep, or the systemd unit).\n"
	"Exit codes: 0 stopped as asked, 1 failed, 2 wrong usage or configuration.\n";

static bool usage(const char *why, const char *what)
{
	(void)fprintf(stderr, "hinomi: %s%s; 'hinomi watch --help' tells more\n", why,
		      output_text(what).chars);
	return false;
}

static bool add_interface(struct interface_names *to, const char *name)
{
	size_t len = strlen(name);

	if (to->count == INTERFACES_MAX)
		return usage("at most 8 interfaces, the last is ", name);
	if (len == 0 || len >= INTERFACE_NAME_LEN)
		return usage("an interface's name has 1 to 15 letters, not ", name);
	memcpy(to->name[to->count++], name, len + 1);
	return true;
}

static bool take_option(void *options, int given)
{
	struct watch_options *o = options;

	switch (given) {
	case 'i':
		return add_interface(&o->interfaces, optarg);
	case 'o':
		return add_interface(&o->interfaces, optarg) && add_interface(&o->outside, optarg);
	case 'm':
		o->is_mirror = true;
		return true;
	case 'S':
		o->state = optarg;
		return true;
	case 'u':
		o->user = optarg;
		return true;
	case 'I':
		return intel_files_add(&o->intel, optarg);
	case 'K':
		return intel_files_add_key(&o->intel, optarg);
	case 'j':
		o->report.as_json = true;
		return true;
	case 'r':
		o->reports_at_end = true;
		return true;
	case 'l':
		return read_report_speak(&o->report, optarg) ||
		       usage("--lang is en, ja or both, not ", optarg);
	case 'U':
		o->is_unguarded = true;
		return true;
	default:
		return false;
	}
}

static bool take_options(struct watch_options *o, int argc, char **argv)
{
	static const struct option table[] = {
		{ "interface", required_argument, NULL, 'i' },
		{ "outside", required_argument, NULL, 'o' },
		{ "mirror", no_argument, NULL, 'm' },
		{ "state", required_argument, NULL, 'S' },
		{ "user", required_argument, NULL, 'u' },
		{ "intel", required_argument, NULL, 'I' },
		{ "intel-key", required_argument, NULL, 'K' },
		{ "json", no_argument, NULL, 'j' },
		{ "report", no_argument, NULL, 'r' },
		{ "lang", required_argument, NULL, 'l' },
		{ "config", required_argument, NULL, 'c' },
		{ "set", required_argument, NULL, 's' },
		{ "unguarded", no_argument, NULL, 'U' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const struct arguments arguments = {
		.command = "watch",
		.table = table,
		.letters = "hi:",
		.settings = &o->settings,
		.is_help = &o->is_help,
		.take = take_option,
	};

	o->report.languages = LANGUAGES;
	o->settings.is_enrolled = true;
	o->intel.takes_rangers = true;
	if (!arguments_take(&arguments, argc, argv, o))
		return false;
	if (o->is_help)
		return true;
	if (optind < argc)
		return usage("an interface goes behind -i: ", argv[optind]);
	if (getrandom(&o->hash_key, sizeof(o->hash_key), 0) != (ssize_t)sizeof(o->hash_key))
		return usage("no randomness for the hash key: ", strerror(errno));
	return watch_configure(o, &o->config, NULL, NULL);
}

static enum exit_code run(int argc, char **argv)
{
	static struct watch_options o;
	const char *unknown;

	if (!take_options(&o, argc, argv))
		return EXIT_USAGE;
	if (o.is_help)
		return arguments_help(help);
	if (o.config.capture.interfaces.count == 0) {
		(void)usage("no interface to capture on: give -i", "");
		return EXIT_USAGE;
	}
	if (!vantage_outside_of(&o.config.capture, &o.outside_bits, &unknown)) {
		(void)usage("capture.outside names an interface that is not captured: name it with "
			    "--outside, or add it to capture.interfaces: ",
			    unknown);
		return EXIT_USAGE;
	}
	return watch_run(&o);
}

const struct command command_watch = {
	.name = "watch",
	.summary = "the sensor: capture on interfaces, and judge, for as long as it runs",
	.run = run,
};
