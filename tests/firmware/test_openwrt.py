"""test_openwrt.py HINOMI SOURCE: OpenWrt's recipe as far as it goes without OpenWrt: the start script with stand-ins for rc.common and
procd, the options it writes as the sensor reads them, the recipe's variables as make reads them."""

import pathlib
import shlex
import subprocess
import sys
import tempfile

hinomi, source = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
recipe = source / "firmware/openwrt"
failures = 0

# config_load and its like read a table of name=value, a line each item of a list; procd's calls are written down.
RC_COMMON = r"""
config_load() { :; }
config_get() { eval "$1=\"\${uci_$2_$3:-$4}\""; }
config_get_bool() { config_get "$@"; eval "case \$$1 in on|true|yes|enabled) $1=1 ;; esac"; }
procd_add_reload_trigger() { echo "anew with $1"; }
procd_add_reload_interface_trigger() { echo "anew with network $1"; }
config_list_foreach() {
	eval "list=\$uci_$1_$2"
	while IFS= read -r item; do [ -z "$item" ] || "$3" "$item"; done <<END
$list
END
}
network_get_device() { [ "$2" != lan ] || eval "$1=br-lan"; [ "$2" != wan6 ] || eval "$1=pppoe-wan"; }
procd_open_instance() { printf 'instance %s' "$1"; }
procd_set_param() { case $1 in command) shift; printf ' :'; printf ' %s' "$@" ;; file) printf ' (%s %s)' "$2" "$3" ;; esac; }
procd_append_param() { shift; printf ' %s' "$@"; }
procd_close_instance() { echo; }
chown() { echo "chown $*" >&2; }
logger() { echo "log: $*" >&2; }
"""


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}")


def call(folder, command, **uci):
    """A command of the start script: exit code, lines, and what it did and said beside them."""
    script = (recipe / "files/hinomi.init").read_text()
    for there, here in (("/var/etc/", f"{folder}/etc/"), ("own=/etc/hinomi/", f"own={folder}/own/"), ("/usr/bin/hinomi check-config", f"{hinomi} check-config"),
                        (". /lib/functions/network.sh", ":"), ("hinomi-courier enrol", "echo hinomi-courier enrol")):
        if there not in script:
            raise RuntimeError(there)
        script = script.replace(there, here)
    settings = "".join(f"uci_{name}={shlex.quote(str(value))}\n" for name, value in uci.items())
    result = subprocess.run(["dash", "-uc", RC_COMMON + settings + script + f"\n{command}\n"], capture_output=True, text=True, check=False)
    if "not found" in result.stderr:
        raise RuntimeError(result.stderr)
    return result.returncode, result.stdout.splitlines(), result.stderr


def checked(options):
    return subprocess.run([hinomi, "check-config", "--config", options], capture_output=True, text=True, check=False)


def script(folder):
    state = {"sensor_state": f"{folder}/state", "courier_folder": f"{folder}/courier"}
    options, own = pathlib.Path(folder) / "etc/hinomi.yaml", pathlib.Path(folder) / "own/hinomi.yaml"
    expect("off as it comes", call(folder, "start_service", **state)[:2] == (0, []))
    expect("nothing is written either", not options.exists())
    code, lines, did = call(folder, "start_service", sensor_enabled=1, sensor_interface="lan\nwan6", sensor_outside="wan6", **state)
    expect("the sensor alone", lines == [f"instance sensor : /usr/bin/hinomi watch --config {options} ({options} {own})"], lines)
    said = checked(options)
    expect("the sensor takes these options, networks by their devices", said.returncode == 0 and "interfaces: 'br-lan pppoe-wan'" in said.stdout and
           "outside: 'pppoe-wan'" in said.stdout, said.stderr)
    expect("folders are whose they should be", f"chown hinomi:hinomi {folder}/state" in did and f"chown hinomi-courier:hinomi {folder}/courier" in did, did)
    own.parent.mkdir()
    own.write_text("flow:\n  budget: 16M\n")
    code, lines, _ = call(folder, "start_service", sensor_enabled=1, courier_enabled=1, sensor_interface="eth1", sensor_place="mirror", **state)
    expect("both, with a file of the office's own", [line.split()[1] for line in lines] == ["sensor", "courier"] and
           all(f" --config {own} " in line for line in lines), lines)
    expect("a mirror", "place: 'mirror'" in options.read_text())
    own.write_text("flow:\n  colour: red\n")
    code, lines, did = call(folder, "start_service", sensor_enabled=1, sensor_interface="eth1", **state)
    expect("a wrong option: said in the log, and nothing started", (code, lines) == (1, []) and "log: " in did and "colour" in did, did)
    own.unlink()
    code, lines, _ = call(folder, "enrol https://desk.example.jp/ ABCDE-23456-FGHIJ-KLMNO", sensor_interface="lan", **state)
    expect("enrolled with the same options", code == 0 and lines[0] == f"hinomi-courier enrol --config {options} --url https://desk.example.jp/ --code ABCDE-23456-FGHIJ-KLMNO", lines)
    code, _, did = call(folder, "enrol https://desk.example.jp/", **state)
    expect("enrol without a code: told how", code == 2 and "usage" in did, did)


