#!/usr/bin/env bats
# why: what a live cluster says of Pods that do not get their images. The cluster is recorded
# (tests/why/README.md), and kubectl is a stand-in that notes what it is asked.

# shellcheck disable=SC2034 # CASE is for fail

load common

setup() {
	command -v jq >/dev/null || skip "jq is not installed"
	umask 077
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	export KUBECTL=$REPOSITORY/tests/why/kubectl
	export WHY_CLUSTER=$REPOSITORY/tests/why/cluster.json WHY_CALLS=$PWD/calls WHY_NAMESPACE=dev
	: >"$WHY_CALLS"
}

# explained: the last run explained something.
explained() {
	ended 1
}

# says TEXT: standard output holds it, line ends taken for blanks.
says() {
	[[ $(tr -s '\n ' ' ' <"$OUT") == *"$1"* ]] || fail "the answer lacks: $1"
}

# value FILTER: of the only element.
value() {
	jq -r ".[0] | $1" "$OUT"
}

@test "each way of breaking a Pod has its kind" {
	run_split regcred why -A -o json
	explained
	jq -r '.[] | "\(.namespace)/\(.pod) \(.container) \(.kind)"' "$OUT" >kinds
	diff - kinds <<-END
		dev/arm app platform
		dev/broken-secret app secret-broken
		dev/by-account app unauthorized
		dev/init-fails setup not-found
		dev/invalid-name app invalid-image
		dev/later app unauthorized
		dev/never app never-pull
		dev/nightly-1795719900-hndw2 job unauthorized
		dev/no-host app dns
		dev/no-repository app not-found
		dev/no-secret app unauthorized
		dev/no-tag app not-found
		dev/other-host app unauthorized
		dev/plain-http app http
		dev/refused app connection
		dev/secret-missing app secret-missing
		dev/slow app timeout
		dev/two-of-three side not-found
		dev/unknown-ca app tls
		dev/web-6d9746f985-57md9 web unauthorized
		dev/web-6d9746f985-6q462 web unauthorized
		dev/web-6d9746f985-rvtn9 web unauthorized
		dev/wrong-password app unauthorized
		dev/wrong-type app unauthorized
		prod/db-0 db unauthorized
	END
}

@test "newer nodes: words in the state, an error as the reason, volumes, the credential check" {
	WHY_NAMESPACE=new WHY_CLUSTER=$REPOSITORY/tests/why/newer.json run_split regcred why -o json
	explained
	jq -r '.[] | "\(.pod) \(.container) \(.state) \(.kind)"' "$OUT" >kinds
	diff - kinds <<-END
		wrong app ImagePullBackOff unauthorized
		absent app ImagePullBackOff secret-missing
		broken app illegal base64 data at input byte 0 secret-broken
		none app ErrImagePull unauthorized
		cached app ErrImagePull credential-check
		tag app ErrImagePull not-found
		volume data ErrImagePull unauthorized
		silent app ImagePullBackOff other
		debugged debug ErrImagePull not-found
	END
}

@test "the order of the answer: image, node, Secrets, match, conclusion, next" {
	run_split regcred why wrong-password
	explained
	wrote <<-'END'
		Pod dev/wrong-password, container app
		  image   registry.example.com/private/hello:v1
		  state   ImagePullBackOff: the registry requires a login, and got none that it
		          accepts [unauthorized]
		  node    pulling from host 127.0.0.1:5000 failed with status code [manifests
		          v1]: 401 Unauthorized
		  Secrets wrong (of the Pod)
		  match   registry.example.com  puller  Secret dev/wrong

		  registry.example.com does not accept the login of puller in Secret dev/wrong
		  (entry registry.example.com): its password or token is wrong or has expired,
		  or puller may not pull private/hello
		  next: kubectl get secret wrong -n dev -o yaml | regcred-gen verify -f - registry.example.com/private/hello:v1
		        kubectl get secret wrong -n dev -o yaml | regcred-gen --update - -r registry.example.com -u puller | kubectl apply --server-side --force-conflicts -f -
	END
}

@test "one conclusion for each cause" {
	local name text
	while IFS='|' read -r name text; do
		CASE=$name
		run_split regcred why "$name"
		explained
		says "$text"
	done <<-'END'
		no-secret|The Pod has no pull Secret, registry.example.com requires a login, and the node has none that it accepts
		secret-missing|Secret dev/regcerd does not exist
		broken-secret|Secret dev/broken cannot be decoded, and then the kubelet pulls no image of the Pod
		wrong-type|The kubelet ignores Secret dev/opaque: its type is Opaque
		other-host|Secret dev/elsewhere has no entry for registry.example.com/private/hello
		later|The Pod was created before ServiceAccount later listed Secret regcred
		no-tag|has no image registry.example.com/private/hello:v2, or hides it from puller
		arm|is not built for the platform of node node-1
		no-host|cannot resolve the registry's host name (nowhere.example.com)
		refused|Nothing listens at the registry's address (closed.example.com)
		unknown-ca|does not trust the registry's certificate (ca.example.com)
		plain-http|The node uses HTTPS, but the registry does not (plain.example.com)
		slow|The registry does not answer in time (slow.example.com)
		invalid-name|write registry.example.com/private/hello:v1
		never|imagePullPolicy: Never keeps the kubelet from pulling it
	END
}

