#!/usr/bin/env bats
# The README's way through the guide, and the session it opens with, are what the program shows.

load common

README=$REPOSITORY/README.md
SESSION=$REPOSITORY/tests/session

@test "every step of the guide shows what the README says" {
	[[ $REGCRED_VARIANT != asan ]] || skip "the same program, more slowly"
	"$SESSION/walkthrough" "$README" >found
	[[ $(grep -c '^\$ ' found) -gt 25 ]]
	diff "$README" found
}

@test "the walk-through notices what changes" {
	# Shellcheck would have the dollar expanded.
	# shellcheck disable=SC2016
	printf '%s\n' '```console' '$ regcred-gen --version' 'regcred-gen 0.0' '```' >text
	"$SESSION/walkthrough" text >found
	run ! diff text found
	grep -qx "$(regcred --version)" found
}

@test "each of the guide's errors is provoked, found and mended" {
	for rule in ref-missing registry-scheme registry-dead-key secret-type ref-namespace; do
		grep -q "^wrong-.*\[$rule\]\$\|^deployment.*\[$rule\]\$" "$README"
	done
}

@test "the picture of a session is what a terminal shows" {
	[[ $REGCRED_VARIANT != asan ]] || skip "the same program, more slowly"
	"$SESSION/record" "$SESSION/session" >session.svg
	cmp session.svg "$REPOSITORY/man/session.svg"
	grep -q 'did you mean' session.svg
	run ! grep -E 'sample-(hub-)?token' session.svg
}
