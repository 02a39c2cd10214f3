/*
 * Programs for remote support and their makers' servers, and resolvers that answer over encrypted
 * connections: harmless where the office wants them, an intruder's way where nobody knows of them.
 * Pure.
 */
#pragma once

#include <stdbool.h>

/* "teamviewer" …: whose server `host` (lower case) is, or NULL. */
const char *remote_tool_of(const char *host);

/* A server of DNS over HTTPS or TLS. */
bool is_encrypted_resolver(const char *host);

/* For a test: the tables are searched by halves. */
bool remote_tools_are_sorted(void);
