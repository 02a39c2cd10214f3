#include "dissectors/kerberos.h"

#include "tests/support/exact.h"

static enum dissect dissect_datagram(struct cursor in, void *out)
{
	return dissect_kerberos(in, out);
}

static enum dissect dissect_stream(struct cursor in, void *out)
{
	size_t before = cursor_left(&in);
	enum dissect got = dissect_kerberos_tcp(&in, out);

	assert_true((got == DISSECT_OK) == (cursor_left(&in) < before));
	return got;
}

static const struct exact udp = { dissect_datagram, sizeof(struct kerberos) };
static const struct exact tcp = { dissect_stream, sizeof(struct kerberos) };

/* The first seven are of kinit, kvno and krb5kdc 1.20; the others are made by hand. */
static const char as_request[] =
	"6a81bb3081b8a103020105a20302010aa31a3018300aa10402020096a2020400300aa10402020095a2020400"
	"a4818f30818ca00703050000000010a1133011a003020101a10a30081b0668616e616b6fa2101b0e4f464649"
	"43452e4558414d504c45a3233021a003020102a11a30181b066b72627467741b0e4f46464943452e4558414d"
	"504c45a511180f32303236313132333036313735355aa70602044969d56fa81a301802011202011102011402"
	"011302011002011702011902011a";

static const char as_request_proof[] =
	"6a82011930820115a103020105a20302010aa3773075300da10402020085a20504034d4954304ca103020102"
	"a24504433041a003020112a23a0438e2ef9b88465ac965e9b51d648b23a7ee7e045ed8b8e2a9ca92dc7302a4"
	"c3c078795d552e62c786efca87bef4322637a57dbd9ea94d3bfe27300aa10402020096a2020400300aa10402"
	"020095a2020400a4818f30818ca00703050000000010a1133011a003020101a10a30081b0668616e616b6fa2"
	"101b0e4f46464943452e4558414d504c45a3233021a003020102a11a30181b066b72627467741b0e4f464649"
	"43452e4558414d504c45a511180f32303236313132333036313735355aa7060204126d2cb5a81a3018020112"
	"02011102011402011302011002011702011902011a";

static const char as_reply[] =
	"6b82032f3082032ba003020105a10302010ba22e302c302aa103020113a2230421301f301da003020112a116"
	"1b144f46464943452e4558414d504c4568616e616b6fa3101b0e4f46464943452e4558414d504c45a4133011"
	"a003020101a10a30081b0668616e616b6fa58201a36182019f3082019ba003020105a1101b0e4f4646494345"
	"2e4558414d504c45a2233021a003020102a11a30181b066b72627467741b0e4f46464943452e4558414d504c"
	"45a382015b30820157a003020112a103020101a282014904820145e5a3a0ea41b8f1c91d8cde7e4e70aaddff"
	"6e61763503f6ca98e2edca117a92cd697f087e317e9f7bcb61600de43280f20554a68992073a601c27ef037a"
	"3df1cb887bb0366384f67350e0db22b7802b7ff49aca7b3ea148a01c004054f85d7760e23e9b40f920dabf7e"
	"a9a23a10cdd5525861bb24e7bb796d2158b489398ef3d928554d3f8a4de3c09cee8005e4a3c794816f8b872b"
	"54405cac1a615c2457eae998b0c3b0acf8b50b0d74a03d2aeae8857da5a8a6d7521f6d85cb056061831c000d"
	"3ab160ba6c3b585b136971f891990360f7a81edf42cdd12ab72cf5cfe3e62c53efc2fd7497d34263cc3a0ab8"
	"5755b831a4a50f9a95f04045af7a4e1bf6822ce348162bd517ab6671d10c54395cf35d90f169d9d885037e5e"
	"947ec4092077dff3fa45e3cc13e2ea430e7cf9d03b7bc9cdf7e27797922c027fba9e0beb8fa1ab72553bffc6"
	"a682011f3082011ba003020112a28201120482010edc7cfad89c718714a7fbaf3e9cf5c3671c5193177070af"
	"2a1260de3bb7c8d9117514c89e0ad1077eeb3cb25b628c21831e3536c69c6ad1fbe560515056c3468a7c3e7b"
	"f23839c340c4742cf067c199571cc8dae34d70971c2ea632cb5e4f66a11d36c8ecc18d58f6ba001c8e5985c6"
	"b72d99efc6c7e2bda25f1d36fc210b26aded3471e7624d27ab6e25e174f4dd58c45f71c436ee670b4c63ea09"
	"5e5ebb1775283bd900205c25064bff64f2c4c6b5a77ed0b1a989d3b811c5ac403f9d2e2184d7454e0533a63a"
	"a56fea78c87bc53fb6a0f44f3abda09ad6289aaad48ba98b7318aa8c8e77e2c938942352af67cf5a7a9ea1a0"
	"1541db930c71237a4adbe4feb38db64c2c9b49a11ad6403163145d";

