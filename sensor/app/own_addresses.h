/*
 * The addresses of this machine, which a sensor on a mirror port leaves out. To be read while a
 * socket may still be opened.
 */
#pragma once

#include "sensor/config/config.h"

/*
 * Those of all interfaces but loopback, each as a network of its own. ERR_MISSING when the kernel
 * does not say; ERR_RANGE for more than CONFIG_PREFIXES_MAX: `*out` then holds the first.
 */
MUST_USE enum err own_addresses_read(struct network_config *out);
