"""test_appliance_signs.py SOURCE: from what goes wrong to what lamp and screen say of it; and whether a start is good."""

import json
import os

from appliance_box import box_with, done, expect

STATE = "run/hinomi-appliance/state"
TRIAL = "quiet rauc.slot=A hinomi.trial quiet\n"
METRICS = "# HELP hinomi_packets_total x\nhinomi_packets_total {packets}\nhinomi_cases 3\n" \
          'hinomi_interface_dropped_kernel_total{{interface="eth1"}} 4\nhinomi_interface_dropped_card_total{{interface="eth1"}} 3\n'
CASES = "".join(f'{{"schema":"hinomi.case/1","id":"x","rev":1,"action":"create","state":"{state}","priority":{priority},"impact":4}}\n'
                for state, priority in (("new", 1), ("quiet", 1), ("new", 2)))


def finding(severity, state="open"):
    return json.dumps({"schema": "hinomi.health/1", "state": state, "code": "x", "severity": severity, "interface": "eth1",
                       "sentence": {"en": f'Only "{severity}" is seen.', "ja": f"「{severity}」しか見えません。"}, "setting": {"en": "a", "ja": "b"}},
                      ensure_ascii=False, separators=(",", ":")) + "\n"


def healthy():
    """A box that is enrolled and sees its office."""
    box = box_with("language = ja\n")
    box.write("run/hinomi-appliance/roles", "mirror=eth1\nmanagement=eth0\nhow=wish\n")
    box.write("var/lib/hinomi-courier/enrolled.yaml", "x\n")
    box.write("proc/mounts", "/dev/mmcblk0p4 /data ext4 rw,noatime 0 0\n")
    box.write("proc/uptime", "100.00 1\n")
    box.write("proc/cmdline", "quiet rauc.slot=A\n")
    box.write("etc/os-release", "IMAGE_VERSION=1.2.3\n")
    box.write("units/hinomi-sensor.service", "active\n")
    box.write("units/hinomi-courier.service", "active\n")
    box.write("said/metrics", METRICS.format(packets=1000))
    box.write("said/address", "2: eth0 inet 192.168.1.7/24 brd x\n")
    box.write("said/cases", CASES)
    box.write("said/health", "")
    box.write("said/courier", '{"outputs":[{"name":"a","delivered":"2026-11-23T01:02:03.000004Z","problem":""}]}\n')
    box.program("systemctl", f"""for last; do :; done
[ "$1" = is-active ] || exit 0
if [ "$2" != --quiet ]; then cat {box.root}/units/$last; fi
grep -qx active {box.root}/units/$last""")
    box.program("curl", f"cat {box.root}/said/metrics")
    box.program("ip", f"cat {box.root}/said/address")
    box.program("setpriv", 'while [ "${1#--}" != "$1" ]; do shift; done\nexec "$@"')
    box.program("hinomi", f'cat {box.root}/said/$1')
    # A pause is over at once, and the box's time goes on by it.
    box.program("sleep", f"""read now rest <{box.root}/proc/uptime
echo "$((${{now%%.*}} + $1)).00 1" >{box.root}/proc/uptime""")
    box.program("hinomi-courier", f'cat {box.root}/said/courier')
    return box


def look(box):
    for kept in ("courier", "cases", "health"):
        (box.root / f"run/hinomi-appliance/{kept}.json").unlink(missing_ok=True)
    box.run("health", "now")
    return box.pairs(STATE)


