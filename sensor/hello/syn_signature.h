/* The SYN of TCP (RFC 9293; options RFC 7323, 2018, 7413, 3168) over IP: which stack sent it. */
/*
 * Makes a line of text of how a client's stack opens a connection: what its kernel chose, not what
 * the user asked for, so that two devices of one kind give one text. The wording is our own:
 *
 *   ip4 ttl64 df win64240=44mss mss1460 ws7 opts=mss,sack,ts,nop,ws quirks=ecn
 *
 *   ip4 ip6    version
 *   ttl        as it left: rounded up to 32, 64, 128 or 255, which hosts begin with
 *   df         IPv4 may not be fragmented
 *   win        window, with what multiple of the segment size it is when it is one
 *   mss ws     values of these options, when they are there
 *   opts       all options in order: mss nop ws sack sackdata ts tfo mptcp md5 ao exp eol, others
 *              as oNN; "none"
 *   quirks     left out when there are none. Of IP: ipopt (options or extension headers), id0
 * (IPv4's id is 0), flow (IPv6 has a flow label), ect (marked for ECN). Of TCP: seq0, ack (a number
 * although nothing is acknowledged), urg (flag or pointer), psh, ecn (both flags of RFC 3168),
 * ecnodd (one of them), ns (flags beyond), data. Of options: ts0 (own time stamp 0), tsecho
 * (another's is not), pad (bytes behind the end that are not 0), len (one of a wrong length), bad
 * (one past the end)
 *
 * Skipped: addresses, ports, checksums, the sequence number, type of service but ECN.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

/* For forty options of one byte, all values at their longest and all quirks; with the NUL. */
enum { SYN_SIGNATURE_LEN = 384 };

/*
 * `ip` begins with the IP header, as struct packet's does. DISSECT_OTHER when it holds no TCP, no
 * SYN, one with an ACK, RST or FIN, or a later fragment; DISSECT_TRUNCATED when it ends before the
 * TCP options do; DISSECT_MALFORMED for header lengths that cannot be. `out` is set only on
 * DISSECT_OK: printable ASCII, NUL-terminated.
 */
MUST_USE enum dissect syn_signature_read(struct span ip, char out[static SYN_SIGNATURE_LEN]);
