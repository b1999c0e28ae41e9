#!/usr/bin/env bats
# regcred-gen match: which credential the kubelet tries, and why not the others.
# shellcheck disable=SC2016,SC2034 # jq's own variables; CASE is for fail

load common

# secret NAME NAMESPACE CONFIG [TYPE]: a pull Secret, one JSON object on one line.
secret() {
	local type=${4:-kubernetes.io/dockerconfigjson} key=.dockerconfigjson
	[[ $type != *dockercfg ]] || key=.dockercfg
	jq -cn --arg name "$1" --arg namespace "$2" --arg config "$3" --arg type "$type" --arg key "$key" \
		'{apiVersion: "v1", kind: "Secret", metadata: ({name: $name} +
		if $namespace == "" then {} else {namespace: $namespace} end), type: $type, data: {($key): ($config | @base64)}}'
}

# config KEY USER [KEY USER]...: a Docker config; every password is hunter2.
config() {
	jq -cn '[$ARGS.positional | range(0; length; 2) as $i | {key: .[$i], value:
		{username: .[$i + 1], password: "hunter2", auth: (.[$i + 1] + ":hunter2" | @base64)}}] | {auths: from_entries}' \
		--args "$@"
}

# workload KIND NAME NAMESPACE SPEC [PATH]: SPEC at spec.template.spec, or at PATH (a jq path).
workload() {
	jq -cn --arg kind "$1" --arg name "$2" --arg namespace "$3" --argjson spec "$4" \
		'{apiVersion: "apps/v1", kind: $kind, metadata: {name: $name, namespace: $namespace}} | '"${5:-.spec.template.spec}"' = $spec'
}

# answers FILTER: of the JSON that was written.
answers() {
	jq -c "$1" "$OUT"
}

# shows TEXT: standard output has it.
shows() {
	[[ $output == *"$1"* ]] || fail "it does not show: $1
$output"
}

# --- the order of the kubelet -----------------------------------------------------------

