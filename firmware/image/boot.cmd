# U-Boot: takes the first slot in BOOT_ORDER that has tries left, counts the try, reads the boot image behind its root file system, and
# starts it if its checksum is right. RAUC sets these variables from the running system (its U-Boot boot loader interface): 9 tries for a
# slot that was confirmed, 3 for one just written (system.conf). With 3 or fewer left a start is a trial, and the system is told so.
# ${devtype} and ${devnum} say where this script was read from. Numbers are hexadecimal; a block has 0x200 bytes.
setexpr stage ${ramdisk_addr_r} + 0x8000000
${devtype} dev ${devnum}

# One block at byte 0x80000 holds the variables: a block is written whole or not at all.
setenv BOOT_ORDER
if ${devtype} read ${stage} 0x400 1; then
	env import -c ${stage} 0x200 BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT
fi
test -n "${BOOT_ORDER}" || setenv BOOT_ORDER "A B"
test -n "${BOOT_A_LEFT}" || setenv BOOT_A_LEFT 9
test -n "${BOOT_B_LEFT}" || setenv BOOT_B_LEFT 9

setenv chosen
setenv trial
for name in ${BOOT_ORDER}; do
	if test -z "${chosen}"; then
		if test "${name}" = "A"; then
			if test ${BOOT_A_LEFT} -gt 0; then
				test ${BOOT_A_LEFT} -gt 3 || setenv trial hinomi.trial
				setexpr BOOT_A_LEFT ${BOOT_A_LEFT} - 1
				setenv chosen A
				setenv number 2
			fi
		fi
		if test "${name}" = "B"; then
			if test ${BOOT_B_LEFT} -gt 0; then
				test ${BOOT_B_LEFT} -gt 3 || setenv trial hinomi.trial
				setexpr BOOT_B_LEFT ${BOOT_B_LEFT} - 1
				setenv chosen B
				setenv number 3
			fi
		fi
	fi
done
# No slot has a try left: better try again than stay dark.
if test -z "${chosen}"; then
	echo "hinomi: no slot has a try left; counting anew"
	setenv BOOT_ORDER "A B"
	setenv BOOT_A_LEFT 9
	setenv BOOT_B_LEFT 9
fi
env export -c -s 0x200 ${stage} BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT
${devtype} write ${stage} 0x400 1
test -n "${chosen}" || reset

# The slot begins with a squashfs, whose length stands at byte 0x28; the boot image follows at the next full MiB.
echo "hinomi: slot ${chosen}, tries left: A ${BOOT_A_LEFT}, B ${BOOT_B_LEFT}"
part start ${devtype} ${devnum} ${number} first
${devtype} read ${stage} ${first} 1
setexpr at ${stage} + 0x28
setexpr.l length *${at}
setexpr length ${length} + 0xfffff
setexpr length ${length} / 0x100000
setexpr length ${length} * 0x800
setexpr first ${first} + ${length}
if ${devtype} read ${stage} ${first} @BOOT_BLOCKS@; then
	if iminfo ${stage}; then
		imxtract ${stage} 0 ${kernel_addr_r}
		imxtract ${stage} 1
		setenv board ${fdtcontroladdr}
		test -z "${fdt_addr}" || setenv board ${fdt_addr}
		setenv console "console=ttyS1,115200 console=tty0"
		test "${devtype}" != "virtio" || setenv console "console=tty0 console=ttyAMA0"
		setenv bootargs "rauc.slot=${chosen} ${trial} net.ifnames=0 panic=10 quiet ${console} @ARGUMENTS@"
		booti ${kernel_addr_r} ${fileaddr}:${filesize} ${board}
	fi
fi
echo "hinomi: slot ${chosen} does not start"
reset
