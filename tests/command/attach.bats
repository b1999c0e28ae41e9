#!/usr/bin/env bats
# The Secret into manifests, every other byte kept; as a filter, in place, for helm and kustomize.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # each test is a shell of its own; CASE is for fail; stderr is run_split's

load common

pod() {
	printf 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: %s # mine\nspec:\n  containers:\n  - image: %s\n' \
		"${1:-app}" "${2:-ghcr.io/acme/app:1}"
}

pod_with() {
	pod "$2" "$3" | sed "s/^spec:/&\n  imagePullSecrets:\n  - name: $1/"
}

# secret REGISTRY NAME [NAMESPACE]
secret() {
	regcred -r "$1" -u user --password-env PASS --name "$2" ${3:+-n "$3"}
}

@test "a piped manifest gets the Secret, and keeps the rest" {
	{
		printf '# first\n'
		pod
		printf -- '---\napiVersion: v1\nkind: ConfigMap # other\n---\n'
		pod_with regcred two
	} >in.yaml
	{
		printf '# first\n'
		pod_with regcred app
		printf -- '---\napiVersion: v1\nkind: ConfigMap # other\n---\n'
		pod_with regcred two
	} >expected
	run_split regcred attach <in.yaml
	made
	cmp expected "$OUT"
	run_split regcred attach -f expected
	made
	cmp expected "$OUT"
	pod | run_split regcred attach --name team-pull
	pod | regcred attach team-pull | cmp - <(pod_with team-pull app)
}

@test "empty standard input is an error, as the command before it may have failed" {
	for CASE in '' '\n'; do
		printf '%b' "$CASE" >empty
		run_split regcred attach <empty
		refused 3 input-empty
		run_split regcred attach --check <empty
		refused 3 input-empty
	done
	echo '# no object' >comment
	run_split regcred attach <comment
	made
	cmp comment "$OUT"
}

@test "an item that cannot be changed stays, and the others of the List get the Secret" {
	printf '%s\n' 'apiVersion: v1' 'kind: List' 'items:' '- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {a: b}}' \
		'- {apiVersion: v1, kind: Pod, metadata: {name: odd, namespace: dev}, spec: {imagePullSecrets: x}}' \
		'- {apiVersion: v1, kind: Pod, metadata: {name: c}, spec: {a: b}}' >list.yaml
	python3 -c 'import json, yaml; print(json.dumps(yaml.safe_load(open("list.yaml")), indent=4))' >list.json
	for CASE in list.yaml list.json; do
		run_split regcred attach -f "$CASE"
		made document-unchanged
		[[ $stderr == *'Pod "dev/odd" is not changed: its imagePullSecrets is not a list'* ]]
		[[ $(grep -c imagePullSecrets "$OUT") == 3 && $(grep -c regcred "$OUT") == 2 ]]
		grep -Fvx -f "$CASE" "$OUT" >added
		[[ $(grep -c regcred added) == 2 ]]
		run_split regcred attach --strict -f "$CASE"
		refused 3 strict
		run_split regcred attach --check -f "$CASE"
		ended 1
		[[ $(grep -o 'Pod "[a-z/]*" lacks' <<<"$stderr" | cut -d '"' -f 2 | paste -sd ' ') == 'a dev/odd c' ]]
	done
}

@test "a List in JSON that breaks off stays as it is; of a large one, what was not read yet" {
	jq -n '{apiVersion: "v1", kind: "List", items: [range(3) |
		{apiVersion: "v1", kind: "Pod", spec: {}, status: {message: ("x" * 800000)}}]}' | head -c -4 >large.json
	run_split regcred attach -f large.json
	made document-unchanged
	[[ $(grep -c regcred "$OUT") == 2 ]]
	jq -n '{apiVersion: "v1", kind: "List", items: [range(3) | {apiVersion: "v1", kind: "Pod", spec: {}}]}' |
		head -c -4 >small.json
	run_split regcred attach -f small.json
	made document-unchanged
	cmp small.json "$OUT"
}

