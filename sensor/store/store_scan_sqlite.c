#include "sensor/store/store_contacts_sqlite.h"
#include "sensor/store/store_writer_state.h"

enum { CONTACT_SHARE = 8 };

uint64_t writer_contact_bytes(const struct store_config *config)
{
	uint64_t share = config->size_bytes / CONTACT_SHARE;

	return config->contact_bytes < share ? config->contact_bytes : share;
}

/* A disk that takes nothing keeps nobody from what is on it. */
bool writer_scan_waits(const struct store_writer *w)
{
	return w->is_scanning && !writer_is_failing(w) &&
	       backlog_has_class(w->backlog, STORE_CONTACTS);
}

static void end(struct store_writer *w)
{
	w->is_scanning = false;
	(void)w->sides->scan(w->sides->scan_arg, w->scans_seen, NULL);
}

/* A store_contacts_fn. */
static bool show(void *arg, const struct store_contacts *row)
{
	struct store_writer *w = arg;

	return w->sides->scan(w->sides->scan_arg, w->scans_seen, row);
}

bool writer_scan(struct store_writer *w, unsigned scans)
{
	bool is_over = false;

	if (scans != w->scans_seen) {
		w->scans_seen = scans;
		w->scanned = 0;
		w->is_scanning = true;
	}
	if (!w->is_scanning || writer_scan_waits(w))
		return false;
	if (contacts_next(w->file.db, &w->scanned, &is_over, show, w) != ERR_OK) {
		w->say(w->say_arg, "store: what is known of earlier contacts cannot be read; a new "
				   "list is not held against it");
		is_over = true;
	}
	if (is_over)
		end(w);
	return w->is_scanning;
}