static const char tgs_request[] =
	"6c8204113082040da103020105a20302010ca38203803082037c3082028ea103020101a2820285048202816e"
	"82027d30820279a003020105a10302010ea20703050000000000a38201a36182019f3082019ba003020105a1"
	"101b0e4f46464943452e4558414d504c45a2233021a003020102a11a30181b066b72627467741b0e4f464649"
	"43452e4558414d504c45a382015b30820157a003020112a103020101a282014904820145e5a3a0ea41b8f1c9"
	"1d8cde7e4e70aaddff6e61763503f6ca98e2edca117a92cd697f087e317e9f7bcb61600de43280f20554a689"
	"92073a601c27ef037a3df1cb887bb0366384f67350e0db22b7802b7ff49aca7b3ea148a01c004054f85d7760"
	"e23e9b40f920dabf7ea9a23a10cdd5525861bb24e7bb796d2158b489398ef3d928554d3f8a4de3c09cee8005"
	"e4a3c794816f8b872b54405cac1a615c2457eae998b0c3b0acf8b50b0d74a03d2aeae8857da5a8a6d7521f6d"
	"85cb056061831c000d3ab160ba6c3b585b136971f891990360f7a81edf42cdd12ab72cf5cfe3e62c53efc2fd"
	"7497d34263cc3a0ab85755b831a4a50f9a95f04045af7a4e1bf6822ce348162bd517ab6671d10c54395cf35d"
	"90f169d9d885037e5e947ec4092077dff3fa45e3cc13e2ea430e7cf9d03b7bc9cdf7e27797922c027fba9e0b"
	"eb8fa1ab72553bffc6a481bc3081b9a003020112a281b10481ae9d2acf6a53933e9b377e32174f7451ce6fe1"
	"300d852f38576cb9d61e06d060ede15deca52970330ddd956aed76bc221ce2f3df38a274a6dc12381eb9dfae"
	"4a11510230ecd75f6a3228e6e588a5d06f7c0c156899b732dff44081283b778c616fd2a1bdbe8a7950f93017"
	"439d8c5daf792a2aeeb96fa462a9b2678b39fb38b2f98383cdcc7f7f67e72ef3cc9f543a4394e2d6debe8beb"
	"4fb9aa820f05fa3f0d3515d988fac88548790eee8b30d5283081e7a10402020088a281de0481dba081d83081"
	"d5a1173015a003020110a10e040cb042920e851adfce8ae2183ba281b93081b6a003020112a281ae0481ab51"
	"3834fe17cc4aae944f49900067d72a1357d4299545e1444237b77f6ffb04f17f7da4433263a5ce5ab5d24637"
	"8b69b447f6240f4889e36aeb08c4602c5e29af0f8e09830c6e1be00e9aab436d5066eb6ae3ba1b9afc0142d9"
	"48bd1fbcb66e42199abd3230792a3dc09f8dce1e765e608d127f42bafe2c95730251cb8932e764a094d9d9c6"
	"e252ed1c937fbc28b72a5200909a61ae3a02f9bfe8eed17f45d8d801c20f2db8b739046c8d61a47d307ba007"
	"03050000010000a2101b0e4f46464943452e4558414d504c45a3273025a003020101a11e301c1b04686f7374"
	"1b1466696c65732e6f66666963652e6578616d706c65a511180f32303236313132333036313735355aa70602"
	"043cd4f8bda81a301802011202011102011402011302011002011702011902011a";

