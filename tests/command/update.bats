#!/usr/bin/env bats
# A Secret that exists, some entries replaced, added or removed, and everything else as it was.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # each test is a shell of its own; CASE is for fail; stderr is run_split's

load common

# As kubectl get secret prints it, with all that may be beside a pull Secret's own.
CONFIG='{"auths":{"https://ghcr.io":{"auth":"YTpwMQ=="},"quay.io":{"auth":"YjpwMg==","email":"b@example.com","identitytoken":"t<","x":[1.00,1e3,{"z":null,"a":true}]}},"HttpHeaders":{"X-Meta":"y"},"credHelpers":{"gcr.io":"gcloud"}}'

secret() {
	cat <<-END
		apiVersion: v1
		data:
		  .dockerconfigjson: $(printf %s "$CONFIG" | base64 -w0)
		  other: b3RoZXI=
		immutable: false
		kind: Secret
		metadata:
		  annotations:
		    kubectl.kubernetes.io/last-applied-configuration: |
		      {"apiVersion":"v1","data":{".dockerconfigjson":"b2xk"}}
		    note: "yes"
		  creationTimestamp: "2024-05-06T07:08:09Z"
		  deletionGracePeriodSeconds: 0
		  deletionTimestamp: "2024-05-06T07:08:09Z"
		  finalizers:
		  - example.com/keep
		  generation: 3
		  labels:
		    app: shop
		    tier: "1"
		  managedFields:
		  - apiVersion: v1
		    fieldsType: FieldsV1
		    fieldsV1:
		      f:data: {}
		    manager: kubectl
		    operation: Update
		  name: team-pull
		  namespace: dev
		  ownerReferences:
		  - apiVersion: apps/v1
		    blockOwnerDeletion: true
		    kind: Deployment
		    name: shop
		    uid: 0b7c3c1e-1111-2222-3333-444455556666
		  resourceVersion: "4711"
		  selfLink: /api/v1/namespaces/dev/secrets/team-pull
		  uid: 0b7c3c1e-1111-2222-3333-444455556667
		type: kubernetes.io/dockerconfigjson
	END
}

# small CONFIG [LINE]...: a Secret of that config, with more lines behind.
small() {
	printf '%s\n' 'apiVersion: v1' 'kind: Secret' 'type: kubernetes.io/dockerconfigjson' 'metadata:' '  name: s' \
		'data:' "  .dockerconfigjson: $(printf %s "$1" | base64 -w0)" "${@:2}"
}

update() {
	run_split regcred --update "$@" </dev/null
}

# wrote_config JSON: the config in the last run's YAML.
wrote_config() {
	payload <"$OUT" >found
	printf %s "$1" | cmp -s - found || fail "the config is another one: $(<found)"
}

ONE='{"auths":{"a.io":{"auth":"YTpi"}}}'
NEW=(-r ghcr.io -u user --password-env PASS)
NEW_ENTRY='"ghcr.io":{"username":"user","password":"pass","auth":"dXNlcjpwYXNz"}'
QUAY_ENTRY='"quay.io":{"auth":"YjpwMg==","email":"b@example.com","identitytoken":"t\u003c","x":[1.00,1e3,{"z":null,"a":true}]}'
REST='"HttpHeaders":{"X-Meta":"y"},"credHelpers":{"gcr.io":"gcloud"}'

@test "an entry is replaced whole, and everything else is kept" {
	secret >s.yaml
	update s.yaml "${NEW[@]}"
	made
	wrote_config "{\"auths\":{$NEW_ENTRY,$QUAY_ENTRY},$REST}"
	wrote <<-END
		apiVersion: v1
		kind: Secret
		metadata:
		  name: team-pull
		  namespace: dev
		  labels:
		    app: shop
		    tier: "1"
		  annotations:
		    note: "yes"
		  finalizers:
		  - example.com/keep
		  ownerReferences:
		  - apiVersion: apps/v1
		    blockOwnerDeletion: true
		    kind: Deployment
		    name: shop
		    uid: "0b7c3c1e-1111-2222-3333-444455556666"
		type: kubernetes.io/dockerconfigjson
		immutable: false
		data:
		  .dockerconfigjson: $(base64 -w0 found)
		  other: b3RoZXI=
	END
}

