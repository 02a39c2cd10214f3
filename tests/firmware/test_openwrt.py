"""test_openwrt.py HINOMI SOURCE: OpenWrt's recipe as far as it goes without OpenWrt: the start script with stand-ins for rc.common and
procd, the options it writes as the sensor reads them, the recipe's variables as make reads them."""

import pathlib
import subprocess
import sys
import tempfile

hinomi, source = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
recipe = source / "firmware/openwrt"
failures = 0

# config_load and its like read a table of name=value; procd's calls are written down.
RC_COMMON = r"""
config_load() { :; }
config_get() { eval "$1=\"\${uci_$2_$3:-$4}\""; }
config_get_bool() { config_get "$@"; }
config_list_foreach() { eval "for item in \$uci_$1_$2; do $3 \"\$item\"; done"; }
procd_open_instance() { printf 'instance %s' "$1"; }
procd_set_param() { [ "$1" != command ] || { shift; printf ' :'; printf ' %s' "$@"; }; }
procd_append_param() { shift; printf ' %s' "$@"; }
procd_close_instance() { echo; }
chown() { :; }
"""


def expect(what, is_so, shown=""):
    global failures
    failures += not is_so
    print(f"ok   {what}" if is_so else f"FAIL {what}: {shown!r}")


def start(folder, **uci):
    script = (recipe / "files/hinomi.init").read_text().replace("/var/etc/", "@@").replace("/etc/hinomi", f"{folder}/own").replace("@@", f"{folder}/etc/")
    settings = "".join(f"uci_{name}='{value}'\n" for name, value in uci.items())
    result = subprocess.run(["dash", "-euc", RC_COMMON + settings + script + "\nstart_service\n"], capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(result.stderr)
    return result.stdout.splitlines()


with tempfile.TemporaryDirectory() as folder:
    state = {"sensor_state": f"{folder}/state", "courier_folder": f"{folder}/courier"}
    expect("off as it comes", start(folder, **state) == [])
    options = pathlib.Path(folder) / "etc/hinomi.yaml"
    expect("nothing is written either", not options.exists())
    lines = start(folder, sensor_enabled=1, sensor_interface="br-lan wan", sensor_outside="wan", **state)
    expect("the sensor alone", lines == [f"instance sensor : /usr/bin/hinomi watch --config {options}"], lines)
    checked = subprocess.run([hinomi, "check-config", "--config", options], capture_output=True, text=True, check=False)
    expect("the sensor takes these options", checked.returncode == 0 and "interfaces: 'br-lan wan'" in checked.stdout, checked.stderr)
    (pathlib.Path(folder) / "own").mkdir()
    (pathlib.Path(folder) / "own/hinomi.yaml").write_text("{}\n")
    lines = start(folder, sensor_enabled=1, courier_enabled=1, sensor_interface="eth1", sensor_place="mirror", **state)
    expect("both, with a file of the office's own", [line.split()[1] for line in lines] == ["sensor", "courier"] and
           all(line.endswith("own/hinomi.yaml") for line in lines), lines)
    expect("a mirror", "place: mirror" in options.read_text())

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
    expect("as many libraries as the sensor links, and threads", len(wanted[0].split()) - 2 == linked, (wanted, linked))
sys.exit(1 if failures else 0)