@test "memory follows the largest item of a List" {
	[[ $REGCRED_VARIANT != asan ]] || skip "the sanitizers need all of the address space"
	jq -n '{apiVersion: "v1", items: [range(60) |
		{apiVersion: "v1", kind: "Pod", spec: {a: "b"}, status: {message: ("x" * 1000000)}}], kind: "List"}' >list.json
	{
		printf 'apiVersion: v1\nitems:\n'
		for _ in {1..60}; do
			printf -- '- apiVersion: v1\n  kind: Pod\n  spec:\n    a: b\n  status: {message: %01000000d}\n' 1
		done
		printf 'kind: List\n'
	} >list.yaml
	for CASE in list.json list.yaml; do
		(
			ulimit -v 40000
			regcred attach -f "$CASE"
		) >out
		[[ $(grep -c 'name"*: "*regcred' out) == 60 ]]
		grep -v 'imagePullSecrets\|regcred' out >rest
		[[ $CASE == *.json ]] || cmp rest "$CASE"
		regcred attach --check -f out
	done
	jq -c 'del(.items[].spec.imagePullSecrets)' <(regcred attach -f list.json) | cmp - <(jq -c . list.json)
}

@test "every style is kept, and a second run changes nothing" {
	python3 -c 'import yaml' 2>/dev/null || skip "python3-yaml is not installed"
	python3 "$REPOSITORY/tests/support/attach_styles.py" "$REGCRED_GEN" 250 "$((RANDOM * 1000))"
}

@test "what kubectl and helm write is read by kubectl afterwards" {
	needs_kubectl
	for format in json yaml; do
		CASE=$format
		for _ in 1 2; do
			kubectl create deployment web --image=ghcr.io/acme/app:1 --dry-run=client -o "$format"
			[[ $format == json ]] || echo ---
		done >in
		regcred attach team-pull <in >out
		kubectl label --local -f out a=b -o json | jq -s . >seen
		[[ $(jq -c '[.[].spec.template.spec.imagePullSecrets]' seen) == \
			'[[{"name":"team-pull"}],[{"name":"team-pull"}]]' ]] || fail "$(<out)"
	done
}

@test "several files are several documents" {
	pod one | head -c -1 >1.yaml
	pod two >2.yaml
	run_split regcred attach -f 1.yaml -f 2.yaml
	made
	[[ $(grep -c '^---$' "$OUT") == 1 && $(grep -c 'name: regcred' "$OUT") == 2 ]]
	# JSON after JSON has no separator, or kubectl could not read it.
	printf '{"apiVersion": "v1", "kind": "Pod", "spec": {}}' | tee 3.json >4.json
	run_split regcred attach -f 3.json -f 4.json -f 2.yaml
	made
	[[ $(grep -c '^---$' "$OUT") == 1 && $(grep -c '"imagePullSecrets": \[{"name": "regcred"}\]' "$OUT") == 2 ]]
}

@test "ServiceAccounts are looked at when they are asked for" {
	printf 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n' >in.yaml
	run_split regcred attach <in.yaml
	made
	cmp in.yaml "$OUT"
	run_split regcred attach --service-accounts <in.yaml
	made
	[[ $output == $'imagePullSecrets:\n- name: regcred\napiVersion: v1\n'* ]]
}

@test "the Secrets of a file go where an image needs them" {
	{
		secret ghcr.io github
		echo ---
		secret quay.io quay prod
	} >secrets.yaml
	{
		pod one ghcr.io/acme/app:1
		echo ---
		pod two quay.io/acme/app:1
		echo ---
		pod three quay.io/acme/app:1 | sed 's/name: three/&\n  namespace: dev/'
		echo ---
		pod four docker.io/library/nginx
	} >in.yaml
	run_split regcred attach --secret secrets.yaml <in.yaml
	made
	[[ $(grep -c 'imagePullSecrets' "$OUT") == 2 ]]
	[[ $(grep -A1 imagePullSecrets: "$OUT" | grep -o 'name: .*' | paste -sd ' ') == 'name: github name: quay' ]]
	regcred attach --secret secrets.yaml -f in.yaml --check 2>err || [[ $? == 1 ]]
	[[ $(grep -o 'Pod "[a-z]*"' err | paste -sd ' ') == 'Pod "one" Pod "two"' ]]
}

@test "a file of --secret that serves nothing is refused" {
	pod | tee in.yaml >pod.yaml
	run_split regcred attach --secret pod.yaml <in.yaml
	refused 3 secret-none 'pod.yaml'
	printf '{"auths":{}}' >config.json
	run_split regcred attach --secret config.json <in.yaml
	refused 3 secret-none 'Docker config'
	secret ghcr.io a | sed 's/dockerconfigjson: .*/dockerconfigjson: eA==/' >broken.yaml
	run_split regcred attach --secret broken.yaml <in.yaml
	refused 3 secret-none 'broken.yaml:1:1'
	run_split regcred attach --secret missing.yaml <in.yaml
	refused 4 input-failed
	run_split regcred attach --secret - <in.yaml
	refused 2 stdin-twice
	run_split regcred attach --secret pod.yaml name <in.yaml
	refused 2 option-conflict
}

