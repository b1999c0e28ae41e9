#!/usr/bin/env bats
# The program against a real cluster, the one that KUBECONFIG points to: `make e2e`. Everything
# happens in two namespaces of its own, which are deleted at the end.
#
# With E2E_IMAGE, E2E_REGISTRY, E2E_USERNAME and E2E_PASSWORD_FILE a private image is pulled, too.

# shellcheck disable=SC2034 # CASE is for fail

load ../command/common

# Why there is nothing to try; nothing: there is a cluster.
why_not() {
	command -v kubectl >/dev/null || { echo "kubectl is not installed" && return; }
	[[ ${KUBECONFIG-} ]] || { echo "KUBECONFIG is not set" && return; }
	kubectl version --request-timeout=10s >/dev/null 2>&1 || { echo "no cluster answers" && return; }
	kubectl auth can-i create namespaces >/dev/null 2>&1 || echo "no namespace may be made there"
}

setup_file() {
	export E2E=regcred-e2e-$$-$RANDOM WHY_NOT
	WHY_NOT=$(why_not)
	[[ ! $WHY_NOT ]] || return 0
	kubectl create namespace "$E2E-a"
	kubectl create namespace "$E2E-b"
	# What --with-pod writes must fit the strictest profile.
	kubectl label namespace "$E2E-a" "$E2E-b" pod-security.kubernetes.io/enforce=restricted
}

teardown_file() {
	[[ $WHY_NOT ]] || kubectl delete namespace "$E2E-a" "$E2E-b" --wait=false --ignore-not-found
}

setup() {
	[[ ! $WHY_NOT ]] || skip "$WHY_NOT"
	umask 077
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	A=$E2E-a B=$E2E-b
}

# written [OPTION]...: a Secret for both namespaces, with the credential of the tests.
written() {
	regcred "${CREDENTIAL[@]}" -n "$A" -n "$B" "$@"
}

# stored NAMESPACE NAME: the Docker config that the cluster has.
stored() {
	kubectl get secret -n "$1" "$2" -o json | payload_json
}

# holds NAME: both namespaces have the Secret, as it was meant.
holds() {
	local namespace
	for namespace in "$A" "$B"; do
		[[ $(stored "$namespace" "$1") == "$CREDENTIAL_CONFIG" ]] || return
		[[ $(kubectl get secret -n "$namespace" "$1" -o jsonpath='{.type}') == kubernetes.io/dockerconfigjson ]] ||
			return
	done
}

# may WHO NAMESPACE VERB RESOURCE: what kubectl auth can-i says, in one word.
may() {
	local who
	IFS=' ' read -ra who <<<"$1"
	kubectl auth can-i "${who[@]}" -n "$2" "$3" "$4" 2>/dev/null || true
}

@test "applied by the client, it is stored as it was meant" {
	written | kubectl apply -f -
	holds regcred
	# Again: nothing to change.
	written | kubectl apply -f - | grep -c unchanged | grep -qx 2
}

@test "applied by the server, it is stored as it was meant, without a copy in an annotation" {
	written served | kubectl apply --server-side -f -
	holds served
	[[ ! $(kubectl get secret -n "$A" served -o jsonpath='{.metadata.annotations}') ]]
	written json -o json | kubectl apply --server-side -f -
	holds json
}

@test "the server agrees with what kubectl makes" {
	kubectl create secret docker-registry theirs -n "$A" --docker-server=reg.example.com \
		--docker-username=user --docker-password=pass
	[[ $(stored "$A" theirs) == "$CREDENTIAL_CONFIG" ]]
	regcred theirs "${CREDENTIAL[@]}" -n "$A" | kubectl diff -f - || [[ $? == 1 ]]
}

@test "all namespaces of a list get it" {
	kubectl get ns -o name | grep "$E2E" |
		regcred listed "${CREDENTIAL[@]}" --namespaces-from - | kubectl apply --server-side -f -
	holds listed
}

@test "the hashed name is the one kubectl would make, and an immutable Secret stays" {
	written hashed --append-hash --immutable | kubectl apply --server-side -f -
	name=$(written hashed --append-hash --immutable -o json | jq -r '.items[0].metadata.name')
	holds "$name"
	run ! kubectl patch secret -n "$A" "$name" -p '{"stringData":{"other":"x"}}'
}

