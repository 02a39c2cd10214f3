# SPDX-License-Identifier: Apache-2.0
"""
A program that calls home over HTTPS: the same small request each time, over a new connection.

usage: NAME CA PERIOD_SECONDS JITTER SEED SECONDS, where JITTER 0.2 means up to 20 % either way.
"""
import http.client
import random
import ssl
import sys
import time

name, authority = sys.argv[1:3]
period, jitter, seed, seconds = map(float, sys.argv[3:7])
dice = random.Random(seed)
context = ssl.create_default_context(cafile=authority)
end = time.monotonic() + seconds
while time.monotonic() < end:
    home = http.client.HTTPSConnection(name, context=context, timeout=10)
    home.request("POST", "/check", body=bytes(96), headers={"User-Agent": "Mozilla/4.0"})
    home.getresponse().read()
    home.close()
    time.sleep(period * dice.uniform(1 - jitter, 1 + jitter))
