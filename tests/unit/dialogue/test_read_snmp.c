#include "tests/unit/dialogue/datagram_bench.h"

static struct datagram_case cases[] = {
	{ "version 1 asks", true, 161,
	  BYTES("0*\002\001\000\004\007example\240\034\002\004m\330\367\255\002\001\000"
		"\002\001\0000\0160\014\006\010+\006\001\002\001\001\005\000\005\000"),
	  "> snmp version=SNMPv1 type=get-request community oids=1.3.6.1.2.1.1.5.0\n", NULL },
	{ "version 1 answers", false, 161,
	  BYTES("0\077\002\001\000\004\007example\2421\002\004m\330\367\255\002\001\000"
		"\002\001\0000#0!\006\010+\006\001\002\001\001\005\000\004\025switch.of"
		"fice.example"),
	  "< snmp version=SNMPv1 type=response community "
	  "system_name=switch.office.example oids=1.3.6.1.2.1.1.5.0\n",
	  NULL },
	{ "version 3 looks for the engine", true, 161,
	  BYTES("0=\002\001\0030\020\002\003\035\354\267\002\003\000\377\343\004\001"
		"\004\002\001\003\004\0200\016\004\000\002\001\000\002\001\000\004\000"
		"\004\000\004\0000\024\004\000\004\000\240\016\002\0044Y\030\332\002"
		"\001\000\002\001\0000\000"),
	  "> snmp version=SNMPv3 type=get-request\n", NULL },
	{ "version 3 encrypts", true, 161,
	  BYTES("0\201\207\002\001\0030\020\002\003\035\354\266\002\003\000\377\343\004"
		"\001\007\002\001\003\004907\004\021\200\000\037\210\200\031\265EN\270"
		"\214\002k\000\000\000\000\002\001\001\002\001\003\004\004anna\004\014"
		"\314&\024\007)\345\242\011\265\342\254)\004\010\3608\310(\227X\200S"
		"\0045\355f\222\342\021P\277\302\302\230jc\212q\277\360\305%\200\227"
		"\335v\240\315(L3\216\213j\204\304c\307\236\210[\256M\214\376\257\247"
		"\223Av\224\211\366X\272\215\255"),
	  "> snmp version=SNMPv3 encrypted user=anna "
	  "engine_id=80001f888019b5454eb88c026b00000000\n",
	  NULL },
	{ "an OID of large numbers", true, 161,
	  BYTES("0&\002\001\001\004\006public\240\031\002\001\001\002\001\000\002\001"
		"\0000\0160\014\006\010\2107\201\377\377\377\377\177\005\000"),
	  "> snmp version=SNMPv2c type=get-request community oids=2.999.4294967295\n", NULL },
	{ "no SNMP", true, 161, BYTES("0\003\002\001\007"), "", NULL },
};

int main(void)
{
	return datagram_run_all("read_snmp", cases, sizeof(cases) / sizeof(cases[0]));
}