@test "an old name gives way to the new one" {
	pod_with regcred-2456789bcd app >in.yaml
	run_split regcred attach --replace regcred regcred-bcdfghkmt2 <in.yaml
	made
	pod_with regcred-bcdfghkmt2 app | cmp - "$OUT"
	run_split regcred attach --replace other new <in.yaml
	made
	[[ $(grep -c -- '- name:' "$OUT") == 2 ]]
}

@test "--check names what lacks the Secret, and writes nothing" {
	pod app >lacks.yaml
	pod_with regcred app >has.yaml
	run_split regcred attach --check -f has.yaml
	made
	[[ ! -s $OUT ]]
	run_split regcred attach --check -f has.yaml -f lacks.yaml
	refused 1 secret-unattached 'lacks.yaml:1:1: Pod "app" lacks the pull Secret "regcred"'
	[[ $(message_ids) == secret-unattached ]]
}

@test "files are rewritten in place, only those that change, owner and mode kept" {
	mkdir -p charts/below
	pod >charts/a.yaml
	pod_with regcred app >charts/b.yaml
	pod | tee charts/below/c.yml >charts/note.txt
	chmod 640 charts/a.yaml
	touch -d 2001-01-01 charts/b.yaml
	ln -s below/c.yml charts/link.yaml
	run_split regcred attach -i -R -f charts
	made
	[[ ! -s $OUT ]]
	pod_with regcred app | tee >(cmp - charts/a.yaml) | cmp - charts/below/c.yml
	[[ $(stat -c %a charts/a.yaml) == 640 && $(stat -c %Y charts/b.yaml) == $(date -d 2001-01-01 +%s) ]]
	[[ -L charts/link.yaml ]]
	pod | cmp - charts/note.txt
	find charts -name '*.??????' ! -name '*.yaml' | run ! grep .
	touch -d 2001-01-01 charts/a.yaml
	run_split regcred attach -i -R -f charts
	made
	[[ $(stat -c %Y charts/a.yaml) == $(date -d 2001-01-01 +%s) ]]
}

@test "invalid uses of --in-place are refused" {
	run_split regcred attach -i </dev/null
	refused 2 option-conflict
	run_split regcred attach -i -f - </dev/null
	refused 2 option-conflict
	pod >a.yaml
	run_split regcred attach -i --check -f a.yaml
	refused 2 option-conflict
	run_split regcred attach a b
	refused 2 argument-extra '-f FILE'
	run_split regcred attach -n dev
	refused 2 unknown-option 'regcred-gen -n dev'
	run_split regcred attach a.yaml
	pod | cmp - a.yaml
	run_split regcred attach Bad
	refused 2 name-invalid
	run_split regcred attach --replace '' new
	refused 2 name-invalid 'option --replace: name "" is empty'
	run_split regcred attach charts/a.yaml
	refused 2 name-invalid '-f FILE'
}

