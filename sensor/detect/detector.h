/*
 * What a detector is. To add one: its file here, its row in detectors.c, what its signals mean in
 * stories.c, their words in sensor/case, a capture that fires and a benign twin in tests/golden.
 *
 * Owner: the judge. One thread. A detector keeps bounded state, sees observations in packet order,
 * and never reads a clock: two runs over the same observations emit the same signals, also when the
 * process ended in between. For that every change to an entry of a kept map goes with a touch.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/kept_table.h"
#include "sensor/config/config.h"
#include "sensor/detect/signal.h"
#include "sensor/intel/intel_sets.h"
#include "sensor/intel/suffix_rules.h"

#include <stddef.h>

/* What the inventory knows of a device, with FACT_SIGHTING alone. Borrowed for the call. */
struct device_view {
	nanotime first_seen;
	nanotime office_since;                  /* the first fact that the judge took */
	struct mac mac;                         /* zero where it has none of its own */
	const char *names[DEVICE_NAME_SOURCES]; /* as it told them; "" is not told, like below */
	const char *vendor_class;
	const char *fingerprint; /* of its questions for a lease */
	const char *syn_signature;
	const char *description;
};

struct http_manner;

/* One fact, and what the judge knows about who is in it. Borrowed for the call. */
struct observation {
	const struct fact *fact;
	enum direction direction; /* of a flow's client to its server */
	uint32_t device;       /* whom it is about: the office's side, the client of two; or none */
	uint32_t peer_device;  /* the other side, when it is of the office too */
	bool is_router;        /* `device` carries others' packets */
	bool is_group;         /* to a multicast or broadcast address */
	const char *peer_name; /* best known name of the server: of the flow, or by DNS; or "" */
	uint8_t peer_name_from; /* enum host_source: how that name was learned */
	const char *resolved;   /* the name that DNS last gave for the server's address, or "" */
	/* Where in the world the server of an outbound flow is; NULL is not known. */
	const struct place *place;
	bool dns_seen;                 /* this office's DNS answers reach the sensor */
	const struct device_view *who; /* with FACT_SIGHTING; else NULL */
	/* Of an http.request (http_manner.h), so that it is worked out once; NULL: none to tell. */
	const struct http_manner *manner;
};

/* Where signals go: the judge's gate, or an array in a test. The signal is borrowed. */
struct signal_sink {
	void (*emit)(struct signal_sink *sink, const struct signal *signal);
};

/* What detectors are started with; all borrowed for their life. */
struct detect_setup {
	const struct config *config;
	const struct intel_sets *indicators; /* NULL when there is none */
	const struct suffix_rules *suffixes; /* for registered domains */
};

#define DETECTOR_SEES(kind) (UINT32_C(1) << (kind))

struct detector {
	const char *name;  /* in options, tests/golden and --help */
	const char *finds; /* one sentence */
	uint32_t sees;     /* DETECTOR_SEES() of each kind of fact that it is shown */
	size_t state_size; /* the judge gives that much zeroed memory, and frees it */
	MUST_USE enum err (*start)(void *state, const struct detect_setup *setup);
	void (*stop)(void *state); /* also after a failed start */
	/* The indicators have changed. NULL when it does not matter. */
	void (*reload)(void *state, const struct detect_setup *setup);
	void (*observe)(void *state, const struct observation *seen, struct signal_sink *sink);
	/* Nothing more will be observed: what has been told is told again with its last numbers. */
	void (*finish)(void *state, struct signal_sink *sink); /* NULL is fine */
	/* What of its state outlives the process, up to one without a name; NULL is nothing. */
	const struct kept_table *kept;
};

extern const struct detector *const detectors[];
extern const size_t detectors_count;
