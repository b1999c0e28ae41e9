#!/usr/bin/env bats
# Every allocation and every write fails once: what is left is one message, and no harm.
# shellcheck disable=SC2030,SC2031,SC2034 # each test has its own status; CASE and stderr are for fail

load common

JOB=(-r ghcr.io/org/ -u a -e a@example.com --password-stdin
	-r HTTPS://Quay.io/v2/ -u b --password-file b.txt
	-r docker.io -u c --password-fd 7
	-r reg.example.com:5000 -u d --password-env D_TOKEN
	-r e.example.com -u e -p e)
SECRET=(team-pull -n dev -n prod -l app=shop -l tier=1 --annotation 'note=a: "b"' --annotation x=123
	--append-hash --immutable)
MANY=(-r ghcr.io -u a --password-file b.txt -l app=shop --namespaces-from namespaces.txt)

prepare() {
	[[ $REGCRED_VARIANT != asan ]] || skip "the sanitizers' runtime allows no LD_PRELOAD"
	export D_TOKEN=d
	echo stdin-token >stdin
	echo fd-token >fd
	echo file-token >b.txt
	printf 'team-%d\n' {1..3000} >namespaces.txt
}

# run_whole COMMAND...: $status; standard output in the file out, standard error in err.
run_whole() {
	status=0
	"$@" <stdin 7<fd >"${TO-out}" 2>"${ERR_TO-err}" || status=$?
	IFS= read -rd '' stderr <err || true
}

# with_faults NAME=VALUE... COMMAND...: $fired and $live as well.
with_faults() {
	local -x LD_PRELOAD=$REGCRED_TOOLS/faults.so FAULT_REPORT=report
	local key value
	: >report
	fired=0 live=0 # a program that becomes another one reports nothing
	while [[ $1 == FAULT_* ]]; do
		local -x "$1"
		shift
	done
	run_whole "$@"
	while read -r key value; do
		printf -v "$key" %s "$value"
	done <report
	[[ $REGCRED_VARIANT == coverage ]] || return 0
	# What measures coverage allocates for itself, after all is done, and does not bear a failure.
	[[ $status != 139 ]] || status=0
	[[ $status != 0 ]] || fired=0
	live=0
}

# The job must come to this end: [STATUS ID].
ended_in() {
	[[ $status == "$1" ]] || fail "the status is not $1" || return
	[[ $stderr == *"regcred-gen: error: "*" [$2]"* ]] || fail "there is no error [$2]"
}

# each_allocation_fails COMMAND...: alone, with LASTING="0 1" also with all that come after it; with
# STEP=N every Nth of them; with PARTIAL=1 a beginning of the output may be written.
each_allocation_fails() (
	trap - DEBUG # it is slow
	local n lasting
	run_whole "$@"
	[[ $status == 0 ]] || fail "it fails of itself" || return
	cp out good
	[[ $REGCRED_VARIANT != coverage ]] || LASTING=0
	for lasting in ${LASTING-0}; do
		for ((n = 1; n < 100000; n += ${STEP-1})); do
			CASE="allocation $n, lasting $lasting"
			with_faults FAULT_ALLOCATION=$n FAULT_LASTING="$lasting" "$@"
			[[ $fired == 1 ]] || break
			# One that the job can do without is no failure.
			[[ $status != 0 ]] || ! cmp -s out good || continue
			ended_in 5 out-of-memory || return
			[[ ! -s out ]] || { [[ ${PARTIAL-} ]] && cmp -s out <(head -c "$(stat -c %s out)" good); } ||
				fail "there is something on standard output" || return
			[[ ! -e made || $(<made) == old ]] || fail "the file was touched" || return
		done
		[[ $status == 0 ]] || fail "it fails with no fault left" || return
		cmp out good || return
	done
	# It is counted at all.
	((n > ${LEAST-10}))
)

@test "each allocation of the whole job fails: one message, nothing written, nothing leaked" {
	prepare
	LASTING='0 1' each_allocation_fails "$REGCRED_GEN" "${JOB[@]}" "${SECRET[@]}"
}