static const char tgs_reply[] =
	"6d8203d7308203d3a003020105a10302010da281df3081dc3081d9a10402020088a281d00481cda081ca3081"
	"c7a081c43081c1a003020112a281b90481b6b4d441d8e1e53dd4f5aaabbb91cf5419e33a8305656754fb7b32"
	"cc885ae2873d0c562e317af3bed57ca440d1b33461bc49ca91057f9c726a69a62b8c22d26119d4d380afcbd2"
	"99d330300bfa5621711559eed53df378d15fbad95cbcb67692068f281f366e6ed6e928a9b01d9728c9ea607d"
	"7fd1872aa644ddc08b5e8f91c819e4e605925c4b6b67eda0a60387402cedfa904304a6289043025f2fd7e932"
	"abcdc370a79e0771e6e3fb7c8b4fea9f7cdbc87c6fad4a3aa3101b0e4f46464943452e4558414d504c45a413"
	"3011a003020101a10a30081b0668616e616b6fa58201cc618201c8308201c4a003020105a1101b0e4f464649"
	"43452e4558414d504c45a2273025a003020101a11e301c1b04686f73741b1466696c65732e6f66666963652e"
	"6578616d706c65a38201803082017ca003020112a103020101a282016e0482016a9aaebb3d391fe15d6008ce"
	"6093585b4d6a4ca838ee14101251b5621512fe0f3b1fcc0412b017723d2b977268673ada81fff988f5604cb4"
	"cf17ee3b6a6382bea165f5d81b5cc9cd474e1bfb254671831ab6047db02eebca2dd75785c12c6ee2e9742149"
	"f23dc785208747b7ac73fcca927e19aa9b42e4dad38ea5b0d71ca5933253ef825227892f973940d8c83264f4"
	"c8924b677b97cd6d8a70c465347e3eee9735d7d6f9a22b36eaf3292b03e602fed85ed6c9cd24bb6c65778031"
	"5a4cdf797b193c2a466757d82bf1113a7e050e742e412e8f7e3efcac1199205ffef7b2924765302bfa96d968"
	"041e8143ecf42a3cc6e79194b005b3de4e455015fbd8aee75bfca4dbf2e98daf91ace930873edf781999a45b"
	"84807c7b75c57825f497b9a91ab6cc2ead72b17c3b78f31272082676a5b5386df0bdad3a226117a7fe650269"
	"be61eff6dd208c29ba6b5157c15e6ffb2454a77c109ef7a05efaf10560f0d0b5b5e7df5bc4f0d1719f6feca6"
	"81ed3081eaa003020112a281e20481df95085d667d6133a3562611882b9cb02d715956f0896037f99fec2b64"
	"f62e09f3c772a3d7642dd8708f510cfe2c7ba2be69df11d7d1d228a6dea295513dace0ffb2b410150ff94559"
	"52dc066516f2a494dc0086351c207b97c31f5974dec1faaadcce8d4dda92ada5d96d40d83d846afb7fef2fc6"
	"3bf1a342907e15ef54e9d8a6a6e0a0efcd87385c23974f50c135d00763ba8d1fd7c772a86343e263895e71d6"
	"a435b051f3166c03a1decb96e320a6c5b508d4ef9ab22001bb7f86f863d23ba5f399f45ba24834528db2ef1a"
	"4297378fbb1f4bf4837d87c18ce011aa0c6783";

static const char error[] =
	"7e81f43081f1a003020105a10302011ea411180f32303236313132323036313735355aa5050203041047a603"
	"020119a7101b0e4f46464943452e4558414d504c45a8133011a003020101a10a30081b0668616e616b6fa910"
	"1b0e4f46464943452e4558414d504c45aa233021a003020102a11a30181b066b72627467741b0e4f46464943"
	"452e4558414d504c45ab101b0e4e45454445445f50524541555448ac5604543052300aa10402020088a20204"
	"00302aa103020113a2230421301f301da003020112a1161b144f46464943452e4558414d504c4568616e616b"
	"6f3009a103020102a2020400300da10402020085a20504034d4954";

