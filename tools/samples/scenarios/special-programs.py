# SPDX-License-Identifier: Apache-2.0
"""Programs with protocols of their own: a console that people type at, a tool, a dead server, pings."""
import subprocess

import people

SECONDS = 240
CAPTURE = "capture.pcap.zst"
CONSOLE = "console.hosting.example"
TOOL = "ledger.accounting.example"
GONE = "license.accounting.example"
SITES = {CONSOLE: ("203.0.113.171", ""), TOOL: ("203.0.113.172", ""), GONE: ("203.0.113.173", "")}
TYPED = ["id", "uname -s", "seq 1 200", "head -c 900 /etc/services", "echo done", "exit"]


def console(office, host):
    """The other way round than an intruder's: a person here types, a shell outside answers."""
    office.start("internet", "env", "-i", "PATH=/usr/bin:/bin", "HOME=/", "TERM=dumb",
                 "PS1=www@console:~$ ", "socat",
                 f"TCP-LISTEN:7001,bind={SITES[CONSOLE][0]},reuseaddr,fork",
                 "EXEC:bash --norc --noprofile -i,pty,stderr,setsid,sigint,sane")
    office.until(30)
    person = office.popen(host, "socat", "-", f"TCP:{CONSOLE}:7001", stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    dice = office.dice("typist " + host)
    for line in TYPED:
        if office.rest(dice.uniform(5, 12)):
            return
        person.stdin.write(line.encode() + b"\n")
        person.stdin.flush()


def tool(office, host):
    office.program("internet", "exchange_server", SITES[TOOL][0], 8610, 400)
    office.until(25)
    dice = office.dice("tool " + host)
    while not office.rest(dice.uniform(8, 75)):
        office.once(host, "exchange", TOOL, 8610, dice.randrange(150, 4000))


def dead_server(office, host):
    office.until(35)
    office.start(host, "socat", "-u", "/dev/null", f"TCP:{GONE}:8611,retry=200,interval=12")


def pings(office, host):
    office.until(60)
    for size in ("56", "1000", "1472"):
        office.run(host, "ping", "-q", "-c", "5", "-s", size, SITES[TOOL][0], seconds=20)


def play(office):
    people.arrive(office)
    people.ordinary(office, SECONDS - 30, browsing_pause=120)
    office.spawn(console, "anna")
    office.spawn(tool, "ben")
    office.spawn(dead_server, "cleo")
    office.spawn(pings, "dana")
    office.until(SECONDS)
