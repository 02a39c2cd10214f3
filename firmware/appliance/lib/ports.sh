# Sourced by roles, after box.sh: the network ports, what is known of them, and what is done to them.
# $ports: their names; $mirror and $management: two of them, or the same.
# shellcheck shell=sh disable=SC2154

# A test has no ports to act on: what would be done is noted.
act() {
	if [ -n "$root" ]; then echo "$*" >>"$run/acts"; else "$@"; fi
}

# port WISH: the name of the port with that name or hardware address; nothing if there is none.
port() {
	wanted=$(printf '%s' "$1" | tr '[:upper:]' '[:lower:]')
	for one in $ports; do
		if [ "$one" = "$1" ] || [ "$(mac_of "$one")" = "$wanted" ]; then
			echo "$one"
			return
		fi
	done
}

other() {
	for one in $ports; do
		[ "$one" = "$1" ] || { echo "$one" && return; }
	done
}

received() {
	cat "$root/sys/class/net/$1/statistics/rx_packets"
}

busiest() {
	for one in $ports; do
		echo "$(received "$one") $one"
	done | sort -rn | sed -n '1s/.* //p'
}

has_lease() {
	if [ -n "$root" ]; then
		[ -e "$run/lease-$1" ]
	else
		ip -4 -o address show dev "$1" scope global 2>/dev/null | grep -q inet
	fi
}

# The office network: an address, and nothing else than a guest asks for.
network_files() {
	folder=$root/run/systemd/network
	{
		printf '[Match]\nName=%s\n[Network]\n' "$management"
		if [ -f "$run/address" ]; then cat "$run/address"; else printf 'DHCP=ipv4\nIPv6AcceptRA=yes\n'; fi
		printf 'LLDP=no\nEmitLLDP=no\nLLMNR=no\nMulticastDNS=no\n[DHCPv4]\nClientIdentifier=mac\nUseHostname=no\nUseDomains=no\n'
	} | put "$folder/20-management.network" 644
	if [ "$mirror" = "$management" ]; then rm -f "$folder/10-mirror.network" && return; fi
	printf '[Match]\nName=%s\n[Link]\nARP=no\nMulticast=no\nPromiscuous=yes\nActivationPolicy=always-up\n[Network]\nDHCP=no\nLinkLocalAddressing=no\nIPv6AcceptRA=no\nLLDP=no\nEmitLLDP=no\nConfigureWithoutCarrier=yes\nKeepConfiguration=no\n' \
		"$mirror" | put "$folder/10-mirror.network" 644
}

# Packets as they were on the wire: nothing joined, nothing taken off, as many kept as the card can.
ready_mirror() {
	act ip address flush dev "$mirror"
	for feature in gro gso tso lro rxvlan txvlan ntuple rxhash rx-gro-hw rx-gro-list; do
		act ethtool -K "$mirror" "$feature" off 2>/dev/null
	done
	most=$(ethtool -g "$mirror" 2>/dev/null | sed -n '/Pre-set/,/Current/s/^RX:[ \t]*\([0-9][0-9]*\)$/\1/p')
	[ -z "$most" ] || act ethtool -G "$mirror" rx "$most" 2>/dev/null
	act sysctl -qw "net.ipv6.conf.$mirror.disable_ipv6=1"
	act ip link set dev "$mirror" arp off multicast off promisc on up
}

# All ports ask for an address again. The sensor goes on with what its port hears.
open_ports() {
	rm -f "$root/run/systemd/network/10-mirror.network" "$root/run/systemd/network/20-management.network"
	act systemctl stop "hinomi-mirror-guard@$mirror.service"
	act ip link set dev "$mirror" arp on multicast on promisc off
	act networkctl reload
	for one in $ports; do
		act networkctl reconfigure "$one"
	done
}

# An adapter that was away for a moment is another one by its index: what was set on it is gone.
ports_now() {
	for one in $(ethernet_ports); do
		echo "$one=$(mac_of "$one")=$(cat "$root/sys/class/net/$one/ifindex")"
	done
}

cables_now() {
	for one in $(ethernet_ports); do
		cat "$root/sys/class/net/$one/carrier" 2>/dev/null
	done
}
