"""Scenes of run_board.py: an office from the first start to a pulled plug, and one where nothing happens."""

import re
import time

import board as boards
from board_bench import GOLDEN, expect, seen, wait_until

SAMPLE = GOLDEN / "sample/capture.pcapng"
QUIET = GOLDEN / "benign-updates/capture.pcap"


def desk_cases(desk):
    return desk.page("/v1/desk/cases")[2].get("cases", [])


def heard(desk):
    """When the desk heard of its sensor last."""
    return desk.page("/v1/desk/sensors")[2]["sensors"][0]["heard"]


def is_dhcp(frame):
    """A question for an address: IPv4, UDP, from port 68 to 67."""
    return frame[12:14] == b"\x08\x00" and frame[23] == 17 and frame[34:38] == b"\x00\x44\x00\x43"


def hardened(board):
    """What a person who breaks in would find, and what the mirror port must never do."""
    listening = board.ssh("ss -Hltnu | grep -v -E '127\\.0\\.0\\.|\\[::1\\]|%lo|:68 |:546 '")
    expect("SSH alone listens", all(":22 " in line for line in listening.splitlines()), listening)
    expect("nobody has a password", board.ssh("cut -d: -f2 /etc/shadow | sort -u").strip() == "*", board.ssh("cut -d: -f1,2 /etc/shadow"))
    expect("no login at screen or serial line", "getty" not in board.ssh("ps -eo args"))
    link = board.ssh("ip -o link show eth1; ip -o address show eth1")
    expect("the mirror has no address, no ARP, is promiscuous", "NOARP" in link and "PROMISC" in link and "inet" not in link, link)
    offloads = board.ssh("ethtool -k eth1 | grep -E '^(generic-receive|tcp-segmentation|generic-segmentation|large-receive)'")
    expect("the mirror joins no packets", "on" not in [line.split()[1] for line in offloads.splitlines()], offloads)
    expect("input is closed", "policy drop" in board.ssh("nft list chain inet hinomi input"))
    status = board.ssh("cat /proc/$(systemctl show -P MainPID hinomi-sensor)/status")
    caps = re.search(r"CapEff:\s*(\w+)", status)[1], re.search(r"CapBnd:\s*(\w+)", status)[1]
    expect("the sensor may open raw sockets and nothing else", caps == ("0000000000002000",) * 2 and "Seccomp:\t2" in status, caps)
    layers = board.ssh("grep ' / ' /proc/mounts")
    expect("whatever is written to the root file system lies in memory", "overlay" in layers and "upperdir=/over/" in layers, layers)
    state = board.ssh("findmnt -no OPTIONS /data")
    expect("nothing on the state partition can be run", all(word in state for word in ("noexec", "nosuid", "nodev")), state)
    expect("the hardware watchdog is armed", board.ssh("systemctl show -P RuntimeWatchdogUSec").strip() == "14s" and
           "active" in board.ssh("cat /sys/class/watchdog/watchdog0/state"))
    loaded = board.ssh("lsmod")
    expect("the lamp can blink and be steady", "ledtrig_timer" in loaded and "ledtrig_default_on" in loaded, loaded)
    expect("nothing failed", board.ssh("systemctl --failed --plain --no-legend").strip() == "", board.ssh("systemctl --failed --plain --no-legend"))
    exposure = board.ssh("cd /usr/lib/systemd/system && for unit in hinomi-*.service; do systemd-analyze security --no-pager ${unit/@/@x} | tail -n 1; done")
    figures = [float(figure) for figure in re.findall(r": ([0-9.]+) ", exposure)]
    expect("exposure of each of our units at most 1.8", len(figures) >= 17 and max(figures) <= 1.8, exposure)


