#!/usr/bin/env bats
# Where the manifest goes, and what remains when it cannot get there.

load common

# run_shell LINE: a shell line in which gen is the program and "$@" a credential.
run_shell() {
	# shellcheck disable=SC2016 # for the shell inside
	run_split bash -c 'gen() { "$REGCRED_GEN" "$@"; }; '"$1" bash "${CREDENTIAL[@]}"
}

# only FILE...: the folder holds these files and no other.
only() {
	[[ $(find . -mindepth 1 | sort | paste -sd ' ') == "$*" ]] || fail "the files are: $(ls -A)"
}

# many: a list of 100,000 namespaces on standard output.
many() {
	seq -f 'namespace/team-%.0f' 100000
}

@test "a full device fails" {
	run_shell 'gen "$@" >/dev/full'
	refused 4 output-failed 'standard output'
	run_shell 'gen "$@" -o json >/dev/full'
	refused 4 output-failed
	run_shell 'gen "$@" -o config --output-file - >/dev/full'
	refused 4 output-failed
	many >list
	run_shell 'gen "$@" --namespaces-from list >/dev/full'
	refused 4 output-failed
	run_shell 'gen --help >/dev/full'
	refused 4 output-failed
	run_shell 'gen --version >/dev/full'
	refused 4 output-failed
}

@test "a full file system fails, and keeps what was there" {
	[[ $(id -u) == 0 ]] && unshare -m true 2>/dev/null || skip "mounting needs a privilege"
	mkdir small
	many >list
	# shellcheck disable=SC2016 # for the shell inside
	run_split unshare -m bash -c 'mount -t tmpfs -o size=64k tmpfs small && echo old >small/made || exit 99
		"$REGCRED_GEN" "$@" --namespaces-from list --output-file small/made; status=$?
		[[ $(<small/made) == old && $(ls -A small) == made ]] || exit 98
		exit "$status"' bash "${CREDENTIAL[@]}"
	[[ $status != 99 ]] || skip "mounting needs a privilege"
	refused 4 output-failed small/made
}

@test "standard output that is closed fails" {
	run_shell 'gen "$@" >&-'
	refused 4 output-failed 'standard output'
	run_shell 'gen "$@" >&- <&-'
	refused 4 output-failed
	run_shell 'gen "$@" >&- 2>&- <&-'
	ended 4
	run_shell 'gen "$@" --output-file made >&-'
	made
	[[ $(payload <made) == "$CREDENTIAL_CONFIG" ]]
}

@test "standard output that is only for reading fails" {
	run_shell 'gen "$@" 1</dev/null'
	refused 4 output-failed
}

@test "a closed pipe fails" {
	many >list
	# shellcheck disable=SC2016 # for the shell inside
	for CASE in 'head -c 1 >/dev/null' true 'exec 0<&-; sleep 0.1'; do
		run_shell 'gen "$@" --namespaces-from list | { '"$CASE"'; }; exit "${PIPESTATUS[0]}"'
		refused 4 output-failed 'reader went away'
	done
	CASE='a small manifest'
	# shellcheck disable=SC2016 # for the shell inside
	run_shell '{ sleep 0.2; gen "$@"; } | true; exit "${PIPESTATUS[0]}"'
	refused 4 output-failed
}

@test "standard input and error may be closed" {
	run_shell 'gen "$@" <&-'
	made
	[[ $(payload <"$OUT") == "$CREDENTIAL_CONFIG" ]]
	run_shell 'gen "$@" -v --output-file made 2>&-'
	ended 0
	[[ $(payload <made) == "$CREDENTIAL_CONFIG" && $(head -n 1 made) == 'apiVersion: v1' ]]
	run_shell 'gen "$@" -v 2>&-'
	ended 0
	[[ $(head -n 1 "$OUT") == 'apiVersion: v1' ]]
	run_shell 'gen "$@" -o nothing 2>&-'
	ended 2
	[[ ! -s $OUT && ! -s $ERR ]]
	run_shell 'gen "$@" -o nothing 2>/dev/full'
	ended 2
	run_shell 'gen "$@" --output-file second <&- >&- 2>&-'
	ended 0
	[[ $(payload <second) == "$CREDENTIAL_CONFIG" ]]
	only ./made ./second
}