@test "standard input, JSON and a List of one give the same" {
	secret >s.yaml
	update s.yaml "${NEW[@]}"
	mv "$OUT" wanted
	run_split regcred --update - "${NEW[@]}" <s.yaml
	made
	wrote <wanted
	jq -n --arg config "$(printf %s "$CONFIG" | base64 -w0)" '{apiVersion: "v1", kind: "Secret", immutable: false,
		type: "kubernetes.io/dockerconfigjson", data: {".dockerconfigjson": $config, other: "b3RoZXI="},
		metadata: {name: "team-pull", namespace: "dev", labels: {tier: "1", app: "shop"},
		annotations: {note: "yes"}, finalizers: ["example.com/keep"], uid: "x", creationTimestamp: null,
		ownerReferences: [{apiVersion: "apps/v1", blockOwnerDeletion: true, kind: "Deployment",
		name: "shop", uid: "0b7c3c1e-1111-2222-3333-444455556666"}]}}' >s.json
	update s.json "${NEW[@]}"
	made
	wrote <wanted
	jq '{apiVersion: "v1", kind: "List", metadata: {resourceVersion: ""}, items: [.]}' s.json >list.json
	update list.json "${NEW[@]}"
	made
	wrote <wanted
	{ printf 'apiVersion: v1\nkind: List\nitems:\n- ' && sed '2,$s/^/  /' s.yaml; } >list.yaml
	update list.yaml "${NEW[@]}"
	made
	wrote <wanted
	{ echo --- && cat s.yaml && echo ---; } >marked.yaml
	update marked.yaml "${NEW[@]}"
	made
	wrote <wanted
	update s.yaml "${NEW[@]}" -o json
	made
	jq -e '.kind == "Secret" and .metadata.ownerReferences[0].name == "shop"' "$OUT" >/dev/null
}

@test "an entry is added in its place, and several at once" {
	secret >s.yaml
	export OTHER=other
	update s.yaml -r a.io -u a --password-env PASS -r z.io -u z --password-env OTHER --remove ghcr.io -o config
	made
	[[ $(jq -r '.auths | keys_unsorted | join(" ")' "$OUT") == "a.io quay.io z.io" ]] || fail "other entries"
	jq -e '.auths["z.io"].password == "other" and .credHelpers["gcr.io"] == "gcloud"' "$OUT" >/dev/null
}

@test "nothing but what the API server wrote goes without -r" {
	secret >s.yaml
	update s.yaml
	made
	wrote_config "{\"auths\":{\"https://ghcr.io\":{\"auth\":\"YTpwMQ==\"},$QUAY_ENTRY},$REST}"
	mv "$OUT" again.yaml
	update again.yaml
	made
	wrote <again.yaml
	update s.yaml --remove quay.io
	made
	wrote_config "{\"auths\":{\"https://ghcr.io\":{\"auth\":\"YTpwMQ==\"}},$REST}"
	update s.yaml --remove HTTPS://GHCR.io/v2/ -o config
	made
	[[ $(<"$OUT") == "{\"auths\":{$QUAY_ENTRY},$REST}" ]]
}

@test "every spelling of a registry is the same entry" {
	small '{"auths":{"https://a.io/v1/":{"auth":"YTpi"},"A.io":{"auth":"YTpj"},"a.io":{"auth":"YTpk"},"b.io":{"auth":"YTpl"}}}' >s
	update s -r a.io -u user --password-env PASS -v
	told 'appeared in 3 spellings'
	wrote_config '{"auths":{"a.io":{"username":"user","password":"pass","auth":"dXNlcjpwYXNz"},"b.io":{"auth":"YTpl"}}}'
	update s --remove a.io
	made
	wrote_config '{"auths":{"b.io":{"auth":"YTpl"}}}'
	small '{"auths":{"registry-1.docker.io":{"auth":"YTpi"},"docker.io/org":{"auth":"YTpj"}}}' >s
	update s -r docker.io -u user --password-env PASS -q
	made
	wrote_config '{"auths":{"docker.io/org":{"auth":"YTpj"},"https://index.docker.io/v1/":{"username":"user","password":"pass","auth":"dXNlcjpwYXNz"}}}'
}

@test "a key that is no registry is removed as it stands" {
	small '{"auths":{"user:pw@a.io":{"auth":"YTpi"},"b.io":{"auth":"YTpl"}}}' >s
	update s --remove user:pw@a.io
	made
	wrote_config '{"auths":{"b.io":{"auth":"YTpl"}}}'
}

