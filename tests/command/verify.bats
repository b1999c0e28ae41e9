#!/usr/bin/env bats
# regcred-gen verify, and generate --verify: what registries say of credentials. Against Debian's
# docker-registry, and against servers that mean no good, all of them on loopback.
# shellcheck disable=SC2016,SC2034 # jq's own variables; CASE is for fail

load common

# Everything here is on loopback.
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY

# --- servers ----------------------------------------------------------------------------

# await FILE: until it is there. Limit: 10 seconds.
await() {
	local tries
	for ((tries = 0; tries < 1000; tries++)); do
		[[ ! -s $1 ]] || return 0
		sleep 0.01
	done
	echo "$1 does not come" >&2
	return 1
}

# serve NAME ANSWER...: a server of tests/support/http-server. Leaves its port in $PORT; its requests
# are in NAME.log.
serve() {
	local folder=${SERVERS:-$PWD}
	"$REPOSITORY/tests/support/http-server" "$folder/$1.port" "$folder/$1.log" "${@:2}" </dev/null >"$folder/$1.err" 2>&1 3>&- &
	echo $! >>"$BATS_FILE_TMPDIR/servers"
	await "$folder/$1.port" || return
	PORT=$(<"$folder/$1.port")
}

# registry NAME [LINE]...: docker-registry on a free port, with these lines in its configuration.
registry() {
	local folder=$BATS_FILE_TMPDIR name=$1 http=${HTTP:-}
	printf '%s\n' 'version: 0.1' 'log: {level: info, accesslog: {disabled: true}}' \
		"storage: {filesystem: {rootdirectory: $folder/data}}" \
		"http: {addr: '127.0.0.1:0', secret: tests$http}" "${@:2}" >"$folder/$name.yml"
	OTEL_TRACES_EXPORTER=none docker-registry serve "$folder/$name.yml" </dev/null >"$folder/$name.log" 2>&1 3>&- &
	echo $! >>"$folder/servers"
	local tries
	for ((tries = 0; tries < 1000; tries++)); do
		PORT=$(sed -n 's/.*listening on 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$folder/$name.log" | head -n 1)
		[[ -z $PORT ]] || break
		sleep 0.01
	done
	echo "$PORT" >"$folder/$name.port"
}

certificates() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.crt
	openssl req -newkey rsa:2048 -nodes -subj /CN=registry -keyout tls.key -out tls.csr
	openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -out tls.crt \
		-extfile <(printf 'subjectAltName=IP:127.0.0.1')
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=token -keyout token.key -out token.crt
}

blob() {
	local digest
	digest=$(printf %s "$1" | sha256sum | cut -d ' ' -f 1)
	printf %s "$1" >"image/blobs/sha256/$digest"
	printf '"digest":"sha256:%s","size":%d' "$digest" "${#1}"
}

# An image of nothing, in the OCI layout that skopeo reads.
image() {
	local config manifest
	mkdir -p image/blobs/sha256
	printf '{"imageLayoutVersion":"1.0.0"}' >image/oci-layout
	config=$(blob '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"config":{}}')
	manifest=$(blob "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",$config},\"layers\":[]}")
	printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",%s}]}' "$manifest" >image/index.json
	printf '{"default":[{"type":"insecureAcceptAnything"}]}' >policy.json
}

push() {
	skopeo --policy policy.json copy --quiet --dest-tls-verify=false --dest-creds octocat:s3cret oci:image "docker://127.0.0.1:$(<basic.port)/$1"
}

setup_file() {
	command -v docker-registry htpasswd openssl skopeo >/dev/null || return 0
	cd "$BATS_FILE_TMPDIR" || return
	SERVERS=$PWD
	certificates >openssl.log 2>&1 || return
	htpasswd -Bbc htpasswd octocat s3cret 2>/dev/null
	registry basic "auth: {htpasswd: {realm: tests, path: $PWD/htpasswd}}"
	HTTP=", tls: {certificate: $PWD/tls.crt, key: $PWD/tls.key}" registry tls "auth: {htpasswd: {realm: tests, path: $PWD/htpasswd}}"
	KEY=$PWD/token.key CERTIFICATE=$PWD/token.crt serve realm :token || return
	registry token "auth: {token: {realm: 'http://127.0.0.1:$PORT/token', service: tests, issuer: tests, rootcertbundle: $PWD/token.crt}}"
	image
	push acme/app:1 && push public/app:1
}