@test "each allocation fails when JSON is written" {
	prepare
	each_allocation_fails "$REGCRED_GEN" "${JOB[@]}" "${SECRET[@]}" -o json
}

@test "each allocation fails when companions go with it" {
	prepare
	each_allocation_fails "$REGCRED_GEN" "${JOB[@]}" "${SECRET[@]}" --with-pod quay.io/app:1 \
		--with-service-account puller --with-reader user:jane --with-reader serviceaccount:x -o json
}

@test "each allocation fails when a Secret is added to a manifest" {
	prepare
	printf '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"shop","namespace":"dev"},"spec":{"template":
		{"spec":{"containers":[{"name":"a","image":"a.io/app"}],"imagePullSecrets":[{"name":"old"}]}}}}' >app.json
	each_allocation_fails "$REGCRED_GEN" attach my-pull -f app.json
}

@test "each allocation fails when the bare config is written" {
	prepare
	each_allocation_fails "$REGCRED_GEN" "${JOB[@]}" -o config
}

@test "each allocation fails when namespaces come from a file, a line of standard input, or none" {
	prepare
	each_allocation_fails "$REGCRED_GEN" "${MANY[@]}"
	printf 'namespace/%s\n' a b c >stdin
	each_allocation_fails "$REGCRED_GEN" -r a.io -u a --password-file b.txt --namespaces-from -
	echo stdin-token >stdin
	each_allocation_fails "$REGCRED_GEN" -u a --password-stdin
}

@test "each allocation fails when entries come from a file" {
	prepare
	echo '{"auths":{"https://GHCR.io":{"auth":"YTpwMQ==","username":"x"},"b.io":{"username":"b","password":"p2"},' \
		'"https://index.docker.io/v1/":{"auth":"YzpwMw=="},"https://index.docker.io/v1/access-token":{}}}' >c
	LASTING='0 1' each_allocation_fails "$REGCRED_GEN" --from-file c
	each_allocation_fails "$REGCRED_GEN" --from-file c -r ghcr.io -r d.io -u d --password-file b.txt
	DOCKER_AUTH_CONFIG=$(<c) REGISTRY_AUTH_FILE=none each_allocation_fails "$REGCRED_GEN" --from-login --all
}

@test "each allocation fails when a credential helper is asked" {
	prepare
	mkdir bin
	printf '#!/bin/sh\ncat >/dev/null\necho '\''{"ServerURL":"x","Username":"a","Secret":"p"}'\''\n' >bin/docker-credential-plain
	chmod 700 bin/*
	PATH=$PWD/bin:$PATH
	echo '{"auths":{"b.io":{"auth":"YTpwMQ=="}},"credHelpers":{"ghcr.io":"plain"}}' >c
	LASTING='0 1' each_allocation_fails "$REGCRED_GEN" --from-file c
}

# matching: a Secret, a workload that uses it, and a ServiceAccount.
# shellcheck disable=SC2016 # a mark of a template
matching() {
	local config='{"auths":{"ghcr.io/org":{"auth":"YTpi"},"ghcr.io":{"username":"u","password":"p"},"quai.io":{},"*.x.io":{"auth":"YTpj"}}}'
	printf '%s\n' 'apiVersion: v1' 'kind: Secret' 'type: kubernetes.io/dockerconfigjson' 'metadata: {name: s, namespace: ns}' \
		"data: {.dockerconfigjson: $(printf %s "$config" | base64 -w0)}" --- \
		'{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}, imagePullSecrets: [{name: s}, {name: t}]}' >s
	printf '%s\n' 'apiVersion: apps/v1' 'kind: Deployment' 'metadata: {name: w, namespace: ns}' \
		'spec: {template: {spec: {containers: [{name: a, image: ghcr.io/org/b}, {name: c, image: "ghcr.io/x:${TAG}"}]}}}' >w
}

@test "each allocation fails when images are matched" {
	prepare
	matching
	LASTING='0 1' each_allocation_fails "$REGCRED_GEN" match -f s ghcr.io/org/x ghcr.io/orgx
	each_allocation_fails "$REGCRED_GEN" match -f s -o json ghcr.io/org/x
	each_allocation_fails "$REGCRED_GEN" match -f s --for w
	each_allocation_fails "$REGCRED_GEN" match -f s --for w -o json
}

@test "each allocation fails when a Secret is shown" {
	prepare
	matching
	sed -i 's/^data.*/stringData: {.dockerconfigjson: \x27{"auths":{"a.io":{"auth":"YTpi"},"b.io":{"username":"u","password":"p"}}}\x27}/' s
	LASTING='0 1' each_allocation_fails "$REGCRED_GEN" show s
	each_allocation_fails "$REGCRED_GEN" show --reveal -o json s
}

