/* Who the courier's commands are when a person starts them as root. */
#pragma once

#include "sensor/courier/output.h"

/*
 * As root: makes courier.folder where it is missing, gives it to courier.user and to the sensor's
 * group, which reads there what rangers sent, and becomes that user for good; so that what is
 * written can be read by the courier. As anyone else, or without such a user
 * (then it is said), nothing. `problem` is one line. ERR_IO. Before any other thread.
 */
MUST_USE enum err courier_become(const struct config *config, char problem[static OUTPUT_SAID_LEN]);
