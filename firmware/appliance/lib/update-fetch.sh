# Updates from a web server.
# Sourced by hinomi-update, whose functions and variables it uses. POSIX sh.
# shellcheck shell=sh disable=SC2034,SC2154

# get MOST_BYTES FILE OPTION… URL: a server that does not stop sending is stopped by the limit of the file.
get() (
	ulimit -f $(($1 / 512 + 1))
	most=$1 target=$2
	shift 2
	exec curl -fsSL --proto '=https' --max-redirs 3 --connect-timeout 30 --speed-limit 500 --speed-time "${HINOMI_UPDATE_PATIENCE:-120}" \
		--max-filesize "$most" ${authorities:+--cacert "$authorities"} -o "$target" "$@"
)

# What the office or its rangers run with a certificate of their own is trusted beside the public authorities.
trust() {
	authorities=''
	if [ -f "$root/etc/hinomi/authority.pem" ]; then
		authorities=$run/authorities.pem
		cat /etc/ssl/certs/ca-certificates.crt "$root/etc/hinomi/authority.pem" >"$authorities"
	fi
}

# The line of URL/latest: offered, file, size, digest. Nothing in it is trusted but that these words are harmless.
read_latest() {
	rm -f "$run/latest"
	get 4096 "$run/latest" --max-time 60 "$1/latest" || die "$1/latest: no answer that can be used"
	read -r offered file size digest rest <"$run/latest" || :
	printf '%s %s %s %s%s\n' "$offered" "$file" "$size" "$digest" "$rest" |
		grep -Eqx '[0-9][0-9A-Za-z.+~-]{0,40} [0-9A-Za-z][0-9A-Za-z._-]{0,100}\.raucb [1-9][0-9]{3,9} [0-9a-f]{64}' ||
		die "$1/latest: not 'VERSION FILE.raucb SIZE SHA256'"
	fits "$file" "$size"
}

# try_download URL FILE: goes on with what is there, unless the server cannot do that (curl's 33) or has nothing behind it (416).
try_download() {
	answer=$(get "$size" "$2" --max-time 14400 -w '%{http_code}' -C - "$1")
	case $?,$answer in
	0,*) return 0 ;;
	33,* | *,416) ;;
	*) return 1 ;;
	esac
	rm -f "$2"
	has_room "$size"
	get "$size" "$2" --max-time 14400 "$1"
}

# A line that breaks again and again brings a bit of it each time.
download() {
	for pause in 0 10 20 40 80; do
		[ "$(size_of "$2")" -lt "$size" ] || return 0
		sleep $pause
		has_room $((size - $(size_of "$2")))
		try_download "$1" "$2" && return
	done
	return 1
}

fetch() {
	url=$(cat "$root/etc/hinomi/update" 2>/dev/null || echo off)
	case $url in
	https://*) ;;
	off | '')
		rm -f "$folder"/part-*
		say "no address for updates is set" && return
		;;
	*) die "$url: updates come by https only" ;;
	esac
	trust
	read_latest "$url"
	version=$offered
	if ! newer "$offered" "$(running_version)"; then
		say "version $(running_version) is the newest" && return
	elif grep -qxF -- "$offered" "$folder/failed" 2>/dev/null; then
		say "version $offered was tried before and did not come up" && return
	elif grep -qxF -- "$digest" "$folder/refused" 2>/dev/null; then
		say "version $offered was refused before" && return
	fi
	refuse_on_trial
	# A part of another file is of no use.
	part=$folder/part-$digest
	find "$folder" -maxdepth 1 -name 'part-*' ! -name "part-$digest" -delete
	say "fetching $file, $size bytes"
	download "$url/$file" "$part" || die "$file: not fetched; going on from there the next time"
	if [ "$(size_of "$part")" != "$size" ] || [ "$(sha256sum <"$part" | cut -c 1-64)" != "$digest" ]; then
		rm -f "$part"
		die "$file: not what was announced; removed"
	fi
	trap 'rm -f "$part"' EXIT
	# What will never be taken is not fetched again.
	if ! (read_bundle "$part"); then
		echo "$digest" | put "$folder/refused"
		note refused "$offered" "not signed by who may"
		exit 1
	fi
	read_bundle "$part"
	[ -z "$(objection)" ] || echo "$digest" | put "$folder/refused"
	install "$part" tonight
}
