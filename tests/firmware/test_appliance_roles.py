"""test_appliance_roles.py SOURCE: which port is the mirror: as asked for, remembered, found out; and what happens when cables and adapters move."""

from appliance_box import Watching, box_with, done, expect

ROLES = "run/hinomi-appliance/roles"


def once():
    def found(box, **more):
        box.run("roles", HINOMI_ROLES_PATIENCE="1", HINOMI_ROLES_ROUNDS="0", **more)
        return box.pairs(ROLES)

    box = box_with("mirror = eth1\n")
    expect("as it was asked for", found(box) == {"mirror": "eth1", "management": "eth0", "how": "wish"})
    expect("the sensor's options", "interfaces: eth1" in box.read("data/settings/hinomi.yaml"))
    network = box.read("run/systemd/network/10-mirror.network")
    expect("the mirror gets no address", "Name=eth1" in network and "DHCP=no" in network and "LinkLocalAddressing=no" in network)
    (box.root / "run/systemd/network/10-mirror.network").unlink()
    box.run("setup")
    expect("the next time it is known before the network is up", "Name=eth1" in (box.read("run/systemd/network/10-mirror.network") or ""))
    expect("by hardware address", found(box_with("management = 02:00:00:00:00:02\n")) == {"mirror": "eth0", "management": "eth1", "how": "wish"})
    box = box_with("")
    (box.root / "run/hinomi-appliance/lease-eth1").touch()
    expect("the port with an address is the office network", found(box) == {"mirror": "eth0", "management": "eth1", "how": "lease"})
    (box.root / "run/hinomi-appliance/lease-eth1").unlink()
    expect("and is remembered", found(box) == {"mirror": "eth0", "management": "eth1", "how": "memory"})
    (box.root / "sys/class/net/eth1/address").write_text("02:00:00:00:00:77\n")
    expect("another adapter: found out anew, by who hears more", found(box) == {"mirror": "eth1", "management": "eth0", "how": "traffic"})
    expect("a guess is not remembered", "77" not in box.read("data/settings/roles"))
    box = box_with("")
    for name in ("eth0", "eth1"):
        (box.root / f"run/hinomi-appliance/lease-{name}").touch()
    expect("both have an address: the quieter is the office network", found(box)["management"] == "eth0")
    expect("one port alone", found(box_with("", ports=("eth0",))) == {"mirror": "eth0", "management": "eth0", "how": "alone"})
    expect("one port alone, as it was asked for", found(box_with("mirror = eth0\nmanagement = eth0\n", ports=("eth0",)))["how"] == "wish")
    expect("one port alone, half asked for", found(box_with("mirror = eth0\n", ports=("eth0",)))["management"] == "eth0")
    box = box_with("mirror = eth7\n")
    (box.root / "run/hinomi-appliance/lease-eth0").touch()
    expect("a port that is not there is told, and the others found out", found(box) == {"mirror": "eth1", "management": "eth0", "how": "lease", "missing": "eth7"}, box.read(ROLES))
    box = box_with("address = 192.168.1.5/24\ngateway = 192.168.1.1\nmirror = eth1\n")
    found(box)
    network = box.read("run/systemd/network/20-management.network")
    expect("a fixed address", "Address=192.168.1.5/24" in network and "Gateway=192.168.1.1" in network and "DHCP=no" in network, network)


def acts(box):
    return (box.read("run/hinomi-appliance/acts") or "").splitlines()


def watching(box, **more):
    return Watching(box, "roles", **{"HINOMI_ROLES_PATIENCE": "1", "HINOMI_ROLES_PAUSE": "0.2", "HINOMI_ROLES_DOUBT": "1000", **more})