@test "the next command can be pasted" {
	run_split regcred why secret-missing -o json
	[[ $(value '.next[0]') == "regcred-gen -r registry.example.com -n dev --name regcerd | kubectl create -f -" ]]
	run_split regcred why deploy/web -o json
	[[ $(value '.next[1]') == "kubectl get secret wrong -n dev -o yaml | regcred-gen --update - -r registry.example.com -u puller | kubectl apply --server-side --force-conflicts -f -" ]]
	run_split regcred why later -o json
	[[ $(value '.next[0]') == "kubectl get pod later -n dev -o yaml | kubectl replace --force -f -" ]]
	ln -s "$REGCRED_GEN" kubectl-regcred
	run_split ./kubectl-regcred why secret-missing -o json
	[[ $(value '.next[0]') == "kubectl regcred -r "* ]]
}

@test "a map of registries without auths is not updated but made anew" {
	local type key made='{"reg.example.com":{"auth":"dTpvbGQ="}}' next
	for type in dockercfg dockerconfigjson; do
		CASE=$type key=.$type
		cat >cluster.yaml <<-END
			kind: Secret
			apiVersion: v1
			metadata: {name: old, namespace: dev}
			type: kubernetes.io/$type
			data: {$key: $(base64 -w0 <<<"$made")}
			---
			kind: Pod
			apiVersion: v1
			metadata: {name: app, namespace: dev}
			spec:
			  imagePullSecrets: [{name: old}]
			  containers: [{name: app, image: other.example.com/app:1}]
			status:
			  containerStatuses:
			  - name: app
			    image: other.example.com/app:1
			    state: {waiting: {reason: ErrImagePull, message: "unexpected status code 401 Unauthorized"}}
		END
		run_split regcred why -f cluster.yaml -o json
		explained
		next=$(value '.next[-1]')
		[[ $next == "kubectl get secret old -n dev -o jsonpath='{.data.\\$key}' | regcred-gen --from-file - -r other.example.com -n dev --name old | kubectl replace --force -f -" ]] ||
			fail "$next"
	done
}

@test "a Secret of another purpose is left alone" {
	jq '(.items[] | select(.kind == "Secret" and .metadata.name == "opaque") | .data) = {password: "eA=="}' "$WHY_CLUSTER" >foreign.json
	run_split regcred why -f foreign.json wrong-type -n dev -o json
	explained
	[[ $(value .conclusion) == "Secret dev/opaque is not a pull Secret: its type is Opaque, and it has no Docker config"* ]]
	[[ $(value '.next[0]') == "regcred-gen -r registry.example.com -n dev --name opaque-pull | kubectl create -f -" ]]
}

@test "where a Secret comes from, and whether it is there" {
	run_split regcred why by-account -o json
	[[ $(value '.secrets | tojson') == '[{"name":"wrong","from":"serviceaccount","found":true}]' ]]
	run_split regcred why secret-missing -o json
	[[ $(value '.secrets | tojson') == '[{"name":"regcerd","from":"pod","found":false}]' ]]
	run_split regcred why wrong-password -o json
	[[ $(value '.credentials | tojson') == '[{"registry":"registry.example.com","username":"puller","namespace":"dev","secret":"wrong","file":"secret/wrong","hubFallback":false,"usable":true}]' ]]
	run_split regcred why broken-secret -o json
	[[ $(value '.credentials | length') == 0 ]]
	[[ $(value '.findings[0].rule') == auth-base64 ]]
}

@test "a Pod is found by what owns it" {
	run_split regcred why deploy/web -o json
	[[ $(jq 'length' "$OUT") == 3 && $(value .owner) == Deployment/web ]]
	run_split regcred why deployments.apps/web -o json
	[[ $(jq 'length' "$OUT") == 3 ]]
	run_split regcred why cronjob/nightly -o json
	[[ $(value .owner) == Job/nightly-1795719900 ]]
	run_split regcred why rs/web-6d9746f985 pod/later -o json
	[[ $(jq 'length' "$OUT") == 4 ]]
	run_split regcred why -n prod statefulset/db -o json
	[[ $(value .pod) == db-0 ]]
}

