#!/usr/bin/env bats
# check: what a whole cluster prints. make bench says how fast; here is what must hold.
# shellcheck disable=SC2154 # run_split sets stderr

load common

@test "a large cluster has no findings, as JSON and as YAML" {
	for layout in json yaml; do
		# shellcheck disable=SC2034 # for fail
		CASE=$layout
		"$REGCRED_TOOLS/cluster" "$layout" 5 >cluster
		[[ $(stat -c %s cluster) -ge 5242880 ]]
		run_split regcred check --complete --strict cluster
		ended 0
		[[ ! -s $OUT && $stderr == 'checked '*': nothing found' ]] || fail "something was found: $(head -n 3 "$OUT")"
	done
}

@test "one mistake among thousands is found" {
	"$REGCRED_TOOLS/cluster" json 5 >cluster
	line=$(grep -n '"image": "registry-00001' cluster | sed -n '100{s/:.*//;p}')
	sed -i "${line}s/registry-00001/registry-99999/" cluster
	run_split regcred check cluster
	ended 0
	[[ $(grep -c image-unmatched "$OUT") == 1 ]]
	[[ $output == "cluster:$line:"* ]]
}

@test "memory follows the largest object, not the input" {
	[[ $REGCRED_VARIANT == release ]] || skip "other variants have memory of their own"
	for layout in json yaml; do
		# shellcheck disable=SC2034 # for fail
		CASE=$layout
		"$REGCRED_TOOLS/cluster" "$layout" 5 >cluster
		"$REGCRED_TOOLS/measure" -n 1 check "$REGCRED_GEN check cluster" >table
		peak=$(awk '$1 == "check" { print $5 }' table)
		((peak > 0 && peak < 24 * 1024)) || fail "the peak is $peak KiB"
		"$REGCRED_TOOLS/cluster" "$layout" 30 >cluster
		"$REGCRED_TOOLS/measure" -n 1 check "$REGCRED_GEN check cluster" >table
		more=$(awk '$1 == "check" { print $5 }' table)
		((more < peak + 4 * 1024)) || fail "six times as much takes $more KiB, not $peak"
	done
}
