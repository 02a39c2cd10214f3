# SPDX-License-Identifier: Apache-2.0
"""
Weeks of an office in minutes: what its devices do every eleven hours, and time that passes between
(Office.pass_time). Somebody is always awake, or it would be the sensor that seems to have slept.
"""
import people

MINUTE, HOUR = 60, 3600
SHIFT = 11 * HOUR
# What is there for less than half an hour has not come to stay.
QUARTER = 16 * MINUTE
QUARTERS = 3


def be_there(office):
    """A sign of life of what is always on."""
    office.once("nas", "announce", "ssdp-notify", "urn:schemas-upnp-org:device:Basic:1", 1, 1)
    office.once("printer", "announce", "mdns-tell", "HP LaserJet._ipp._tcp.local", 1, 1)


def quarters(office, work):
    """Most of an hour in which `work(quarter)` is done every 16 minutes."""
    for quarter in range(QUARTERS):
        be_there(office)
        work(quarter)
        office.pass_time(QUARTER)


def shifts(office, count, work):
    """`work(shift)`, then nothing for eleven hours, again and again."""
    dice = office.dice("shifts")
    for number in range(count):
        be_there(office)
        work(number)
        office.pass_time(SHIFT + dice.randrange(10 * MINUTE))


def read_news(office, hosts):
    for host in hosts:
        office.fetch(host, people.PLAIN_SITE)
