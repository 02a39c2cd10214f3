/*
 * A case: what a ranger is told about one device. It folds findings, and each finding folds the
 * signals of one rule about one object.
 *
 * Plain values; the judge owns and fills them, the writers in this folder only read.
 */
#pragma once

#include "sensor/base/text.h"
#include "sensor/case/standing.h"
#include "sensor/config/decisions.h"
#include "sensor/detect/story.h"
#include "sensor/inventory/devices.h"

enum {
	CASE_ID_LEN = 37, /* a UUID as text, with its NUL */
	CASE_FINDINGS_MAX = 8,
	CONSIDERED_MAX = 12,
};

/* A harmless explanation that was tried and did not hold, or could not be tried. */
struct consideration {
	uint8_t gate;     /* enum gate */
	bool is_known;    /* it does not hold; else nothing is known either way */
	uint8_t spare[6]; /* no padding: kept as it lies in memory */
	double value;     /* what was measured for it, and … */
	double threshold; /* … from where on it would hold; 0 is no number */
};

struct considered {
	struct consideration list[CONSIDERED_MAX];
	uint8_t count;
	/* The id of the suppression that covers it: told all the same, being P1. "": none does. */
	char suppression[DECISION_ID_LEN];
	uint8_t spare[7]; /* no padding: kept as it lies in memory */
};

struct finding {
	char id[CASE_ID_LEN];
	struct signal signal;         /* the latest; `first` is the first one's */
	struct considered considered; /* of the latest signal */
	uint64_t signal_count;        /* folded into this finding */
	enum priority priority;
	uint8_t impact; /* 1 … 4 */
};

struct case_record {
	char id[CASE_ID_LEN];
	struct device device; /* as last seen */
	struct finding findings[CASE_FINDINGS_MAX];
	uint32_t finding_count;
	uint64_t signal_count; /* all that were folded in, also beyond the findings kept */
	nanotime opened;
	nanotime first;
	nanotime last;
	uint32_t revision; /* from 1; one more for each signal folded in and finding taken back */
	enum priority priority;
	uint8_t impact;
	uint8_t standing; /* STANDING() bits of its device */
	bool is_digest;   /* beyond the alert budget: for the digest, not told by itself */
	bool is_quiet;    /* nothing came for judge.case_settled: so it is said, and stays open */
	double confidence;
};

/* What happened to a case, by how much it matters that somebody hears of it. */
enum case_change {
	CASE_UNCHANGED,
	CASE_GREW,   /* only figures: one more signal, a flow's end, or less urgent than before */
	CASE_RAISED, /* more urgent than before */
	CASE_FOUND,  /* a finding that it did not have */
	CASE_OPENED,
	CASE_WITHDRAWN, /* what it stood on turned out to be common: no findings are left */
};

/* Not only figures: to be kept and told at once. */
static inline bool case_change_is_urgent(enum case_change change)
{
	return change > CASE_GREW;
}

/* What the sensor itself was able to see meanwhile; the same for all cases of a run. */
struct case_view {
	nanotime first;
	nanotime last;
	uint64_t packets;
	uint64_t refused; /* frames that could not be read */
	uint32_t devices;
	bool dns_seen;
	bool has_history; /* false in a capture: nothing is known of the days before */
};

/*
 * RFC 9562 version 8 from SHA-256 over the parts: the same packets give the same id. For a case
 * `identity` names office and sensor ("" in `hinomi read`) and `when` is the day it opened; for a
 * finding `identity` is its case's id and `rule` the kind of its signals.
 */
void case_id(char out[static CASE_ID_LEN], const char *identity, const char *rule,
	     const struct device *device, const char *object, nanotime when);

/* Whether `a` is more urgent than `b`, or as urgent and weightier, or as weighty and surer. */
bool finding_leads(const struct finding *a, const struct finding *b);

/* The finding that decides priority and words: most urgent, then most certain, then first. */
const struct finding *case_lead(const struct case_record *c);

/* What it is filed under, as far as the findings tell. */
enum cause case_cause(const struct case_record *c);

/* <0 when `a` comes first: not of the digest, more urgent, then impact times confidence, then
 * earlier, then id. */
int case_compare(const struct case_record *a, const struct case_record *b);

/* For what was kept elsewhere: ids, enums, counts, flags and texts are what they can be. */
bool case_is_sound(const struct case_record *c);
bool considered_is_sound(const struct considered *considered);

/* Clears what does not count. */
void considered_tidy(struct considered *considered);
bool case_id_is_sound(const char id[static CASE_ID_LEN]);

/* Clears the findings that do not count, but for the one of a case that was withdrawn. */
void case_tidy(struct case_record *c);

/* With its NUL: a label, a place and what joins them. */
enum { DEVICE_CALLED_LEN = 128 };

/*
 * What the device is called: by the office, with the place, "会計のパソコン(2階)"; else by the
 * names it told, else by its address.
 */
void case_device_name(const struct device *device, struct text *out);
