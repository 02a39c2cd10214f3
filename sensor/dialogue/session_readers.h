/* The readers of sessions, one file each (read_*.c). */
#pragma once

#include "sensor/dialogue/session_reader.h"
#include "sensor/dialogue/tls_words.h"

extern const struct session_reader session_reader_tls;
extern const struct session_reader session_reader_http;
extern const struct session_reader session_reader_dns;
extern const struct session_reader session_reader_ssh;
extern const struct session_reader session_reader_openvpn;
extern const struct session_reader session_reader_smtp;
extern const struct session_reader session_reader_ftp;
extern const struct session_reader session_reader_imap;
extern const struct session_reader session_reader_pop3;
extern const struct session_reader session_reader_socks;
extern const struct session_reader session_reader_rdp;
extern const struct session_reader session_reader_mqtt;
extern const struct session_reader session_reader_vnc;
extern const struct session_reader session_reader_modbus;
extern const struct session_reader session_reader_telnet;
extern const struct session_reader session_reader_smb;
extern const struct session_reader session_reader_kerberos;
extern const struct session_reader session_reader_ldap;
extern const struct session_reader session_reader_dcerpc;

/* All of them, in the order in which they are asked. */
extern const struct session_reader *const session_readers[];
extern const size_t session_readers_count;

/* What session_reader_tls reads, on another carrier: records of TLS in order. */
struct reading session_read_tls(struct session_turn *turn, enum tls_transport transport);
