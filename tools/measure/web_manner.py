#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How programs speak HTTP and TLS in captures: what odd_http, download and odd_tls rest on.

Usage: web_manner.py HINOMI BENIGN_FOLDER MALICIOUS_FOLDER   (folders of captures, looked through)

For each sign: in how many captures, and by how many pairs of a client and a web server (or TLS
server) outside, it was seen; in both folders, with the ratio of the shares of pairs. Servers at
private addresses are left out, as are requests through proxies and certificate checks.
"""
import collections
import concurrent.futures
import ipaddress
import json
import pathlib
import re
import subprocess
import sys

CAPTURES = (".pcap", ".pcapng", ".cap", ".gz", ".zst")
COMPUTER = re.compile(r"Windows NT|MSIE |Macintosh|X11;")
PHONE = re.compile(r"Android|iPhone|iPad|Mobile")
TOOL = re.compile(r"curl|wget|python|powershell|winhttp|certutil|java/|libwww|go-http", re.I)
SEVERAL = 3


def is_outside(address):
    return ipaddress.ip_address(address).is_global


def host_of(request):
    host = request.get("host", "")
    try:
        ipaddress.ip_address(host.rsplit(":", 1)[0].strip("[]"))
        return ""
    except ValueError:
        return host


def request_signs(request):
    agent = request.get("user_agent", "")
    speaks_like_one = "accept_language" in request or "accept_encoding" in request
    if not agent:
        yield "no agent"
    elif TOOL.search(agent):
        yield "a tool's agent"
    elif re.match(r"""["']|Mozilla/(?![45]\.0\b)""", agent):
        yield "a browser that never was"
    elif COMPUTER.search(agent) and not PHONE.search(agent) and not speaks_like_one:
        yield "a false browser"
    if len(re.findall(r"[|\\<^]", agent)) >= SEVERAL:
        yield "an agent of fields"
    if not host_of(request):
        yield "host is an address"
    if request["method"] in ("POST", "PUT") and "cookies" not in request and \
            ("referer" not in request or not speaks_like_one):
        yield "a bare post"
    if request["server_port"] in (443, 8443):
        yield "plain on a port of TLS"
    elif request["server_port"] not in (80, 8080, 8000, 8008, 8888, 3128, 81):
        yield "an odd port"


def certificate_signs(certificate, names):
    if certificate.get("self_issued"):
        yield "own certificate"
    if not certificate.get("subject_organisation") and not certificate.get("names") and \
            (" " in certificate.get("subject", "") or "." not in certificate.get("subject", "")):
        yield "subject is no host"
    if names is None:
        yield "no SNI"


def signs_of(hinomi, capture):
    """Of each (client, server, port): its signs, and the kinds 'http' and 'tls' for all."""
    done = subprocess.run([hinomi, "read", "--facts", "--quiet", "--workers", "0", capture],
                          capture_output=True, timeout=600)
    seen = collections.defaultdict(set)
    sni = {}
    for line in done.stdout.splitlines():
        fact = json.loads(line)
        name = fact.get("fact", "")
        if not name.startswith(("http.", "tls.")) or not is_outside(fact["server"]):
            continue
        pair = seen[(fact["client"], fact["server"], fact["server_port"])]
        if name == "http.request" and "target_host" not in fact and \
                "ocsp" not in fact.get("content_type", "") and \
                "CryptoAPI" not in fact.get("user_agent", ""):
            pair.add("http")
            pair.update(request_signs(fact))
        elif name == "http.body" and fact.get("mismatch"):
            pair.add("a body of another type")
        elif name == "http.body" and fact.get("file_kind") == "pe-text":
            pair.add("a program as text")
        elif name == "tls.client_hello":
            sni[fact["flow"]] = fact.get("sni")
        elif name == "tls.certificate" and fact.get("from") == "server" and not fact["chain_place"]:
            pair.add("tls")
            pair.update(certificate_signs(fact, sni.get(fact["flow"], "")))
    return seen


def count(hinomi, folder):
    captures = [path for path in sorted(pathlib.Path(folder).rglob("*"))
                if path.suffix in CAPTURES]
    pairs = collections.Counter()
    files = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for seen in pool.map(lambda path: signs_of(hinomi, path), captures):
            files.update(set().union(*seen.values()))
            for signs in seen.values():
                pairs.update(signs)
    return pairs, files


def main():
    hinomi, benign, malicious = sys.argv[1:]
    (good, good_files), (bad, bad_files) = count(hinomi, benign), count(hinomi, malicious)
    print(f'{"sign":26} {"benign":>14} {"malicious":>14}  ratio of shares')
    for sign in sorted(set(good) | set(bad), key=lambda sign: -bad[sign]):
        of = "tls" if sign in ("tls", "own certificate", "subject is no host", "no SNI") else "http"
        # One more on each side, so that none is divided by nothing.
        ratio = ((bad[sign] + 1) / (bad[of] + 2)) / ((good[sign] + 1) / (good[of] + 2))
        print(f"{sign:26} {good[sign]:5} in {good_files[sign]:3} f {bad[sign]:5} in "
              f"{bad_files[sign]:3} f  {ratio:6.1f}")


if __name__ == "__main__":
    main()
