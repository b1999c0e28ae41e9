#!/usr/bin/env bats
# No message, process table, memory, core dump or file gives a password away.
# shellcheck disable=SC2034 # CASE and stderr are for fail

load common

# Nowhere else; the base64 of both is looked for wherever it begins in a group of three bytes.
TOKEN=Kx7mQ2vRt9LpZw4NbY8cHd3FgS6jA5eUu1oIiPzXkWqErTyV
AUTH=$(printf %s "octocat:$TOKEN" | base64 -w0)

terminal=()
CHANNELS=(stdin file fd env argument joined letter kubectl)

# given_by CHANNEL: the options in $given; `running` supplies what they read.
given_by() {
	unset TOKEN_VAR
	case $1 in
	stdin) given=(--password-stdin) ;;
	file) given=(--password-file token) ;;
	fd) given=(--password-fd 7) ;;
	env) given=(--password-env TOKEN_VAR) && export TOKEN_VAR=$TOKEN ;;
	argument) given=(--password "$TOKEN") ;;
	joined) given=("--password=$TOKEN") ;;
	letter) given=("-p$TOKEN") ;;
	kubectl) given=("--docker-password=$TOKEN") ;;
	terminal) given=() ;;
	esac
}

running() {
	printf '%s\n' "${CONTENT-$TOKEN}" >token
	"$@" <token 7<token
}

