#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The sensors' door with TLS: the desk's certificate, clients' certificates, no plain HTTP.

Usage: test_tls.py HINOMI-DESK
"""
import http.client
import json
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile

import desk_under_test
from desk_under_test import Desk, expect, tls_context


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=60)


def authority(folder, name):
    openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            f"{name}.key", "-out", f"{name}.pem", "-days", "2", "-subj", f"/CN={name}")


def certificate(folder, signer, file, name, purpose):
    openssl(folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{file}.key",
            "-out", f"{file}.csr", "-subj", f"/CN={name}")
    pathlib.Path(folder, "ext").write_text(f"subjectAltName=IP:127.0.0.1\nextendedKeyUsage={purpose}\n")
    openssl(folder, "x509", "-req", "-in", f"{file}.csr", "-CA", f"{signer}.pem", "-CAkey", f"{signer}.key",
            "-CAcreateserial", "-days", "2", "-extfile", "ext", "-out", f"{file}.pem")


def status(desk, s, context, headers=None):
    desk.context = context
    try:
        return desk.ask("POST", "/v1/parcels", json.dumps({"schema": "hinomi.batch/1", "sensor": s.name, "parcels": [s.parcel(signer="00" * 8)]}),
                        s.headers() if headers is None else headers)[0]
    except (OSError, http.client.HTTPException):
        return "refused"


def main():
    if not shutil.which("openssl"):
        print("skipped: needs openssl")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        file = lambda name: str(pathlib.Path(folder, name))
        for name in ("rangers", "strangers"):
            authority(folder, name)
        certificate(folder, "rangers", "desk", "desk", "serverAuth")
        tls = ["--certificate", file("desk.pem"), "--key", file("desk.key")]
        pinned = tls_context(file("rangers.pem"))
        with Desk(sys.argv[1], None, *tls) as desk:
            desk.context = pinned
            s = desk.enrol()
            expect("over TLS", s.words(s.parcel()) == ["stored"])
            expect("who trusts another authority goes", status(desk, s, tls_context(file("strangers.pem"))) == "refused")
            old = tls_context(file("rangers.pem"))
            old.maximum_version = ssl.TLSVersion.TLSv1_2
            expect("TLS 1.2", status(desk, s, old) == 200)
            expect("no plain HTTP", status(desk, s, None) == "refused")
        with Desk(sys.argv[1], None, *tls, "--client-authority", file("rangers.pem")) as desk:
            desk.context = pinned
            s, other = desk.enrol(), desk.enrol()
            for signer, name, owner in (("rangers", "mine", s.name), ("strangers", "forged", s.name),
                                        ("rangers", "nobodys", "s-nobody")):
                certificate(folder, signer, name, owner, "clientAuth")
            known = lambda name: tls_context(file("rangers.pem"), file(f"{name}.pem"), file(f"{name}.key"))
            expect("without a certificate", status(desk, s, pinned) == 401)
            expect("with one of one's own, a token too", status(desk, s, known("mine")) == 200)
            expect("without the token", status(desk, s, known("mine"), {"X": "y"}) == 200)
            expect("not for another sensor", status(desk, other, known("mine"), {"X": "y"}) == 403)
            expect("not by another authority's", status(desk, s, known("forged"), {"X": "y"}) in (401, "refused"))
            expect("not in a name that nobody has", status(desk, s, known("nobodys"), {"X": "y"}) == 401)
            desk.page("/v1/desk/revoke", {"sensor": s.name})
            expect("not when revoked", status(desk, s, known("mine"), {"X": "y"}) == 403)
        done = subprocess.run([sys.argv[1], "--folder", folder, "--listen", "127.0.0.1:0", "--page", "127.0.0.1:0",
                               "--certificate", file("desk.pem"), "--key", file("rangers.key")], capture_output=True,
                              text=True, timeout=20)
        expect("a key that is not the certificate's", done.returncode == 1 and "belong together" in done.stderr, done)
    return 1 if desk_under_test.failures else 0


sys.exit(main())
