#!/usr/bin/env bats
# What a workload pulls with is answered once: match and check never disagree.
# shellcheck disable=SC2016,SC2034,SC2154 # ${...} of templates; CASE is for fail; stderr is run_split's

load common

# secret NAME NAMESPACE HOST: a pull Secret for HOST; - for no NAMESPACE.
secret() {
	printf -- '---\napiVersion: v1\nkind: Secret\nmetadata: {name: "%s"%s}\ntype: kubernetes.io/dockerconfigjson\n' "$1" "$(namespace "$2")"
	printf 'stringData: {.dockerconfigjson: %s}\n' "'{\"auths\":{\"$3\":{\"username\":\"u\",\"password\":\"p\"}}}'"
}

namespace() {
	[[ $1 == - ]] || printf ', namespace: "%s"' "$1"
}

# pod NAMESPACE SECRET [MORE]: one with an image of reg.io; SECRET - names none.
pod() {
	local list="imagePullSecrets: [{name: \"$2\"}], "
	[[ $2 != - ]] || list=
	printf -- '---\napiVersion: v1\nkind: Pod\nmetadata: {name: p%s%s}\nspec: {%scontainers: [{name: c, image: reg.io/a/b}]}\n' "$(namespace "$1")" "${3-}" "$list"
}

account() {
	printf -- '---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default%s}\nimagePullSecrets: [{name: %s}]\n' "$(namespace "$1")" "$2"
}

# agree ANSWER: yes, no or unknown of match; a finding of check just if it is no.
agree() {
	run_split regcred match -q -f all.yaml -o json
	case $1 in
	yes) ended 0; jq -e '.[0].credentials | length > 0' "$OUT" >/dev/null || fail "no match" ;;
	no) ended 1; jq -e '.[0].unknown == []' "$OUT" >/dev/null || fail "something is unknown" ;;
	unknown) ended 0; jq -e '.[0].unknown | length > 0' "$OUT" >/dev/null || fail "nothing is unknown" ;;
	esac
	run_split regcred check -o json all.yaml
	jq -r '.[].rule' "$OUT" >rules
	if [[ $1 == no ]]; then
		grep -qx 'image-unmatched' rules || fail "no finding: $(<rules)"
	else
		[[ ! -s rules ]] || fail "findings: $(<rules)"
	fi
}

@test "a Secret that is there" {
	{ secret r - reg.io; pod - r; } >all.yaml
	agree yes
	{ secret r - other.io; pod - r; } >all.yaml
	agree no
}

@test "a name or a namespace that is still a template" {
	{ secret r - other.io; pod - '${NAME}'; } >all.yaml
	agree unknown
	{ secret '${NAME}' - other.io; pod - r; } >all.yaml
	agree unknown
	{ secret r '${NS}' other.io; pod dev r; } >all.yaml
	agree unknown
	{ secret r dev other.io; pod '${NS}' r; } >all.yaml
	agree unknown
	{ secret r '${NS}' reg.io; pod '${NS}' r; } >all.yaml
	agree yes
}

@test "a Secret that a SealedSecret makes, and one that is copied" {
	{ printf -- '---\napiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: r, namespace: dev}\n'; secret s dev other.io; pod dev r; } >all.yaml
	agree unknown
	{ secret r ops other.io | sed 's/namespace: "ops"/&, annotations: {kubed.appscode.com\/sync: ""}/'; pod dev r; } >all.yaml
	agree unknown
	{ secret s dev other.io; pod dev r; } >all.yaml
	run_split regcred match -q --assume r -f all.yaml
	ended 0
	run_split regcred check --assume dev/r all.yaml
	ended 0
	run_split regcred check --assume other/r all.yaml
	ended 1
	for CASE in a/b/c A/r R ''; do
		run_split regcred check --assume "$CASE" all.yaml
		ended 2
		[[ $stderr == *'error: option --assume: name'* ]] || fail 'the option is not named'
	done
	CASE=
	run_split regcred match -q --assume other/r -f all.yaml
	ended 1
}

@test "two variants of one Secret" {
	{ secret r - reg.io; secret r - reg.io/a/; pod - r; } >all.yaml
	agree yes
	{ secret r - reg.io; secret r - other.io; pod - r; } >all.yaml
	agree unknown
	{ secret r - one.io; secret r - other.io; pod - r; } >all.yaml
	agree no
}

@test "two ServiceAccounts default, one without a namespace" {
	{ secret r - reg.io; secret s - other.io; account - s; account dev r; pod dev -; } >all.yaml
	agree yes
	{ secret r - reg.io; secret s - other.io; account - s; account dev r; pod test -; } >all.yaml
	agree no
}

@test "a Pod of the cluster has its own list alone" {
	{ secret r - reg.io; account - r; pod - - ', uid: x'; } >all.yaml
	run_split regcred match -q -f all.yaml
	ended 1
	run_split regcred check -o json all.yaml
	[[ $(jq -r '.[].rule' "$OUT") == ref-absent ]] || fail "the findings are others"
	{ secret r - reg.io; account - r; pod - '' ; } >all.yaml
	run_split regcred match -q -f all.yaml
	ended 1
}

@test "pod specs are found in any kind, but not in text that mentions them" {
	{ secret r - other.io; pod - r | sed 's,v1$,argoproj.io/v1alpha1,; s/kind: Pod/kind: Rollout/; s/^spec: \(.*\)/spec: {template: {spec: \1}}/'; } >all.yaml
	agree no
	sed -i 's/kind: Rollout/kind: CustomResourceDefinition/' all.yaml
	run_split regcred match -q -f all.yaml
	refused 2 image-missing
}

@test "an argument that names a manifest is an input file" {
	{ secret r - reg.io; pod - r; } >all.yaml
	run_split regcred match -q all.yaml
	made
	run_split regcred match -q all.yaml reg.io/x
	made
	run_split regcred match -q none.yaml
	ended 1 # an image of Docker Hub
}

@test "no key, user name or image shows a credential in JSON" {
	echo '{"auths":{"https://bob:hunter2@ghcr.io":{"username":"u--docker-password=hunter2","password":"p"},"quay.io?token=hunter2":{"username":"u","password":"p"},"a.io#hunter2":{"username":"u","password":"p"}}}' >c.json
	pod - r | sed 's,reg.io,u:hunter2@ghcr.io,' >pod.yaml
	sed 's,u:,https://&,' pod.yaml >url.yaml
	for CASE in "show c.json" "show -o json c.json" "match -f c.json ghcr.io/a" "match -f c.json --for url.yaml" "match -o json -f c.json --for url.yaml" \
		"verify -o json --timeout 1 -f c.json --for url.yaml" "match -o json -f c.json quay.io/a/b ghcr.io/a/b" "match -o json -f c.json --for pod.yaml" "match -f c.json --for pod.yaml"; do
		# shellcheck disable=SC2086 # words
		run_split regcred $CASE
		[[ $output$(<"$ERR") != *hunter2* ]] || fail "it is shown"
	done
	run_split regcred show --reveal -o json c.json
	[[ $output == *hunter2* ]]
}
