#include "sensor/dialogue/mail_words.h"

#include "sensor/dialogue/gss_words.h"

void mail_note(struct mail_noted *noted, struct span text)
{
	noted->len = (uint8_t)(text.len < sizeof(noted->text) ? text.len : sizeof(noted->text));
	if (noted->len > 0)
		memcpy(noted->text, text.data, noted->len);
}

struct span mail_noted_text(const struct mail_noted *noted)
{
	return (struct span){ .data = noted->text, .len = noted->len };
}

static bool shows_password(uint16_t mechanism)
{
	return (mechanism & (MAIL_MECHANISM_CLEAR | MAIL_MECHANISM_PLAIN | MAIL_MECHANISM_LOGIN)) !=
	       0;
}

void mail_attempt_note(struct mail_attempt *attempt, const struct mail_login *login,
		       bool has_answer, struct session_turn *turn)
{
	*attempt = (struct mail_attempt){
		.mechanism = (uint16_t)login->mechanism,
		.is_pending = true,
		.has_password = shows_password((uint16_t)login->mechanism),
		.has_answer = has_answer,
	};
	mail_note(&attempt->user, (struct span){ login->user, login->user_len });
	mail_attempt_challenge(attempt, login->answer, turn);
}

/* Both sides' messages say what they are. */
void mail_attempt_challenge(const struct mail_attempt *attempt, struct span base64,
			    struct session_turn *turn)
{
	if (attempt->is_pending &&
	    (attempt->mechanism & (MAIL_MECHANISM_NTLM | MAIL_MECHANISM_GSSAPI)) != 0)
		gss_tell_base64(turn, base64);
}

void mail_attempt_answer(struct mail_attempt *attempt, struct span base64,
			 struct session_turn *turn)
{
	struct mail_login login = { .mechanism = (enum mail_mechanism)attempt->mechanism };

	mail_attempt_challenge(attempt, base64, turn);
	if (!attempt->has_answer && mail_login_read_answer(&login, base64))
		mail_note(&attempt->user, (struct span){ login.user, login.user_len });
	attempt->has_answer = true;
}

struct reading mail_read_answer(struct session_turn *turn, struct mail_attempt *attempt,
				bool *is_challenged)
{
	struct mail_auth_line answer;
	enum dissect got = dissect_mail_auth_line(turn->stream, &answer);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK)
		return reading_lost();
	*is_challenged = false;
	mail_attempt_answer(attempt, answer.base64, turn);
	return reading_on(answer.consumed);
}

void mail_tell_greeting(struct hearing *hearing, const char *service, uint16_t status,
			struct span host, struct span text)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_MAIL_GREETING);

	attributes_add_text(said, ATTRIBUTE_SERVICE, service);
	if (status != 0)
		attributes_add_number(said, ATTRIBUTE_STATUS, status);
	attributes_add_host(said, ATTRIBUTE_HOST, host);
	attributes_add_wire(said, ATTRIBUTE_TEXT, text);
	hearing_tell(hearing);
}

static const char *mechanism_name(uint16_t mechanism)
{
	static const struct {
		enum mail_mechanism mechanism;
		const char *name;
	} names[] = {
		{ MAIL_MECHANISM_CLEAR, "CLEAR" },
		{ MAIL_MECHANISM_APOP, "APOP" },
		{ MAIL_MECHANISM_PLAIN, "PLAIN" },
		{ MAIL_MECHANISM_LOGIN, "LOGIN" },
		{ MAIL_MECHANISM_CRAM_MD5, "CRAM-MD5" },
		{ MAIL_MECHANISM_DIGEST_MD5, "DIGEST-MD5" },
		{ MAIL_MECHANISM_NTLM, "NTLM" },
		{ MAIL_MECHANISM_GSSAPI, "GSSAPI" },
		{ MAIL_MECHANISM_SCRAM, "SCRAM" },
		{ MAIL_MECHANISM_OAUTH, "OAUTH" },
		{ MAIL_MECHANISM_EXTERNAL, "EXTERNAL" },
		{ MAIL_MECHANISM_OTHER, "OTHER" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].mechanism == mechanism)
			return names[i].name;
	}
	return "";
}

void mail_add_mechanisms(struct attributes *said, enum attribute attribute, uint16_t mechanisms)
{
	for (uint32_t bit = 1; bit <= MAIL_MECHANISM_OTHER; bit <<= 1) {
		if ((mechanisms & bit) != 0)
			attributes_add_text(said, attribute, mechanism_name((uint16_t)bit));
	}
}

void mail_tell_login(struct hearing *hearing, const char *service, struct mail_attempt *attempt,
		     enum mail_outcome outcome, uint16_t status)
{
	struct attributes *said;

	if (!attempt->is_pending)
		return;
	said = hearing_message(hearing, MESSAGE_MAIL_LOGIN);
	attributes_add_text(said, ATTRIBUTE_SERVICE, service);
	attributes_add_wire(said, ATTRIBUTE_USER, mail_noted_text(&attempt->user));
	attributes_add_text(said, ATTRIBUTE_MECHANISM, mechanism_name(attempt->mechanism));
	if (attempt->has_password)
		attributes_add_flag(said, ATTRIBUTE_PASSWORD);
	if (outcome != MAIL_OUTCOME_NONE)
		attributes_add_text(said, ATTRIBUTE_OUTCOME,
				    outcome == MAIL_OUTCOME_ACCEPTED ? "accepted" : "refused");
	if (status != 0)
		attributes_add_number(said, ATTRIBUTE_STATUS, status);
	hearing_tell(hearing);
	attempt->is_pending = false;
}

struct reading mail_switch_to_tls(struct hearing *hearing, const char *service, size_t consumed)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_MAIL_STARTTLS);

	attributes_add_text(said, ATTRIBUTE_SERVICE, service);
	hearing_tell(hearing);
	return (struct reading){ .state = READING_SWITCH, .consumed = consumed };
}

bool mail_is_tls(struct cursor stream)
{
	enum { HANDSHAKE = 22 };

	return cursor_u8(&stream) == HANDSHAKE;
}
