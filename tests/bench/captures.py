"""Captures for benchmarks, made by bench_generate in a temporary folder."""
import dataclasses
import pathlib
import struct
import subprocess

# How often a capture of the office mix is repeated: what people do, and protocols that are rare.
BENIGN_COPIES, PROTOCOL_COPIES = 3, 1
GOLDEN_COPIES = 3


@dataclasses.dataclass
class Capture:
    name: str
    path: pathlib.Path
    packets: int


def count_packets(path):
    """Of a little-endian pcap, as bench_generate writes it."""
    count, header = 0, struct.Struct("<8xI4x")
    with open(path, "rb", buffering=1 << 20) as file:
        file.seek(24)
        while record := file.read(header.size):
            file.seek(header.unpack(record)[0], 1)
            count += 1
    return count


class Generator:
    def __init__(self, folder, build, root):
        self.folder = pathlib.Path(folder)
        self.program = build / "tests" / "bench_generate"
        self.golden = root / "tests" / "golden"
        self.corpus = root.parent / "shared" / "corpus"

    def make(self, name, kind, size, *arguments):
        path = self.folder / f"{name}.pcap"
        done = subprocess.run([self.program, kind, path, str(size), *map(str, arguments)],
                              capture_output=True, text=True, timeout=600, check=False)
        if done.returncode != 0:
            raise SystemExit(f"error: {name}: {done.stderr.strip()}")
        return Capture(name, path, count_packets(path))

    def empty(self):
        """A file header alone: what a program needs to start and to stop."""
        path = self.folder / "empty.pcap"
        path.write_bytes(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        return path

    def office_mix(self, name, tails, use_corpus=True, times=1, copies=GOLDEN_COPIES):
        """From ../shared/corpus, or from `copies` of our own golden captures where that is missing."""
        if use_corpus and self.has_corpus():
            sources = [f"{BENIGN_COPIES * times}:{path}" for path in self.captures_in(self.corpus / "benign")]
            sources += [f"{PROTOCOL_COPIES * times}:{path}"
                        for path in self.captures_in(self.corpus / "protocol")]
        else:
            sources = [f"{copies * times}:{path}" for path in sorted(self.golden.glob("*/capture.*"))]
        return self.make(name, "office_mix", tails, *sources)

    def elephants(self, name, packets):
        return self.make(name, "elephants", packets, self.golden / "office-hour" / "capture.pcap")

    def has_corpus(self):
        return (self.corpus / "benign").is_dir()

    @staticmethod
    def captures_in(folder):
        return sorted(path for path in folder.iterdir() if ".pcap" in path.name)
