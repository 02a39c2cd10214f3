# SPDX-License-Identifier: Apache-2.0
"""Stores a file by FTP; first looks what is there if asked to. usage: NAME FILE KILOBYTES [look]"""
import ftplib
import io
import random
import sys

name, file, kilobytes = sys.argv[1:4]
with ftplib.FTP(name, "box@provider.example", "sample-only", timeout=15) as ftp:
    if len(sys.argv) > 4:
        ftp.cwd("/www")
        ftp.retrlines("LIST", lambda line: None)
    ftp.storbinary("STOR " + file, io.BytesIO(random.randbytes(int(kilobytes) * 1024)),
                   blocksize=65536)
