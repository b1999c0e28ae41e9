#!/usr/bin/env bats
# What goes with the Secret, as the real kubectl takes it.
# shellcheck disable=SC2034 # CASE and stderr are for fail

load common

ALL=(--with-pod reg.example.com/team/app:1 --with-service-account puller --with-reader user:jane
	--with-reader group:dev-team --with-reader serviceaccount:ci/builder)

# objects FILE: what kubectl reads in it, one object a line in the file found; a label has to be set
# for that, and is taken away again.
objects() {
	kubectl label --local -f "$1" regcred-gen-test=1 -o json --dry-run=client >read.json || return
	jq -Scn '[inputs | if .kind == "List" then .items[] else . end][]
		| del(.metadata.creationTimestamp, .metadata.labels["regcred-gen-test"])
		| if .metadata.labels == {} then del(.metadata.labels) else . end' read.json >found
}

# object KIND: that of the objects found.
object() {
	jq -Sc --arg kind "$1" 'select(.kind == $kind)' found
}

# typed: what kubectl wrote of an object that it knows by its type, without what it fills in.
typed() {
	jq -Sc 'del(.metadata.creationTimestamp, .status, .spec.containers[0].resources)'
}

@test "each is a document after the Secret, in an order in which they can be created" {
	run_split regcred "${CREDENTIAL[@]}" "${ALL[@]}"
	made
	[[ $(sed -n 's/^kind: //p' "$OUT" | paste -sd ' ') == "Secret ServiceAccount Role RoleBinding Pod" ]]
	[[ $(grep -c '^---$' "$OUT") == 4 ]]
	[[ $(namespaces_of "$OUT") == ci ]] # of a subject
	payload <"$OUT" >decoded
	printf %s "$CREDENTIAL_CONFIG" | cmp - decoded
}

@test "the Secret itself stays as it was" {
	run_split regcred "${CREDENTIAL[@]}" -l a=b --annotation c=d -n dev
	cp "$OUT" alone
	run_split regcred "${CREDENTIAL[@]}" -l a=b --annotation c=d -n dev "${ALL[@]}"
	made
	head -n "$(wc -l <alone)" "$OUT" | cmp - alone
}

@test "for each namespace, in YAML and in a List" {
	needs_kubectl
	run_split regcred "${CREDENTIAL[@]}" -n dev -n on "${ALL[@]}" --with-reader serviceaccount:own
	made
	objects "$OUT"
	[[ $(jq -r '.metadata.namespace + "/" + .kind' found | paste -sd ' ') == \
	"dev/Secret dev/ServiceAccount dev/Role dev/RoleBinding dev/Pod on/Secret on/ServiceAccount on/Role on/RoleBinding on/Pod" ]]
	# A ServiceAccount without a namespace is of each document's own.
	[[ $(object RoleBinding | jq -r '.subjects[-1].namespace' | paste -sd ' ') == "dev on" ]]
	[[ $(object RoleBinding | jq -r '.subjects[2].namespace' | paste -sd ' ') == "ci ci" ]]
	cp found from.yaml
	run_split regcred "${CREDENTIAL[@]}" -n dev -n on "${ALL[@]}" --with-reader serviceaccount:own -o json
	made
	[[ $(jq -r .kind "$OUT") == List && $(jq '.items | length' "$OUT") == 10 ]]
	objects "$OUT"
	cmp found from.yaml
	# One namespace, several objects: a List too.
	run_split regcred "${CREDENTIAL[@]}" "${ALL[@]}" -o json
	[[ $(jq -c '[.items[].kind]' "$OUT") == '["Secret","ServiceAccount","Role","RoleBinding","Pod"]' ]]
}

@test "the Pod is one to kubectl, is restricted and mounts no token" {
	needs_kubectl
	run_split regcred "${CREDENTIAL[@]}" -n dev "${ALL[@]}"
	objects "$OUT"
	object Pod >pod
	# All of its fields are fields: none is lost on the way through kubectl's own types.
	kubectl set image --local -f pod app=reg.example.com/team/app:1.1 -o json | typed >changed
	jq -Sc '.spec.containers[0].image = "reg.example.com/team/app:1.1"' pod | cmp - changed
	jq -e '.metadata.name == "app" and (.spec | .automountServiceAccountToken == false
		and .serviceAccountName == "puller" and .imagePullSecrets == [{"name": "regcred"}]
		and .securityContext == {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}
		and (.containers | length == 1 and .[0].name == "app" and .[0].image == "reg.example.com/team/app:1"
			and .[0].securityContext
				== {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}))' pod
	# Alone, it runs as the namespace's own ServiceAccount.
	run_split regcred "${CREDENTIAL[@]}" --with-pod reg.example.com/app
	objects "$OUT"
	[[ $(object Pod | jq '.spec | has("serviceAccountName")') == false ]]
}

