#include "sensor/dialogue/dcerpc_words.h"

#include "sensor/dialogue/gss_words.h"
#include "sensor/dialogue/windows_words.h"

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

/* Without the bind nothing tells what the operation's number means. */
static void tell_request(struct hearing *hearing, struct dcerpc_calls *calls, uint32_t pipe,
			 const struct dcerpc *fragment)
{
	enum { FIRST_FRAGMENT = 1 };
	struct dcerpc_bound *bound = find(calls, pipe, fragment->context_id);
	struct attributes *said;

	if ((fragment->flags & FIRST_FRAGMENT) == 0 || !bound || note_opnum(bound, fragment->opnum))
		return;
	said = hearing_message(hearing, MESSAGE_DCERPC_REQUEST);
	add_interface(said, ATTRIBUTE_INTERFACE, bound->uuid);
	attributes_add_number(said, ATTRIBUTE_OPNUM, fragment->opnum);
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
