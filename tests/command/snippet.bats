#!/usr/bin/env bats
# What snippet prints does what it says, in the hands of the real kubectl and of shells.
# shellcheck disable=SC2030,SC2031,SC2034 # each test is a shell of its own; CASE and stderr are for fail

load common

# part WORD: the part of the last output whose heading holds the word.
part() {
	awk -v word="$1" '/^### / { inside = index($0, word); next } inside' "$OUT"
}

# lines KIND: the YAML below "# KIND...", up to the next blank line.
lines() {
	part lines | awk -v kind="# $1" 'index($0, kind) == 1 { inside = 1; next } /^$/ { inside = 0 } inside'
}

# What the kubectl at hand calls a CronJob: batch/v1 came with 1.21.
cronjob_version() {
	kubectl version --client -o json 2>/dev/null |
		jq -r '.clientVersion.minor | if (gsub("[^0-9]"; "") | tonumber) < 21 then "batch/v1beta1" else "batch/v1" end'
}

# manifest KIND [SECRET...]: one of that name, whose list has these.
manifest() {
	local kind=$1 path=.spec.template.spec version=apps/v1 secrets
	shift
	secrets=$(printf '%s\n' "$@" | jq -Rcn '[inputs | select(. != "") | {name: .}]')
	case $kind in
	Pod) path=.spec version=v1 ;;
	PodTemplate) path=.template.spec version=v1 ;;
	ServiceAccount) path='' version=v1 ;;
	ReplicationController) version=v1 ;;
	Job) version=batch/v1 ;;
	CronJob) version=$(cronjob_version) path=.spec.jobTemplate.spec.template.spec ;;
	esac
	jq -n --arg kind "$kind" --arg version "$version" --argjson secrets "$secrets" '
		{apiVersion: $version, kind: $kind, metadata: {name: "shop", namespace: "dev"}}
		| if $kind == "ServiceAccount" then . else '"${path:-.spec}"'.containers = [{name: "app", image: "ghcr.io/a/app"}] end
		| if $secrets == [] then . else '"$path"'.imagePullSecrets = $secrets end'
}

# A kubectl for the printed commands: what they say of the object is done to the file state.json.
stand_in() {
	local real
	real=$(command -v kubectl)
	mkdir -p stand-in
	cat >stand-in/kubectl <<-END
		#!/bin/bash
		verb=\$1
		shift 3 # and the kind and the name
		while [[ \$1 == -n ]]; do shift 2; done
		case \$verb in
		get) exec "$real" label --local -f state.json a=b "\$@" ;;
		patch) "$real" patch --local -f state.json "\$@" -o json >next.json && mv next.json state.json ;;
		*) exit 1 ;;
		esac
	END
	chmod +x stand-in/kubectl
}

@test "without a manifest: the places that are asked for most" {
	run_split regcred snippet
	made
	[[ $(grep -c '^### ' "$OUT") == 4 ]]
	[[ $(lines Pod) == $'spec:\n  imagePullSecrets:\n  - name: regcred' ]]
	[[ $(lines Deployment) == $'spec:\n  template:\n    spec:\n      imagePullSecrets:\n      - name: regcred' ]]
	grep -q '^kubectl get serviceaccount default -o ' "$OUT"
	run ! grep -q -e ' -n ' "$OUT"
}

@test "name and namespace stand everywhere" {
	run_split regcred snippet --name my-pull -n dev
	made
	cp "$OUT" first
	run ! grep -q regcred$ "$OUT"
	[[ $(lines Pod) == $'spec:\n  imagePullSecrets:\n  - name: my-pull' ]]
	grep -o 'kubectl [^|]*' "$OUT" | while read -r CASE; do
		[[ $CASE == *' -n dev'* || $CASE == *' --all-namespaces '*my-pull ]] || fail "no namespace"
	done
	run_split regcred snippet my-pull -n=dev
	wrote <first
}

