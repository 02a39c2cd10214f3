#include "sensor/dialogue/ntlm_words.h"

#include "dissectors/ntlmssp.h"
#include "sensor/base/text.h"
#include "sensor/dialogue/windows_words.h"

static void add_version(struct attributes *said, const struct ntlmssp *message)
{
	char words[sizeof("255.255.65535")];
	struct text version = text_over(words, sizeof(words));

	if (!message->has_version)
		return;
	text_format(&version, "%u.%u.%u", message->version_major, message->version_minor,
		    message->version_build);
	attributes_add_text(said, ATTRIBUTE_VERSION, words);
}

static void add_challenge(struct attributes *said, const struct ntlmssp *message)
{
	windows_add_text(said, ATTRIBUTE_TARGET, message->target_name, message->is_unicode);
	windows_add_text(said, ATTRIBUTE_NETBIOS_COMPUTER, message->netbios_computer, true);
	windows_add_text(said, ATTRIBUTE_NETBIOS_DOMAIN, message->netbios_domain, true);
	windows_add_text(said, ATTRIBUTE_DNS_COMPUTER, message->dns_computer, true);
	windows_add_text(said, ATTRIBUTE_DNS_DOMAIN, message->dns_domain, true);
	windows_add_text(said, ATTRIBUTE_DNS_FOREST, message->dns_forest, true);
	/* The tools that catch responses send one that they have tables for. */
	attributes_add_hex(said, ATTRIBUTE_CHALLENGE,
			   (struct span){ message->server_challenge, NTLMSSP_CHALLENGE_LEN });
}

static void add_authenticate(struct attributes *said, const struct ntlmssp *message)
{
	windows_add_text(said, ATTRIBUTE_USER, message->user, message->is_unicode);
	windows_add_text(said, ATTRIBUTE_DOMAIN, message->domain, message->is_unicode);
	windows_add_text(said, ATTRIBUTE_WORKSTATION, message->workstation, message->is_unicode);
	windows_add_text(said, ATTRIBUTE_SERVICE_NAME, message->service, true);
	switch (message->proof) {
	case NTLMSSP_PROOF_ANONYMOUS:
		attributes_add_flag(said, ATTRIBUTE_ANONYMOUS);
		break;
	case NTLMSSP_PROOF_V1:
		attributes_add_text(said, ATTRIBUTE_PROOF, "NTLMv1");
		break;
	case NTLMSSP_PROOF_V2:
		attributes_add_text(said, ATTRIBUTE_PROOF, "NTLMv2");
		break;
	}
}

void ntlm_tell(struct hearing *hearing, struct span wire)
{
	static const enum message messages[] = {
		[NTLMSSP_NEGOTIATE] = MESSAGE_NTLM_NEGOTIATE,
		[NTLMSSP_CHALLENGE] = MESSAGE_NTLM_CHALLENGE,
		[NTLMSSP_AUTHENTICATE] = MESSAGE_NTLM_AUTHENTICATE,
	};
	struct ntlmssp message;
	struct attributes *said;

	if (!hearing_is_readable(hearing,
				 dissect_ntlmssp(cursor_over(wire.data, wire.len), &message)))
		return;
	said = hearing_message(hearing, messages[message.type]);
	if (message.type == NTLMSSP_CHALLENGE) {
		add_challenge(said, &message);
	} else if (message.type == NTLMSSP_AUTHENTICATE) {
		add_authenticate(said, &message);
	} else {
		windows_add_text(said, ATTRIBUTE_DOMAIN, message.domain, message.is_unicode);
		windows_add_text(said, ATTRIBUTE_WORKSTATION, message.workstation,
				 message.is_unicode);
	}
	add_version(said, &message);
	hearing_tell(hearing);
}