def keys(options):
    """The names in the file: those that somebody's text must not change."""
    return [line.partition(":")[0] for line in options.read_text().splitlines()]


def hostile(folder):
    """Whatever somebody writes into /etc/config/hinomi is a string for the sensor, or refused, and no command for the router."""
    plain = {"sensor_enabled": "yes", "sensor_interface": "eth1", "sensor_outside": "eth0", "sensor_place": "gateway",
             "sensor_state": f"{folder}/state", "courier_folder": f"{folder}/courier"}
    options = pathlib.Path(folder) / "etc/hinomi.yaml"
    code, lines, _ = call(folder, "start_service", **plain)
    shape = keys(options)
    expect("plain settings", code == 0 and len(lines) == 1)
    for value in ("it's", "a'\nstore:\n  size: 1G\n'", "$(touch @/bad)", "`touch @/bad`", "; touch @/bad", "a\\", "\x07\x1b[2J", "' : - {", "*"):
        value = value.replace("@", folder)
        for setting in plain:
            if setting == "sensor_enabled":
                continue
            code, lines, did = call(folder, "start_service", **{**plain, setting: value})
            expect(f"{setting} {value!r}: one string, or refused", keys(options) == shape and (code == 0) == bool(lines) and (code == 0 or "log: -t hinomi -p daemon.err not started" in did), did)
    for path in ("/", "/etc", "/etc/", "relative/x", "/tmp/../etc/x", "/mnt/no-such-disk/hinomi", ""):
        code, lines, did = call(folder, "start_service", **{**plain, "sensor_state": path})
        is_default = path == ""
        expect(f"state in {path!r}: {'the usual one' if is_default else 'refused, and nobody given it'}", (code == 0) == is_default and
               (is_default or f"chown hinomi:hinomi {path}" not in did), did)
    code, lines, _ = call(folder, "service_triggers", **{**plain, "sensor_interface": "lan\nwan6"})
    expect("a network that comes up later", lines == ["anew with hinomi", "anew with network lan", "anew with network wan6"], lines)
    expect("nothing of it was run", not (pathlib.Path(folder) / "bad").exists())


def recipe_variables(folder):
    stub = pathlib.Path(folder) / "stub"
    stub.mkdir()
    for name in ("rules.mk", "package.mk", "cmake.mk"):
        (stub / name).write_text("")
    print_all = "define BuildPackage\n$(info depends $(strip $(filter +%,$(subst :=, ,$(Package/$(1))))))\n$(info options $(CMAKE_OPTIONS))\nendef\n"
    (stub / "rules.mk").write_text(print_all)
    said = subprocess.run(["make", "-n", "-f", recipe / "Makefile", f"TOPDIR={stub}", f"INCLUDE_DIR={stub}"], capture_output=True, text=True, check=False).stdout
    wanted = [word for word in said.splitlines() if word.startswith("depends")]
    expect("make reads the recipe", wanted and "+libndpi" in wanted[0] and "+libmosquitto-ssl" in wanted[0] and "HINOMI_DESK=OFF" in said, said)
    # One dependency for each library that the sensor links, but libc's own.
    linked = (source / "tools/cmake/libraries.cmake").read_text().count("pkg_check_modules") - 2
    expect("as many libraries as the sensor links, and threads, and authorities", len(wanted[0].split()) - 3 == linked, (wanted, linked))


with tempfile.TemporaryDirectory() as place:
    script(place)
with tempfile.TemporaryDirectory() as place:
    hostile(place)
    recipe_variables(place)
sys.exit(1 if failures else 0)
