# Sourced: what the boot loader (image/boot.cmd) said of this start. $root and $run as in box.sh.
# shellcheck shell=sh

running_slot() {
	sed -n 's/.*rauc\.slot=\([AB]\).*/\1/p' "$root/proc/cmdline"
}

# Whether a version that was never confirmed runs: one just written, or one that did not come to be confirmed six times in a row.
on_trial() {
	grep -qw 'hinomi\.trial' "$root/proc/cmdline" && [ ! -e "$run/confirmed" ]
}