teardown_file() {
	local server
	[[ -e $BATS_FILE_TMPDIR/servers ]] || return 0
	while read -r server; do
		kill "$server" 2>/dev/null || true
	done <"$BATS_FILE_TMPDIR/servers"
}

needs_registry() {
	[[ -s $BATS_FILE_TMPDIR/token.port ]] || skip "docker-registry, htpasswd, openssl or skopeo is not installed"
	BASIC=127.0.0.1:$(<"$BATS_FILE_TMPDIR/basic.port")
	TLS=127.0.0.1:$(<"$BATS_FILE_TMPDIR/tls.port")
	TOKEN=127.0.0.1:$(<"$BATS_FILE_TMPDIR/token.port")
	REALM=127.0.0.1:$(<"$BATS_FILE_TMPDIR/realm.port")
	CA=$BATS_FILE_TMPDIR/ca.crt
	REALM_LOG=$BATS_FILE_TMPDIR/realm.log
	LOCAL=(--plain-http 127.0.0.1)
}

# --- input and output -------------------------------------------------------------------

# login NAME REGISTRY USER PASSWORD [REGISTRY USER PASSWORD]...: a pull Secret.
login() {
	local name=$1 auths='{}'
	shift
	while (($#)); do
		auths=$(jq -c --arg key "$1" --arg user "$2" --arg password "$3" \
			'. + {($key): {username: $user, password: $password, auth: ($user + ":" + $password | @base64)}}' <<<"$auths")
		shift 3
	done
	jq -n --arg name "$name" --argjson auths "$auths" '{apiVersion: "v1", kind: "Secret", metadata: {name: $name, namespace: "dev"},
		type: "kubernetes.io/dockerconfigjson", data: {".dockerconfigjson": ({auths: $auths} | tojson | @base64)}}'
}

# answered FILTER VALUE: of the JSON that was written.
answered() {
	local found
	found=$(jq -c "$1" "$OUT") || fail "there is no JSON on standard output" || return
	[[ $found == "$2" ]] || fail "$1 is $found, not $2
$output"
}

shows() {
	[[ $output == *"$1"* ]] || fail "it does not show: $1
$output"
}

# headers FILE LINE...: a raw answer without a body.
headers() {
	printf '%s\r\n' "${@:2}" 'Connection: close' '' >"$1"
}

# --- logins -----------------------------------------------------------------------------

@test "a login is accepted, or refused" {
	needs_registry
	login good "$BASIC" octocat s3cret >good.json
	run_split regcred verify "${LOCAL[@]}" -f good.json
	made
	wrote <<-END
		login at $BASIC: ok
		  $BASIC  octocat  Secret dev/good
	END
	login bad "$BASIC" octocat wrong-one >bad.json
	run_split regcred verify "${LOCAL[@]}" bad.json -o json
	ended 1
	answered '[.[] | .image, .registry, .answer]' "[null,\"$BASIC\",\"refused\"]"
	answered '.[0].tried' "[{\"registry\":\"$BASIC\",\"username\":\"octocat\",\"namespace\":\"dev\",\"secret\":\"bad\",\"file\":\"bad.json\",\"answer\":\"refused\",\"httpStatus\":401,\"message\":\"$BASIC answered 401 Unauthorized: authentication required\",\"grants\":null,\"limit\":null}]"
	untold wrong-one
	[[ $output != *wrong-one* ]]
}

@test "skopeo says the same of the same credentials" {
	needs_registry
	for CASE in "$BASIC" "$TOKEN"; do
		for password in s3cret wrong; do
			theirs=0
			skopeo login --authfile auth.json --tls-verify=false -u octocat -p "$password" "$CASE" >said 2>&1 || theirs=1
			login one "$CASE" octocat "$password" >one.json
			run_split regcred verify "${LOCAL[@]}" -f one.json
			ended "$theirs"
		done
	done
}

@test "the answers come in the order of the input" {
	needs_registry
	login first "$BASIC" octocat wrong "$TLS" octocat s3cret >first.json
	login second "$TOKEN" reader s3cret "$BASIC" octocat s3cret >second.json
	run_split regcred verify "${LOCAL[@]}" -f second.json -f first.json -o json
	ended 1
	answered '[.[] | .registry, .answer]' "[\"$TOKEN\",\"ok\",\"$BASIC\",\"ok\",\"$BASIC\",\"refused\",\"$TLS\",\"not-a-registry\"]"
}

@test "what a registry wants is asked once for all logins at it" {
	headers all 'HTTP/1.1 401 Unauthorized' 'WWW-Authenticate: Basic realm=x'
	serve one all
	host=127.0.0.1:$PORT
	login many "$host" a b "$host/x" c d "$host/y" e f >many.json
	run_split regcred verify --plain-http "$host" -f many.json -o json
	ended 1
	answered '[.[].tried[].username]' '["a","c","e"]'
	[[ $(grep -c '^GET /v2/ ' one.log) == 4 && $(grep -c '^Authorization: Basic ' one.log) == 3 ]]
}

# --- images -----------------------------------------------------------------------------

@test "an image is asked for as the kubelet would, one credential after the other" {
	needs_registry
	login both "$BASIC/acme" octocat old "$BASIC" octocat s3cret >both.json
	run_split regcred verify "${LOCAL[@]}" -f both.json "$BASIC/acme/app:1" -o json
	ended 0
	answered '.[0].answer' '"ok"'
	answered '[.[0].tried[] | .registry, .answer, .httpStatus]' "[\"$BASIC/acme\",\"refused\",401,\"$BASIC\",\"ok\",200]"
	run_split regcred verify "${LOCAL[@]}" -f both.json "$BASIC/acme/app:1"
	made
	shows "$BASIC/acme/app:1: ok"
	shows "  $BASIC/acme  octocat  Secret dev/both: refused"
	shows "  $BASIC  octocat  Secret dev/both: ok"
}

@test "whatever a token server makes of one credential, the next is tried" {
	printf 'HTTP/1.1 401 x\r\nWWW-Authenticate: Negotiate, Basic realm="a, b"\r\nContent-Length: 0\r\n\r\n' >asks
	printf 'HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n' >fails
	printf 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n' >takes
	serve one asks fails takes
	login s "127.0.0.1:$PORT/a/b" first p "127.0.0.1:$PORT/a" second p >two.json
	run_split regcred verify --plain-http 127.0.0.1 -f two.json "127.0.0.1:$PORT/a/b:1" -o json
	made
	answered '[.[0].answer, .[0].tried[].answer]' '["ok","not-a-registry","ok"]'
}

@test "an address of IPv6 is a registry, with an image and without" {
	login s '[::1]:9' octocat s3cret >six.json
	run_split regcred verify -f six.json -o json
	ended 4
	answered '.[0].registry' '"[::1]:9"'
	answered '.[0].tried[0].message' '"cannot connect to [::1]:9: Connection refused"'
}

@test "an image by digest, one that does not exist, an invalid one" {
	needs_registry
	login good "$BASIC" octocat s3cret >good.json
	digest=$(jq -r '.manifests[0].digest' "$BATS_FILE_TMPDIR/image/index.json")
	run_split regcred verify "${LOCAL[@]}" -f good.json "$BASIC/acme/app@$digest" "$BASIC/acme/app:2" "$BASIC/other" -o json
	ended 1
	answered '[.[].answer]' '["ok","not-found","not-found"]'
	run_split regcred verify "${LOCAL[@]}" -f good.json "$BASIC/Acme"
	refused 2 image-invalid
}

@test "an image without a credential" {
	needs_registry
	login other ghcr.io octocat s3cret >other.json
	run_split regcred verify "${LOCAL[@]}" -f other.json "$BASIC/acme/app:1" -o json
	ended 1
	answered '[.[0].answer, (.[0].tried[] | .username, .secret, .answer)]' '["refused","","","refused"]'
	run_split regcred verify "${LOCAL[@]}" -f other.json "$TOKEN/public/app:1" -o json
	ended 0
	answered '[.[0].answer, .[0].tried[0].username]' '["needs-none",""]'
	run_split regcred verify "${LOCAL[@]}" -f other.json "$TOKEN/acme/app:1"
	ended 1
	shows 'without a credential'
	shows "hint: add a credential for it: regcred-gen -r $TOKEN -u USER"
}

@test "after a credential no attempt without one follows" {
	needs_registry
	login old "$TOKEN" octocat old >old.json
	before=$(wc -l <"$REALM_LOG")
	run_split regcred verify "${LOCAL[@]}" -f old.json "$TOKEN/public/app:1" -o json
	ended 1
	answered '[.[0].answer, (.[0].tried | length)]' '["refused",1]'
	tail -n +$((before + 1)) "$REALM_LOG" >asked
	[[ $(grep -c '^GET ' asked) == 1 && $(grep -c '^Authorization: Basic ' asked) == 1 ]]
}

@test "the token flow has service, scope and account" {
	needs_registry
	login good "$TOKEN" octocat s3cret >good.json
	before=$(wc -l <"$REALM_LOG")
	run_split regcred verify "${LOCAL[@]}" -f good.json "$TOKEN/acme/app:1"
	made
	[[ $(tail -n +$((before + 1)) "$REALM_LOG" | head -n 1) == "GET /token?service=tests&scope=repository:acme/app:pull&account=octocat HTTP/1.1"* ]]
}

@test "what a credential may do more than pull" {
	needs_registry
	login can "$TOKEN" octocat s3cret >push.json
	login reads "$TOKEN" reader s3cret >pull.json
	run_split regcred verify "${LOCAL[@]}" --privileges -f push.json "$TOKEN/acme/app:1" -o json
	made over-privileged
	answered '.[0].tried[0].grants' '["pull","push"]'
	told "octocat may do more with $TOKEN/acme/app:1 than pull: pull push"
	run_split regcred verify "${LOCAL[@]}" --privileges --strict -f push.json "$TOKEN/acme/app:1"
	ended 1
	run_split regcred verify "${LOCAL[@]}" --privileges --ignore over-privileged -f push.json "$TOKEN/acme/app:1"
	made
	run_split regcred verify "${LOCAL[@]}" --privileges --strict -f pull.json "$TOKEN/acme/app:1" -o json
	made
	answered '.[0].tried[0].grants' '["pull"]'
	login basic "$BASIC" octocat s3cret >basic.json
	run_split regcred verify "${LOCAL[@]}" --privileges -f basic.json "$BASIC/acme/app:1" -o json
	made
	answered '.[0].tried[0].grants' null
	answered '.[0].tried[0].message' '"what octocat may do besides pulling is not known: Basic authentication does not tell"'
	run_split regcred verify "${LOCAL[@]}" --privileges -f push.json
	made
	shows 'what octocat may do besides pulling is not known: it depends on the image, and none is named'
	# It asked, and pushed nothing.
	run ! grep -qE '^(PUT|POST|PATCH|DELETE) ' "$REALM_LOG"
}

@test "workloads bring their images and Secrets, and each question is asked once" {
	needs_registry
	{
		login good "$BASIC" octocat s3cret
		login bad "$BASIC" octocat wrong
	} >secrets.json
	for name in one two; do
		jq -n --arg name "$name" --arg image "$BASIC/acme/app:1" '{apiVersion: "v1", kind: "Pod", metadata: {name: $name, namespace: "dev"},
			spec: {imagePullSecrets: [{name: "good"}], containers: [{name: "a", image: $image}, {name: "b", image: "{{ .x }}"}]}}'
	done >pods.json
	run_split regcred verify "${LOCAL[@]}" -f secrets.json --for pods.json -o json
	ended 0
	answered '[.[] | .image, .answer, .tried[].secret]' "[\"$BASIC/acme/app:1\",\"ok\",\"good\"]"
	told 'is not verified'
}

