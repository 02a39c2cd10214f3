/*
 * Whether two devices with MACs of their own are one machine: a laptop at its dock and by Wi-Fi, a
 * telephone with another random MAC than yesterday. A wrong answer puts one person's doings on
 * another's machine, so two rows are better than a doubtful one.
 *
 *   proven   Both asked for a lease in the same way (fingerprint, vendor class) under the same
 * name, and no two machines of one network have it by chance: a Windows computer's, which told it
 * in NetBIOS, or one with a serial number in it ("DESKTOP-3KF92LQ"). likely   The same, under a
 * name that a person gave ("taro-no-iPhone"), both MACs random, and the one from before silent for
 * JOIN_SILENCE when the other came. Should both speak at the same time later on, they are parted
 * again, and the name proves nothing from then on. not      Everything else: names that makers give
 * to all of a model ("iPhone", "Galaxy-S21-5G"), routers, devices to which the office gave two
 * labels.
 */
#pragma once

#include "sensor/inventory/devices.h"

#define JOIN_SILENCE (15 * NANOTIME_MINUTE)

enum device_join { JOIN_NOT, JOIN_LIKELY, JOIN_PROVEN };

/* `now` came with a MAC that was not known, after `before` was. */
enum device_join device_join_of(const struct device *before, const struct device *now);

/* What a host name says of whose it is. Labels behind the first count for nothing. */
enum name_manner {
	NAME_OF_MODEL,  /* or of nobody */
	NAME_OF_PERSON, /* a word in it that is none of makers' */
	NAME_OF_ONE,    /* a serial number in it */
};
enum name_manner device_name_manner(const char *name);
