#include "tests/unit/dialogue/hex_dialogue.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Of slapd 2.5 and its clients. */
static struct dialogue_part simple[] = {
	CLIENT("3034020101602f020103041c636e3d616e6e612c64633d6f66666963652c64633d6578616d706c65800"
	       "c6578"
	       "616d706c652d6f6e6c79"),
	SERVER("300c02010161070a010004000400"),
	CLIENT("303c0201026337041464633d6f66666963652c64633d6578616d706c650a01020a01000201000201000"
	       "10100"
	       "a30a0402636e0404616e6e6130040402736e"),
	SERVER("30360201026431041c636e3d616e6e612c64633d6f66666963652c64633d6578616d706c653011300f0"
	       "40273"
	       "6e310904074578616d706c65"),
	SERVER("300c02010265070a010004000400"),
	CLIENT("30050201034200"),
};

static struct dialogue_part wrong[] = {
	CLIENT("302e0201016029020103041c636e3d616e6e612c64633d6f66666963652c64633d6578616d706c65800"
	       "66e6f"
	       "742d6974"),
	SERVER("300c02010161070a013104000400"),
	CLIENT("30050201024200"),
};

static struct dialogue_part gssapi[] = {
	CLIENT("308202e7020101608202e00201030400a38202d70406475353415049048202cb608202c706092a86488"
	       "6f712"
	       "01020201006e8202b6308202b2a003020105a10302010ea20703050020000000a38201c8618201c4308"
	       "201c0"
	       "a003020105a1101b0e4f46464943452e4558414d504c45a2253023a003020103a11c301a1b046c64617"
	       "01b12"
	       "7372762e6f66666963652e6578616d706c65a382017e3082017aa003020112a103020102a282016c048"
	       "20168"
	       "b035db02cb561f0ac2d7753d710fd9bf19a35606581d9e74316eab5e19569c7b126f1d8a36ad6ddafd8"
	       "0ee04"
	       "e5237aeac73be820ccff9ef6f65e984690c33b568214df6d7041f75e71eb575de108b2960fd11cc9921"
	       "b6086"
	       "569a342a760f935dff112a8b401518e5f2b586f7f0ca7cadfee70c710d54b1be56778e124ebd220871b"
	       "3f9a5"
	       "16831c426d245566e23ff6bb1a73e07e4cf941071aaaf243aa3fd16ed87b72f19a5278790cf8e826930"
	       "3f545"
	       "0636fe83684bba05a8ce60e262f37d397b865118b3bc7ac10cad16bb9ddc4aff6c7583b44932dc710f1"
	       "9eaea"
	       "c249fb134175ed7421b419143ec9bea819971fb1ae876a9124a1ba597dd3de333324bbb71cac01f2c05"
	       "84548"
	       "b0897e1a1d343c4a5dab302c067bac66c13fa8ee9929c825df7f715b99f6e384f94be0b4952556af2c9"
	       "cb185"
	       "c10f9c726bec02c2346f7bf2fe74826b774585c38e71f4431e8c33b20479475f024df288e22a7033c01"
	       "6b9f4"
	       "6b2528533dfc2dc9a481d03081cda003020112a281c50481c2a4d7e45a403832aa1b61447446a223df0"
	       "3887d"
	       "a704f0282444e9291d63b5f7c3bb9eb543a6b681524e5341f9e2c8ac1fb6a6befba862d58ca176bb2e3"
	       "5f582"
	       "c1ac2df86357e999b994501c6bc21cbccd1897f9921349011de5db22ace2d599464123cab9e0b6b8ef7"
	       "246ec"
	       "73a992ed705fd533b325ef869b089d9c03ef20ffcbfb77e5e81c5e61fa8a7acf7179c6f3fcee9b2711d"
	       "27d87"
	       "89c551c5be63e61bb28983f912ad66e953dd972d5becebffc6a2e230c223fc0c5ff91852161a726be4e"
	       "46e"),
	SERVER("3081c80201016181c20a010e0400041c5341534c2830293a207375636365737366756c20726573756c7"
	       "43a20"
	       "87819c60819906092a864886f71201020202006f8189308186a003020105a10302010fa27a3078a0030"
	       "20112"
	       "a271046f3afdd09da3691b3f443e8ee74c39501d89cbbc1d0a87ab5e5e3289fac97b1e902830e762faa"
	       "4b43d"
	       "0ebe8e880dae367da7fde0a0544a99681c4ec3abccf2307153b40d0eabd0efc4b9eab6c78a9744c41ad"
	       "38136"
	       "903d49e07ec72c5eba1d07e0a03b720cf03e806331b9ddc496571d"),
	CLIENT("3014020102600f0201030400a3080406475353415049"),
	SERVER("304a02010261450a010e0400041c5341534c2830293a207375636365737366756c20726573756c743a2"
	       "08720"
	       "050405ff000c00000000000037df1b17070100007e4744044916fdc7ca9a9711"),
	CLIENT("303602010360310201030400a32a04064753534150490420050404ff000c0000000000001e477ce404f"
	       "fffff"
	       "cefbdf3fb95d147477fdb33e"),
	SERVER("300c02010361070a010004000400"),
	CLIENT("0000007a050406ff00000000000000001e477ce526556e20c35e153c2f29b0f40aa50b770fe15d79a61"
	       "57ba3"
	       "99ecb229b8ea6714113b25b487c8320c5ff01fcda0a8c94d0295be81b9df50b172d61cd4ab392273e28"
	       "c3042"
	       "be6d3aa034cf190f47a3ceabc01575306458c5578f01566aca6666e911ea07784f75303d0d70"),
	SERVER("00000074050407ff000000000000000037df1b182d6ee2773de87d45d7380c7d4df2b97f1afeac6c83f"
	       "05477"
	       "24f50ad3b724427e711e0fdf368d50982890e88763e7dd66648ad60c24051c968969ff0fd7b2dcdb437"
	       "b840f"
	       "64936bf9d12323e833624587eede793f9084b4e5c4aca668bacb152fc24ece51"),
	SERVER("0000004a050407ff000000000000000037df1b19442342e11ac47d5227dd81ebb29a606c7418c3b179f"
	       "17e83"
	       "94f538e99b2f6d230c4348c0b1e339e2376ce75a4a3d1b5eebf0cd12176717302e69"),
	CLIENT("00000043050406ff00000000000000001e477ce6e60be094a4345d45ea6763e00a550c2feabc7c13b68"
	       "537c5"
	       "0760db323702587396d767eda9fff4dd6d19e881f2afcccf754a60"),
};