@test "a workload whose Secret is missing is reported" {
	needs_registry
	login other "$BASIC" octocat s3cret >secrets.json
	jq -n --arg image "$BASIC/acme/app:1" '{apiVersion: "v1", kind: "Pod", metadata: {name: "one", namespace: "dev"},
		spec: {imagePullSecrets: [{name: "good"}], containers: [{name: "a", image: $image}]}}' >pod.json
	run_split regcred verify "${LOCAL[@]}" -f secrets.json --for pod.json -o json
	ended 1
	answered '[.[0].answer, .[0].tried[0].username]' '["refused",""]'
	told 'Pod dev/one names Secret good, which is not among those given'
}

@test "a Secret that cannot be decoded is reported, and no registry is asked" {
	printf '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"},"type":"kubernetes.io/dockerconfigjson","data":{".dockerconfigjson":"%s"}}' \
		"$(printf '{"auths":{"a.example.com":{"auth":"%%"}}}' | base64 -w0)" >broken.json
	run_split regcred verify -f broken.json a.example.com/app:1 -o json
	ended 1
	answered '[.[0] | .image, (.error | startswith("Secret x: ")), has("tried")]' '["a.example.com/app:1",true,false]'
	run_split regcred verify -f /dev/null
	refused 3 secret-none
	run_split regcred verify -f broken.json --for /dev/null
	refused 3 workload-none
	run_split regcred verify -f broken.json --for /dev/null -n dev
	refused 3 workload-none 'no image of namespace dev to ask for'
	# It does not keep another Pod with the same image from being asked for.
	for CASE in x gone; do
		jq -n --arg secret "$CASE" '{apiVersion: "v1", kind: "Pod", metadata: {name: $secret},
			spec: {imagePullSecrets: [{name: $secret}], containers: [{name: "a", image: "127.0.0.1:1/app"}]}}'
	done >pods.json
	run_split regcred verify -f broken.json --for pods.json --plain-http 127.0.0.1 -o json
	ended 1
	answered '[.[] | has("error"), .answer]' '[true,null,false,"unreachable"]'
}

