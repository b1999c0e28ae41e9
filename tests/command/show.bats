#!/usr/bin/env bats
# regcred-gen show: what is inside pull Secrets, passwords hidden.
# shellcheck disable=SC2034 # CASE is for fail
# shellcheck disable=SC2154 # run_split sets stderr

load common

# secret NAME CONFIG [TYPE]
secret() {
	local type=${3:-kubernetes.io/dockerconfigjson} key=.dockerconfigjson
	[[ $type != *dockercfg ]] || key=.dockercfg
	printf '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"%s","namespace":"dev"},"type":"%s","data":{"%s":"%s"}}\n' \
		"$1" "$type" "$key" "$(printf %s "$2" | base64 -w0)"
}

# jwt EXP: a token that says it ends then.
jwt() {
	printf '%s.%s.c2ln' "$(printf '{"alg":"none"}' | base64 -w0 | tr -d =)" "$(printf '{"exp":%s}' "$1" | base64 -w0 | tr -d =)"
}

shows() {
	[[ $output == *"$1"* ]] || fail "it does not show: $1
$output"
}

@test "text is a title and a line for each entry, without passwords" {
	secret pull '{"auths":{"ghcr.io":{"username":"octocat","password":"hunter2","auth":"b2N0b2NhdDpodW50ZXIy"},"quay.io":{"username":"b","password":"hunter2"}}}' >s.json
	run_split regcred show s.json
	made
	wrote <<-END
		Secret dev/pull, kubernetes.io/dockerconfigjson, s.json
		  REGISTRY  USER NAME  PASSWORD BYTES  AUTH    PROVIDER
		  ghcr.io   octocat                 7  agrees  GitHub Container Registry
		  quay.io   b                       7  none    Quay.io
	END
	run_split regcred show --reveal <s.json
	made
	shows 'standard input'
	shows 'octocat    hunter2   agrees'
}

@test "a field that does not fit into 80 characters goes to a second line" {
	secret pull '{"auths":{"123456789012.dkr.ecr.eu-west-1.amazonaws.com":{"username":"AWS","password":"hunter2"},"ghcr.io":{"username":"someone-with-a-name-longer-than-others-have-it-but-valid-at-that-registry-it-seems","password":"hunter2"}}}' >s.json
	run_split regcred show s.json
	made
	wrote <<-END
		Secret dev/pull, kubernetes.io/dockerconfigjson, s.json
		  REGISTRY                                      USER NAME  PASSWORD BYTES  AUTH
		    PROVIDER
		  123456789012.dkr.ecr.eu-west-1.amazonaws.com  AWS                     7  none
		    Amazon ECR
		  ghcr.io
		    someone-with-a-name-longer-than-others-have-it-but-valid-at-that-registry-it-seems
		                                                                        7  none
		    GitHub Container Registry
	END
}

@test "JSON has these members in this order" {
	secret pull '{"auths":{"ghcr.io":{"username":"x","password":"y","email":"e@f.g","auth":"b2N0b2NhdDpodW50ZXIy"}}}' >s.json
	run_split regcred show -f s.json -o json
	made
	wrote <<-'END'
		[
		    {
		        "file": "s.json",
		        "namespace": "dev",
		        "name": "pull",
		        "type": "kubernetes.io/dockerconfigjson",
		        "entries": [
		            {
		                "registry": "ghcr.io",
		                "username": "octocat",
		                "passwordLength": 7,
		                "email": "e@f.g",
		                "authAgrees": false,
		                "provider": "ghcr",
		                "expires": null,
		                "problem": null
		            }
		        ]
		    }
		]
	END
	[[ $(<"$OUT") != *hunter2* ]]
	run_split regcred show -f s.json -o json --reveal
	made
	jq -e '.[0].entries[0] | keys_unsorted[2:4] == ["passwordLength", "password"] and .password == "hunter2"' "$OUT"
}

@test "the expiry of a token is shown, also when it is over" {
	secret pull '{"auths":{"a.example.com":{"username":"a","password":"'"$(jwt 4102444800)"'"},"b.example.com":{"username":"a","password":"'"$(jwt 1000000000)"'"}}}' >s.json
	run_split regcred show s.json -o json
	made
	[[ $(jq -c '[.[].entries[].expires]' "$OUT") == '["2100-01-01T00:00:00Z","2001-09-09T01:46:40Z"]' ]]
	run_split regcred show s.json
	made
	shows '2100-01-01T00:00:00Z (in '
	shows '2001-09-09T01:46:40Z ('
	shows ' ago)'
}

