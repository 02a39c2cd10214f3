#include "sensor/dialogue/dcerpc_words.h"

#include "sensor/dialogue/gss_words.h"
#include "sensor/dialogue/windows_words.h"

#include <string.h>

static struct dcerpc_bound *find(struct dcerpc_calls *calls, uint32_t pipe, uint16_t context)
{
	for (size_t i = 0; i < DCERPC_BOUND_MAX; i++) {
		struct dcerpc_bound *bound = &calls->bound[i];

		if (bound->is_taken && bound->pipe == pipe && bound->context == context)
			return bound;
	}
	return NULL;
}

/* A file's number that is used again is another pipe: what was bound before is forgotten. */
static void bind(struct dcerpc_calls *calls, uint32_t pipe, const struct dcerpc_context *context)
{
	struct dcerpc_bound *bound = find(calls, pipe, context->id);

	if (!bound) {
		bound = &calls->bound[calls->next];
		calls->next = (uint8_t)((calls->next + 1) % DCERPC_BOUND_MAX);
	} else if (memcmp(bound->uuid, context->uuid, sizeof(bound->uuid)) == 0) {
		return;
	}
	calls->repeats[bound - calls->bound] = 0;
	*bound = (struct dcerpc_bound){ .pipe = pipe, .context = context->id, .is_taken = true };
	memcpy(bound->uuid, context->uuid, sizeof(bound->uuid));
}

/* By its name in the documents, else by its UUID. */
static void add_interface(struct attributes *said, enum attribute attribute, const uint8_t *uuid)
{
	const char *name = dcerpc_interface_name(uuid);

	if (name)
		attributes_add_text(said, attribute, name);
	else
		windows_add_uuid(said, attribute, uuid);
}

/* One interface is often offered twice, for two ways to write numbers: it is told once. */
static bool is_repeated(const struct dcerpc *fragment, uint8_t at)
{
	for (uint8_t i = 0; i < at; i++) {
		if (memcmp(fragment->contexts[i].uuid, fragment->contexts[at].uuid,
			   DCERPC_UUID_LEN) == 0)
			return true;
	}
	return false;
}

static void tell_bind(struct hearing *hearing, struct dcerpc_calls *calls, uint32_t pipe,
		      const struct dcerpc *fragment)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_DCERPC_BIND);

	for (uint8_t i = 0; i < fragment->context_count; i++) {
		bind(calls, pipe, &fragment->contexts[i]);
		if (!is_repeated(fragment, i))
			add_interface(said, ATTRIBUTE_INTERFACES, fragment->contexts[i].uuid);
	}
	for (uint8_t i = 0; i < fragment->context_count; i++) {
		if (!is_repeated(fragment, i))
			windows_add_uuid(said, ATTRIBUTE_UUIDS, fragment->contexts[i].uuid);
	}
	if (fragment->has_more_contexts)
		attributes_cut(said);
	hearing_tell(hearing);
}

/* Whether this operation was told before; it is noted. */
static bool note_opnum(struct dcerpc_bound *bound, uint16_t opnum)
{
	enum { WORD_BITS = 64 };
	uint64_t bit = UINT64_C(1) << opnum % WORD_BITS;
	bool is_known = bound->has_told_high;

	if (opnum / WORD_BITS < DCERPC_OPNUM_WORDS) {
		is_known = (bound->opnums[opnum / WORD_BITS] & bit) != 0;
		bound->opnums[opnum / WORD_BITS] |= bit;
	} else {
		bound->has_told_high = true;
	}
	return is_known;
}

/* How many calls have told nothing new, where that is worth a fact; else 0. */
static uint8_t note_repeat(uint8_t *repeats)
{
	enum { MANY = 16, VERY_MANY = 64 };

	if (*repeats < UINT8_MAX)
		++*repeats;
	else
		return 0;
	return *repeats == MANY || *repeats == VERY_MANY ? *repeats : 0;
}

/*
 * NetrServerReqChallenge ([MS-NRPC] 3.5.4.4.1) ends in eight bytes that a client makes at random.
 * All of them zero are never chance.
 */
static bool has_zero_challenge(const struct dcerpc_bound *bound, const struct dcerpc *fragment)
{
	enum { REQUEST_CHALLENGE = 4, CHALLENGE_LEN = 8 };
	static const uint8_t zero[CHALLENGE_LEN] = { 0 };
	const char *interface = dcerpc_interface_name(bound->uuid);
	struct cursor in = { .rest = fragment->arguments };

	if (fragment->opnum != REQUEST_CHALLENGE ||
	    fragment->arguments.len < (size_t)2 * CHALLENGE_LEN || !interface ||
	    strcmp(interface, "netlogon") != 0)
		return false;
	cursor_skip(&in, fragment->arguments.len - CHALLENGE_LEN);
	struct span challenge = cursor_take(&in, CHALLENGE_LEN);

	return challenge.len > 0 && memcmp(challenge.data, zero, challenge.len) == 0;
}

/* Without the bind nothing tells what the operation's number means. */
static void tell_request(struct hearing *hearing, struct dcerpc_calls *calls, uint32_t pipe,
			 const struct dcerpc *fragment)
{
	enum { FIRST_FRAGMENT = 1 };
	struct dcerpc_bound *bound = find(calls, pipe, fragment->context_id);
	struct attributes *said;
	uint8_t repeats = 0;

	if ((fragment->flags & FIRST_FRAGMENT) == 0 || !bound)
		return;
	if (note_opnum(bound, fragment->opnum)) {
		repeats = note_repeat(&calls->repeats[bound - calls->bound]);
		if (repeats == 0)
			return;
	}
	said = hearing_message(hearing, MESSAGE_DCERPC_REQUEST);
	add_interface(said, ATTRIBUTE_INTERFACE, bound->uuid);
	attributes_add_number(said, ATTRIBUTE_OPNUM, fragment->opnum);
	if (has_zero_challenge(bound, fragment))
		attributes_add_flag(said, ATTRIBUTE_ZERO_CHALLENGE);
	if (repeats > 0)
		attributes_add_number(said, ATTRIBUTE_ATTEMPTS, repeats);
	hearing_tell(hearing);
}

static void tell_fault(struct hearing *hearing, const struct dcerpc *fragment)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_DCERPC_FAULT);

	windows_add_code(said, ATTRIBUTE_FAULT, fragment->fault_status);
	hearing_tell(hearing);
}

/* In other fragments the verifier is a signature. */
static bool has_login(const struct dcerpc *fragment)
{
	bool is_handshake = fragment->type == DCERPC_BIND || fragment->type == DCERPC_BIND_ACK ||
			    fragment->type == DCERPC_ALTER_CONTEXT ||
			    fragment->type == DCERPC_ALTER_CONTEXT_RESPONSE ||
			    fragment->type == DCERPC_AUTH3;

	return is_handshake && (fragment->auth_type == DCERPC_AUTH_SPNEGO ||
				fragment->auth_type == DCERPC_AUTH_NTLMSSP ||
				fragment->auth_type == DCERPC_AUTH_KERBEROS);
}

void dcerpc_tell(struct hearing *hearing, struct dcerpc_calls *calls, uint32_t pipe,
		 const struct dcerpc *fragment)
{
	if (fragment->type == DCERPC_BIND || fragment->type == DCERPC_ALTER_CONTEXT)
		tell_bind(hearing, calls, pipe, fragment);
	else if (fragment->type == DCERPC_REQUEST)
		tell_request(hearing, calls, pipe, fragment);
	else if (fragment->type == DCERPC_FAULT)
		tell_fault(hearing, fragment);
	if (has_login(fragment))
		gss_tell(hearing, fragment->credentials);
}