@test "a non-blocking pipe gets every byte" {
	many >list
	regcred "${CREDENTIAL[@]}" --namespaces-from list | cksum >expected
	# shellcheck disable=SC2016 # perl's variables
	perl -MFcntl -e 'pipe(my $out, my $in) or die;
		if (my $pid = fork) {
			close $in; select undef, undef, undef, 0.1;
			while (sysread $out, my $bytes, 65536) { syswrite STDOUT, $bytes or die; select undef, undef, undef, 0.001 if !($n++ % 50); }
			waitpid $pid, 0; exit $? >> 8;
		}
		fcntl $in, F_SETFL, O_NONBLOCK or die; open STDOUT, ">&", $in or die; exec @ARGV' \
		"$REGCRED_GEN" "${CREDENTIAL[@]}" --namespaces-from list >"$BATS_TEST_TMPDIR/all"
	cksum <"$BATS_TEST_TMPDIR/all" | cmp - expected
}

@test "100,000 namespaces give 100,000 documents" {
	run_split regcred "${CREDENTIAL[@]}" --namespaces-from - < <(many)
	made
	[[ $(grep -c '^kind: Secret$' "$OUT") == 100000 ]]
	[[ $(grep -c '^---$' "$OUT") == 99999 ]]
	sed -n 's/^  namespace: /namespace\//p' "$OUT" | cmp - <(many)
	[[ $(sed '/^  namespace: /d; /^---$/d' "$OUT" | sort -u | wc -l) == 7 ]]
	run_split regcred "${CREDENTIAL[@]}" -o json --namespaces-from - < <(many)
	made
	[[ $(grep -c '"kind": "Secret"' "$OUT") == 100000 ]]
	jq -r '.items | length' "$OUT" | grep -qx 100000
}

@test "an output that is not a regular file is not replaced" {
	mkdir folder
	mkfifo fifo
	ln -s folder link
	ln -s /dev/null null
	for CASE in folder . link fifo /dev/null null /dev/full; do
		run_split regcred "${CREDENTIAL[@]}" --output-file "$CASE"
		refused 4 output-failed "$CASE"
		told 'hint: '
	done
	[[ -p fifo && -c /dev/null && -d folder ]]
	only ./fifo ./folder ./link ./null
}

@test "an output that cannot be written" {
	echo old >file
	ln -s gone dangling
	ln -s loop loop
	printf -v long '%0300d' 7
	for CASE in missing/made file/made dangling loop made/ "$long"; do
		run_split regcred "${CREDENTIAL[@]}" --output-file "$CASE"
		refused 4 output-failed
	done
	CASE='read-only folder'
	mkdir folder
	echo old >folder/file
	chmod 500 folder
	for CASE in folder/made folder/file; do
		run_split unprivileged "$REGCRED_GEN" "${CREDENTIAL[@]}" --output-file "$CASE"
		refused 4 output-failed "$CASE"
	done
	chmod 700 folder
	[[ $(<folder/file) == old && $(<file) == old ]]
	only ./dangling ./file ./folder ./folder/file ./loop
}

@test "a file without a name is refused, and none is left behind" {
	run_split regcred "${CREDENTIAL[@]}" --output-file ''
	only
	[[ $status == [24] && ! -s $OUT ]] || fail "it is not refused"
}

@test "a file that is only for reading is replaced, as its folder allows" {
	echo old >file
	chmod 400 file
	run_split unprivileged "$REGCRED_GEN" "${CREDENTIAL[@]}" --output-file file
	made
	[[ $(payload <file) == "$CREDENTIAL_CONFIG" && $(stat -c %a file) == 600 ]]
}