static struct dialogue_part digest[] = {
	CLIENT("301802010160130201030400a30c040a4449474553542d4d4435"),
	SERVER("3081e70201016181e10a010e0400041c5341534c2830293a207375636365737366756c20726573756c7"
	       "43a20"
	       "8781bb6e6f6e63653d226643774d6d6b35466565416e57704869344e526f39334d486a7471564869574"
	       "34e78"
	       "466a415837776d62773d222c7265616c6d3d224f46464943452e4558414d504c45222c716f703d22617"
	       "57468"
	       "2c617574682d696e742c617574682d636f6e66222c6369706865723d227263342d34302c7263342d353"
	       "62c72"
	       "63342c6465732c33646573222c6d61786275663d36353533362c636861727365743d7574662d382c616"
	       "c676f"
	       "726974686d3d6d64352d73657373"),
	CLIENT("308201350201026082012e0201030400a3820125040a4449474553542d4d443504820115757365726e6"
	       "16d65"
	       "3d22616e6e61222c7265616c6d3d224f46464943452e4558414d504c45222c6e6f6e63653d226643774"
	       "d6d6b"
	       "35466565416e57704869344e526f39334d486a747156486957434e78466a415837776d62773d222c636"
	       "e6f6e"
	       "63653d2252485659666b6174566833565039526a486f67583446316e4d52744e695437686c6d306e506"
	       "4685a"
	       "42334d3d222c6e633d30303030303030312c716f703d617574682d636f6e662c6369706865723d72633"
	       "42c6d"
	       "61786275663d31363737373231352c6469676573742d7572693d226c6461702f7372762e6f666669636"
	       "52e65"
	       "78616d706c65222c726573706f6e73653d3436336565633731336364643234306434363332343137656"
	       "53037"
	       "3338343036"),
	SERVER("303c02010261370a0131040004305341534c282d3133293a2075736572206e6f7420666f756e643a206"
	       "e6f20"
	       "73656372657420696e206461746162617365"),
	CLIENT("30050201034200"),
};

