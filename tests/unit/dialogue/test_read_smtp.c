#include "tests/unit/dialogue/dialogue_bench.h"

#define HELLO_LINES                                                                               \
	"< mail.greeting service=smtp status=220 host=mx.example text=mx.example ESMTP Postfix\n" \
	"> smtp.command method=EHLO host=pc.example\n"

static const struct dialogue_part mail[] = {
	SERVER("220 mx.example ESMTP Postfix\r\n"),
	CLIENT("EHLO PC.example\r\n"),
	SERVER("250-mx.example\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n"),
	CLIENT("MAIL FROM:<a@b.example> SIZE=9\r\nRCPT TO:<c@d.example>\r\nRCPT "
	       "TO:<x@d.example>\r\n"),
	SERVER("250 Ok\r\n250 Ok\r\n550 5.1.1 Unknown user\r\n"),
	CLIENT("DATA\r\n"),
	SERVER("354 End data with <CR><LF>.<CR><LF>\r\n"),
	CLIENT("Subject: x\r\n\r\nQUIT\r\n..\r\n.\r\nQUIT\r\n"),
	SERVER("250 Ok: queued\r\n221 Bye\r\n"),
};

/* A mail in which a machine describes itself, and one that is about none. */
static const struct dialogue_part portrait[] = {
	SERVER("220 mx.example ESMTP Postfix\r\n"),
	CLIENT("MAIL FROM:<a@b.example>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n"),
	SERVER("250 Ok\r\n250 Ok\r\n354 go on\r\n"),
	CLIENT("Subject: x\r\n\r\nUser Name: x<br><b>PC name</b> : y\r\nRAM: 2 GB\r\n.\r\n"),
	SERVER("250 Ok: queued\r\n"),
	CLIENT("RCPT TO:<c@d.example>\r\nDATA\r\n"),
	SERVER("250 Ok\r\n354 go on\r\n"),
	CLIENT("Subject: re\r\n\r\nHello: the program: is done\r\nRAM: 1\r\n.\r\n"),
	SERVER("250 Ok: queued\r\n"),
};

/* The second answer is a password: it must never be told as a user. */
static const struct dialogue_part login[] = {
	SERVER("220 mx.example ESMTP Postfix\r\n"),
	CLIENT("EHLO pc.example\r\n"),
	SERVER("250 mx.example\r\n"),
	CLIENT("AUTH LOGIN\r\n"),
	SERVER("334 VXNlcm5hbWU6\r\n"),
	CLIENT("YW5uYQ==\r\n"),
	SERVER("334 UGFzc3dvcmQ6\r\n"),
	CLIENT("c2VjcmV0\r\n"),
	SERVER("535 5.7.8 no\r\n"),
	CLIENT("AUTH LOGIN =\r\n"),
	SERVER("334 UGFzc3dvcmQ6\r\n"),
	CLIENT("c2VjcmV0\r\n"),
	SERVER("535 5.7.8 no\r\n"),
	CLIENT("AUTH PLAIN AGFubmEAc2VjcmV0\r\n"),
	SERVER("235 2.7.0 yes\r\n"),
	CLIENT("BDAT 4\r\nQUITBDAT 4 LAST\r\nQUITQUIT\r\n"),
	SERVER("250 x\r\n250 x\r\n221 x\r\n"),
};

/* Its messages are told; the first may come with the command. */
static const struct dialogue_part ntlm[] = {
	CLIENT("EHLO pc\r\n"),
	CLIENT("AUTH NTLM TlRMTVNTUAABAAAABwIAAAAAAAAAAAAAAAAAAAAAAAA=\r\n"),
	SERVER("334 \r\n"),
	CLIENT("TlRMTVNTUAADAAAAGAAYAEAAAAAYABgAWAAAAAwADABwAAAACAAIAHwAAAAIAAgAhAAAAAAAAACMAAAAAQI"
	       "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABEREREREREREREREREREREREREREREREU8ARgBGAEkAQwBFAG"
	       "EAbgBuAGEAUABDAC0AMQA=\r\n"),
	SERVER("235 in\r\n"),
};

static const struct dialogue_part starttls[] = {
	SERVER("220 mx.example ESMTP Postfix\r\n"),
	CLIENT("EHLO pc.example\r\n"),
	SERVER("250-mx.example\r\n250 STARTTLS\r\n"),
	CLIENT("STARTTLS\r\n"),
	SERVER("220 Ready\r\n"),
	SERVER("\x15\x03\x01\x00\x02\x02\x28"),
	SERVER("\x16\x03\x01\x00\x04\x0e\x00\x00\x00"),
};

/* The server was not heard: its agreement is missing. */
static const struct dialogue_part one_side[] = {
	CLIENT("EHLO pc.example\r\n"),
	CLIENT("STARTTLS\r\n"),
	CLIENT("\x16\x03\x01\x00\x02\x00\x00"),
};

static const struct dialogue_part refused[] = {
	SERVER("554 go away\r\n"),
};