@test "a run that fails leaves the old file alone" {
	echo old >file
	for CASE in '2 --no-such' '2 -o nothing' '2 -r b.example.com -u b:c' '2 -n A' '2 --name A' '2 -l a' '4 --namespaces-from missing' \
		'2 -r reg.example.com -u b --password-env PASS' '3 -r b.example.com -u b --password-env NOT_THERE' \
		'4 -r b.example.com -u b --password-file missing' '3 -r b.example.com -u b --password-file /dev/zero' \
		'3 -r b.example.com -u b -p pass --strict' '2 --output-file other' '2 -o config -n dev'; do
		# shellcheck disable=SC2086 # words
		run_split regcred "${CREDENTIAL[@]}" --output-file file ${CASE#* }
		ended "${CASE%% *}"
		[[ ! -s $OUT && $(<file) == old ]] || fail "something was written"
	done
	only ./file
}

@test "a write that fails leaves the old file, and no other" {
	needs_preload
	echo old >file
	for CASE in 'FAULT_WRITE=1 FAULT_WRITE_ERRNO=ENOSPC' 'FAULT_WRITE=3 FAULT_WRITE_ERRNO=EIO FAULT_SHORT_WRITE=1' \
		'FAULT_WRITE=5 FAULT_WRITE_ERRNO=EDQUOT FAULT_SHORT_WRITE=1 FAULT_LASTING=1'; do
		# shellcheck disable=SC2086 # words
		run_split env LD_PRELOAD="$REGCRED_TOOLS/faults.so" FAULT_WRITE_TO=file $CASE \
			"$REGCRED_GEN" "${CREDENTIAL[@]}" --output-file file
		refused 4 output-failed file
		[[ $(<file) == old ]] || fail "the old file is gone"
		only ./file
	done
	CASE=stdout
	run_split env LD_PRELOAD="$REGCRED_TOOLS/faults.so" FAULT_WRITE_TO=stdout FAULT_WRITE=1 FAULT_WRITE_ERRNO=EIO \
		"$REGCRED_GEN" "${CREDENTIAL[@]}"
	refused 4 output-failed 'standard output'
	CASE='an interrupted write'
	run_split env LD_PRELOAD="$REGCRED_TOOLS/faults.so" FAULT_WRITE_TO=stdout FAULT_WRITE=3 FAULT_WRITE_ERRNO=EINTR FAULT_SHORT_WRITE=1 \
		"$REGCRED_GEN" "${CREDENTIAL[@]}" -o config
	made
	wrote <<<"$CREDENTIAL_CONFIG"
}

@test "killed while it waits, it leaves the old file, and no other" {
	local signal program
	mkfifo fifo
	exec 8<>fifo
	echo old >file
	for signal in KILL TERM INT HUP QUIT; do
		CASE=$signal
		"${USUAL_SIGNALS[@]}" "$REGCRED_GEN" -r reg.example.com -u user --password-file fifo --output-file file >out 2>err 8>&- &
		program=$!
		await_state S "$program"
		kill -s "$signal" "$program"
		status=0
		wait "$program" || status=$?
		[[ $status == $((128 + $(kill -l "$signal"))) ]] || fail "it did not end by the signal"
		[[ ! -s out && $(<file) == old ]] || fail "something was written"
		only ./err ./fifo ./file ./out
	done
}

@test "a signal while it writes leaves a whole file, and no other" {
	needs_preload
	local program tries=0
	echo old >file
	seq -f 'team-%.0f' 4000 >list
	regcred "${CREDENTIAL[@]}" --namespaces-from list >expected
	LD_PRELOAD=$REGCRED_TOOLS/faults.so FAULT_SHORT_WRITE=1 \
		"$REGCRED_GEN" "${CREDENTIAL[@]}" --namespaces-from list --output-file file >out 2>err &
	program=$!
	while ! compgen -G '.regcred-gen.*' >/dev/null && ((tries++ < 500)); do sleep 0.005; done
	kill "$program"
	status=0
	wait "$program" || status=$?
	[[ $status == 143 || $status == 0 ]] || fail "it ended otherwise"
	cmp -s file expected || [[ $(<file) == old ]]
	only ./err ./expected ./file ./list ./out
}

@test "a file that may grow no further is a failed write, and leaves nothing behind" {
	echo old >file
	printf -v long '%02000d' 7
	# The limit, 1 KiB, holds for the file of messages as well.
	run_split bash -c 'ulimit -f 1; exec "$@"' bash "$REGCRED_GEN" "${CREDENTIAL[@]}" \
		--annotation "long=$long" --output-file file
	refused 4 output-failed 'File too large'
	[[ $(<file) == old ]]
	only ./file
}

@test "a file named - is standard output" {
	umask 022
	run_split regcred "${CREDENTIAL[@]}" --output-file -
	made output-readable
}

@test "a descriptor that is open is written to where it stands" {
	regcred "${CREDENTIAL[@]}" >alone
	{ echo header && cat alone && echo footer; } >expected
	while read -r CASE redirection; do
		run_shell "(echo header; gen \"\$@\" --output-file $CASE; echo footer) $redirection"
		made
		cmp -s all expected || fail "it is not what was to be written"
	done <<-'END'
		/dev/stdout >all
		/dev/fd/1 >all
		/proc/self/fd/1 >all
		/dev/stderr 2>all 1>&2
		/dev/fd/7 7>all 1>&7
	END
	only ./all ./alone ./expected
	for CASE in /dev/stdout /proc/self/fd/1; do
		ln -sf "$CASE" link
		# shellcheck disable=SC2016 # for the shell inside
		run_shell 'gen "$@" --output-file link | cat'
		made
		cmp -s "$OUT" alone || fail "it is not what was to be written"
	done
	CASE='a descriptor that is not open'
	run_shell 'gen "$@" --output-file /dev/fd/9'
	refused 4 output-failed /dev/fd/9
	CASE='a descriptor for reading'
	run_shell 'gen "$@" --output-file /dev/fd/9 9<all'
	refused 4 output-failed /dev/fd/9
}

@test "a name as long as a name can be" {
	local length
	for length in 240 249 255; do
		printf -v CASE '%0*d' "$length" 7
		run_split regcred "${CREDENTIAL[@]}" --output-file "$CASE"
		made
		[[ $(payload <"$CASE") == "$CREDENTIAL_CONFIG" ]]
	done
	[[ $(find . -mindepth 1 | wc -l) == 3 ]]
}

@test "a link that another user may have planted is not followed" {
	[[ $(id -u) == 0 ]] || skip "only root can make the link of another"
	echo old >own
	mkdir -m 1777 common
	ln -s ../own common/planted
	chown -h 12345 common/planted
	run_split regcred "${CREDENTIAL[@]}" --output-file common/planted
	refused 4 output-failed common/planted
	[[ $(<own) == old ]]
	chmod 755 common
	run_split regcred "${CREDENTIAL[@]}" --output-file common/planted
	made
	[[ $(payload <own) == "$CREDENTIAL_CONFIG" && -h common/planted ]]
}

@test "a file system without fsync is not an error" {
	needs_preload
	command -v strace >/dev/null || skip "strace is not installed"
	for CASE in EINVAL ENOSYS EOPNOTSUPP; do
		run_split strace -o /dev/null -e inject=fsync:error="$CASE" "$REGCRED_GEN" "${CREDENTIAL[@]}" --output-file made
		made
	done
	run_split strace -o /dev/null -e inject=fsync:error=EIO "$REGCRED_GEN" "${CREDENTIAL[@]}" --output-file made
	refused 4 output-failed
	only ./made
}

@test "whatever signal ends it while it writes, nothing is left behind" {
	needs_preload
	local program tries
	echo old >file
	seq -f 'team-%.0f' 4000 >list
	for CASE in USR1 USR2 ALRM VTALRM PROF XCPU IO RTMIN SEGV; do
		LD_PRELOAD=$REGCRED_TOOLS/faults.so FAULT_SHORT_WRITE=1 \
			"$REGCRED_GEN" "${CREDENTIAL[@]}" --namespaces-from list --output-file file >out 2>err &
		program=$!
		tries=0
		while ! compgen -G '.regcred-gen.*' >/dev/null && ((tries++ < 500)); do sleep 0.005; done
		kill -s "$CASE" "$program"
		status=0
		wait "$program" || status=$?
		[[ $status == $((128 + $(kill -l "$CASE"))) || $status == 0 ]] || fail "it ended otherwise"
		only ./err ./file ./list ./out
	done
}