@test "each allocation fails when images are proved" {
	prepare
	matching
	LASTING='0 1' each_allocation_fails "$REGCRED_GEN" -r ghcr.io -u a --password-file b.txt --for w --image ghcr.io/x
}

@test "each allocation fails when manifests are checked" {
	prepare
	matching
	sed -i 's/, {name: t}//' s
	sed -i 's/^data.*/stringData: {.dockerconfigjson: \x27{"auths":{"a.io\/org":{"auth":"YTpi"},"https:\/\/b.io":{"username":"u","password":"p"},"b.io":{"auth":"YTpi"}}}\x27}/' s
	printf '%s\n' --- 'kind: Role' 'apiVersion: rbac.authorization.k8s.io/v1' \
		'rules: [{apiGroups: [""], resources: [secrets], verbs: ["*"]}]' >>s
	LASTING='0 1' each_allocation_fails "$REGCRED_GEN" check --ignore object-invalid s w
	each_allocation_fails "$REGCRED_GEN" check -o json s
	# It lists all rules, one like the other, in more text than is kept back.
	STEP=7 PARTIAL=1 each_allocation_fails "$REGCRED_GEN" check -o sarif s
}

@test "each allocation fails when a Secret is updated" {
	prepare
	local config='{"auths":{"https://a.io":{"auth":"YTpi"},"b.io":{"auth":"YTpj","x":[1,{}]}},"credHelpers":{"c.io":"d"}}'
	printf '%s\n' 'apiVersion: v1' 'kind: Secret' 'type: kubernetes.io/dockerconfigjson' \
		'metadata: {name: s, namespace: ns, labels: {a: b}, annotations: {c: d}, finalizers: [e/f]}' \
		"data: {.dockerconfigjson: $(printf %s "$config" | base64 -w0), x: eA==}" 'stringData: {z: "1"}' >s
	LASTING='0 1' each_allocation_fails "$REGCRED_GEN" --update s -r a.io -u a --password-file b.txt
	each_allocation_fails "$REGCRED_GEN" --update s --remove a.io --append-hash -o json
	LEAST=1 each_allocation_fails "$REGCRED_GEN" --update s
}

@test "each allocation fails before a file is replaced: the old one stays, and nothing beside it" {
	prepare
	job=("$REGCRED_GEN" "${JOB[@]}" "${SECRET[@]}" --output-file made)
	run_whole "${job[@]}"
	mv made good
	for ((n = 1; n < 100000; n += ${STEP-1})); do
		CASE="allocation $n"
		echo old >made
		with_faults FAULT_ALLOCATION=$n "${job[@]}"
		[[ $fired == 1 ]] || break
		# One that the job can do without is no failure.
		if [[ $status == 0 ]]; then
			cmp made good
		else
			ended_in 5 out-of-memory
			[[ $(<made) == old ]] || fail "the file was touched"
		fi
		[[ $(compgen -G 'made*') == made ]] || fail "there is a file beside it"
	done
	cmp made good
	[[ $n -gt 10 ]]
}

@test "each allocation fails when a password is long" {
	prepare
	printf '%0100000d' 1 >stdin
	each_allocation_fails "$REGCRED_GEN" -r a.io -u a --password-stdin --append-hash
}

@test "each allocation fails when only text is asked for" {
	prepare
	for text in --help --version 'completion bash' 'completion zsh' 'completion fish' 'help completion'; do
		# shellcheck disable=SC2086 # several words
		LEAST=1 each_allocation_fails "$REGCRED_GEN" $text
	done
	ln -s "$REGCRED_GEN" kubectl_complete-regcred
	LEAST=1 each_allocation_fails ./kubectl_complete-regcred --
}