static struct dialogue_part start_tls[] = {
	CLIENT("301d02010177188016312e332e362e312e342e312e313436362e3230303337"),
	SERVER("300c02010178070a010004000400"),
	CLIENT("160301018b010001870303d710efddf0c705536067b60eaad5665286efbb2755de425ec28d30b1205d3"
	       "c7920"
	       "6166268ef58a4e0b74f035c65faa02927886322e4390f9163b3c2430b48d1f15003a130213031301130"
	       "4c02c"
	       "cca9c0adc00ac02bc0acc009c030cca8c014c02fc013009dc09d0035009cc09c002f009fccaac09f003"
	       "9009e"
	       "c09e003301000104000500050100000000000a00160014001700180019001d001e01000101010201030"
	       "10400"
	       "0b00020100000d00220020040108090804040308070501080a0805050308080601080b0806060302010"
	       "20300"
	       "16000000170000002300000033006b00690017004104901631ab183c915ef14740d0c871e2a4e71057f"
	       "c7089"
	       "c628df226703a1319c4ec06fa2115744ff39ad3f4b955d2dc39c433e05b3a83cca7bc8ce05f2be7d832"
	       "d001d"
	       "0020041f5f11398d3de3793d1e42913fdf7dbd36bcd09d915616cf008d52c201871f002b00090803040"
	       "30303"
	       "020301ff010001000000001700150000127777772e6f66666963652e6578616d706c65002d000302010"
	       "0001c"
	       "00024001"),
	SERVER("160303009b0200009703033b129be920d2ac68c952645f7d3a53a5127508321571e72cfa933f3d599e2"
	       "78920"
	       "6166268ef58a4e0b74f035c65faa02927886322e4390f9163b3c2430b48d1f15130200004f003300450"
	       "01700"
	       "4104d960c44de06eec1ea52738f0c3106ee27e56ca013ca7b2d671584bcab5105dacca3f48a0eb5d6af"
	       "0580c"
	       "fa170b945ff6fa3a425231d78def47c415c15b0e8ec3002b00020304"),
};

/* By hand: StartTLS with its name in the answer, and refused. */
static struct dialogue_part start_tls_named[] = {
	CLIENT("301d02010177188016312e332e362e312e342e312e313436362e3230303337"),
	SERVER("3024020101781f0a0100040004008a16312e332e362e312e342e312e313436362e3230303337"),
	CLIENT("16030100020000"),
};

static struct dialogue_part start_tls_refused[] = {
	CLIENT("301d02010177188016312e332e362e312e342e312e313436362e3230303337"),
	SERVER("3010020101780b0a01340400040462757379"),
	CLIENT("300c020103600702010304008000"),
	SERVER("300c02010361070a010004000400"),
};

static struct dialogue_part other_operations[] = {
	CLIENT("3025020106632004000a01000a0100020100020100010100870b6f626a656374436c6173733000"),
	CLIENT("301e02010277198017312e332e362e312e342e312e343230332e312e31312e33"),
	SERVER("300c02010278070a015004000400"),
	CLIENT("300d02010460080201030400800178"),
	CLIENT("3020020105601b02010304044e544c4d8a104e544c4d535350000100000007820000"),
	SERVER("300c02010561070a01ff04000400"),
	CLIENT("300c020103600702010304008000"),
	CLIENT("300e0201076009020103020101800178"),
};