# --- TLS --------------------------------------------------------------------------------

@test "a certificate of an unknown authority is refused, and the option is named" {
	needs_registry
	login good "$TLS" octocat s3cret >good.json
	run_split regcred verify -f good.json
	ended 4
	shows "login at $TLS: unreachable"
	shows "the certificate of $TLS comes from an unknown authority"
	shows 'hint: --ca-file FILE'
	run_split regcred verify --ca-file "$CA" -f good.json "$TLS/acme/app:1"
	made
	shows "$TLS/acme/app:1: ok"
	run_split regcred verify --ca-file none -f good.json
	refused 4 input-failed 'the CA file none cannot be read'
	run_split regcred verify --ca-file good.json -f good.json
	ended 4
	shows "the certificate of $TLS cannot be checked"
	shows 'hint: --ca-file FILE takes certificates in PEM form'
}

@test "a certificate of another host, and a server without TLS" {
	needs_registry
	login other "localhost:${TLS#*:}" octocat s3cret >other.json
	run_split regcred verify --ca-file "$CA" -f other.json
	ended 4
	shows "the certificate of localhost:${TLS#*:} is not valid"
	login plain "$BASIC" octocat s3cret >plain.json
	run_split regcred verify -f plain.json
	ended 4
	shows "$BASIC does not speak TLS"
	shows 'hint: a registry without TLS is asked with --plain-http HOST'
}

