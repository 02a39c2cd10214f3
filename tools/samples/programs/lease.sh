#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What udhcpc calls: takes the lease into use, and leaves a file that says so.
case "$1" in
bound | renew)
	ip address replace "$ip/$mask" broadcast + dev "$interface"
	ip route replace default via "$router"
	: >"$LEASE_FILE"
	;;
esac
