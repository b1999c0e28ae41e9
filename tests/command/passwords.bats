#!/usr/bin/env bats
# Where a password comes from, and what it may be.

load common

FROM=(-r reg.example.com -u user -o config)

# give CHANNEL FILE: run with the bytes of FILE as the password. Empty bytes and NUL cannot go
# through every channel.
give() {
	local bytes
	case $1 in
	env | option | synonym | short) bytes=$(cat "$2" && echo .) && bytes=${bytes%.} ;;
	fifo) mkfifo fifo && timeout 10 dd if="$2" of=fifo status=none & writer=$! ;;
	esac
	case $1 in
	stdin) run_split regcred "${FROM[@]}" --password-stdin <"$2" ;;
	pipe) run_split regcred "${FROM[@]}" --password-stdin < <(cat "$2") ;;
	file) run_split regcred "${FROM[@]}" --password-file "$2" </dev/null ;;
	dash) run_split regcred "${FROM[@]}" --password-file - <"$2" ;;
	process) run_split regcred "${FROM[@]}" --password-file <(cat "$2") </dev/null ;;
	fifo)
		while [[ ! -p fifo ]]; do sleep 0.01; done
		run_split regcred "${FROM[@]}" --password-file fifo </dev/null
		wait "$writer" && rm fifo # bats has a child of its own, which watches the time
		;;
	fd) run_split regcred "${FROM[@]}" --password-fd 9 9<"$2" </dev/null ;;
	fd0) run_split regcred "${FROM[@]}" --password-fd 0 <"$2" ;;
	env) SECRET_9=$bytes run_split regcred "${FROM[@]}" --password-env SECRET_9 </dev/null ;;
	option) run_split regcred "${FROM[@]}" --password "$bytes" </dev/null ;;
	short) run_split regcred "${FROM[@]}" "-p$bytes" </dev/null ;;
	synonym) run_split regcred "${FROM[@]}" "--docker-password=$bytes" </dev/null ;;
	esac
}

CHANNELS=(stdin pipe file dash process fifo fd fd0 env option short synonym)

@test "every channel gives the same Secret" {
	local channel
	printf pass >file
	for channel in "${CHANNELS[@]}"; do
		CASE=$channel
		give "$channel" file
		case $channel in
		option | short | synonym)
			made password-visible
			told 'hint: use --password-stdin'
			untold '"pass"'
			;;
		*) made ;;
		esac
		wrote <<<"$CREDENTIAL_CONFIG"
	done
}

@test "one line end is dropped" {
	local channel bytes
	for channel in "${CHANNELS[@]}"; do
		for bytes in 'pass\n' 'pass\r\n' 'pass\r'; do
			CASE="$channel $bytes"
			printf %b "$bytes" >file
			give "$channel" file
			ended 0
			wrote <<<"$CREDENTIAL_CONFIG"
		done
	done
	printf ' pass \t' | tr -d '\t' >file
	CASE=blanks
	give stdin file
	made credential-doubtful
	[[ $(jq -r '.auths[].password' "$OUT") == ' pass ' ]]
}

@test "an invalid password is refused" {
	local channel row bytes what place wanted
	for channel in "${CHANNELS[@]}"; do
		case $channel in
		stdin | pipe | dash | fd0) place='standard input: ' wanted=3 ;;
		file) place='file: ' wanted=3 ;;
		process) place=/dev/fd/ wanted=3 ;;
		fifo) place='fifo: ' wanted=3 ;;
		fd) place='file descriptor 9: ' wanted=3 ;;
		env) place='variable SECRET_9: ' wanted=3 ;;
		*) place='option --password: ' wanted=2 ;;
		esac
		for row in '|is empty' '\n|is empty' '\r\n|is empty' 'hunter2\n\n|ends with a line end' \
			'hunter2\r\r|ends with a line end' 'hunter2\n\r|ends with a line end' 'hunter2\r\n\r\n|ends with a line end' \
			'hun\nter2|holds a line end' 'hun\rter2|holds a line end' '\nhunter2|holds a line end' \
			'hun\0ter2|holds a NUL' 'hunter2\0|holds a NUL' 'hun\tter2|holds a control' \
			'hun\ter2\x1b[0m|holds a control' 'hunter2\x7f|holds a control' 'hunter2\xc2\x85|holds a control' \
			'hunter2\xff|not valid UTF-8' 'hunter2\xc0\x80|not valid UTF-8' 'hunter2\xed\xa0\x80|not valid UTF-8' \
			'hunter2\xe2\x82|not valid UTF-8' '[\n"hunter2"\n]|holds a line end' '{"hunter2":\n\n|ends with a line end' \
			'{"a":"hunter2"}\n{}|holds a line end' '{\n"a":"hunter2\x01"}|the password holds'; do
			bytes=${row%|*} what=${row#*|}
			CASE="$channel $bytes"
			case $channel in
			stdin | env | option) ;;
			*) [[ $bytes == '' || $bytes == 'hunter2\n\n' || $bytes == 'hunter2\xff' ]] || continue ;; # the rest is the same
			esac
			case $channel$bytes in
			env*'\0'* | option*'\0'* | short*'\0'* | synonym*'\0'*) continue ;; # no way to pass it
			short) continue ;;                                                 # -p needs a value
			esac
			printf %b "$bytes" >file
			give "$channel" file
			refused "$wanted" password-invalid "$what"
			told "$place"
			untold hunter2
			untold ter2
		done
	done
}

