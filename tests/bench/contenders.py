"""Who is measured: Hinomi, the floors, and other programs that read captures, where they are installed."""
import dataclasses
import shutil
from collections.abc import Callable

HASH_KEY = "000102030405060708090a0b0c0d0e0f"
# Options of Hinomi that keep a run the same each time.
READ = ["read", "--quiet", "--json", "--hash-key", HASH_KEY]


@dataclasses.dataclass
class Contender:
    name: str
    command: Callable  # of the capture's path
    is_ours: bool = False


def hinomi(build, workers=0, *options, logs=True):
    """With a flow log, which is a large part of the cost of short flows, unless `logs` is false."""
    program = build / "sensor" / "hinomi"
    log = ["--flows"] if logs else []
    return lambda path: [program, *READ, *log, "--workers", str(workers), *options, path]


def floors(build):
    program = build / "tests" / "bench_floor"
    names = {"null": "null libpcap loop", "flow": "flow floor", "ndpi": "flow + nDPI floor"}
    return [Contender(text, lambda path, mode=mode: [program, mode, path]) for mode, text in names.items()]


def peers(folder):
    """Those that are installed, and the names of those that are not."""
    commands = {
        "ndpiReader": ("ndpiReader -e 0", lambda path: ["ndpiReader", "-q", "-e", "0", "-i", path]),
        # The packaged unix socket spins at exit; without rules only flows and transactions are logged.
        "suricata": ("suricata, no rules",
                     lambda path: ["suricata", "-r", path, "-l", folder, "-S", "/dev/null", "--runmode",
                                   "single", "--set", "unix-command.enabled=no"]),
        # Without -m it holds 8,192 flows and no more; without -c none it waits for its socket at the end.
        "softflowd": ("softflowd", lambda path: ["softflowd", "-r", path, "-c", "none", "-m", "4000000"]),
        "argus": ("argus", lambda path: ["argus", "-X", "-r", path, "-w", "/dev/null"]),
    }
    found = [Contender(name, command) for program, (name, command) in commands.items()
             if shutil.which(program)]
    return found, [program for program in commands if not shutil.which(program)]


def everyone(build, folder):
    installed, missing = peers(folder)
    ours = Contender("Hinomi", hinomi(build), is_ours=True)
    return [*floors(build), ours, *installed], missing
