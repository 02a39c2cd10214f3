/*
 * HASSH (Salesforce, 2018): what an SSH client or server offers for the direction in which it
 * speaks, as the MD5 of "kex;encryption;mac;compression".
 */
#pragma once

#include "dissectors/ssh.h"
#include "sensor/hello/fingerprint.h"

void hassh_of_client(const struct ssh_kexinit *kexinit, char out[static FINGERPRINT_MD5_SIZE]);
void hassh_of_server(const struct ssh_kexinit *kexinit, char out[static FINGERPRINT_MD5_SIZE]);
