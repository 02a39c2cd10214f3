"""sbom.py TREE VERSIONS IMAGE_VERSION: the bill of materials of an image as CycloneDX 1.5 JSON.

TREE is the root file system, whose dpkg database tells what is installed; VERSIONS has a line
`package version architecture source` for what is in the image but not installed by dpkg: kernel, firmware, boot loader.
The same tree gives the same bytes: no time of making and no random number stands in it.
"""

import json
import pathlib
import subprocess
import sys
import urllib.parse
import uuid

SUITE = "debian-12"


def installed(tree):
    rows = subprocess.run(
        ["dpkg-query", f"--admindir={tree}/var/lib/dpkg", "-W",
         "-f=${Package} ${Version} ${Architecture} ${source:Package} ${db:Status-Status}\n"],
        check=True, capture_output=True, text=True).stdout.splitlines()
    return [row.split()[:4] for row in rows if row.endswith(" installed")]


def component(row):
    name, version, architecture, source = row
    vendor = "hinomi" if name.startswith("hinomi") else "debian"
    purl = f"pkg:deb/{vendor}/{name}@{urllib.parse.quote(version)}?arch={architecture}&distro={SUITE}"
    kind = {"linux-image": "operating-system", "raspi-firmware": "firmware", "u-boot-rpi": "firmware"}
    return {
        "type": next((kind[start] for start in kind if name.startswith(start)), "library"),
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "properties": [{"name": "debian:source", "value": source}],
    }


def main():
    tree, versions, image_version = sys.argv[1:]
    rows = installed(tree) + [line.split() for line in pathlib.Path(versions).read_text().splitlines()]
    components = sorted((component(row) for row in rows), key=lambda one: one["bom-ref"])
    text = json.dumps(components, sort_keys=True)
    print(json.dumps({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": "urn:uuid:" + str(uuid.uuid5(uuid.NAMESPACE_URL, text)),
        "version": 1,
        "metadata": {"component": {"type": "firmware", "bom-ref": "hinomi-image", "name": "hinomi-image", "version": image_version}},
        "components": components,
    }, indent=1, sort_keys=True))


main()
