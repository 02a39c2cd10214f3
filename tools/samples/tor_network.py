# SPDX-License-Identifier: Apache-2.0
"""
A Tor network of its own inside the box (real tor): one authority, which is a relay too, and others.

A network for tests: its relays vote every few seconds, and believe that they can be reached.
"""
import subprocess

RELAYS = [f"203.0.113.{last}" for last in (141, 142, 143, 144, 145)]
OR_PORT, DIR_PORT, SOCKS_PORT = 9001, 9030, 9050
TESTING = """TestingTorNetwork 1
AssumeReachable 1
RunAsDaemon 0
ShutdownWaitLength 0
Log notice stdout
"""
VOTING = """AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
ContactInfo nobody@example.org
V3AuthVotingInterval 20
V3AuthVoteDelay 4
V3AuthDistDelay 4
TestingV3AuthInitialVotingInterval 20
TestingV3AuthInitialVoteDelay 4
TestingV3AuthInitialDistDelay 4
TestingDirAuthVoteExit *
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
TestingMinExitFlagThreshold 0
"""
# Circuits and cells that are only for training or cover would make the capture large.
LEAN = """ConnectionPadding 0
CircuitPadding 0
LearnCircuitBuildTimeout 0
"""


def relay_lines(folder, number, address):
    return (f"Nickname relay{number}\nDataDirectory {folder}\nAddress {address}\n"
            f"ORPort {address}:{OR_PORT}\nDirPort {address}:{DIR_PORT}\n"
            f"SocksPort 0\nExitRelay 1\nExitPolicy accept *:*\nOutboundBindAddress {address}\n")


def make_authority(folder, address):
    """Its keys; returns the line by which the others know it."""
    keys = folder / "keys"
    keys.mkdir(parents=True, mode=0o700)
    folder.chmod(0o700)
    subprocess.run(["tor-gencert", "--create-identity-key", "-m", "12", "-a", f"{address}:{DIR_PORT}",
                    "-i", keys / "authority_identity_key", "-s", keys / "authority_signing_key",
                    "-c", keys / "authority_certificate", "--passphrase-fd", "0"],
                   input=b"sample-only\n", check=True, capture_output=True)
    path = folder / "torrc-first"
    path.write_text(TESTING + relay_lines(folder, 0, address) +
                    f"DirAuthority nobody {address}:{DIR_PORT} {'F' * 40}\n")
    told = subprocess.run(["tor", "-f", path, "--list-fingerprint", "--quiet"], check=True,
                          capture_output=True, text=True).stdout
    certificate = (keys / "authority_certificate").read_text().split()
    identity = certificate[certificate.index("fingerprint") + 1]
    return (f"DirAuthority relay0 orport={OR_PORT} v3ident={identity} {address}:{DIR_PORT} "
            f"{''.join(told.split()[1:])}\n")


def start(office):
    """The relays; a client finds them all after half a minute or so."""
    folder = office.folder / "tor"
    authority = make_authority(folder / "relay0", RELAYS[0])
    (folder / "authority").write_text(authority)
    for number, address in enumerate(RELAYS):
        own = folder / f"relay{number}"
        own.mkdir(mode=0o700, exist_ok=True)
        path = folder / f"torrc{number}"
        path.write_text(TESTING + authority + relay_lines(own, number, address) +
                        (VOTING if number == 0 else ""))
        office.start("internet", "tor", "-f", str(path))


def join(office, host):
    """A client, whose programs speak to it on its own SOCKS_PORT."""
    folder = office.folder / "tor"
    path = folder / f"torrc-{host}"
    path.write_text(TESTING + (folder / "authority").read_text() +
                    f"DataDirectory {folder}/{host}\nSocksPort {SOCKS_PORT}\n" + LEAN)
    return office.start(host, "tor", "-f", str(path))


def fetch(office, host, url):
    office.run(host, "curl", "-sS", "-q", "-k", "-m", "40", "-o", "/dev/null", "--socks5-hostname",
               f"127.0.0.1:{SOCKS_PORT}", url, seconds=50)
