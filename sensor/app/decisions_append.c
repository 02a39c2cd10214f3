#include "sensor/app/decisions_append.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The sensor reads it as a user of its own. */
enum { FILE_MODE = 0644 };

/* In YAML's single quotes, in which only the quote itself is special. */
static void put_text(FILE *out, const char *name, const char *text)
{
	(void)fprintf(out, "    %s: '", name);
	for (const char *c = text; *c; c++) {
		if (*c == '\'')
			(void)fputc('\'', out);
		(void)fputc(*c, out);
	}
	(void)fputs("'\n", out);
}

/* "2026-11-22T10:00:00Z": a suppression holds from its verdict on. */
static void put_time(FILE *out, const char *name, nanotime when)
{
	char text[NANOTIME_TEXT_LEN];

	nanotime_text(when, text);
	(void)fprintf(out, "    %s: %.19sZ\n", name, text);
}

/* The rules of its findings, each once. */
static void put_rules(FILE *out, const struct case_record *c)
{
	(void)fputs("    rules: ", out);
	for (uint32_t i = 0; i < c->finding_count; i++) {
		const char *rule = story_of((enum signal_kind)c->findings[i].signal.kind)->rule;
		bool is_told = false;

		for (uint32_t k = 0; k < i && !is_told; k++)
			is_told =
				strcmp(rule, story_of((enum signal_kind)c->findings[k].signal.kind)
						     ->rule) == 0;
		if (!is_told)
			(void)fprintf(out, "%s%s", i > 0 ? " " : "", rule);
	}
	(void)fputc('\n', out);
}

static bool is_taken(const struct decisions *known, const char *id)
{
	for (size_t i = 0; known && i < known->suppression_count; i++) {
		if (strcmp(known->suppressions[i].id, id) == 0)
			return true;
	}
	return false;
}

/* A MAC stays when names and addresses change. */
static void put_device(FILE *out, const struct device *device)
{
	char chars[FACT_HOST_LEN];
	struct text name = text_over(chars, sizeof(chars));

	if (device->has_mac)
		mac_text(&device->mac, chars);
	else
		case_device_name(device, &name);
	put_text(out, "device", chars);
}

/* Whom it dealt with is no place, or one whose name the file takes. */
static bool may_be_suppressed(const struct signal_object *o)
{
	struct prefix prefix;
	size_t len = strlen(o->text);

	if (o->kind != OBJECT_HOST && o->kind != OBJECT_ADDRESS && o->kind != OBJECT_ZONE)
		return true;
	return prefix_parse(o->text, &prefix) == ERR_OK ||
	       (len > 0 && strcspn(o->text, "/: *") == len);
}

static void put_suppression(FILE *out, const struct verdict_note *note, uint32_t i,
			    const struct decisions *known)
{
	const struct signal *s = &note->about->findings[i].signal;
	char id[DECISION_ID_LEN];

	for (unsigned n = i + 1;; n += CASE_FINDINGS_MAX) {
		(void)snprintf(id, sizeof(id), "benign-%.8s-%u", note->about->id, n);
		if (!is_taken(known, id))
			break;
	}
	(void)fprintf(out, "  - id: %s\n", id);
	put_device(out, &note->about->device);
	(void)fprintf(out, "    rule: %s\n", story_of((enum signal_kind)s->kind)->rule);
	if (s->object.kind == OBJECT_HOST || s->object.kind == OBJECT_ADDRESS ||
	    s->object.kind == OBJECT_ZONE)
		put_text(out, "destination", s->object.text);
	put_text(out, "owner", note->owner);
	put_text(out, "reason", note->reason);
	put_time(out, "since", note->when);
	put_time(out, "expires", note->when + BENIGN_DAYS * NANOTIME_DAY);
}

static void put_document(FILE *out, const struct verdict_note *note, const struct decisions *known,
			 unsigned *suppressed)
{
	(void)fprintf(out, "---\nverdicts:\n  - case: %s\n    verdict: %s\n", note->about->id,
		      verdict_text(note->verdict));
	put_rules(out, note->about);
	put_text(out, "owner", note->owner);
	put_text(out, "reason", note->reason);
	put_time(out, "when", note->when);
	*suppressed = 0;
	if (note->verdict != VERDICT_BENIGN_EXPECTED)
		return;
	(void)fputs("suppressions:\n", out);
	for (uint32_t i = 0; i < note->about->finding_count; i++) {
		if (!may_be_suppressed(&note->about->findings[i].signal.object))
			continue;
		put_suppression(out, note, i, known);
		(*suppressed)++;
	}
}

/* All of it on the disk, or the file as it was. */
static bool append(const char *path, const char *text, size_t len,
		   char problem[static APPEND_PROBLEM_LEN])
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, FILE_MODE);
	struct stat before;
	bool is_done;

	if (fd < 0 || fstat(fd, &before) != 0) {
		(void)snprintf(problem, APPEND_PROBLEM_LEN, "%.400s: %.60s", path, strerror(errno));
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	errno = 0;
	is_done = write(fd, text, len) == (ssize_t)len && fsync(fd) == 0;
	if (!is_done) {
		(void)snprintf(problem, APPEND_PROBLEM_LEN, "%.400s: %.60s", path,
			       errno != 0 ? strerror(errno) : "the disk is full");
		if (ftruncate(fd, before.st_size) != 0)
			(void)snprintf(problem, APPEND_PROBLEM_LEN,
				       "%.400s: written in part; remove what stands behind the "
				       "last '---'",
				       path);
	}
	return close(fd) == 0 && is_done;
}

bool decisions_append(const char *path, const struct verdict_note *note,
		      const struct decisions *known, unsigned *suppressed,
		      char problem[static APPEND_PROBLEM_LEN])
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	bool is_done = false;

	(void)snprintf(problem, APPEND_PROBLEM_LEN, "out of memory");
	if (!out)
		return false;
	put_document(out, note, known, suppressed);
	if (fclose(out) == 0)
		is_done = append(path, text, len, problem);
	free(text);
	return is_done;
}