@test "the key of a service account is carried whole" {
	local channel
	printf '{\n\t"type": "service_account",\r\n  "private_key": "-----BEGIN-----\\nMII=\\n-----END-----\\n",\n  "n": [1, null]\n}' >key
	printf '%s\n' "$(<key)" >file
	for channel in "${CHANNELS[@]}"; do
		CASE=$channel
		give "$channel" file
		ended 0
		jq -j '.auths[].password' "$OUT" | cmp - key || fail "it is something else"
		jq -j '.auths[].auth | @base64d' "$OUT" | cmp - <(printf 'user:' && cat key) || fail "auth differs"
	done
}

@test "a password of any characters makes the round trip" {
	local password channel
	for password in 'pä"\ß<>&漢字🔑' "'\$HOME \`id\` %s %n" $'\u2028\u2029\ufeff' '{"a":1}' : '=' '"' \\ '\u0041' '--password' '-'; do
		printf %s "$password" >file
		for channel in stdin file env synonym; do
			CASE="$channel $password"
			[[ $channel$password != synonym- ]] || continue # it means standard input
			give "$channel" file
			ended 0
			jq -j '.auths[].password' "$OUT" | cmp - file || fail "it is something else"
			jq -j '.auths[].auth | @base64d' "$OUT" | cmp - <(printf 'user:' && cat file) || fail "auth differs"
		done
	done
	CASE=
	printf '<>&\u2028\u2029\u007f"\\é' >file
	give stdin file
	refused 3 password-invalid 'control'
	printf '<>&\u2028\u2029"\\é/' >file
	give stdin file
	[[ $output == *'"password":"\u003c\u003e\u0026\u2028\u2029\"\\é/"'* ]]
}

@test "a file that cannot be read" {
	run_split regcred "${FROM[@]}" --password-file missing
	refused 4 input-failed missing
	run_split regcred "${FROM[@]}" --password-file ''
	refused 2 option-value --password-file
	run_split regcred "${FROM[@]}" --password-file ghp_hunter2hunter2hunter2
	refused 4 input-failed
	untold hunter2
	run_split regcred "${FROM[@]}" --password-stdin ghp_hunter2hunter2hunter2
	refused 2 name-invalid
	untold hunter2
	run_split regcred "${FROM[@]}" --password-file .
	refused 4 input-failed
	run_split regcred "${FROM[@]}" --password-stdin <.
	refused 4 input-failed 'standard input'
	printf pass >file
	chmod 000 file
	run_split unprivileged "$REGCRED_GEN" "${FROM[@]}" --password-file file
	refused 4 input-failed file
}

@test "a descriptor that cannot be read" {
	run_split regcred "${FROM[@]}" --password-fd 77
	refused 4 input-failed 'descriptor 77'
	run_split regcred "${FROM[@]}" --password-fd 9 9>file
	refused 4 input-failed 'descriptor 9'
	run_split regcred "${FROM[@]}" --password-stdin <&-
	refused 4 input-failed 'standard input'
	for CASE in 1 2 -1 +3 3x abc '' 99999999 ' 3' 0x3 3.0; do
		run_split regcred "${FROM[@]}" "--password-fd=$CASE" 9<<<pass
		refused 2 option-value --password-fd
	done
	CASE=
	run_split regcred -o config -r a.example.com -u a --password-fd 9 -r b.example.com -u b --password-fd 9 9<<<pass
	refused 2 option-repeated 'descriptor 9'
}