@test "where nothing would be left, the command that removes all is named" {
	echo '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x","namespace":"dev"},"type":"kubernetes.io/dockerconfigjson",
		"stringData":{".dockerconfigjson":"{\"auths\":{\"ghcr.io\":{\"auth\":\"YTpi\"}}}"}}' >s
	update s --remove ghcr.io
	refused 3 entry-missing
	told 'hint: kubectl delete secret x -n dev'
}

@test "what is to be removed must be there, and not be written" {
	small "$ONE" >s
	update s --remove b.io
	refused 3 entry-missing 'it has: a.io'
	update s --remove a.io --remove a.io
	refused 2 option-repeated
	update s --remove a.io -r https://a.io -u user --password-env PASS -q
	refused 2 option-conflict
	update s --remove 'a b'
	refused 2 registry-invalid
	update s --remove a.io
	refused 3 entry-missing 'kubectl delete secret s'
	run_split regcred --remove a.io
	refused 2 option-conflict --update
}

@test "options win over the old values" {
	secret >s.yaml
	update s.yaml --name other -n prod -n test -l tier=2 -l new=x --annotation note=no --immutable
	made
	[[ $(namespaces_of "$OUT") == 'prod test' && $(grep -c '^  name: other$' "$OUT") == 2 ]]
	[[ $(grep -c '^immutable: true$' "$OUT") == 2 && $(grep -c '^  - example.com/keep' "$OUT") == 2 ]]
	grep -A4 '^  labels:$' "$OUT" | head -n 5 | cmp - <(printf '  labels:\n    app: shop\n    new: x\n    tier: "2"\n  annotations:\n')
	grep -qx '    note: "no"' "$OUT"
	run_split regcred --update s.yaml other --namespaces-from - <<<prod
	made
	[[ $(namespaces_of "$OUT") == prod ]]
}

@test "the hash of the old content is replaced by that of the new one" {
	run_split regcred team-pull "${CREDENTIAL[@]}" --append-hash
	cp "$OUT" old.yaml
	export PASS2=other
	run_split regcred team-pull -r reg.example.com -u user --password-env PASS2 --append-hash
	cp "$OUT" wanted
	update old.yaml -r reg.example.com -u user --password-env PASS2 --append-hash
	made
	wrote <wanted
	# A name that only looks so stays.
	sed 's/name: team-pull-.*/name: team-pull-0123456789/' old.yaml >s
	update s --append-hash
	made
	grep -Eqx '  name: team-pull-0123456789-[a-z0-9]{10}' "$OUT"
	# Of all data, which kubectl would have hashed.
	small "$ONE" 'stringData:' '  x: "yes"' >plain
	small "$ONE" '  x: eWVz' >data
	update plain --append-hash
	made
	cp "$OUT" wanted
	update data --append-hash
	made
	wrote <wanted
	run ! grep -q stringData wanted
}

@test "stringData is read, and what else is in it kept" {
	printf '%s\n' 'apiVersion: v1' 'kind: Secret' 'type: kubernetes.io/dockerconfigjson' 'metadata: {name: s}' 'data:' \
		'  .dockerconfigjson: e30=' 'stringData:' "  .dockerconfigjson: |" "    $ONE" '  plain: "no"' >s
	update s -r b.io -u user --password-env PASS
	made
	wrote_config '{"auths":{"a.io":{"auth":"YTpi"},"b.io":{"username":"user","password":"pass","auth":"dXNlcjpwYXNz"}}}'
	[[ $(sed -n '/^stringData/,$p' "$OUT") == $'stringData:\n  plain: "no"' ]] || fail "stringData is not kept"
	[[ $(grep -c dockerconfigjson: "$OUT") == 1 ]]
}

@test "entries come from files and logins, too" {
	secret >s.yaml
	printf '{"auths":{"ghcr.io":{"auth":"YTpwMQ=="},"b.io":{"auth":"YjpwMg=="}}}' >c
	update s.yaml --from-file c -o config
	made
	[[ $(jq -r '.auths | keys_unsorted | join(" ")' "$OUT") == "b.io ghcr.io quay.io" ]]
	update s.yaml --from-file c -r b.io -o config
	made
	[[ $(jq -r '.auths | keys_unsorted | join(" ")' "$OUT") == "b.io https://ghcr.io quay.io" ]]
	DOCKER_AUTH_CONFIG=$(<c) REGISTRY_AUTH_FILE=c update s.yaml --from-login -r ghcr.io -o config
	made
	jq -e '.auths["ghcr.io"].password == "p1"' "$OUT" >/dev/null
}

