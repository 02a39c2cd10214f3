/*
 * How the words of a case are kept: one file for each family of detectors, words_*.c, and
 * case_words.c that puts sentences together. No one else includes this.
 */
#pragma once

#include "sensor/case/case_words.h"

/* What an owner is asked to do. The words are in words_steps.c. */
enum step {
	STEP_NONE,
	STEP_ASK_SOFTWARE,
	STEP_ASK_SCAN,
	STEP_UNPLUG,
	STEP_CALL,
	STEP_ASK_ADMIN,
	STEP_ASK_ROUTER,
	STEP_ASK_OWNER,
	STEP_PLAN_UPDATE,
	STEP_KEEP_INSIDE,
	STEP_NEWER_SMB,
	STEP_ENCRYPT_LOGIN,
	STEP_CHANGE_PASSWORD,
	STEP_GUEST_WIFI,
	STEP_SCAN_VIRUS,
	STEP_ASK_PASSWORD,
	STEP_ASK_REMOTE,
	STEP_CLOSE_PORT,
	STEP_CALL_PARTNER,
	STEP_ASK_SITE,
	STEPS,
};

/* Of some kinds there are two stories, told apart by what was measured. */
enum telling { TELLING_USUAL, TELLING_OTHER, TELLINGS };

/* In the order in which a row is read, not the tightest: there are a hundred. */
/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct kind_words {
	uint8_t kind; /* enum signal_kind */
	const char *title[LANGUAGES];
	/*
	 * With %D the device, %O the object, %N the count, %P the period, %T "within …", %B the
	 * bytes sent, %X the signal's detail, %A the days before it was listed, {one|many} what
	 * goes with the count.
	 */
	const char *sentence[TELLINGS][LANGUAGES];
	const char *benign[LANGUAGES];  /* goes on from "can be harmless if" */
	uint8_t steps[WORDS_STEPS_MAX]; /* enum step */
	const char *units[2];           /* what is counted, for rangers: one, many */
	enum telling (*telling)(const struct signal *s); /* NULL: always the usual one */
	const char *outcomes[STORY_OUTCOMES]; /* for rangers, where the usual phrase misleads */
	bool is_exact; /* counted one by one, however many; else many are counted by a sketch */
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct reason_words {
	uint8_t code;     /* enum reason_code */
	const char *name; /* in JSON */
	const char *text[LANGUAGES];
	const char *unit[LANGUAGES]; /* NULL is none; {one|many} goes with the value */
	bool is_share;               /* shown in per cent */
	bool is_fact;                /* holds or does not: no value to show */
	bool is_technical;           /* says nothing to people who know no statistics */
};

struct word_family {
	const struct kind_words *kinds;
	size_t kind_count;
	const struct reason_words *reasons;
	size_t reason_count;
};

extern const struct word_family words_c2;
extern const struct word_family words_listed;
extern const struct word_family words_dns;
extern const struct word_family words_tools;
extern const struct word_family words_inside;
extern const struct word_family words_places;
extern const struct word_family words_raw;
extern const struct word_family words_web;
extern const struct word_family words_lateral;
extern const struct word_family words_assets;
extern const struct word_family words_logins;
extern const struct word_family words_volume;
extern const struct word_family words_remembered;

extern const char *const words_steps[STEPS][LANGUAGES];

/* Why an explanation was set aside, and that nothing is known of it; by enum gate. */
struct consideration_words {
	uint8_t gate; /* enum gate */
	const char *set_aside[LANGUAGES];
	const char *not_known[LANGUAGES];
};

/* NULL for those that are no explanations. */
const struct consideration_words *consideration_words_of(enum gate gate);
