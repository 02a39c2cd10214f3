#include "sensor/app/watch_contacts.h"

#include "sensor/base/text.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A contact that a list names, as far as the pass has come. */
struct found {
	struct contact contact;
	struct intel_match match; /* of the lists, which are locked or stay while it is read */
};

/* One pass; the store's thread fills it while it is under way. */
struct pass {
	bool is_wanted;      /* what is in memory is to be written down first */
	bool is_under_way;   /* shown blocks by the store's thread */
	bool is_over;        /* to be told */
	unsigned scan;       /* its number with the store */
	nanotime began;      /* packet time at which the lists were taken up */
	struct found *found; /* CONTACTS_FOUND_MAX while it lasts */
	size_t count;
	uint64_t rows;
	uint64_t unsound; /* rows, or whole blocks, that make no sense */
	uint64_t beyond;  /* CONTACTS_FOUND_MAX */
};

struct watch_contacts {
	struct judge *judge;
	struct journal *journal;
	struct store *store; /* NULL until it begins */
	pthread_mutex_t lock;
	struct contact_lists lists; /* under the lock, like … */
	struct pass pass;           /* … this */
};

enum err watch_contacts_new(struct watch_contacts **out, struct judge *judge,
			    struct journal *journal)
{
	struct watch_contacts *self = calloc(1, sizeof(*self));

	if (!self)
		return ERR_MEMORY;
	self->judge = judge;
	self->journal = journal;
	(void)pthread_mutex_init(&self->lock, NULL);
	*out = self;
	return ERR_OK;
}

void watch_contacts_free(struct watch_contacts *self)
{
	if (!self)
		return;
	free(self->pass.found);
	(void)pthread_mutex_destroy(&self->lock);
	free(self);
}

/* Where it is, or NULL where there is no more room. */
static struct found *found_of(struct pass *pass, const struct contact *contact)
{
	for (size_t i = 0; i < pass->count; i++) {
		if (contact_compare(&pass->found[i].contact, contact) == 0)
			return &pass->found[i];
	}
	if (pass->count == CONTACTS_FOUND_MAX)
		return NULL;
	memset(&pass->found[pass->count], 0, sizeof(pass->found[0]));
	return &pass->found[pass->count++];
}

static void look_at(struct watch_contacts *self, const struct contact *contact)
{
	struct intel_match match;
	struct found *found;

	self->pass.rows++;
	/* What was listed then was told then. */
	if ((contact->flags & CONTACT_WAS_LISTED) != 0 ||
	    !contact_lists_find(&self->lists, contact, &match))
		return;
	found = found_of(&self->pass, contact);
	if (!found) {
		self->pass.beyond++;
	} else if (found->contact.device != 0) {
		contact_join(&found->contact, contact);
	} else {
		found->contact = *contact;
		found->match = match;
	}
}

/* A store_scan_fn, in the store's thread. */
static bool take_block(void *arg, unsigned scan, const struct store_contacts *block)
{
	struct watch_contacts *self = arg;
	struct contact_rows rows;
	struct contact contact;
	bool goes_on;

	(void)pthread_mutex_lock(&self->lock);
	/* Else it is a scan for lists that have been replaced since. */
	goes_on = self->pass.is_under_way && self->pass.scan == scan;
	if (goes_on && block) {
		self->pass.unsound += !contact_rows_open(&rows, block->bytes);
		while (contact_rows_next(&rows, &contact))
			look_at(self, &contact);
		self->pass.unsound += rows.unsound;
	} else if (goes_on) {
		self->pass.is_under_way = false;
		self->pass.is_over = true;
	}
	(void)pthread_mutex_unlock(&self->lock);
	return goes_on;
}

/* A contacts_take_fn. */
static bool put_block(void *arg, const struct contact_block *block, struct span bytes)
{
	const struct watch_contacts *self = arg;
	const struct store_contacts row = {
		.first = block->first, .last = block->last, .rows = block->rows, .bytes = bytes
	};

	return store_put_contacts(self->store, &row);
}

static bool write_down(struct watch_contacts *self, nanotime now)
{
	return contacts_hand_out(judge_contacts(self->judge), now, put_block, self);
}

/* From the lists' first block on; `now` is when they were taken up. */
static void want_pass(struct watch_contacts *self, nanotime now)
{
	struct found *found = self->pass.found;

	if (!found)
		found = calloc(CONTACTS_FOUND_MAX, sizeof(*found));
	self->pass = (struct pass){ .is_wanted = found != NULL, .began = now, .found = found };
}

