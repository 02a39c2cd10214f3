/*
 * A signed set of indicators (or of what is common among offices), mapped read-only: it takes page
 * cache and a few hundred bytes of heap. Made by intel_builder.h; its form is intel_form.h.
 *
 * What is in the file is trusted only after intel_set_open(): signature, then every offset and
 * order that a search relies on. Opened by one thread, then read by any number. The file is
 * replaced by rename only, never written to.
 */
#pragma once

#include "sensor/base/nanotime.h"
#include "sensor/digest/digest.h"
#include "sensor/intel/intel_item.h"
#include "sensor/sign/minisign.h"

enum intel_purpose { INTEL_INDICATORS, INTEL_PREVALENCE, INTEL_PURPOSES };

/* What a warning list says of where the item lies: many others may share it. */
enum intel_class {
	INTEL_OF_ITS_OWN,
	INTEL_CDN,
	INTEL_SINKHOLE,
	INTEL_SHARED_HOSTING,
	INTEL_DYNAMIC_DNS,
	INTEL_RESOLVER,
	INTEL_POPULAR,
	INTEL_SERVICE, /* a maker's or a certificate authority's own */
	INTEL_CLASSES,
};

enum intel_flag {
	INTEL_WITH_SUBDOMAINS = 1, /* the name, and every name below it */
	INTEL_HARMLESS = 2,        /* only a warning list names it: no reason to alert */
};

struct intel_set;

enum intel_fault {
	INTEL_FINE,
	INTEL_NOT_READ,  /* errno says more */
	INTEL_NOT_A_SET, /* another file, or the beginning of one */
	INTEL_OTHER_VERSION,
	INTEL_UNSIGNED,
	INTEL_OTHER_KEY,
	INTEL_BAD_SIGNATURE,
	INTEL_BAD_FORM, /* signed, but no set: whoever signed it did not build it */
	INTEL_NO_MEMORY,
	INTEL_FAULTS,
};

/* A phrase that says what to do; `intel show` and the log use the same. */
const char *intel_fault_text(enum intel_fault fault);

/* Maps and checks `path`, which must be signed by one of `keys`. With INTEL_FINE `*out` is the
 * caller's; with INTEL_OTHER_KEY `id` names the key that is needed. */
MUST_USE enum intel_fault intel_set_open(const char *path, const struct sign_public *keys,
					 size_t key_count, struct intel_set **out,
					 uint8_t id[static SIGN_ID_LEN]);

/* The same for a set in memory, unsigned: one that was just built. Borrowed for the set's life,
 * at a multiple of 8. */
MUST_USE enum intel_fault intel_set_over(const void *bytes, size_t len, struct intel_set **out);
/* Bytes of malloc() that become the set's, also when they are none. */
MUST_USE enum intel_fault intel_set_take(uint8_t *bytes, size_t len, struct intel_set **out);
void intel_set_free(struct intel_set *set);

/* As signed along; zeros in an unsigned set. */
struct intel_issue {
	uint64_t serial;
	nanotime made;
	nanotime expires;
};

struct intel_issue intel_set_issue(const struct intel_set *set);
enum intel_purpose intel_set_purpose(const struct intel_set *set);
/* Which set it is: of its signature, which is of all its bytes; of these where it has none. */
void intel_set_digest(const struct intel_set *set, uint8_t out[static SHA256_LEN]);
size_t intel_set_count(const struct intel_set *set);
bool intel_set_holds(const struct intel_set *set, enum intel_kind kind);

/* What is known of an item. Texts are borrowed from the set. */
struct intel_hit {
	enum intel_kind kind;   /* of what was listed: an endpoint, its address, its network, … */
	enum intel_class class; /* the item's own, else of the name above or the network around */
	bool has_subdomains;
	bool is_harmless;
	uint8_t confidence; /* 0 … 100 on the day it was confirmed; of prevalence: offices */
	nanotime listed;    /* 0 is not known */
	nanotime confirmed;
	uint32_t sources;     /* a bit for each of intel_set_source() */
	const char *family;   /* "" is not known */
	const char *name;     /* of a name: the part of the caller's text that is listed */
	struct address first; /* of a network: what of it no narrower one takes … */
	struct address last;  /* … within it */
};

/* The name of a source's bit; "" beyond them. */
const char *intel_set_source(const struct intel_set *set, unsigned bit);

/*
 * `name` is in lower case, and so is what is searched. `registered`, which points into it, is its
 * registered domain: names above are not looked up; NULL: only the name itself is.
 *
 * A hit that only warning lists name is returned only when nothing around it is bad; the class of
 * what lies around (the provider's name, the network) is told where the hit has none of its own.
 */
bool intel_find_name(const struct intel_set *set, const char *name, const char *registered,
		     struct intel_hit *out);
/* The endpoint, else its address, else the narrowest network. Port 0: the last two only. */
bool intel_find_address(const struct intel_set *set, const struct address *address, uint16_t port,
			struct intel_hit *out);
/* A URL or fingerprint, in its plain form. */
bool intel_find_item(const struct intel_set *set, const struct intel_item *item,
		     struct intel_hit *out);

/* Whether networks cover all from `first` to `last`, all of them harmless or none. */
bool intel_holds_network(const struct intel_set *set, const struct address *first,
			 const struct address *last, bool is_harmless);

/* Steps through the set in its own order, for tools: `*at` begins with 0; false at the end. */
struct intel_row {
	uint64_t key; /* 0 of a network */
	struct intel_hit hit;
};

bool intel_set_next(const struct intel_set *set, size_t *at, struct intel_row *out);

/* What a set holds under a key, as intel_set_next() told it of another one. */
bool intel_find_key(const struct intel_set *set, uint64_t key, struct intel_hit *out);