@test "what is broken is shown, and the status is 1" {
	while IFS='|' read -r CASE config problem; do
		secret pull "$config" >s.json
		run_split regcred show s.json
		ended 1
		shows "broken: "
		shows "$problem"
		run_split regcred show s.json -o json
		ended 1
		jq -e --arg problem "$problem" 'any(.[].entries[].problem; . and contains($problem))' "$OUT" || fail "not in JSON: $output"
	done <<-'END'
		base64|{"auths":{"ghcr.io":{"auth":"!!!"}}}|is not base64
		colon|{"auths":{"ghcr.io":{"auth":"eA=="}}}|colon
		type|{"auths":{"ghcr.io":7}}|auths["ghcr.io"]
		empty|{"auths":{"ghcr.io":{}}}|neither user name nor password
		token|{"auths":{"ghcr.io":{"identitytoken":"x"}}}|token
		json|{"auths":|line 1, column
		shape|{"ghcr.io":{"auth":"YTpi"}}|no entry under auths
		helper|{"auths":{"ghcr.io":{}},"credsStore":"desktop"}|neither user name nor password
	END
}

@test "one broken entry does not hide the others" {
	secret pull '{"auths":{"ghcr.io":{"auth":"!!!"},"quay.io":{"auth":"YTpi"}}}' >s.json
	secret old '{"d.io":{"auth":"YTpi"}}' kubernetes.io/dockercfg >>s.json
	run_split regcred show s.json -o json
	ended 1
	[[ $(jq -c '[.[] | [.name, (.entries | map(.registry))]]' "$OUT") == '[["pull",["ghcr.io","quay.io"]],["old",["d.io"]]]' ]]
}

@test "-R also reads the folders below, but not hidden ones or links" {
	mkdir -p top/b/deep top/.git top/empty other
	for name in top/z top/b/deep/y top/.git/x other/w; do
		secret "${name##*/}" '{"auths":{"a.io":{"auth":"YTpi"}}}' >"$name.yaml"
	done
	ln -s ../other top/link
	ln -s ../other/w.yaml top/c.yaml
	run_split regcred show top
	((status == 0))
	[[ $(grep -o '[a-z/]*\.yaml' <<<"$output") == $'top/c.yaml\ntop/z.yaml' ]]
	run_split regcred show -R top
	((status == 0))
	[[ $(grep -o '[a-z/]*\.yaml' <<<"$output") == $'top/b/deep/y.yaml\ntop/c.yaml\ntop/z.yaml' ]]
	run_split regcred show top/b
	((status == 4))
	[[ $stderr == *"there is no manifest in the folder top/b"* && $stderr == *"-R"* ]]
	run_split regcred show --recursive top/empty
	((status == 4))
	[[ $stderr == *"there is no manifest in the folder top/empty"* ]]
}

@test "several files, folders and bare Docker configs; other Secrets are skipped" {
	mkdir folder
	secret one '{"auths":{"a.io":{"auth":"YTpi"}}}' >folder/a.json
	secret two '{"auths":{"b.io":{"auth":"YTpi"}}}' >folder/b.yaml
	echo '{"auths":{"c.io":{"auth":"YTpi"}}}' >config.json
	secret other '{}' Opaque | sed 's/\.dockerconfigjson/password/' >>folder/b.yaml
	run_split regcred show folder config.json
	made
	shows 'Secret dev/one, kubernetes.io/dockerconfigjson, folder/a.json'
	shows 'Secret dev/two'
	shows 'Docker config, config.json'
	[[ $output != *other* ]]
}

@test "nothing to show is an error, and nothing is written" {
	echo '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}' >s.json
	run_split regcred show s.json
	refused 3 secret-none
	run_split regcred show -o json s.json
	refused 3 secret-none
	run_split regcred show none.json
	refused 4 input-failed
	run_split regcred show s.json -o yaml
	refused 2 option-value
}

@test "a document or file that cannot be read does not hide the others" {
	secret one '{"auths":{"a.io":{"auth":"YTpi"}}}' >s.json
	printf 'a: [\n' >broken.yaml
	run_split regcred show broken.yaml s.json -o json
	ended 3
	jq -e '.[0].name == "one"' "$OUT"
	told 'broken.yaml:'
	run_split regcred show none.yaml s.json -o json
	ended 4
	jq -e '.[0].name == "one"' "$OUT"
}

@test "control characters are escaped, and replaced in JSON" {
	printf '{"auths":{"a.io\\u001b[2J":{"username":"\\u001b]0;x\\u0007\xff","password":"p\\u001b"}}}' >config.json
	run_split regcred show --reveal config.json
	[[ $output != *$'\033'* && $output == *'\x1b'* ]]
	run_split regcred show config.json -o json
	jq -e '.[0].entries[0].username == "\u001b]0;x\u0007\ufffd"' "$OUT"
}
