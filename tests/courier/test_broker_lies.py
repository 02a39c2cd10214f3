#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The MQTT output against a broker that refuses, hangs up, says nothing, or brings words that are no answer: what is
taken for acknowledged, and what the line is told.

usage: test_broker_lies.py MQTT_PROBE
"""
import concurrent.futures
import contextlib
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
from fake_broker import FAILED, Broker, stores  # noqa: E402

PROBE = sys.argv[1]


def read_line(line):
    head, said = line.split("said=", 1) if "said=" in line else ("", line)
    return dict(word.split("=", 1) for word in head.split()) | {"said": said}


class Lines(unittest.TestCase):
    def setUp(self):
        self.own = tempfile.TemporaryDirectory(prefix="hinomi-broker-")
        self.addCleanup(self.own.cleanup)

    def start(self, url, count=3, times=1, size=100):
        config = pathlib.Path(self.own.name) / f"{hash((url, count, times))}.yaml"
        config.write_text(f"mqtt:\n  url: '{url}'\n")
        return subprocess.Popen([PROBE, config, str(count), str(times), str(size)], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def send(self, url, **words):
        """What each send gave."""
        with self.start(url, **words) as probe:
            try:
                out, errors = probe.communicate(timeout=150)
            finally:
                probe.kill()
        self.assertEqual(errors, "")
        return [read_line(line) for line in out.splitlines()]

    def answers(self, url, **words):
        return [one["answer"] for one in self.send(url, **words)]

    def test_what_goes_out(self):
        with Broker() as broker:
            sent = self.send(broker.url, count=5, times=3)
        self.assertEqual([(s["answer"], s["stored"], s["said"]) for s in sent], [("answered", "5", "")] * 3)
        self.assertEqual(len(broker.connects), 1, "the connection is kept")
        connect = broker.connects[0]
        self.assertEqual((connect[:7], connect[7] & 2), (b"\0\4MQTT\4", 0), "3.1.1, and a session that lasts")
        self.assertIn(b"hinomi-office-1", connect)
        self.assertEqual(sorted(broker.subscribed), [("hinomi/1/office-1/orders", 1), ("hinomi/1/office-1/replies", 1)])
        topic, batch = broker.batches[0]
        self.assertEqual((topic, batch["schema"], batch["sensor"]), ("hinomi/1/office-1/parcels", "hinomi.batch/1",
                                                                     "office-1"))

    def test_refused(self):
        for code, answer in ((3, "failed"), (4, "denied"), (5, "denied")):
            with Broker(refuses=code) as broker:
                self.assertEqual(self.answers(broker.url), [answer], code)
        with Broker(grants=FAILED) as broker:
            self.assertEqual(self.answers(broker.url), ["denied"], "it may not hear its topics")

    def test_hung_up_on(self):
        """Once is an accident, twice means that the batch is too long; one parcel alone is not given up for that."""
        with Broker(answer=lambda *_: None) as broker:
            self.assertEqual(self.answers(broker.url, times=3), ["failed", "too_large", "too_large"])
            self.assertEqual(self.answers(broker.url, count=1, times=12), ["failed"] * 12)
        with Broker(longest=100000) as broker:
            sent = self.send(broker.url, count=1, times=8, size=150000)
        self.assertEqual([s["answer"] for s in sent], ["failed"] * 7 + ["too_large"])
        self.assertEqual(sent[-1]["code"], "mqtt_too_large")

    def test_works_again(self):
        """What was not answered goes out again, and no more often than it was sent."""
        turns = iter([None])

        def answer(broker, batch):
            return next(turns, stores(broker, batch))

        with Broker(answer=answer) as broker:
            self.assertEqual(self.answers(broker.url, times=3), ["failed", "answered", "answered"])
        self.assertEqual(len(broker.batches), 3)

    def test_said_more_than_once(self):
        with Broker(answer=lambda b, batch: stores(b, batch) * 3) as broker:
            sent = self.send(broker.url, times=3)
        self.assertEqual([(s["answer"], s["stored"]) for s in sent], [("answered", "3")] * 3)

    def test_true_word_amid_others(self):
        def answer(broker, batch):
            return [b"\xff{", b"{}", *stores(broker, batch, "rejected", shift=1000),
                    *stores(broker, batch, "rejected", stream="urgent"), *stores(broker, batch)]

        with Broker(answer=answer) as broker:
            self.assertEqual([(s["stored"], s["rejected"]) for s in self.send(broker.url, times=2)], [("3", "0")] * 2)

    def test_lies_acknowledge_nothing(self):
        lies = {
            "nothing": lambda *_: [],
            "no JSON": lambda *_: [b"stored"],
            "other numbers": lambda b, batch: stores(b, batch, shift=1000),
            "another stream": lambda b, batch: stores(b, batch, stream="urgent"),
            "another kind": lambda b, batch: [stores(b, batch)[0] | {"schema": "hinomi.replies/9"}],
            "a status that is none": lambda b, batch: stores(b, batch, status="fine"),
        }

        def tell(lie):
            with Broker(answer=lie) as broker:
                return self.send(broker.url)[0]

        with concurrent.futures.ThreadPoolExecutor(len(lies)) as pool:
            for name, sent in zip(lies, pool.map(tell, lies.values())):
                self.assertEqual((sent["answer"], sent["replies"]), ("failed", "0"), name)
                self.assertIn("no desk answers", sent["said"], name)

    def test_next_broker(self):
        """One is away, one accepts and says nothing, one has no desk behind it: the fourth is found."""
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
            away = taken.getsockname()[1]
        with Broker(is_silent=True) as silent, Broker(answer=lambda *_: []) as alone, Broker() as good:
            urls = f"mqtt://127.0.0.1:{away},{silent.url},{alone.url},{good.url}"
            self.assertEqual(self.answers(urls, times=3), ["failed", "answered", "answered"])
            self.assertEqual((len(alone.batches), len(good.batches)), (1, 2))

    def test_ends_soon_when_asked(self):
        for broker, scheme in ((Broker(is_silent=True), "mqtt"), (Broker(answer=lambda *_: []), "mqtt"),
                               (Broker(is_silent=True), "mqtts")):
            with broker, self.start(broker.url.replace("mqtt", scheme)) as probe:
                time.sleep(1)
                probe.send_signal(signal.SIGTERM)
                before = time.monotonic()
                out, _ = probe.communicate(timeout=60)
                self.assertLess(time.monotonic() - before, 5, "longer than any wait that is allowed")
                self.assertIn("answer=failed", out)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
