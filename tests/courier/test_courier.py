#!/usr/bin/env python3
"""hinomi-courier between a cases.db that grows and a desk that misbehaves: received set = produced set, chain whole.

usage: test_courier.py HINOMI_COURIER WRITE_CASES

The desk is page_desk.py, in this process. HINOMI_KILLS (120) says how often the courier is killed.
"""
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "delivery"))
import page_desk  # noqa: E402 (exits with 77 where python3-nacl is missing)
import page_receiver  # noqa: E402

COURIER, WRITE_CASES = sys.argv[1:3]
KILLS = int(os.environ.get("HINOMI_KILLS", "120"))
TEMPLATE = TESTS / "golden/beacon/expected.jsonl"
PATIENCE = 60


class Rig(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hinomi-courier-"))
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("store", "courier"):
            (self.folder / name).mkdir()
        self.template = self.folder / "template.json"
        self.template.write_text(TEMPLATE.read_text().splitlines()[0])
        self.desk = page_receiver.Receiver()
        self.server = page_desk.serve(self.desk)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.config = self.folder / "hinomi.yaml"
        self.write_config()
        self.running = []
        self.addCleanup(self.end_all)

    def write_config(self, more=""):
        self.config.write_text(f"courier:\n  folder: {self.folder}/courier\n  user: \"\"\n{more}"
                               f"store:\n  folder: {self.folder}/store\n")

    def end_all(self):
        for process in self.running:
            if process.poll() is None:
                process.kill()
                process.wait()

    def courier(self, *words):
        return subprocess.run([COURIER, *words, "--config", self.config], capture_output=True, text=True, timeout=120)

    def enrol(self):
        done = self.courier("enrol", "--url", self.url, "--code", self.desk.make_code("office-1"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.name = next(iter(self.desk.sensors))

    def start(self):
        log = (self.folder / "log").open("a")
        process = subprocess.Popen([COURIER, "run", "--config", self.config], stderr=log)
        log.close()
        self.running.append(process)
        return process

    def produce(self, cases, revisions, pause=0):
        process = subprocess.Popen([WRITE_CASES, self.folder / "store", self.template, str(cases), str(revisions),
                                    str(pause)], stdout=subprocess.PIPE, text=True)
        self.running.append(process)
        return process

    def produced(self, process):
        """The latest revision of each case."""
        lines = process.communicate(timeout=PATIENCE)[0].splitlines()
        self.assertEqual(lines[-1], "all")
        latest = {}
        for line in lines[:-1]:
            _, case, revision = line.split()
            latest[case] = max(latest.get(case, 0), int(revision))
        return latest

    def received(self):
        """The latest revision of each case; checks that none came under two numbers and that the chain is whole."""
        with self.desk.lock:
            sensor = self.desk.sensor(self.name)
            parcels = list(sensor.received)
            for stream in page_receiver.STREAMS:
                held = sensor.held[stream]
                self.assertEqual(sensor.heads[stream]["sequence"], len(held), stream)
                for sequence, previous in sensor.previous[stream].items():
                    self.assertEqual(previous, held.get(sequence - 1, "0" * 64), (stream, sequence))
        told = [(p["kind"], p["key"], p["revision"]) for p in parcels]
        self.assertEqual(len(told), len(set(told)), "something was told twice under other numbers")
        latest = {}
        for kind, key, revision in told:
            if kind == "case":
                latest[key] = max(latest.get(key, 0), revision)
        return latest

    def wait_for(self, claim, seconds=PATIENCE):
        end = time.monotonic() + seconds
        while not claim() and time.monotonic() < end:
            time.sleep(0.02)
        self.assertTrue(claim())

    def count(self, kind):
        with self.desk.lock:
            return sum(p["kind"] == kind for p in self.desk.sensor(self.name).received)


class Killed(Rig):
    def test_killed_again_and_again(self):
        """The courier at any moment, while cases are written and the desk loses, delays and doubles."""
        rng = random.Random(8)
        self.enrol()
        writer = self.produce(400, 6, pause=1500)
        manners = [{}, {}, {"lost_replies": True}, {"half": True}, {"garbage": True}, {"down": True}, {"status": 503},
                   {"later_every": 7}, {"most": 3}, {"others": True}]
        calm = vars(page_receiver.Manners())
        for _ in range(KILLS):
            self.desk.manners.set({**calm, **rng.choice(manners)})
            process = self.start()
            time.sleep(rng.uniform(0.005, 0.15))
            process.kill()
            process.wait()
        self.desk.manners.set(calm)
        produced = self.produced(writer)
        self.assertEqual(len(produced), 400)
        done = self.courier("once", "--seconds", "60")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.received(), produced)

    def test_forgets(self):
        """A desk whose backup was put back gets again what it lost."""
        self.enrol()
        produced = self.produced(self.produce(150, 1))
        self.assertEqual(self.courier("once").returncode, 0)
        self.assertEqual(self.received(), produced)
        self.desk.forget(self.name, 60)
        more = self.produced(self.produce(151, 1))
        process = self.start()
        self.wait_for(lambda: sum(len(h) for h in self.desk.sensor(self.name).held.values()) >= 152)
        process.terminate()
        self.assertEqual(process.wait(timeout=10), 0)
        self.assertEqual(self.received(), {**produced, **more})


class Lives(Rig):
    def test_once_says_what_became_of_it(self):
        self.enrol()
        self.desk.manners.set({"down": True})
        self.produced(self.produce(3, 1))
        done = self.courier("once", "--seconds", "2")
        self.assertEqual(done.returncode, 1)
        self.assertIn("not all was delivered", done.stderr)
        status = json.loads(self.courier("status", "--json").stdout)
        self.assertEqual(status["outputs"][0]["waiting"], {"urgent": 1, "routine": 2, "pulse": 0, "evidence": 0})
        self.assertNotEqual(status["outputs"][0]["problem"], "")
        self.desk.manners.set({"down": False})
        self.assertEqual(self.courier("once", "--seconds", "30").returncode, 0)
        status = json.loads(self.courier("status", "--json").stdout)
        self.assertEqual(status["outputs"][0]["waiting"]["routine"], 0)
        self.assertEqual(status["outputs"][0]["problem"], "")
        self.assertIsNotNone(status["outputs"][0]["delivered"])

    def test_ends_while_the_desk_hangs(self):
        self.enrol()
        self.produced(self.produce(3, 1))
        self.desk.manners.set({"hang": True})
        self.addCleanup(self.desk.manners.set, {"hang": False})
        process = self.start()
        time.sleep(1)
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=10), 0)
        self.assertLess(time.monotonic() - begin, 3)

    def test_cases_db_comes_later_and_is_replaced(self):
        """A lower revision that changed later is told under a higher number; an earlier one is not."""
        self.enrol()
        process = self.start()
        self.wait_for(lambda: self.count("heartbeat") == 1)
        first = self.produced(self.produce(5, 4))
        self.wait_for(lambda: self.count("case") >= 5 and self.received() == first)
        for path in (self.folder / "store").iterdir():
            path.unlink()
        count = self.count("case")
        self.produced(self.produce(5, 1))
        more = self.produced(self.produce(6, 1))
        self.wait_for(lambda: len(self.received()) == 6)
        self.assertEqual(self.count("case"), count + 1)
        self.assertEqual(self.received(), {**more, **first})
        self.assertIsNone(process.poll())

    def test_damaged_cases_db_is_said_and_waited_for(self):
        self.enrol()
        (self.folder / "store/cases.db").write_bytes(b"no data base" * 1000)
        process = self.start()
        self.wait_for(lambda: "cases.db" in (self.folder / "log").read_text())
        (self.folder / "store/cases.db").unlink()
        produced = self.produced(self.produce(5, 1))
        self.wait_for(lambda: self.received() == produced)
        self.assertIsNone(process.poll())
        self.assertEqual((self.folder / "log").read_text().count("store/cases.db"), 1)

    def test_heartbeat_names_the_ends_of_streams(self):
        self.write_config("  heartbeat: 10s\n")
        self.enrol()
        self.produced(self.produce(12, 1))
        self.start()
        self.wait_for(lambda: self.count("heartbeat") >= 2)
        beats = [p for p in self.desk.sensor(self.name).received if p["kind"] == "heartbeat"]
        self.assertEqual([p["revision"] for p in beats], list(range(1, len(beats) + 1)))
        body = json.loads(beats[-1]["body"])
        self.assertEqual(body["streams"]["urgent"], self.desk.sensor(self.name).heads["urgent"])
        self.assertEqual(body["streams"]["pulse"]["sequence"], beats[-1]["sequence"] - 1)

    def test_without_an_output_it_is_wrong_usage(self):
        done = self.courier("run")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no output is configured", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
