/*
 * How surprising the letters of a name are, one after the other: names that people make up are
 * cheap, those that a program draws at random are not. A model of three letters
 * (tools/name_model.py says from which words, and measures it). Pure.
 */
#pragma once

#include <stddef.h>

/*
 * Mean bits for each character of one label in lower case, its end included; 0 for none. Any digit
 * is as good as another; what is no letter, digit or '-' counts as a digit. People's names of eight
 * characters and more cost 3.6 in the middle and 5.3 at most (one in a thousand more), letters
 * drawn at random 6.3. Names out of fewer than seven characters, and those not of Latin letters
 * (IDN, "xn--"), say nothing.
 */
double name_model_cost(const char *label, size_t len);

enum { NAME_MODEL_LEAST = 7 };
