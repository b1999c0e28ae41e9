#!/usr/bin/env bats
# What people met when they brought credentials in, each kind with its sound neighbour.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2094 # each test has its own environment

load common

# take [OPTION...]: the config that comes out.
take() {
	run_split regcred -o config "$@" </dev/null
}

# holds HOST USER PASSWORD...: standard output is a config of exactly these, in this order.
holds() {
	local wanted=()
	for (( ; $# >= 3; )); do
		wanted+=("$1 $2:$3")
		shift 3
	done
	[[ $(jq -r '.auths | to_entries[] | "\(.key) \(.value.auth | @base64d)"' "$OUT") == "$(printf '%s\n' "${wanted[@]}")" ]] ||
		fail "the entries are others: $(jq -c '.auths | map_values(.auth | @base64d)' "$OUT")"
}

# give REGISTRY USER SECRET [OPTION...]: typed.
give() {
	SECRET_9=$3 run_split regcred -r "$1" -u "$2" --password-env SECRET_9 "${@:4}" </dev/null
}

# Nothing of the machine that runs the tests is a place of a login.
alone() {
	unset DOCKER_AUTH_CONFIG REGISTRY_AUTH_FILE DOCKER_CONFIG XDG_RUNTIME_DIR XDG_CONFIG_HOME
	export HOME=$PWD/home PATH=$PWD/bin:$PATH
	mkdir -p home/.docker bin
}

# helper NAME: a credential helper whose script is standard input.
helper() {
	{
		echo '#!/bin/sh'
		cat
	} >"bin/docker-credential-$1"
	chmod +x "bin/docker-credential-$1"
}

LOGIN='{"auths":{"ghcr.io":{"auth":"YTpi"}}}'

# --- false refusals --------------------------------------------------------------------------

@test "<token> is a plain user name in a file, as OpenShift writes it" {
	echo '{"172.30.1.1:5000":{"auth":"PHRva2VuPjpodW50ZXIy"}}' >dockercfg.json
	take --from-file dockercfg.json
	made
	holds 172.30.1.1:5000 '<token>' hunter2
	run_split regcred --from-file dockercfg.json
	made
	cp "$OUT" secret.yaml
	run_split regcred check secret.yaml
	ended 0
	run_split regcred show secret.yaml
	ended 0
}

@test "what a file holds beside a helper that cannot be run is taken from --from-file alone" {
	alone
	echo '{"auths":{"registry.acme.com":{"auth":"YTpi"}},"credsStore":"none-such"}' >config.json
	take --from-file config.json
	made login-skipped
	told docker-credential-none-such
	holds registry.acme.com a b
	cp config.json home/.docker/config.json
	take --from-login -r registry.acme.com
	refused 4 helper-failed
	helper failing <<<'exit 3'
	echo '{"auths":{"registry.acme.com":{"auth":"YTpi"}},"credsStore":"failing"}' >config.json
	take --from-file config.json
	refused 4 helper-failed
}

@test "a path without a login takes that of its nearest parent" {
	alone
	echo "$LOGIN" >home/.docker/config.json
	take --from-login -r ghcr.io/acme/
	made registry-slash registry-parent
	told '"ghcr.io/acme/" takes the login for "ghcr.io"'
	holds ghcr.io/acme/ a b
	echo '{"auths":{"https://index.docker.io/v1/":{"auth":"YTpi"}}}' >home/.docker/config.json
	take --from-login -r docker.io/acme/app -q
	made
	holds docker.io/acme/app a b
	echo '{"auths":{"ghcr.io":{"auth":"YTpi"},"ghcr.io/acme":{"auth":"Yzpk"}}}' >home/.docker/config.json
	take --from-login -r ghcr.io/acme/app -q
	made
	holds ghcr.io/acme/app c d
	take --from-login -r quay.io/acme/ -q
	refused 3 entry-missing quay.io/acme/
	take --from-login -r ghcr.io.example.com -q
	refused 3 entry-missing
}

@test "podman's other places are read" {
	alone
	mkdir -p cfg/containers
	echo '{"auths":{"quay.io":{"auth":"YTpi"}}}' >cfg/containers/auth.json
	XDG_CONFIG_HOME=$PWD/cfg take --from-login -r quay.io
	made
	holds quay.io a b
	take -v --from-login -r quay.io
	refused 3 entry-missing
	told "/run/containers/$(id -u)/auth.json"
	told "$HOME/.config/containers/auth.json"
	XDG_RUNTIME_DIR=$PWD/run take -v --from-login -r quay.io
	refused 3 entry-missing
	untold "/run/containers/$(id -u)/auth.json"
}

@test "an empty entry leaves the registry to the next place" {
	alone
	mkdir -p home/.config/containers
	echo '{"auths":{"ghcr.io":{}}}' >home/.docker/config.json
	echo "$LOGIN" >home/.config/containers/auth.json
	take --from-login -r ghcr.io
	made
	holds ghcr.io a b
	take --from-login --all
	made
	holds ghcr.io a b
	rm home/.config/containers/auth.json
	take --from-login -r ghcr.io
	refused 3 entry-unusable 'neither user name nor password'
	# Nor has a helper of another registry it.
	run_split regcred --from-file <(echo '{"auths": {"ghcr.io": {}}, "credHelpers": {"gcr.io": "x"}}') -r ghcr.io
	refused 3 entry-unusable 'auths["ghcr.io"] holds neither user name nor password'
}

@test "a place that is empty, a folder or not a config is skipped with a warning" {
	alone
	mkdir -p home/.config/containers d
	echo '{"auths":{"quay.io":{"auth":"YTpi"}}}' >home/.config/containers/auth.json
	: >home/.docker/config.json
	take --from-login -r quay.io
	made login-skipped
	told 'config.json was skipped: it is empty'
	rm home/.docker/config.json
	mkdir home/.docker/config.json
	take --from-login -r quay.io
	made login-skipped
	told 'it is a folder'
	rmdir home/.docker/config.json
	for CASE in '/srv/app.tmp/DOCKER_AUTH_CONFIG|name of a file' 'config.json|name of a file' 'C:\b\x.tmp|name of a file' \
		"$(base64 -w0 <<<"$LOGIN")|base64" '$DOCKER_AUTH_CONFIG|not filled in' 'junk|line 1' "'$LOGIN'|line 1"; do
		DOCKER_AUTH_CONFIG=${CASE%|*} take --from-login -r quay.io
		made login-skipped
		told "DOCKER_AUTH_CONFIG was skipped: "
		told "${CASE#*|}"
	done
	CASE=
	echo "$LOGIN" >d/config.json
	DOCKER_CONFIG=$PWD/d/config.json take --from-login -r ghcr.io
	refused 3 entry-missing
	told 'DOCKER_CONFIG must name the folder'
	DOCKER_CONFIG=$PWD/d take --from-login -r ghcr.io
	made
	REGISTRY_AUTH_FILE=$PWD/absent take --from-login -r quay.io
	refused 3 entry-missing
	told 'the file that REGISTRY_AUTH_FILE names does not exist'
	REGISTRY_AUTH_FILE=$PWD/absent DOCKER_AUTH_CONFIG=$LOGIN take --from-login -r ghcr.io
	made login-skipped
	holds ghcr.io a b
}

@test "--type of kubectl create secret generic is accepted where it means the same" {
	echo "$LOGIN" >config.json
	run_split regcred regcred --from-file=.dockerconfigjson=config.json --type=kubernetes.io/dockerconfigjson
	made
	run_split regcred --from-file config.json --type kubernetes.io/dockercfg
	refused 2 option-value kubernetes.io/dockerconfigjson
	run_split regcred --from-literal=.dockerconfigjson=hunter2
	refused 2 option-of-kubectl
	told '--from-file -'
	untold hunter2
}

@test "--all asks a store for its list" {
	alone
	echo '{"credsStore":"hs"}' >home/.docker/config.json
	helper hs <<-'EOF'
		case "$1" in
		list) echo '{"https://ghcr.io":"u","https://index.docker.io/v1/access-token":"u"}' ;;
		get) read -r server; [ "$server" = https://ghcr.io ] && echo '{"Username":"u","Secret":"p"}' ;;
		esac
	EOF
	take --from-login --all -q
	made
	holds ghcr.io u p
	helper hs <<<'exit 1'
	take --from-login --all
	refused 3 entry-missing
	told 'could not list its logins'
	echo '{"credHelpers":{"*.example.com":"hs"},"auths":{"ghcr.io":{"auth":"YTpi"}}}' >home/.docker/config.json
	take --from-login --all
	made login-skipped
	told 'docker supports no wildcards'
	holds ghcr.io a b
}

# --- shapes known by their look ------------------------------------------------------------------

@test "--from-file knows what tools print" {
	local ecr=123456789012.dkr.ecr.eu-west-1.amazonaws.com password
	password=$(printf '{"payload":"x","expiration":%d}' $(($(date +%s) + 40000)) | base64 -w0)
	base64 <<<"$LOGIN" >config.b64
	take --from-file config.b64
	made
	holds ghcr.io a b
	printf '{"authorizationData":[{"authorizationToken":"%s","expiresAt":1.7,"proxyEndpoint":"https://%s"}]}' \
		"$(printf 'AWS:%s' "$password" | base64 -w0)" "$ecr" >ecr.json
	take --from-file ecr.json -q
	made token-short-lived
	holds "$ecr" AWS "$password"
	printf '{"authorizationData":{"authorizationToken":"%s","expiresAt":1.7}}' \
		"$(printf 'AWS:%s' "$password" | base64 -w0)" >public.json
	take --from-file public.json -q
	made token-short-lived
	holds public.ecr.aws AWS "$password"
	printf '{"accessToken":"a.b.c","loginServer":"acme.azurecr.io"}' >acr.json
	take --from-file acr.json -q
	made username-provider token-short-lived
	holds acme.azurecr.io 00000000-0000-0000-0000-000000000000 a.b.c
	echo '{"ServerURL":"","Username":"u","Secret":"p"}' >reply.json
	take --from-file reply.json -r quay.io
	made
	holds quay.io u p
	echo '{"creation_time":"2026-01-01","expires_at":1,"id":7,"name":"robot$acme+ci","secret":"p"}' >robot.json
	take --from-file robot.json -r harbor.example.com
	made
	holds harbor.example.com 'robot$acme+ci' p
	for CASE in reply.json robot.json; do
		take --from-file "$CASE"
		refused 2 option-conflict 'names no registry'
		take --from-file "$CASE" -r a.io -r b.io
		refused 2 option-conflict 'names no registry'
	done
	CASE=
	echo "$LOGIN" | regcred --from-file - -n dev >secret.yaml
	take --from-file secret.yaml
	made
	holds ghcr.io a b
	regcred --from-file config.b64 -o json >secret.json
	take --from-file secret.json
	made
	holds ghcr.io a b
	cat secret.yaml - >two.yaml <<<$'---\n' && cat secret.yaml >>two.yaml
	take --from-file two.yaml
	refused 3 config-invalid '2 pull Secrets'
	jq '.data[".dockerconfigjson"]' secret.json >quoted.json
	jq .data secret.json >data.json
	for CASE in quoted.json data.json; do
		take --from-file "$CASE"
		made
		holds ghcr.io a b
	done
}

@test "--from-file says that a manifest has no pull Secret, and that auth is not filled in" {
	for CASE in '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"data":{}}' \
		$'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: a\n'; do
		run_split regcred -o config --from-file - <<<"$CASE"
		refused 3 config-invalid 'and not a pull Secret'
	done
	for CASE in '$A:$B' '${AUTH}' '<base64>'; do
		run_split regcred -o config --from-file - <<<"{\"auths\":{\"ghcr.io\":{\"auth\":\"$CASE\"}}}"
		refused 3 entry-unusable 'still has to be filled in'
	done
}

@test "--from-file reads what Windows wrote" {
	local file
	echo '{"Username":"a","Secret":"b"}' >reply.json
	for file in <(echo "$LOGIN") <(base64 -w0 <<<"$LOGIN") reply.json; do
		{ printf '\xef\xbb\xbf' && sed 's/$/\r/' "$file"; } >bom.json
		take --from-file bom.json -r ghcr.io
		made
		holds ghcr.io a b
	done
	iconv -f UTF-8 -t UTF-16 <<<"$LOGIN" >wide.json
	take --from-file wide.json
	refused 3 json-invalid 'UTF-16'
}

@test "--from-file takes no identity token of a helper's reply" {
	echo '{"ServerURL":"x","Username":"<token>","Secret":"p"}' >reply.json
	take --from-file reply.json -r ghcr.io
	refused 3 entry-unusable 'token instead of a password'
}

# --- what cannot be right ---------------------------------------------------------------------------

@test "a byte order mark is dropped, invisible characters are warned about" {
	printf '\xef\xbb\xbfghp_0123456789abcdefghijklmnopqrstuvwxyz\r\n' >pw.txt
	take -r ghcr.io -u bob --password-file pw.txt
	made password-bom
	holds ghcr.io bob ghp_0123456789abcdefghijklmnopqrstuvwxyz
	give registry.example.com $'bob\u00a0' $'pw\u200b'
	made credential-doubtful credential-doubtful
	give registry.example.com bob '   '
	refused 3 password-invalid blanks
	give registry.example.com bob '"pw"'
	made credential-doubtful
	told 'jq -r'
}

@test "-p - is standard input, as docker has it" {
	run_split regcred -o config -r ghcr.io -u bob -p - <<<realpw
	made
	holds ghcr.io bob realpw
}

@test "a password that is something else is refused, with a hint" {
	while IFS='|' read -r CASE host user password hint; do
		give "$host" "$user" "$password"
		refused 3 password-invalid
		told "hint: "
		told "$hint"
	done <<-'END_OF'
		config|registry.digitalocean.com|me|{"auths":{"registry.digitalocean.com":{"auth":"YTpi"}}}|--from-file -
		acr|acme.azurecr.io|00000000-0000-0000-0000-000000000000|{"accessToken":"x","loginServer":"acme.azurecr.io"}|--query accessToken
		ecr|123456789012.dkr.ecr.eu-west-1.amazonaws.com|AWS|QVdTOmh1bnRlcjI=|get-login-password
		user|europe-docker.pkg.dev|_json_key|{"type":"authorized_user","client_id":"x"}|print-access-token
		workload|europe-docker.pkg.dev|_json_key|{"type":"external_account"}|service account
	END_OF
	CASE=
	give europe-docker.pkg.dev _json_key '{"type":"service_account","project_id":"x"}'
	made
}

@test "a token of another provider, and none of its own" {
	for CASE in ghp_0123456789abcdefghijklmnopqrstuvwxyz glpat-ABCDEFGHIJKLMNOPQRST; do
		give docker.io bob "$CASE" -q
		made token-provider
		untold "$CASE"
	done
	told 'registry.gitlab.com'
	give ghcr.io bob github_pat_11ABCDEFG0abcdefghijkl
	made token-provider
	told 'fine-grained'
	give ghcr.io bob ghp_0123456789abcdefghijklmnopqrstuvwxyz
	made
}

@test "the word order of docker login is refused, with a hint" {
	run_split regcred -u octocat --password-stdin ghcr.io <<<pw
	refused 2 name-registry '-r ghcr.io, or --name ghcr.io'
	for CASE in 'ghrc.io ghcr.io' 'github.com ghcr.io' 'gitlab.com registry.gitlab.com'; do
		run_split regcred -u octocat --password-stdin "${CASE% *}" <<<pw
		refused 2 name-registry "with -r, and write ${CASE#* }"
	done
	CASE=
	run_split regcred -u octocat --password-stdin --name ghcr.io <<<pw
	made
	run_split regcred -r ghcr.io -u octocat --password-stdin ghcr.io <<<pw
	made
	run_split regcred -u octocat --password-stdin team.example.com <<<pw
	made
	run_split regcred -u octocat --password-stdin ghcr.io/acme <<<pw
	refused 2 name-registry 'hint: write -r ghcr.io/acme'
	for CASE in registry.example.com/acme registry.example.com:5000 hub.docker.com; do
		run_split regcred "$CASE" -u octocat --password-stdin <<<pw
		refused 2 name-registry "hint: write -r $CASE"
	done
	run_split regcred acme/app -u octocat --password-stdin <<<pw
	refused 2 name-invalid
	run_split regcred -u octocat --password-stdin --dry-run -o yaml <<<pw
	refused 2 option-value '--dry-run=client'
}

@test "addresses of web pages and APIs" {
	for CASE in https://hub.docker.com/r/acme/app https://hub.docker.com/u/acme \
		https://hub.docker.com/repository/docker/acme/app https://hub.docker.com/repositories/acme \
		https://registry.hub.docker.com/v2/repositories/acme/app; do
		take -r "$CASE" -u acme --password-fd 3 3<<<pw
		made registry-normalised
		holds https://index.docker.io/v1/ acme pw
	done
	for CASE in 'acme.jfrog.io/artifactory/api/docker/prod acme.jfrog.io/prod' \
		'art.example.com/artifactory/api/docker/prod art.example.com/prod' 'quay.io/repository/acme/app quay.io/acme/app' \
		'acme.jfrog.io/artifactory acme.jfrog.io,' 'acme.jfrog.io/artifactory/ acme.jfrog.io,'; do
		give "${CASE% *}" bob pw
		refused 2 registry-invalid
		told "write ${CASE#* }"
	done
	for CASE in quay.io/acme/ docker.io/r/ registry.example.com/repository/docker-hosted/; do
		give "$CASE" bob pw
		ended 0
	done
}

@test "hosts that look like a registry, or serve no images" {
	give ghrc.io bob pw
	refused 2 registry-lookalike ghcr.io
	for CASE in gchr.io qauy.io registry.gitlab.io; do
		give "$CASE" bob pw
		made registry-lookalike
		give "$CASE" bob pw --strict
		refused 3 strict
	done
	for CASE in gitlab.com github.com docker.com docker.pkg.github.com azurecr.io pkg.dev dkr.ecr.eu-west-1.amazonaws.com; do
		give "$CASE" bob pw -q
		made registry-no-images
		told 'hint: write '
	done
	give '*' bob pw
	made registry-no-images
	told 'registry "*" matches only hosts without a dot'
	give '*.example.com' bob pw
	made
	give github.com/acme/app/pkgs/container/app bob pw
	refused 2 registry-no-images
	echo '{"auths":{"ghrc.io":{"auth":"YTpi"},"quay.io":{"auth":"YTpi"}}}' >c.json
	take --from-file c.json
	refused 3 registry-lookalike
	echo "$LOGIN" >c.json
	run_split regcred --from-file c.json --image ghrc.io/acme/app:1
	[[ $status == 1 && $(<"$ERR") != *'write ghrc.io'* ]]
	told 'correct the image, whose host looks like ghcr.io'
	give '[name].azurecr.io' bob pw
	refused 2 secret-placeholder
	give '<registry>' bob pw
	refused 2 secret-placeholder
	for CASE in '${REGISTRY}' '$REGISTRY/acme' '{{ .Values.registry }}'; do
		give "$CASE" bob pw
		refused 2 secret-placeholder
	done
}

@test "placeholders are refused, variables that nothing filled in are warned about" {
	for CASE in '<your-pword>' CHANGE_ME YOUR_PASSWORD REDACTED '%!s(<nil>)' undefined; do
		give ghcr.io bob "$CASE"
		refused 3 secret-placeholder
	done
	give ghcr.io '<your-name>' pw
	refused 2 secret-placeholder
	for CASE in '$TOKEN' '${TOKEN}' '$(GHCR_TOKEN)' '${{ secrets.GHCR_TOKEN }}' '{{ .Values.password }}' '%TOKEN%'; do
		give ghcr.io bob "$CASE"
		made secret-placeholder
	done
	echo '{"auths":{"ghcr.io":{"username":"bob","password":"${GHCR_TOKEN}"}}}' >config.json
	take --from-file config.json
	made secret-placeholder
	give nvcr.io '$oauthtoken' pw
	made
	give nvcr.io '' pw
	refused 2 username-invalid
	told "'\$oauthtoken'"
}

# --- sentences that help -------------------------------------------------------------------------------

@test "what cannot be used has a hint" {
	alone
	echo '{"auths":{"ghcr.io":{"auth":"Ym9iOnB3Cg=="}}}' >c
	take --from-file c
	refused 3 password-invalid 'ends with a line end'
	told printf
	echo '{"auths":{"acme.azurecr.io":{"auth":"MDAwOg==","identitytoken":"x"}}}' >c
	take --from-file c
	refused 3 entry-unusable
	told 'az acr login --expose-token'
	echo '{"auths":{"ghcr.io":{}},"credStore":"osxkeychain"}' >c
	take --from-file c
	refused 3 entry-unusable
	told 'did you mean "credsStore"?'
	echo '{"auth":{"ghcr.io":{"auth":"YTpi"}}}' >c
	take --from-file c
	refused 3 config-invalid 'does not know "auth"'
	told 'did you mean "auths"?'
	echo '{"credsStore":"ecr-login"}' >home/.docker/config.json
	helper ecr-login <<<'cat >/dev/null; echo "credentials not found in native keychain"; exit 1'
	take --from-login -r 123456789012.dkr.ecr.eu-west-1.amazonaws.com
	refused 3 entry-missing
	told 'docker-credential-ecr-login has no login for it'
	untold 'docker login makes one'
}

@test "a path has one note, whichever way it is written, and none when an image proves it" {
	for CASE in 'ghcr.io/acme registry-prefix' 'ghcr.io/acme/ registry-slash'; do
		give "${CASE% *}" bob pw --strict
		made "${CASE#* }"
		give "${CASE% *}" bob pw --strict --image ghcr.io/acme/x
		made
	done
	give ghcr.io/acme bob pw
	told 'podman and skopeo'
	give docker.io/library bob pw --image nginx --image docker.io/library/redis:7
	made
	give '*.azurecr.io/team/' bob pw --image acme.azurecr.io/team/app
	made
}

# --- a password in the wrong place ----------------------------------------------------------------------

@test "a password in the wrong place is not shown" {
	run_split regcred -r ghcr.io -u bob -p hunter2 'Secret!'
	refused 2 name-invalid
	untold 'Secret!'
	run_split regcred -r ghcr.io -u bob --password-stdin Hunter2XyZ <<<pw
	refused 2 name-invalid
	untold Hunter2XyZ
	run_split regcred -r ghcr.io -u bob --password-file hunter2XyZ
	refused 4 input-failed
	untold hunter2XyZ
	run_split regcred -r ghcr.io -u bob --password-file missing.txt
	refused 4 input-failed missing.txt
	echo ghp_0123456789abcdefghijklmnopqrstuvwxyz >token
	run_split regcred -r ghcr.io -u bob --password-file token --namespaces-from token
	refused 3 namespace-invalid token:1
	untold ghp_0123
}

@test "a password variable is out of the environment before anything else is read" {
	local pid
	mkfifo f
	HUNTER_9=hunter2-of-a-variable "$REGCRED_GEN" --update - -r quay.io -u a --password-env HUNTER_9 <f >out 2>err &
	pid=$!
	exec 7>f
	for _ in {1..50}; do
		[[ -e /proc/$pid/fd/0 ]] && break
		sleep 0.1
	done
	sleep 0.2
	tr '\0' '\n' <"/proc/$pid/environ" >environ
	exec 7>&-
	wait "$pid" || :
	grep -q '^HOME=' environ || skip 'the environment of the process cannot be read'
	run ! grep -q hunter2-of-a-variable environ
}

# --- generate and check ----------------------------------------------------------------------------------

# judged REGISTRY USER PASSWORD: the ids that generate gives, and those that check gives of the Secret
# that holds just this, go to the files generated and checked. A refusal is an error to both.
judged() {
	give "$1" "$2" "$3" -q
	sed -nE 's/^regcred-gen: [a-z]+: .*\[([a-z-]+)\]$/\1/p' "$ERR" | sort -u >generated
	jq -n --arg r "$1" --arg u "$2" --arg p "$3" \
		'{apiVersion: "v1", kind: "Secret", metadata: {name: "s"}, type: "kubernetes.io/dockerconfigjson",
		  data: {".dockerconfigjson": ({auths: {($r): {username: $u, password: $p, auth: "\($u):\($p)" | @base64}}} | tojson | @base64)}}' >secret.json
	run_split regcred check -o json secret.json
	jq -r '.[] | select(.severity != "note") | .rule' "$OUT" | sort -u >checked
}