@test "every companion is accepted, and check finds nothing wrong" {
	written mates --with-pod reg.example.com/team/app:1 --with-service-account puller \
		--with-reader user:anna | kubectl apply --server-side -f -
	for namespace in "$A" "$B"; do
		[[ $(kubectl get serviceaccount -n "$namespace" puller -o jsonpath='{.imagePullSecrets[*].name}') == mates ]]
		kubectl get pod -n "$namespace" -o jsonpath='{.items[*].spec.imagePullSecrets[*].name}' | grep -qw mates
		kubectl get role,rolebinding -n "$namespace" mates-reader
	done
	kubectl get secret,serviceaccount,pod,role -n "$A" -o yaml | regcred check
	kubectl delete pod -n "$A" --all --wait=false
	kubectl delete pod -n "$B" --all --wait=false
}

@test "the reader reads that one Secret and no other" {
	regcred other "${CREDENTIAL[@]}" -n "$A" | kubectl apply --server-side -f -
	written read --with-reader user:anna --with-reader group:dev-team \
		--with-reader serviceaccount:robot | kubectl apply --server-side -f -
	for who in "--as=anna" "--as=somebody --as-group=dev-team" "--as=system:serviceaccount:$A:robot"; do
		CASE=$who
		[[ $(may "$who" "$A" get secret/read) == yes ]]
		[[ $(may "$who" "$A" get secret/other) == no ]]
		[[ $(may "$who" "$A" list secrets) == no ]]
		[[ $(may "$who" "$A" update secret/read) == no ]]
	done
	[[ $(may --as=somebody "$A" get secret/read) == no ]]
	# Its name in another namespace is another user.
	[[ $(may "--as=system:serviceaccount:$B:robot" "$A" get secret/read) == no ]]
}

@test "what snippet prints attaches the Secret and loses nothing" {
	kubectl create serviceaccount worker -n "$A"
	kubectl patch serviceaccount worker -n "$A" -p '{"imagePullSecrets":[{"name":"older"}]}'
	regcred snippet --name regcred -n "$A" |
		awk '/^### / { inside = /ServiceAccount/; next } inside' |
		sed 's/serviceaccount default/serviceaccount worker/' >attach
	grep -q 'kubectl patch serviceaccount worker' attach
	# Again: nothing is listed twice.
	bash -eu attach
	bash -eu attach
	names=$(kubectl get serviceaccount -n "$A" worker -o jsonpath='{.imagePullSecrets[*].name}')
	[[ $names == "older regcred" ]]
}

@test "attach adds the Secret to a Deployment and a ServiceAccount that are there" {
	kubectl create deployment shop -n "$A" --image=reg.example.com/team/app:1
	kubectl create serviceaccount clerk -n "$A"
	kubectl get deployment/shop serviceaccount/clerk -n "$A" -o yaml | regcred attach --service-accounts |
		kubectl apply -f -
	[[ $(kubectl get deployment -n "$A" shop -o jsonpath='{.spec.template.spec.imagePullSecrets[*].name}') == regcred ]]
	[[ $(kubectl get serviceaccount -n "$A" clerk -o jsonpath='{.imagePullSecrets[*].name}') == regcred ]]
	kubectl delete deployment -n "$A" shop --wait=false
}

@test "a rotation changes that entry, and keeps everything else" {
	regcred turned "${CREDENTIAL[@]}" -r ghcr.io -u octocat --password-env PASS -n "$A" -l app=shop |
		kubectl apply --server-side -f -
	kubectl patch secret -n "$A" turned -p '{"stringData":{"other":"kept"}}'
	kubectl get secret -n "$A" turned -o yaml >before.yaml
	NEW=changed regcred --update before.yaml -r ghcr.io -u octocat --password-env NEW >after.yaml
	kubectl apply -f after.yaml
	stored "$A" turned >config
	[[ $(jq -r '.auths["ghcr.io"].password' config) == changed ]]
	[[ $(jq -r '.auths["reg.example.com"].password' config) == pass ]]
	[[ $(kubectl get secret -n "$A" turned -o jsonpath='{.data.other}' | base64 -d) == kept ]]
	[[ $(kubectl get secret -n "$A" turned -o jsonpath='{.metadata.labels.app}') == shop ]]
}

# --- a private image ----------------------------------------------------------------------

needs_image() {
	local variable
	for variable in E2E_IMAGE E2E_REGISTRY E2E_USERNAME E2E_PASSWORD_FILE; do
		[[ ${!variable-} ]] || skip "$variable is not set"
	done
}

