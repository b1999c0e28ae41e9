#!/usr/bin/env bats
# How far reading has come: on a terminal, after a second, and erased at the end.

load common
shopt -s extglob

# watched STDERR ARG...: check, under a terminal, of input that takes longer than a second: its end
# comes later. Standard error goes to the file STDERR; "": to the terminal.
watched() {
	"$REGCRED_TOOLS/cluster" yaml 2 >cluster
	# shellcheck disable=SC2016 # for the shell inside
	PTY_TRANSCRIPT=transcript run_split "$REGCRED_TOOLS/pty" --stdio-tty /dev/null -- bash -c '
		[[ ! $1 ]] || exec 2>"$1"
		{ cat cluster; sleep 1.3; printf "%s\n" "---" "a: 1"; } | "$REGCRED_GEN" check "${@:2}"
	' bash "$@"
	ended 0
}

@test "a terminal shows how much was read, and it is erased" {
	TERM=xterm watched '' -
	[[ $(<transcript) == $'\r\e[Kread 2 MiB\r\e[Kchecked '*([^$'\e']) ]]
}

@test "with -q, and without a terminal, nothing is shown" {
	TERM=xterm watched '' -q -
	[[ ! -s transcript ]]
	TERM=dumb watched '' -
	[[ $(<transcript) == 'checked '*([^$'\e\n']) ]]
	TERM=xterm watched messages -
	[[ ! -s transcript && $(<messages) == 'checked '*([^$'\e\n']) ]]
}

@test "a fast run shows nothing" {
	"$REGCRED_TOOLS/cluster" yaml 1 >cluster
	PTY_TRANSCRIPT=transcript run_split "$REGCRED_TOOLS/pty" --stdio-tty /dev/null -- "$REGCRED_GEN" check cluster
	ended 0
	[[ $(<transcript) == 'checked '*([^$'\e\n']) ]]
}