@test "the ServiceAccount is one to kubectl" {
	needs_kubectl
	run_split regcred "${CREDENTIAL[@]}" -n dev --with-service-account puller
	objects "$OUT"
	kubectl create serviceaccount puller -n dev --dry-run=client -o json |
		jq -Sc 'del(.metadata.creationTimestamp) | .imagePullSecrets = [{"name": "regcred"}]' >theirs
	object ServiceAccount | cmp - theirs
}

@test "Role and RoleBinding are the guide's, and least privilege" {
	needs_kubectl
	run_split regcred "${CREDENTIAL[@]}" -n dev --with-reader user:jane --with-reader group:dev-team \
		--with-reader serviceaccount:ci/builder
	objects "$OUT"
	[[ $(object Role | jq -c '[.apiVersion, .metadata.name, .rules]') == \
	'["rbac.authorization.k8s.io/v1","regcred-reader",[{"apiGroups":[""],"resourceNames":["regcred"],"resources":["secrets"],"verbs":["get"]}]]' ]]
	kubectl create rolebinding regcred-reader --role=regcred-reader --user=jane --group=dev-team \
		--serviceaccount=ci:builder -n dev --dry-run=client -o json |
		jq -Sc 'del(.metadata.creationTimestamp)' >theirs
	object RoleBinding | cmp - theirs
}

@test "with --append-hash all of them carry the hashed name" {
	needs_kubectl
	run_split regcred "${CREDENTIAL[@]}" -n dev --append-hash "${ALL[@]}"
	made
	objects "$OUT"
	name=$(object Secret | jq -r .metadata.name)
	[[ $name == regcred-?????????? ]]
	[[ $(object Role | jq -r '.metadata.name, .rules[0].resourceNames[0]' | paste -sd ' ') == "$name-reader $name" ]]
	[[ $(object RoleBinding | jq -r '.metadata.name, .roleRef.name' | paste -sd ' ') == "$name-reader $name-reader" ]]
	[[ $(object ServiceAccount | jq -c '[.metadata.name, .imagePullSecrets]') == "[\"puller\",[{\"name\":\"$name\"}]]" ]]
	[[ $(object Pod | jq -c '[.metadata.name, .spec.imagePullSecrets]') == "[\"app\",[{\"name\":\"$name\"}]]" ]]
}

@test "labels go on all of them, annotations and immutable only on the Secret" {
	needs_kubectl
	run_split regcred "${CREDENTIAL[@]}" -l app=shop --annotation a=b --immutable "${ALL[@]}"
	made
	objects "$OUT"
	[[ $(jq -c .metadata.labels found | sort -u) == '{"app":"shop"}' ]]
	[[ $(jq -c 'select(.metadata.annotations or .immutable) | .kind' found) == '"Secret"' ]]
}

@test "with --update, what belongs to the old Secret stays on it alone" {
	needs_kubectl
	run_split regcred "${CREDENTIAL[@]}" -n dev -l app=shop --annotation a=b
	cp "$OUT" old.yaml
	run_split regcred --update old.yaml -l new=1 --with-service-account puller --with-reader serviceaccount:x
	made
	objects "$OUT"
	[[ $(jq -c '[.kind, .metadata.namespace, .metadata.labels]' found | paste -sd ' ') == \
	'["Secret","dev",{"app":"shop","new":"1"}] ["ServiceAccount","dev",{"new":"1"}] ["Role","dev",{"new":"1"}] ["RoleBinding","dev",{"new":"1"}]' ]]
}

@test "the longest name still has its Role" {
	long=$(printf 'a%.0s' {1..253})
	run_split regcred "${CREDENTIAL[@]}" "$long" --with-reader user:jane
	made
	grep -qx "  name: $long-reader" "$OUT"
}

@test "invalid readers are refused" {
	for CASE in jane User:jane sa:dev/x user: group: serviceaccount: 'user: jane' serviceaccount:Dev/x \
		serviceaccount:dev/X serviceaccount:dev/ serviceaccount:dev:x $'user:a\nb' $'group:\xff'; do
		run_split regcred "${CREDENTIAL[@]}" -n dev --with-reader "$CASE"
		refused 2 reader-invalid
	done
	run_split regcred "${CREDENTIAL[@]}" -n dev --with-reader serviceaccount:dev:x
	told 'hint: separate the namespace with a slash: serviceaccount:NS/NAME'
	run_split regcred "${CREDENTIAL[@]}" --with-reader serviceaccount:x
	refused 2 reader-invalid 'has no namespace'
	told 'serviceaccount:NS/x'
	run_split regcred "${CREDENTIAL[@]}" --with-reader
	refused 2 option-value
}

