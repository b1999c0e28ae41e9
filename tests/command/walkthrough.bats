#!/usr/bin/env bats
# What the guide shows of the program, and the picture that the README opens with, are what it shows.

load common

GUIDE=$REPOSITORY/docs/guide.md
SESSION=$REPOSITORY/tests/session

@test "every command of the guide shows what the guide says" {
	[[ $REGCRED_VARIANT != asan ]] || skip "the same program, more slowly"
	"$SESSION/walkthrough" "$GUIDE" >found
	[[ $(grep -c '^\$ ' found) -gt 25 ]]
	diff "$GUIDE" found
}

@test "the walk-through notices what changes" {
	# Shellcheck would have the dollar expanded.
	# shellcheck disable=SC2016
	printf '%s\n' '```console' '$ regcred-gen --version' 'regcred-gen 0.0' '```' >text
	"$SESSION/walkthrough" text >found
	run ! diff text found
	grep -qx "$(regcred --version)" found
}

@test "each of the guide's errors is provoked, found and fixed" {
	for rule in ref-missing registry-scheme registry-dead-key secret-type ref-namespace; do
		grep -q "^wrong-.*\[$rule\]\$\|^deployment.*\[$rule\]\$" "$GUIDE"
	done
}

@test "the picture of a session is what a terminal shows" {
	[[ $REGCRED_VARIANT != asan ]] || skip "the same program, more slowly"
	"$SESSION/record" "$SESSION/session" >session.svg
	cmp session.svg "$REPOSITORY/man/session.svg"
	grep -q 'did you mean' session.svg
	run ! grep -E 'sample-(hub-)?token' session.svg
}
