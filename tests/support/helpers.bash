# Functions for the tests.
# shellcheck shell=bash

# needle_file FILE TEXT...: write the texts as needles of memscan.so, so that no text stands in
# FILE as it is: bytes in reverse order, each XOR 0xa5, in hex.
needle_file() {
	local file=$1 text byte line
	shift
	for text; do
		line=
		for byte in $(printf %s "$text" | od -An -v -tx1); do
			printf -v byte %02x $((16#$byte ^ 16#a5))
			line=$byte$line
		done
		printf '%s\n' "$line"
	done >"$file"
}

# needle_hits REPORT: the hits of all needles together; fails if there was no complete scan.
needle_hits() {
	awk '$1 == "needle" && $3 == "hits" { hits += $4 }
		$1 == "scanned" && $2 > 0 { complete = 1 }
		END { if (!complete) exit 1; print hits + 0 }' "$1"
}

# fault_report NAME REPORT: one number of a report of faults.so.
fault_report() {
	awk -v name="$1" '$1 == name { print $2; found = 1 } END { exit !found }' "$2"
}
