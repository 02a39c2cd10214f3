# Sourced by the scripts of the appliance. POSIX sh.
# HINOMI_ROOT: a folder in which a test keeps all that these scripts read and write; empty on a box.
# shellcheck shell=sh

root=${HINOMI_ROOT:-}
run=$root/run/hinomi-appliance
settings=$root/data/settings
# What is to be brought onto the card: it outlives a power cut.
for_card=$settings/for-card
card_device=${HINOMI_CARD:-/dev/disk/by-partuuid/686e6d69-01}
# Of hinomi.txt no more is read than this.
largest=65536
# Ranges and wide letters mean the same in whatever language a service is started.
export LC_ALL=C.UTF-8

say() {
	echo "${0##*/}: $*"
}

# put FILE [MODE]: standard input becomes FILE, whole or not at all, whenever the power goes.
put() {
	(umask 022 && mkdir -p "${1%/*}")
	(umask 077 && cat >"$1.new") && chmod "${2:-600}" "$1.new" && sync "$1.new" && mv -f "$1.new" "$1" && sync "${1%/*}"
}

# state_of NAME: what health found last.
state_of() {
	sed -n "s/^$1=//p" "$run/state" 2>/dev/null
}

uptime_seconds() {
	cut -d. -f1 "$root/proc/uptime"
}

# setting NAME [DEFAULT]: what hinomi.txt said, as setup left it.
setting() {
	if [ -f "$settings/wishes" ] && grep -q "^$1=" "$settings/wishes"; then
		sed -n "s/^$1=//p" "$settings/wishes"
	else
		printf '%s\n' "${2:-}"
	fi
}

# with_card ro|rw COMMAND…: the card is mounted for as long as COMMAND runs, at $run/card.
with_card() {
	mode=$1
	shift
	mkdir -p "$run/card"
	if [ -n "${HINOMI_CARD_FOLDER:-}" ]; then
		rm -rf "$run/card" && ln -s "$HINOMI_CARD_FOLDER" "$run/card"
		"$@"
		return
	fi
	exec 9>"$run/card.lock"
	flock 9
	if ! mount -t vfat -o "$mode,nosuid,nodev,noexec,umask=077,utf8=1,flush" "$card_device" "$run/card"; then
		exec 9>&-
		return 1
	fi
	"$@"
	result=$?
	umount "$run/card"
	exec 9>&-
	return $result
}

# put_on_card NAME FILE: FILE becomes NAME on the mounted card. Only when it differs: a card wears out.
put_on_card() {
	cmp -s "$2" "$run/card/$1" && return
	cp "$2" "$run/card/$1.new" && sync "$run/card/$1.new" && mv -f "$run/card/$1.new" "$run/card/$1" && sync "$run/card" && return
	rm -f "$run/card/$1.new"
	return 1
}

# bring_to_card NAME: what lies at $for_card/NAME, by the one service that writes to the card. It may just be at work for somebody else.
bring_to_card() {
	for _ in 1 2; do
		systemctl start hinomi-card.service
		[ -e "$for_card/$1" ] || return 0
	done
	return 1
}

# text_of FILE: in UTF-8 without a mark at its beginning, whatever an editor saved it as. Windows has UTF-16 and, where it is Japanese, its own.
text_of() {
	case $(head -c 2 "$1" | od -An -tx1 | tr -d ' \n') in
	fffe | feff) iconv -c -f UTF-16 -t UTF-8 "$1" 2>/dev/null || : ;;
	*)
		if ! iconv -f UTF-8 -t UTF-8 "$1" >/dev/null 2>&1 && iconv -f CP932 -t UTF-8 </dev/null 2>/dev/null; then
			iconv -c -f CP932 -t UTF-8 "$1" 2>/dev/null || :
		else
			sed '1s/^\xef\xbb\xbf//' "$1"
		fi
		;;
	esac
}

# Such a text, line by line, without what keyboards do to it: line ends of Windows, wide letters and blanks, dashes of all kinds.
plain() {
	head -c $largest | tr -d '\000' | sed 's/\r$//; s/　/ /g' |
		sed 'y/ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ/ABCDEFGHIJKLMNOPQRSTUVWXYZ/
			y/ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ/abcdefghijklmnopqrstuvwxyz/
			y/０１２３４５６７８９＝：／．－＿＃＠，＋？＆/0123456789=:\/.-_#@,+?\&/
			s/[‐‑‒–—―−ー]/-/g'
}

# digest_of FILE: by which a changed hinomi.txt is known.
digest_of() {
	head -c $((largest + 1)) "$1" | sha256sum
}

# Network ports with a cable socket, in the order of their names.
ethernet_ports() {
	for port in "$root"/sys/class/net/*; do
		[ -e "$port/device" ] && [ "$(cat "$port/type")" = 1 ] && [ ! -e "$port/wireless" ] && echo "${port##*/}"
	done
}

mac_of() {
	cat "$root/sys/class/net/$1/address"
}
