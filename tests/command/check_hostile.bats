#!/usr/bin/env bats
# check: input that was made to break it takes bounded time and memory, gets one exact message, and
# hides nothing of what follows it.

load common

# A Secret with one finding, its value at line 6 and column 27 of this.
behind() {
	printf '%s\n' --- 'apiVersion: v1' 'kind: Secret' 'metadata: {name: a}' \
		'type: kubernetes.io/dockerconfigjson' 'data: {.dockerconfigjson: "!"}'
}

# repeated N TEXT: without line ends
repeated() {
	head -c "$1" /dev/zero | sed "s/\\x00/$2/g"
}

# filled N CHARACTER: the same for one character, fast
filled() {
	head -c "$1" /dev/zero | tr '\0' "$2"
}

# bounded COMMAND...: in a minute, and 320 MiB of addresses where the variant lets them be limited
bounded() {
	if [[ $REGCRED_VARIANT == asan ]]; then
		timeout 120 "$@"
	else
		(ulimit -v 327680 && exec timeout 60 "$@")
	fi
}

# finds FINDING: of what is on standard input, with a Secret behind, exactly FINDING is found and
# the one of the Secret. FINDING is LINE:COLUMN: SENTENCE of a parse-error, or empty.
finds() {
	run_split bounded "$REGCRED_GEN" check - < <(cat && behind)
	ended 1
	CASE=$1
	grep -E '^-:[0-9]+:[0-9]+: ' "$OUT" >findings
	if [[ $1 ]]; then
		[[ $(head -n 1 findings) == "-:${1%%: *}: error: ${1#*: } [parse-error]" ]] ||
			fail "found instead: $(head -n 1 findings | cut -c -200)"
		sed -i 1d findings
	fi
	[[ $(wc -l <findings) == 1 ]] || fail "there are other findings: $(head -n 3 findings)"
	grep -q '^-:[0-9]*:27: error: .* \[secret-base64\]$' findings || fail "the Secret behind is not checked"
	! grep -qv '^checked ' "$ERR" || fail "there is something on standard error"
}

@test "an alias bomb" {
	{
		echo 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
		for ((i = 1; i < 10; i++)); do
			j=$((i - 1))
			echo "a$i: &a$i [*a$j, *a$j, *a$j, *a$j, *a$j, *a$j, *a$j, *a$j, *a$j]"
		done
	} | finds '7:35: an object has more than 4000000 values, counting aliases (*)'
}

@test "an alias inside of its own anchor, or without one" {
	echo '&a [*a]' | finds '1:5: an alias (*) refers to a value that contains it'
	echo 'a: &a {b: 1, <<: *a}' | finds '1:18: an alias (*) refers to a value that contains it'
	echo 'a: *x' | finds '1:4: an alias (*) has no anchor (&)'
}

@test "nesting, 10,000 deep and more" {
	{ filled 10001 '[' && echo; } | finds '1:10001: collections are nested too deep'
	{ repeated 10001 '- ' && echo x; } | finds '1:20001: collections are nested too deep'
	{ printf '{"a":' && filled 10001 '[' && echo; } | finds '1:10005: objects and arrays are nested too deep'
	{ printf '{"a":' && filled 9000 '[' && filled 9000 ']' && echo '}'; } |
		finds '2:1: kubectl does not read a --- after JSON'
	{ filled 9000 '[' && filled 9000 ']' && echo; } | finds ''
	{ repeated 9000 '- ' && echo x; } | finds ''
}

@test "scalars of 100 MB" {
	long='is longer than 16777216 bytes'
	{ printf 'a: ' && filled 100000000 x && echo; } | finds "1:4: a value $long"
	{ printf 'a: "' && filled 100000000 x && echo '"'; } | finds "1:4: a value $long"
	{ printf '{"a": "' && filled 100000000 x && echo '"}'; } | finds "1:7: a string $long"
}

@test "values that no rule reads may be long" {
	{ filled 1000000 ' ' && echo 'a: 1'; } | finds ''
	{ filled 10000000 '#' && echo; } | finds ''
	awk 'BEGIN { for (i = 0; i < 1000000; i++) print "---" }' | finds ''
	awk 'BEGIN { print "a: |"; for (i = 0; i < 500000; i++) print "  line of text" }' | finds ''
	awk 'BEGIN { for (i = 0; i < 50000; i++) printf "a%d: &a%d x\n", i, i }' | finds ''
}

@test "NUL, bytes that are not UTF-8, tabs, open quotes" {
	printf 'a: x\0y\n' | finds '1:5: a control character is not allowed in YAML'
	printf '{"a": "x\0y"}\n' | finds '1:9: a string holds a raw control character'
	printf '# \377\na: \377\n' | finds ''
	printf 'a:\n\t- b\n' | finds '2:1: a tab is used for indentation'
	{ printf 'a: "' && filled 1000000 x && echo; } | finds '1:4: a quote is not closed'
}

@test "what kubectl accepts is accepted: byte order marks, UTF-16, CRLF, repeated keys, unknown tags" {
	finding=$(behind | bounded "$REGCRED_GEN" check - | head -n 1) || true
	[[ $finding == "-:6:27: error: "* ]]
	behind >plain
	for variant in bom crlf utf16 utf16le; do
		case $variant in
		bom) printf '\357\273\277' | cat - plain ;;
		crlf) sed 's/$/\r/' plain ;;
		utf16) iconv -t UTF-16 plain ;;
		utf16le) { printf '\377\376' && iconv -t UTF-16LE plain; } ;;
		esac >"$variant.yaml"
		CASE=$variant
		run_split bounded "$REGCRED_GEN" check "$variant.yaml"
		ended 1
		[[ $(grep -c '\[[a-z0-9-]*\]$' "$OUT") == 1 && $output == "$variant.yaml:6:"* ]] || fail "$output"
		grep -qF "${finding#*:*:*: }" "$OUT" || fail "$output"
	done
	printf 'a: 1\na: 2\n' | finds ''
	printf 'a: !foo bar\n' | finds ''
	printf 'a: 1\n...\n' | finds ''
}

@test "a thousand broken documents are a thousand findings" {
	awk 'BEGIN { for (i = 0; i < 1000; i++) print "a: [\n---" }' >all.yaml
	behind >>all.yaml
	run_split bounded "$REGCRED_GEN" check all.yaml
	ended 1
	[[ $(grep -c '\[parse-error\]$' "$OUT") == 1000 ]]
	[[ $(grep -c '\[secret-base64\]$' "$OUT") == 1 ]]
}

@test "any bytes at all" {
	for seed in 1 2 3 4 5; do
		# shellcheck disable=SC2034 # for fail
		CASE=$seed
		perl -e 'srand shift; print pack "C*", map { int rand 256 } 1 .. 200000' "$seed" >bytes
		run_split bounded "$REGCRED_GEN" check bytes
		[[ $status == [01] ]] || fail "it ended otherwise"
	done
}
