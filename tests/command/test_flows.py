#!/usr/bin/env python3
"""`hinomi flows` as a person meets it, beside a `hinomi read` that is fed through a pipe.

Usage: test_flows.py HINOMI
"""
import contextlib
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time

DONE, FAILED, USAGE = 0, 1, 2
PATIENCE = 30
START = 1_790_000_000
SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "sensor/app"
# Frames wait for others before they are looked at; so many behind the last one push it through.
PUSH = 256
ESCAPES = re.compile(r"\x1b\[[?0-9]*[A-Za-z]")

failures = 0


def expect(what, is_so, shown=""):
    global failures
    if not is_so:
        failures += 1
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}")


def flows(*arguments, **more):
    return subprocess.run([HINOMI, "flows", *arguments], capture_output=True, timeout=PATIENCE, **more)


def expect_error(what, done, code, *words):
    told = done.stderr.decode()
    expect(what, done.returncode == code and told.count("\n") == 1 and not done.stdout
           and all(word in told for word in words), (done.returncode, told, done.stdout[:200]))


def record(seconds, frame):
    whole, fraction = divmod(round(seconds * 1e6), 10**6)
    return struct.pack("<IIII", whole, fraction, len(frame), len(frame)) + frame


def frame(source, destination, protocol, segment):
    if ":" in source:
        ethertype = 0x86DD
        header = struct.pack("!IHBB", 6 << 28, len(segment), protocol, 64) + b"".join(
            socket.inet_pton(socket.AF_INET6, a) for a in (source, destination))
    else:
        ethertype = 0x0800
        frame.id = (frame.id + 1) % 65535
        header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), frame.id + 1, 0, 64, protocol, 0)
        header += socket.inet_aton(source) + socket.inet_aton(destination)
    return bytes.fromhex("020000000002 020000000001") + struct.pack("!H", ethertype) + header + segment


frame.id = 0


def tcp(source, sport, destination, dport, flags, sequence, payload=b""):
    header = struct.pack("!HHIIBBHHH", sport, dport, sequence, 0, 5 << 4, flags, 65535, 0, 0)
    return frame(source, destination, 6, header + payload)


def udp(source, sport, destination, dport, payload):
    return frame(source, destination, 17, struct.pack("!HHHH", sport, dport, 8 + len(payload), 0) + payload)


def client_hello(name):
    server_name = struct.pack("!HHHBH", 0, len(name) + 5, len(name) + 3, 0, len(name)) + name
    body = bytes.fromhex("0303") + bytes(32) + b"\0" + bytes.fromhex("0002 1301 0100")
    body += struct.pack("!H", len(server_name)) + server_name
    hello = b"\x01" + struct.pack("!I", len(body))[1:] + body
    return b"\x16\x03\x01" + struct.pack("!H", len(hello)) + hello


def opening(at):
    """A web flow of 100 s, a query answered 10 s ago, an IPv6 flow, a SYN that nobody answers."""
    client, server = "10.0.0.5", "192.0.2.1"
    hello = client_hello(b"shop.example")
    yield record(at, tcp(client, 50000, server, 443, 0x02, 100))
    yield record(at + 0.1, tcp(server, 443, client, 50000, 0x12, 900))
    yield record(at + 0.2, tcp(client, 50000, server, 443, 0x18, 101, hello))
    yield record(at + 20, tcp(server, 443, client, 50000, 0x18, 901, bytes(1000)))
    yield record(at + 90, udp(client, 40000, "10.0.0.1", 53, bytes.fromhex(
        "0001 0100 0001 0000 0000 0000 01 61 00 0001 0001")))
    yield record(at + 90, udp("10.0.0.1", 53, client, 40000, bytes.fromhex(
        "0001 8180 0001 0000 0000 0000 01 61 00 0001 0001")))
    yield record(at + 95, udp("2001:db8::5", 41000, "2001:db8:1::1", 4500, bytes(300)))
    yield record(at + 98, tcp("10.0.0.6", 51000, server, 22, 0x02, 100))
    yield from pushing(at + 100)


def pushing(at):
    """One long flow of its own, so that it is told apart."""
    for i in range(PUSH):
        yield record(at, udp("10.0.0.9", 9000, "10.0.0.8", 9000, bytes([i]) * 100))