void watch_contacts_use(struct watch_contacts *self, const struct contact_lists *lists,
			nanotime now)
{
	(void)pthread_mutex_lock(&self->lock);
	self->lists = *lists;
	if (contact_lists_are_empty(lists) || !self->store || !store_takes_rows(self->store))
		self->pass = (struct pass){ .found = self->pass.found };
	else
		want_pass(self, now);
	(void)pthread_mutex_unlock(&self->lock);
}

void watch_contacts_begin(struct watch_contacts *self, struct store *store)
{
	self->store = store;
	self->lists = *judge_lists(self->judge);
	/* At the first look, when there is a packet time and the store has its thread. */
	if (!contact_lists_are_empty(&self->lists))
		want_pass(self, 0);
}

/* What was put before it is asked for is looked at too. */
static void begin_pass(struct watch_contacts *self, nanotime now)
{
	if (!store_takes_rows(self->store)) {
		self->pass.is_wanted = false;
		return;
	}
	if (!write_down(self, now))
		return; /* no room now: at the next look */
	(void)pthread_mutex_lock(&self->lock);
	if (self->pass.began == 0)
		self->pass.began = now;
	self->pass.is_wanted = false;
	self->pass.is_under_way = true;
	self->pass.scan = store_scan_contacts(self->store, take_block, self);
	(void)pthread_mutex_unlock(&self->lock);
}

static void tell_contact(struct watch_contacts *self, const struct found *found, nanotime began)
{
	const struct contact *c = &found->contact;
	const struct intel_hit *hit = &found->match.hit;
	struct fact fact;
	struct fact_contact_before *told = &fact.contact_before;
	struct text entry;

	fact_clear(&fact, FACT_CONTACT_BEFORE);
	fact.time = began;
	told->device = c->device;
	told->port = c->port;
	told->is_name = c->kind == CONTACT_NAME;
	told->is_lookup = (c->flags & CONTACT_MET) == 0;
	told->has_known_name = (c->flags & CONTACT_KNOWN_NAME) != 0;
	told->entry_kind = (uint8_t)hit->kind;
	told->entry_class = (uint8_t)hit->class;
	told->confidence = hit->confidence < 100 ? hit->confidence : 100;
	told->listed = hit->listed;
	told->confirmed = hit->confirmed;
	told->first = c->first;
	told->last = c->last;
	told->flows = c->flows;
	told->lookups = c->lookups;
	told->bytes_up = c->bytes_up;
	told->bytes_down = c->bytes_down;
	told->address = c->address;
	memcpy(told->name, c->name, sizeof(told->name));
	entry = text_over(told->entry, sizeof(told->entry));
	intel_match_text(&found->match, &entry);
	judge_take(self->judge, &fact);
}

static int by_contact(const void *a, const void *b)
{
	const struct found *left = a;
	const struct found *right = b;

	return contact_compare(&left->contact, &right->contact);
}

static void say_pass(const struct watch_contacts *self, const struct pass *pass)
{
	char sentence[256];

	(void)snprintf(sentence, sizeof(sentence),
		       "held the lists against %llu earlier contacts: %zu are named by them now; "
		       "%llu more were too many, %llu rows were damaged",
		       (unsigned long long)pass->rows, pass->count,
		       (unsigned long long)pass->beyond, (unsigned long long)pass->unsound);
	const struct journal_entry entry = {
		.level = pass->beyond + pass->unsound > 0 ? JOURNAL_WARNING : JOURNAL_INFO,
		.event = "earlier_contacts",
		.sentence = sentence,
	};

	journal_say(self->journal, &entry);
}

/* The store's thread is done with it: no lock is needed. */
static void tell_pass(struct watch_contacts *self)
{
	struct pass *pass = &self->pass;

	if (pass->count > 1)
		qsort(pass->found, pass->count, sizeof(pass->found[0]), by_contact);
	for (size_t i = 0; i < pass->count; i++)
		tell_contact(self, &pass->found[i], pass->began);
	say_pass(self, pass);
	free(pass->found);
	*pass = (struct pass){ 0 };
}

void watch_contacts_look(struct watch_contacts *self, nanotime now)
{
	bool is_over;

	if (!self->store || now == 0)
		return;
	(void)pthread_mutex_lock(&self->lock);
	is_over = self->pass.is_over;
	(void)pthread_mutex_unlock(&self->lock);
	if (is_over)
		tell_pass(self);
	if (self->pass.is_wanted)
		begin_pass(self, now);
	else if (contacts_are_due(judge_contacts(self->judge), now) &&
		 store_takes_rows(self->store))
		(void)write_down(self, now);
}

void watch_contacts_end(struct watch_contacts *self, nanotime now)
{
	if (self->store && store_takes_rows(self->store))
		(void)write_down(self, now);
}