@test "there is one standard input" {
	secret >s.yaml
	run_split regcred --update - -r ghcr.io -u octocat --password-stdin <s.yaml
	refused 2 stdin-twice '--password-file, --password-fd or --password-env'
	told '--update and --password-stdin'
	run_split regcred --update - --from-file - <s.yaml
	refused 2 stdin-twice
	update s.yaml --update s.yaml
	refused 2 option-repeated
	update ''
	refused 2 option-value
}

@test "--update without -r does not change Docker Hub" {
	secret >s.yaml
	update s.yaml -u user --password-env PASS
	refused 2 option-order docker.io
	update s.yaml
	made
	payload <"$OUT" | jq -e '.auths | has("https://index.docker.io/v1/") | not' >/dev/null
}

@test "what the API server would not take back is refused" {
	small "$ONE" 'immutable: true' >s
	update s
	refused 3 update-refused 'immutable'
	told 'line 8, column 12'
	small "$ONE" | sed 's/dockerconfigjson/dockercfg/' >s
	update s
	refused 3 update-refused kubernetes.io/dockercfg
	told 'hint: '
	small "$ONE" | sed '/^type/d' >s
	update s
	refused 3 update-refused 'another type'
	small "$ONE" | sed 's/^type.*/type: Opaque/' >s
	update s
	refused 3 update-refused 'another type'
	small "$ONE" 'foo: 1' >s
	update s
	refused 3 update-refused foo
	small "$ONE" '  "a b": eA==' >s
	update s
	refused 3 update-refused 'a b'
	small "$ONE" '  x: "@@@"' >s
	update s
	refused 3 update-refused 'data["x"] is not base64'
	untold @@@
	small "$ONE" '  x: eA==' '  x: eQ==' >s
	update s
	refused 3 update-refused
	{ small "$ONE" && small "$ONE"; } >s
	update s
	refused 3 update-refused 'twice'
	small "$ONE" | sed 's/^  name: s$/  name: s\n  labels: {a: 1}/' >s
	update s
	refused 3 update-refused 'metadata.labels["a"]'
	small "$ONE" | sed 's/^  name: s$/  name: s\n  labels: {a: "-x"}/' >s
	update s
	refused 3 label-invalid
	small "$ONE" | sed 's/^  name: s$/  name: S/' >s
	update s
	refused 3 name-invalid
	small "$ONE" | sed 's/^  name: s$/  namespace: s/' >s
	update s
	refused 3 update-refused metadata.name
	update s --name s
	made
	small "$ONE" | sed 's/^  name: s$/  name: s\n  ownerReferences: [{kind: 1}]/' >s
	update s
	refused 3 update-refused ownerReferences
}

@test "one Secret is read, and nothing else" {
	update missing
	refused 4 input-failed
	: >s
	update s
	refused 3 update-refused 'no Secret' && [[ $stderr == *'hint: is the Secret there?'* ]]
	{ small "$ONE" && echo --- && small "$ONE"; } >s
	update s
	refused 3 update-refused '2 objects'
	printf '{"apiVersion":"v1","kind":"List","items":[%s,%s,{}]}' '{"kind":"Pod"}' '{"kind":"Pod"}' >s
	update s
	refused 3 update-refused '3 objects'
	printf '{"apiVersion":"v1","kind":"List","items":[]}' >s
	update s
	refused 3 update-refused
	small "$ONE" | sed 's/^kind.*/kind: ConfigMap/' >s
	update s
	refused 3 update-refused 'not a Secret'
	printf %s "$ONE" >s
	update s
	refused 3 update-refused --from-file
	printf '{"a.io":{"auth":"YTpi"}}' >s
	update s
	refused 3 update-refused
	small "$ONE" | sed 's/^  name: s$/  name: {{ .Values.name }}/' >s
	update s
	refused 3 update-refused template
	printf 'a: [\n' >s
	update s
	refused 3 manifest-invalid 'line 2'
	printf '{"a": \n' >s
	update s
	[[ $status == 3 && ! -s $OUT ]]
}

