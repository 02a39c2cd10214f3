# SPDX-License-Identifier: Apache-2.0
"""
An office whose line to its rangers is an MQTT broker: Mosquitto, or a cluster of three NATS servers, on free ports of
loopback; the courier and the desk themselves; cases as the sensor writes them. All is ended by process id.
"""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request

PATIENCE = 90  # seconds for what is to arrive


def free_ports(count):
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in servers]
    for server in servers:
        server.close()
    return ports


def wait_until(is_so, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.2)
    return is_so()


def listens(port):
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    return False


def find(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


class Process:
    """A program that can be killed and started again; what it says goes to a file."""

    def __init__(self, folder, name, *words):
        self.words = [str(word) for word in words]
        self.log = pathlib.Path(folder) / f"{name}.log"
        self.process = None

    def start(self):
        with self.log.open("a") as log:
            self.process = subprocess.Popen(self.words, stdout=log, stderr=log)
        return self

    def end(self, number=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            os.kill(self.process.pid, number)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                os.kill(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def said(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class Mosquitto(Process):
    def __init__(self, folder, *lines, password=True, tls=None):
        folder = pathlib.Path(folder)
        (self.port,) = free_ports(1)
        data = folder / "broker"
        data.mkdir()
        text = [f"listener {self.port} 127.0.0.1", "persistence true", f"persistence_location {data}/",
                "autosave_interval 1", "autosave_on_changes true", "max_queued_messages 0", *lines]
        if os.geteuid() == 0:
            text.append("user root")
        if password:
            users = folder / "users"
            users.write_text("courier:right\ndesk:right\n")
            subprocess.run([find("mosquitto_passwd"), "-U", users], check=True, capture_output=True, timeout=30)
            text += ["allow_anonymous false", f"password_file {users}"]
        else:
            text.append("allow_anonymous true")
        if tls:
            authority, (certificate, key) = tls
            text += [f"cafile {authority}", f"certfile {certificate}", f"keyfile {key}", "require_certificate true"]
        path = folder / "mosquitto.conf"
        path.write_text("\n".join(text) + "\n")
        self.url = f"{'mqtts' if tls else 'mqtt'}://127.0.0.1:{self.port}"
        super().__init__(folder, "mosquitto", find("mosquitto"), "-c", path)

    def start(self):
        super().start()
        assert wait_until(lambda: listens(self.port), 20), self.said()
        return self


class Nats:
    """Three servers that hold each message three times; a client may lose any one."""

    def __init__(self, folder):
        ports = free_ports(9)
        routes = ", ".join(f'"nats-route://127.0.0.1:{port}"' for port in ports[3:6])
        self.urls, self.nodes, self.ports = [], [], ports[:3]
        self.monitors = ports[6:]
        clients = free_ports(3)
        for i in range(3):
            path = pathlib.Path(folder) / f"nats-{i}.conf"
            path.write_text(
                f'server_name: n{i}\nlisten: "127.0.0.1:{clients[i]}"\nhttp: "127.0.0.1:{self.monitors[i]}"\n'
                f'jetstream {{ store_dir: "{folder}/nats-{i}" }}\n'
                f'cluster {{ name: test, listen: "127.0.0.1:{ports[3 + i]}", routes: [{routes}] }}\n'
                f'mqtt {{ listen: "127.0.0.1:{ports[i]}" }}\n')
            self.urls.append(f"mqtt://127.0.0.1:{ports[i]}")
            self.nodes.append(Process(folder, f"nats-{i}", find("nats-server"), "-c", path))

    def leader(self, monitor):
        with contextlib.suppress(OSError, ValueError, KeyError):
            with urllib.request.urlopen(f"http://127.0.0.1:{monitor}/jsz", timeout=5) as answer:
                return json.load(answer)["meta_cluster"]["leader"]
        return None

    def start(self):
        for node in self.nodes:
            node.start()
        assert wait_until(lambda: all(map(self.leader, self.monitors)), 60), self.nodes[0].said()[-2000:]
        return self

    def said(self):
        return "".join(node.said()[-2000:] for node in self.nodes)

    def end(self):
        for node in self.nodes:
            node.end(signal.SIGKILL)


class Office:
    def __init__(self, programs, folder, *, user=None, version="3.1.1", **mqtt):
        self.programs, self.folder = programs, pathlib.Path(folder)
        self.sensor = None
        for name in ("state", "courier", "desk"):
            (self.folder / name).mkdir()
        self.listen, self.page = free_ports(2)
        self.config = self.folder / "hinomi.yaml"
        self.secret = self.folder / "secret"
        if user:
            self.secret.write_text(f"{user}\n")
            mqtt["secret"] = self.secret
        mqtt["version"] = f"'{version}'"
        self.config.write_text(
            f"store:\n  folder: {self.folder}/state\ncourier:\n  folder: {self.folder}/courier\n  user: ''\n  canary: 0s\n  size: 1G\n"
            "mqtt:\n" + "".join(f"  {name}: {value}\n" for name, value in mqtt.items()))
        self.desk = self.courier = None

    def start_desk(self, url, *words):
        self.desk = Process(self.folder, "desk", self.programs["desk"], "--folder", self.folder / "desk", "--listen",
                            f"127.0.0.1:{self.listen}", "--page", f"127.0.0.1:{self.page}", "--mqtt", url, *words)
        self.start_desk_again()

    def start_desk_again(self):
        self.desk.start()
        assert wait_until(lambda: listens(self.page), 20), self.desk.said()

    def enrol(self):
        """By HTTP: a code is typed where people are."""
        code = subprocess.run([self.programs["desk"], "code", "--folder", self.folder / "desk", "--office", "Office 7"],
                              capture_output=True, text=True, check=True, timeout=60).stdout.split()[-1]
        done = subprocess.run([self.programs["courier"], "enrol", "--config", self.config, "--url",
                               f"http://127.0.0.1:{self.listen}/", "--code", code],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        self.sensor = json.loads(self.ask("/v1/desk/sensors"))["sensors"][0]["sensor"]
        # The desk moves away from there, or all would come by HTTP, which enrolment set up.
        self.desk.end()
        (self.listen,) = free_ports(1)
        self.desk.words[self.desk.words.index("--listen") + 1] = f"127.0.0.1:{self.listen}"
        self.start_desk_again()

    def start_courier(self):
        self.courier = Process(self.folder, "courier", self.programs["courier"], "run", "--config", self.config).start()

    def write(self, cases, revisions=1, pause=0):
        subprocess.run([self.programs["writer"], self.folder / "state", self.programs["template"], str(cases),
                        str(revisions), str(pause)], check=True, stdout=subprocess.DEVNULL, timeout=120)

    def start_writing(self, cases, revisions, pause):
        return Process(self.folder, "writer", self.programs["writer"], self.folder / "state", self.programs["template"],
                       cases, revisions, pause).start()

    def ask(self, path, body=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.page}{path}",
                                         data=json.dumps(body).encode() if body else None,
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    def produced(self):
        with contextlib.closing(sqlite3.connect(f"file:{self.folder}/state/cases.db?mode=ro", uri=True, timeout=10)) as db:
            return dict(db.execute("SELECT id, revision FROM cases"))

    def parcels(self):
        return [json.loads(line) for line in self.ask(f"/v1/desk/stream?sensor={self.sensor}").splitlines()]

    def held(self):
        latest = {}
        for parcel in self.parcels():
            if parcel["kind"] == "case":
                latest[parcel["key"]] = max(latest.get(parcel["key"], 0), parcel["revision"])
        return latest

    def check(self, seconds=PATIENCE):
        """All that was produced arrives, once, and its streams are whole."""
        wait_until(lambda: self.held() == self.produced(), seconds)
        held, produced = self.held(), self.produced()
        assert held == produced, (f"{len(held)} of {len(produced)} cases", self.said())
        parcels = self.parcels()
        places = {(p["stream"], p["sequence"]) for p in parcels}
        states = {(p["key"], p["revision"]) for p in parcels if p["kind"] == "case"}
        assert len(places) == len(parcels), "a place in a stream was stored twice"
        assert len(states) == sum(p["kind"] == "case" for p in parcels), "a state came under two numbers"
        stream = self.folder / "stream.jsonl"
        stream.write_text("".join(json.dumps(p) + "\n" for p in parcels))
        keys = json.loads(self.ask(f"/v1/desk/keys?sensor={self.sensor}"))["keys"]
        done = subprocess.run([self.programs["hinomi"], "verify", stream, "--key",
                               ",".join(key["public_key"] for key in keys)],
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return len(parcels)

    def said(self):
        return "".join(f"--- {p.log.name}\n{p.said()[-6000:]}" for p in (self.courier, self.desk) if p)

    def end(self):
        for process in (self.courier, self.desk):
            if process:
                process.end()