# --- who is not a registry --------------------------------------------------------------

@test "servers that are broken, slow or something else" {
	headers limited 'HTTP/1.1 429 Too Many Requests' 'Retry-After: 7'
	headers broken 'HTTP/1.1 500 Internal Server Error'
	headers page 'HTTP/1.1 200 OK' 'Content-Type: text/html'
	headers bare 'HTTP/1.1 401 Unauthorized'
	headers many 'HTTP/1.1 200 OK' "$(for ((i = 0; i < 1500; i++)); do printf 'X-%d: %060d\r\n' "$i" 0; done)X: y"
	printf 'SSH-2.0-OpenSSH_9.2\r\n' >ssh
	local CASE answer verdict status text
	while read -r answer verdict status text; do
		CASE=${answer#:}
		rm -f "$CASE".port
		serve "$CASE" "$answer"
		login one "127.0.0.1:$PORT" octocat s3cret >one.json
		run_split regcred verify --timeout 1 --plain-http 127.0.0.1 -f one.json -o json
		ended "$status" || return
		answered '.[0].answer' "\"$verdict\"" || return
		answered "$(printf '.[0].tried[0].message | contains("%s")' "$text")" true || return
	done <<-END
		limited rate-limited 4 answered 429 Too Many Requests
		broken not-a-registry 4 answered 500 Internal Server Error
		page not-a-registry 4 with a web page
		bare refused 1 without a way to log in
		many not-a-registry 4 is too large
		ssh unreachable 4 broke
		:silence unreachable 4 did not answer in time
		:endless not-a-registry 4 is too large
		:close unreachable 4 broke
	END
}

@test "connection refused, and no such host" {
	serve gone :close
	kill "$(tail -n 1 "$BATS_FILE_TMPDIR/servers")"
	login one "127.0.0.1:$PORT" a b 'nowhere.invalid' a b '*.example.com' a b >one.json
	while kill -0 "$(tail -n 1 "$BATS_FILE_TMPDIR/servers")" 2>/dev/null; do sleep 0.01; done
	run_split regcred verify --plain-http 127.0.0.1 -f one.json -o json
	ended 4
	answered '[.[].answer]' '["unreachable","unreachable","unreachable"]'
	answered '[.[].tried[].httpStatus]' '[null,null,null]'
	[[ $output == *"cannot connect to 127.0.0.1:$PORT: Connection refused"* ]]
	[[ $output == *'the host nowhere.invalid cannot be found'* ]]
}

@test "what a server answers cannot control the terminal" {
	printf 'HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n\r\n{"errors":[{"message":"\\u001b[31mred\\u202e"}]}' >red
	headers realm 'HTTP/1.1 401 Unauthorized' "WWW-Authenticate: Bearer realm=\"http://$(printf '\033')[2J/\""
	for CASE in red realm; do
		serve "$CASE" "$CASE"
		login one "127.0.0.1:$PORT" octocat s3cret >one.json
		run_split regcred verify --plain-http 127.0.0.1 -v -f one.json
		shows '\x1b['
		run ! grep -q "$(printf '\033')" "$OUT" "$ERR"
	done
}

# --- who sees the credential ------------------------------------------------------------

# unseen LOG: no credential is in what the server received.
unseen() {
	[[ ! -e $1 ]] || run ! grep -qiE '^Authorization|b2N0b2NhdDpzM2NyZXQ|s3cret' "$1"
}

@test "no redirect is followed with a credential" {
	headers target 'HTTP/1.1 200 OK' 'Content-Type: application/json'
	serve thief target
	thief=127.0.0.1:$PORT
	headers ask 'HTTP/1.1 401 Unauthorized' 'WWW-Authenticate: Basic realm=x'
	for code in 301 302 303 307 308; do
		headers move "HTTP/1.1 $code Moved" "Location: http://$thief/v2/"
		rm -f victim.port
		serve victim ask move
		login one "127.0.0.1:$PORT" octocat s3cret >one.json
		run_split regcred verify --plain-http 127.0.0.1 -f one.json
		ended 0
		[[ $(grep -c '^Authorization: Basic b2N0b2NhdDpzM2NyZXQ=' victim.log) == 1 ]]
		rm victim.log
		unseen thief.log
	done
	[[ $(grep -c '^GET /v2/ ' thief.log) == 5 ]]
	# One that asks who it is gets nothing either, whoever sent us there.
	serve asks ask
	headers move 'HTTP/1.1 307 Moved' "Location: http://127.0.0.1:$PORT/v2/"
	serve sends move
	login one "127.0.0.1:$PORT" octocat s3cret >one.json
	run_split regcred verify --plain-http 127.0.0.1 -f one.json
	ended 1
	unseen asks.log
	unseen sends.log
}

@test "a token server elsewhere by plain HTTP is not asked" {
	headers target 'HTTP/1.1 200 OK'
	serve thief target
	headers ask 'HTTP/1.1 401 Unauthorized' "WWW-Authenticate: Bearer realm=\"http://127.0.0.1:$PORT/token\",service=\"x\""
	serve victim ask
	login one "127.0.0.1:$PORT" octocat s3cret >one.json
	run_split regcred verify --plain-http "127.0.0.1:$PORT" -f one.json -o json
	ended 4
	answered '.[0].answer' '"not-a-registry"'
	[[ $output == *'which does not use HTTPS: no credential is sent to it'* ]]
	[[ ! -e thief.log ]]
	unseen victim.log
}

@test "neither .netrc nor a cookie nor an option of curl's is used" {
	headers ask 'HTTP/1.1 401 Unauthorized' 'WWW-Authenticate: Basic realm=x' 'Set-Cookie: a=b'
	serve one ask
	login one "127.0.0.1:$PORT" '' '' >one.json
	printf 'machine 127.0.0.1 login hidden password netrc-secret\n' >.netrc
	printf 'user = hidden:curlrc-secret\n' >.curlrc
	HOME=$PWD run_split regcred verify --plain-http 127.0.0.1 -f one.json "127.0.0.1:$PORT/app:1"
	ended 1
	[[ -s one.log ]]
	run ! grep -qiE '^(Authorization|Cookie)' one.log
}

@test "the proxy variables count" {
	headers ask 'HTTP/1.1 401 Unauthorized' 'WWW-Authenticate: Basic realm=x'
	serve proxy ask
	login one reg.example.com octocat s3cret >one.json
	http_proxy=http://127.0.0.1:$PORT run_split regcred verify --plain-http reg.example.com -f one.json
	ended 1
	grep -q '^GET http://reg.example.com/v2/ ' proxy.log
	https_proxy=http://127.0.0.1:$PORT run_split regcred verify -f one.json
	ended 4
	grep -q '^CONNECT reg.example.com:443 ' proxy.log
	sed -n '/^CONNECT/,$p' proxy.log >tunnel
	unseen tunnel
}

@test "no password stays in memory, neither ours nor libcurl's" {
	[[ $REGCRED_VARIANT == release ]] || skip "what instruments the program copies it to the stack"
	serve basic :basic
	secret=correct-horse-battery-staple
	login one "127.0.0.1:$PORT" octocat "$secret" "127.0.0.1:$PORT/x" octocat "$secret" >one.json
	needle_file needles "$secret" "$(printf 'octocat:%s' "$secret" | base64 -w0)" "$(base64 -w0 <<<"{\"auths\"")"
	for CASE in write exit; do
		rm -f report
		run_split env LD_PRELOAD="$REGCRED_TOOLS/memscan.so" MEMSCAN_NEEDLES=needles MEMSCAN_AT="$CASE" \
			MEMSCAN_REPORT=report "$REGCRED_GEN" verify --plain-http 127.0.0.1 -f one.json
		ended 1
		hits=$(needle_hits report)
		[[ $CASE == write ]] || break
		((hits > 1)) || fail "the scan finds nothing while it is needed"
	done
	[[ $hits == 0 ]] || fail "memory holds it still: $(<report)"
}

@test "-v reports what is asked, and no credential" {
	needs_registry
	login good "$TOKEN" octocat s3cret >good.json
	run_split regcred verify "${LOCAL[@]}" -v -f good.json "$TOKEN/acme/app:1"
	ended 0
	told "HEAD http://$TOKEN/v2/acme/app/manifests/1"
	told "GET http://$REALM/token?service=tests&scope=repository:acme/app:pull&account=octocat, as octocat"
	untold s3cret
	untold b2N0b2NhdDpzM2NyZXQ
	untold eyJ
	untold Bearer
}

@test "a terminal shows how many are answered" {
	serve slow :silence
	login one "127.0.0.1:$PORT" a b >one.json
	NO_COLOR=1 TERM=xterm PTY_TRANSCRIPT=transcript run_split "$REGCRED_TOOLS/pty" --stdio-tty /dev/null -- \
		"$REGCRED_GEN" verify --plain-http 127.0.0.1 --timeout 2 -f one.json
	ended 4
	[[ $(<transcript) == $'\r\e[Kanswered 0 of 1'*$'\r\e[K'*"login at 127.0.0.1:$PORT: "* ]]
}

# --- generate --verify ------------------------------------------------------------------

@test "a Secret is written only if the registry accepts it" {
	needs_registry
	export PASS=s3cret WRONG=not-this-one
	regcred -r "$BASIC" -u octocat --password-env PASS >expected
	run_split regcred -r "$BASIC" -u octocat --password-env PASS --verify "${LOCAL[@]}"
	made
	wrote <expected
	run_split regcred -r "$BASIC" -u octocat --password-env WRONG --verify "${LOCAL[@]}"
	refused 1 verify-refused
	told "login at $BASIC: refused"
	untold not-this-one
	run_split regcred -r "$BASIC" -u octocat --password-env PASS --verify "${LOCAL[@]}" --output-file made --image "$BASIC/acme/app:1"
	made
	[[ -s made ]]
	run_split regcred -r "$BASIC" -u octocat --password-env PASS --verify "${LOCAL[@]}" --output-file none --image "$BASIC/acme/app:9"
	refused 1 verify-refused
	told "$BASIC/acme/app:9: not found"
	told "the registry has no image $BASIC/acme/app:9, or hides it from this user"
	[[ ! -e none ]]
	run_split regcred -r "$TLS" -u octocat --password-env PASS --verify
	refused 4 verify-failed
	told "the certificate of $TLS comes from an unknown authority"
	run_split regcred -r "$TLS" -u octocat --password-env PASS --verify --ca-file "$CA"
	made
}

@test "--for and --verify ask for the images that the Secret is for" {
	needs_registry
	jq -n --arg image "$BASIC/acme/app:1" '{apiVersion: "v1", kind: "Pod", metadata: {name: "one", namespace: "dev"},
		spec: {imagePullSecrets: [{name: "good"}], containers: [{name: "a", image: $image}, {name: "b", image: "other.invalid/sidecar:1"}]}}' >pod.json
	PASS=s3cret run_split regcred -r "$BASIC" -u octocat --password-env PASS --for pod.json --verify "${LOCAL[@]}" -v
	ended 0
	told "HEAD http://$BASIC/v2/acme/app/manifests/1"
	untold https://other.invalid
	PASS=wrong run_split regcred -r "$BASIC" -u octocat --password-env PASS --for pod.json --verify "${LOCAL[@]}"
	ended 1
	told '1 of 1 checks at registries failed'
}