@test "what generate says of a credential, check says of the Secret, and nothing else" {
	local registry user password ecr=123456789012.dkr.ecr.eu-west-1.amazonaws.com
	while IFS='|' read -r registry user password; do
		CASE="$registry $user $password"
		judged "$registry" "$user" "${password/BLANKS/   }"
		cmp -s generated checked ||
			fail "generate says $(paste -sd, generated), check $(paste -sd, checked)"
	done <<-END_OF
		registry.example.com|bob|hunter2
		registry.example.com|bob|BLANKS
		registry.example.com|bob|{"auths":{}}
		registry.example.com|bob|{"authorizationData":[]}
		registry.example.com|bob|{"accessToken":"x"}
		registry.example.com|bob|{"Username":"a","Secret":"b"}
		europe-docker.pkg.dev|_json_key|{"type":"authorized_user"}
		europe-docker.pkg.dev|_json_key|{"type":"service_account"}
		$ecr|AWS|QVdTOmh1bnRlcjI=
		$ecr|AWS|hunter2
		$ecr|bob|eyJwYXlsb2FkIjoieCJ9
		registry.example.com|bob|"hunter2"
		registry.example.com|bob|TOKEN=hunter2
		registry.example.com|bob|Bearer hunter2
		registry.example.com|bob|hunter$(printf '\u200b')2
		registry.example.com|bob$(printf '\u00a0')|hunter2
		registry.example.com|bob--docker-password=x|hunter2
		registry.example.com|bob|CHANGE_ME
		registry.example.com|bob|undefined
		registry.example.com|<your-name>|hunter2
		registry.example.com|<token>|hunter2
		registry.example.com|bob|\$TOKEN
		registry.example.com|bob|\${{ secrets.TOKEN }}
		registry.example.com|\$USER|\$TOKEN
		nvcr.io|\$oauthtoken|nvapi-hunter2
		nvcr.io|bob|hunter2
		https://index.docker.io/v1/|bob|ghp_0123456789abcdefghijklmnopqrstuvwxyz
		ghcr.io|bob|ghp_0123456789abcdefghijklmnopqrstuvwxyz
		ghcr.io|bob|github_pat_11ABCDEFG0abcdefghijkl
		ghcr.io|bob|ghs_0123456789abcdefghijklmnopqrstuvwxyz
		ghrc.io|bob|hunter2
		gchr.io|bob|hunter2
		github.com|bob|hunter2
		registry.example.com|bob|eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDB9.c2ln
		registry.example.com:443|bob|hunter2
		registry.example.com:05000|bob|hunter2
		registry.example.com:5000/team/|bob|hunter2
		[2001:db8::1]:443|bob|hunter2
		docker.io:443|bob|hunter2
		gchr.io:443|bob|hunter2
		github.com:443|bob|hunter2
		docker.com|bob|hunter2
		azurecr.io|bob|hunter2
		pkg.dev|bob|hunter2
		qauy.io|bob|hunter2
		*|bob|hunter2
		*.azurecr.io|bob|hunter2
		[name].azurecr.io|bob|hunter2
		<registry>|bob|hunter2
		\$REGISTRY|bob|hunter2
		registry.example.com|bob| hunter2
		registry.example.com|'bob'|hunter2
		registry.example.com|USER=bob|hunter2
		registry.example.com|YOUR_USER|hunter2
		registry.example.com|bob|map[a:b]
		registry.example.com|bob|%TOKEN%
		registry.example.com|bob|((token))
		registry.example.com|bob|#{TOKEN}#
		europe-docker.pkg.dev|oauth2accesstoken|ya29.abc
		europe-docker.pkg.dev|bob|ya29.abc
		europe-docker.pkg.dev|_json_key|{"type":"external_account"}
		registry.gitlab.com|gitlab-ci-token|glcbt-abc
		quay.io|robot|hunter2
		us.icr.io|bob|hunter2
		public.ecr.aws|AWS|eyJwYXlsb2FkIjoieCJ9
	END_OF
}