def figures(board):
    memory = dict(re.findall(r"(\w+):\s+(\d+) kB", board.ssh("cat /proc/meminfo")))
    seen("memory used, MiB", (int(memory["MemTotal"]) - int(memory["MemAvailable"])) // 1024)
    for unit in ("hinomi-sensor", "hinomi-courier"):
        resident = re.search(r"VmRSS:\s+(\d+)", board.ssh(f"cat /proc/$(systemctl show -P MainPID {unit})/status"))
        seen(f"resident memory of {unit}, MiB", int(resident[1]) // 1024 if resident else "-")
    seen("start", board.ssh("systemd-analyze | head -n 1").strip())
    captures_after(board)


def captures_after(board):
    first = board.ssh("journalctl -b -o short-monotonic -u hinomi-sensor | grep 'captures on' | head -n 1")
    seen("the sensor captures, seconds after the kernel began", first.split("]")[0].strip("[ "))


def office(bench):
    """A card, a text file, two cables in the wrong sockets: the first case at the desk, the slip on the card, the plug pulled and put back."""
    desk = bench.desk()
    with desk, bench.board("office", desk_port=desk.port, mirror_first=False) as board:
        code = desk.code("Sample office")
        board.card_write("desk.pem", (bench.folder / "desk/tls.pem").read_bytes())
        # As Notepad and a Japanese keyboard would write it.
        board.card_write("hinomi.txt", "\ufeff# 見本\r\n"
                         f"ｃｏｄｅ　＝　{code.lower()}\r\nurl = https://{boards.DESK_ADDRESS}:8443/\r\nauthority = desk.pem\r\n"
                         f"language = ja\r\nmirro = eth1\r\nname = office-2f\r\nssh_key = {board.public_key()}\r\n")
        begin = time.monotonic()
        board.start()
        board.wait_for("cat /run/hinomi-appliance/state", "courier=ok", 400, "the sensor is enrolled")
        seen("from power to enrolled, seconds (emulated)", round(time.monotonic() - begin))
        sent = board.mirror_capture(SAMPLE, speed=10)
        cases = wait_until("two cases at the desk", lambda: len(desk_cases(desk)) >= 2 and desk_cases(desk), 240, board)
        seen("cases at the desk", ", ".join(f"P{case['priority']}" for case in cases))
        got = board.ssh("curl -s --unix-socket /run/hinomi/metrics http://x/metrics")
        packets = int(re.search(r"^hinomi_frames_total (\d+)", got, re.M)[1])
        expect("every frame was taken", packets == sent, (packets, sent))
        strange = [frame.hex() for frame in board.mirror_heard() if not is_dhcp(frame)]
        expect("until it knew which port is the mirror it asked there for an address, and said nothing else", strange == [], strange[:3])
        expect("it has the name that was asked for", board.ssh("hostname").strip() == "office-2f", board.ssh("hostname"))
        state = board.ssh("cat /run/hinomi-appliance/state")
        expect("lamp and screen are told the truth", all(line in state.splitlines() for line in ("storage=ok", "sensor=active", "courier=ok", "carrier=1")), state)
        hardened(board)
        figures(board)
        wait_until("the slip", lambda: board.ssh("test -f /run/hinomi-appliance/slip && echo yes", check=False), 300, board)
        kept = board.ssh("hinomi cases --json | wc -l").strip()
        board.ssh("cp /bin/true /usr/bin/left-behind && rm /usr/bin/hinomi && mkdir /usr/lib/systemd/system/x.d")
        board.off()
        expect("the slot is as it was made", board.slot_bytes("A", bench.slot.stat().st_size) == bench.slot.read_bytes())
        slip = board.card_read("hinomi-result.txt") or ""
        seen("the slip", slip.replace("\r\n", " | ")[:400])
        expect("the slip complains of nothing that is well", not any(word in slip for word in ("card is broken", "does not run", "cannot be reached")), slip)
        expect("the slip is Japanese first, and names the wrong line", slip.startswith(("未完了", "合格")) and "6行目" in slip, slip)
        text = board.card_read("hinomi.txt") or ""
        expect("the code is gone from the card", code.lower() not in text.lower() and "(used)" in text, text)
        # Again, without a desk: what was found is still there, roles and enrolment too.
        board.start()
        board.wait_for("cat /run/hinomi-appliance/state", "sensor=active", 300)
        expect("cases outlive a restart", board.ssh("hinomi cases --json | wc -l").strip() == kept)
        expect("what was changed in the system is undone", board.ssh("test -e /usr/bin/left-behind || test -d /usr/lib/systemd/system/x.d || echo undone").strip() == "undone")
        captures_after(board)
        expect("the mirror port says nothing, ever", board.mirror_heard() == [])
        expect("the roles are remembered", "how=memory" in board.ssh("cat /run/hinomi-appliance/roles"))
        board.off()
        # Without its key nobody gets in.
        board.card_write("hinomi.txt", "language = en\r\n")
        board.start()
        before = heard(desk)
        wait_until("the desk hears of it", lambda: heard(desk) != before, 240, board)
        expect("SSH is closed unless asked for", board.ssh("echo in", check=False, timeout=60) == "")


def written(board):
    """Bytes that the card was given since the start."""
    return int(board.ssh("cat /sys/block/vda/stat").split()[6]) * 512


def quiet(bench, rounds=2):
    """How much a card is worn in an office where nothing happens: thirteen minutes of harmless work, again and again, at their own speed."""
    desk = bench.desk(heartbeat="300s")
    with desk, bench.board("quiet", desk_port=desk.port) as board:
        board.card_write("desk.pem", (bench.folder / "desk/tls.pem").read_bytes())
        board.card_write("hinomi.txt", f"code = {desk.code('Quiet office')}\nurl = https://{boards.DESK_ADDRESS}:8443/\nauthority = desk.pem\n"
                         f"ssh_key = {board.public_key()}\n")
        board.start()
        board.wait_for("cat /run/hinomi-appliance/state", "courier=ok", 400, "the sensor is enrolled")
        board.mirror_capture(QUIET, speed=1)
        before, begin = written(board), time.monotonic()
        for _ in range(rounds):
            board.mirror_capture(QUIET, speed=1)
        board.ssh("sync")
        minutes = (time.monotonic() - begin) / 60
        bytes_a_day = (written(board) - before) / minutes * 24 * 60
        seen("minutes", round(minutes))
        seen("written to the card, MB a day", round(bytes_a_day / 1e6))
        expect("at most 200 MB a day", bytes_a_day <= 200e6, bytes_a_day)
        expect("no case", desk_cases(desk) == [], desk_cases(desk))
        figures(board)