@test "options of --verify need it, and valid values" {
	while read -r CASE; do
		# shellcheck disable=SC2086 # words
		run_split regcred "${CREDENTIAL[@]}" $CASE
		refused 2 option-conflict 'goes with --verify'
	done <<-END
		--timeout 3
		--ca-file x
		--plain-http localhost
	END
	while read -r CASE; do
		# shellcheck disable=SC2086 # words
		run_split regcred verify $CASE
		refused 2 option-value
	done <<-END
		--timeout 0
		--timeout -1
		--timeout 3x
		--timeout 86401
		--timeout 99999999999999999999
		--plain-http http://localhost
		--plain-http localhost/
		--plain-http localhost:
		--plain-http a@b
		--ca-file=
	END
	run_split regcred verify --timeout 1 --timeout 2
	refused 2 option-repeated
	run_split regcred verify -f - --for - x.example.com/a
	refused 2 stdin-twice
}

# --- the library ------------------------------------------------------------------------

@test "no other command loads libcurl" {
	login good reg.example.com octocat s3cret >good.json
	for CASE in "match -f good.json reg.example.com/app" "show good.json" "check good.json" "--help"; do
		# shellcheck disable=SC2086 # words
		LD_DEBUG=files run_split regcred $CASE
		told libcjson
		untold libcurl
	done
}

@test "without libcurl nothing is asked, and the package is named" {
	login good reg.example.com octocat s3cret >good.json
	mkdir lib
	echo 'int nothing;' >nothing.c
	${REGCRED_CC:-cc} -shared -fPIC -o lib/libcurl.so.4 nothing.c || skip "there is no compiler"
	LD_LIBRARY_PATH=$PWD/lib run_split regcred verify -f good.json
	refused 4 library-missing libcurl.so.4
	told 'install libcurl4'
	run_split env LD_LIBRARY_PATH="$PWD/lib" "$REGCRED_GEN" "${CREDENTIAL[@]}" --verify
	refused 4 library-missing
}
