#include "sensor/dialogue/session_readers.h"

const struct session_reader *const session_readers[] = {
	/* The most frequent first. */
	&session_reader_tls,
	&session_reader_http,
	/* Known by what they begin with. */
	&session_reader_smb,
	&session_reader_ssh,
	&session_reader_ldap,
	&session_reader_kerberos,
	&session_reader_dcerpc,
	&session_reader_rdp,
	&session_reader_vnc,
	&session_reader_mqtt,
	&session_reader_modbus,
	&session_reader_socks,
	&session_reader_openvpn,
	&session_reader_telnet,
	/* Known with the help of their ports. */
	&session_reader_smtp,
	&session_reader_ftp,
	&session_reader_imap,
	&session_reader_pop3,
	&session_reader_dns,
};
const size_t session_readers_count = sizeof(session_readers) / sizeof(session_readers[0]);
