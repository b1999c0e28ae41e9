#!/usr/bin/env bats
# Credentials that live in docker's credential helpers.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2094 # scripts of helpers; each test has its own
# environment; CASE is for fail

load common

# helper NAME: a program docker-credential-NAME, the script on standard input.
helper() {
	mkdir -p bin
	{
		echo '#!/bin/sh'
		cat
	} >"bin/docker-credential-$1"
	chmod 700 "bin/docker-credential-$1"
	[[ $PATH == "$PWD/bin:"* ]] || PATH=$PWD/bin:$PATH
}

# answering NAME USER PASSWORD: a helper with this one answer; it keeps what it was asked in NAME.asked.
answering() {
	helper "$1" <<-END
		{ echo "\$*"; cat; } >>'$PWD/$1.asked'
		echo '{"ServerURL":"x","Username":"$2","Secret":"$3"}'
	END
}

take() {
	run_split regcred -o config --from-file c "$@" </dev/null
}

user_of() {
	jq -r --arg host "$1" '.auths[$host].username' "$OUT"
}

@test "the server goes to the helper's standard input as it is" {
	answering a user pass
	echo '{"credHelpers":{"reg.example.com":"a"}}' >c
	take
	made
	wrote <<<"$CREDENTIAL_CONFIG"
	cmp a.asked <(printf 'get\nreg.example.com')
}

@test "credHelpers come before credsStore, and both before auths" {
	answering a helper p
	answering s store p
	echo '{"auths":{"a.io":{"auth":"eDpodW50ZXIy"},"b.io":{}},"credHelpers":{"a.io":"a"},"credsStore":"s"}' >c
	take
	made
	[[ $(user_of a.io) == helper && $(user_of b.io) == store ]] || fail "other users"
	[[ $(<a.asked) == $'get\na.io' && $(<s.asked) == $'get\nb.io' ]] || fail "others were asked"
	take -r other.io
	made
	[[ $(user_of other.io) == store ]]
	rm s.asked
	take -r a.io
	made
	[[ ! -e s.asked ]]
}

@test "Docker Hub is asked for under the name that is stored" {
	answering s user pass
	echo '{"auths":{"https://index.docker.io/v1/":{}},"credsStore":"s"}' >c
	take -r docker.io -q
	made
	[[ $(<s.asked) == $'get\nhttps://index.docker.io/v1/' ]] || fail "asked: $(<s.asked)"
	rm s.asked
	echo '{"auths":{"docker.io":{}},"credsStore":"s"}' >c
	take -q
	made
	[[ $(<s.asked) == $'get\ndocker.io' ]]
	rm s.asked
	echo '{"credsStore":"s"}' >c
	take -q -r docker.io
	made
	[[ $(<s.asked) == $'get\nhttps://index.docker.io/v1/' ]]
	rm s.asked
	echo '{"auths":{"https://GHCR.io":{}},"credsStore":"s"}' >c
	take -q -r ghcr.io
	made
	[[ $(<s.asked) == $'get\nhttps://GHCR.io' ]]
}

@test "a helper without such an entry: the file's is used, if there is one" {
	helper s <<-'END'
		echo 'credentials not found in native keychain'
		exit 1
	END
	echo '{"auths":{"a.io":{"auth":"dXNlcjpwYXNz"}},"credsStore":"s"}' >c
	take
	made
	[[ $(user_of a.io) == user ]]
	take -r b.io
	refused 3 entry-missing b.io
	echo '{"auths":{"a.io":{}},"credsStore":"s"}' >c
	take
	refused 3 entry-missing a.io
	answering s '' ''
	take
	refused 3 entry-missing a.io
}

@test "the logins of the machine are asked of helpers too, and the next place if there is none" {
	unset DOCKER_AUTH_CONFIG REGISTRY_AUTH_FILE DOCKER_CONFIG XDG_RUNTIME_DIR
	export HOME=$PWD/home
	mkdir -p home/.docker home/.config/containers
	helper s <<-'END'
		read -r server
		case $server in
		a.io) echo '{"ServerURL":"a.io","Username":"store","Secret":"p"}' ;;
		*) echo 'credentials not found in native keychain' && exit 1 ;;
		esac
	END
	echo '{"auths":{"a.io":{}},"credsStore":"s"}' >home/.docker/config.json
	echo '{"auths":{"b.io":{"auth":"ZmlsZTpw"}}}' >home/.config/containers/auth.json
	run_split regcred -o config --from-login --all
	made
	[[ $(user_of a.io) == store && $(user_of b.io) == file ]]
	run_split regcred -v -o config --from-login -r b.io
	ended 0
	told 'ask docker-credential-s for "b.io"'
}

