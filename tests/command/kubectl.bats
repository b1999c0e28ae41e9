#!/usr/bin/env bats
# The real kubectl makes the same objects of the same values, and reads ours as they are meant.
# REGCRED_SEED=N repeats the random cases of a run.
# shellcheck disable=SC2034 # CASE and stderr are for fail

load common

CASES=30

# theirs OPTION...: the Secret that kubectl makes, in the file theirs.
theirs() {
	kubectl create secret docker-registry "$@" --dry-run=client -o json >theirs.json || return
	jq -Sc 'del(.metadata.creationTimestamp)' theirs.json >theirs
}

# read_back FILE: what kubectl reads in a manifest, one object a line, in the file found. A label
# has to be set for that; it is taken away again.
read_back() {
	kubectl label --local -f "$1" regcred-gen-test=1 -o json --dry-run=client >read.json || return
	jq -Scn '[inputs | if .kind == "List" then .items[] else . end][]
		| del(.metadata.creationTimestamp, .metadata.labels["regcred-gen-test"])
		| if .metadata.labels == {} then del(.metadata.labels) else . end' read.json >found
}

same_object() {
	cmp -s "$1" "$2" || fail "not the same: $(diff "$1" "$2" | cut -c 1-300)"
}

same_payload() {
	jq -r '.data[".dockerconfigjson"]' theirs.json | base64 -d >theirs.payload
	cmp -s "$1" theirs.payload || fail "the payload is another one"
}

# --- random credentials ------------------------------------------------------------

# Written as bytes: the shell's own \u depends on the locale.
LINE_SEPARATOR=$'\xe2\x80\xa8'
# shellcheck disable=SC2016 # as they stand
PIECES=(a Z q 0 7 ' ' '"' "'" \\ '\n' '<' '>' '&' '$' '$x' '`' '!' '%s' '#' '{' '}' '[' ']' ',' / '?'
	'*' '=' @ '~' '^' '|' ';' - -- '<<' '---' null true .5 비밀번호 암호 한 🔑 🐳 "$LINE_SEPARATOR"
	$'\xe2\x80\xa9' $'\xc3\xa9' $'\xc2\xa0' $'\xef\xbb\xbf' $'\xef\xbf\xbd' $'\xf4\x8f\xbf\xbf'
	'\u2028' '\\u003c' '": "' '#x' '  ')
SERVERS=(ghcr.io reg.example.com reg.example.com:5000 quay.io/org/ '*.azurecr.io' localhost:5000
	docker.io/library 123456789012.dkr.ecr.eu-central-1.amazonaws.com registry.gitlab.com/group/project)