@test "a config of which nothing can be kept is refused by place" {
	small "$ONE" | sed 's/^  .dockerconfigjson.*/  .dockerconfigjson: "a b"/' >s
	update s
	refused 3 update-refused 'data[".dockerconfigjson"] is not base64'
	small "$ONE" | sed '/^data/d; s/^  .dockerconfigjson.*//' >s
	update s
	refused 3 update-refused 'no data[".dockerconfigjson"]'
	small '{"auths":' >s
	update s
	refused 3 json-invalid 'data[".dockerconfigjson"]: line 1, column'
	small '[]' >s
	update s
	refused 3 config-invalid
	small '{"auths":[]}' >s
	update s
	refused 3 config-invalid
	small '{"auths":{},"HttpHeaders":{"a":1}}' >s
	update s
	refused 3 config-invalid
	small '{"a.io":{"auth":"YTpi"}}' >s
	update s
	refused 3 config-invalid 'without auths'
	for empty in null '{}' '{"auths":null}' '{"auths":{}}' '{"credsStore":"x"}'; do
		CASE=$empty
		small "$empty" >s
		update s
		refused 3 entry-missing
		update s "${NEW[@]}"
		made
		payload <"$OUT" | jq -e '.auths | length == 1' >/dev/null
	done
}

@test "an entry that makes the kubelet fail is refused, or replaced or removed" {
	for broken in '{"auth":"@"}' '{"auth":"YQ=="}' '{"username":1}' 7; do
		CASE=$broken
		small "{\"auths\":{\"a.io\":{\"auth\":\"YTpi\"},\"https://b.io\":$broken}}" >s
		update s
		refused 3 entry-unusable 'auths["https://b.io"]'
		update s -r b.io -u user --password-env PASS
		made
		wrote_config '{"auths":{"a.io":{"auth":"YTpi"},"b.io":{"username":"user","password":"pass","auth":"dXNlcjpwYXNz"}}}'
		update s --remove b.io
		made
		wrote_config "$ONE"
	done
}

@test "an unusable entry that does no harm is kept, with a warning" {
	for useless in '{}' null '{"auth":"YTo=","identitytoken":"t"}' '{"username":"u"}'; do
		CASE=$useless
		config="{\"auths\":{\"a.io\":{\"auth\":\"YTpi\"},\"b.io\":$useless}}"
		small "$config" >s
		update s
		made entry-kept
		wrote_config "$config"
		update s --strict
		refused 3 strict
	done
}

@test "what is kept of a config is printed as Go would print it" {
	small '{ "auths" : {"a.io":{"auth":"YTpi","x":"\u00e9\/\u003c<\ud83d\ude00\u2028\u0000\b","n":-1.50E+3},"0.io":{"auth":"YTpi","auth":"YTpj"}},"Auths":{"9.io":{"auth":"YTpk"}}, "proxies":[[],{}] }' >s
	update s
	made
	wrote_config '{"auths":{"0.io":{"auth":"YTpi","auth":"YTpj"},"9.io":{"auth":"YTpk"},"a.io":{"auth":"YTpi","x":"é/\u003c\u003c😀\u2028\u0000\b","n":-1.50E+3}},"proxies":[[],{}]}'
}

@test "the Secret must not become too large" {
	small "{\"auths\":{\"a.io\":{\"auth\":\"YTpi\"}}}" "  big: $(head -c 1048576 /dev/zero | base64 -w0)" >s
	update s
	refused 3 secret-too-large
	small "{\"auths\":{\"a.io\":{\"auth\":\"YTpi\",\"x\":\"$(head -c 200000 /dev/zero | tr '\0' x)\"}}}" >s
	update s
	made secret-large
}

@test "all of it is right before the first byte is written" {
	secret >s.yaml
	echo old >made.yaml
	update s.yaml "${NEW[@]}" --remove nowhere.io --output-file made.yaml
	refused 3 entry-missing
	[[ $(<made.yaml) == old ]]
	update s.yaml "${NEW[@]}" --output-file s.yaml
	made
	update s.yaml --remove ghcr.io
	made
}

