# SPDX-License-Identifier: Apache-2.0
"""What devices say on their own network: leases, neighbours, groups, time, sensors."""
from names import dnsmasq
from wire import CLIENT, PASSWORD, SERVER, SERVER_V6, recording


def lease_server(wire):
    dnsmasq(wire, "dhcp-authoritative", "dhcp-range=192.0.2.100,192.0.2.120,255.255.255.0,10m",
            "dhcp-range=2001:db8::100,2001:db8::1ff,64,10m", "enable-ra", "domain=office.example",
            f"dhcp-leasefile={wire.folder}/leases", "dhcp-option=option:ntp-server,192.0.2.1",
            "dhcp-rapid-commit", "no-ping")
    wire.run("pc-1", "ip", "-4", "address", "flush", "dev", "wire0")


def dhclient(wire, number, *lines):
    folder = wire.folder
    conf = wire.file(f"dhclient-{number}.conf", "\n".join([*lines, ""]))
    # The machine's own script would write a resolv.conf.
    script = wire.file("lease", "#!/bin/sh\n[ -n \"$new_ip_address\" ] && ip address add $new_ip_address/24 "
                       "dev wire0\nexit 0\n")
    (folder / "lease").chmod(0o755)
    return ("dhclient", "-1", "-cf", conf, "-lf", f"{folder}/leases-{number}", "-pf",
            f"{folder}/pid-{number}", "-sf", script)


@recording("dhcp", "dnsmasq-base udhcpc isc-dhcp-client",
           "DHCPv4: DISCOVER to ACK, RELEASE, NAK; options 12, 50, 53, 54, 55, 60, 61, 81")
def dhcp(wire):
    lease_server(wire)
    once = ("udhcpc", "-f", "-q", "-n", "-t", "2", "-i", "wire0", "-s", "/bin/true")
    wire.client(*once, "-x", "hostname:pc-1", "-V", "Example Phone 2")
    wire.client(*once, "-r", "198.51.100.7", "-F", "pc-1.office.example", "-R")
    wire.client(*once, "-x", "hostname:PC-1", "-C", "-V", "")
    words = dhclient(wire, 1, 'send host-name "laptop-2";', "send dhcp-client-identifier 1:0:0:5e:0:53:10;",
                     'send vendor-class-identifier "MSFT 5.0";', 'send fqdn.fqdn "laptop-2.office.example.";',
                     "send fqdn.encoded on;", "send fqdn.server-update on;")
    wire.client(*words, "wire0")
    wire.client(*words, "-r", "wire0")
    # An address of another network, kept from before: refused.
    wire.file("leases-2", 'lease { interface "wire0"; fixed-address 192.0.2.250; option subnet-mask '
              "255.255.255.0; renew 5 2037/01/01 00:00:00; rebind 5 2037/01/01 00:00:00; "
              "expire 5 2037/01/01 00:00:00; }\n")
    wire.client(*dhclient(wire, 2, 'send host-name "laptop-2";'), "wire0")


@recording("dhcpv6", "dnsmasq-base isc-dhcp-client",
           "DHCPv6: SOLICIT to REPLY, information alone, RELEASE; client id, FQDN, vendor class; "
           "router advertisements", v6=True)
def dhcpv6(wire):
    lease_server(wire)
    wire.rest(3)
    words = dhclient(wire, 6, 'send fqdn.fqdn "pc-1.office.example.";', "send fqdn.encoded on;",
                     "send dhcp6.vendor-class 0:0:1:37:0:8:4d:53:46:54:20:35:2e:30;",
                     "also request dhcp6.fqdn;")
    wire.client(*words, "-6", "wire0")
    wire.client(*words, "-6", "-r", "wire0", expect=(0, 1))
    wire.client(*dhclient(wire, 7), "-6", "-S", "wire0")


@recording("lldp-cdp", "lldpd",
           "LLDP with the organisations' parts, CDP, EDP, FDP, SONMP",
           only="not arp and not ip and not ip6")
def lldp_cdp(wire):
    for where, platform in (("srv", "Example Switch 24"), ("pc-1", "Example Phone")):
        # A /run of its own each; -S and -P, for it would tell this machine's kernel.
        wire.start(where, "unshare", "--mount", "sh", "-c",
                   "mount -t tmpfs tmpfs /run && mkdir /run/lldpd && "
                   "exec lldpd -d -i -l -cc -ee -ff -ss -M 2 -I wire0 -m 192.0.2.* "
                   f"-S '{platform} 1.0' -P '{platform}'")
    wire.rest(9)


@recording("groups", "socat", "IGMPv3 and v2, MLDv2: a querier, joins, a source, leaves", v6=True)
def groups(wire):
    # A bridge with snooping is the querier.
    wire.link("srv", "add", "br0", "type", "bridge", "mcast_querier", "1", "mcast_igmp_version", "3",
              "mcast_mld_version", "2", "mcast_query_use_ifaddr", "1", "mcast_startup_query_interval", "200")
    wire.run("srv", "ip", "address", "flush", "dev", "wire0")
    wire.address("srv", SERVER + "/24", "br0")
    wire.link("srv", "set", "wire0", "master", "br0")
    wire.link("srv", "set", "br0", "up")
    wire.rest(4)
    source = f"ip-add-source-membership=232.1.1.1:192.0.2.10:{SERVER}"
    for version, group in ((3, "ip-add-membership=239.1.2.3:wire0"), (3, source),
                           (2, "ip-add-membership=239.1.2.4:wire0")):
        wire.run("pc-1", "sysctl", "-qw", f"net.ipv4.conf.wire0.force_igmp_version={version}")
        wire.client("timeout", "4", "socat", "-u", f"UDP4-RECVFROM:5000,{group}", "STDOUT", expect=(124, 1))
    wire.client("timeout", "4", "socat", "-u", "UDP6-RECVFROM:5000,ipv6-join-group=[ff05::1234]:wire0",
                "STDOUT", expect=(124,))