static struct dialogue dialogues[] = {
	{ "a simple bind and a search", 389, simple, COUNT(simple),
	  "> ldap.bind user=cn=anna,dc=office,dc=example mechanism=simple password\n"
	  "< ldap.result operation=bind result=0 result_name=success\n" },
	{ "a wrong password", 389, wrong, COUNT(wrong),
	  "> ldap.bind user=cn=anna,dc=office,dc=example mechanism=simple password\n"
	  "< ldap.result operation=bind result=49 result_name=invalidCredentials\n" },
	{ "a Kerberos ticket, then what is sealed", 389, gssapi, COUNT(gssapi),
	  "> ldap.bind mechanism=GSSAPI\n"
	  "> kerberos message=AP-REQ realm=OFFICE.EXAMPLE service_name=ldap/srv.office.example "
	  "ticket_etype=aes256-cts-hmac-sha1-96\n"
	  "< ldap.result operation=bind result=14 result_name=saslBindInProgress "
	  "description=SASL(0): successful result: \n"
	  "< kerberos message=AP-REP\n"
	  "> ldap.bind mechanism=GSSAPI\n"
	  "< ldap.result operation=bind result=14 result_name=saslBindInProgress "
	  "description=SASL(0): successful result: \n"
	  "> ldap.bind mechanism=GSSAPI\n"
	  "< ldap.result operation=bind result=0 result_name=success\n" },
	{ "another mechanism is refused", 389, digest, COUNT(digest),
	  "> ldap.bind mechanism=DIGEST-MD5\n"
	  "< ldap.result operation=bind result=14 result_name=saslBindInProgress "
	  "description=SASL(0): successful result: \n"
	  "> ldap.bind mechanism=DIGEST-MD5\n"
	  "< ldap.result operation=bind result=49 result_name=invalidCredentials "
	  "description=SASL(-13): user not found: no secret in database\n" },
	{ "TLS begins in the middle", 389, start_tls, COUNT(start_tls),
	  "< ldap.result operation=start_tls result=0 result_name=success\n"
	  "> tls.client_hello transport=tcp version=TLS 1.3 sni=www.office.example "
	  "ja3=f35ce21b44ac0b87d3266294bb1b0e20 ja4=t13d291300_723694b0fccc_2cc26d266019 "
	  "ja4_r=t13d291300_002f,0033,0035,0039,009c,009d,009e,009f,1301,1302,1303,1304,c009,c00a,"
	  "c013,c014,c02b,c02c,c02f,c030,c09c,c09d,c09e,c09f,c0ac,c0ad,cca8,cca9,ccaa_0005,000a,"
	  "000b,000d,0016,0017,001c,0023,002b,002d,0033,ff01_0401,0809,0804,0403,0807,0501,080a,"
	  "0805,0503,0808,0601,080b,0806,0603,0201,0203\n"
	  "< tls.server_hello transport=tcp version=TLS 1.3 cipher=0x1302\n" },

	{ "StartTLS, named in the answer", 389, start_tls_named, COUNT(start_tls_named),
	  "< ldap.result operation=start_tls result=0 result_name=success\n" },
	{ "StartTLS refused", 389, start_tls_refused, COUNT(start_tls_refused),
	  "< ldap.result operation=start_tls result=52 result_name=unavailable "
	  "description=busy\n"
	  "> ldap.bind mechanism=anonymous\n"
	  "< ldap.result operation=bind result=0 result_name=success\n" },
	{ "other operations, and one that is damaged", 389, other_operations,
	  COUNT(other_operations),
	  "< ldap.result operation=extended result=80\n"
	  "> ldap.bind mechanism=simple password\n"
	  "> ldap.bind user=NTLM mechanism=sicily\n"
	  "> ntlm.negotiate\n"
	  "< ldap.result operation=bind result=4294967295\n"
	  "> ldap.bind mechanism=anonymous\n" },
};

int main(void)
{
	hex_decode_parts(simple, COUNT(simple));
	hex_decode_parts(wrong, COUNT(wrong));
	hex_decode_parts(gssapi, COUNT(gssapi));
	hex_decode_parts(digest, COUNT(digest));
	hex_decode_parts(start_tls, COUNT(start_tls));
	hex_decode_parts(start_tls_named, COUNT(start_tls_named));
	hex_decode_parts(start_tls_refused, COUNT(start_tls_refused));
	hex_decode_parts(other_operations, COUNT(other_operations));
	return dialogue_run_all("read_ldap", dialogues, COUNT(dialogues));
}
