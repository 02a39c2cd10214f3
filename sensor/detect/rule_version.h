/*
 * Which rules there are and of which version: what a capsule says of them, so that a verdict that
 * does not come again can name the rule that changed. Pure.
 */
#pragma once

#include "sensor/detect/signal.h"

/*
 * From 1; one more whenever the same facts and options would lead `kind` elsewhere: another
 * formula, another weight, another condition.
 */
unsigned rule_version(enum signal_kind kind);
