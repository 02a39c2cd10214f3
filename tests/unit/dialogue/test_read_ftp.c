#include "tests/unit/dialogue/dialogue_bench.h"

static const struct dialogue_part transfer[] = {
	SERVER("220-Welcome\r\n220 ready\r\n"),
	CLIENT("USER anna\r\n"),
	SERVER("331 password?\r\n"),
	CLIENT("PASS wrong\r\n"),
	SERVER("530 no\r\n"),
	CLIENT("USER anna\r\n"),
	SERVER("331 password?\r\n"),
	CLIENT("PASS right\r\n"),
	SERVER("230 in\r\n"),
	CLIENT("PORT 192,168,1,10,4,1\r\n"),
	SERVER("200 ok\r\n"),
	CLIENT("EPRT |2|2001:db8::1|5282|\r\nPASV\r\n"),
	SERVER("227 Entering (192,0,2,1,156,64)\r\n"),
	CLIENT("PSAS secret\r\nSITE PSWD secret other\r\nSITE CPFR /a\r\nRETR a b.txt\r\n"),
	SERVER("229 Entering (|||6446|)\r\n"),
};

static const struct dialogue_part tls[] = {
	SERVER("220 (vsFTPd 3.0.3)\r\n"),
	CLIENT("AUTH TLS\r\n"),
	SERVER("234 go on\r\n"),
	CLIENT("\x16\x03\x01\x00\x02\x00\x00"),
};

static const struct dialogue_part refused_tls[] = {
	SERVER("220 (vsFTPd 3.0.3)\r\n"),
	CLIENT("AUTH TLS\r\n"),
	SERVER("502 no\r\n"),
	CLIENT("QUIT\r\n"),
};

static const struct dialogue_part mail[] = {
	SERVER("220 hello\r\n"),
	CLIENT("USER anna\r\n"),
};

static struct dialogue dialogues[] = {
	{ "logins and where data goes", 21, transfer, ARRAY_LEN(transfer),
	  "< ftp.reply status=220 text=Welcome\n"
	  "> ftp.command method=USER argument=anna\n"
	  "< ftp.reply status=331 text=password?\n"
	  "> ftp.command method=PASS password\n"
	  "< ftp.reply status=530 text=no\n"
	  "< ftp.login user=anna password outcome=refused status=530\n"
	  "> ftp.command method=USER argument=anna\n"
	  "< ftp.reply status=331 text=password?\n"
	  "> ftp.command method=PASS password\n"
	  "< ftp.reply status=230 text=in\n"
	  "< ftp.login user=anna password outcome=accepted status=230\n"
	  "> ftp.command method=PORT argument=192,168,1,10,4,1 data_address=192.168.1.10 "
	  "data_port=1025\n"
	  "< ftp.reply status=200 text=ok\n"
	  "> ftp.command method=EPRT argument=|2|2001:db8::1|5282| data_address=2001:db8::1 "
	  "data_port=5282\n"
	  "> ftp.command method=PASV\n"
	  "< ftp.reply status=227 text=Entering (192,0,2,1,156,64) data_address=192.0.2.1 "
	  "data_port=40000\n"
	  "> ftp.command method=PSAS\n"
	  "> ftp.command method=SITE argument=PSWD\n"
	  "> ftp.command method=SITE argument=CPFR /a\n"
	  "> ftp.command method=RETR argument=a b.txt\n"
	  "< ftp.reply status=229 text=Entering (|||6446|) data_port=6446\n" },
	{ "TLS behind AUTH, on another port", 4021, tls, ARRAY_LEN(tls),
	  "< ftp.reply status=220 text=(vsFTPd 3.0.3)\n"
	  "> ftp.command method=AUTH argument=TLS\n"
	  "< ftp.reply status=234 text=go on\n" },
	{ "AUTH refused", 21, refused_tls, ARRAY_LEN(refused_tls),
	  "< ftp.reply status=220 text=(vsFTPd 3.0.3)\n"
	  "> ftp.command method=AUTH argument=TLS\n"
	  "< ftp.reply status=502 text=no\n"
	  "> ftp.command method=QUIT\n" },
	{ "another port, nothing says that it is FTP", 4021, mail, ARRAY_LEN(mail), "" },
};

int main(void)
{
	return dialogue_run_all("read_ftp", dialogues, ARRAY_LEN(dialogues));
}