def done_to_the_mirror():
    box = box_with("mirror = eth1\n")
    box.run("roles", HINOMI_ROLES_ROUNDS="0")
    noted = acts(box)
    expect("rules before the port is up, then nothing joined, promiscuous, no ARP",
           noted.index("systemctl start hinomi-mirror-guard@eth1.service") < noted.index("networkctl reconfigure eth1") <
           noted.index("ethtool -K eth1 gro off") < noted.index("ip link set dev eth1 arp off multicast off promisc on up"), noted)
    expect("new options: the sensor begins anew", noted[-1] == "systemctl --no-block restart hinomi-sensor.service")
    box.run("roles", HINOMI_ROLES_ROUNDS="0")
    expect("the same options: it is only started", acts(box)[-1] == "systemctl --no-block start hinomi-sensor.service")


def moved():
    box = box_with("", ports=("eth0",))
    with watching(box) as script:
        expect("one port: watched alone", script.until(lambda: box.pairs(ROLES).get("how") == "alone"))
        box.port("eth1", "02:00:00:00:00:02", 5000)
        (box.root / "run/hinomi-appliance/lease-eth0").touch()
        expect("an adapter that is plugged in later becomes the mirror",
               script.until(lambda: box.pairs(ROLES) == {"mirror": "eth1", "management": "eth0", "how": "lease"}), box.read(ROLES))
        expect("the sensor follows", script.until(lambda: "interfaces: eth1" in box.read("data/settings/hinomi.yaml")))
    box = box_with("")
    for name in ("eth0", "eth1"):
        (box.root / f"sys/class/net/{name}/statistics/rx_packets").write_text("3\n")
    with watching(box) as script:
        expect("no router, nothing to hear: no guess", script.until(lambda: box.pairs(ROLES) == {"how": "waiting"}), box.read(ROLES))
        (box.root / "run/hinomi-appliance/lease-eth1").touch()
        expect("cables that come later are found out", script.until(lambda: box.pairs(ROLES).get("management") == "eth1"), box.read(ROLES))
    box = box_with("")
    lease = box.root / "run/hinomi-appliance/lease-eth0"
    lease.touch()
    with watching(box, HINOMI_ROLES_DOUBT="5") as script:
        expect("found out", script.until(lambda: box.pairs(ROLES).get("management") == "eth0"))
        lease.rename(box.root / "run/hinomi-appliance/lease-eth1")
        expect("cables in the other sockets are found out anew", script.until(lambda: box.pairs(ROLES).get("management") == "eth1"), box.read(ROLES))
        expect("the old mirror may speak again, the new one may not", script.until(lambda: "systemctl start hinomi-mirror-guard@eth0.service" in acts(box)) and
               "systemctl stop hinomi-mirror-guard@eth1.service" in acts(box), acts(box))
        (box.root / "run/hinomi-appliance/lease-eth1").unlink()
        before = len(acts(box))
        expect("a router that is off changes nothing", script.until(lambda: len([act for act in acts(box)[before:] if "guard" in act]) >= 3) and
               script.until(lambda: box.pairs(ROLES).get("management") == "eth1"), (box.read(ROLES), acts(box)[before:]))
    box = box_with("mirror = eth1\n")
    with watching(box) as script:
        script.until(lambda: box.pairs(ROLES).get("how") == "wish" and acts(box)[-1:] == ["systemctl --no-block restart hinomi-sensor.service"])
        before = len(acts(box))
        box.write("sys/class/net/eth1/ifindex", "9\n")
        expect("an adapter that was away for a moment is made the mirror again",
               script.until(lambda: {"systemctl start hinomi-mirror-guard@eth1.service", "ethtool -K eth1 gro off"} <= set(acts(box)[before:])), acts(box)[before:])
    box = box_with("mirror = eth1\n")
    with watching(box, HINOMI_ROLES_DOUBT="2") as script:
        script.until(lambda: box.pairs(ROLES).get("how") == "wish")
        before = len(acts(box))
        expect("what was asked for is never doubted", not script.until(lambda: any("guard" in act for act in acts(box)[before + 20:]), 4))


once()
done_to_the_mirror()
moved()
done()
