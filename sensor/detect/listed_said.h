/*
 * What programs say, against the indicator sets: URLs, certificates of servers, and the ways in
 * which clients of TLS and SSH open a connection (JA3, JA4, HASSH). See listed.h for names and
 * addresses. A path that is listed without its host is told of any host but known services, and
 * weighs less.
 */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_listed_said;
