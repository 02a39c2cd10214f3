#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How much one desk takes: 1,064 offices (as many as a pilot year had) enrol, then each sends batches, as fast as the
desk answers; and an hour's ordinary load, reckoned from that. A figure to look at, not a test.

Usage: tests/bench/desk.py HINOMI-DESK [--offices N] [--rounds N] [--links N]
"""
import argparse
import concurrent.futures
import gzip
import http.client
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "desk"))
from desk_under_test import Desk, Sensor, prove  # noqa: E402


def own_memory(desk):
    for line in pathlib.Path(f"/proc/{desk.process.pid}/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    return 0


def processor_seconds(desk):
    fields = pathlib.Path(f"/proc/{desk.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def body_of(kind, n):
    if kind == "heartbeat":
        return {"schema": "hinomi.heartbeat/1", "sensor_alive": True, "coverage": {"packets": n, "dropped": 0},
                "queue": {"urgent": 0, "routine": 0, "pulse": 0, "evidence": 0}}
    return {"schema": "hinomi.case/1", "action": "create", "priority": 2, "text": "x" * 3000}


def batch(sensor, number):
    parcels = [sensor.parcel("pulse", "heartbeat", "heartbeat", number + 1, body=body_of("heartbeat", number))]
    parcels += [sensor.parcel(key=f"c-{number}-{i}", body=body_of("case", number)) for i in range(3)]
    text = json.dumps({"schema": "hinomi.batch/1", "sensor": sensor.name, "parcels": parcels})
    return gzip.compress(text.encode(), 1), sensor.headers(**{"Content-Encoding": "gzip"}), len(parcels)


def send_all(port, work):
    """One link that is kept: seconds of each request, and how many parcels were stored."""
    link, taken, stored = http.client.HTTPConnection("127.0.0.1", port, timeout=60), [], 0
    for body, headers, _ in work:
        start = time.perf_counter()
        link.request("POST", "/v1/parcels", body, headers)
        reply = json.loads(link.getresponse().read())
        taken.append(time.perf_counter() - start)
        stored += sum(r["status"] == "stored" for r in reply["replies"])
    link.close()
    return taken, stored


def enrol(desk, n):
    sensor = Sensor(desk)
    code = desk.code(f"office-{n}")
    lines = [code[:5], sensor.public, "box", "0.1.0"]
    body = {"schema": "hinomi.enrol/1", "code_id": code[:5], "public_key": sensor.public, "host": "box",
            "version": "0.1.0", "proof": prove(code, "hinomi.enrol/1", *lines)}
    reply = desk.ask("POST", "/v1/enrol", json.dumps(body))[2]
    sensor.name, sensor.token = reply["sensor"], reply["token"]
    return sensor


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("desk")
    options.add_argument("--offices", type=int, default=1064)
    options.add_argument("--rounds", type=int, default=10)
    options.add_argument("--links", type=int, default=16)
    options = options.parse_args()
    with Desk(options.desk) as desk:
        start = time.perf_counter()
        offices = [enrol(desk, n) for n in range(options.offices)]
        print(f"enrolled      {len(offices)} offices in {time.perf_counter() - start:.1f} s, "
              f"RssAnon {own_memory(desk):.1f} MiB")
        work = [batch(sensor, number) for number in range(options.rounds) for sensor in offices]
        # A sensor's batches all go by one link, in order.
        shares = [[w for i, w in enumerate(work) if i % options.offices % options.links == n]
                  for n in range(options.links)]
        start, used = time.perf_counter(), processor_seconds(desk)
        with concurrent.futures.ThreadPoolExecutor(options.links) as pool:
            done = list(pool.map(lambda share: send_all(desk.port, share), shares))
        seconds, used = time.perf_counter() - start, processor_seconds(desk) - used
        taken = sorted(t for part, _ in done for t in part)
        stored = sum(part for _, part in done)
        print(f"sent          {len(work)} batches, {sum(w[2] for w in work)} parcels; stored {stored}")
        print(f"throughput    {len(work) / seconds:.0f} batches/s, {stored / seconds:.0f} parcels/s")
        print(f"a reply       median {taken[len(taken) // 2] * 1e3:.1f} ms, "
              f"99 % {taken[len(taken) * 99 // 100] * 1e3:.1f} ms")
        print(f"processor     {used / len(work) * 1e3:.2f} ms a batch; {options.offices} offices with a batch a minute: "
              f"{used / len(work) * options.offices / 60 * 100:.1f} % of one core")
        print(f"memory        RssAnon {own_memory(desk):.1f} MiB")
        print(f"disk          {pathlib.Path(desk.folder, 'desk.db').stat().st_size / (1 << 20):.0f} MiB")
        start = time.perf_counter()
        size = len(desk.page("/")[2])
        print(f"page          {size / 1024:.0f} KiB in {time.perf_counter() - start:.2f} s")


main()
