#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Cases through an MQTT broker, from the courier to the desk: Mosquitto with 3.1.1 and 5, with TLS, with a wrong password,
killed and started again; a desk that is away; doubled messages, lost replies; and three NATS servers of which one is
killed. What counts each time: all that was produced is held by the desk as it was sent, once.

Usage: test_mqtt.py HINOMI COURIER DESK WRITE_CASES TEMPLATE [NAME…]
"""
import contextlib
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import traceback

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "delivery"))
from fake_desk import Certificates  # noqa: E402
from faulty_line import FaultyLine  # noqa: E402
from mqtt_office import Mosquitto, Nats, Office, find, wait_until  # noqa: E402

TESTS = []


def needs(*programs):
    def add(function):
        function.missing = [name for name in programs if not find(name)]
        TESTS.append(function)
        return function
    return add


@contextlib.contextmanager
def ended(*things):
    try:
        yield things[0]
    finally:
        for thing in reversed(things):
            thing.end()
    for thing in things:
        assert "Sanitizer" not in thing.said(), thing.said()


def desk_secret(folder):
    path = pathlib.Path(folder) / "desk.secret"
    path.write_text("desk:right\n")
    return "--mqtt-secret", path


def simple(programs, folder, version):
    broker = Mosquitto(folder).start()
    office = Office(programs, folder, url=broker.url, user="courier:right", version=version)
    with ended(office, broker):
        office.start_desk(broker.url, *desk_secret(folder))
        office.enrol()
        office.start_courier()
        office.write(600, 2)
        office.check()
        order = json.loads(office.ask("/v1/desk/orders", {"sensor": office.sensor, "kind": "verdict",
                                                          "body": '{"case":"none","verdict":"false"}'}))
        office.write(610, 2)  # an answer says that orders wait
        assert wait_until(lambda: any(p["kind"] == "answer" for p in office.parcels())), (order, office.said())
        return f"{office.check()} parcels, an order came and was answered"


@needs("mosquitto", "mosquitto_passwd")
def version_3(programs, folder):
    return simple(programs, folder, "3.1.1")


@needs("mosquitto", "mosquitto_passwd")
def version_5(programs, folder):
    return simple(programs, folder, "5")


@needs("mosquitto", "openssl")
def tls_with_certificates(programs, folder):
    authority = Certificates(folder)
    sensor, desk = (authority.sign(name, usage="clientAuth") for name in ("sensor", "rangers"))
    broker = Mosquitto(folder, password=False, tls=(authority.file, authority.sign("broker"))).start()
    office = Office(programs, folder, url=broker.url, authority=authority.file, certificate=sensor[0], key=sensor[1])
    with ended(office, broker):
        office.start_desk(broker.url, "--mqtt-authority", authority.file, "--mqtt-certificate", desk[0], "--mqtt-key",
                          desk[1])
        office.enrol()
        office.start_courier()
        office.write(50)
        return f"{office.check()} parcels"


@needs("mosquitto", "openssl")
def a_stranger_as_broker(programs, folder):
    authority, stranger = Certificates(folder), Certificates(folder, "stranger")
    sensor = authority.sign("sensor", usage="clientAuth")
    broker = Mosquitto(folder, password=False, tls=(authority.file, stranger.sign("broker"))).start()
    office = Office(programs, folder, url=broker.url, authority=authority.file, certificate=sensor[0], key=sensor[1])
    with ended(office, broker):
        office.start_desk("mqtt://127.0.0.1:1")
        office.enrol()
        office.start_courier()
        office.write(5)
        assert wait_until(lambda: "mqtt:" in office.courier.said(), 30)
        time.sleep(2)
        assert "Client connected" not in broker.said() and " as hinomi-" not in broker.said(), broker.said()
        return office.courier.said().strip().splitlines()[-1]


@needs("mosquitto", "mosquitto_passwd")
def wrong_password(programs, folder):
    broker = Mosquitto(folder).start()
    office = Office(programs, folder, url=broker.url, user="courier:wrong")
    with ended(office, broker):
        office.start_desk(broker.url, *desk_secret(folder))
        office.enrol()
        office.start_courier()
        office.write(20)
        assert wait_until(lambda: "mqtt:" in office.courier.said(), 30), office.said()
        time.sleep(5)
        tries = broker.said().count("not authorised")
        assert 1 <= tries <= 8, f"{tries} tries within five seconds"
        assert office.held() == {}
        office.courier.end()
        office.secret.write_text("courier:right\n")
        office.start_courier()
        return f"{tries} tries; then {office.check()} parcels"


@needs("mosquitto", "mosquitto_passwd")
def broker_killed(programs, folder):
    broker = Mosquitto(folder).start()
    office = Office(programs, folder, url=broker.url, user="courier:right", version="5")
    writer = office.start_writing(300, 2, 10000)
    with ended(office, broker, writer):
        office.start_desk(broker.url, *desk_secret(folder))
        office.enrol()
        office.start_courier()
        for _ in range(3):
            time.sleep(1.5)
            broker.end(signal.SIGKILL)
            time.sleep(0.5)
            broker.start()
        assert wait_until(lambda: writer.process.poll() is not None, 60)
        return f"{office.check(150)} parcels, the broker killed three times"


@needs("mosquitto", "mosquitto_passwd")
def desk_away(programs, folder):
    broker = Mosquitto(folder).start()
    office = Office(programs, folder, url=broker.url, user="courier:right")
    with ended(office, broker):
        office.start_desk(broker.url, *desk_secret(folder))
        office.enrol()
        office.start_courier()
        office.write(40)
        office.check()
        office.desk.end(signal.SIGKILL)
        office.write(80)
        time.sleep(4)
        office.start_desk_again()
        return f"{office.check(150)} parcels"


@needs("mosquitto", "mosquitto_passwd")
def replies_lost(programs, folder):
    """The line between courier and broker is cut amid what goes and comes, again and again."""
    broker = Mosquitto(folder).start()
    line = FaultyLine(broker.port)
    office = Office(programs, folder, url=f"mqtt://127.0.0.1:{line.port}", user="courier:right")
    with ended(office, broker), contextlib.closing(line):
        office.start_desk(broker.url, *desk_secret(folder))
        office.enrol()
        office.start_courier()
        writer = office.start_writing(300, 2, 10000)
        with ended(writer):
            for _ in range(10):
                line.mode = "cut"
                time.sleep(0.7)
                line.mode = "up"
                time.sleep(0.1)
            assert wait_until(lambda: writer.process.poll() is not None, 60)
        return f"{office.check(150)} parcels"


@needs("mosquitto", "mosquitto_passwd", "mosquitto_pub", "mosquitto_sub")
def messages_doubled(programs, folder):
    broker = Mosquitto(folder).start()
    office = Office(programs, folder, url=broker.url, user="courier:right")
    who = ["-p", str(broker.port), "-u", "desk", "-P", "right", "-q", "1"]
    with ended(office, broker):
        office.start_desk(broker.url, *desk_secret(folder))
        office.enrol()
        topic = f"hinomi/1/{office.sensor}/"
        kept = pathlib.Path(folder) / "batch"
        with kept.open("wb") as out, subprocess.Popen(
                [find("mosquitto_sub"), *who, "-t", f"{topic}parcels", "-C", "1", "-N", "-W", "60"], stdout=out) as ear:
            time.sleep(0.5)
            office.write(30)
            office.start_courier()
            assert ear.wait(70) == 0
        count = office.check()
        with subprocess.Popen([find("mosquitto_sub"), *who, "-t", f"{topic}replies", "-C", "3", "-W", "30"],
                              stdout=subprocess.PIPE, text=True) as ear:
            time.sleep(0.5)
            for to in (topic, topic, topic, "hinomi/1/another/"):
                subprocess.run([find("mosquitto_pub"), *who, "-t", f"{to}parcels", "-f", kept], check=True, timeout=30)
            said = [json.loads(line) for line in ear.communicate(timeout=40)[0].splitlines() if line]
        assert len(said) == 3
        assert {reply["status"] for answer in said for reply in answer["replies"]} == {"duplicate"}, said
        assert wait_until(lambda: "another" in office.desk.said(), 10), "the batch of another sensor's topic was taken"
        assert office.check() == count
        return f"{count} parcels, each sent four times or more"


def too_large(programs, folder, version):
    """A broker that takes small messages only: batches are made smaller until they pass."""
    broker = Mosquitto(folder, "max_packet_size 20000").start()
    office = Office(programs, folder, url=broker.url, user="courier:right", version=version)
    with ended(office, broker):
        office.start_desk(broker.url, *desk_secret(folder))
        office.enrol()
        office.write(100)
        office.start_courier()
        count = office.check(150)
        assert "set aside" not in office.courier.said()
        return f"{count} parcels in messages of at most 20,000 bytes"


@needs("mosquitto", "mosquitto_passwd")
def too_large_3(programs, folder):
    return too_large(programs, folder, "3.1.1")


@needs("mosquitto", "mosquitto_passwd")
def too_large_5(programs, folder):
    return too_large(programs, folder, "5")


@needs("nats-server")
def nats_node_killed(programs, folder):
    nats = Nats(folder).start()
    office = Office(programs, folder, url=f"'{','.join(nats.urls[1:])}'")
    with ended(office, nats):
        office.start_desk(nats.urls[0])
        office.enrol()
        office.start_courier()
        writer = office.start_writing(500, 2, 10000)
        with ended(writer):
            assert wait_until(lambda: len(office.held()) > 50), office.said()
            nats.nodes[1].end(signal.SIGKILL)
            assert wait_until(lambda: writer.process.poll() is not None, 90)
        # Each revision is a parcel of its own where the line keeps up; those that were sealed all arrive.
        return f"{office.check(240)} parcels, the courier's own server killed amid them"


def main():
    names = ("hinomi", "courier", "desk", "writer", "template")
    programs = {name: str(pathlib.Path(word).resolve()) for name, word in zip(names, sys.argv[1:6])}
    bad = done = 0
    for test in TESTS:
        if sys.argv[6:] and test.__name__ not in sys.argv[6:]:
            continue
        if test.missing:
            print(f"skipped {test.__name__}: {', '.join(test.missing)} is not here")
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="mqtt-") as folder:
            try:
                print(f"ok   {test.__name__}: {test(programs, folder)}; {time.monotonic() - began:.0f} s", flush=True)
                done += 1
            except Exception:  # the other tests are to run too
                bad += 1
                print(f"FAIL {test.__name__}", flush=True)
                traceback.print_exc()
    return 1 if bad else 0 if done else 77


sys.exit(main())