# manifest NAME [FIELD]: a Pod of the image, with one more field of its spec.
manifest() {
	cat <<-END
		apiVersion: v1
		kind: Pod
		metadata:
		  name: $1
		spec:
		  automountServiceAccountToken: false
		  restartPolicy: Never
		  securityContext:
		    runAsNonRoot: true
		    runAsUser: 65534
		    seccompProfile: {type: RuntimeDefault}
		  containers:
		  - name: app
		    image: $E2E_IMAGE
		    imagePullPolicy: Always
		    securityContext:
		      allowPrivilegeEscalation: false
		      capabilities: {drop: [ALL]}
		  ${2-}
	END
}

pod() {
	manifest "$@" | kubectl apply -n "$A" -f -
}

# pulled POD: within three minutes the kubelet says so; refused_by: or that it may not.
says() {
	local tries
	for ((tries = 0; tries < 90; tries++)); do
		kubectl get events -n "$A" --field-selector "involvedObject.name=$1" -o jsonpath='{.items[*].reason} {.items[*].message}' |
			grep -Eq "$2" && return
		sleep 2
	done
	return 1
}

@test "a private image is pulled through a Secret" {
	needs_image
	regcred pull -n "$A" -r "$E2E_REGISTRY" -u "$E2E_USERNAME" --password-file "$E2E_PASSWORD_FILE" \
		--image "$E2E_IMAGE" | kubectl apply --server-side -f -
	pod by-secret 'imagePullSecrets: [{name: pull}]'
	says by-secret 'Pulled'
}

@test "a private image is pulled through a ServiceAccount" {
	needs_image
	regcred pull-sa -n "$A" -r "$E2E_REGISTRY" -u "$E2E_USERNAME" --password-file "$E2E_PASSWORD_FILE" \
		--with-service-account pulling | kubectl apply --server-side -f -
	pod by-account 'serviceAccountName: pulling'
	says by-account 'Pulled'
}

@test "a private image is pulled through a Secret that attach adds" {
	needs_image
	regcred attached -n "$A" -r "$E2E_REGISTRY" -u "$E2E_USERNAME" --password-file "$E2E_PASSWORD_FILE" \
		--output-file attached.yaml
	kubectl apply --server-side -f attached.yaml
	manifest by-attach | regcred attach --secret attached.yaml | kubectl apply -n "$A" -f -
	[[ $(kubectl get pod -n "$A" by-attach -o jsonpath='{.spec.imagePullSecrets[*].name}') == attached ]]
	says by-attach 'Pulled'
}

@test "a private image is pulled with a login that exists already" {
	needs_image
	regcred -o config -r "$E2E_REGISTRY" -u "$E2E_USERNAME" --password-file "$E2E_PASSWORD_FILE" \
		--output-file config.json
	DOCKER_CONFIG=$PWD regcred from-login -n "$A" --from-login -r "$E2E_REGISTRY" |
		kubectl apply --server-side -f -
	pod by-login 'imagePullSecrets: [{name: from-login}]'
	says by-login 'Pulled'
}

@test "with a wrong password it is refused" {
	needs_image
	WRONG=not-the-password regcred wrong -n "$A" -r "$E2E_REGISTRY" -u "$E2E_USERNAME" --password-env WRONG |
		kubectl apply --server-side -f -
	pod by-mistake 'imagePullSecrets: [{name: wrong}]'
	says by-mistake 'Failed.*(unauthorized|denied|401|403)'
}

# --- why ------------------------------------------------------------------------------------

# explained POD KIND: within three minutes `why` says so; its answer is in answer.json.
explained() {
	local tries
	for ((tries = 0; tries < 90; tries++)); do
		regcred why -n "$A" "$1" -o json >answer.json || [[ $? == 1 ]] || return
		[[ $(jq -r '.[0].kind' answer.json) == "$2" ]] && return
		sleep 2
	done
	jq -r '.[0] | "\(.kind): \(.message)"' answer.json >&2
	return 1
}

