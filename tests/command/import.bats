#!/usr/bin/env bats
# Credentials that exist already: the files of docker and podman, and the logins of a machine.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2094,SC2154 # scripts of helpers; each test has its own
# environment; CASE is for fail; stderr is run_split's

load common

# config HOST USER PASSWORD...: a Docker config of these entries.
config() {
	local entries=
	for (( ; $# >= 3; )); do
		entries+=${entries:+,}$(printf '"%s":{"auth":"%s"}' "$1" "$(printf '%s:%s' "$2" "$3" | base64 -w0)")
		shift 3
	done
	printf '{"auths":{%s}}\n' "$entries"
}

# holds HOST USER PASSWORD...: standard output is a config of exactly these, in this order.
holds() {
	local wanted=()
	for (( ; $# >= 3; )); do
		wanted+=("$1 $2:$3")
		shift 3
	done
	[[ $(jq -r '.auths | to_entries[] | "\(.key) \(.value.username):\(.value.password)"' "$OUT") == "$(printf '%s\n' "${wanted[@]}")" ]] ||
		fail "the entries are others: $(jq -c '.auths | keys' "$OUT")" || return
	jq -e '[.auths[] | .auth == ("\(.username):\(.password)" | @base64)] | all' "$OUT" >/dev/null || fail "auth differs"
}

take() {
	run_split regcred -o config "$@" </dev/null
}

# Nothing of the machine that runs the tests is a place of a login.
alone() {
	unset DOCKER_AUTH_CONFIG REGISTRY_AUTH_FILE DOCKER_CONFIG XDG_RUNTIME_DIR
	export HOME=$PWD/home
	mkdir -p home
}

# --- --from-file ------------------------------------------------------------------------

@test "the files of docker and podman give their entries" {
	local file
	config ghcr.io a p1 quay.io b p2 >config.json
	printf '{"auths":{"ghcr.io":{"auth":"YTpwMQ=="},"quay.io":{"username":"b","password":"p2"}},"HttpHeaders":{"User-Agent":"x"}}' >mixed.json
	printf '{\n\t"auths": {\n\t\t"ghcr.io": {"auth": "YTpwMQ=="},\n\t\t"quay.io": {"auth": "YjpwMg=="}\n\t}\n}' >auth.json
	printf '{"ghcr.io":{"auth":"YTpwMQ=="},"quay.io":{"username":"b","password":"p2","email":""}}' >.dockercfg
	regcred --from-file config.json >secret.yaml
	grep -v apiVersion secret.yaml >versionless.yaml
	for file in config.json mixed.json auth.json .dockercfg .dockerconfigjson=config.json secret.yaml \
		versionless.yaml; do
		CASE=$file
		take --from-file "$file"
		made
		holds ghcr.io a p1 quay.io b p2
	done
	CASE=-
	run_split regcred -o config --from-file - <config.json
	made
	holds ghcr.io a p1 quay.io b p2
	run_split regcred -o config --from-file=.dockerconfigjson=- <config.json
	made
	holds ghcr.io a p1 quay.io b p2
}

@test "what is made of a config is the same when it is taken again" {
	config ghcr.io a 'p<>&"ä' https://index.docker.io/v1/ b p2 >config.json
	take --from-file config.json
	made
	cp "$OUT" again.json
	take --from-file again.json
	made
	wrote <again.json
	run_split regcred --from-file again.json
	payload <"$OUT" | cmp - <(tr -d '\n' <again.json)
}

@test "an email stays" {
	echo '{"auths":{"ghcr.io":{"auth":"YTpwMQ==","email":"a@example.com"}}}' >c
	take --from-file c
	made
	[[ $(jq -r '.auths[].email' "$OUT") == a@example.com ]]
	take --from-file c -r ghcr.io -e b@example.com
	made
	[[ $(jq -r '.auths[] | .username, .password, .email' "$OUT") == $'a\np1\nb@example.com' ]]
}

@test "no other key of a Secret than .dockerconfigjson" {
	local value
	config ghcr.io a p1 >c
	for value in .dockercfg=c config.json=c =c .dockerconfigjso=c .dockerconfigjsonx=c; do
		CASE=$value
		take --from-file "$value"
		refused 2 option-value .dockerconfigjson
	done
	CASE=
	cp c a=b
	take --from-file .dockerconfigjson=a=b
	made
	take --from-file ''
	refused 2 option-value
	take --from-file .dockerconfigjson=
	refused 2 option-value
}

@test "a file that cannot be read, or is no Docker config" {
	local row bytes status_wanted id text kind type
	take --from-file missing
	refused 4 input-failed missing
	take --from-file .
	refused 4 input-failed
	while IFS='|' read -r bytes id text; do
		CASE=$bytes
		printf %b "$bytes" >c
		take --from-file c
		refused 3 "$id" "$text"
		told 'c: '
		untold hunter2
		run_split regcred --from-file - <c
		refused 3 "$id" "$text"
		told 'standard input: '
	done <<-'END'
		|json-invalid|line 1, column 1
		hunter2|json-invalid|line 1, column 1
		{"auths":\n {hunter2|json-invalid|line 2, column 3
		{"auths":{}} x|json-invalid|line 1, column 14
		{"auths":{}}\n{}|json-invalid|line 2, column 1
		{"auths":{},}|json-invalid|column 13
		\xef\xbb\xbf\xff|json-invalid|line 1
		[]|config-invalid|line 1, column 1
		"hunter2"|config-invalid|line 1, column 1
		{"auths":[]}|config-invalid|auths is an array
		{"auths":"hunter2"}|config-invalid|auths is a string
		{"auths":{},"credHelpers":[]}|config-invalid|credHelpers
		{"auths":{},"credHelpers":{"ghcr.io":1}}|config-invalid|credHelpers["ghcr.io"]
		{"auths":{},"credsStore":["hunter2"]}|config-invalid|credsStore
		{"hunter2":1}|config-invalid|
	END
	CASE='another kind'
	while IFS='|' read -r kind type text; do
		printf 'apiVersion: v1\nkind: %s\ntype: %s\ndata: {a: aHVudGVyMg==}\n' "$kind" "$type" >c
		take --from-file c
		refused 3 config-invalid "$text"
		told 'kubernetes.io/dockerconfigjson'
		untold aHVudGVyMg
	done <<-'END'
		ConfigMap||the manifest is of kind ConfigMap
		SealedSecret||the manifest is of kind SealedSecret
		Secret|Opaque|the manifest is a Secret of type Opaque
		Secret|kubernetes.io/basic-auth|a Secret of type kubernetes.io/basic-auth
	END
	CASE='more than any Secret holds'
	{
		printf '{"auths":{"a.io":{"auth":"YTpi"}'
		seq -f ',"r%.0f.io":{"auth":"YTpi"}' 160000 | tr -d '\n'
		printf '}}'
	} >c
	take --from-file c
	refused 3 input-too-large 'a Secret holds 1 MiB at most'
	CASE=deep
	printf '{"a":%s' "$(printf '%05000d' 0 | tr 0 '[')" >c
	take --from-file c
	refused 3 json-invalid
}

@test "a config without credentials" {
	local bytes
	for bytes in '{}' '{"auths":{}}' '{"auths":null}' '{"HttpHeaders":{}}' '{"auths":{},"credsStore":"x"}'; do
		CASE=$bytes
		echo "$bytes" >c
		take --from-file c
		refused 3 entry-missing
	done
}

@test "every entry that cannot be used is named in one run" {
	cat >c <<-'END'
		{"auths":{
		 "good.io":{"auth":"YTpodW50ZXIy"},
		 "base.io":{"auth":"#hunter2#"},
		 "colon.io":{"auth":"aHVudGVyMg=="},
		 "type.io":7,
		 "field.io":{"username":["hunter2"]},
		 "auth.io":{"auth":false},
		 "empty.io":{},
		 "null.io":null,
		 "identity.io":{"auth":"YTo=","identitytoken":"hunter2"},
		 "bearer.io":{"registrytoken":"hunter2"},
		 "nouser.io":{"username":"","password":"hunter2"},
		 "nopass.io":{"username":"u","password":""},
		 "control.io":{"username":"u","password":"hunter2\u0001"},
		 "no registry":{"auth":"YTpodW50ZXIy"},
		 "mail.io":{"auth":"YTpodW50ZXIy","email":"a\nb"}
		}}
	END
	for CASE in yaml config; do
		run_split regcred --from-file c -o "$CASE" </dev/null
		refused 3 entry-unusable 'nothing is written: 14 of'
		for name in base.io colon.io type.io field.io auth.io empty.io null.io identity.io bearer.io \
			nouser.io nopass.io control.io 'no registry' mail.io; do
			grep -q "^regcred-gen: error: c: .*\"$name\"" "$ERR" || fail "$name is not named"
		done
		untold good.io
		untold hunter2
		told 'auths["type.io"] is a number, an object was expected'
		told 'auths["field.io"].username is an array, a string was expected'
		told 'auths["auth.io"].auth is false, a string was expected'
		told 'auths["base.io"].auth is not base64'
	done
	take --from-file c -r good.io
	made
	holds good.io a hunter2
	take --from-file c -r base.io -r good.io -r token.io
	refused 3 entry-unusable 'nothing is written: 2 of'
	take --from-file c -r base.io -r other.io
	refused 3 entry-missing 'no login for registry "other.io"'
	told base.io
}

@test "-r picks, and is asked for as images name it" {
	config ghcr.io a p1 quay.io b p2 https://index.docker.io/v1/ c p3 >c
	take --from-file c -r quay.io
	made
	holds quay.io b p2
	take -r quay.io --from-file c -r ghcr.io
	made
	holds ghcr.io a p1 quay.io b p2
	take --from-file c -q -r docker.io -r HTTPS://GHCR.io/v2/
	made
	holds ghcr.io a p1 https://index.docker.io/v1/ c p3
	take --from-file c -r quay.io -r QUAY.io
	refused 2 registry-duplicate
	take --from-file c -r none.example.com
	refused 3 entry-missing none.example.com
}

@test "keys are normalised, and a note says so" {
	config https://GHCR.io/v2/ a p1 docker.io b p2 ghcr.io/org c p3 >c
	take --from-file c
	made registry-normalised registry-normalised registry-prefix
	told '"ghcr.io"'
	holds ghcr.io a p1 ghcr.io/org c p3 https://index.docker.io/v1/ b p2
	take --from-file c -q
	made
}

@test "two keys of one file that become the same one are refused" {
	config https://ghcr.io a p1 https://ghcr.io/v1/ b hunter2 >c
	take --from-file c
	refused 3 registry-duplicate ghcr.io
	untold hunter2
	take --from-file c -r ghcr.io
	refused 3 registry-duplicate ghcr.io
}

@test "of several spellings the normal form is taken, with a warning where they differ" {
	config https://ghcr.io/v1/ b p2 ghcr.io a p1 >c
	take --from-file c -r ghcr.io
	made registry-ambiguous
	told ghcr.io
	holds ghcr.io a p1
	config docker.io a p1 https://index.docker.io/v1/ a p1 >c
	take --from-file c -q
	made
	holds https://index.docker.io/v1/ a p1
	echo '{"auths":{"https://quay.io":{},"quay.io":{"auth":"YTpi"}}}' >c
	take --from-file c -q
	made
	holds quay.io a b
}

@test "docker's own leftovers of a web login are skipped with a note" {
	config https://index.docker.io/v1/ a p1 https://index.docker.io/v1/access-token b hunter2 \
		https://index.docker.io/v1/refresh-token c hunter2 >c
	take --from-file c
	made web-login web-login
	told access-token
	told refresh-token
	untold hunter2
	holds https://index.docker.io/v1/ a p1
	take --from-file c -r docker.io -q
	made
	config https://index.docker.io/v1/access-token b hunter2 >c
	take --from-file c
	refused 3 entry-missing
}

@test "auth wins over fields that differ, with a warning" {
	echo '{"auths":{"ghcr.io":{"auth":"YTpwMQ==","username":"x","password":"hunter2"}}}' >c
	take --from-file c
	made auth-mismatch
	told ghcr.io
	untold hunter2
	holds ghcr.io a p1
	take --from-file c --strict
	refused 3 auth-mismatch
	echo '{"auths":{"ghcr.io":{"auth":"YTpwMQ==","username":"a","password":"p1"}}}' >c
	take --from-file c --strict
	made
}

@test "typed entries stand beside imported ones" {
	config ghcr.io a p1 quay.io b p2 >c
	take --from-file c -r quay.io -r reg.example.com -u user --password-env PASS
	made
	holds quay.io b p2 reg.example.com user pass
	take --from-file c -r ghcr.io -u user --password-env PASS
	made
	holds ghcr.io user pass
	run_split regcred -o config --from-file c -r quay.io -r reg.example.com -u user --password-stdin <<<pass
	made
	holds quay.io b p2 reg.example.com user pass
	run_split regcred -o config --from-file - -r quay.io -r reg.example.com -u user --password-env PASS <c
	made
	holds quay.io b p2 reg.example.com user pass
}

@test "a big file, and a long password" {
	local i
	{
		printf '{"auths":{'
		for ((i = 0; i < 500; i++)); do
			printf '"r%d.example.com":{"username":"u%d","password":"p%d"},' $i $i $i
		done
		printf '"z.example.com":{"username":"u","password":"%050000d"}}}' 1
	} >c
	take --from-file c
	made
	[[ $(jq '.auths | length' "$OUT") == 501 ]]
	[[ $(jq -r '.auths["r77.example.com"].password' "$OUT") == p77 ]]
	[[ $(jq '.auths["z.example.com"].password | length' "$OUT") == 50000 ]]
}

@test "options that contradict each other" {
	local options
	config ghcr.io a p1 >c
	while IFS= read -r options; do
		CASE=$options
		read -ra given <<<"$options"
		take "${given[@]}"
		refused 2 option-conflict
	done <<-'END'
		--from-file c --from-login --all
		--from-file c --all
		--all
		--all -r ghcr.io
		--from-login
		--from-login team-pull
		--helper-timeout 5
		--helper-timeout 5 -r ghcr.io -u a --password-env PASS
	END
	CASE=
	take --from-file c --from-file c
	refused 2 option-repeated
	take --from-file - -r ghcr.io -u a --password-stdin
	refused 2 stdin-twice
	take --from-file - -r ghcr.io --namespaces-from -
	refused 2 stdin-twice
	take --from-file c --helper-timeout 5 --helper-timeout 5
	refused 2 option-repeated
	for CASE in 0 -1 '' 1.5 x 5s 99999999999999999999 +5; do
		take --from-file c --helper-timeout="$CASE"
		refused 2 option-value helper-timeout
	done
	for CASE in 1 30 007; do
		take --from-file c --helper-timeout "$CASE"
		made
	done
}

# --- --from-login -------------------------------------------------------------------------

@test "the places of a login, in their order" {
	local place
	alone
	mkdir -p home/.docker home/.config/containers run/containers other
	config ghcr.io dockercfg p >home/.dockercfg
	take --from-login -r ghcr.io
	made
	holds ghcr.io dockercfg p
	config ghcr.io config p >home/.config/containers/auth.json
	take --from-login -r ghcr.io
	holds ghcr.io config p
	config ghcr.io run p >run/containers/auth.json
	export XDG_RUNTIME_DIR=$PWD/run
	take --from-login -r ghcr.io
	holds ghcr.io run p
	config ghcr.io home p >home/.docker/config.json
	take --from-login -r ghcr.io
	holds ghcr.io home p
	config ghcr.io folder p >other/config.json
	export DOCKER_CONFIG=$PWD/other
	take --from-login -r ghcr.io
	holds ghcr.io folder p
	config ghcr.io file p >auth
	export REGISTRY_AUTH_FILE=$PWD/auth
	take --from-login -r ghcr.io
	holds ghcr.io file p
	DOCKER_AUTH_CONFIG=$(config ghcr.io variable p)
	export DOCKER_AUTH_CONFIG
	take --from-login -r ghcr.io
	made
	holds ghcr.io variable p
}

@test "the first place that knows a registry wins, and --all takes them all" {
	alone
	mkdir -p home/.docker home/.config/containers
	config ghcr.io a p1 quay.io b p2 >home/.docker/config.json
	config quay.io x hunter2 reg.example.com c pass-three >home/.config/containers/auth.json
	take --from-login --all
	made
	holds ghcr.io a p1 quay.io b p2 reg.example.com c pass-three
	take --from-login -r reg.example.com -r quay.io
	made
	holds quay.io b p2 reg.example.com c pass-three
	take --from-login --all -r d.example.com -u user --password-env PASS
	made
	holds d.example.com user pass ghcr.io a p1 quay.io b p2 reg.example.com c pass-three
	take --from-login -r none.example.com
	refused 3 entry-missing none.example.com
	take -v --from-login -r reg.example.com
	ended 0
	told "read $HOME/.docker/config.json"
	told "no $HOME/.dockercfg"
	told "took registry \"reg.example.com\" from $HOME/.config/containers/auth.json"
	untold hunter2
	untold pass-three
}

@test "DOCKER_CONFIG takes the place of ~/.docker alone, REGISTRY_AUTH_FILE of every file" {
	alone
	mkdir -p home/.docker home/.config/containers other
	config ghcr.io home p >home/.docker/config.json
	config quay.io podman p >home/.config/containers/auth.json
	export DOCKER_CONFIG=$PWD/other
	take --from-login -r ghcr.io
	refused 3 entry-missing ghcr.io
	take --from-login -r quay.io
	made
	config reg.example.com file p >auth
	export REGISTRY_AUTH_FILE=$PWD/auth
	take --from-login -r quay.io
	refused 3 entry-missing quay.io
	take --from-login --all
	made
	holds reg.example.com file p
	REGISTRY_AUTH_FILE=$PWD/missing take --from-login --all
	refused 3 entry-missing
	REGISTRY_AUTH_FILE='' take --from-login -r quay.io
	made
	DOCKER_AUTH_CONFIG=$(config v.example.com v p) take --from-login --all
	made
	holds reg.example.com file p v.example.com v p
}

@test "without HOME the home folder of the system is read" {
	alone
	home=$(getent passwd "$(id -u)" | cut -d: -f6)
	[[ $home ]] || skip "the system knows no home of this user"
	config reg.example.com u p >home/config.json
	DOCKER_CONFIG=$HOME
	export DOCKER_CONFIG
	HOME='' take -v --from-login -r reg.example.com
	ended 0
	told "$home/.config/containers/auth.json"
	run_split env -u HOME "$REGCRED_GEN" -v --from-login -r reg.example.com
	ended 0
	told "$home/.dockercfg"
}

@test "a machine without logins, and places that are broken" {
	alone
	take --from-login --all
	refused 3 entry-missing
	take --from-login -r ghcr.io
	refused 3 entry-missing ghcr.io
	DOCKER_AUTH_CONFIG='hunter2' take --from-login --all
	refused 3 entry-missing
	told 'DOCKER_AUTH_CONFIG was skipped: line 1'
	untold hunter2
	mkdir home/.docker
	echo '{"auths":' >home/.docker/config.json
	take --from-login --all
	refused 3 entry-missing
	told 'home/.docker/config.json was skipped: line 2'
	config ghcr.io a p >home/.docker/config.json
	chmod 0 home/.docker/config.json
	run_split unprivileged "$REGCRED_GEN" --from-login --all
	refused 4 input-failed home/.docker/config.json
}

@test "what cannot be used has a hint" {
	while IFS='|' read -r CASE id hint; do
		printf %s "$CASE" >c
		run_split regcred --from-file c
		refused 3 "$id"
		told "hint: $hint"
	done <<-'END'
		|json-invalid|a Docker config is a JSON object
		[]|config-invalid|a Docker config is a JSON object
		{"auths":[]}|config-invalid|a Docker config is a JSON object
		{}|entry-missing|docker login writes one
		{"auths":{"a.io":{}}}|entry-unusable|log in again
		{"auths":{"a.io":{"auth":"!"}}}|entry-unusable|log in again
		{"auths":{"a.io":{"identitytoken":"hunter2"}}}|entry-unusable|log in again
		{"auths":{"a.io":{"username":"u","password":"hun\nter2"}}}|password-invalid|give it as the registry shows it
	END
}

@test "a registry that a file lacks: the file is named" {
	echo '{"auths":{"a.io":{"auth":"dXNlcjpwYXNz"}}}' >c
	run_split regcred --from-file c -r b.io
	refused 3 entry-missing 'c: there is no login for registry "b.io"'
	told 'without --registry, all'
	run_split regcred --from-file - -r b.io <c
	refused 3 entry-missing 'standard input: there is no login for registry "b.io"'
}

@test "a message about many entries is printed ten times, and counted" {
	perl -e 'print "{\"auths\":{", join(",", map { "\"https://r$_.example.com\":{\"auth\":\"YTpi\"}" } 1 .. 30), "}}"' >many
	regcred --from-file many >out 2>said
	grep -q '^kind: Secret' out
	[[ $(grep -c 'is written as' said) == 10 && $(wc -l <said) == 11 ]]
	grep -q '20 more like the last one \[registry-normalised\]' said
}

@test "the key of a Google service account is a password" {
	run_split regcred --from-file <(echo '{"type": "service_account", "private_key": "x"}') -r gcr.io
	refused 3 config-invalid
	[[ $stderr == *"hint: a service account's key is a password: give it with --password-file"* ]]
}
