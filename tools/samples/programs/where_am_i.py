# SPDX-License-Identifier: Apache-2.0
"""
A program that asks a service which address it comes from, and gives no name of its own.
usage: NAME
"""
import http.client
import sys

service = http.client.HTTPConnection(sys.argv[1], timeout=10)
service.putrequest("GET", "/", skip_accept_encoding=True)
service.endheaders()
service.getresponse().read()