def said():
    state = look(healthy())
    expect("all is well", (state["state"], state["reason"], state["reason_ja"]) == ("ok", "Watching.", "監視中です。"), state)
    expect("with its figures", [state[name] for name in ("cases", "urgent", "dropped", "delivered", "address", "storage", "courier")] ==
           ["3", "1", "7", "2026-11-23T01:02:03", "192.168.1.7", "ok", "ok"], state)
    troubles = {
        "no port": ("run/hinomi-appliance/roles", "how=none\n", "trouble", "USB network adapter"),
        "nothing heard": ("run/hinomi-appliance/roles", "how=waiting\n", "trouble", "both cables"),
        "no roles yet": ("run/hinomi-appliance/roles", "", "starting", "which"),
        "one port": ("run/hinomi-appliance/roles", "mirror=eth0\nmanagement=eth0\nhow=alone\n", "trouble", "one network port"),
        "a port that is not there": ("run/hinomi-appliance/roles", "mirror=eth1\nmanagement=eth0\nhow=lease\nmissing=eth7\n", "trouble", "eth7"),
        "sensor dead": ("units/hinomi-sensor.service", "failed\n", "trouble", "does not run"),
        "sensor starting": ("units/hinomi-sensor.service", "activating\n", "starting", "is starting"),
        "no figures yet": ("said/metrics", "", "starting", "is starting"),
        "card read only": ("proc/mounts", "/dev/mmcblk0p4 /data ext4 ro,noatime 0 0\n", "trouble", "memory card"),
        "card in memory": ("run/hinomi-appliance/storage", "x\n", "trouble", "memory card"),
        "no mirror cable": ("sys/class/net/eth1/carrier", "0\n", "trouble", "mirror port (eth1)"),
        "no address": ("said/address", "", "trouble", "cable of eth0"),
        "sensor blind": ("said/health", finding("warning") + finding("fault"), "trouble", 'Only "fault" is seen.'),
        "sensor half blind": ("said/health", finding("warning"), "ok", 'Watching, but: Only "warning" is seen.'),
        "blind before": ("said/health", finding("fault", "closed"), "ok", "Watching."),
        "courier dead": ("units/hinomi-courier.service", "failed\n", "trouble", "rangers cannot be reached"),
        "desk does not answer": ("said/courier", '{"outputs":[{"problem":"no answer"}]}\n', "trouble", "rangers cannot be reached"),
        "not enrolled": ("var/lib/hinomi-courier/enrolled.yaml", "", "ok", "Not enrolled"),
    }
    for what, (path, content, state_wanted, words) in troubles.items():
        box = healthy()
        box.write(path, content)
        state = look(box)
        expect(f"{what}: {state_wanted}", state["state"] == state_wanted and words in state["reason"], state)
        expect(f"{what}: in Japanese too", any(ord(letter) > 0x3000 for letter in state["reason_ja"]), state)
    box = healthy()
    box.write("units/hinomi-sensor.service", "activating\n")
    box.write("proc/uptime", "1000.00 1\n")
    expect("a sensor that begins again and again does not run", look(box)["state"] == "trouble")
    for program, early, late in (("hinomi", "ok", "does not say how it is"), ("hinomi-courier", "trouble", "rangers cannot be reached")):
        box = healthy()
        box.program(program, "exit 1")
        expect(f"{program} has no answer right after the start: {early}", look(box)["state"] == early, box.read(STATE))
        box.write("proc/uptime", "400.00 1\n")
        state = look(box)
        expect(f"{program} has no answer: trouble", state["state"] == "trouble" and late in state["reason"], state)
    box = healthy()
    box.write("run/hinomi-appliance/roles", "")
    box.write("proc/uptime", "1000.00 1\n")
    expect("roles that are never found out are no start", look(box)["state"] == "trouble")
    box = healthy()
    box.write("data/settings/enrol.txt", "code = x\n")
    expect("the first try to enrol is no trouble", look(box)["state"] == "ok")
    box.write("run/hinomi-appliance/enrolment", "refused: \\033[2J\033[2Jno such code\\nstate=ok\n")
    box.write("run/hinomi-appliance/enrolment.ja", "コードが違います。\n")
    state = look(box)
    expect("in Japanese, too", state["reason_ja"].endswith("：コードが違います。"), state)
    expect("one that failed is, and its words are but words", state["state"] == "trouble" and "no such code\\nstate=ok" in state["reason"] and "\033" not in state["reason"], state)
    box = healthy()
    look(box)
    box.write("said/metrics", METRICS.format(packets=1600))
    box.write("proc/uptime", "120.00 1\n")
    expect("packets a second", look(box)["rate"] == "30", box.read(STATE))


def asked_once():
    box = healthy()
    for _ in range(3):
        box.run("health", "now")
    asked = [call for call in box.calls() if call.startswith(("hinomi ", "hinomi-courier "))]
    expect("data bases are opened once a minute", len(asked) == 3, asked)
    users = {call.split()[1] for call in box.calls() if call.startswith("setpriv")}
    expect("as the users whose they are", users == {"--reuid=hinomi", "--reuid=hinomi-courier"}, users)