@test "a variable that is not set, or has an invalid name" {
	unset NOT_THERE
	run_split regcred "${FROM[@]}" --password-env NOT_THERE
	refused 3 password-invalid --password-env
	told 'hint: '
	untold NOT_THERE # which may be a token, where its name was meant
	for CASE in 'hunter2!' 'hunter2 ' 2hunter2 hunter2-x hunter2=x 'hunter2$' 'hunter2é'; do
		run_split regcred "${FROM[@]}" --password-env "$CASE"
		refused 2 option-value --password-env
		untold hunter2
		run_split regcred "${FROM[@]}" "--password-env=$CASE"
		refused 2 option-value --password-env
		untold hunter2
	done
	run_split regcred "${FROM[@]}" --password-env ''
	refused 2 option-value --password-env
	EMPTY='' run_split regcred "${FROM[@]}" --password-env EMPTY
	refused 3 password-invalid 'is empty'
}

@test "one variable may serve several registries" {
	run_split regcred -o config -r a.example.com -u user --password-env PASS -r b.example.com -u user --password-env PASS
	made
	[[ $(jq -c '.auths | map(.password)' "$OUT") == '["pass","pass"]' ]]
}

@test "endless input is not read to its end" {
	local channel
	for channel in file stdin fd; do
		CASE=$channel
		give "$channel" /dev/zero
		refused 3 input-too-large
	done
	CASE=
	run_split regcred "${FROM[@]}" --password-stdin < <(yes)
	refused 3 input-too-large 'standard input'
}

@test "a password may not be larger than a Secret" {
	local channel
	head -c 1048577 /dev/zero | tr '\0' a >file
	for channel in stdin file fd process; do
		CASE=$channel
		give "$channel" file
		refused 3 input-too-large
	done
	CASE=
	head -c 1048576 file >less
	run_split regcred -r reg.example.com -u user --password-file less
	refused 3 secret-too-large
	give file less # the bare config is no Secret
	made
	head -c 400000 file >less
	run_split regcred -r reg.example.com -u user --password-file less
	made secret-large
	[[ $(payload <"$OUT" | jq -j '.auths[].password' | wc -c) == 400000 ]]
}

@test "a registry takes one password" {
	local -a channels=('-p hunter2' '--password-env PASS' '--password-file file' '--password-fd 9' --password-stdin
		'--docker-password=hunter2' '--password-file -')
	local first second
	printf pass >file
	for first in "${channels[@]}"; do
		for second in "${channels[@]}"; do
			CASE="$first $second"
			# shellcheck disable=SC2086 # words
			run_split regcred "${FROM[@]}" $first $second <file 9<file
			[[ $status == 2 ]] || fail "the status is not 2"
			[[ $(message_ids) == option-repeated || $(message_ids) == stdin-twice ]] || fail "it is not refused for that"
			[[ ! -s $OUT ]] || fail "there is something on standard output"
			untold hunter2
		done
	done
}

@test "standard input is for one reader" {
	local other='-r b.example.com -u b'
	for CASE in '--password-stdin --namespaces-from -' '--namespaces-from - --password-stdin' \
		'--password-file - --namespaces-from -' '--password-fd 0 --namespaces-from=-' \
		"--password-stdin $other --password-stdin" "--password-stdin $other --password-file -" \
		"--password-file - $other --password-fd 0"; do
		# shellcheck disable=SC2086 # words
		run_split regcred -r reg.example.com -u user $CASE <<<pass
		refused 2 stdin-twice
		told 'hint: '
	done
}

@test "without a terminal nothing is asked" {
	run_split setsid -w "$REGCRED_GEN" -r reg.example.com -u user </dev/null
	refused 2 password-missing 'reg.example.com'
	for CASE in --password-stdin --password-file --password-fd --password-env; do
		told "$CASE"
	done
	run_split setsid -w "$REGCRED_GEN" -n dev </dev/null
	refused 2 username-missing
	told --username
	run_split setsid -w "$REGCRED_GEN" -r reg.example.com --password-stdin <<<pass
	refused 2 username-missing reg.example.com
	run_split setsid -w "$REGCRED_GEN" "${CREDENTIAL[@]}" -r b.example.com -u b </dev/null
	refused 2 password-missing b.example.com
}

@test "the password is taken out of the arguments" {
	mkfifo fifo
	exec 8<>fifo
	"$REGCRED_GEN" -r a.example.com -u a -p hunter2 -r b.example.com -u b --docker-password=hunter3 \
		-r c.example.com -u c -phunter4 -r d.example.com -u d --password-file fifo >out 2>err 8>&- &
	program=$!
	await_state S "$program"
	tr '\0' ' ' <"/proc/$program/cmdline" >arguments
	echo pass >&8
	exec 8>&-
	wait "$program"
	[[ $(payload <out | jq -r '.auths | map(.password) | join(" ")') == 'hunter2 hunter3 hunter4 pass' ]]
	grep -q 'd.example.com' arguments
	! grep -q 'hunter' arguments || fail "it is still there"
}
