# Sourced by tools/run and tools/test: what the project needs from the distribution, and how to get it.

build_packages="cmake gcc libc6-dev libcap-ng-dev libcurl4-openssl-dev libgnutls28-dev libidn2-dev libjansson-dev libmaxminddb-dev libmicrohttpd-dev
  libmosquitto-dev libndpi-dev libpcap-dev libpsl-dev libseccomp-dev
  libsodium-dev libsqlite3-dev libssl-dev libyaml-dev libzstd-dev ninja-build pkg-config publicsuffix zlib1g-dev"
show_packages="curl iproute2 python3 tcpreplay tshark util-linux"
test_packages="clang clang-format clang-tidy curl dbus-daemon dnsmasq-base dosfstools ethtool g++ iodine iproute2 iputils-ping libclang-rt-dev libcmocka-dev libubootenv-tool
  minisign mosquitto mosquitto-clients mtools nats-server net-tools nftables nginx-light nmap openssh-client openssh-server openssl procps python3 python3-jsonschema python3-nacl rauc relacy-dev spin squashfs-tools systemd
  tcpdump tcpreplay tshark udhcpc valgrind wget zstd"

say() {
	printf '== %s\n' "$*" >&2
}

die() {
	printf 'error: %s\n' "$*" >&2
	exit 1
}

is_installed() {
	[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Through sudo, files are still made by the person who called it, so that the next build can change them.
as_caller() {
	if [ "$(id -u)" = 0 ] && [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ]; then
		sudo -u "$SUDO_USER" -- "$@"
	else
		"$@"
	fi
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "installing packages needs root: run this as root, or install sudo"
	fi
}

# Installs what is missing; asks no network when nothing is.
need_packages() {
	missing=
	for package in "$@"; do
		is_installed "$package" || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	command -v apt-get >/dev/null || die "this needs Debian's packages:$missing"
	say "installing$missing"
	as_root apt-get update -qq || die "the package lists could not be fetched: is there a network?"
	# shellcheck disable=SC2086
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2 ||
		die "not installed:$missing"
}

# build PRESET [cmake options]: configures when needed and builds.
build() {
	preset=$1
	shift
	say "building $preset"
	as_caller cmake --preset "$preset" "$@" >/dev/null || die "cmake --preset $preset failed"
	as_caller cmake --build "build/$preset" >&2 || die "the $preset build failed"
}