def shown():
    box = healthy()
    led = box.root / "sys/class/leds/ACT"
    led.mkdir(parents=True)
    for name in ("trigger", "delay_on", "delay_off"):
        (led / name).write_text("\n")
    screen = box.root / "screen"
    screen.write_text("")

    def signs(rounds=1):
        (box.root / "run/hinomi-appliance/health.json").unlink(missing_ok=True)
        box.run("health", "now")
        box.run("signs", HINOMI_SIGNS_ROUNDS=str(rounds), HINOMI_SIGNS_PAUSE="0", HINOMI_SCREEN=str(screen))
        return screen.read_text().split("\033[2J")[-1]

    page = signs()
    expect("the screen says it", all(words in page for words in ("HINOMI 1.2.3", "OK: Watching.", "eth1", "192.168.1.7", "urgent: 1", "2026-11-23T01:02:03")), page)
    expect("the lamp beats", (led / "trigger").read_text() == "heartbeat\n")
    box.write("said/health", finding("fault").replace("Only", "Only 火 " + "very long words " * 40))
    page = signs()
    expect("80 columns and 25 lines of plain letters", all(len(line) <= 80 for line in page.splitlines()) and len(page.splitlines()) <= 25 and page.isascii(), page)
    expect("trouble is said", "TROUBLE: Only" in page, page)
    expect("the lamp blinks quickly", [(led / name).read_text() for name in ("trigger", "delay_on", "delay_off")] == ["timer\n", "120\n", "120\n"])
    box.write("said/health", "")
    screen.unlink()
    os.mkfifo(screen)
    reader = os.open(screen, os.O_RDWR | os.O_NONBLOCK)
    box.run("signs", HINOMI_SIGNS_ROUNDS="3", HINOMI_SIGNS_PAUSE="0", HINOMI_SCREEN=str(screen))
    expect("nothing new: the screen is left alone", os.read(reader, 65536).count(b"\033[2J") == 1)
    os.close(reader)
    screen.unlink()
    screen.write_text("")
    box.write("units/hinomi-sensor.service", "activating\n")
    signs()
    expect("the lamp is steady while it starts", (led / "trigger").read_text() == "default-on\n")
    box.write("units/hinomi-sensor.service", "active\n")
    box.write("proc/uptime", "100.00 1\n")
    signs()
    box.write("proc/uptime", "1000.00 1\n")
    box.run("signs", HINOMI_SIGNS_ROUNDS="1", HINOMI_SIGNS_PAUSE="0", HINOMI_SCREEN=str(screen))
    expect("a look that hangs: what was well is not said for ever", (led / "trigger").read_text() == "timer\n" and
           "TROUBLE: The box does not answer itself" in screen.read_text().split("\033[2J")[-1], screen.read_text())
    box.write("proc/uptime", "100.00 1\n")
    (led / "trigger").unlink()
    (led / "trigger").mkdir()
    box.program("sleep", f"[ ! -d {led}/trigger ] || {{ rmdir {led}/trigger; : >{led}/trigger; }}")
    box.run("signs", HINOMI_SIGNS_ROUNDS="2", HINOMI_SIGNS_PAUSE="0", HINOMI_SCREEN=str(screen))
    expect("a lamp that could not be set yet is set the next time", (led / "trigger").read_text() == "heartbeat\n")
    for name in ("trigger", "delay_on", "delay_off"):
        (led / name).unlink()
    screen.unlink()
    signs_without = box.run("signs", HINOMI_SIGNS_ROUNDS="1", HINOMI_SIGNS_PAUSE="0", HINOMI_SCREEN=str(screen))
    expect("a box without lamp and screen is no trouble", signs_without == "" and not screen.exists())


def good_start():
    def boot(box, code=0):
        box.run("health", "boot", code=code, HINOMI_HEALTH_PATIENCE="5")
        return [call for call in box.calls() if "reboot" in call]

    expect("a start that is good", boot(healthy()) == [])
    box = healthy()
    box.write("units/hinomi-sensor.service", "failed\n")
    expect("a bad start of a version that was good before: the box stays up", boot(box) == [])
    box.write("proc/cmdline", TRIAL)
    expect("of a version on trial: it starts again", boot(box, code=1) == ["systemctl --no-block reboot"])
    box = healthy()
    box.write("said/address", "")
    expect("no address is no fault of a version that is not on trial", boot(box) == [])
    box.write("proc/cmdline", TRIAL)
    expect("a version on trial has to find the office network", boot(box, code=1) != [])
    box.write("said/address", "2: eth0 inet 192.168.1.7/24 brd x\n")
    box.write("proc/mounts", "/dev/mmcblk0p4 /data ext4 ro 0 0\n")
    expect("and to be able to write", boot(box, code=1) != [])


said()
asked_once()
shown()
good_start()
done()