static const char unknown_service[] =
	"000001bb7e8201b7308201b3a003020105a10302011ea411180f32303236313132323036313735355aa50502"
	"03041049a603020107a7101b0e4f46464943452e4558414d504c45a8133011a003020101a10a30081b066861"
	"6e616b6fa9101b0e4f46464943452e4558414d504c45aa263024a003020101a11d301b1b04636966731b136e"
	"6f6e652e6f66666963652e6578616d706c65ab131b114c4f4f4b494e475f55505f534552564552ac82011004"
	"82010c3082010830820104a10402020088a281fb0481f8a081f53081f2a081ef3081eca003020112a281e404"
	"81e1f83f18f681d59aabdfed328ea7aaca7c29c49d5e319ba2ac63630f912cb3c8e490a20fe88f02b6a51bd7"
	"adb9cc6da02a09dacb9a38c771f8a43d6d9d5425e01324117a90c7c75f6481dcc6f28b9610750ac0524866bb"
	"93743038448a2ce20d10c158616704c7f591f4a5437034222c4f6c57596dfd74c75a962d6f8261bbb30c62d9"
	"e85bc5ecad1cf96bb8dea404e9b4a14d8ec1f02c8ed0c47362ef9853ef25f0550e6906d9e84ce32b90e6fa59"
	"f0b46a60335740e033488d24ed7b7ebd1e42f5a57e91cbdcd22d179ca41cf6aae2dd71a529cf4f6ba99cd6fd"
	"f6f8e33e949d2c";

static const char windows_request[] =
	"6a8201c5308201c1a103020105a20302010aa381db3081d8300aa103020102a203040178300aa10402020080"
	"a2020400300aa10402020080a2020400300aa10402020080a2020400300aa10402020080a2020400300aa104"
	"02020080a2020400300aa10402020080a2020400300aa10402020080a2020400300aa10402020080a2020400"
	"300aa10402020080a2020400300aa10402020080a2020400300aa10402020080a2020400300aa10402020080"
	"a2020400300aa10402020080a2020400300aa10402020080a2020400300aa10402020080a2020400300aa104"
	"02020080a2020400300aa10402020080a2020400a481d63081d3a00703050040810010a10e300ca003020101"
	"a10530031b0175a2031b0152a3163014a003020102a10d300b1b066b72627467741b0152a511180f32303337"
	"303931333032343830355aa70402023039a83930370202ff7b02011202011202011202011202011202011202"
	"0112020112020112020112020112020112020112020112020112020112020112a9473045300da003020102a1"
	"060404c00002073019a003020114a112041050432d372020202020202020202020203019a003020114a11204"
	"105345434f4e4420202020202020202020";

static const char ap_request[] =
	"6e6d306ba003020105a10302010ea20703050000000000a33e613c303aa003020105a1031b0152a2163014a0"
	"03020102a10d300b1b04636966731b03737276a3163014a003020117a103020102a2080406736563726574a4"
	"163014a003020117a103020102a2080406736563726574";

static const char ap_reply[] =
	"6f243022a003020105a10302010fa2163014a003020117a103020102a2080406736563726574";

static const char long_name[] =
	"6e8201a4308201a0a003020105a10302010ea20703050000000000a38201716182016d30820169a003020105"
	"a1031b0152a28201433082013fa003020102a1820136308201321b6461616161616161616161616161616161"
	"6161616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
	"616161616161616161616161616161616161616161616161616161616161616161616161616161611b646161"
	"6161616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
	"6161616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
	"616161616161616161611b646161616161616161616161616161616161616161616161616161616161616161"
	"6161616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
	"616161616161616161616161616161616161616161616161a3163014a003020117a103020102a20804067365"
	"63726574a4163014a003020117a103020102a2080406736563726574";

static const char version_4[] = "6e0c300aa003020104a10302010e";

static const char damaged[] = "6e0b3009a003020105a3206102";

static const char name_of_numbers[] =
	"6e653063a003020105a10302010ea20703050000000000a33661343032a003020105a1031b0152a20e300ca0"
	"03020102a1053003020101a3163014a003020117a103020102a2080406736563726574a4163014a003020117"
	"a103020102a2080406736563726574";

static const char no_number[] = "6e0a3008a00302010502010e";

static const char bad_padata[] =
	"6a71306fa103020105a20302010aa3053003020102a45c305aa00703050040810010a10e300ca003020101a1"
	"0530031b0175a2031b0152a3163014a003020102a10d300b1b066b72627467741b0152a511180f3230333730"
	"3931333032343830355aa70402023039a8053003020112a9023000";