class Sensor:
    """A `hinomi read` that waits for more."""

    def __init__(self, table):
        self.process = subprocess.Popen(
            [HINOMI, "read", "--quiet", "--set", f"flow.shared={table}", "-"], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.table = str(table)
        self.feed([struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)])

    def feed(self, records):
        self.process.stdin.write(b"".join(records))
        self.process.stdin.flush()

    def json(self, *arguments):
        done = flows("--table", self.table, "--json", *arguments)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode != DONE or not lines:
            return None, done.stderr
        return lines[:-1], lines[-1]

    def await_(self, is_there):
        """Polls: the lanes name flows in a thread of their own."""
        for _ in range(PATIENCE * 10):
            live, summary = self.json()
            if live is not None and is_there(live):
                return True
            time.sleep(0.1)
        print("waited in vain:", live, summary)
        return False

    def end(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        return self.process.wait(PATIENCE)


def ports(live):
    return [flow.get("dest_port") for flow in live]


def port_of(live, port):
    return next(flow for flow in live if flow.get("dest_port") == port)


def test_usage():
    expect_error("an order we do not know", flows("--sort", "name"), USAGE, "--sort is bytes, rate or age")
    for limit in "0", "-1", "x", "1000001", "99999999999999999999":
        expect_error(f"limit {limit}", flows("--limit", limit), USAGE, "--limit is 1 to 1000000")
    for seconds in "0", "-1", "nan", "1x", "3601":
        expect_error(f"interval {seconds}", flows("--interval", seconds), USAGE, "--interval is 0.1 to 3600")
    expect_error("seconds", flows("--seconds", "never"), USAGE, "--seconds is 0.1 to 3600")
    expect_error("a filter without sense", flows("tcp", "prot", "443"), USAGE, "'tcp prot 443'",
                 "syntax error", "host 10.0.0.5 and tcp port 443")
    expect_error("a filter beyond a flow", flows("tcp[13] & 2 != 0"), USAGE, "bytes of a packet")
    expect_error("a filter that plays with the terminal", flows("tcp \x1b[31m"), USAGE, "'tcp \ufffd[31m'")
    expect_error("a filter without end", flows("tcp or " * 400 + "tcp"), USAGE, "longer than")
    told = flows("--help")
    expect("help", told.returncode == DONE and b"--table PATH" in told.stdout)


def test_tables(folder):
    expect_error("no table", flows("--table", str(folder / "none\x1b")), FAILED, "none\ufffd: no such table",
                 "flow.shared", "--table")
    (folder / "empty").write_bytes(b"")
    (folder / "text").write_text("this is no table\n" * 1000)
    for name in "empty", "text", "":
        done = flows("--table", str(folder / name))
        expect_error(f"a foreign table: {name or 'a folder'}", done, FAILED, "--table" if name else "")


def test_json(sensor):
    live, summary = sensor.json()
    expect("all of them, the greatest first", ports(live) == [9000, 443, 4500, 53, 22], ports(live))
    expect("and a line that accounts for them",
           (summary["schema"], summary["flows"], summary["matched"], summary["shown"], summary["busy"])
           == ("hinomi.live_summary/1", 5, 5, 5, 0), summary)
    web = port_of(live, 443)
    expect("its name is the lane's", web["hinomi"].get("name") == "shop.example", web)
    expect("its counters", (web["src_ip"], web["flow"]["pkts_toserver"], web["flow"]["bytes_toclient"])
           == ("10.0.0.5", 2, 1080), web)
    expect("its times are the packets'", (web["flow"]["age"], web["flow"]["idle"]) == (100, 80), web)
    expect("its rate is over its life", web["flow"]["bytes_per_second"] == round(
        (web["flow"]["bytes_toserver"] + 1080) / 20, 3), web)
    expect("states", [port_of(live, port)["flow"]["state"] for port in (443, 22)] == ["established", "new"])
    expect("the oldest first", ports(sensor.json("--sort", "age")[0]) == [443, 53, 4500, 22, 9000])
    expect("the fastest first", ports(sensor.json("--sort", "rate")[0])[0] == 9000)
    live, summary = sensor.json("--limit", "2")
    expect("no more than asked for", ports(live) == [9000, 443] and summary["matched"] == 5
           and summary["shown"] == 2, summary)


def test_filter(sensor):
    for words, want in ((["host 10.0.0.5 and tcp port 443"], [443]),
                        (["host", "10.0.0.5", "and", "not", "tcp"], [53]),
                        (["ip6"], [4500]), (["dst host 10.0.0.6"], [22]), (["port 1"], [])):
        live, summary = sensor.json(*words)
        expect(f"filter {' '.join(words)}", live is not None and ports(live) == want
               and summary["matched"] == len(want) and summary["flows"] == 5, summary)


def test_schema(sensor):
    try:
        import jsonschema
    except ImportError:
        print("skipped: python3-jsonschema is missing")
        return
    lines, summary = sensor.json("--seconds", "0.1")
    for line in [*lines, summary]:
        name = line["schema"].removeprefix("hinomi.").removesuffix("/1")
        schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
        wrong = [e.message for e in jsonschema.Draft202012Validator(schema).iter_errors(line)]
        expect(f"{name} fits its schema", not wrong, wrong)


def test_text(sensor):
    done = flows("--table", sensor.table, "--once")
    lines = done.stdout.decode().splitlines()
    expect("text", done.returncode == DONE and lines[0].startswith("5 flows live, by bytes, 2026-")
           and lines[1].split()[:4] == ["CLIENT", "SERVER", "PORT", "NAME"] and len(lines) == 7, lines)
    expect("a name and its address", any("192.0.2.1 " in l and "shop.example" in l for l in lines), lines)
    for stdout in "/dev/full", None:
        for form in "--once", "--json":
            with open(stdout or "/dev/null", "wb") as out:
                done = subprocess.run([HINOMI, "flows", "--table", sensor.table, form], stdout=out,
                                      stderr=subprocess.PIPE, timeout=PATIENCE,
                                      preexec_fn=None if stdout else lambda: os.close(1))
            expect(f"{form} into {stdout or 'nothing'}", done.returncode == FAILED
                   and b"writing the result: " in done.stderr, done.stderr)


def test_rates(sensor):
    looking = subprocess.Popen([HINOMI, "flows", "--table", sensor.table, "--json", "--seconds", "2"],
                               stdout=subprocess.PIPE)
    time.sleep(1)
    more = [record(START + 101 + i, udp("2001:db8::5", 41000, "2001:db8:1::1", 4500, bytes(752)))
            for i in range(10)]
    sensor.feed([*more, *pushing(START + 110)])
    lines = [json.loads(line) for line in looking.communicate(timeout=PATIENCE)[0].splitlines()]
    rates = {flow["dest_port"]: flow["flow"]["bytes_per_second"] for flow in lines[:-1]}
    expect("between two looks packet time has passed", lines[-1].get("rate_seconds") == 10, lines[-1])
    expect("rates are of that time", (rates.get(4500), rates.get(443)) == (800, 0), rates)


class Screen:
    """A terminal with `hinomi flows` in it."""

    def __init__(self, table, *arguments, rows=10, columns=80):
        self.table, self.shown = table, b""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            size = struct.pack("HHHH", rows, columns, 0, 0)
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.environ["TERM"] = "xterm"
            os.execv(HINOMI, [HINOMI, "flows", "--table", table, "--interval", "0.2", *arguments])

    def await_(self, words):
        """True when `words` are shown by what is drawn from now on."""
        until, fresh = time.monotonic() + PATIENCE, b""
        while words not in fresh and time.monotonic() < until:
            if not select.select([self.terminal], [], [], 0.2)[0]:
                continue
            try:
                fresh += os.read(self.terminal, 65536)
            except OSError:  # the other end is closed
                break
        self.shown += fresh
        return words in fresh

    def key(self, key):
        os.write(self.terminal, key)

    def resize(self, rows, columns):
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def exit_code(self):
        self.await_(b"never shown")  # until it closes its end
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.terminal)
        return code

    def is_given_back(self):
        return self.shown.rstrip().endswith(b"\x1b[?25h\x1b[?1049l")


