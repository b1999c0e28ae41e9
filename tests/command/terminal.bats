#!/usr/bin/env bats
# Asking a person, on the terminal.

load common

ASKED='Password of user at reg.example.com: '
FROM=(-r reg.example.com -u user -o config)

# on_terminal ARG...: run under a terminal, played by the script on standard input; what the
# terminal shows goes to the file transcript. A play that fails has a status from 97 to 99.
# One line more than pty has: "reading" waits until the program waits for what is typed.
on_terminal() {
	cat >script
	rm -f process
	# shellcheck disable=SC2016 # for the shell inside
	PTY_TRANSCRIPT=transcript run_split "$REGCRED_TOOLS/pty" <(feed) -- \
		bash -c 'echo $$ >process; exec "$@"' bash "$REGCRED_GEN" "$@" <"${INPUT-/dev/null}"
}

# The lines of the script, as their time comes.
feed() {
	local line tries
	while read -r line; do
		[[ $line == reading ]] || printf '%s\n' "$line"
		case $line in
		expect*) for ((tries = 0; tries < 1000; tries++)); do [[ ! -s process ]] || break; sleep 0.01; done ;;
		reading) await_state S "$(<process)" ;;
		stopped) await_state T "$(<process)" ;;
		esac
	done <script
}

# shown TEXT, hidden TEXT: whether the terminal showed it.
shown() {
	grep -qF -e "$1" transcript || fail "the terminal did not show: $1"
}
hidden() {
	! grep -qF -e "$1" transcript || fail "the terminal showed what it should not"
}

@test "the password is asked for, and does not show" {
	on_terminal "${FROM[@]}" <<-EOF
		expect $ASKED
		echo off
		send pass\n
		ended
		echo on
	EOF
	made
	wrote <<<"$CREDENTIAL_CONFIG"
	hidden pass
	hidden auths
	[[ $(tr -d '\r\n' <transcript) == "$ASKED" ]]
}

@test "it is asked for on the terminal, whatever standard input is" {
	echo other >file
	mkfifo fifo
	exec 8<>fifo
	for INPUT in /dev/null file fifo /dev/zero; do
		CASE=$INPUT
		on_terminal "${FROM[@]}" <<-EOF
			expect $ASKED
			echo off
			send pass\n
		EOF
		made
		wrote <<<"$CREDENTIAL_CONFIG"
	done
	exec 8>&-
	CASE=closed
	printf 'expect %s\necho off\nsend pass\\n\n' "$ASKED" >script
	run_split "$REGCRED_TOOLS/pty" script -- bash -c 'exec "$@" <&-' -- "$REGCRED_GEN" "${FROM[@]}"
	made
	wrote <<<"$CREDENTIAL_CONFIG"
}

@test "a user name that is missing is asked for, and shows" {
	on_terminal -r reg.example.com -o config <<-EOF
		expect User name at reg.example.com:
		echo on
		send user\n
		expect $ASKED
		echo off
		send pass\n
		ended
		echo on
	EOF
	made
	wrote <<<"$CREDENTIAL_CONFIG"
	hidden pass
}

@test "only the user name is asked for when the password is there" {
	on_terminal -r reg.example.com --password-env PASS -o config <<-EOF
		expect User name at reg.example.com:
		send user\n
	EOF
	made
	wrote <<<"$CREDENTIAL_CONFIG"
	hidden Password
}

