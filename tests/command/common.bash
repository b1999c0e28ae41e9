# What the command tests share: "load common" comes first in each of them.
# shellcheck shell=bash

# Texts in any script are the same wherever the tests run.
export LC_ALL=C.UTF-8

bats_require_minimum_version 1.5.0
load ../support/helpers.bash

# A test that hangs is ended, also where make did not set a limit; in seconds.
export BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-600}

REPOSITORY=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
export REGCRED_VARIANT=${REGCRED_VARIANT:-release}
export REGCRED_GEN=${REGCRED_GEN:-$REPOSITORY/build/$REGCRED_VARIANT/regcred-gen}
export REGCRED_TOOLS=${REGCRED_TOOLS:-$REPOSITORY/build/$REGCRED_VARIANT/tests}

# The credential of a test that is about something else.
export PASS=pass
# shellcheck disable=SC2034 # for the tests
CREDENTIAL=(-r reg.example.com -u user --password-env PASS)
# shellcheck disable=SC2034 # for the tests
CREDENTIAL_CONFIG='{"auths":{"reg.example.com":{"username":"user","password":"pass","auth":"dXNlcjpwYXNz"}}}'

# Each test starts in an empty folder of its own; its files are its own alone.
setup() {
	umask 077
	unset NO_COLOR CASE
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
}

regcred() {
	"$REGCRED_GEN" "$@"
}

# The names of all commands, in one line, as the help lists them.
commands() {
	regcred help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | paste -sd ' '
}

# run_split COMMAND...: leaves the status in $status, standard output in $output and byte for
# byte in the file $OUT, standard error in $stderr and in the file $ERR.
run_split() {
	OUT=$BATS_TEST_TMPDIR/out ERR=$BATS_TEST_TMPDIR/err
	status=0
	"$@" >"$OUT" 2>"$ERR" || status=$?
	# shellcheck disable=SC2034 # for the tests
	output=$(tr -d '\0' <"$OUT")
	stderr=$(tr -d '\0' <"$ERR")
}

# fail SENTENCE: in a loop over cases, CASE names the one that fails.
fail() {
	printf '%s%s\nstatus %s, standard error:\n%s\n' "${CASE:+case $CASE: }" "$1" "$status" "$stderr" >&2
	return 1
}

# ended STATUS
ended() {
	[[ $status == "$1" ]] || fail "the status is not $1"
}

# The ids of the messages on standard error, in order, in one line.
message_ids() {
	sed -n 's/^regcred-gen: .* \[\([a-z0-9-]*\)\]$/\1/p' "$ERR" | paste -sd ' '
}

# refused STATUS ID [TEXT]: the last run ended in one error, and wrote nothing to standard output.
refused() {
	ended "$1" || return
	[[ ! -s $OUT ]] || fail "there is something on standard output" || return
	[[ $stderr == "regcred-gen: "* ]] || fail "standard error begins otherwise" || return
	grep -q "^regcred-gen: error: .* \[$2\]\$" "$ERR" || fail "there is no error [$2]" || return
	told "${3-}"
}

# made [ID...]: the last run succeeded, and its messages are exactly these.
made() {
	ended 0 || return
	[[ $(message_ids) == "$*" ]] || fail "the messages are not: $*" || return
	# check always says what it looked at
	[[ $# != 0 ]] || ! grep -qv '^checked ' "$ERR" || fail "there is something on standard error"
}

# told TEXT, untold TEXT: whether standard error holds TEXT.
told() {
	[[ $stderr == *"$1"* ]] || fail "standard error lacks: $1"
}
untold() {
	[[ $stderr != *"$1"* ]] || fail "standard error repeats what it should not"
}

# wrote: standard output of the last run is, byte for byte, what stands on standard input.
wrote() {
	cmp -s - "$OUT" || fail "standard output is something else"
}

# The Docker config in a YAML document, in a JSON object, on standard input.
payload() {
	awk '$1 == ".dockerconfigjson:" { print $2; exit }' | base64 -d
}
payload_json() {
	jq -r '.data[".dockerconfigjson"]' | base64 -d
}

needs_kubectl() {
	command -v kubectl >/dev/null || skip "kubectl is not installed"
	command -v jq >/dev/null || skip "jq is not installed"
	# Neither a configuration nor a cluster of the machine.
	export HOME=$PWD KUBECONFIG=/dev/null
}

# The namespaces of a YAML stream, in one line, quotes and all.
namespaces_of() {
	sed -n 's/^  namespace: //p' "$1" | paste -sd ' '
}

# state_of PROCESS: the letter of its state, nothing before it has become the program.
state_of() {
	sed -n 's/^[0-9]* (regcred-gen) \(.\).*/\1/p' "/proc/$1/stat" 2>/dev/null
}

# await_state LETTER PROCESS: until it is and stays so. S: it waits for input. Limit: 10 seconds.
await_state() {
	local seen=0 tries
	for ((tries = 0; tries < 1000 && seen < 4; tries++)); do
		sleep 0.01
		[[ $(state_of "$2") == "$1" ]] && seen=$((seen + 1)) || seen=0
	done
	((seen == 4))
}

# Before a command: signals that nohup, or a shell for what runs in the background, has ignored
# do what they usually do.
# shellcheck disable=SC2034 # for the tests
USUAL_SIGNALS=(env --default-signal=HUP --default-signal=INT --default-signal=QUIT --)

# unprivileged COMMAND...: root, too, is then held back by the modes of files.
unprivileged() {
	if [[ $(id -u) == 0 ]]; then
		setpriv --bounding-set=-dac_override,-dac_read_search -- "$@"
	else
		"$@"
	fi
}

# Where the sanitizers' runtime must be the first library, no other can be preloaded.
needs_preload() {
	[[ $REGCRED_VARIANT != asan ]] || skip "the sanitizers' runtime allows no LD_PRELOAD"
}
