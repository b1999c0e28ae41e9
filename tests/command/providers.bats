#!/usr/bin/env bats
# What registries are known to want.
# shellcheck disable=SC2034 # CASE is for fail

load common

ZERO=00000000-0000-0000-0000-000000000000

# jwt SECONDS: a token that ends so many seconds from now.
jwt() {
	local payload
	payload=$(printf '{"sub":"hunter2","exp":%d}' $(($(date +%s) + $1)) | base64 -w0 | tr -d = | tr +/ -_)
	printf 'eyJhbGciOiJub25lIn0.%s.c2lnbmF0dXJl' "$payload"
}

# ecr SECONDS: a password as Amazon ECR gives it.
ecr() {
	printf '{"payload":"hunter2","datakey":"x","version":"2","type":"DATA_KEY","expiration":%d}' $(($(date +%s) + $1)) | base64 -w0
}

# give HOST SECRET [OPTION...]
give() {
	SECRET_9=$2 run_split regcred -o config -r "$1" --password-env SECRET_9 "${@:3}" </dev/null
	untold "$2"
	untold hunter2
}

has_user() {
	[[ $(jq -r '.auths[].username' "$OUT") == "$1" ]] || fail "the user name is another"
}

@test "the fixed user name of a provider is used when none is given" {
	local host secret user ids
	while read -r host secret user ids; do
		CASE="$host $secret"
		case $secret in
		JWT) secret=$(jwt 999999) ;;
		JSON) secret='{"type":"service_account","private_key":"hunter2"}' ;;
		ECR) secret=$(printf '{"payload":"hunter2"}' | base64 -w0) ;;
		BASE64) secret=$(printf '{"type":"service_account"}' | base64 -w0) ;;
		esac
		# shellcheck disable=SC2086 # several ids
		give "$host" "$secret" && made username-fixed $ids
		has_user "$user"
		told "$host"
		# shellcheck disable=SC2086 # several ids
		give "$host" "$secret" -q && made $ids
	done <<-END
		123456789012.dkr.ecr.eu-west-1.amazonaws.com ECR AWS token-short-lived
		123456789012.dkr.ecr-fips.us-east-1.amazonaws.com ECR AWS token-short-lived
		123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn ECR AWS token-short-lived
		public.ecr.aws ECR AWS token-short-lived
		nvcr.io nvapi-key \$oauthtoken
		us.icr.io some-api-key iamapikey
		icr.io some-api-key iamapikey
		de.icr.io JWT iambearer
		cp.icr.io some-entitlement cp
		gcr.io JSON _json_key
		europe-west1-docker.pkg.dev JSON _json_key
		eu.gcr.io BASE64 _json_key_base64
		gcr.io ya29.a0some-token oauth2accesstoken token-short-lived
		myreg.azurecr.io JWT $ZERO
		registry.gitlab.com glcbt-some-job gitlab-ci-token token-short-lived
		ocir.eu-frankfurt-1.oci.oraclecloud.com JWT BEARER_TOKEN
	END
}

@test "a user name that is given is kept, and none is invented" {
	give us.icr.io some-api-key -u iamapikey
	made
	has_user iamapikey
	for CASE in ghcr.io quay.io reg.example.com docker.io registry.example.com/nvcr.io nvcr.io.example.com; do
		SECRET_9=hunter2 run_split setsid "$REGCRED_GEN" -r "$CASE" --password-env SECRET_9 </dev/null
		refused 2 username-missing
	done
	for CASE in myreg.azurecr.io registry.gitlab.com; do
		SECRET_9=hunter2 run_split setsid "$REGCRED_GEN" -r "$CASE" --password-env SECRET_9 </dev/null
		ended 2
		refused 2 username-missing "$CASE"
	done
}

@test "a wrong user name is warned about" {
	local host user secret
	while read -r host user secret; do
		CASE="$host $user"
		[[ $secret != JSON ]] || secret='{"a":"b"}'
		give "$host" "$secret" -u "$user"
		ended 0
		[[ " $(message_ids) " == *' username-provider '* ]] || fail "no warning"
		told "registry \"$host\""
		told hint:
		has_user "$user"
		give "$host" "$secret" -u "$user" --strict
		refused 3 username-provider
	done <<-END
		harbor.example.com robot some-secret
		harbor.example.com robot\$ some-secret
		harbor.example.com robot\\\$ci some-secret
		harbor.example.com robot+ci some-secret
		123456789012.dkr.ecr.eu-west-1.amazonaws.com octocat some-token
		public.ecr.aws aws some-token
		gcr.io octocat JSON
		gcr.io _json_key ya29.token
		myreg.azurecr.io $ZERO some-secret
		nvcr.io oauthtoken some-key
		nvcr.io octocat some-key
		us.icr.io a@example.com some-key
		registry.redhat.io 12345678 some-token
		registry.gitlab.com octocat glcbt-some
		eu-frankfurt-1.ocir.io octocat some-token
	END
}