pieces() {
	local text=$1 i
	for ((i = 0; i + 16 <= ${#text} && i < 48; i += 16)); do
		printf '%s\n' "${text:i:16}"
	done
}

encoded() {
	local pad code
	for pad in '' x xx; do
		code=$(printf %s "$pad$1" | base64 -w0)
		code=${code:4}
		pieces "${code%????}"
	done
}

all_pieces() {
	pieces "$TOKEN"
	encoded "$TOKEN"
	encoded "$AUTH"
}

# --- the process table ------------------------------------------------------------

# wait_inside COMMAND...: starts a program that waits for a second password in a FIFO. On return it
# has read the first one; its id is $pid.
wait_inside() {
	local i
	mkfifo second
	chmod 644 second
	"$@" -r b.example.com -u b --password-file "$PWD/second" >out 2>err 3>&- &
	pid=$!
	hold_fifo 3>&- &
	holder=$!
	for ((i = 0; i < 500; i++)); do
		[[ ! -e opened ]] || return 0
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.02
	done
	cat err >&2
	return 1
}

hold_fifo() {
	local i
	exec >second
	: >opened
	for ((i = 0; i < 500; i++)); do
		[[ ! -e release ]] || break
		sleep 0.02
	done
	echo other
}

# release: the program gets its second password; its status is in $status.
release() {
	: >release
	status=0
	wait "$pid" || status=$?
	unset pid
	wait "$holder" || true
	unset holder
	[[ $status == 0 ]]
}

teardown() {
	[[ ! ${pid-} ]] || kill "$pid" 2>/dev/null || true
	[[ ! ${holder-} ]] || kill "$holder" 2>/dev/null || true
	[[ ! ${public-} ]] || rm -rf "$public"
}

@test "the process table shows no password" {
	for channel in argument joined letter kubectl; do
		given_by "$channel"
		wait_inside "$REGCRED_GEN" -n visible-namespace -r ghcr.io -u octocat "${given[@]}"
		tr '\0' '\n' <"/proc/$pid/cmdline" >table
		grep -qx visible-namespace table
		run ! grep -qF "${TOKEN:0:12}" table
		release
		rm second opened release
	done
}

@test "the environment of the process loses the password" {
	given_by env
	VISIBLE=visible-variable wait_inside "$REGCRED_GEN" -r ghcr.io -u octocat "${given[@]}"
	if tr '\0' '\n' 2>/dev/null <"/proc/$pid/environ" >table; then
		grep -qx VISIBLE=visible-variable table
		run ! grep -qF "${TOKEN:0:12}" table
	fi
	release
}

# --- memory -----------------------------------------------------------------------

needs_memscan() {
	[[ $REGCRED_VARIANT == release ]] || skip "what instruments the program copies it to the stack"
}

# scan WHEN COMMAND...: the hits of all pieces of the password are in $hits.
scan() {
	local when=$1
	shift
	[[ -e needles ]] || mapfile -t all < <(all_pieces)
	[[ -e needles ]] || needle_file needles "${all[@]}"
	rm -f report
	status=0
	running "${terminal[@]}" env LD_PRELOAD="$REGCRED_TOOLS/memscan.so" MEMSCAN_NEEDLES=needles \
		MEMSCAN_AT="$when" MEMSCAN_REPORT=report "$@" >"${TO-out}" 2>err || status=$?
	stderr=$(<err)
	hits=$(needle_hits report) || fail "memory was not scanned"
}

# at_terminal WHEN COMMAND...: the same for a command that asks for the password.
at_terminal() {
	local terminal=("$REGCRED_TOOLS/pty" typed --)
	printf '%s\n' 'expect ghcr.io: ' 'echo off' "send $TOKEN\\n" >typed
	scan "$@"
}

# leaves_nothing STATUS COMMAND...
leaves_nothing() {
	local expected=$1
	shift
	scan exit "$@"
	[[ $status == "$expected" ]] || fail "the status is not $expected" || return
	[[ $hits == 0 ]] || fail "memory holds it still: $(<report)"
}

@test "the scan of memory finds the password while the program needs it" {
	needs_memscan
	for channel in "${CHANNELS[@]}"; do
		CASE=$channel
		given_by "$channel"
		scan write "$REGCRED_GEN" -r ghcr.io -u octocat "${given[@]}"
		[[ $status == 0 && $hits -gt 3 ]] || fail "only $hits hits"
	done
}

@test "no password stays in memory, whatever channel it came by" {
	needs_memscan
	for channel in "${CHANNELS[@]}"; do
		given_by "$channel"
		for shape in '' '-o json' '-o config' '-n a -n b --append-hash' '--output-file made'; do
			CASE="$channel $shape"
			# shellcheck disable=SC2086 # several options
			leaves_nothing 0 "$REGCRED_GEN" -r ghcr.io -u octocat "${given[@]}" $shape
		done
	done
}

@test "a long password leaves nothing behind as its buffers grow" {
	needs_memscan
	CONTENT=
	for ((i = 0; i < 5000; i++)); do
		CONTENT+=$TOKEN
	done
	for channel in stdin file fd; do
		CASE=$channel
		given_by "$channel"
		leaves_nothing 0 "$REGCRED_GEN" -r ghcr.io -u octocat "${given[@]}"
	done
	TO=/dev/full leaves_nothing 4 "$REGCRED_GEN" -r ghcr.io -u octocat --password-stdin
}

# failures CALLBACK CHANNEL: calls CALLBACK STATUS COMMAND... for each way to fail after, or while,
# a password is given by CHANNEL.
failures() {
	local call=$1 channel=$2 login long
	given_by "$channel"
	login=("$REGCRED_GEN" -r ghcr.io -u octocat "${given[@]}")
	printf -v long '%0252d' 0
	printf 'a\001b' >control
	: >empty

	CASE="$channel: bad second registry"
	"$call" 2 "${login[@]}" -r 'no registry' -u b --password-file token
	CASE="$channel: the same registry again"
	"$call" 2 "${login[@]}" -r GHCR.io -u b --password-file token
	CASE="$channel: unknown option"
	"$call" 2 "${login[@]}" --no-such-option
	CASE="$channel: a second password"
	"$call" 2 "${login[@]}" --password-file token
	CASE="$channel: a name with its hash too long"
	"$call" 2 "${login[@]}" --append-hash "$long"
	CASE="$channel: bad label"
	"$call" 2 "${login[@]}" -l a/b/c=d
	CASE="$channel: second password missing"
	"$call" 4 "${login[@]}" -r b.example.com -u b --password-file no/such
	CASE="$channel: second password empty"
	"$call" 3 "${login[@]}" -r b.example.com -u b --password-file empty
	CASE="$channel: second password contains a control character"
	"$call" 3 "${login[@]}" -r b.example.com -u b --password-file control
	CASE="$channel: --strict"
	"$call" 3 "${login[@]}" -r b.example.com:443 -u b --password-file token --strict
	CASE="$channel: nowhere to write to"
	"$call" 4 "${login[@]}" --output-file no/such/file
	CASE="$channel: a folder is to be replaced"
	"$call" 4 "${login[@]}" --output-file .
	CASE="$channel: full disk"
	TO=/dev/full "$call" 4 "${login[@]}"
	CASE="$channel: full disk, second namespace"
	TO=/dev/full "$call" 4 "${login[@]}" -n a -n b -o json
}

@test "no password stays in memory when something fails" {
	needs_memscan
	for channel in "${CHANNELS[@]}"; do
		failures leaves_nothing "$channel"
	done
}

@test "a password that is refused leaves nothing in memory" {
	needs_memscan
	for CONTENT in "$TOKEN"$'\n'"$TOKEN" $'\001'"$TOKEN" "$TOKEN"$'\xff'; do
		for channel in stdin file fd; do
			CASE=$channel
			given_by "$channel"
			leaves_nothing 3 "$REGCRED_GEN" -r ghcr.io -u octocat "${given[@]}"
		done
	done
}

@test "a password typed at the terminal leaves nothing in memory" {
	needs_memscan
	at_terminal write "$REGCRED_GEN" -r ghcr.io -u octocat
	[[ $status == 0 && $hits -gt 3 ]] || fail "only $hits hits"

	at_terminal exit "$REGCRED_GEN" -r ghcr.io -u octocat
	[[ $status == 0 && $hits == 0 ]] || fail "memory holds it still: $(<report)"
	at_terminal exit "$REGCRED_GEN" -r ghcr.io -u octocat --output-file no/such/file
	[[ $status == 4 && $hits == 0 ]] || fail "memory holds it still: $(<report)"
	TO=/dev/full at_terminal exit "$REGCRED_GEN" -r ghcr.io -u octocat
	[[ $status == 4 && $hits == 0 ]] || fail "memory holds it still: $(<report)"
}

# imported_from: the files that `leaves_nothing` is to run over, of the same token.
imported_from() {
	printf '{"auths":{"ghcr.io":{"auth":"%s"}}}' "$AUTH" >auth.json
	printf '{"ghcr.io":{"username":"octocat","password":"%s"}}' "$TOKEN" >fields.json
	printf '{"auths":{"a.io":{"auth":"%s"},"b.io":{"auth":"#"}}}' "$AUTH" >bad.json
	printf '{"auths":{"a.io":{"auth":"%s"' "$AUTH" >cut.json
	echo '{"credHelpers":{"ghcr.io":"plain"}}' >helper.json
	echo '{"credHelpers":{"ghcr.io":"failing"}}' >failing.json
	mkdir -p bin
	printf '#!/bin/sh\necho '\''{"ServerURL":"x","Username":"octocat","Secret":"%s"}'\''\n' "$TOKEN" >bin/docker-credential-plain
	sed '$a exit 1' bin/docker-credential-plain >bin/docker-credential-failing
	chmod 700 bin/*
	PATH=$PWD/bin:$PATH
}

@test "what is imported leaves nothing in memory" {
	needs_memscan
	imported_from
	for CASE in auth fields helper; do
		scan write "$REGCRED_GEN" --from-file "$CASE.json"
		[[ $status == 0 && $hits -gt 3 ]] || fail "only $hits hits"
		for shape in '' '-o json' '-o config' '-n a -n b' '-r ghcr.io'; do
			# shellcheck disable=SC2086 # several options
			leaves_nothing 0 "$REGCRED_GEN" --from-file "$CASE.json" $shape
		done
		leaves_nothing 4 "$REGCRED_GEN" --from-file "$CASE.json" --output-file no/such
	done
	CASE='bad' leaves_nothing 3 "$REGCRED_GEN" --from-file bad.json
	CASE='cut' leaves_nothing 3 "$REGCRED_GEN" --from-file cut.json
	CASE='failing' leaves_nothing 4 "$REGCRED_GEN" --from-file failing.json
	unset REGISTRY_AUTH_FILE
	DOCKER_AUTH_CONFIG=$(<auth.json)
	export DOCKER_AUTH_CONFIG
	tells_nothing 0 "$REGCRED_GEN" -v --from-login -r ghcr.io --output-file made
}

@test "no message about what is imported shows a password" {
	imported_from
	for CASE in auth fields helper; do
		tells_nothing 0 "$REGCRED_GEN" -v --from-file "$CASE.json" --output-file made
	done
	CASE='bad' tells_nothing 3 "$REGCRED_GEN" -v --from-file bad.json
	CASE='cut' tells_nothing 3 "$REGCRED_GEN" -v --from-file cut.json
	CASE='failing' tells_nothing 4 "$REGCRED_GEN" -v --from-file failing.json
}

# manifest LINE...: a Secret whose data or stringData the lines are.
manifest() {
	printf '%s\n' 'apiVersion: v1' 'kind: Secret' 'type: kubernetes.io/dockerconfigjson' 'metadata: {name: s}' "$@"
}

# Secrets that hold the token in each way that they can, good ones and bad ones.
secrets() {
	local config="{\"auths\":{\"ghcr.io\":{\"auth\":\"$AUTH\"},\"b.io\":{\"username\":\"octocat\",\"password\":\"$TOKEN\"}}}"
	local bad="{\"auths\":{\"ghcr.io\":{\"auth\":\"$AUTH#\"}}}"
	local applied
	applied="{\"data\":{\".dockerconfigjson\":\"$(printf %s "$config" | base64 -w0)\"}}"
	manifest "data: {.dockerconfigjson: $(printf %s "$config" | base64 -w0)}" >data
	manifest 'stringData:' '  .dockerconfigjson: |' "    $config" "  plain: $TOKEN" >string
	sed "s|^metadata.*|metadata: {name: s, annotations: {kubectl.kubernetes.io/last-applied-configuration: '$applied'}}|" data >last
	jq -n --arg config "$config" '{apiVersion: "v1", kind: "Secret", type: "kubernetes.io/dockerconfigjson",
		metadata: {name: "s"}, data: {".dockerconfigjson": ($config | @base64)}}' >json
	manifest 'stringData:' '  .dockerconfigjson: |' "    $bad" >bad-entry
	manifest 'stringData:' '  .dockerconfigjson: |' "    ${config%??}" >bad-json
	manifest "data: {.dockerconfigjson: $(printf %s "$config" | base64 -w0)#}" >bad-base64
	manifest 'stringData:' "  .dockerconfigjson: {x: $TOKEN}" >bad-type
	{ manifest 'stringData:' '  .dockerconfigjson: |' "    $config" && echo '  "'; } >bad-yaml
	{ cat data && echo --- && cat string; } >bad-two
	{ cat string && echo 'foo: 1'; } >bad-field
}

@test "what is updated leaves nothing in memory" {
	needs_memscan
	secrets
	given_by file
	for CASE in data string last json; do
		scan write "$REGCRED_GEN" --update "$CASE"
		[[ $status == 0 && $hits -gt 1 ]] || fail "only $hits hits"
		for shape in '' '-o json' '-o config' '-n a -n b' '--append-hash' '--remove ghcr.io'; do
			# shellcheck disable=SC2086 # several options
			leaves_nothing 0 "$REGCRED_GEN" --update "$CASE" $shape
		done
		leaves_nothing 0 "$REGCRED_GEN" --update "$CASE" -r ghcr.io -u octocat "${given[@]}"
		leaves_nothing 3 "$REGCRED_GEN" --update "$CASE" --remove no.io
		leaves_nothing 4 "$REGCRED_GEN" --update "$CASE" --output-file no/such
	done
	for CASE in bad-*; do
		leaves_nothing 3 "$REGCRED_GEN" --update "$CASE"
	done
}

@test "what is matched, shown or proved leaves nothing in memory, and is shown only when asked for" {
	needs_memscan
	secrets
	given_by file
	printf '%s\n' 'apiVersion: v1' 'kind: Pod' 'metadata: {name: w}' \
		'spec: {imagePullSecrets: [{name: s}], containers: [{name: a, image: ghcr.io/x}, {name: b, image: no.io/x}]}' >pod
	for CASE in data string last json; do
		scan write "$REGCRED_GEN" show --reveal "$CASE"
		[[ $status == 0 && $hits -gt 0 ]] || fail "only $hits hits"
		for shape in '' '-o json'; do
			# shellcheck disable=SC2086 # several options
			leaves_nothing 0 "$REGCRED_GEN" match -f "$CASE" $shape ghcr.io/x
			# shellcheck disable=SC2086
			leaves_nothing 1 "$REGCRED_GEN" match -f "$CASE" $shape --for pod
			# shellcheck disable=SC2086
			leaves_nothing 2 "$REGCRED_GEN" match -f "$CASE" $shape X/Y/Z/A ghcr.io/x
			# shellcheck disable=SC2086
			leaves_nothing 0 "$REGCRED_GEN" show "$CASE" $shape
			! grep -q "$TOKEN" out err || fail "the password is shown"
		done
		leaves_nothing 0 "$REGCRED_GEN" show "$CASE" --reveal
		grep -q "$TOKEN" out || fail "the password is not shown"
		TO=/dev/full leaves_nothing 4 "$REGCRED_GEN" show "$CASE" --reveal
	done
	for CASE in bad-entry bad-json bad-base64 bad-type; do
		leaves_nothing 1 "$REGCRED_GEN" match -f "$CASE" ghcr.io/x
		! grep -q "$TOKEN" out err || fail "the password is shown"
		leaves_nothing 1 "$REGCRED_GEN" show "$CASE"
		! grep -q "$TOKEN" out err || fail "the password is shown"
	done
	leaves_nothing 3 "$REGCRED_GEN" match -f bad-yaml ghcr.io/x
	leaves_nothing 3 "$REGCRED_GEN" show bad-yaml
	leaves_nothing 0 "$REGCRED_GEN" -r ghcr.io -u octocat "${given[@]}" --image ghcr.io/x
	leaves_nothing 1 "$REGCRED_GEN" -r ghcr.io -u octocat "${given[@]}" --for pod --strict
	! grep -q "$TOKEN" out err || fail "the password is shown"
}

@test "no message about what is updated shows a password" {
	secrets
	for CASE in data string last json; do
		tells_nothing 0 "$REGCRED_GEN" -v --update "$CASE" --output-file made
	done
	for CASE in bad-*; do
		tells_nothing 3 "$REGCRED_GEN" -v --update "$CASE"
	done
}

# --- core dumps and other processes --------------------------------------------------

@test "there is no core dump" {
	given_by argument
	wait_inside "$REGCRED_GEN" -r ghcr.io -u octocat "${given[@]}"
	grep -Eq '^Max core file size +0 +0 ' "/proc/$pid/limits"
	release
}

@test "other processes of the same user cannot look into it" {
	[[ $REGCRED_VARIANT != asan ]] || skip "the leak checker needs to look into the process"
	as=()
	program=$REGCRED_GEN
	user=$(id -u)
	if [[ $user == 0 ]]; then
		as=(setpriv --reuid=65534 --regid=65534 --clear-groups --)
		user=65534
		"${as[@]}" true 2>/dev/null || skip "root cannot become another user here"
		# A folder that everybody can enter.
		public=$(mktemp -d)
		chmod 755 "$public"
		install -m 755 "$REGCRED_GEN" "$public/program"
		program=$public/program
		cd "$public"
	fi
	"${as[@]}" sleep 10 3>&- &
	control=$!
	given_by argument
	wait_inside "${as[@]}" "$program" -r ghcr.io -u octocat "${given[@]}"
	# The files of a process that may not be dumped are root's.
	owner=$(stat -c %u "/proc/$pid/mem" "/proc/$pid/environ" "/proc/$control/mem" | paste -sd ' ')
	kill "$control"
	release
	[[ $owner == "0 0 $user" ]]
}

# --- messages ---------------------------------------------------------------------

# tells_nothing STATUS COMMAND...
tells_nothing() {
	local expected=$1
	shift
	[[ -e forms ]] || all_pieces >forms
	status=0
	running "$@" >"${TO-out}" 2>err || status=$?
	[[ ! ${TO-} ]] || : >out
	stderr=$(<err)
	[[ $status == "$expected" ]] || fail "the status is not $expected" || return
	! grep -qFf forms out err || fail "the password is told"
}

@test "the search of messages finds what it looks for" {
	given_by stdin
	run ! tells_nothing 0 "$REGCRED_GEN" -r ghcr.io -u octocat "${given[@]}"
	run ! tells_nothing 0 "$REGCRED_GEN" -r ghcr.io -u octocat "${given[@]}" -o config
}

@test "no message of a run that fails shows the password" {
	for channel in "${CHANNELS[@]}"; do
		failures tells_nothing "$channel"
	done
}

@test "with -v, too, no message shows the password" {
	for channel in "${CHANNELS[@]}"; do
		CASE=$channel
		given_by "$channel"
		tells_nothing 0 "$REGCRED_GEN" -v -r ghcr.io -u octocat "${given[@]}" --output-file made
		[[ -s err && -s made ]]
	done
}

@test "a password that is refused is not repeated" {
	for CONTENT in "$TOKEN"$'\n'"$TOKEN" $'\001'"$TOKEN" "$TOKEN"$'\xff' "{\"a\": \"$TOKEN\"}"$'\001'; do
		for channel in stdin file fd env argument joined letter kubectl; do
			CASE="$channel $CONTENT"
			given_by "$channel"
			TOKEN_VAR=$CONTENT
			case $channel in
			stdin | file | fd | env) expected=3 ;;
			*) expected=2 ;;
			esac
			tells_nothing "$expected" "$REGCRED_GEN" -r ghcr.io -u octocat "${given[@]/"$TOKEN"/"$CONTENT"}"
		done
	done
}

@test "a password where none belongs is not repeated" {
	while IFS= read -r line; do
		CASE=$line
		line=${line//TOKEN/"$TOKEN"}
		read -ra options <<<"$line"
		tells_nothing 2 "$REGCRED_GEN" -r ghcr.io -u octocat "${options[@]}"
	done <<-'END'
		--password-stdin=TOKEN
		--password-stdin TOKEN name
		--pasword TOKEN
		--pasword=TOKEN
		--passwor=TOKEN
		--docker-pasword=TOKEN
		--password-env TOKEN-
		--password-env $TOKEN
		--password-env ghp.TOKEN
		--password-fd TOKEN
		--password first TOKEN name
		-p first TOKEN name
		-p TOKEN -p TOKEN
		-p TOKEN --password-fd TOKEN
		--output TOKEN -p x
		--dry-run=TOKEN -p x
		--immutable=TOKEN -p x
		--strict=TOKEN -p x
		-p TOKEN --token=TOKEN
	END
}

# --- files ------------------------------------------------------------------------

@test "the output file was never readable by others, not even while it was made" {
	[[ $REGCRED_VARIANT == release ]] || skip "what instruments the program opens files of its own"
	umask 000
	echo old >made
	chmod 644 made
	given_by stdin
	strace -o trace true 2>/dev/null ||
		skip "strace cannot trace here"
	running strace -o trace -e trace=openat,open "$REGCRED_GEN" -r ghcr.io -u octocat \
		"${given[@]}" --output-file made >out
	grep O_CREAT trace >creations
	[[ $(wc -l <creations) == 1 ]]
	grep -q 'O_CREAT|O_EXCL.*, 0600) = ' creations
	[[ $(stat -c %a made) == 600 ]]
}

@test "a password in a registry key, cut off by a NUL, is not shown" {
	printf '{"auths":{"me:hunter2\\u0000@reg.io":{"username":"u","password":"p"},"me:hunter2@reg.io\\u0000":{"username":"u","password":"p"}}}' >config.json
	jq -n --arg config "$(base64 -w0 config.json)" '{apiVersion: "v1", kind: "Secret", metadata: {name: "a"},
		type: "kubernetes.io/dockerconfigjson", data: {".dockerconfigjson": $config}}' >secret.json
	for words in 'show secret.json' 'match -f secret.json reg.io/app' 'check secret.json' 'check -o json secret.json' \
		'check -o sarif secret.json' '--from-file config.json'; do
		CASE=$words
		# shellcheck disable=SC2086 # words
		run_split regcred $words
		[[ $status != 0 ]] || fail "there was nothing to find"
		untold hunter2
		[[ $output$stderr == *...@reg.io* && $output != *hunter2* ]] || fail "the key is shown otherwise: $output"
	done
}

@test "what kubectl prints of a cluster leaves no password in memory" {
	needs_memscan
	local data container='{"name":"app","image":"ghcr.io/a:1"}'
	data=$(printf '{"auths":{"ghcr.io":{"auth":"%s","password":"%s"}}}' "$AUTH" "$TOKEN" | base64 -w0)
	cat >cluster.json <<-END
		{"apiVersion": "v1", "kind": "List", "items": [
		{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "dev", "uid": "1"},
		 "spec": {"imagePullSecrets": [{"name": "s"}], "containers": [$container]},
		 "status": {"containerStatuses": [{"name": "app", "state": {"waiting": {"reason": "ErrImagePull", "message": "401 Unauthorized"}}}]}},
		{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "dev"},
		 "type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": "$data"}}]}
	END
	printf '#!/bin/sh\nunset LD_PRELOAD\nexec cat cluster.json\n' >kubectl
	chmod +x kubectl
	export KUBECTL=./kubectl
	scan write "$REGCRED_GEN" why -o json
	[[ $status == 1 && $hits -gt 0 ]] || fail "only $hits hits"
	for CASE in "-o json" "-o text" "-f cluster.json"; do
		# shellcheck disable=SC2086 # several options
		leaves_nothing 1 "$REGCRED_GEN" why $CASE
		grep -q ghcr.io/a:1 out
	done
}
