#!/usr/bin/env bats
# check: what Pods, workloads and ServiceAccounts refer to, over all that was read.

load common

# secret NAME NAMESPACE [TYPE]: with a credential for ghcr.io/org/
secret() {
	cat <<-END
		---
		apiVersion: v1
		kind: Secret
		metadata:
		  name: $1
		  namespace: $2
		type: ${3-kubernetes.io/dockerconfigjson}
		data:
		  .dockerconfigjson: eyJhdXRocyI6eyJnaGNyLmlvL29yZy8iOnsidXNlcm5hbWUiOiJ1IiwicGFzc3dvcmQiOiJwIn19fQ==
	END
}

# pod NAMESPACE SECRET [IMAGE]: the name stands in 8:11, the image in 10:12 of the document.
pod() {
	cat <<-END
		---
		apiVersion: v1
		kind: Pod
		metadata: {name: app, namespace: $1}
		spec:
		  # which Secret
		  imagePullSecrets:
		  - name: $2
		  containers:
		  - image: ${3-ghcr.io/org/app:1}
		    name: app
	END
}

# found ID...: the rules of the findings, in order.
found() {
	[[ $(sed -n 's/^.*: \(error\|warning\|note\): .* \[\([a-z0-9-]*\)\]$/\2/p' "$OUT" | paste -sd ' ') == "$*" ]] ||
		fail "the findings are not: $*; but: $output"
}

@test "a Secret in one file, the Pod in another, in any order" {
	secret regcred dev >b.yaml
	pod dev regcred >a.yaml
	run_split regcred check a.yaml b.yaml
	ended 0
	found
	run_split regcred check --complete b.yaml a.yaml
	ended 0
	found
	run_split regcred check .
	ended 0
	run_split regcred check --complete a.yaml
	ended 1
	found ref-missing
}

@test "positions are those of the name and of the image, in YAML and JSON" {
	{
		secret regcred dev
		pod dev regcerd quay.io/a/b
		pod dev regcred quay.io/a/b
	} >all.yaml
	run_split regcred check all.yaml
	ended 1
	found ref-missing image-unmatched
	grep -q '^all.yaml:17:11: error: .*regcerd' "$OUT"
	grep -qx 'hint: did you mean "regcred"?' "$OUT"
	grep -q '^all.yaml:30:12: note: .*quay.io/a/b' "$OUT"
	printf '%s\n' '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "dev"},' \
		' "spec": {"imagePullSecrets": [{"name": "regcerd"}]}}' >pod.json
	run_split regcred check all.yaml pod.json -o json
	ended 1
	jq -e '.[-1] | .file == "pod.json" and .line == 2 and .column == 41 and .rule == "ref-missing"' "$OUT"
}

@test "what kubectl prints of a broken Pod is checked from standard input" {
	{
		echo 'apiVersion: v1'
		echo 'items:'
		{
			secret regcred prod
			pod production regcred
		} | awk '/^---$/ { begin = 1; next } { print (begin ? "- " : "  ") $0; begin = 0 }'
		echo 'kind: List'
	} >list.yaml
	run_split regcred check <list.yaml
	ended 1
	found ref-namespace
	grep -q '^-:.*namespace "prod", but it is referred to from namespace "production"' "$OUT"
}

@test "a Secret of another type is found where it is referred to" {
	{
		secret regcred dev Opaque
		pod dev regcred
	} >all.yaml
	run_split regcred check all.yaml --ignore secret-type
	ended 1
	found ref-type
}

@test "the ServiceAccount's pull secrets are the Pod's, unless it has its own" {
	{
		secret regcred dev
		printf '%s\n' --- 'apiVersion: v1' 'kind: ServiceAccount' 'metadata: {name: default, namespace: dev}' \
			'imagePullSecrets: [{name: regcred}]'
		printf '%s\n' --- 'apiVersion: v1' 'kind: Pod' 'metadata: {name: a, namespace: dev}' \
			'spec: {containers: [{name: a, image: registry.example.com/a/b}]}'
	} >all.yaml
	run_split regcred check all.yaml
	ended 0
	found image-unmatched
	run_split regcred check all.yaml --strict
	ended 1
}

@test "one rule is silenced by its name, or where it is found" {
	{
		secret regcred dev
		pod dev regcerd
	} >all.yaml
	run_split regcred check --ignore ref-missing all.yaml
	ended 0
	found
	sed -i 's/name: app, namespace/annotations: {regcred-gen\/ignore: ref-missing}, name: app, namespace/' all.yaml
	run_split regcred check all.yaml
	ended 0
	found
}

@test "a hostile number of near names takes bounded time" {
	awk 'BEGIN {
		for (i = 0; i < 20000; i++)
			printf "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s%05d, namespace: a}\ntype: kubernetes.io/dockerconfigjson\ndata: {.dockerconfigjson: e30=}\n", i
		for (i = 0; i < 20000; i++)
			printf "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: b}\nspec: {imagePullSecrets: [{name: t%05d}]}\n", i
	}' >all.yaml
	run_split timeout 60 "$REGCRED_GEN" check --ignore config-no-auths all.yaml
	ended 1
}