def is_cooked(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ICANON)


def test_screen(sensor):
    screen = Screen(sensor.table)
    expect("a screen", screen.await_(b"5 flows live, by bytes") and screen.await_(b"q quit"), screen.shown)
    lines = ESCAPES.sub("", screen.shown.decode().replace("\x1b[H", "\r\n")).split("\r\n")
    expect("80 columns are enough", max(map(len, lines)) <= 80, lines)
    expect("a name stands for its address", b"shop.example" in screen.shown, screen.shown)
    expect("keys come at once", not is_cooked(screen.terminal))
    for key, order in (b"r", b"by rate"), (b"a", b"by age"), (b"b", b"by bytes"):
        screen.key(key)
        expect(f"sorted {order.decode()}", screen.await_(order), screen.shown)
    screen.resize(4, 120)
    expect("a wider one has names", screen.await_(b"NAME"), screen.shown)
    screen.await_(b"q quit")
    screen.shown = b""
    expect("a lower one fewer lines", screen.await_(b"q quit") and screen.shown.count(b"\r\n") == 3,
           screen.shown)
    screen.key(b"q")
    expect("left by q", screen.exit_code() == DONE and screen.is_given_back(), screen.shown)


def test_screen_signals(sensor):
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        screen = Screen(sensor.table, "--sort", "age", "tcp", "port", "443")
        expect("a filter on a screen", screen.await_(b"filter: tcp port 443"), screen.shown)
        os.kill(screen.pid, number)
        expect("the terminal is given back", screen.await_(b"\x1b[?1049l"), screen.shown)
        expect(f"left by {number.name}", screen.exit_code() == DONE, screen.shown)


def test_end(sensor):
    screen = Screen(sensor.table)
    expect("a screen of a sensor", screen.await_(b"flows live"), screen.shown)
    sensor.process.kill()
    sensor.process.wait()
    expect("whose end is told", screen.await_(b"has ended"), screen.shown)
    expect("and is a failure", screen.exit_code() == FAILED)
    expect_error("a table that its sensor left behind", flows("--table", sensor.table), FAILED,
                 f"process {sensor.process.pid}", "has ended; start it again")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        test_usage()
        test_tables(folder)
        sensor = Sensor(folder / "flows")
        try:
            sensor.feed(opening(START))
            is_there = sensor.await_(lambda live: len(live) == 5 and "name" in port_of(live, 443)["hinomi"]
                                     and port_of(live, 9000)["flow"]["pkts_toserver"] > PUSH / 2)
            expect("five flows are live", is_there)
            for test in (test_json, test_filter, test_schema, test_text, test_screen, test_screen_signals,
                         test_rates, test_end) if is_there else ():
                test(sensor)
        finally:
            sensor.end()
    return 1 if failures else 0


if __name__ == "__main__":
    HINOMI = os.path.abspath(sys.argv[1])
    sys.exit(main())
