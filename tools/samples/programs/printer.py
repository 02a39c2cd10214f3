# SPDX-License-Identifier: Apache-2.0
"""A printer: swallows jobs on port 9100 and answers a status page over HTTP on 631."""
import http.server
import socketserver
import threading


class Job(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.settimeout(20)
        while self.request.recv(4096):
            pass
        self.request.sendall(b"\x1b%-12345X@PJL USTATUS JOB\r\nEND\r\n")


class Status(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"<html><title>LaserJet</title>ready</html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


threading.Thread(target=Server(("", 9100), Job).serve_forever, daemon=True).start()
Server(("", 631), Status).serve_forever()