@test "an identity token is refused" {
	answering a '<token>' hunter2
	echo '{"credHelpers":{"a.io":"a"}}' >c
	take
	refused 3 helper-token docker-credential-a
	told '"a.io"'
	untold hunter2
}

# The scripts fail each in its way; what they print holds hunter2.
@test "a helper that fails is named, with the registry, and not quoted" {
	local row id wanted text
	echo '{"credHelpers":{"a.io":"a"}}' >c
	while IFS='|' read -r wanted id text script; do
		CASE=$script
		helper a <<<"$script"
		take
		refused "$wanted" "$id" "$text"
		told 'docker-credential-a'
		told '"a.io"'
		untold hunter2
		take -v
		ended "$wanted"
		untold hunter2
	done <<-'END'
		4|helper-failed|failed|echo hunter2; echo hunter2 >&2; exit 1
		4|helper-failed|failed|echo '{"ServerURL":"x","Username":"u","Secret":"hunter2"}'; exit 2
		4|helper-failed|signal 9|echo hunter2; kill -9 $$
		3|helper-reply||echo hunter2
		3|helper-reply||:
		3|helper-reply||echo '{"Username":"u","Secret":"hunter2"'
		3|helper-reply||echo '{"Username":"u","Secret":"hunter2"} hunter2'
		3|helper-reply||echo '{"Username":"","Secret":"hunter2"}'
		3|helper-reply||echo '{"Username":"hunter2"}'
		3|helper-reply||echo '{"Username":"hunter2","Secret":""}'
		3|helper-reply||echo '{"Username":["hunter2"],"Secret":"hunter2"}'
		3|helper-reply||echo '["hunter2"]'
		3|helper-reply||printf '{"Username":"u","Secret":"hunter2\\u0000x"}'
		3|username-invalid||echo '{"Username":"hunter2:","Secret":"hunter2"}'
		3|password-invalid||printf '{"Username":"u","Secret":"hunter2\\u0001"}'
		3|input-too-large||printf '{"Username":"u","Secret":"hunter2'; exec head -c 30000000 /dev/zero
	END
}

@test "an endless reply does not fill memory" {
	[[ $REGCRED_VARIANT != asan ]] || skip "the sanitizers need all of the address space"
	echo '{"credHelpers":{"a.io":"a"}}' >c
	helper a <<<'exec yes hunter2'
	# shellcheck disable=SC2016 # for the inner shell
	run_split bash -c 'ulimit -v 200000; exec "$@"' bash timeout 20 "$REGCRED_GEN" --from-file c
	refused 3 input-too-large docker-credential-a
	untold hunter2
}

@test "a helper that does not exist, or has an invalid name" {
	local name
	echo '{"credHelpers":{"a.io":"not-there"}}' >c
	take
	refused 4 helper-failed docker-credential-not-there
	told '"a.io"'
	told PATH
	helper plain <<<'echo hunter2'
	chmod 600 bin/docker-credential-plain
	echo '{"credsStore":"plain"}' >c
	run_split unprivileged "$REGCRED_GEN" --from-file c -r a.io
	refused 4 helper-failed docker-credential-plain
	helper evil <<<"touch '$PWD/ran'"
	for name in 'x/../../bin/docker-credential-evil' 'evil;touch ran' '../evil' 'e vil' '-evil' '.evil' $'evil\\n' 'é' '$(touch ran)'; do
		CASE=$name
		printf '{"credHelpers":{"a.io":"%s"}}' "$name" >c
		take
		refused 4 helper-failed '"a.io"'
		[[ ! -e ran ]] || fail "it ran"
	done
}

@test "all entries that fail are named in one run" {
	helper a <<<'exit 1'
	answering b user pass
	echo '{"auths":{"d.io":{"auth":"#"}},"credHelpers":{"a.io":"a","b.io":"b","c.io":"missing"}}' >c
	take
	refused 4 helper-failed '"a.io"'
	told '"c.io"'
	told '"d.io"'
	told 'nothing is written: 3 of'
}

