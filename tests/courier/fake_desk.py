# SPDX-License-Identifier: Apache-2.0
"""
The other side of an HTTPS line for tests: a server that answers each request by a function of the
test's, well or badly; certificates made by openssl; a proxy that knows CONNECT.
"""
import contextlib
import gzip
import http.server
import json
import pathlib
import socket
import ssl
import subprocess
import threading


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=60)


class Certificates:
    """An authority and what it signs, as files in a folder."""

    def __init__(self, folder, name="authority"):
        self.folder = pathlib.Path(folder)
        self.name = name
        openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "30", "-subj", f"/CN=Test {name}")
        self.file = self.folder / f"{name}.pem"

    def sign(self, name, alternative="IP:127.0.0.1,IP:::1,DNS:localhost", days="30", usage="serverAuth"):
        openssl(self.folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        extra = self.folder / f"{name}.ext"
        extra.write_text(f"subjectAltName={alternative}\nextendedKeyUsage={usage}\n")
        openssl(self.folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{self.name}.pem", "-CAkey",
                f"{self.name}.key", "-CAcreateserial", "-days", days, "-extfile", extra.name, "-out", f"{name}.pem")
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address, handler, family, context):
        self.address_family = family
        self.context = context
        super().__init__(address, handler)

    def server_bind(self):
        # What is not read must not fit into the kernel's buffers.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 17)
        super().server_bind()

    def finish_request(self, request, client_address):
        if self.context:
            try:
                request.settimeout(30)
                request = self.context.wrap_socket(request, server_side=True)
            except (OSError, ssl.SSLError):
                return
        try:
            super().finish_request(request, client_address)
        finally:
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)
            request.close()

    def handle_error(self, request, client_address):
        pass


class Request:
    """What was asked: method, path, headers, the body as JSON where it is."""

    def __init__(self, handler, raw):
        self.method = handler.command
        self.path = handler.path
        self.headers = handler.headers
        self.raw = raw
        text = gzip.decompress(raw) if handler.headers.get("Content-Encoding") == "gzip" else raw
        self.json = json.loads(text) if text else None


class Desk:
    """`answer(request)` gives (status, headers, body): a body is bytes, or an object for JSON; None hangs up."""

    def __init__(self, answer, certificate=None, client_authority=None, host="127.0.0.1"):
        self.answer = answer
        self.requests = []
        self.deaf = 0  # so many requests are not read, and not answered
        self.heard = threading.Event()
        self.connections = set()
        context = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*map(str, certificate))
            if client_authority:
                context.verify_mode = ssl.CERT_REQUIRED
                context.load_verify_locations(str(client_authority))
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.server = Server((host, 0), self.handler(), family, context)
        self.port = self.server.server_address[1]
        name = f"[{host}]" if ":" in host else host
        self.url = f"{'https' if context else 'http'}://{name}:{self.port}/"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def handler(desk):  # pylint: disable=no-self-argument
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def take(self):
                if desk.deaf > 0:
                    desk.deaf -= 1
                    desk.heard.wait(60)
                    self.close_connection = True
                    return
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = Request(self, raw)
                desk.requests.append(request)
                desk.connections.add(self.client_address)
                given = desk.answer(request)
                if given is None:
                    self.close_connection = True
                    return
                status, headers, body = given
                if not isinstance(body, bytes):
                    body = json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                if "Content-Length" in headers:  # a lie about it
                    self.close_connection = True

            do_GET = do_POST = take

            def log_message(self, *_):
                pass

        return Handler

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def replies(request, status="stored", orders=False, count=None):
    parcels = request.json["parcels"][:count]
    return {"schema": "hinomi.replies/1",
            "replies": [{"stream": p["stream"], "sequence": p["sequence"], "status": status} for p in parcels],
            "heads": {"routine": {"sequence": parcels[-1]["sequence"], "chain": "ab" * 32}}, "orders": orders}


def stores(request):
    return 200, {}, replies(request)


class Proxy:
    """HTTP CONNECT alone; `status` other than 200 refuses."""

    def __init__(self, status=200):
        self.status = status
        self.asked = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self.tunnel, args=(client,), daemon=True).start()

    def tunnel(self, client):
        head = b""
        with contextlib.suppress(OSError), client:
            while b"\r\n\r\n" not in head:
                head += client.recv(4096)
            method, target, _ = head.split(b"\r\n")[0].decode().split()
            self.asked.append((method, target, head.decode()))
            client.sendall(f"HTTP/1.1 {self.status} As asked\r\nContent-Length: 0\r\n\r\n".encode()
                           if self.status != 200 else b"HTTP/1.1 200 Go on\r\n\r\n")
            if self.status != 200:
                return
            host, port = target.rsplit(":", 1)
            with socket.create_connection((host.strip("[]"), int(port)), timeout=10) as other:
                threading.Thread(target=self.copy, args=(client, other), daemon=True).start()
                self.copy(other, client)

    @staticmethod
    def copy(source, to):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                to.sendall(data)
            to.shutdown(socket.SHUT_WR)

    def stop(self):
        self.listener.close()
