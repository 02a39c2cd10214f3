/*
 * What each kind of signal means: the one table that says how urgent it is, what harmless things
 * look like it, and how rangers file it. The words for people are in sensor/case.
 */
#pragma once

#include "sensor/detect/signal.h"

enum { STORY_OUTCOMES = OUTCOME_DATA + 1 };

/*
 * Why a signal does not reach a person: the harmless explanations that the gate tries, then the
 * gate's own grounds. Every signal gets exactly one, and each is counted; they are kept on the disk
 * by these numbers: new ones go to the end.
 */
enum gate {
	GATE_PASS,
	GATE_KNOWN_SERVICE,    /* a vendor's service that devices talk to by themselves */
	GATE_REGULAR_PROTOCOL, /* time, mail polling, telephony: regular by their nature */
	GATE_PEER_TO_PEER,     /* file sharing and the like, looking for partners */
	GATE_LOCAL_NAME,       /* the office's own names */
	GATE_FORWARDED,        /* a name server asking for another device */
	GATE_COMMON_IN_OFFICE, /* several devices do the same */
	GATE_UNANSWERED,       /* a program that nobody answers */
	GATE_UNCORROBORATED,   /* too little certain */
	GATE_CASES_FULL,       /* the budget of cases is used up */
	GATE_REPORT_ONLY,      /* P4: a line for the monthly report */
	GATE_LEARNING,         /* merely new, in an office that is not known for long */
	GATE_SUPPRESSED,       /* the office or its rangers decided so, until a day */
	GATE_ANSWERS,
};

#define TRIES(gate) (UINT32_C(1) << (gate))

/* Tactics of MITRE ATT&CK that a passive sensor can see. */
enum tactic {
	TACTIC_COMMAND_AND_CONTROL,
	TACTIC_DISCOVERY,
	TACTIC_EXFILTRATION,
	TACTIC_INITIAL_ACCESS,
	TACTIC_EXECUTION,
	TACTIC_PERSISTENCE,
	TACTIC_PRIVILEGE_ESCALATION,
	TACTIC_DEFENSE_EVASION,
	TACTIC_CREDENTIAL_ACCESS,
	TACTIC_LATERAL_MOVEMENT,
	TACTIC_COLLECTION,
	TACTIC_IMPACT,
	TACTIC_RECONNAISSANCE,
	TACTIC_EXPOSURE, /* no tactic: a weakness, not an act */
	TACTICS,
};

/* The rangers' closed list of causes: what a case of this kind is most likely filed under. */
enum cause {
	CAUSE_UNKNOWN,
	CAUSE_OLD_SYSTEM,
	CAUSE_PRIVATE_DEVICE,
	CAUSE_OFF_SITE_NETWORK,
	CAUSE_SUPPLY_CHAIN,
	CAUSE_CREDENTIAL_ABUSE,
	CAUSE_EXPOSED_REMOTE_ACCESS,
	CAUSE_MAIL,
	CAUSE_WEB,
	CAUSE_IOT_OR_ROUTER,
	CAUSE_UNSANCTIONED_APP,
	CAUSE_MISCONFIGURATION,
	CAUSES,
};

/* What it means and how soon somebody must act. P4 is a line in a report, never a case. */
enum priority { PRIORITY_1 = 1, PRIORITY_2, PRIORITY_3, PRIORITY_4 };

struct story {
	const char *name;                   /* in JSON, "scan_inside" */
	const char *rule;                   /* stable id of the rule that tells it, "SCN-1" */
	const char *attack;                 /* MITRE ATT&CK techniques, by blanks */
	uint8_t tactic;                     /* enum tactic */
	uint8_t cause;                      /* enum cause */
	uint8_t priorities[STORY_OUTCOMES]; /* enum priority, by enum outcome; doubt apart */
	uint8_t impact; /* 1 (slight) to 4 (the office cannot work, or others are harmed) */
	uint32_t tries; /* TRIES() of each harmless explanation that applies to it */
};

/* By enum signal_kind. */
extern const struct story stories[];

const struct story *story_of(enum signal_kind kind);

/*
 * The first of the kinds that rest on the same messages as `kind`: about one object they are no
 * surer together than the surest of them. `kind` itself where there is none.
 */
enum signal_kind story_basis(enum signal_kind kind);

/* "beacon" … */
const char *signal_kind_text(enum signal_kind kind);
/* Whether a story is so called, or told by a rule of that id. */
bool story_is_kind(const char *text);
bool story_is_rule(const char *text);
/* "known_service" …: the reason in the tally. */
const char *gate_text(enum gate gate);
/* "command-and-control" …: as ATT&CK spells them; "exposure". */
const char *tactic_text(enum tactic tactic);
/* "old_os" …: as the rangers' list. */
const char *cause_text(enum cause cause);