@test "kubectl takes what is made, and nothing is lost" {
	command -v kubectl >/dev/null || skip "kubectl is not installed"
	export HOME=$PWD KUBECONFIG=/dev/null
	secret >s.yaml
	update s.yaml "${NEW[@]}"
	cp "$OUT" made.yaml
	for file in s.yaml made.yaml; do
		kubectl label --local -f $file regcred-gen-test=1 -o json --dry-run=client |
			jq -S 'del(.data[".dockerconfigjson"], .metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"])
				| .metadata |= del(.creationTimestamp, .deletionTimestamp, .deletionGracePeriodSeconds, .generation,
				.managedFields, .resourceVersion, .selfLink, .uid)' >$file.read
	done
	diff s.yaml.read made.yaml.read
}

@test "an entry that waits for a helper, or ends with a line end, is kept with a warning" {
	for config in '{"auths":{"a.io":{"auth":"YTpi"},"b.io":{}},"credsStore":"desktop"}' \
		'{"auths":{"a.io":{"auth":"YTpi"},"b.io":{"auth":"YTpiCg=="}}}'; do
		CASE=$config
		small "$config" >s
		update s
		made entry-kept
		told 'warning: s: registry "b.io" h'
		wrote_config "$config"
		update s --strict
		refused 3 strict
		update s --remove b.io --strict
		made
	done
}

@test "a doubtful entry is kept with a warning" {
	# shellcheck disable=SC2016 # a dollar that is meant
	for CASE in 'u:CHANGE_ME|the password for registry "b.io" is a placeholder' 'u:$TOKEN|not filled in' \
		'"u":p|the user name for registry "b.io" is in quotes'; do
		small "{\"auths\":{\"a.io\":{\"auth\":\"YTpi\"},\"b.io\":{\"auth\":\"$(printf %s "${CASE%|*}" | base64 -w0)\"}}}" >s
		update s
		made entry-kept
		told "${CASE#*|}"
		told 'it is kept'
		update s --remove b.io --strict
		made
	done
}

@test "an entry that no image can match is kept with a warning" {
	secret_of() {
		printf '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"r"},"type":"kubernetes.io/dockerconfigjson","data":{".dockerconfigjson":"%s"}}' \
			"$(base64 -w0 <<<"$1")" >s
	}
	for CASE in foo '' 'a b' registry-1.docker.io; do
		secret_of "{\"auths\":{\"$CASE\":{\"auth\":\"YTpi\"},\"b.io\":{\"auth\":\"YTpi\"}}}"
		run_split regcred --update s "${CREDENTIAL[@]}"
		made entry-kept
		told "warning: s: registry \"$CASE\": "
		run_split regcred --update s --remove "$CASE" --strict
		[[ $CASE == '' ]] || made
	done
	secret_of '{"auths":{"https://b.io/v2/":{"auth":"YTpi"},"*.azurecr.io":{"auth":"YTpi"},"localhost:5000":{"auth":"YTpi"}}}'
	run_split regcred --update s "${CREDENTIAL[@]}"
	made
}

@test "a config that cannot be read has a hint" {
	for CASE in '!!!' e30x bm90IGpzb24= W10=; do
		printf '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"r"},"type":"kubernetes.io/dockerconfigjson","data":{".dockerconfigjson":"%s"}}' "$CASE" >s
		run_split regcred --update s "${CREDENTIAL[@]}"
		[[ $status == 3 && ! -s $OUT ]] || fail "the status is not 3"
		told 'data[".dockerconfigjson"]'
		told 'hint: '
	done
}

@test "the user name stays where only the password is new" {
	CONFIG='{"auths":{"https://u@quay.io":{"auth":"YWNtZStib3Q6b2xk"}}}' secret >old.yaml
	printf newtoken >new.txt
	run_split regcred --update old.yaml -r quay.io --password-file new.txt -o config
	made
	[[ $output == '{"auths":{"quay.io":{"username":"acme+bot","password":"newtoken","auth":"'*'"}}}' ]]
	# A registry that the Secret has not got still needs one.
	run_split regcred --update old.yaml -r reg.example.com --password-file new.txt
	refused 2 username-missing 'reg.example.com'
}

@test "a spelling that only the kubelet takes for the registry is replaced, too" {
	CONFIG='{"auths":{"ghcr.io:":{"auth":"YTpwMQ=="},"https://bob:x@ghcr.io":{"auth":"YTpwMQ=="}}}' secret >old.yaml
	PASS=new run_split regcred --update old.yaml -r ghcr.io -u a --password-env PASS -o config
	made
	[[ $output == '{"auths":{"ghcr.io":{"username":"a","password":"new","auth":"YTpuZXc="}}}' ]]
}
