/*
 * For what few packets need, in code that all packets run through: inlined, it would take the
 * registers of the rest.
 */
#pragma once

#define OUT_OF_LINE __attribute__((noinline))