@test "a helper that does not answer in time is ended, and all that it started" {
	local seconds=31.$RANDOM
	echo '{"credHelpers":{"a.io":"a"}}' >c
	for script in "sleep $seconds" "sleep $seconds & wait" "sleep $seconds & exit 0" "exec >&-; sleep $seconds" \
		"trap '' TERM INT HUP; sleep $seconds; sleep $seconds"; do
		CASE=$script
		helper a <<<"$script"
		SECONDS=0
		take --helper-timeout 1
		refused 4 helper-failed 'docker-credential-a did not answer within 1 second '
		told '"a.io"'
		((SECONDS < 10)) || fail "it took $SECONDS seconds"
		sleep 0.1
		run ! pgrep -f "sleep $seconds"
	done
}

@test "a helper need not read its standard input" {
	helper a <<-'END'
		exec <&-
		echo '{"ServerURL":"x","Username":"user","Secret":"pass"}'
	END
	echo '{"credHelpers":{"reg.example.com":"a"}}' >c
	for ((i = 0; i < 20; i++)); do
		take
		made
		wrote <<<"$CREDENTIAL_CONFIG"
	done
}

@test "a helper that writes slowly, and much on standard error" {
	helper a <<-'END'
		head -c 1000000 /dev/zero >&2
		printf '{"ServerURL":"x",'
		sleep 0.1
		printf '"Username":"user","Sec'
		sleep 0.1
		printf 'ret":"pass"}\n'
	END
	echo '{"credHelpers":{"reg.example.com":"a"}}' >c
	take
	made
	wrote <<<"$CREDENTIAL_CONFIG"
}

@test "a helper gets no password, no descriptor and no argument of ours" {
	helper a <<-END
		cat >/dev/null
		env >'$PWD/env'
		[ ! -e /proc/self/fd/7 ] || echo hunter2 >>'$PWD/env'
		tr '\\0' '\\n' <"/proc/\$PPID/environ" >'$PWD/ours' 2>/dev/null
		tr '\\0' '\\n' <"/proc/\$PPID/cmdline" >>'$PWD/ours' 2>/dev/null
		echo '{"ServerURL":"x","Username":"user","Secret":"pass"}'
	END
	echo '{"credHelpers":{"a.io":"a"}}' >c
	echo hunter2-file >file
	export SECRET_9=hunter2-variable VISIBLE=yes
	run_split regcred -o config --from-file c -r a.io -r b.io -u b --password-env SECRET_9 \
		-r d.io -u d --password-fd 7 -r e.io -u e -p hunter2-argument 7<file
	made password-visible
	[[ $(jq -r '.auths["b.io"].password' "$OUT") == hunter2-variable ]]
	grep -qx VISIBLE=yes env
	run ! grep -q hunter2 env ours
}

@test "what Debian's helper for pass has stored is taken" {
	command -v docker-credential-pass pass gpg >/dev/null || skip "docker-credential-pass, pass or gpg is missing"
	# The path of the agent's socket must be short.
	GNUPGHOME=$(mktemp -d)
	export GNUPGHOME PASSWORD_STORE_DIR=$PWD/store HOME=$PWD
	gpg --batch --quiet --pinentry-mode loopback --passphrase '' --quick-generate-key test@example.com default default never
	pass init test@example.com >/dev/null
	docker-credential-pass store <<<'{"ServerURL":"https://index.docker.io/v1/","Username":"hub","Secret":"s3cret<&>"}'
	docker-credential-pass store <<<'{"ServerURL":"reg.example.com","Username":"user","Secret":"pass"}'
	echo '{"auths":{"https://index.docker.io/v1/":{},"reg.example.com":{}},"credsStore":"pass"}' >c
	take
	made
	[[ $(jq -r '.auths["https://index.docker.io/v1/"] | .username + " " + .password' "$OUT") == 'hub s3cret<&>' ]]
	take -r reg.example.com
	made
	wrote <<<"$CREDENTIAL_CONFIG"
	take -r other.example.com
	refused 3 entry-missing other.example.com
	gpgconf --kill all
}

teardown() {
	[[ ! ${GNUPGHOME-} ]] || {
		gpgconf --kill all || true
		rm -rf "$GNUPGHOME"
	}
}