@test "what cannot be changed safely is copied with a warning, and refused with --strict" {
	while IFS='|' read -r CASE text; do
		printf '%b' "$text" >in.yaml
		run_split regcred attach <in.yaml
		ended 0
		cmp in.yaml "$OUT" || fail "it is changed"
		[[ $(message_ids) == "$CASE" ]] || fail "other messages"
		{
			pod before
			echo ---
			cat in.yaml
		} >both.yaml
		run_split regcred attach --strict <both.yaml
		refused 3 strict
		cp both.yaml file.yaml
		run_split regcred attach --strict -i -f file.yaml
		refused 3 strict
		cmp both.yaml file.yaml
	done <<-'END'
		document-unchanged|x: &x {a: b}\napiVersion: v1\nkind: Pod\nspec: *x\n
		document-unchanged|apiVersion: v1\nkind: Pod\nspec:\n  <<: {a: b}\n  c: d\n
		document-unchanged|apiVersion: v1\nkind: Pod\nspec:\n  a: [\n
		template|apiVersion: v1\nkind: Pod\nspec:\n  a: {{ .Values.x }}\n
	END
	pod | iconv -t UTF-16 >utf16.yaml
	run_split regcred attach <utf16.yaml
	made document-unchanged
	cmp utf16.yaml "$OUT"
}

@test "a ResourceList is answered with a ResourceList" {
	cat >list.yaml <<-'END'
		apiVersion: config.kubernetes.io/v1
		kind: ResourceList
		items:
		- apiVersion: v1
		  kind: Pod
		  spec: {containers: [{image: a}]} # kept
		- apiVersion: v1
		  kind: ServiceAccount
		functionConfig:
		  apiVersion: v1
		  kind: ConfigMap
		  data: {name: team-pull, serviceAccounts: "true"}
	END
	run_split regcred attach <list.yaml
	made
	sed 's/spec: {/&imagePullSecrets: [{name: team-pull}], /
		/^- apiVersion/{h;N;/ServiceAccount/s/^- /- imagePullSecrets:\n  - name: team-pull\n  /}' list.yaml | cmp - "$OUT"
	run_split regcred attach --check <list.yaml
	refused 1 secret-unattached 'lacks the pull Secret "team-pull"'
	regcred attach <list.yaml | regcred attach --check
	# In front of the items, in a spec, as JSON.
	jq -n '{apiVersion: "config.kubernetes.io/v1", kind: "ResourceList",
		functionConfig: {spec: {name: "other", serviceAccounts: true}},
		items: [{apiVersion: "v1", kind: "Pod", spec: {}}, {apiVersion: "v1", kind: "ServiceAccount"}]}' >front.json
	run_split regcred attach <front.json
	made
	[[ $(jq -c '[.items[] | .. | .imagePullSecrets? // empty]' "$OUT") == '[[{"name":"other"}],[{"name":"other"}]]' ]]
	[[ $(jq -c .functionConfig.spec.name "$OUT") == '"other"' ]]
}

@test "errors and warnings are results of a ResourceList" {
	head='apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n'
	printf '%b' "$head"'- apiVersion: v1\n  kind: Pod\n  spec: {a: b}\nfunctionConfig: {data: {name: Bad}}\n' >list.yaml
	run_split regcred attach <list.yaml
	ended 3
	[[ $output == $'results:\n- message: '*$'\n  severity: error\n'"$(<list.yaml)" ]]
	printf '%b' "$head"'functionConfig: {spec: {serviceAccounts: "yes"}}\n' >list.yaml
	run_split regcred attach <list.yaml
	ended 3
	[[ $output == $'results:\n- message: "functionConfig: serviceAccounts has an unknown value"\n'* ]]
	printf '%b' "$head"'- apiVersion: v1\n  kind: Pod\n  spec: {<<: {a: b}, c: d}\n' >list.yaml
	run_split regcred attach <list.yaml
	made document-unchanged
	[[ $output == $'results:\n- message: '*$'\n  severity: warning\n'"$(<list.yaml)" ]]
	printf '{"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": [], "functionConfig": {"data": {"name": 1}}}' >list.json
	run_split regcred attach <list.json
	ended 3
	[[ $(jq -c '[.results[].severity]' "$OUT") == '["error"]' ]]
	# A warning says what object it is about; the others get the Secret.
	jq -n '{apiVersion: "config.kubernetes.io/v1", kind: "ResourceList", items: [
		{apiVersion: "v1", kind: "Pod", metadata: {name: "odd", namespace: "dev", annotations:
			{"internal.config.kubernetes.io/path": "a/b.yaml", "internal.config.kubernetes.io/index": "2"}},
			spec: {imagePullSecrets: "x"}},
		{apiVersion: "v1", kind: "Pod", metadata: {name: "a"}, spec: {}}]}' >items.json
	run_split regcred attach <items.json
	made document-unchanged
	[[ $(jq -c '[.items[].spec.imagePullSecrets]' "$OUT") == '["x",[{"name":"regcred"}]]' ]]
	[[ $(jq -c '.results | map([.severity, .resourceRef, .file])' "$OUT") == \
		'[["warning",{"apiVersion":"v1","kind":"Pod","namespace":"dev","name":"odd"},{"path":"a/b.yaml","index":2}]]' ]]
}

@test "a closed pipe, a full disk, a file that cannot be replaced" {
	pod >a.yaml
	run_split regcred attach -f missing.yaml
	refused 4 input-failed
	[[ -c /dev/full ]] || skip "there is no /dev/full"
	pod | run regcred attach 2>err >/dev/full
	regcred attach -f a.yaml >/dev/full 2>err && fail "it is written"
	grep -q output-failed err
	mkdir fixed
	pod >fixed/a.yaml
	chmod 555 fixed
	if [[ $(id -u) != 0 ]]; then
		run_split regcred attach -i -f fixed/a.yaml
		refused 4 output-failed
	fi
	pod | cmp - fixed/a.yaml
}