@test "for each kind the lines stand in their place, and nothing is lost" {
	needs_kubectl
	for kind in Pod PodTemplate ReplicationController Deployment StatefulSet DaemonSet ReplicaSet Job CronJob \
		ServiceAccount; do
		CASE=$kind
		manifest "$kind" >app.json
		run_split regcred snippet --for app.json
		made
		lines "$kind shop" >patch.yaml
		[[ -s patch.yaml ]] || fail "no lines"
		kubectl patch --local -f app.json --patch-file patch.yaml -o json >patched.json
		manifest "$kind" regcred | jq -S . >expected
		jq -S 'del(.. | .creationTimestamp?, .status?, .resources?, .strategy?, .updateStrategy?)' patched.json |
			diff expected - || fail "not in its place"
		# The list of a ServiceAccount is replaced, that of a Pod merged: ours holds all of it.
		manifest "$kind" old regcred older >app.json
		run_split regcred snippet --for app.json --name new
		lines "$kind shop" >patch.yaml
		[[ $(grep -o 'name: .*' patch.yaml | paste -sd ' ') == 'name: old name: regcred name: older name: new' ]] ||
			fail "something is lost"
	done
}

@test "the default name is what the manifest says" {
	manifest Pod first second >app.json
	run_split regcred snippet --for app.json
	made
	grep -q '^kubectl get secret first -n dev$' "$OUT"
	[[ $(lines Pod) == $'spec:\n  imagePullSecrets:\n  - name: first\n  - name: second' ]]
	manifest Pod >app.json
	run_split regcred snippet --for app.json
	grep -q '^kubectl get secret regcred -n dev$' "$OUT"
	grep -q '^kubectl describe pod shop -n dev$' "$OUT"
	run_split regcred snippet --for app.json -n prod other
	grep -q '^kubectl get secret other -n prod$' "$OUT"
	# Names that cannot be one are not known.
	# shellcheck disable=SC2016 # as it stands
	jq '.metadata.namespace = "$(NS); id" | .metadata.name = "a b" | .spec.imagePullSecrets = [{name: "x;id"}]' \
		app.json >odd.json
	run_split regcred snippet --for odd.json
	made
	grep -q '^kubectl get secret regcred$' "$OUT"
	grep -q '^kubectl describe pods$' "$OUT"
	run ! grep -qE 'NS|a b|; id' "$OUT"
}

@test "the commands add to the list of a ServiceAccount, once, and lose nothing" {
	needs_kubectl
	stand_in
	run_split regcred snippet my-pull -n dev
	part ServiceAccount >attach
	for CASE in '[]' '["old"]' '["my-pull.x","old"]' '["my-pull"]'; do
		for shell in 'bash -euo pipefail' 'dash -e' 'sh -e'; do
			command -v "${shell%% *}" >/dev/null || continue
			jq -n --argjson names "$CASE" '{apiVersion: "v1", kind: "ServiceAccount", metadata: {name: "default"}}
				| if $names == [] then . else .imagePullSecrets = [$names[] | {name: .}] end' >state.json
			for time in 1 2 3; do
				# shellcheck disable=SC2086 # words
				PATH=$PWD/stand-in:$PATH $shell attach || fail "$shell: it fails"
				jq -c '[.imagePullSecrets[].name]' state.json >names
				jq -cn --argjson names "$CASE" '$names + (["my-pull"] - $names)' | cmp -s - names ||
					fail "$shell, time $time: $(jq -c .imagePullSecrets state.json)"
			done
		done
	done
}

@test "a Deployment that is there is changed without losing its list" {
	needs_kubectl
	stand_in
	for kind in Deployment StatefulSet DaemonSet CronJob; do
		CASE=$kind
		manifest "$kind" old >state.json
		run_split regcred snippet my-pull --for state.json
		part lines | grep '^kubectl patch' >change
		PATH=$PWD/stand-in:$PATH sh -e change
		[[ $(jq -c '[.. | .imagePullSecrets? // empty | .[].name] | sort' state.json) == '["my-pull","old"]' ]] ||
			fail "$(jq -c . state.json)"
	done
	# What cannot be changed is not.
	for kind in Pod Job; do
		manifest "$kind" >app.json
		run_split regcred snippet --for app.json
		part lines | run ! grep kubectl
	done
}