@test "each allocation fails on the way to another error: the status is that of either" {
	prepare
	for ((n = 1; n < 300; n++)); do
		with_faults FAULT_ALLOCATION=$n "$REGCRED_GEN" "${JOB[@]}" -r ghcr.io/org/ -u x -p x
		CASE="allocation $n"
		[[ $fired == 1 ]] || break
		[[ $status == 5 || $status == 2 ]] || fail "the status is neither 5 nor 2"
		[[ ! -s out ]]
	done
	[[ $n -gt 5 ]]
}

# --- writing ------------------------------------------------------------------------

# is_beginning: what was accepted before a write failed is the beginning of the whole.
is_beginning() {
	cmp -s out <(head -c "$(stat -c %s out)" good) || fail "standard output is not the beginning"
}

# each_write_fails ERRNO COMMAND...
each_write_fails() (
	trap - DEBUG # it is slow
	local error=$1 n
	shift
	run_whole "$@"
	[[ $status == 0 ]] || fail "it fails of itself" || return
	cp out good
	for ((n = 1; n < 300; n++)); do
		CASE="$error at write $n"
		with_faults FAULT_WRITE=$n FAULT_WRITE_ERRNO="$error" FAULT_WRITE_TO=stdout "$@"
		[[ $live == 0 ]] || fail "$live blocks are not released" || return
		[[ $fired == 1 ]] || break
		ended_in 4 output-failed || return
		((n > 1)) || [[ ! -s out ]] || fail "there is something on standard output" || return
		is_beginning || return
	done
	cmp out good
	((n > ${LEAST-1}))
)

@test "each write fails: a message and status 4" {
	prepare
	for error in ENOSPC EIO EPIPE; do
		each_write_fails "$error" "$REGCRED_GEN" "${JOB[@]}" "${SECRET[@]}"
		each_write_fails "$error" "$REGCRED_GEN" "${JOB[@]}" -o config
		each_write_fails "$error" "$REGCRED_GEN" --help
		each_write_fails "$error" "$REGCRED_GEN" completion zsh
		LEAST=3 each_write_fails "$error" "$REGCRED_GEN" "${MANY[@]}"
		LEAST=3 each_write_fails "$error" "$REGCRED_GEN" "${MANY[@]}" -o json
	done
}

@test "a closed pipe has a message of its own" {
	prepare
	with_faults FAULT_WRITE=1 FAULT_WRITE_ERRNO=EPIPE "$REGCRED_GEN" "${MANY[@]}"
	ended_in 4 output-failed
	told "reader went away"
}

@test "each write to a file fails: the old one stays, and nothing beside it" {
	prepare
	for error in ENOSPC EIO EDQUOT; do
		for ((n = 1; n < 300; n++)); do
			CASE="$error at write $n"
			echo old >made
			with_faults FAULT_WRITE=$n FAULT_WRITE_ERRNO=$error FAULT_WRITE_TO=file \
				"$REGCRED_GEN" "${MANY[@]}" --output-file made
			[[ $fired == 1 ]] || break
			ended_in 4 output-failed
			[[ $live == 0 && $(<made) == old ]] || fail "the file was touched"
			[[ $(compgen -G 'made*') == made ]] || fail "there is a file beside it"
		done
		[[ $status == 0 && $(<made) != old && $n -gt 3 ]]
	done
}

@test "each write of attach in place fails: the old file stays, and nothing beside it" {
	prepare
	for ((i = 0; i < 6000; i++)); do
		printf -- '---\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: a.io/app:%s\n' "$i"
	done >old
	for error in ENOSPC EIO; do
		for ((n = 1; n < 300; n++)); do
			CASE="$error at write $n"
			cp old made
			with_faults FAULT_WRITE=$n FAULT_WRITE_ERRNO=$error FAULT_WRITE_TO=file \
				"$REGCRED_GEN" attach -i -f made
			[[ $fired == 1 ]] || break
			ended_in 4 output-failed
			cmp old made || fail "the file was touched"
			[[ $(compgen -G 'made*') == made && ! $(compgen -G '.regcred-gen.*') ]] || fail "there is a file beside it"
		done
		[[ $status == 0 && $(grep -c 'name: regcred' made) == 6000 && $n -gt 3 ]]
	done
}