@test "kubectl is only asked for what is needed" {
	run_split regcred why wrong-password --context c --kubeconfig f --as jane --request-timeout 5s
	explained
	diff - calls <<-'END'
		get --context c --kubeconfig f --as jane --request-timeout 5s -o json pod wrong-password
		get --context c --kubeconfig f --as jane --request-timeout 5s -o json event --field-selector=type=Warning,involvedObject.kind=Pod,involvedObject.name=wrong-password
		get --context c --kubeconfig f --as jane --request-timeout 5s -o json serviceaccount/default secret/wrong --namespace=dev --ignore-not-found
	END
}

@test "however many Pods wait, a call a namespace, and only get, Secrets by name" {
	jq -c '.items |= (. + [range(200) as $i | .[] | select(.kind == "Pod" and .metadata.name == "web-6d9746f985-57md9")
		| .metadata.name = "web-6d9746f985-\($i)"] | sort_by(.metadata.namespace))' "$WHY_CLUSTER" >many.json
	WHY_CLUSTER=$PWD/many.json run_split regcred why -A -o json
	explained
	[[ $(jq length "$OUT") == 225 ]]
	[[ $(wc -l <calls) == 4 ]]
	run ! grep -v '^get ' calls
	run ! grep -E ' secrets?( |$)' calls
}

@test "no Pod waits: a message, and status 0" {
	run_split regcred why well
	made
	says "No container waits for an image: looked at 1 Pod"
	[[ $(wc -l <calls) == 1 ]]
	run_split regcred why well -o json
	made
	wrote <<<'[]'
}

@test "what may not be read is reported, and the rest answered" {
	export WHY_FORBIDDEN=secrets
	run_split regcred why wrong-password -o json
	explained
	[[ $(message_ids) == kubectl-partial ]]
	told 'secrets "wrong" is forbidden'
	[[ $(value '.kind, .secrets[0].found' | paste -sd ' ') == "unauthorized null" ]]
	[[ $(value .conclusion) == "Secret dev/wrong could not be read"* ]]
	# A forbidden ServiceAccount says nothing of a Secret that is not there.
	WHY_FORBIDDEN="serviceaccounts events" run_split regcred why secret-missing -o json
	explained
	[[ $(message_ids) == "kubectl-partial kubectl-partial" ]]
	[[ $(value '.kind, .secrets[0].found' | paste -sd ' ') == "secret-missing false" ]]
	run_split regcred why wrong-password --strict
	explained
	WHY_FORBIDDEN=pods run_split regcred why -A
	refused 4 kubectl-failed "pods is forbidden"
}

@test "kubectl is missing, fails, or does not know the Pod" {
	KUBECTL=/nowhere/kubectl run_split regcred why
	refused 4 kubectl-failed "cannot run /nowhere/kubectl"
	run_split env -u KUBECTL PATH=/nowhere "$REGCRED_GEN" why
	refused 4 kubectl-failed "there is no such program on PATH"
	told "kubectl get pod,sa,secret,event -o json"
	printf '#!/bin/sh\nprintf "E1126 loud\\nUnable to connect to the server: \\033[31mno\\n" >&2; exit 1\n' >kubectl
	chmod +x kubectl
	KUBECTL=./kubectl run_split regcred why
	refused 4 kubectl-failed 'Unable to connect to the server: \x1b[31mno'
	for CASE in true echo; do
		KUBECTL=$CASE run_split regcred why
		refused 4 kubectl-failed "printed no object"
	done
	export KUBECTL=$REPOSITORY/tests/why/kubectl
	run_split regcred why nobody
	refused 4 kubectl-failed 'pods "nobody" not found'
	run_split regcred why deploy/nobody
	refused 3 workload-none "there is no Pod of deployment/nobody"
}

@test "-f reads the same objects, and runs nothing" {
	run_split regcred why -o json -n dev
	mv "$OUT" live.json
	: >calls
	run_split regcred why -o json -n dev -f "$WHY_CLUSTER"
	explained
	[[ ! -s calls ]]
	# Where a Secret was read, and at which line, is all that differs.
	strip() { jq 'del(.[].credentials[].file, .[].findings[].file, .[].findings[].line, .[].findings[].column)' "$1"; }
	diff <(strip live.json) <(strip "$OUT")
	run_split regcred why -f - pod/later <"$WHY_CLUSTER"
	explained
	says "Secret regcred"
	# Pods alone leave open what their Secrets are.
	jq '.items |= map(select(.kind == "Pod"))' "$WHY_CLUSTER" >pods.json
	run_split regcred why -f pods.json wrong-password -o json
	[[ $(value '.secrets[0].found') == null ]]
	run_split regcred why -f pods.json --context c
	refused 2 option-conflict
	# A file without a Pod is the wrong one.
	jq '.items |= map(select(.kind != "Pod"))' "$WHY_CLUSTER" >none.json
	: >empty.yaml
	for CASE in none.json empty.yaml; do
		run_split regcred why -f "$CASE" -n dev
		refused 3 workload-none "there is no Pod of namespace dev in $CASE"
	done
	run_split regcred why -f pods.json -n elsewhere
	refused 3 workload-none "of namespace elsewhere"
}

