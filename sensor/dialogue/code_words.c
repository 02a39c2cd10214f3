#include "sensor/dialogue/code_words.h"

#include "sensor/base/digits.h"

void code_words_say(const struct code_words *words, struct attributes *said,
		    enum attribute attribute, uint32_t code)
{
	char number[DIGITS_UINT_MAX + 1];

	for (size_t i = 0; i < words->count; i++) {
		if (words->rows[i].code == code) {
			attributes_add_text(said, attribute, words->rows[i].word);
			return;
		}
	}
	*digits_uint(number, code) = '\0';
	attributes_add_text(said, attribute, number);
}

void code_words_say_flags(const struct code_words *words, struct attributes *said,
			  enum attribute attribute, uint32_t flags)
{
	for (size_t i = 0; i < words->count; i++) {
		if ((flags & words->rows[i].code) != 0)
			attributes_add_text(said, attribute, words->rows[i].word);
	}
}
