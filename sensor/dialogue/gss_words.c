#include "sensor/dialogue/gss_words.h"

#include "dissectors/base64.h"
#include "dissectors/spnego.h"
#include "sensor/dialogue/kerberos_words.h"
#include "sensor/dialogue/ntlm_words.h"
#include "sensor/dialogue/session_desk.h"

static void tell_kerberos(struct hearing *hearing, struct span token)
{
	struct kerberos message;

	if (hearing_is_readable(hearing,
				dissect_kerberos(cursor_over(token.data, token.len), &message)))
		kerberos_tell(hearing, &message);
}

static void tell_spnego(struct hearing *hearing, const struct spnego *message)
{
	static const struct {
		enum spnego_mech mech;
		const char *name;
	} mechs[] = {
		{ SPNEGO_MECH_KERBEROS, "kerberos" },
		{ SPNEGO_MECH_NTLMSSP, "ntlm" },
		{ SPNEGO_MECH_NEGOEX, "negoex" },
		{ SPNEGO_MECH_OTHER, "other" },
	};
	static const char *const states[] = {
		[SPNEGO_ACCEPT_COMPLETED] = "accept-completed",
		[SPNEGO_ACCEPT_INCOMPLETE] = "accept-incomplete",
		[SPNEGO_REJECT] = "reject",
		[SPNEGO_REQUEST_MIC] = "request-mic",
	};
	bool has_state = message->has_state && message->state <= SPNEGO_REQUEST_MIC;
	struct attributes *said;

	if (message->mechs == 0 && !has_state)
		return;
	said = hearing_message(hearing, MESSAGE_SPNEGO);
	for (size_t i = 0; i < sizeof(mechs) / sizeof(mechs[0]); i++) {
		if ((message->mechs & mechs[i].mech) != 0)
			attributes_add_text(said, ATTRIBUTE_MECHANISMS, mechs[i].name);
	}
	if (has_state)
		attributes_add_text(said, ATTRIBUTE_STATE, states[message->state]);
	hearing_tell(hearing);
}

void gss_tell(struct hearing *hearing, struct span blob)
{
	enum { NESTED_MAX = 3 };

	for (int i = 0; i < NESTED_MAX && blob.len > 0; i++) {
		struct spnego message;

		if (!hearing_is_readable(
			    hearing, dissect_spnego(cursor_over(blob.data, blob.len), &message)))
			return;
		blob = message.token;
		if (message.kind == SPNEGO_NTLMSSP) {
			ntlm_tell(hearing, blob);
			return;
		}
		if (message.kind == SPNEGO_KERBEROS) {
			tell_kerberos(hearing, blob);
			return;
		}
		tell_spnego(hearing, &message);
	}
}

void gss_tell_base64(struct session_turn *turn, struct span text)
{
	struct session_desk *desk = turn->desk;
	size_t len;

	if (text.len > 0 && base64_decode(text, desk->token, sizeof(desk->token), &len))
		gss_tell(turn->hearing, (struct span){ desk->token, len });
}
