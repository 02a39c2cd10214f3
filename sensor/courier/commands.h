/*
 * Commands of hinomi-courier. argv[0] is the command's own name. Each returns the exit code: 0
 * done, 1 it could not be done (said in one line on stderr), 2 wrong usage.
 */
#pragma once

int command_enrol(int argc, char **argv);
int command_rotate_key(int argc, char **argv);
int command_run(int argc, char **argv);
int command_once(int argc, char **argv);
int command_status(int argc, char **argv);
int command_privacy(int argc, char **argv);