@test "why classifies what keeps a Pod from its image" {
	echo '{"auths":{"reg.example.com":{"auth":"%%%"}}}' >broken
	kubectl create secret generic broken -n "$A" --type=kubernetes.io/dockerconfigjson --from-file=.dockerconfigjson=broken
	E2E_IMAGE=registry.invalid/app:1 pod no-host
	E2E_IMAGE=registry.invalid/App:1 pod no-name
	E2E_IMAGE=registry.invalid/app:1 manifest never | sed 's/: Always/: Never/' | kubectl apply -n "$A" -f -
	E2E_IMAGE=registry.invalid/app:1 pod no-secret 'imagePullSecrets: [{name: broken}]'
	explained no-host dns
	explained no-name invalid-image
	explained never never-pull
	explained no-secret secret-broken
	[[ $(jq -r '.[0].findings[0].rule' answer.json) == auth-base64 ]]
	# All of them at once; and out of a file the same.
	regcred why -n "$A" -o json >live.json || [[ $? == 1 ]]
	kubectl get pod,sa,secret,event -n "$A" -o json | regcred why -f - -o json >file.json || [[ $? == 1 ]]
	diff <(jq '[.[] | {pod, container, kind, conclusion}] | sort_by(.pod)' live.json) \
		<(jq '[.[] | {pod, container, kind, conclusion}] | sort_by(.pod)' file.json)
	kubectl delete pod -n "$A" no-host no-name never no-secret --wait=false
}

@test "why says which password is wrong, and with another one the Pod goes on" {
	needs_image
	# Another manager owns its fields: a plain server-side apply would conflict.
	kubectl create secret docker-registry mistaken -n "$A" --docker-server="$E2E_REGISTRY" \
		--docker-username="$E2E_USERNAME" --docker-password=not-the-password
	pod to-mend 'imagePullSecrets: [{name: mistaken}]'
	explained to-mend unauthorized
	[[ $(jq -r '.[0].credentials[0].secret' answer.json) == mistaken ]]
	next=$(jq -r '.[0].next[-1]' answer.json)
	[[ $next == "kubectl get secret mistaken -n $A -o yaml | regcred-gen --update - -r "* ]]
	# The password is asked for on a terminal; here it comes from a file.
	regcred-gen() { regcred "$@" --password-file "$E2E_PASSWORD_FILE"; }
	eval "$next"
	says to-mend 'Pulled'
	[[ $(regcred why -n "$A" to-mend) == "No container waits"* ]]
}

@test "why reports a missing Secret, and the Pod goes on when it is there" {
	needs_image
	pod to-wait 'imagePullSecrets: [{name: nowhere}]'
	explained to-wait secret-missing
	regcred nowhere -n "$A" -r "$E2E_REGISTRY" -u "$E2E_USERNAME" --password-file "$E2E_PASSWORD_FILE" |
		kubectl apply --server-side -f -
	says to-wait 'Pulled'
}

@test "why reports a ServiceAccount's list that came too late, and its command helps" {
	needs_image
	regcred late -n "$A" -r "$E2E_REGISTRY" -u "$E2E_USERNAME" --password-file "$E2E_PASSWORD_FILE" |
		kubectl apply --server-side -f -
	kubectl create serviceaccount tardy -n "$A"
	pod too-early 'serviceAccountName: tardy'
	explained too-early unauthorized
	kubectl patch serviceaccount tardy -n "$A" -p '{"imagePullSecrets":[{"name":"late"}]}'
	explained too-early unauthorized
	[[ $(jq -r '.[0].conclusion' answer.json) == *"before ServiceAccount tardy listed Secret late"* ]]
	bash -eu -o pipefail -c "$(jq -r '.[0].next[0]' answer.json)"
	[[ $(kubectl get pod -n "$A" too-early -o jsonpath='{.spec.imagePullSecrets[*].name}') == late ]]
	says too-early 'Pulled'
}

@test "why answers with the rights that there are, and says what is missing" {
	kubectl create role looker -n "$A" --verb=get,list --resource=pods,events,serviceaccounts
	kubectl create rolebinding looker -n "$A" --role=looker --user=jane
	E2E_IMAGE=registry.invalid/app:1 pod seen 'imagePullSecrets: [{name: regcred}]'
	explained seen dns
	regcred why -n "$A" seen -o json --as jane >answer.json 2>said || [[ $? == 1 ]]
	[[ $(jq -r '.[0] | .kind, .secrets[0].found' answer.json | paste -sd ' ') == "dns null" ]]
	grep -q 'secrets "regcred" is forbidden.*\[kubectl-partial\]' said
	status=0
	regcred why -A --as jane 2>said || status=$?
	[[ $status == 4 ]]
	grep -q 'pods is forbidden.*\[kubectl-failed\]' said
	kubectl delete pod -n "$A" seen --wait=false
}
