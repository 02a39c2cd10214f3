/* Keys from files. Each false comes after one line on standard error. */
#pragma once

#include "sensor/sign/minisign.h"

/* A public key's file, or the key itself as one word. */
bool intel_read_public(const char *path, struct sign_public *out);

/* The secret is the caller's to wipe by sign_forget(). */
bool intel_read_secret(const char *path, struct sign_secret *out);