@test "on a terminal several Pods with one cause are shown once" {
	: >script
	PTY_TRANSCRIPT=shown TERM=xterm NO_COLOR=1 run "$REGCRED_TOOLS/pty" --stdio-tty script -- "$REGCRED_GEN" why
	grep -q "^Deployment dev/web, 3 Pods, container web" shown
	run ! grep -q "of Deployment web" shown
	run_split regcred why
	[[ $(grep -c "of Deployment web" "$OUT") == 3 ]]
}

@test "no password shows, in any form" {
	local format
	for format in text json; do
		run_split regcred why -A -v -o "$format"
		explained
		run ! grep -e 's3cret-Passw0rd' -e 'not-the-password' -e 'not-a-real-one' -e 'cHVsbGVyO' "$OUT" "$ERR"
	done
}

@test "an invalid name is refused, and never reaches kubectl" {
	local name
	for name in -- --kubeconfig=x a/b/c '' / pod/ 'a b' 'pod/a,b'; do
		CASE=$name
		run_split regcred why -- "$name"
		refused 2 option-value
	done
	run_split regcred why -n A_B
	refused 2 namespace-invalid
	[[ ! -s calls ]]
	run_split regcred why -A -n dev
	refused 2 option-conflict
}

@test "lines are filled by what a terminal shows" {
	jq --arg words "$(printf '이미지를 %.0s' {1..8})" '.items |= map(select(.metadata.name == "never"))
		| .items[0].status.containerStatuses[0].state.waiting.message = $words' "$WHY_CLUSTER" >wide.json
	run_split regcred why -f wide.json
	explained
	[[ $(grep -c 이미지를 "$OUT") == 2 && $(grep -m 1 이미지를 "$OUT" | wc -w) == 8 ]]
	# The Secrets are in no file.
	says "match not known, as not every Secret could be read"
}

@test "a long name continues below the label" {
	local name=a-name-of-a-secret-that-is-nearly-as-long-as-a-line-of-a-terminal
	sed "s/\"regcred\"/\"$name\"/g" "$WHY_CLUSTER" >long.json
	run_split regcred why -f long.json arm
	explained
	grep -q "^            Secret dev/$name\$" "$OUT"
}

@test "a node without a name is no blank in a sentence" {
	jq 'del(.items[].spec.nodeName)' "$WHY_CLUSTER" >nowhere.json
	run_split regcred why -f nowhere.json -n dev arm never
	explained
	says "is not built for the platform of its node: "
	says "The image is not on its node, and imagePullPolicy"
	run ! grep -q "get node" "$OUT"
}

@test "no command holds an invalid name from a file" {
	jq '.items |= map(select(.metadata.name == "secret-missing" or .involvedObject.name == "secret-missing")
		| if .kind == "Pod" then .spec.imagePullSecrets[0].name = "x; rm -rf /" else . end)' "$WHY_CLUSTER" >hostile.json
	run_split regcred why -f hostile.json -o json
	explained
	[[ $(value '.next | length') == 0 ]]
	run ! grep -q "^  next" "$OUT"
}

@test "--verify says where node and registry disagree" {
	[[ $REGCRED_VARIANT != asan ]] || skip "libcurl is opened where the sanitizers watch no more"
	unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
	printf 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="r"\r\nContent-Length: 0\r\n\r\n' >no
	printf 'HTTP/1.1 200 OK\r\nContent-Type: application/vnd.oci.image.manifest.v1+json\r\nContent-Length: 2\r\n\r\n' >yes
	"$REPOSITORY/tests/support/http-server" port log no yes >err 2>&1 3>&- &
	local server=$! tries
	for ((tries = 0; tries < 500; tries++)); do [[ ! -s port ]] || break; sleep 0.01; done
	[[ -s port ]] || skip "the server does not start: $(<err)"
	sed "s/registry\.example\.com/127.0.0.1:$(<port)/g" "$WHY_CLUSTER" >here.json
	# Data of Secrets are behind base64.
	jq --arg host "127.0.0.1:$(<port)" '(.items[] | select(.kind == "Secret").data[".dockerconfigjson"]) |=
		(@base64d | gsub("registry\\.example\\.com"; $host) | @base64)' here.json >verified.json
	run_split regcred why -f verified.json wrong-password --verify --plain-http "127.0.0.1:$(<port)" -o json
	kill "$server"
	explained
	[[ $(value .verify.answer) == ok ]]
	[[ $(value .conclusion) == *"From here the registry gives the image to this login"* ]]
	run_split regcred why --timeout 3
	refused 2 option-conflict
}