@test "kubectl understands every command, and so does a shell" {
	needs_kubectl
	mkdir 'a folder'
	manifest Deployment >"a folder/it's.json"
	run_split regcred snippet my-pull -n dev --for "a folder/it's.json"
	made
	{
		part ServiceAccount
		part events
		part wrong
	} >all
	bash -n all
	# There is no cluster: that, and nothing else, is what each of them may say.
	mkdir bin
	cat >bin/kubectl <<-END
		#!/bin/sh
		"$(command -v kubectl)" --request-timeout=1s -s http://127.0.0.1:9 "\$@" >/dev/null 2>>"$PWD/said" && exit
		echo "kubectl \$*" >>"$PWD/ran"
		exit 1
	END
	printf '#!/bin/sh\nprintf "<%%s>" "$@" >>"%s"\n' "$PWD/ours" >bin/regcred-gen
	chmod +x bin/*
	PATH=$PWD/bin:$PATH bash all >/dev/null || true
	[[ $(grep -c ^kubectl ran) == 14 ]] || fail "it ran: $(<ran)"
	run ! grep -vE 'memcache|connection refused|was refused' said
	[[ $(<ours) == "<show><match><-f><-><--for><a folder/it's.json><check><check><-><a folder/it's.json>" ]] ||
		fail "it ran $(<ours)"
}

@test "several workloads: their lines each, what is the same once" {
	{
		manifest Deployment
		manifest CronJob | jq '.metadata.name = "nightly"'
		manifest ServiceAccount old | jq '.metadata.name = "builder"'
	} >all.json
	run_split regcred snippet --for - <all.json
	made
	[[ $(grep '^# [A-Z][A-Za-z]* [a-z]*$' "$OUT" | paste -sd ' ') == \
	"# Deployment shop # CronJob nightly # ServiceAccount builder" ]]
	[[ $(grep -o 'kubectl get serviceaccount [a-z]*' "$OUT" | paste -sd ' ') == \
	"kubectl get serviceaccount default kubectl get serviceaccount builder" ]]
	[[ $(grep -c '^kubectl get secret regcred -n dev$' "$OUT") == 1 ]]
	[[ $(grep -c '^kubectl get secret old -n dev$' "$OUT") == 1 ]]
	# Standard input cannot be read again.
	run ! grep -q -e '--for' "$OUT"
	manifest Pod | jq '.spec.serviceAccountName = "puller"' >app.json
	run_split regcred snippet --for app.json
	grep -q '^kubectl get serviceaccount puller -n dev ' "$OUT"
}

@test "a manifest that says nothing is refused" {
	printf 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n' >other.yaml
	run_split regcred snippet --for other.yaml
	refused 3 workload-none other.yaml
	printf 'kind: Pod\nmetadata:\n  name: {{ .Values.name }}\n' >template.yaml
	run_split regcred snippet --for template.yaml
	refused 3 workload-none
	told 'helm template'
	printf 'a: [\n' >broken.yaml
	run_split regcred snippet --for broken.yaml
	refused 3 '[a-z-]*' 'broken.yaml:'
	run_split regcred snippet --for missing.yaml
	refused 4 input-failed
	run_split regcred snippet --for /dev/null
	refused 3 workload-none
}

@test "options of snippet that cannot be" {
	run_split regcred snippet --name Bad
	refused 2 name-invalid
	run_split regcred snippet Bad
	refused 2 name-invalid
	run_split regcred snippet a b
	refused 2 argument-extra
	run_split regcred snippet --name a --name b
	refused 2 option-repeated
	run_split regcred snippet -n ''
	refused 2 namespace-invalid
	run_split regcred snippet -n a -n b
	refused 2 option-repeated
	run_split regcred snippet --for ''
	refused 2 option-value
	run_split regcred snippet --strict
	refused 2 unknown-option
	run_split regcred snippet --help
	made
}

@test "a plugin of kubectl prints itself as one" {
	ln -s "$REGCRED_GEN" kubectl-regcred
	run_split ./kubectl-regcred snippet
	made
	grep -q '| kubectl regcred check$' "$OUT"
}

@test "where there is no workload, each place is named as a person would" {
	run_split regcred snippet --for - <<<'a: b'
	refused 3 workload-none 'in standard input ['
	echo 'a: b' >a
	run_split regcred snippet --for a --for a
	refused 3 workload-none 'in a and the other files ['
}
