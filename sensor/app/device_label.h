/* `hinomi devices label`: writes down what the office calls a device, and where it stands. */
#pragma once

#include "sensor/app/command.h"

/* `argv[0]` is "label". */
enum exit_code device_label_command(int argc, char **argv);