@test "interrupted and short writes are taken up again" {
	prepare
	for job in "${SECRET[*]}" '-o json' '-o config'; do
		read -ra shape <<<"$job"
		[[ $job != "${SECRET[*]}" ]] || shape=("${SECRET[@]}")
		run_whole "$REGCRED_GEN" "${JOB[@]}" "${shape[@]}"
		cp out good
		for fault in FAULT_WRITE_ERRNO=EINTR FAULT_WRITE_ERRNO=EAGAIN FAULT_SHORT_WRITE=1; do
			for n in 1 2 3 20; do
				CASE="$fault $n"
				with_faults FAULT_SHORT_WRITE=1 FAULT_WRITE=$n $fault "$REGCRED_GEN" "${JOB[@]}" "${shape[@]}"
				[[ $fault == FAULT_SHORT_WRITE=1 || $REGCRED_VARIANT == coverage || $fired == 1 ]] ||
					fail "no fault"
				[[ $fault == FAULT_SHORT_WRITE=1 || $status == 0 ]] || fail "it fails"
				[[ $fault == FAULT_SHORT_WRITE=1 ]] || cmp out good
			done
			with_faults FAULT_SHORT_WRITE=1 "$REGCRED_GEN" "${JOB[@]}" "${shape[@]}" --output-file made
			[[ $status == 0 ]] || fail "it fails"
			cmp made good
			rm made
		done
	done
}

@test "an interrupted write through a pipe loses nothing" {
	prepare
	run_whole "$REGCRED_GEN" "${MANY[@]}"
	cp out good
	for error in EINTR EAGAIN; do
		for n in 1 2 3; do
			env LD_PRELOAD="$REGCRED_TOOLS/faults.so" FAULT_WRITE=$n FAULT_WRITE_ERRNO=$error \
				"$REGCRED_GEN" "${MANY[@]}" | cat >piped
			[[ ${PIPESTATUS[0]} == 0 ]]
			cmp piped good
		done
	done
}

@test "messages that cannot be written change nothing" {
	prepare
	run_whole "$REGCRED_GEN" "${JOB[@]}" "${SECRET[@]}"
	[[ $status == 0 && -s err ]]
	cp out good
	ERR_TO=/dev/full run_whole "$REGCRED_GEN" "${JOB[@]}" "${SECRET[@]}"
	[[ $status == 0 ]]
	cmp out good
	run_whole bash -c '"$@" 2>&-' bash "$REGCRED_GEN" "${JOB[@]}" "${SECRET[@]}"
	[[ $status == 0 ]]
	cmp out good
	run_whole bash -c '"$@" 2> >(exec 0<&-)' bash "$REGCRED_GEN" "${JOB[@]}" "${SECRET[@]}"
	[[ $status == 0 ]]
	cmp out good
	ERR_TO=/dev/full run_whole "$REGCRED_GEN" "${JOB[@]}" --no-such-option
	[[ $status == 2 && ! -s out ]]
}

@test "a full disk and a closed standard output are reported" {
	prepare
	TO=/dev/full run_whole "$REGCRED_GEN" "${JOB[@]}"
	ended_in 4 output-failed
	run_whole bash -c '"$@" >&-' bash "$REGCRED_GEN" "${JOB[@]}"
	ended_in 4 output-failed
	run_whole bash -c '"$@" >&-' bash "$REGCRED_GEN" --help
	ended_in 4 output-failed
}

@test "a folder that cannot be opened for lack of memory is not reported as unreadable" {
	command -v strace >/dev/null || skip "strace is not installed"
	needs_preload
	mkdir folder
	run_split strace -o /dev/null -P "$PWD/folder" -e inject=openat:error=ENOMEM "$REGCRED_GEN" check "$PWD/folder"
	refused 5 out-of-memory
}
