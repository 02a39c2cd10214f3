/* The parts of `hinomi intel`. Each gets its own arguments, argv[0] being its name. */
#pragma once

#include "sensor/app/command.h"

enum exit_code intel_build(int argc, char **argv);
enum exit_code intel_key(int argc, char **argv);
enum exit_code intel_show(int argc, char **argv);
enum exit_code intel_diff(int argc, char **argv);
enum exit_code intel_install(int argc, char **argv);