@test "every vector of the kubelet holds" {
	vectors=$REPOSITORY/tests/vectors/kubelet-match.jsonl
	# An argument cannot hold a zero byte.
	jq -c 'select(.image | explode | all(. != 0))' "$vectors" >cases
	while IFS= read -rd '' image && IFS= read -rd '' manifest; do
		status=0
		"$REGCRED_GEN" match -o json -- "$image" <<<"$manifest" >one 2>err || status=$?
		answer=$(<one)
		printf '{"status":%d,"answer":%s}\n' "$status" "${answer//$'\n'/}"
	done >answers < <(jq -j '(.secret_types // []) as $types | .image, "\u0000",
		({apiVersion: "v1", kind: "List", items: [(.secrets_b64 // (.secrets | map(@base64))) | to_entries[] |
		($types[.key] // "kubernetes.io/dockerconfigjson") as $type |
		{apiVersion: "v1", kind: "Secret", metadata: {name: "s\(.key)"}, type: $type,
		data: {(if $type | endswith("dockercfg") then ".dockercfg" else ".dockerconfigjson" end): .value}}]} | tojson),
		"\u0000"' cases)
	[[ $(wc -l <answers) == $(wc -l <cases) && $(wc -l <cases) -gt 1000 ]]
	paste -d '\n' cases answers | jq -nc '
		def shown: if test("[@?#]") then "not as written" else . end;
		def expected: if .error_kind == "image" then {status: 2} elif .error then {status: 1}
			else {status: (if any(.expect[]; (.username // .username_b64) != "") then 0 else 1 end), repo,
			matches: [.expect[] | [(.key | shown), .username, "s\(.secret)", .hub_fallback // false]]} end;
		def found($case): .status as $status | .answer[0] | if .error then {status: $status}
			else {status: $status, repo: .repository, matches: [.credentials | to_entries[] | .key as $i | .value |
			[(.registry | shown), if $case.expect[$i].username_b64 then null else .username end, .secret, .hubFallback]]} end;
		[inputs] as $all | range(0; $all | length; 2) as $i | $all[$i] as $case |
		($all[$i + 1] | found($case)) as $found | if ($case | expected) == $found then "same" else
		[$case.id, ($case | expected), $found] end' >compared
	grep -v '^"same"$' compared || true
	[[ $(grep -c '^"same"$' compared) == $(wc -l <cases) ]]
}

@test "JSON has these members in this order, and no password" {
	secret pull dev "$(config ghcr.io a quay.io b docker.io c)" >s.json
	run_split regcred match -f s.json -o json ghcr.io/org/app:1
	made
	wrote <<-'END'
		[
		    {
		        "image": "ghcr.io/org/app:1",
		        "repository": "ghcr.io/org/app",
		        "credentials": [
		            {
		                "registry": "ghcr.io",
		                "username": "a",
		                "namespace": "dev",
		                "secret": "pull",
		                "file": "s.json",
		                "hubFallback": false,
		                "usable": true
		            }
		        ],
		        "unmatched": [
		            {
		                "registry": "quay.io",
		                "namespace": "dev",
		                "secret": "pull",
		                "reason": "host"
		            },
		            {
		                "registry": "docker.io",
		                "namespace": "dev",
		                "secret": "pull",
		                "reason": "host"
		            }
		        ],
		        "unmatchedCount": 2,
		        "unknown": []
		    }
		]
	END
	[[ $(<"$OUT") != *hunter2* && $(<"$OUT") != *"$(printf a:hunter2 | base64)"* ]]
}

@test "bytes that are not UTF-8 are replaced in JSON, a zero byte is kept" {
	printf '{"auths":{"a.io/\\u0000":{"username":"x"},"a.io":{"username":"\377\\u0000y"}}}' >config.json
	run_split regcred match -f config.json -o json a.io/app
	ended 0
	jq -e '.[0].credentials[0].username == "\ufffd\u0000y" and .[0].unmatched[0].registry == "a.io/\u0000"' "$OUT"
}

@test "text shows the winner, why it wins, the others and the fixes" {
	secret pull dev "$(config ghcr.io/org a ghcr.io b)" >s.json
	secret other dev "$(config quay.io c registry-1.docker.io d)" >>s.json
	run_split regcred match -f s.json ghcr.io/org/app:1 ghcr.io/orgx/app quai.io/x ubuntu
	ended 1
	[[ $(head -4 "$OUT") == 'ghcr.io/org/app:1
  1.  ghcr.io/org  a  Secret dev/pull
      wins: for this host, the longest matching path is tried first
  2.  ghcr.io      b  Secret dev/pull' ]] || fail "the first lines are others: $output"
	shows 'hint: to end it there, write ghcr.io/org/'
	shows 'correct the image, whose host looks like quay.io, but is another host'
	shows 'no credential in the Secrets; the node may have its own'
	shows 'https://index.docker.io/v1/'
	[[ $output != *hunter2* && $output != *$'\033'* ]]
}

@test "capitals in the image are corrected in the image" {
	secret pull dev "$(config ghcr.io/org a)" >s.json
	run_split regcred match -f s.json GHCR.io/org/app
	ended 1
	shows 'hint: write both in lower case, or here GHCR.io/org'
}

@test "a Secret that is named twice is tried twice; a name near the match is not a mistake" {
	secret first dev "$(config registry-1.io a registry-2.io b)" >s.json
	workload Deployment app dev '{"imagePullSecrets":[{"name":"first"},{"name":"first"}],"containers":[{"name":"a","image":"registry-1.io/a"}]}' >w.json
	run_split regcred match --for w.json -f s.json -o json
	made
	[[ $(answers '.[0].credentials | map(.username)') == '["a","a"]' ]]
	run_split regcred match --for w.json -f s.json
	made
	[[ $output != *typo* ]]
}

@test "the order of two keys that mean the same is reported as random" {
	secret pull dev "$(config a.io x https://a.io/v1/ y)" >s.json
	run_split regcred match -f s.json a.io/app
	made
	shows 'the order is random'
	shows 'previous one is random'
}

@test "one Secret that cannot be decoded makes every image fail, and is named" {
	secret good dev "$(config ghcr.io a)" >s.json
	secret bad dev '{"auths":{"quay.io":{"auth":"!"}}}' >>s.json
	run_split regcred match -f s.json ghcr.io/app
	ended 1
	shows 'Secret dev/bad: line 1, column'
	run_split regcred match -f s.json -o json ghcr.io/app
	ended 1
	[[ $(answers '.[] | [keys_unsorted, (.error | startswith("Secret dev/bad: "))]') == '[["image","error"],true]' ]]
	# What the API server would refuse.
	echo '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"},"type":"kubernetes.io/dockerconfigjson","data":{".dockerconfigjson":"a b"}}' >s.json
	run_split regcred match -f s.json ghcr.io/app
	ended 1
	shows 'Secret x: '
}

@test "an entry without a user name counts as a match that cannot be used" {
	echo '{"auths":{"ghcr.io":{}}}' >config.json
	run_split regcred match -f config.json ghcr.io/app
	ended 1
	shows '(no user name)'
	shows 'no credential with a user name'
	run_split regcred match -f config.json -o json ghcr.io/app
	ended 1
	[[ $(answers '.[0].credentials[0].usable') == false ]]
	# One that can be used decides.
	{ secret a dev '{"auths":{"ghcr.io":{}}}'; secret b dev "$(config ghcr.io b)"; } >s.json
	run_split regcred match -f s.json -o json ghcr.io/app
	made
	[[ $(answers '.[0].credentials | map(.usable)') == '[false,true]' ]]
}

@test "a bare map of registries is read as one" {
	echo '{"ghcr.io":{"auth":"YTpi"},"quay.io":{"auth":"YTpi"}}' >dockercfg
	run_split regcred match -f dockercfg -o json ghcr.io/app
	made
	[[ $(answers '.[0].credentials | map(.registry)') == '["ghcr.io"]' ]]
}

@test "a registry key is shown without the credential in it" {
	echo '{"auths":{"user:hunter2@ghcr.io":{"username":"a"},"u:hunter2@quay.io":{}}}' >config.json
	run_split regcred match -f config.json ghcr.io/app
	made
	[[ $output != *hunter2* ]] || fail "there is a password"
}

@test "control characters are escaped" {
	secret $'x\033[31m' dev "$(config $'ghcr.io/\033[2J' $'a\033]0;x\a')" >s.json
	run_split regcred match -f s.json ghcr.io/app
	ended 1
	[[ $output != *$'\033'* ]]
	shows '\x1b'
	secret $'x\033[31m' dev '{"auths":7}' >s.json
	run_split regcred match -f s.json ghcr.io/app
	ended 1
	[[ $output != *$'\033'* ]]
	shows '\x1b'
}

# --- where Secrets come from -----------------------------------------------------------

@test "YAML, JSON, Lists, folders, standard input and bare configs are read" {
	mkdir folder
	regcred one -r a.io -u a -p x >folder/1.yaml 2>err
	{ cat folder/1.yaml; echo ---; sed 's/one/two/' folder/1.yaml; } >folder/2.yml
	{ secret three '' "$(config c.io c)"; secret four '' '{"d.io":{"username":"d","password":"p"}}' kubernetes.io/dockercfg; } |
		jq -s '{apiVersion: "v1", kind: "List", items: .}' >folder/3.json
	config e.io e >config.json
	run_split regcred match -f folder -f config.json -o json a.io/x c.io/x d.io/x e.io/x
	made
	[[ $(answers '[.[].credentials | map(.username) | join("+")]') == '["a+a+a","c","d","e"]' ]]
	[[ $(answers '.[0].credentials | map(.file + " " + .secret)') == '["folder/1.yaml one","folder/2.yml one","folder/2.yml two"]' ]]
	run_split regcred match -o json a.io/x <folder/2.yml
	made
	[[ $(answers '.[0].credentials[0].file') == '"-"' ]]
	run_split regcred match -f - ghcr.io/org/app <<<'a: ['
	refused 3 manifest-invalid 'standard input:2:1: '
	run_split regcred match -f - ghcr.io/org/app <<<'a: {{ b }}'
	told 'standard input:1: the document is a template'
}

@test "a Secret of another type is skipped with a warning" {
	secret pull dev "$(config ghcr.io a)" Opaque >s.json
	run_split regcred match -f s.json ghcr.io/app
	ended 1
	[[ $(message_ids) == 'secret-type secret-absent' ]] || fail "the messages are others"
}

@test "Secrets of several namespaces: a note, and --namespace looks at one" {
	{ secret pull dev "$(config ghcr.io a)"; secret pull prod "$(config ghcr.io b)"; } >s.json
	run_split regcred match -f s.json -o json ghcr.io/app
	made namespaces-mixed
	[[ $(answers '.[0].credentials | map(.username)') == '["a","b"]' ]]
	run_split regcred match -f s.json -n prod -o json ghcr.io/app
	made
	[[ $(answers '.[0].credentials | map(.username)') == '["b"]' ]]
}

@test "a document that does not parse ends it with nothing written" {
	{ secret pull dev "$(config ghcr.io a)"; printf -- '---\na: [\n'; } >s.yaml
	run_split regcred match -f s.yaml ghcr.io/app
	refused 3 manifest-invalid s.yaml:
	run_split regcred match -f none.yaml ghcr.io/app
	refused 4 input-failed none.yaml
}

@test "a template is skipped with a warning" {
	{ echo ---; secret pull dev "$(config ghcr.io a)"; printf -- '---\nname: {{ .X }}\n'; } >s.yaml
	run_split regcred match -f s.yaml ghcr.io/app
	made template
	run_split regcred match --strict -f s.yaml ghcr.io/app
	ended 1
}

@test "an invalid IMAGE is a usage error; JSON has an item for it" {
	secret pull dev "$(config ghcr.io a)" >s.json
	run_split regcred match -f s.json ghcr.io/app ghcr.io/Bad
	refused 2 image-invalid ghcr.io/bad
	run_split regcred match -f s.json -o json ghcr.io/app ghcr.io/Bad
	ended 2
	[[ $(answers '[.[] | keys_unsorted]') == '[["image","repository","credentials","unmatched","unmatchedCount","unknown"],["image","error"]]' ]]
	run_split regcred match -f s.json
	refused 2 image-missing --for
	run_split regcred match -f s.json -o yaml ghcr.io/app
	refused 2 option-value 'text json'
}

# --- workloads ------------------------------------------------------------------------------

SPEC='{"imagePullSecrets":[{"name":"second"},{"name":""},{"name":"first"}],"containers":[{"name":"a","image":"ghcr.io/a"}],
	"initContainers":[{"name":"i","image":"ghcr.io/i"}],"ephemeralContainers":[{"name":"e","image":"ghcr.io/e"}]}'

@test "every kind of workload is read, init and ephemeral containers too" {
	{ secret first dev "$(config ghcr.io one)"; secret second dev "$(config ghcr.io two)"; } >s.json
	while read -r kind path; do
		CASE=$kind
		workload "$kind" app dev "$SPEC" "$path" >w.json
		case $kind in
		Pod | ReplicationController) sed -i 's,apps/v1,v1,' w.json ;;
		Job | CronJob) sed -i 's,apps/v1,batch/v1,' w.json ;;
		esac
		run_split regcred match --for w.json -f s.json -o json
		made
		[[ $(answers '[.[].image] | sort') == '["ghcr.io/a","ghcr.io/e","ghcr.io/i"]' ]] || fail "images: $output"
		# In the order of imagePullSecrets, not of the file.
		[[ $(answers '.[0].credentials | map(.username)') == '["two","one"]' ]] || fail "order: $output"
	done <<-'END'
		Pod .spec
		Deployment .spec.template.spec
		StatefulSet .spec.template.spec
		DaemonSet .spec.template.spec
		ReplicaSet .spec.template.spec
		ReplicationController .spec.template.spec
		Job .spec.template.spec
		CronJob .spec.jobTemplate.spec.template.spec
	END
}

@test "a workload sees the Secrets of its own namespace alone" {
	{ secret first prod "$(config ghcr.io wrong)"; secret first dev "$(config ghcr.io right)"
		secret second '' "$(config ghcr.io anywhere)"; } >s.json
	workload Deployment app dev "$SPEC" >w.json
	run_split regcred match --for w.json -f s.json -o json
	made
	[[ $(answers '.[0].credentials | map(.username)') == '["anywhere","right"]' ]]
}

@test "a name that is not among the Secrets is reported" {
	secret first dev "$(config ghcr.io one)" >s.json
	workload Deployment app dev "$SPEC" >w.json
	run_split regcred match --for w.json -f s.json
	made reference-missing
	told 'Deployment dev/app names Secret second'
	# A bare config may be what it is to hold.
	config ghcr.io bare >config.json
	run_split regcred match --for w.json -f config.json -o json
	made
	[[ $(answers '.[0].credentials | map(.username)') == '["bare"]' ]]
}

@test "a workload that names none has those of its ServiceAccount, if it is given" {
	secret first dev "$(config ghcr.io one)" >s.json
	workload Deployment app dev '{"containers":[{"name":"a","image":"ghcr.io/a"}]}' >w.json
	run_split regcred match --for w.json -f s.json
	ended 1
	told 'ServiceAccount default is not among the manifests'
	shows 'Deployment dev/app names no Secret'
	echo '{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default","namespace":"dev"},"imagePullSecrets":[{"name":"first"}]}' >sa.json
	for where in '--for' '-f'; do
		CASE=$where
		run_split regcred match --for w.json -f s.json "$where" sa.json
		made
		shows 'uses first, of ServiceAccount default'
	done
	# One that names some itself does not get them.
	workload Deployment app dev '{"imagePullSecrets":[{"name":"other"}],"containers":[{"name":"a","image":"ghcr.io/a"}]}' >w.json
	run_split regcred match --for w.json -f s.json -f sa.json
	ended 1
}

@test "an invalid image of a workload is an answer; one that is a template is unknown" {
	secret first dev "$(config ghcr.io one)" >s.json
	workload Deployment app dev '{"imagePullSecrets":[{"name":"first"}],"containers":[{"name":"a","image":"ghcr.io/A"},{"name":"b","image":"${IMAGE}"}]}' >w.json
	run_split regcred match --for w.json -f s.json -o json
	ended 1
	[[ $(message_ids) == image-unknown ]] || fail "the messages are others"
	[[ $(answers '[.[] | [.image, has("error"), .unknown]]') == '[["ghcr.io/A",true,null],["${IMAGE}",false,["the image is not filled in yet"]]]' ]]
	# Nothing else decides: it is neither a match nor a miss.
	sed -i 's,ghcr.io/A,auto,' w.json
	run_split regcred match --for w.json -f s.json
	made image-unknown image-unknown
	shows 'not known: the image is not filled in yet'
}

@test "without IMAGE and --for, the workloads beside the Secrets are checked" {
	{ secret first dev "$(config ghcr.io one)"; workload Deployment app dev \
		'{"imagePullSecrets":[{"name":"first"}],"containers":[{"name":"a","image":"ghcr.io/a"}]}'; } >all.json
	run_split regcred match -f all.json -o json
	made
	[[ $(answers '[.[].image]') == '["ghcr.io/a"]' ]]
	run_split regcred match -f all.json -o json ghcr.io/b
	made
	[[ $(answers '[.[].image]') == '["ghcr.io/b"]' ]]
	run_split regcred match --for - -o json <all.json
	made
	run_split regcred match --for - -f - <all.json
	refused 2 stdin-twice
	secret first dev '{}' >s.json
	run_split regcred match --for s.json -f all.json
	refused 3 workload-none s.json
	run_split regcred match --for all.json -f all.json -n elsewhere
	refused 3 workload-none 'no workload of namespace elsewhere in all.json'
}

# --- very many entries ------------------------------------------------------------------------

@test "of very many entries, text shows those near the image and counts the rest" {
	jq -cn '{auths: (([range(300) | {key: "r\(.).example.com", value: {username: "u"}}] | from_entries) +
		{"ghcr.io/team": {}, "gchr.io": {}, "registry-1.docker.io": {}})}' >config.json
	run_split regcred match -f config.json ghcr.io/app
	ended 1
	shows 'ghcr.io/team'
	shows 'gchr.io'
	shows '283 more entries do not match'
	run_split regcred match -f config.json ubuntu
	ended 1
	shows registry-1.docker.io
	run_split regcred match -f config.json -o json ghcr.io/app
	ended 1
	[[ $(answers '.[0] | [(.unmatched | length), .unmatchedCount, .unmatched[0].registry, .unmatched[1].registry]') == '[20,303,"ghcr.io/team","gchr.io"]' ]]
}

# --- on a terminal ------------------------------------------------------------------------------

@test "on a terminal there are columns and colours, and NO_COLOR takes the colours" {
	secret pull dev "$(config ghcr.io a ghcr.io/long/path b)" >s.json
	: >script
	on_terminal() {
		PTY_TRANSCRIPT=shown TERM=xterm "$REGCRED_TOOLS/pty" --stdio-tty script -- "$REGCRED_GEN" "$@"
	}
	on_terminal match -f s.json ghcr.io/long/path/x
	grep -qF $'\033[32m1.' shown
	sed 's/\x1b\[[0-9;]*m//g' shown | grep -q '^  2\.  ghcr.io            a  Secret'
	NO_COLOR=1 on_terminal match -f s.json ghcr.io/long/path/x
	run ! grep -q $'\033' shown
	on_terminal show s.json
	grep -qF $'\033[1mSecret dev/pull' shown
	sed 's/\x1b\[[0-9;]*m//g' shown | grep -q '^  ghcr.io            a                       7  agrees'
}

# deployment NAMESPACE IMAGE...: one that names Secret pull, into w.json.
deployment() {
	workload Deployment web "$1" "$(jq -cn '{imagePullSecrets: [{name: "pull"}],
		containers: [$ARGS.positional[] | {name: "c", image: .}]}' --args "${@:2}")" >w.json
}

@test "a workload without a namespace, and its Secret in several: a warning, which -n avoids" {
	{ secret pull prod "$(config ghcr.io b)"; secret pull dev "$(config ghcr.io a)"; } >s.json
	deployment '' ghcr.io/app
	run_split regcred match -f s.json --for w.json -o json
	made namespace-vague
	told '"pull" is in several, such as dev and prod: that of dev is taken'
	[[ $(answers '.[0].credentials | map(.username)') == '["a"]' ]]
	run_split regcred match -f s.json --for w.json --strict
	ended 1
	run_split regcred match -f s.json --for w.json -n prod -o json
	made
	[[ $(answers '.[0].credentials | map(.username)') == '["b"]' ]]
	# One without a namespace may be meant for it: that one goes first.
	secret pull '' "$(config ghcr.io c)" >>s.json
	run_split regcred match -f s.json --for w.json -o json
	made
	[[ $(answers '.[0].credentials | map(.username)') == '["c"]' ]]
}

@test "the Secret of the very namespace goes first; of two, the later one" {
	{
		secret pull dev "$(config ghcr.io old)"
		secret pull dev "$(config ghcr.io new)"
		secret pull '' "$(config ghcr.io any)"
	} >s.json
	deployment dev ghcr.io/app
	run_split regcred match -f s.json --for w.json -o json
	made
	[[ $(answers '.[0].credentials | map(.username)') == '["new"]' ]]
	deployment test ghcr.io/app
	run_split regcred match -f s.json --for w.json -o json
	made
	[[ $(answers '.[0].credentials | map(.username)') == '["any"]' ]]
}

@test "images of one workload are answered once each, in order, many too" {
	config reg.example.com a >c.json
	mapfile -t images < <(seq -f 'reg.example.com/a%g' 1 40)
	deployment dev "${images[@]}" "${images[@]}" reg.example.com/z
	run_split regcred match -f c.json --for w.json -o json
	made
	[[ $(answers 'map(.image)') == "$(jq -nc '[$ARGS.positional[]]' --args "${images[@]}" reg.example.com/z)" ]]
}
