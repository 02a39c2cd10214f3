/*
 * The gate between a detector's test and a person's attention: what is held back, and why. Every
 * signal gets exactly one answer, and every answer is counted.
 */
#pragma once

#include "sensor/config/config.h"
#include "sensor/detect/detector.h"

/* The tally is kept on the disk by these numbers: new ones go to the end. */
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
	GATE_ANSWERS,
};

/*
 * `resolved` is the name that the office's DNS last gave for the object's address, or "": a name
 * that a program only claims (SNI, Host) is not believed against it.
 */
enum gate gate_check(const struct judge_config *config, const struct signal *signal,
		     const char *resolved);

/* "known_service" …: the reason in the tally. */
const char *gate_text(enum gate gate);