@test "the same reader twice is refused, also in two spellings" {
	run_split regcred "${CREDENTIAL[@]}" --with-reader user:jane --with-reader user:jane
	refused 2 reader-duplicate '"user:jane" is given twice'
	run_split regcred "${CREDENTIAL[@]}" --with-reader user:jane --with-reader group:jane
	made
	run_split regcred "${CREDENTIAL[@]}" -n dev --with-reader serviceaccount:x --with-reader serviceaccount:dev/x
	refused 2 reader-duplicate '"serviceaccount:dev/x"'
	echo dev >list
	run_split regcred "${CREDENTIAL[@]}" --namespaces-from list --with-reader serviceaccount:dev/x \
		--with-reader serviceaccount:x
	refused 2 reader-duplicate
	run_split regcred "${CREDENTIAL[@]}" -n dev --with-reader serviceaccount:x --with-reader serviceaccount:ci/x
	made
}

@test "readers that include everybody are warned about" {
	run_split regcred "${CREDENTIAL[@]}" --with-reader group:system:authenticated
	made reader-wide
	told 'everyone who can log in'
	run_split regcred "${CREDENTIAL[@]}" --strict --with-reader group:system:authenticated
	refused 3 strict
	run_split regcred "${CREDENTIAL[@]}" --with-reader user:system:serviceaccount:dev:x
	made
}

@test "the other options are given once, with a valid value" {
	for option in --with-pod --with-service-account; do
		run_split regcred "${CREDENTIAL[@]}" "$option" app "$option" app
		refused 2 option-repeated
		run_split regcred "${CREDENTIAL[@]}" "$option"
		refused 2 option-value
	done
	for CASE in App 'a b' https://reg.example.com/app app: reg.example.com/ ''; do
		run_split regcred "${CREDENTIAL[@]}" --with-pod "$CASE"
		refused 2 image-invalid
	done
	for CASE in Puller '' a_b -a; do
		run_split regcred "${CREDENTIAL[@]}" --with-service-account="$CASE"
		refused 2 name-invalid ServiceAccount
	done
}

# --- the ServiceAccount that exists everywhere ----------------------------------------------

# in_the_hint FILE ARGUMENT...: runs what the hint says on an object in a file, not in a cluster.
in_the_hint() {
	local file=$1 real
	real=$(command -v kubectl)
	sed -n 's/^hint: .*: \(kubectl patch .*\)$/\1/p' "$ERR" >linking
	[[ -s linking ]] || fail "the hint has no command" || return
	mkdir -p stand-in
	printf '#!/bin/sh\nexec "%s" "$@" --local -f "%s" -o json\n' "$real" "$PWD/$file" >stand-in/kubectl
	# What names the object is the file's.
	sed -i 's/ patch serviceaccount default\( -n [a-zA-Z]*\)\{0,1\} / patch /g' linking
	chmod +x stand-in/kubectl
	PATH=$PWD/stand-in:$PATH sh linking 2>patch.err
}

@test "default is refused, with a command that loses nothing" {
	needs_kubectl
	run_split regcred "${CREDENTIAL[@]}" my-pull -n dev --with-service-account default
	refused 2 account-default
	told 'kubectl patch serviceaccount default -n dev '
	kubectl create serviceaccount default -n dev --dry-run=client -o json >without
	jq '.imagePullSecrets = [{"name": "old"}]' without >with
	[[ $(in_the_hint without | jq -c .imagePullSecrets) == '[{"name":"my-pull"}]' ]]
	[[ $(in_the_hint with | jq -c .imagePullSecrets) == '[{"name":"old"},{"name":"my-pull"}]' ]]
}

@test "the command is whole, however long the names are" {
	long=$(printf 'a%.0s' {1..253}) namespace=$(printf 'b%.0s' {1..63})
	run_split regcred "${CREDENTIAL[@]}" "$long" -n "$namespace" --with-service-account default
	refused 2 account-default
	grep -q "\"value\":\[{\"name\":\"$long\"}\]}\]'\$" "$ERR"
	run_split regcred "${CREDENTIAL[@]}" --with-service-account default
	told 'serviceaccount default --type'
	run_split regcred "${CREDENTIAL[@]}" -n a -n b --append-hash --with-service-account default
	told 'serviceaccount default -n NS --type'
	told '"regcred-HASH"'
}

@test "no password is asked for before an error" {
	run_split regcred -r reg.example.com -u user --password-file missing --with-service-account default
	refused 2 account-default
	run_split regcred -r reg.example.com -u user --password-file missing --with-reader serviceaccount:x
	refused 2 reader-invalid
}

@test "the Pod's image is proved, if it says where it is pulled from" {
	run_split regcred "${CREDENTIAL[@]}" --with-pod quay.io/team/app:1
	refused 1 image-unmatched 'quay.io/team/app:1'
	for image in reg.example.com/app app:1 team/app; do
		CASE=$image
		run_split regcred "${CREDENTIAL[@]}" --with-pod "$image"
		made
	done
}
