# Sourced by the steps of firmware/build_image: what they share. Bash.
# work=FOLDER (set by the caller): all that is made on the way; what costs minutes is kept there by the digest of what it was made from.
# shellcheck shell=bash

suite=bookworm
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
disk_id=686e6d69
compatible=hinomi-pi-arm64

say() {
	printf '== %s\n' "$*" >&2
}

die() {
	printf 'error: %s\n' "$*" >&2
	exit 1
}

# words FILE: the words of a list with comments, on one line.
words() {
	sed 's/#.*//' "$1" | tr -s '[:space:]' ' ' | sed 's/^ //; s/ $//'
}

# mirror of the distribution as this machine is configured, else Debian's own.
debian_mirror() {
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		grep -E '/debian/?$' | head -n 1 | grep . || echo http://deb.debian.org/debian
}

security_mirror() {
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		grep -E '/debian-security/?$' | head -n 1 | grep . || echo http://deb.debian.org/debian-security
}

# An apt of its own, that knows arm64 and touches nothing of this machine's.
arm64_apt() {
	local folder=$work/apt key=/usr/share/keyrings/debian-archive-keyring.gpg
	mkdir -p "$folder"/{lists/partial,cache/archives/partial,etc/apt.conf.d,etc/preferences.d,etc/trusted.gpg.d}
	cat >"$folder/apt.conf" <<-END
		APT::Architecture "arm64";
		APT::Architectures "arm64";
		APT::Sandbox::User "root";
		Dir::State "$folder";
		Dir::State::status "/dev/null";
		Dir::Cache "$folder/cache";
		Dir::Etc "$folder/etc";
		Dir::Etc::SourceList "$folder/etc/sources.list";
		Dir::Etc::SourceParts "-";
	END
	cat >"$folder/etc/sources.list" <<-END
		deb [signed-by=$key] $(debian_mirror) $suite main non-free-firmware
		deb [signed-by=$key] $(security_mirror) $suite-security main non-free-firmware
	END
	export ARM64_APT=$folder/apt.conf
	[ -n "$(find "$folder/updated" -mmin -60 2>/dev/null)" ] && return
	APT_CONFIG=$ARM64_APT apt-get update -qq || die "the package lists could not be fetched: is there a network?"
	touch "$folder/updated"
}

# fetch PACKAGE: the file of its newest version in $work/fetched; prints the path.
fetch() {
	local package=$1 version file
	version=$(APT_CONFIG=$ARM64_APT apt-cache policy "$package" | sed -n 's/^  Candidate: //p')
	[ -n "$version" ] || die "$package: no such package for arm64 in $suite"
	mkdir -p "$work/fetched"
	file=$work/fetched/${package}_${version//:/%3a}
	if ! compgen -G "${file}_*.deb" >/dev/null; then
		(cd "$work/fetched" && APT_CONFIG=$ARM64_APT apt-get download -qq "$package=$version") ||
			die "$package $version could not be fetched"
	fi
	compgen -G "${file}_*.deb"
}

# The times that what we make carries.
fix_times() {
	find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}