static const struct dialogue_part other_port[] = {
	SERVER("220 mx.example Microsoft ESMTP MAIL Service\r\n"),
	CLIENT("HELO pc\r\n"),
	SERVER("250 mx.example\r\n"),
	CLIENT("DATA\r\n"),
	SERVER("503 no recipients\r\n"),
	CLIENT("QUIT\r\n"),
};

/* Neither side names its protocol before the client's hello. */
static const struct dialogue_part plain_word[] = {
	SERVER("220 welcome\r\n"),
	CLIENT("LHLO pc\r\n"),
	SERVER("250 mx.example\r\n"),
};

static const struct dialogue_part not_mail[] = {
	SERVER("120 x\r\n"),
	CLIENT("HELD pc\r\n"),
};

static struct dialogue dialogues[] = {
	{ "a mail, what it holds is no command", 25, mail, ARRAY_LEN(mail),
	  HELLO_LINES "< smtp.reply status=250 host=mx.example starttls auth=PLAIN auth=LOGIN\n"
		      "> smtp.command method=MAIL sender=a@b.example\n"
		      "> smtp.command method=RCPT recipient=c@d.example\n"
		      "> smtp.command method=RCPT recipient=x@d.example\n"
		      "< smtp.reply status=550 text=5.1.1 Unknown user\n"
		      "> smtp.command method=DATA\n"
		      "> mail.envelope sender=a@b.example recipients=2\n"
		      "> smtp.command method=QUIT\n" },
	{ "a machine's portrait", 25, portrait, ARRAY_LEN(portrait),
	  "< mail.greeting service=smtp status=220 host=mx.example text=mx.example ESMTP Postfix\n"
	  "> smtp.command method=MAIL sender=a@b.example\n"
	  "> smtp.command method=RCPT recipient=a@b.example\n"
	  "> smtp.command method=DATA\n"
	  "> mail.envelope sender=a@b.example recipients=1\n"
	  "> mail.portrait topic_count=3\n"
	  "> smtp.command method=RCPT recipient=c@d.example\n"
	  "> smtp.command method=DATA\n"
	  "> mail.envelope recipients=1\n" },
	{ "logins, by name and outcome", 587, login, ARRAY_LEN(login),
	  HELLO_LINES
	  "< smtp.reply status=250 host=mx.example\n"
	  "> smtp.command method=AUTH\n"
	  "< mail.login service=smtp user=anna mechanism=LOGIN password outcome=refused "
	  "status=535\n"
	  "> smtp.command method=AUTH\n"
	  "< mail.login service=smtp mechanism=LOGIN password outcome=refused status=535\n"
	  "> smtp.command method=AUTH\n"
	  "< mail.login service=smtp user=anna mechanism=PLAIN password outcome=accepted "
	  "status=235\n"
	  "> smtp.command method=BDAT\n"
	  "> smtp.command method=BDAT\n"
	  "> smtp.command method=QUIT\n" },
	{ "NTLM", 25, ntlm, ARRAY_LEN(ntlm),
	  "> smtp.command method=EHLO host=pc\n"
	  "> smtp.command method=AUTH\n"
	  "> ntlm.negotiate\n"
	  "> ntlm.authenticate user=anna domain=OFFICE workstation=PC-1 proof=NTLMv1\n"
	  "< mail.login service=smtp mechanism=NTLM outcome=accepted status=235\n" },
	{ "TLS behind STARTTLS is not mail", 25, starttls, ARRAY_LEN(starttls),
	  HELLO_LINES "< smtp.reply status=250 host=mx.example starttls\n"
		      "> smtp.command method=STARTTLS\n"
		      "< mail.starttls service=smtp\n" },
	{ "STARTTLS when the server is not heard", 25, one_side, ARRAY_LEN(one_side),
	  "> smtp.command method=EHLO host=pc.example\n"
	  "> smtp.command method=STARTTLS\n"
	  "> mail.starttls service=smtp\n" },
	{ "a server that refuses to speak", 25, refused, ARRAY_LEN(refused),
	  "< mail.greeting service=smtp status=554 text=go away\n" },
	{ "another port, known by its greeting", 4025, other_port, ARRAY_LEN(other_port),
	  "< mail.greeting service=smtp status=220 host=mx.example text=mx.example Microsoft "
	  "ESMTP MAIL Service\n"
	  "> smtp.command method=HELO host=pc\n"
	  "< smtp.reply status=250 host=mx.example\n"
	  "> smtp.command method=DATA\n"
	  "< smtp.reply status=503 text=no recipients\n"
	  "> smtp.command method=QUIT\n" },
	{ "another port, known by its client", 4025, plain_word, ARRAY_LEN(plain_word),
	  "> smtp.command method=LHLO host=pc\n"
	  "< mail.greeting service=smtp status=220 host=welcome text=welcome\n"
	  "< smtp.reply status=250 host=mx.example\n" },
	{ "what is no mail", 4025, not_mail, ARRAY_LEN(not_mail), "" },
};

int main(void)
{
	return dialogue_run_all("read_smtp", dialogues, ARRAY_LEN(dialogues));
}
