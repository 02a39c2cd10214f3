#include "sensor/hello/quic_initial.h"

#include "dissectors/quic_frame.h"

#include <openssl/evp.h>
#include <stdlib.h>

enum {
	TAG_LEN = 16,
	SAMPLE_LEN = 16,
	NUMBER_MAX = 4, /* bytes of a packet number; its sample begins behind as many */
	NUMBER_LEN_MASK = 0x03,
	PROTECTED_BITS = 0x0f, /* of a long header's first byte */
};

struct quic_opener {
	EVP_CIPHER_CTX *packets;
	EVP_CIPHER_CTX *headers;
	struct quic_opener_counts counts;
	uint8_t plain[QUIC_PAYLOAD_MAX];
};

/* Once for all packets: to name a cipher with each key would look it up again. */
static bool keep_ciphers(struct quic_opener *opener, const EVP_CIPHER *gcm, const EVP_CIPHER *ecb)
{
	opener->packets = EVP_CIPHER_CTX_new();
	opener->headers = EVP_CIPHER_CTX_new();
	return opener->packets && opener->headers &&
	       EVP_DecryptInit_ex(opener->packets, gcm, NULL, NULL, NULL) == 1 &&
	       EVP_EncryptInit_ex(opener->headers, ecb, NULL, NULL, NULL) == 1 &&
	       EVP_CIPHER_CTX_set_padding(opener->headers, 0) == 1;
}

static enum err prepare(struct quic_opener *opener)
{
	EVP_CIPHER *gcm = EVP_CIPHER_fetch(NULL, "AES-128-GCM", NULL);
	EVP_CIPHER *ecb = EVP_CIPHER_fetch(NULL, "AES-128-ECB", NULL);
	enum err err = ERR_OK;

	if (!gcm || !ecb)
		err = ERR_MISSING;
	else if (!keep_ciphers(opener, gcm, ecb))
		err = ERR_MEMORY;
	EVP_CIPHER_free(gcm); /* the contexts hold them */
	EVP_CIPHER_free(ecb);
	return err;
}

enum err quic_opener_new(struct quic_opener **out)
{
	struct quic_opener *opener = calloc(1, sizeof(*opener));

	if (!opener)
		return ERR_MEMORY;

	enum err err = prepare(opener);

	if (err != ERR_OK) {
		quic_opener_free(opener);
		return err;
	}
	*out = opener;
	return ERR_OK;
}

void quic_opener_free(struct quic_opener *opener)
{
	if (!opener)
		return;
	EVP_CIPHER_CTX_free(opener->packets);
	EVP_CIPHER_CTX_free(opener->headers);
	free(opener);
}

struct quic_opener_counts quic_opener_counts(const struct quic_opener *opener)
{
	return opener->counts;
}

/* A header without its protection. */
struct bare_header {
	uint8_t first;
	uint8_t number[NUMBER_MAX];
	size_t number_len;
};

/* RFC 9001 5.4; dissect_quic() saw to it that the sample is there. */
static bool unmask(struct quic_opener *opener, const struct quic_keys *keys,
		   const struct quic_packet *packet, struct bare_header *bare)
{
	struct cursor in = { .rest = packet->sealed };
	uint8_t mask[SAMPLE_LEN];
	int len = 0;

	cursor_copy(&in, bare->number, sizeof(bare->number));
	struct span sample = cursor_take(&in, SAMPLE_LEN);

	if (!cursor_ok(&in) ||
	    EVP_EncryptInit_ex(opener->headers, NULL, NULL, keys->header_key, NULL) != 1 ||
	    EVP_EncryptUpdate(opener->headers, mask, &len, sample.data, SAMPLE_LEN) != 1)
		return false;
	bare->first = (uint8_t)(packet->first_byte ^ (mask[0] & PROTECTED_BITS));
	bare->number_len = (bare->first & NUMBER_LEN_MASK) + 1U;
	for (size_t i = 0; i < bare->number_len; i++)
		bare->number[i] ^= mask[1 + i];
	return true;
}

/*
 * RFC 9001 5.3: the IV with the packet number in its last bytes. A client's Initials are its first
 * packets, so their numbers are whole as they stand.
 */
static void make_nonce(const struct quic_keys *keys, const struct bare_header *bare,
		       uint8_t nonce[static QUIC_IV_LEN])
{
	memcpy(nonce, keys->iv, QUIC_IV_LEN);
	for (size_t i = 0; i < bare->number_len; i++)
		nonce[QUIC_IV_LEN - bare->number_len + i] ^= bare->number[i];
}

/* The three parts of the header are authenticated with the payload. */
static bool add_header(EVP_CIPHER_CTX *context, const struct quic_packet *packet,
		       const struct bare_header *bare)
{
	int len = 0;

	return EVP_DecryptUpdate(context, NULL, &len, &bare->first, 1) == 1 &&
	       EVP_DecryptUpdate(context, NULL, &len, packet->before_number.data,
				 (int)packet->before_number.len) == 1 &&
	       EVP_DecryptUpdate(context, NULL, &len, bare->number, (int)bare->number_len) == 1;
}