@recording("icmp", "iputils-ping",
           "ICMP and ICMPv6 echo of several sizes and payloads, port unreachable, no such "
           "neighbour", v6=True)
def icmp(wire):
    for address in (SERVER, SERVER_V6):
        wire.client("ping", "-q", "-c", "2", "-i", "0.2", address)
        wire.client("ping", "-q", "-c", "2", "-i", "0.2", "-s", "500", "-p", "6578616d706c65", address)
        wire.client("sh", "-c", f"dig +tries=1 +time=1 @{address} www.office.example", expect=(0, 9))
    wire.client("ping", "-q", "-c", "1", "-W", "1", "192.0.2.99", expect=(1,))


@recording("snmp", "snmpd snmp", "SNMP v1, v2c and v3, a wrong community")
def snmp(wire):
    conf = wire.file("snmpd.conf", f"""agentaddress udp:{SERVER}:161
rocommunity example
sysDescr Example Switch
sysName switch.office.example
createUser anna SHA example-only-1 AES example-only-2
rouser anna
""")
    wire.server("snmpd", "-f", "-Lf", f"{wire.folder}/snmpd.txt", "-C", "-c", conf, "-I",
                "system_mib,sysORTable,usmUser,usmConf,vacm_conf", "-p", f"{wire.folder}/snmpd.pid", wait=2)
    ask = ("-r", "0", "-t", "1")
    for words in (("-v1", "-c", "example"), ("-v2c", "-c", "example"), ("-v2c", "-c", "not-it"),
                  ("-v3", "-u", "anna", "-l", "authPriv", "-a", "SHA", "-A", "example-only-1", "-x", "AES",
                   "-X", "example-only-2")):
        wire.client("snmpget", *ask, *words, SERVER, "1.3.6.1.2.1.1.5.0", expect=(0, 1))


@recording("ntp", "chrony", "NTP: client and server")
def ntp(wire):
    folder = wire.folder
    conf = wire.file("server.conf", f"local stratum 3\nallow all\nbindaddress {SERVER}\ncmdport 0\n"
                     f"bindcmdaddress {folder}/server.sock\npidfile {folder}/server.pid\n")
    # -x: never touches the machine's clock.
    wire.server("chronyd", "-x", "-d", "-4", "-u", "root", "-f", conf)
    ask = wire.file("client.conf", f"server {SERVER} iburst\ncmdport 0\nbindcmdaddress {folder}/client.sock\n"
                    f"pidfile {folder}/client.pid\nbindacqaddress {CLIENT}\n")
    wire.start("pc-1", "chronyd", "-x", "-d", "-4", "-u", "root", "-f", ask)
    wire.rest(8)


@recording("mqtt", "mosquitto mosquitto-clients",
           "MQTT 3.1, 3.1.1 and 5: login right and wrong, subscribe, publish, will")
def mqtt(wire):
    users = wire.file("users", "")
    wire.run("srv", "mosquitto_passwd", "-b", users, "anna", PASSWORD)
    (wire.folder / "users").chmod(0o644)
    conf = wire.file("mosquitto.conf", f"listener 1883 {SERVER}\nallow_anonymous false\n"
                     f"password_file {users}\n")
    wire.server("mosquitto", "-c", conf)
    anna = ("-h", SERVER, "-u", "anna", "-P")
    wire.start("pc-1", "mosquitto_sub", *anna, PASSWORD, "-i", "thermostat-1", "-t", "office/#")
    wire.rest(1)
    for version in ("mqttv31", "mqttv311", "mqttv5"):
        wire.client("mosquitto_pub", *anna, PASSWORD, "-V", version, "-i", f"sensor-{version}", "-q", "1",
                    "-t", "office/room", "-m", "21", "--will-topic", "office/end", "--will-payload", "end")
    wire.client("mosquitto_pub", *anna, "not-it", "-t", "office/room", "-m", "0", expect=(5,))


@recording("modbus", "python3-pymodbus python3-serial python3-serial-asyncio",
           "Modbus/TCP: read and write of coils and registers, an exception, a unit id")
def modbus(wire):
    serve = wire.file("serve.py", f"""from pymodbus.datastore import ModbusSequentialDataBlock
from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartTcpServer
block = lambda: ModbusSequentialDataBlock(0, [17] * 100)
StartTcpServer(context=ModbusServerContext(slaves=ModbusSlaveContext(di=block(), co=block(), hr=block(),
               ir=block()), single=True), address=({SERVER!r}, 502))
""")
    ask = wire.file("ask.py", f"""from pymodbus.client import ModbusTcpClient
c = ModbusTcpClient({SERVER!r})
c.connect()
c.read_coils(1, 8, slave=1)
c.read_holding_registers(10, 4, slave=1)
c.read_input_registers(10, 4, slave=7)
c.write_register(3, 42, slave=1)
c.write_registers(3, [1, 2, 3], slave=1)
c.write_coil(2, True, slave=1)
c.read_holding_registers(5000, 4, slave=1)
c.close()
""")
    wire.server("/usr/bin/python3", serve, wait=2)
    wire.client("/usr/bin/python3", ask)
