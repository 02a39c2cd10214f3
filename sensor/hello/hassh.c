#include "sensor/hello/hassh.h"

enum { LISTS = 4 };

void hassh_of_client(const struct ssh_kexinit *kexinit, char out[static FINGERPRINT_MD5_SIZE])
{
	const struct span lists[LISTS] = { kexinit->kex, kexinit->encryption_to_server,
					   kexinit->mac_to_server, kexinit->compression_to_server };

	fingerprint_md5(lists, LISTS, ';', out);
}

void hassh_of_server(const struct ssh_kexinit *kexinit, char out[static FINGERPRINT_MD5_SIZE])
{
	const struct span lists[LISTS] = { kexinit->kex, kexinit->encryption_to_client,
					   kexinit->mac_to_client, kexinit->compression_to_client };

	fingerprint_md5(lists, LISTS, ';', out);
}