static bool unseal(struct quic_opener *opener, const struct quic_keys *keys,
		   const struct quic_packet *packet, struct span *plain)
{
	EVP_CIPHER_CTX *context = opener->packets;
	struct cursor in = { .rest = packet->sealed };
	struct bare_header bare;
	uint8_t nonce[QUIC_IV_LEN];
	uint8_t tag[TAG_LEN] = { 0 };
	int len = 0;
	int more = 0;

	if (!unmask(opener, keys, packet, &bare))
		return false;
	make_nonce(keys, &bare, nonce);
	cursor_skip(&in, bare.number_len);
	struct span sealed = cursor_take(&in, cursor_left(&in) - TAG_LEN);

	cursor_copy(&in, tag, sizeof(tag));
	if (EVP_DecryptInit_ex(context, NULL, NULL, keys->key, nonce) != 1 ||
	    !add_header(context, packet, &bare) ||
	    EVP_DecryptUpdate(context, opener->plain, &len, sealed.data, (int)sealed.len) != 1 ||
	    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_LEN, tag) != 1 ||
	    EVP_DecryptFinal_ex(context, opener->plain + len, &more) != 1)
		return false;
	*plain = (struct span){ opener->plain, (size_t)len };
	return true;
}

void quic_initial_start(struct quic_initial *initial)
{
	initial->version = 0;
	initial->beginning = 0;
	stream_window_start(&initial->crypto, 0);
}

static bool unseal_anew(struct quic_initial *initial, struct quic_opener *opener,
			const struct quic_packet *packet, enum quic_family family,
			struct span *plain)
{
	uint32_t beginning = initial->beginning;
	struct quic_keys keys;

	quic_keys_derive(&keys, family, packet->dcid);
	if (!unseal(opener, &keys, packet, plain))
		return false;
	quic_initial_start(initial);
	initial->beginning = beginning + 1;
	initial->keys = keys;
	initial->version = packet->version;
	return true;
}

static bool unseal_by_any_key(struct quic_initial *initial, struct quic_opener *opener,
			      const struct quic_packet *packet, struct span *plain)
{
	if (initial->version == packet->version && unseal(opener, &initial->keys, packet, plain))
		return true;
	if (packet->family != QUIC_FAMILY_GREASE)
		return unseal_anew(initial, opener, packet, packet->family, plain);
	/* Whoever makes up a version protects its packets as those of one that it speaks. */
	return unseal_anew(initial, opener, packet, QUIC_FAMILY_V1, plain) ||
	       unseal_anew(initial, opener, packet, QUIC_FAMILY_DRAFT_29, plain);
}

static enum dissect read_frames(struct quic_initial *initial, struct span plain)
{
	struct cursor payload = { .rest = plain };
	struct quic_frame frame;
	bool has_grown = false;

	while (cursor_left(&payload) > 0) {
		if (dissect_quic_frame(&payload, &frame) != DISSECT_OK)
			return has_grown ? DISSECT_OK : DISSECT_MALFORMED;
		/* Further out it is past the window in any case, and a sequence has 32 bits. */
		uint32_t offset =
			frame.offset < INT32_MAX ? (uint32_t)frame.offset : (uint32_t)INT32_MAX;

		if (frame.type == QUIC_CRYPTO)
			has_grown |= stream_window_add(&initial->crypto, offset, frame.bytes);
	}
	return has_grown ? DISSECT_OK : DISSECT_TRUNCATED;
}

static enum dissect read_initial(struct quic_initial *initial, struct quic_opener *opener,
				 const struct quic_packet *packet)
{
	struct span plain;

	if (packet->sealed.len > sizeof(opener->plain)) {
		opener->counts.too_long++;
		return DISSECT_MALFORMED;
	}
	if (!unseal_by_any_key(initial, opener, packet, &plain)) {
		opener->counts.unopened++;
		return DISSECT_MALFORMED;
	}
	opener->counts.opened++;
	return read_frames(initial, plain);
}

/* Of two packets of one datagram, the answer that tells the caller more. */
static enum dissect better_of(enum dissect a, enum dissect b)
{
	static const uint8_t rank[] = { [DISSECT_OK] = 3,
					[DISSECT_TRUNCATED] = 2,
					[DISSECT_MALFORMED] = 1,
					[DISSECT_OTHER] = 0 };

	return rank[a] >= rank[b] ? a : b;
}

enum dissect quic_initial_add(struct quic_initial *initial, struct quic_opener *opener,
			      struct span datagram)
{
	struct cursor in = { .rest = datagram };
	enum dissect answer = DISSECT_OTHER;
	struct quic_packet packet;

	for (int i = 0; i < QUIC_PACKETS_MAX && cursor_left(&in) > 0; i++) {
		enum dissect got = dissect_quic(&in, &packet);

		if (got != DISSECT_OK) /* cut short: more bytes of a datagram never come */
			return better_of(answer,
					 got == DISSECT_TRUNCATED ? DISSECT_MALFORMED : got);
		if (packet.type == QUIC_INITIAL)
			got = read_initial(initial, opener, &packet);
		else
			got = packet.type == QUIC_OPAQUE ? DISSECT_OTHER : DISSECT_TRUNCATED;
		answer = better_of(answer, got);
	}
	return answer;
}

uint32_t quic_initial_beginning(const struct quic_initial *initial)
{
	return initial->beginning;
}

struct span quic_initial_prefix(const struct quic_initial *initial)
{
	return stream_window_prefix(&initial->crypto);
}

bool quic_initial_conflicts(const struct quic_initial *initial)
{
	return stream_window_conflicts(&initial->crypto);
}