static const char bad_ticket[] =
	"6c7d307ba103020105a20302010ca311300f300da103020101a20604046e023005a45c305aa0070305004081"
	"0010a10e300ca003020101a10530031b0175a2031b0152a3163014a003020102a10d300b1b066b7262746774"
	"1b0152a511180f32303337303931333032343830355aa70402023039a8053003020112a9023000";

static const char bad_address[] =
	"6a753073a103020105a20302010aa3023000a4633061a00703050040810010a10e300ca003020101a1053003"
	"1b0175a2031b0152a3163014a003020102a10d300b1b066b72627467741b0152a511180f3230333730393133"
	"3032343830355aa70402023039a8053003020112a90930073005a003040178";
static void assert_realm(struct span realm)
{
	exact_assert_text(realm, "OFFICE.EXAMPLE");
}

static void check_as_request(const void *out)
{
	const struct kerberos *msg = out;

	assert_int_equal(msg->type, KERBEROS_AS_REQ);
	assert_string_equal(msg->client.text, "hanako");
	assert_int_equal(msg->client.type, 1);
	assert_string_equal(msg->service.text, "krbtgt/OFFICE.EXAMPLE");
	assert_int_equal(msg->service.type, 2);
	assert_realm(msg->realm);
	assert_int_equal(msg->kdc_options, 0x00000010);
	assert_int_equal(msg->till.len, 15);
	assert_int_equal(msg->etype_count, 8);
	assert_int_equal(msg->etypes[0], KERBEROS_AES256_SHA1);
	assert_false(msg->is_preauthenticated);
	assert_false(msg->has_ticket);
	assert_int_equal(msg->padata[0], 150);
}

static void check_proof(const void *out)
{
	const struct kerberos *msg = out;

	assert_true(msg->is_preauthenticated);
	assert_true(msg->padata_count > 1);
}

static void check_as_reply(const void *out)
{
	const struct kerberos *msg = out;

	assert_int_equal(msg->type, KERBEROS_AS_REP);
	assert_string_equal(msg->client.text, "hanako");
	assert_string_equal(msg->service.text, "krbtgt/OFFICE.EXAMPLE");
	assert_realm(msg->realm);
	assert_realm(msg->client_realm);
	assert_true(msg->has_ticket);
	assert_realm(msg->ticket_realm);
	assert_int_equal(msg->ticket_etype, KERBEROS_AES256_SHA1);
	assert_int_equal(msg->etype, KERBEROS_AES256_SHA1);
	assert_false(msg->is_preauthenticated);
}

static void check_tgs_request(const void *out)
{
	const struct kerberos *msg = out;

	assert_int_equal(msg->type, KERBEROS_TGS_REQ);
	assert_string_equal(msg->client.text, "");
	assert_string_equal(msg->service.text, "host/files.office.example");
	assert_realm(msg->realm);
	assert_true(msg->has_ticket);
	assert_string_equal(msg->ticket_service.text, "krbtgt/OFFICE.EXAMPLE");
	assert_int_equal(msg->ticket_etype, KERBEROS_AES256_SHA1);
	assert_false(msg->is_preauthenticated);
}

static void check_tgs_reply(const void *out)
{
	const struct kerberos *msg = out;

	assert_int_equal(msg->type, KERBEROS_TGS_REP);
	assert_string_equal(msg->service.text, "host/files.office.example");
}

static void check_error(const void *out)
{
	const struct kerberos *msg = out;

	assert_int_equal(msg->type, KERBEROS_ERROR);
	assert_int_equal(msg->error_code, KERBEROS_PREAUTH_REQUIRED);
	assert_string_equal(msg->client.text, "hanako");
	assert_string_equal(msg->service.text, "krbtgt/OFFICE.EXAMPLE");
	assert_realm(msg->realm);
	assert_realm(msg->client_realm);
	exact_assert_text(msg->error_text, "NEEDED_PREAUTH");
}

static void check_unknown_service(const void *out)
{
	const struct kerberos *msg = out;

	assert_int_equal(msg->error_code, KERBEROS_SERVICE_UNKNOWN);
	assert_string_equal(msg->service.text, "cifs/none.office.example");
}