@test "without -r the question names Docker Hub" {
	on_terminal -u user -o config <<-EOF
		expect Password of user at Docker Hub (https://index.docker.io/v1/):
		echo off
		send pass\n
	EOF
	made
	[[ $(jq -c '.auths | keys' "$OUT") == '["https://index.docker.io/v1/"]' ]]
}

@test "several registries are asked for in their order, after what is read" {
	printf 'pass-c\n' >file
	on_terminal -r c.example.com -u c -r b.example.com -u b --password-file file -r a.example.com -o config <<-EOF
		expect Password of c at c.example.com:
		echo off
		send one\n
		expect User name at a.example.com:
		echo on
		send someone\n
		expect Password of someone at a.example.com:
		echo off
		send two\n
	EOF
	made
	[[ $(jq -r '.auths | to_entries[] | "\(.key) \(.value.auth | @base64d)"' "$OUT" | paste -sd ,) == \
		'a.example.com someone:two,b.example.com b:pass-c,c.example.com c:one' ]]
}

@test "nothing is asked before an error" {
	for CASE in '--password-file missing|4' '--password-env NOT_THERE|3'; do
		# shellcheck disable=SC2086 # words
		on_terminal "${FROM[@]}" -r b.example.com -u b ${CASE%|*} </dev/null
		[[ $status == "${CASE#*|}" && ! -s $OUT ]] || fail "it is not refused"
		hidden Password
	done
	for CASE in '-r reg' '-l =' '--name A' '-n A' '-r b.example.com -u a:b' '--namespaces-from missing' '-r reg.example.com' \
		'--strict -r gchr.io'; do
		# shellcheck disable=SC2086 # words
		on_terminal -r reg.example.com -u user $CASE </dev/null
		[[ $status == [234] && ! -s $OUT ]] || fail "it is not refused"
		hidden Password
	done
}

@test "a signal ends the program, with the terminal as it was" {
	local row line wanted
	for row in 'send \x03|130' 'send \x1c|131' 'signal INT|130' 'signal TERM|143' 'signal HUP|129' 'signal USR1|138' 'signal ALRM|142' 'signal XCPU|152'; do
		line=${row%|*} wanted=${row#*|}
		for CASE in "$line at the password" "$line at the user name"; do
			if [[ $CASE == *password ]]; then
				on_terminal "${FROM[@]}" --output-file made <<-EOF
					expect $ASKED
					echo off
					reading
					$line
					ended
					echo on
				EOF
			else
				on_terminal -r reg.example.com -o config --output-file made <<-EOF
					expect User name at reg.example.com:
					reading
					$line
					ended
					echo on
				EOF
			fi
			ended "$wanted"
			[[ ! -s $OUT && ! -e made ]] || fail "something was written"
			hidden auths
		done
	done
	rm -f script transcript process
	[[ -z $(ls -A) ]]
}

@test "stopped at the password, it gives the terminal back and asks again" {
	for CASE in 'send \x1a' 'signal TSTP'; do
		on_terminal "${FROM[@]}" <<-EOF
			expect $ASKED
			echo off
			send half
			reading
			$CASE
			stopped
			echo on
			continue
			expect $ASKED
			echo off
			send pass\n
			ended
			echo on
		EOF
		made
		wrote <<<"$CREDENTIAL_CONFIG"
		hidden pass
	done
}

@test "stopped twice, it still works" {
	on_terminal "${FROM[@]}" <<-EOF
		expect $ASKED
		echo off
		reading
		send \x1a
		stopped
		echo on
		continue
		expect $ASKED
		echo off
		reading
		send \x1a
		stopped
		echo on
		continue
		expect $ASKED
		echo off
		send pass\n
		ended
		echo on
	EOF
	made
	wrote <<<"$CREDENTIAL_CONFIG"
}

@test "an invalid answer is refused" {
	local row line text
	for row in '\n|is empty' '\x04|is empty' '\xff\n|not valid UTF-8' 'hun\x16\x01ter2\n|control character'; do
		line=${row%|*} text=${row#*|}
		CASE=$line
		on_terminal "${FROM[@]}" <<-EOF
			expect $ASKED
			echo off
			send $line
			ended
			echo on
		EOF
		refused 3 password-invalid "the terminal: the password "
		told "$text"
		[[ $text != *empty* ]] || told 'hint: nothing was typed'
		untold ter2
	done
	for row in '\n|is empty' '\x04|is empty' 'user:hunter2\n|colon'; do
		line=${row%|*} text=${row#*|}
		CASE="user name $line"
		on_terminal -r reg.example.com <<-EOF
			expect User name at reg.example.com:
			send $line
			ended
			echo on
		EOF
		refused 3 username-invalid "$text"
		[[ $text != *empty* ]] || told 'hint: nothing was typed'
		untold hunter2
	done
}

@test "what is typed can be corrected, and be long and in any script" {
	printf -v long '%02000d' 7
	for CASE in "$long" 'pä"ß漢字🔑' 'a pass'; do
		on_terminal "${FROM[@]}" <<-EOF
			expect $ASKED
			echo off
			send wrong\x15$CASE\n
		EOF
		made
		jq -j '.auths[].password' "$OUT" | cmp - <(printf %s "$CASE") || fail "the password is something else"
		hidden "$CASE"
	done
}

@test "standard output carries only the manifest" {
	run_split regcred "${CREDENTIAL[@]}" -n dev -n prod
	cp "$OUT" expected
	on_terminal -r reg.example.com -u user -n dev -n prod <<-EOF
		expect $ASKED
		echo off
		send pass\n
	EOF
	made
	wrote <expected
	hidden Secret
}

@test "a password typed into --password-stdin is warned about" {
	printf 'expect password-echoed\nsend pass\\n\\x04\nexpect auths\n' >script
	PTY_TRANSCRIPT=transcript run_split "$REGCRED_TOOLS/pty" --stdio-tty script -- \
		"$REGCRED_GEN" "${FROM[@]}" --password-stdin
	ended 0
	shown 'standard input is a terminal'
	: >script
	PTY_TRANSCRIPT=transcript run_split "$REGCRED_TOOLS/pty" --stdio-tty script -- \
		"$REGCRED_GEN" "${FROM[@]}" --password-stdin --strict
	ended 3
	hidden auths
}

@test "a line that a terminal may have cut is refused" {
	local long
	printf -v long '%04094d' 7
	on_terminal "${FROM[@]}" <<-EOF
		expect $ASKED
		echo off
		send $long\n
		ended
	EOF
	made
	on_terminal "${FROM[@]}" <<-EOF
		expect $ASKED
		echo off
		send ${long}8\n
		ended
	EOF
	refused 4 terminal-failed
}

@test "a user name in the question cannot control the terminal" {
	on_terminal -r reg.example.com -u $'a\u202eb' -o config <<-'END'
		expect Password of
		send pass\n
		ended
	END
	ended 0
	shown 'Password of a\xe2\x80\xaeb at reg.example.com: '
}