@test "a right user name is not warned about" {
	local host user secret
	while read -r host user secret; do
		CASE="$host $user"
		give "$host" "$secret" -u "$user"
		made
	done <<-'END'
		harbor.example.com robot$ci some-secret
		harbor.example.com robot$project+ci some-secret
		quay.io org+robot some-secret
		ghcr.io octocat ghp_some
		https://index.docker.io/v1/ octocat dckr_pat_some
		nvcr.io $oauthtoken some-key
		myreg.azurecr.io some-principal some-secret
		registry.redhat.io 12345678|name some-token
		registry.gitlab.com gitlab+deploy-token-1 gldt-some
		eu-frankfurt-1.ocir.io tenancy/user some-token
		robot.example.com octocat some-secret
	END
}

@test "a secret that has ended is refused" {
	local secret
	for secret in "$(jwt -60)" "$(jwt -864000)" "$(ecr -7200)"; do
		CASE=$secret
		give reg.example.com "$secret" -u user
		refused 3 token-expired reg.example.com
		told ' ago'
	done
	CASE=
	give myreg.azurecr.io "$(jwt -7200)"
	refused 3 token-expired myreg.azurecr.io
	give reg.example.com "$(jwt -864000)" -u user
	told '10 days ago'
	printf '{"auths":{"reg.example.com":{"username":"u","password":"%s"}}}' "$(jwt -60)" >c
	run_split regcred --from-file c
	refused 3 token-expired reg.example.com
}

@test "a secret that ends within the day is warned about, with the time that is left" {
	local seconds left
	while read -r seconds left; do
		CASE=$seconds
		give reg.example.com "$(jwt "$seconds")" -u user
		made token-short-lived
		told "expires in $left"
		give reg.example.com "$(ecr "$seconds")" -u user
		made token-short-lived
		told "expires in $left"
	done <<-'END'
		7230 2 h
		2430 40 min
		7530 2 h 5 min
		86000 23 h
	END
	CASE=
	give reg.example.com "$(jwt 7230)" -u user --strict
	refused 3 token-short-lived
	for CASE in 87000 864000 99999999; do
		give reg.example.com "$(jwt "$CASE")" -u user
		made
	done
	CASE='what it says of itself counts'
	give 123456789012.dkr.ecr.eu-west-1.amazonaws.com "$(ecr 39630)" -u AWS
	made token-short-lived
	told 'expires in 11 h'
}

@test "a secret that is known to be short-lived is warned about" {
	local host user secret
	while read -r host user secret; do
		CASE="$host $secret"
		give "$host" "$secret" -u "$user"
		made token-short-lived
		told "$host"
	done <<-'END'
		ghcr.io octocat ghs_some-token
		registry.gitlab.com gitlab-ci-token some-job-token
		gcr.io oauth2accesstoken ya29.some
		registry.eu-central-1.aliyuncs.com cr_temp_user some
	END
}

@test "help registries lists every host of the table" {
	local source=$REPOSITORY/src/core/registry/provider.c host
	run_split regcred help registries
	made
	# The strings of each .hosts, up to the comma that ends it.
	awk '/\.hosts = /{on = 1} on {print} on && /,$/ {on = 0}' "$source" | grep -o '"[^"]*"' | tr -d '"' |
		tr ' ' '\n' | grep . >hosts
	(($(wc -l <hosts) > 30))
	tr ' ()' '\n' <"$OUT" >words
	while read -r host; do
		CASE=$host
		grep -qxF -- "$host" words || fail "it is not listed"
	done <hosts
	CASE=
	[[ $(grep -c '^  least privilege  .' "$OUT") == "$(grep -c '\.least =' "$source")" ]]
	[[ $(grep -c '^  user name        .' "$OUT") == "$(grep -c '\.username =' "$source")" ]]
}

@test "help registries fits on a terminal, and explains one host" {
	run_split regcred help registries
	made
	run ! grep -nE '.{81}' "$OUT"
	run_split regcred help registries ghcr.io
	made
	[[ $(head -n 1 "$OUT") == 'GitHub Container Registry' ]]
	run ! grep -nE '.{81}' "$OUT"
	[[ $(grep -c '^  least privilege' "$OUT") == 1 ]]
	run_split regcred help registries https://acme.azurecr.io/v2/
	made
	[[ $(head -n 1 "$OUT") == 'Azure Container Registry' ]]
	run_split regcred help registries registry.example.com
	made
	[[ $output == 'registry.example.com is not known'* && $output == *Harbor*Gitea* ]]
	run_split regcred help registries ghrc.io
	refused 2 registry-lookalike ghcr.io
	run_split regcred help registries 'no host'
	refused 2 registry-invalid
	run_split regcred help registries ghcr.io quay.io
	refused 2 argument-extra
}