static void check_windows_request(const void *out)
{
	const struct kerberos *msg = out;

	exact_assert_text(msg->netbios_address, "PC-7");
	assert_int_equal(msg->etype_count, KERBEROS_ETYPES_MAX);
	assert_int_equal(msg->etypes[0], -133);
	assert_int_equal(msg->padata_count, KERBEROS_PADATA_MAX);
	assert_true(msg->is_preauthenticated);
	assert_int_equal(msg->kdc_options, 0x40810010);
	exact_assert_text(msg->till, "20370913024805Z");
}

static void check_ap_request(const void *out)
{
	const struct kerberos *msg = out;

	assert_int_equal(msg->type, KERBEROS_AP_REQ);
	assert_string_equal(msg->ticket_service.text, "cifs/srv");
	exact_assert_text(msg->ticket_realm, "R");
	assert_int_equal(msg->ticket_etype, KERBEROS_RC4);
	assert_string_equal(msg->service.text, "");
}

static void check_ap_reply(const void *out)
{
	const struct kerberos *msg = out;

	assert_int_equal(msg->type, KERBEROS_AP_REP);
}

static void check_long_name(const void *out)
{
	const struct kerberos *msg = out;

	assert_int_equal(strlen(msg->ticket_service.text), KERBEROS_NAME_TEXT_LEN - 1);
	assert_memory_equal(&msg->ticket_service.text[100], "/aa", 3);
}

/* An error whose client's name has its parts twice. */
static const char name_twice[] =
	"7e243022a003020105a81b3019a003020101a10930071b05616c696365a10730051b03626f62";

static void check_name_twice(const void *out)
{
	const struct kerberos *msg = out;

	assert_string_equal(msg->client.text, "bob");
}

static struct exact_case cases[] = {
	{ "a ticket asked for", &udp, as_request, DISSECT_OK, check_as_request },
	{ "a ticket asked for with proof", &udp, as_request_proof, DISSECT_OK, check_proof },
	{ "a ticket given", &udp, as_reply, DISSECT_OK, check_as_reply },
	{ "a service's ticket asked for", &udp, tgs_request, DISSECT_OK, check_tgs_request },
	{ "a service's ticket given", &udp, tgs_reply, DISSECT_OK, check_tgs_reply },
	{ "proof demanded", &udp, error, DISSECT_OK, check_error },
	{ "a service that nobody knows, over TCP", &tcp, unknown_service, DISSECT_OK,
	  check_unknown_service },
	{ "what Windows says of itself", &udp, windows_request, DISSECT_OK, check_windows_request },
	{ "a ticket shown", &udp, ap_request, DISSECT_OK, check_ap_request },
	{ "a ticket accepted", &udp, ap_reply, DISSECT_OK, check_ap_reply },
	{ "a name that does not fit", &udp, long_name, DISSECT_OK, check_long_name },
	{ "a name said twice", &udp, name_twice, DISSECT_OK, check_name_twice },
	{ "version 4", &udp, version_4, DISSECT_OTHER, NULL },
	{ "another application's", &udp, "7f00", DISSECT_OTHER, NULL },
	{ "KRB-SAFE", &udp, "7400", DISSECT_OTHER, NULL },
	{ "DNS", &udp, "1234", DISSECT_OTHER, NULL },
	{ "past its end inside", &udp, damaged, DISSECT_MALFORMED, NULL },
	{ "a name of numbers", &udp, name_of_numbers, DISSECT_MALFORMED, NULL },
	{ "a field without a number", &udp, no_number, DISSECT_MALFORMED, NULL },
	{ "a padata that is damaged", &udp, bad_padata, DISSECT_MALFORMED, NULL },
	{ "a ticket that is damaged", &udp, bad_ticket, DISSECT_MALFORMED, NULL },
	{ "an address that is damaged", &udp, bad_address, DISSECT_MALFORMED, NULL },
	{ "a record of five bytes", &tcp, "000000056a03300102", DISSECT_OTHER, NULL },
	{ "a record that is too long", &tcp, "80000005", DISSECT_OTHER, NULL },
	{ "a record of something else", &tcp, "0000000630", DISSECT_OTHER, NULL },
	{ "a record of something like it", &tcp, "0000000674", DISSECT_OTHER, NULL },
	{ "a message longer than its record", &tcp, "000000066a7f30010203", DISSECT_MALFORMED,
	  NULL },
};

int main(void)
{
	return exact_run_all("kerberos", cases, ARRAY_LEN(cases), NULL, 0);
}
