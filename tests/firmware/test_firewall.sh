#!/usr/bin/env bash
# test_firewall.sh SOURCE: the two sets of rules in network namespaces of the test's own. A box with two ports; an office network on one, a
# switch's mirror on the other. Root; 77 without.
set -euo pipefail
source=$1
rules=$source/firmware/appliance/nftables
[ "$(id -u)" = 0 ] && command -v nft >/dev/null && command -v unshare >/dev/null || {
	echo "skipped: needs root, nft and namespaces"
	exit 77
}
[ "${2:-}" = inside ] || exec timeout 120 unshare --net --mount --pid --fork --kill-child "$0" "$source" inside

failures=0
expect() {
	local what=$1
	shift
	if "$@"; then echo "ok   $what"; else echo "FAIL $what" && failures=$((failures + 1)); fi
}
refuses() {
	! "$@"
}

mount -t tmpfs run /run && mkdir -p /run/netns
for host in office switch; do
	ip netns add $host
done
ip link set lo up
ip link add eth0 type veth peer name far netns office
ip link add eth1 type veth peer name far netns switch
ip address add 192.168.5.2/24 dev eth0
ip address add fd00:5::2/64 dev eth0 nodad
ip link set eth0 up
ip netns exec office ip address add 192.168.5.1/24 dev far
ip netns exec office ip address add fd00:5::1/64 dev far nodad
ip netns exec office ip link set far up
ip netns exec switch ip link set far up

nft -c -f "$rules/base.nft"
nft -f "$rules/base.nft"
python3 -m http.server 8022 --bind :: >/dev/null 2>&1 &
python3 -m http.server 22 --bind :: >/dev/null 2>&1 &
ip netns exec office python3 -m http.server 80 --bind :: >/dev/null 2>&1 &
sleep 1.5
reach() {
	ip netns exec office curl -s -o /dev/null --max-time 2 "$1"
}
expect "a port that nobody asked for is closed" refuses reach http://192.168.5.2:8022/
expect "and over IPv6" refuses reach 'http://[fd00:5::2]:8022/'
expect "SSH is closed at first" refuses reach http://192.168.5.2:22/
nft add element inet hinomi open '{ 22 }'
expect "SSH is open once asked for" reach http://192.168.5.2:22/
expect "and over IPv6 once asked for" reach 'http://[fd00:5::2]:22/'
python3 -c "
import socket
box = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
box.bind(('192.168.5.2', 53))
box.settimeout(3)
try:
	box.recv(10)
	print('heard')
except TimeoutError:
	print('nothing')" >/run/datagrams &
listener=$!
sleep 0.5
ip netns exec office python3 -c "
import socket
office = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
office.sendto(b'x', ('192.168.5.2', 53))"
wait $listener
expect "no datagram that nobody asked for" grep -qx nothing /run/datagrams
expect "nothing else with it" refuses reach http://192.168.5.2:8022/
expect "who it asks may answer" curl -s -o /dev/null --max-time 2 http://192.168.5.1/
expect "and over IPv6 answers come" curl -s -o /dev/null --max-time 2 'http://[fd00:5::1]/'
expect "loopback works" curl -s -o /dev/null --max-time 2 http://127.0.0.1:8022/
nft -f "$rules/base.nft"
expect "loaded again: whole, once" test "$(nft list tables | grep -c hinomi)" = 1

# The mirror: whatever this box would say there.
heard() {
	ip netns exec switch cat /sys/class/net/far/statistics/rx_packets
}
say_something() {
	ip link set eth1 up
	ip address add 192.168.6.2/24 dev eth1 2>/dev/null || true
	ip address add fd00:6::2/64 dev eth1 nodad 2>/dev/null || true
	ping -c 2 -W 1 192.168.6.1 >/dev/null 2>&1 || true
	ping -c 2 -W 1 fd00:6::1 >/dev/null 2>&1 || true
}
say_something
expect "without its rules the box is heard on the mirror" test "$(heard)" -gt 0
nft -D mirror=eth1 -f "$rules/mirror.nft"
before=$(heard)
say_something
ip address flush dev eth1
ip address add 192.168.6.3/24 dev eth1
say_something
expect "with them, never again" test "$(heard)" = "$before"
# What the mirror is there for: the sensor takes packets before these rules.
ip netns exec switch ip address add 192.168.6.1/24 dev far
python3 -c "
import socket
mirror = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
mirror.bind(('eth1', 0))
mirror.settimeout(5)
try:
	while b'to-be-heard' not in mirror.recv(2000):
		pass
	print('heard')
except TimeoutError:
	print('nothing')" >/run/mirrored &
listener=$!
sleep 0.5
ip netns exec switch ip neighbour add 192.168.6.3 lladdr "$(ip -o link show eth1 | sed "s/.*link.ether \([^ ]*\).*/\1/")" dev far
ip netns exec switch python3 -c "
import socket
switch = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
switch.sendto(b'to-be-heard', ('192.168.6.3', 9))"
wait $listener
expect "what comes in there is heard" grep -qx heard /run/mirrored

# The box is no way from one side to the other. Its rules for the mirror would stop it as well: without them.
nft delete table netdev hinomi_mirror
sysctl -qw net.ipv4.ip_forward=1
ip netns exec office ip route add 192.168.6.0/24 via 192.168.5.2
ip netns exec switch ip route add 192.168.5.0/24 via 192.168.6.3
crosses() {
	ip netns exec office ping -c 2 -W 1 192.168.6.1 >/dev/null
}
expect "nothing is passed on" refuses crosses
nft delete table inet hinomi
expect "without its rules it would be" crosses
exit $((failures > 0))