# random_text COUNT: pieces in $text; the generator of $RANDOM stays in this shell.
random_text() {
	local i
	text=
	for ((i = 0; i < $1; i++)); do
		text+=${PIECES[RANDOM % ${#PIECES[@]}]}
	done
}

# One credential: $user, $password, $email, $server; an empty one is not given.
random_credential() {
	random_text $((1 + RANDOM % 16))
	password=p$text # what it begins with is kept as kubectl keeps it, but for a byte order mark
	if ((RANDOM % 8 == 0)); then
		while ((${#password} < 8192)); do
			password+=$password
		done
	fi
	((RANDOM % 4)) || password=" $password"
	((RANDOM % 4)) || password="$password "
	random_text $((1 + RANDOM % 8))
	user=${text//:/}x
	email=
	((RANDOM % 2)) || { random_text $((1 + RANDOM % 8)) && email=$text; }
	server=
	((RANDOM % 5 == 0)) || server=${SERVERS[RANDOM % ${#SERVERS[@]}]}
}

@test "random credentials give the object and the bytes that kubectl gives" {
	needs_kubectl
	seed=${REGCRED_SEED:-$((SRANDOM % 32768))}
	RANDOM=$seed
	for ((number = 0; number < CASES; number++)); do
		random_credential
		CASE="$number of REGCRED_SEED=$seed"
		common=("secret-$number")
		((RANDOM % 2)) || common+=(--append-hash)
		((RANDOM % 2)) || common+=(-n "team-$number")
		same=("--docker-username=$user")
		[[ ! $email ]] || same+=("--docker-email=$email")
		[[ ! $server ]] || same+=("--docker-server=$server")
		theirs "${common[@]}" "${same[@]}" "--docker-password=$password" || fail "kubectl fails"

		printf '%s' "$password" >password
		case $((RANDOM % 3)) in
		0) ours=(--password-file password) ;;
		1) ours=(--password-stdin) ;;
		*) ours=("--password=$password") ;;
		esac
		run_split regcred "${common[@]}" "${same[@]}" "${ours[@]}" -o json <password
		[[ $status == 0 ]] || fail "it is refused"
		# The same data in base64 are the same bytes.
		jq -Sc . "$OUT" >ours
		same_object ours theirs
		cat theirs >>expected
		{ regcred "${common[@]}" "${same[@]}" "${ours[@]}" <password 2>>notes && echo ---; } >>all.yaml
	done
	CASE="all of REGCRED_SEED=$seed"
	read_back all.yaml || fail "kubectl cannot read it"
	same_object found expected
}

@test "values of each kind alone give the bytes that kubectl gives" {
	needs_kubectl
	# Several kinds in one run: kubectl takes its time to start.
	for text in "${PIECES[*]}" '"' "\\" '<>&' "$LINE_SEPARATOR" '{"a":{}}' ' x' 'x ' 비밀번호; do
		CASE=$text
		theirs x --docker-server=ghcr.io "--docker-username=u${text//:/}" "--docker-password=$text" \
			"--docker-email=$text"
		run_split regcred x -r ghcr.io -u "u${text//:/}" "--password=$text" -e "$text" -o json
		jq -Sc . "$OUT" >ours
		same_object ours theirs
		payload_json <"$OUT" >payload
		same_payload payload
	done
}

@test "the guide's line works with other first words" {
	needs_kubectl
	line='regcred --docker-server=registry.example.com --docker-username=ci --docker-password=s3cret
		--docker-email=ci@example.com'
	read -rd '' -a joined <<<"$line" || true
	read -rd '' -a apart <<<"${line//=/ }" || true
	theirs "${joined[@]}"
	outputs=('-o json' '-o=json' '-ojson' '--output=json' '--dry-run=client --output json')
	for tail in '' '-n dev' '-n=dev' '--namespace=dev' '--append-hash' '--append-hash=false'; do
		read -ra more <<<"$tail"
		theirs "${joined[@]}" "${more[@]}"
		for output in "${outputs[@]}"; do
			CASE="$tail $output"
			read -ra shape <<<"$output"
			run_split regcred "${joined[@]}" "${more[@]}" "${shape[@]}"
			made password-visible
			jq -Sc . "$OUT" >ours
			same_object ours theirs
			run_split regcred "${apart[@]}" "${more[@]}" "${shape[@]}"
			jq -Sc . "$OUT" >ours
			same_object ours theirs
		done
		outputs=('-o json')
	done
}

# --- reading ours --------------------------------------------------------------------

# Strings that a YAML reader may take for something else; labels and names only allow some.
HOSTILE_LABELS=(123 0 01 0x1F 0o17 1e3 1.5 1_000 true false yes no on off y n null Null NaN inf 2001-01-01 '')
HOSTILE_NAMES=(123 0 01 0x1f 0o17 1e3 1.5 true false yes no on off y n null 2001-01-01 0.0)

@test "kubectl reads labels and annotations as they are meant" {
	needs_kubectl
	options=()
	for ((i = 0; i < ${#HOSTILE_LABELS[@]}; i++)); do
		options+=(-l "key-$i=${HOSTILE_LABELS[i]}")
	done
	options+=(-l "true=1" -l "123=2" -l "null=3" -l "1e3=4" -l "y=5")
	run_split regcred "${CREDENTIAL[@]}" "${options[@]}"
	made
	read_back "$OUT"
	printf '%s\n' "${options[@]}" | grep -v '^-l$' |
		jq -RScn '[inputs | capture("^(?<key>[^=]*)=(?<value>.*)$")] | from_entries' >expected
	jq -Sc .metadata.labels found >labels
	same_object labels expected
}

@test "kubectl reads annotations as they are meant, whatever they hold" {
	needs_kubectl
	# The values that the real kubectl prints as one line of YAML or more, a thousand at once.
	jq -c 'select(.error == null and (.value | explode | all(. > 0))) | .value' \
		"$BATS_TEST_DIRNAME/../vectors/yaml-scalars.jsonl" >values
	jq -Scn '[inputs] | to_entries | map({key: "k\(.key)", value}) | from_entries' values >all
	options=()
	while IFS= read -rd '' pair; do
		options+=(--annotation "$pair")
	done < <(jq -j 'to_entries[] | "\(.key)=\(.value)\u0000"' all)
	[[ ${#options[@]} -gt 1000 ]]
	for shape in yaml json; do
		CASE=$shape
		run_split regcred "${CREDENTIAL[@]}" "${options[@]}" -o "$shape"
		made
		read_back "$OUT"
		jq -Sc .metadata.annotations found >annotations
		same_object annotations all
	done
}

@test "kubectl reads names and namespaces as they are meant" {
	needs_kubectl
	: >expected
	for name in "${HOSTILE_NAMES[@]}"; do
		namespace=${name//./-}
		regcred "$name" -n "$namespace" "${CREDENTIAL[@]}" >>all.yaml
		printf '%s\n' --- >>all.yaml
		printf '["%s","%s"]\n' "$name" "$namespace" >>expected
	done
	read_back all.yaml
	jq -c '[.metadata.name, .metadata.namespace]' found >names
	same_object names expected
}

@test "a YAML stream and a JSON List hold the same objects for kubectl" {
	needs_kubectl
	options=(-n 123 -n dev -n true -n 1e3 -l app=1 --annotation 'a=x: "y" #' --immutable --append-hash)
	run_split regcred "${CREDENTIAL[@]}" "${options[@]}" -o json
	made
	jq -Sc '.items[]' "$OUT" >expected
	[[ $(wc -l <expected) == 4 ]]
	for shape in json yaml; do
		CASE=$shape
		run_split regcred "${CREDENTIAL[@]}" "${options[@]}" -o "$shape"
		cp "$OUT" "manifest.$shape"
		read_back "manifest.$shape"
		same_object found expected
		# The same through a pipe, as people do it.
		kubectl label --local -f - regcred-gen-test=1 -o json --dry-run=client \
			<"manifest.$shape" >piped.json
		same_object piped.json read.json
	done
}

@test "several registries are kubectl's entries side by side" {
	needs_kubectl
	: >auths
	for number in 1 2 3; do
		theirs x "--docker-server=r$number.example.com" "--docker-username=u$number" \
			"--docker-password=p<$number>"
		jq -r '.data[".dockerconfigjson"]' theirs.json | base64 -d >>auths
	done
	run_split regcred -r r3.example.com -u u3 --password 'p<3>' -r r1.example.com -u u1 \
		--password 'p<1>' -r r2.example.com -u u2 --password 'p<2>' -o config
	jq -Sc . "$OUT" >found
	jq -Scn 'reduce inputs as $one ({}; .auths += $one.auths)' auths >expected
	same_object found expected
}

# --- what it reads ------------------------------------------------------------------

# agree TEXT: kubectl reads a ConfigMap and TEXT behind it, or check says that it does not parse.
agree() {
	CASE=$1
	printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n%b\n' "$1" >read.yaml
	kubectl annotate --local -f read.yaml x=y -o json >/dev/null 2>theirs.err && theirs=0 || theirs=1
	regcred check read.yaml >ours 2>ours.err && status=0 || status=1
	((theirs == status)) || fail "kubectl: $theirs $(<theirs.err) ours: $status $(<ours)"
	((status == 0)) || grep -q '\[parse-error\]$' ours || fail "$(<ours)"
}

@test "what kubectl refuses does not parse, and what it reads does" {
	behind='---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}'
	for text in 'l: [a::, fd00::]' 'l: {a: b:c:, d: e}' 'l: {a:}' 'l: [a :b]' 'l: [:a, b]' 'l: [a, :]' \
		'l: [really? yes]' 'l: {a?: b}' 'l: [http://x?a=b]' 'l: really? yes' 'l: [? a : b]' 'l: "a?"' \
		'l: "a\\\\/b"' "l: 'a\\\\\\\\/b'" 'l: !!timestamp 2001-01-01' 'l: !!timestamp x' 'l: !!int x' \
		'l: "\\\\ud83d\\\\ude00"' 'l: {9223372036854775808: a}' 'l: {18446744073709551616: a}' \
		'# caf\xe9' 'l: caf\xe9' '\xff: "\xed\xa0\x80"' 'l: "\x01"' '# \x7f' 'l: |\n  a\n--- x' \
		"---# c\n${behind#----}" "--- # c${behind#---}" "---\n\xef\xbb\xbf${behind#---\\n}" '--- text' \
		'--- ~' '--- {a: b}' '----' '---\n%YAML 1.1\n---' '---\n\x01' '---\n# \x01' '...\n# c' "...\n$behind" \
		"---\n{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"b\"}}\n$behind"; do
		agree "$text"
	done
}
