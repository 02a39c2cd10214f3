/* What a server shows of itself in TLS 1.2, and hellos that say more than most. */
#include "tests/unit/dialogue/hex_dialogue.h"

/*
 * A server's hello and its certificates, in one record: openssl's for a.example with nineteen
 * names, two of them addresses; one of root.example without any; bytes that are no certificate; an
 * empty one.
 */
static struct dialogue_part shown[] = {
	SERVER("160303033f020000260303000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1"
	       "e"
	       "1f00c02b000b00031100030e0002213082021d308201cfa003020102020107300506032b65703029311"
	       "3"
	       "3011060355040a0c0a4578616d706c65204b4b3112301006035504030c09612e6578616d706c65301e1"
	       "7"
	       "0d3236313132323039333731305a170d3237313132323039333731305a302931133011060355040a0c0"
	       "a"
	       "4578616d706c65204b4b3112301006035504030c09612e6578616d706c65302a300506032b657003210"
	       "0"
	       "62713232517c85d23a28f6b3564ac7e90822d50050c404637562e3511192ae0ba382011a30820116308"
	       "1"
	       "f40603551d110481ec3081e98209612e6578616d706c658704c0000201871020010db80000000000000"
	       "0"
	       "0000000001820a6e302e6578616d706c65820a6e312e6578616d706c65820a6e322e6578616d706c658"
	       "2"
	       "0a6e332e6578616d706c65820a6e342e6578616d706c65820a6e352e6578616d706c65820a6e362e657"
	       "8"
	       "616d706c65820a6e372e6578616d706c65820a6e382e6578616d706c65820a6e392e6578616d706c658"
	       "2"
	       "0b6e31302e6578616d706c65820b6e31312e6578616d706c65820b6e31322e6578616d706c65820b6e3"
	       "1"
	       "332e6578616d706c65820b6e31342e6578616d706c65820b6e31352e6578616d706c65301d0603551d0"
	       "e"
	       "04160414c2e4c77d79b2b669a5613a7440782b870c368b91300506032b657003410095feeab9307ecd5"
	       "0"
	       "28b64a273206ec4b258d90dc265fa02169af74e574e279c1d8857ebc28367ff4869c4af48c396e7a631"
	       "b"
	       "96c326962687ae96d2a4c98fee040000d83081d5308188020107300506032b657030173115301306035"
	       "5"
	       "04030c0c726f6f742e6578616d706c65301e170d3236313132323039333731305a170d3237313132323"
	       "0"
	       "39333731305a30173115301306035504030c0c726f6f742e6578616d706c65302a300506032b6570032"
	       "1"
	       "00d314e27e5e3cba4b52b7fd88c885e7f8263cca290926744f575d11988af14515300506032b6570034"
	       "1"
	       "00151395d244fc4211cf7b78a563fbbcbba0550e7775e05ac4e4abddb883db9e1f46a21333e1206e675"
	       "5"
	       "a99c52bf22c88d6aa9fbf4f98070cf722d57714d0a25040000076e6f74206f6e650000023000"),
	SERVER("16030300040e000000"),
};

/* The list of certificates ends before its own length. */
static struct dialogue_part damaged[] = {
	SERVER("1603030030020000260303000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1"
	       "e"
	       "1f00c02b000b0000020000"),
	SERVER("15030300020100"),
};

/* A server that asks for another hello, in a draft's version. */
static struct dialogue_part retry[] = {
	SERVER("160303002a020000267f17cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a83"
	       "3"
	       "9c00130100"),
};

/* With ALPN, ECH and an extension that says it is longer than it is. */
static struct dialogue_part full_hello[] = {
	CLIENT("1603010068010000640303000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1"
	       "e"
	       "1f000002c02b010000390000000e000c000009612e6578616d706c650010000e000c026832086874747"
	       "0"
	       "2f312e31fe0d000c000001000105000178000179000a00c878"),
};

static struct dialogue dialogues[] = {
	{ "a chain", 443, shown, ARRAY_LEN(shown),
	  "< tls.server_hello transport=tcp version=TLS 1.2 cipher=0xc02b\n"
	  "< tls.certificate chain_place=0 subject=a.example subject_organisation=Example KK "
	  "issuer=a.example issuer_organisation=Example KK names=a.example names=192.0.2.1 "
	  "names=2001:db8::1 names=n0.example names=n1.example names=n2.example "
	  "names=n3.example names=n4.example names=n5.example names=n6.example "
	  "names=n7.example names=n8.example names=n9.example names=n10.example "
	  "names=n11.example names=n12.example not_before=2026-11-22T09:37:10.000000Z "
	  "not_after=2027-11-22T09:37:10.000000Z key=Ed25519 256 serial=07 self_issued "
	  "sha1=52842ba9c9542d907e9f1524fcc053458d84d737 "
	  "sha256=97e655d625a256e25d1167a4fc9807bbdff994ba8e48ea311753c55e03e0b5d7 (cut)\n"
	  "< tls.certificate chain_place=1 subject=root.example issuer=root.example "
	  "not_before=2026-11-22T09:37:10.000000Z not_after=2027-11-22T09:37:10.000000Z "
	  "key=Ed25519 256 serial=07 self_issued\n" },
	{ "a list cut short", 443, damaged, ARRAY_LEN(damaged),
	  "< tls.server_hello transport=tcp version=TLS 1.2 cipher=0xc02b\n"
	  "< tls.alert level=warning status=0\n" },
	{ "a hello asked for again", 443, retry, ARRAY_LEN(retry),
	  "< tls.server_hello transport=tcp version=0x7f17 cipher=0x1301 retry\n" },
	{ "a hello that says more", 443, full_hello, ARRAY_LEN(full_hello),
	  "> tls.client_hello transport=tcp version=TLS 1.2 sni=a.example alpn=h2 "
	  "alpn=http/1.1 ja3=7d10a6af9dc336cc01a9065bfd7daf1a "
	  "ja4=t12d0104h2_648b5c445417_5cdec080e0f5 ja4_r=t12d0104h2_c02b_000a,fe0d ech "
	  "damaged\n" },
};

int main(void)
{
	hex_decode_parts(shown, ARRAY_LEN(shown));
	hex_decode_parts(damaged, ARRAY_LEN(damaged));
	hex_decode_parts(retry, ARRAY_LEN(retry));
	hex_decode_parts(full_hello, ARRAY_LEN(full_hello));
	return dialogue_run_all("read_certificates", dialogues, ARRAY_LEN(dialogues));
}
