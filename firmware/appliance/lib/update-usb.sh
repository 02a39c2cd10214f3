# Updates from a stick.
# Sourced by hinomi-update, whose functions and variables it uses. POSIX sh.
# shellcheck shell=sh disable=SC2034,SC2154

# Only what office sticks have, and nothing is written to it: not even the journal of one that was pulled out.
mount_stick() {
	more=''
	type=$(blkid -p -s TYPE -o value "$1")
	case $type in
	vfat | exfat) ;;
	ext4) more=,noload ;;
	*) return 1 ;;
	esac
	blockdev --setro "$1"
	mkdir -p "$run/usb"
	mount -t "$type" -o "ro,nosuid,nodev,noexec$more" "$1" "$run/usb"
}

# The newest bundle on the stick that would be taken: best and best_version.
newest_on_stick() {
	best='' best_version=$(running_version)
	for file in "$run"/usb/*.raucb "$run"/usb/*.RAUCB; do
		[ -f "$file" ] && (read_bundle "$file") && read_bundle "$file" || continue
		why=$(objection)
		if [ -n "$why" ]; then
			say "${file##*/}: $why"
		elif newer "$version" "$best_version"; then
			best=$file best_version=$version
		fi
	done
}

usb() {
	case $1 in /dev/*) ;; *) die "$1: a device, as /dev/sda1" ;; esac
	mount_stick "$1" || die "$1: no file system that can be read: FAT, exFAT or ext4"
	trap 'umount "$run/usb"' EXIT
	newest_on_stick
	if [ -z "$best" ]; then
		say "$1: no update that is newer and signed by who may" && return
	fi
	refuse_on_trial
	size=$(size_of "$best")
	fits "$best" "$size"
	rm -f "$folder/stick"
	has_room "$size"
	# A copy: a stick may be pulled out at any moment.
	trap 'umount "$run/usb"; rm -f "$folder/stick"' EXIT
	cp "$best" "$folder/stick" || die "the stick could not be read to the end"
	umount "$run/usb"
	trap 'rm -f "$folder/stick"' EXIT
	install "$folder/stick" now
}
