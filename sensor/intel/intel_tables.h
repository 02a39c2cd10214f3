/*
 * The tables of this folder that are part of the program, each with the digest of its source: what
 * a verdict may rest on besides the rules. Pure.
 */
#pragma once

/* "known_services=<SHA-256>", one a line. */
const char *intel_tables_text(void);