@test "what ends the program ends the helper and its children too" {
	helper h <<-END
		exec 3>&-
		sleep 60 &
		echo \$! \$\$ >'$PWD/pids'
		wait
	END
	echo '{"credHelpers":{"a.io":"h"}}' >c
	for CASE in INT TERM HUP USR1 ALRM RTMIN; do
		rm -f pids
		"${USUAL_SIGNALS[@]}" "$REGCRED_GEN" --from-file c </dev/null >out 2>err 3>&- &
		program=$!
		for ((tries = 0; tries < 500; tries++)); do
			[[ -s pids ]] && break
			sleep 0.01
		done
		kill -"$CASE" "$program"
		wait "$program" || true
		[[ ! -s out ]] || fail "there is something on standard output"
		read -r child helper <pids
		for ((tries = 0; tries < 500; tries++)); do
			ps -o stat= -p "$child,$helper" | grep -qv '^Z' || continue 2
			sleep 0.01
		done
		fail "the helper still runs"
	done
}

@test "a helper that cannot answer has a hint" {
	echo '{"credHelpers":{"a.io":"h"}}' >c
	helper h <<<'sleep 60'
	take --helper-timeout 1
	refused 4 helper-failed '1 second '
	told '--helper-timeout gives it more time'
	for CASE in 'exit 3' 'echo junk' 'kill -9 $$' 'yes'; do
		helper h <<<"$CASE"
		take
		[[ $status == [34] && ! -s $OUT ]] || fail "the status is neither 3 nor 4"
		told 'hint: run it by hand to see what it says: docker-credential-h get'
	done
	echo '{"credHelpers":{"a.io":"a b"}}' >c
	take
	refused 4 helper-failed '"a b" is not the name of a credential helper'
	told 'hint: it is the part after docker-credential-'
}

@test "SIGCHLD may be ignored by the parent process" {
	answering a user pass
	echo '{"credHelpers":{"reg.example.com":"a"}}' >c
	run_split perl -e '$SIG{CHLD} = "IGNORE"; exec @ARGV' "$REGCRED_GEN" -o config --from-file c
	made
	wrote <<<"$CREDENTIAL_CONFIG"
}

@test "a helper that leaves its process group is ended all the same" {
	echo '{"credHelpers":{"a.io":"a"}}' >c
	local seconds=41.$RANDOM
	helper a <<<"exec perl -e 'setpgrp 0, getpgrp getppid; exec qw(sleep $seconds)'"
	SECONDS=0
	take --helper-timeout 1
	refused 4 helper-failed 'did not answer within 1 second '
	((SECONDS < 20)) || fail "it took $SECONDS seconds"
	run ! pgrep -f "sleep $seconds"
}

@test "a helper that has answered may leave an agent behind that holds the pipe" {
	echo '{"credHelpers":{"reg.example.com":"a"}}' >c
	helper a <<-END
		echo '{"ServerURL":"x","Username":"user","Secret":"pass"}'
		sleep 600 3>&- &
		echo \$! >'$PWD/agent'
	END
	take
	kill "$(<agent)"
	made
	wrote <<<"$CREDENTIAL_CONFIG"
}

@test "a helper cannot read the password of another registry from a pipe of the shell" {
	helper steal <<-'END'
		cat /dev/fd/[3-9]* >&2
		cat /dev/fd/[3-9]* >stolen
		echo '{"ServerURL":"x","Username":"u","Secret":"p"}'
	END
	echo '{"credHelpers":{"a.io":"steal"}}' >c
	run_split regcred -o config --from-file c -r a.io -r b.io -u b --password-file <(printf hunter2)
	made
	[[ $(jq -r '.auths["b.io"].password' "$OUT") == hunter2 && ! -s stolen ]]
}

@test "a helper in a relative folder of PATH is not run, as docker has it" {
	answering a user pass
	echo '{"credHelpers":{"reg.example.com":"a"}}' >c
	mv bin/docker-credential-a .
	for CASE in ":$PATH" ".:$PATH" "$PATH:" "$PATH::/nowhere"; do
		PATH=$CASE take
		refused 4 helper-failed 'cannot run docker-credential-a: it is in a relative folder of PATH'
		[[ ! -e a.asked ]] || fail "it ran"
	done
}
