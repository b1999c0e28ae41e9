#!/usr/bin/env bats
# check: the command as a person or a CI job meets it. What each rule finds is the unit tests'.
# shellcheck disable=SC2016,SC2034 # dollars and braces that are meant; CASE is for fail

load common

MANUAL=$REPOSITORY/man/regcred-gen.1

# secret NAME [LINE]...: a pull secret; further lines stand in front of its data.
secret() {
	printf '%s\n' 'apiVersion: v1' 'kind: Secret' 'metadata:' "  name: $1" "${@:2}" \
		'type: kubernetes.io/dockerconfigjson' 'data:' \
		'  .dockerconfigjson: eyJhdXRocyI6eyJnaGNyLmlvIjp7ImF1dGgiOiJkWE5sY2pwd1lYTnoifX19'
}

# broken NAME [LINE]...: the same with a value that is not base64, at line 7 + LINEs.
broken() {
	secret "$@" | sed 's/json: .*/json: e30/'
}

# a key with a path, which is worth a warning
leaky() {
	secret "$@" | sed "s|json: .*|json: $(printf '{"auths":{"ghcr.io/org":{"auth":"dXNlcjpwYXNz"}}}' | base64 -w0)|"
}

# a key with a scheme, which is worth a note
schemed() {
	secret "$@" | sed "s|json: .*|json: $(printf '{"auths":{"https://ghcr.io":{"auth":"dXNlcjpwYXNz"}}}' | base64 -w0)|"
}

@test "valid manifests have no findings, in any format" {
	secret one >one.yaml
	run_split regcred check one.yaml
	made && [[ ! -s $OUT ]]
	run_split regcred check -f one.yaml --strict
	made && [[ ! -s $OUT ]]
	run_split regcred check <one.yaml
	made && [[ ! -s $OUT ]]
	run_split regcred check -o json one.yaml
	made && [[ $output == '[]' ]]
	mkdir manifests
	mv one.yaml manifests/
	run_split regcred check manifests
	made && [[ ! -s $OUT ]]
}

@test "what this program writes has no findings" {
	printf %s pass | regcred -r ghcr.io -u user --password-stdin -n a -n b >secret.yaml
	printf %s pass | regcred -u user --password-stdin -o json >secret.json
	run_split regcred check --strict secret.yaml secret.json
	made && [[ ! -s $OUT ]]
}

@test "check says of a Secret what generate says of the credential" {
	local ghp=ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
	while IFS='|' read -r registry user password ids; do
		CASE="$registry $user $password"
		printf %s "$password" >password
		run_split regcred -r "$registry" -u "$user" --password-file password
		cp "$OUT" secret.yaml
		[[ $status != 0 || "$(message_ids)" == "$ids" ]] || fail "generate says: $(message_ids)"
		[[ $status != 0 ]] || {
			run_split regcred check -o json secret.yaml
			[[ $(jq -r '[.[].rule] | unique | join(" ")' "$OUT") == "$ids" ]] || fail "check says: $output"
		}
	done <<-END
		a.io|u|p|
		a.io|u|"p"|credential-doubtful
		a.io|u|TOKEN=p|credential-doubtful
		a.io|u|a b|
		a.io|u|\$x|secret-placeholder
		a.io|robot\$ci|p|
		quay.io|u|$ghp|token-provider
		ghcr.io|u|$ghp|
		qauy.io|u|p|registry-lookalike
		github.com|u|p|registry-no-images
		a.io|u|undefined|
	END
}

@test "a finding is a line with file, place, severity and rule, and a hint" {
	broken one >one.yaml
	run_split regcred check one.yaml
	ended 1 && [[ $stderr == 'checked 1 Secret, 0 ServiceAccounts and 0 workloads in 1 file: 1 error' ]]
	[[ $(sed -n 1p "$OUT") == 'one.yaml:7:22: error: data[".dockerconfigjson"] is not base64 [secret-base64]' ]]
	[[ $(sed -n 2p "$OUT") == 'hint: '* ]]
	run_split regcred check <one.yaml
	ended 1 && [[ $(sed -n 1p "$OUT") == '-:7:22: error: '* ]]
}

@test "JSON is a list of objects with the seven members" {
	broken one >one.yaml
	leaky two >>one.yaml
	{ broken one && echo --- && leaky two; } >one.yaml
	run_split regcred check -o json one.yaml
	ended 1
	jq -e 'length == 2 and all(keys == ["column","file","hint","line","message","rule","severity"])' "$OUT"
	jq -e '.[0] == (.[0] + {file: "one.yaml", line: 7, column: 22, severity: "error", rule: "secret-base64"})' "$OUT"
	jq -e '.[1] | [.line, .column, .severity, .rule] == [15, 22, "warning", "registry-prefix-leak"]' "$OUT"
}

@test "errors make the status 1; warnings with --strict; notes never" {
	leaky one >warning.yaml
	schemed one >note.yaml
	broken one >error.yaml
	run_split regcred check error.yaml
	ended 1
	run_split regcred check warning.yaml
	ended 0 && [[ $output == *': warning: '*'[registry-prefix-leak]'* ]]
	run_split regcred check --strict warning.yaml
	ended 1 && [[ $output == *': warning: '* ]]
	run_split regcred check --strict note.yaml
	ended 0 && [[ $output == *': note: '*'[registry-scheme]'* ]]
}

@test "-q hides notes in text, and in no other form" {
	schemed one >note.yaml
	run_split regcred check -q note.yaml
	made && [[ ! -s $OUT ]]
	run_split regcred check -q -o json note.yaml
	made && jq -e 'length == 1' "$OUT"
}

@test "-v reports which files are read" {
	secret one >one.yaml
	cp one.yaml again.yaml
	run_split regcred check -v one.yaml - <again.yaml
	ended 0 && told 'regcred-gen: read one.yaml' && told standard
}

@test "findings are in the order of the files, then of the lines" {
	broken a >b.yaml
	{ secret x && echo --- && broken y && echo --- && echo 'a: ['; } >a.yaml
	run_split regcred check -o json b.yaml a.yaml
	ended 1
	jq -e '[.[] | [.file, .line]] == [["b.yaml", 7], ["a.yaml", 15], ["a.yaml", 17]]' "$OUT" || jq . "$OUT"
	cp "$OUT" first
	run_split regcred check -o json b.yaml a.yaml
	cmp first "$OUT"
}

@test "a Secret that is lost by a missing --- is reported, whatever the other object is" {
	regcred "${CREDENTIAL[@]}" >joined.yaml
	printf '%s\n' 'apiVersion: v1' 'kind: ServiceAccount' 'metadata:' '  name: a' >>joined.yaml
	run_split regcred check joined.yaml
	[[ $status == 1 && $output == 'joined.yaml:9:7: error: kind appears more than once, and the Secret is lost [object-invalid]
hint: is a --- missing between two objects?' ]] || fail "$output"
	sed -i '8s/^/---\n/' joined.yaml
	run_split regcred check joined.yaml
	[[ $status == 0 && ! $output ]] || fail "$output"
}

@test "a file that cannot be read makes the status 4, and the others are checked" {
	broken one >one.yaml
	run_split regcred check none.yaml one.yaml
	ended 4 && told '[input-failed]' && [[ $output == *one.yaml:7:22:* ]]
	chmod 000 one.yaml
	secret two >two.yaml
	run_split unprivileged "$REGCRED_GEN" check one.yaml two.yaml
	ended 4
}

@test "--ignore silences rules, also several at once" {
	{ broken a && echo --- && leaky b; } >one.yaml
	run_split regcred check --ignore secret-base64 one.yaml
	ended 0 && [[ $output == *registry-prefix-leak* && $output != *secret-base64* ]]
	for rules in secret-base64,registry-prefix-leak 'secret-base64, registry-prefix-leak' \
		' secret-base64 ,registry-prefix-leak,'; do
		run_split regcred check --ignore "$rules" one.yaml
		made && [[ ! -s $OUT ]] || fail "not silent: $rules"
	done
	run_split regcred check --ignore secret-base64 --ignore registry-prefix-leak one.yaml
	made && [[ ! -s $OUT ]]
}

@test "an unknown rule is a usage error, with the nearest one" {
	run_split regcred check --ignore secret-base46 /dev/null
	refused 2 option-value secret-base46 && told 'did you mean secret-base64?'
	run_split regcred check --ignore nonsense /dev/null
	refused 2 option-value && told --list-rules
	run_split regcred check --ignore '' /dev/null
	refused 2 option-value
	run_split regcred check --ignore ' , ' /dev/null
	refused 2 option-value
	run_split regcred check --ignore 'parse-error, nonsense' /dev/null
	refused 2 option-value '"nonsense"'
}

@test "an annotation silences rules for its object alone" {
	note='    regcred-gen/ignore: secret-base64'
	{ broken a '  annotations:' "$note" && echo --- && broken b; } >one.yaml
	run_split regcred check -o json one.yaml
	ended 1
	jq -e '[.[].line] == [17]' "$OUT"
}

@test "an annotation that names no rule is reported on standard error" {
	broken a '  annotations:' '    regcred-gen/ignore: secret-base46' >one.yaml
	run_split regcred check one.yaml
	ended 1 && [[ $(message_ids) == ignore-unknown ]] && told 'one.yaml:6:25'
	secret a '  annotations:' '    regcred-gen/ignore: secret-base46' >one.yaml
	run_split regcred check one.yaml
	ended 0 && [[ $(message_ids) == ignore-unknown && ! -s $OUT ]]
}

@test "the rules are listed, in text and JSON, and stand in the manual" {
	run_split regcred check --list-rules
	made
	awk '{ print $1, $2 }' "$OUT" >rules
	awk 'length($0) > 80 { print; wide = 1 } END { exit wide }' "$OUT"
	[[ $(wc -l <rules) -gt 40 ]]
	run ! grep -vE '^[a-z0-9-]+ (error|warning|note)$' rules
	awk '/^\.Sh / { inside = ($0 == ".Sh RULES") } inside' "$MANUAL" |
		sed -n 's/^\.It \([a-z0-9-]*\) Pq \([a-z]*\)$/\1 \2/p' >found
	diff rules found
	run_split regcred check --list-rules -o json
	made
	jq -r '.[] | .rule + " " + .severity' "$OUT" | diff rules -
	jq -e 'all((.reason | length > 10) and (.help | length > 40))' "$OUT"
	run_split regcred check --list-rules -o sarif
	refused 2 option-value
}

@test "the rules and severities are those of the contract" {
	run_split regcred check --list-rules
	awk '{ print $2, $1 }' "$OUT" | sort >found
	sort >expected <<'END'
error parse-error
error object-invalid
error secret-type
error secret-key
error secret-base64
error secret-placeholder
error secret-double-base64
error secret-too-large
error config-json
error config-no-auths
error config-legacy-shape
error config-helper-only
error auth-base64
error auth-no-colon
error auth-newline
error empty-entry
error identity-token-only
error token-expired
error registry-dead-key
error ref-missing
error ref-namespace
error ref-type
error ref-shape
error image-invalid
error password-invalid
warning credential-doubtful
warning token-provider
warning registry-lookalike
warning registry-no-images
warning ref-absent
warning ref-mount-only
warning static-pod
warning auth-mismatch
warning duplicate-key
warning last-applied-credential
warning token-short-lived
warning username-provider
warning registry-docker-hub-key
warning registry-prefix-leak
warning registry-port
warning registry-ambiguous
warning image-unmatched
warning rbac-secrets-wildcard
warning template
note registry-scheme
note rbac-secrets-unscoped
note rbac-secrets-list
END
	diff expected found
}

@test "every option is in the help and in the manual, and no other" {
	regcred check --help >help
	grep -oE '^ +(-., )?--[a-z-]+' help | grep -oE -- '--[a-z-]+' | sort >expected
	[[ $(wc -l <expected) -gt 10 ]]
	awk '/^\.Sh / { inside = ($0 == ".Sh CHECK") } inside' "$MANUAL" | grep '^\.It Fl' |
		grep -oE 'Fl Fl [a-z-]+' | sed 's/^Fl Fl /--/' | sort >found
	diff expected found
}

@test "what is wrong with the command line is refused, and nothing is read" {
	run_split regcred check -o xml /dev/null
	refused 2 option-value
	run_split regcred check -o json -o text /dev/null
	refused 2 option-repeated
	run_split regcred check --nonsense
	refused 2 unknown-option
	run_split regcred check - -f -
	refused 2 stdin-twice
	run_split regcred check ''
	refused 2 option-value
}

@test "no finding shows a password" {
	jq -nc '{auths: {"a.io": {auth: "hunter2!"}, "b.io": {username: "u", password: "hunter2\n"},
		"user:hunter2@c.io": {}, "d.io": {auth: ("u:hunter2" | @base64), password: "hunter2hunter2"},
		"ghcr.io": {identitytoken: "hunter2"}, "x y?hunter2": {password: "hunter2"}}}' >config
	secret a | sed "s|json: .*|json: $(base64 -w0 config)|" >one.yaml
	{
		printf '%s\n' --- "$(secret b)" "stringData: {.dockerconfigjson: 'hunter2'}"
		printf '%s\n' --- 'apiVersion: v1' 'kind: Secret' 'metadata: {name: c}' 'data: {a: hunter2-hunter2}'
		printf '%s\n' --- 'a: "hunter2'
	} >>one.yaml
	for format in text json sarif github gitlab; do
		CASE=$format
		run_split regcred check -v -o "$format" one.yaml
		ended 1
		! grep -q hunter2 "$OUT" "$ERR" || fail "a password is shown"
	done
}

@test "control characters are escaped" {
	printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: "\\e[31mred"}\n' >one.yaml
	run_split regcred check one.yaml
	ended 1 && [[ $output == *'\x1b[31mred'* && $output != *$'\e'* ]]
	run_split regcred check -o json one.yaml
	ended 1 && jq -e '.[0].message | contains("\u001b")' "$OUT"
}

@test "the order of places: UTF-16, a BOM, CRLF and JSON have their lines too" {
	broken one | iconv -t UTF-16 >utf16.yaml
	{ printf '\xef\xbb\xbf' && broken one; } >bom.yaml
	broken one | sed 's/$/\r/' >crlf.yaml
	for file in utf16 bom crlf; do
		CASE=$file
		run_split regcred check -o json "$file.yaml"
		ended 1
		jq -e '.[0].line == 7 and .[0].rule == "secret-base64"' "$OUT" || fail "another finding"
	done
}

@test "a full disk or a closed pipe ends in status 4" {
	[[ -c /dev/full ]] || skip "there is no /dev/full"
	broken one >one.yaml
	status=0
	regcred check one.yaml >/dev/full 2>err || status=$?
	[[ $status == 4 ]] && grep -q output-failed err
}

@test "GitHub gets workflow commands, with what it treats specially escaped" {
	{ broken a && echo --- && leaky b && echo --- && schemed c; } >'a,b: 100%.yaml'
	run_split regcred check -o github './a,b: 100%.yaml'
	ended 1
	[[ $(sed -n 1p "$OUT") == '::error file=a%2Cb%3A 100%25.yaml,line=7,col=22,title=secret-base64::data[".dockerconfigjson"] is not base64. Hint: '* ]]
	[[ $(sed -n 2p "$OUT") == '::warning file='*',line=15,col=22,title=registry-prefix-leak::'* ]]
	[[ $(sed -n 3p "$OUT") == '::notice file='*',title=registry-scheme::'* ]]
	printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: "50%%\\nx"}\n' >two.yaml
	run_split regcred check -o github two.yaml
	ended 1 && [[ $(wc -l <"$OUT") == 1 && $output == *'50%25'* ]]
	run_split regcred check -o github /dev/null
	made && [[ ! -s $OUT ]]
}

@test "GitLab gets a code quality report, each finding with a fingerprint of its own" {
	{ broken a && echo --- && broken a && echo --- && leaky b && echo --- && schemed c; } >one.yaml
	run_split regcred check -o gitlab ./one.yaml
	ended 1
	jq -e 'length == 4 and ([.[].fingerprint] | unique | length) == 4' "$OUT"
	jq -e 'all(keys == ["check_name", "description", "fingerprint", "location", "severity"])' "$OUT"
	jq -e '[.[].severity] == ["major", "major", "minor", "info"]' "$OUT"
	jq -e '.[0] | .check_name == "secret-base64" and .location == {path: "one.yaml", lines: {begin: 7}}' "$OUT"
	jq '[.[].fingerprint] | sort' "$OUT" >first
	sed -i '1i # a line more' one.yaml
	run_split regcred check -o gitlab one.yaml
	jq '[.[].fingerprint] | sort' "$OUT" | diff first -
	run_split regcred check -o gitlab /dev/null
	made && [[ $output == '[]' ]]
}

@test "one line says what was checked, and -q hides it" {
	{
		leaky a && echo --- && schemed b
		printf -- '---\napiVersion: v1\nkind: %s\nmetadata: {name: a}\n' ServiceAccount
		printf -- '---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n'
	} >one.yaml
	run_split regcred check one.yaml /dev/null
	ended 0 && [[ $stderr == 'checked 2 Secrets, 1 ServiceAccount and 1 workload in 2 files: 1 warning and 1 note' ]]
	run_split regcred check -q one.yaml
	ended 0 && [[ ! $stderr ]]
	# What was not read is not counted.
	printf 'a\0b' >binary.yaml
	run_split regcred check one.yaml binary.yaml missing.yaml
	ended 4 && [[ $stderr == *'and 1 workload in 1 file: '* ]]
}

@test "standard input without a document is refused, an empty List is not" {
	for text in '' '# nothing' $'---\n---\n'; do
		CASE=$text
		run_split regcred check < <(printf %s "$text")
		refused 3 input-empty
	done
	run_split regcred check <<<'{"apiVersion": "v1", "kind": "List", "items": []}'
	made && [[ ! -s $OUT ]]
	: >empty.yaml
	run_split regcred check empty.yaml
	made
}

@test "assertion files of Chainsaw and kuttl hold fragments, and are not checked" {
	mkdir tests
	for file in 00-assert 01-errors chainsaw-assert-2 assert; do
		broken a >"tests/$file.yaml"
	done
	run_split regcred check tests
	made && [[ ! -s $OUT ]]
	broken a >tests/00-install.yaml
	run_split regcred check tests
	ended 1 && [[ $(grep -c secret-base64 "$OUT") == 1 ]]
}

@test "the folder of a node holds static Pods" {
	mkdir -p etc/kubernetes/manifests
	printf -- '---\n{apiVersion: v1, kind: Pod, metadata: {name: a},
		spec: {imagePullSecrets: [{name: a}], containers: [{name: a, image: a}]}}\n' |
		tee pod.yaml >etc/kubernetes/manifests/pod.yaml
	run_split regcred check etc/kubernetes/manifests pod.yaml
	ended 0 && [[ $(grep -c static-pod "$OUT") == 1 && $output == etc/* ]]
}

@test "the templates of one chart are one finding" {
	mkdir -p web/templates web/charts/db/templates alone
	echo 'name: web' | tee web/Chart.yaml >web/charts/db/Chart.yaml
	for file in web/templates/{a,b}.yaml web/charts/db/templates/c.yaml alone/{d,e}.yaml; do
		printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: {{ .x }}}\n' >"$file"
	done
	broken one >web/templates/sound.yaml
	run_split regcred check -R -o json .
	ended 1
	jq -e '[.[] | [.file, .rule]] == [["./alone/d.yaml", "template"], ["./alone/e.yaml", "template"],
		["./web/charts/db/templates/c.yaml", "template"], ["./web/templates/sound.yaml", "secret-base64"]]' "$OUT" || jq . "$OUT"
	jq -e '.[2] | (.message | contains("3 files")) and (.hint | contains("helm template ./web |"))' "$OUT"
	cd web
	run_split regcred check -o json templates
	jq -e 'map(select(.rule == "template")) | length == 1 and (.[0].hint | contains("helm template . |"))' "$OUT"
	cd .. && mv web 'my $(web)'
	run_split regcred check -o json 'my $(web)/templates'
	jq -e 'map(select(.rule == "template"))[0].hint | contains("helm template '"'my \$(web)'"' |")' "$OUT" || jq . "$OUT"
}

@test "a template is reported once, and nothing else of its file" {
	printf '%s\n' 'kind: Secret' 'metadata: {name: {{ .x }}}' 'data: {a: b c}' >t.yaml
	{ echo --- && broken one && echo --- && echo 'a: {{ b }}'; } >>t.yaml
	broken one >one.yaml
	run_split regcred check -o json t.yaml one.yaml
	ended 1
	jq -e '[.[] | [.file, .rule]] == [["t.yaml", "template"], ["one.yaml", "secret-base64"]]' "$OUT" || jq . "$OUT"
	run_split regcred check --strict t.yaml
	ended 1 && [[ $output == *'helm template'* ]]
	run_split regcred check t.yaml
	ended 0
}

@test "a binary file is skipped by name; UTF-16 is read" {
	printf '\0GITCRYPT\0\xff' >a.yaml
	printf '\xff\xfek\0:\0 \0P\0\n\0' >b.yaml
	run_split regcred check a.yaml b.yaml
	ended 0
	[[ ! $output ]]
	[[ $stderr == *'note: a.yaml is binary and was skipped [file-binary]'* && $stderr != *'b.yaml is'* ]]
	run_split regcred check -q --strict a.yaml
	ended 0
	[[ ! $stderr ]]
}

@test "no format prints control characters" {
	printf 'kind: Secret\napiVersion: v1\nmetadata: {name: "a\\u009b31m\\u202e\\u061c\\U000e0041x"}\ntype: kubernetes.io/dockerconfigjson\n' >s.yaml
	for format in text json sarif github gitlab; do
		run_split regcred check -o "$format" s.yaml
		ended 1
		[[ $output == *31m* ]] || fail "$output"
		! LC_ALL=C grep -qP '\xc2\x9b|\xe2\x80\xae|\xd8\x9c|\xf3\xa0' "$OUT" || fail "$format"
	done
	run_split regcred check -o json s.yaml
	[[ $output == *'a\u009b31m\u202e\u061c\udb40\udc41x'* ]]
}

# Of JSON only what a rule reads is kept; with a byte order mark it is YAML, of which all is.
@test "what is skipped in JSON changes no finding" {
	jq -n '{apiVersion: "v1", kind: "List", items: [
		{apiVersion: "v1", kind: "Pod", metadata: {name: "a", managedFields: [{f: {}}], imagePullSecrets: 1},
			spec: {imagePullSecret: [], containers: [{name: "c", image: "GHCR.io/x", env: [{name: "e"}],
				imagePullSecrets: [{name: "x"}]}], imagePullSecrets: ["y"],
				volumes: [{name: "v", image: {reference: "?"}}]}, status: {phase: "Pending"}},
		{apiVersion: "apps/v1", kind: "Deployment", metadata: {name: "d"}, spec: {imagePullSecrets: [],
			template: {spec: {containers: [{name: "c", image: "a b"}], serviceAccountName: "s"}}}},
		{apiVersion: "batch/v1", kind: "CronJob", metadata: {name: "j"}, spec: {jobTemplate: {spec: {
			template: {spec: {initContainers: [{image: "x:y:z"}], containers: []}}}}}},
		{apiVersion: "v1", kind: "ServiceAccount", metadata: {name: "s"}, imagePullSecret: [],
			imagePullSecrets: {name: "n"}, secrets: [{name: "pull"}]},
		{apiVersion: "x/v1", kind: "Own", spec: {containers: [{image: "A/b"}]}, status: {containers: []}},
		{apiVersion: "v1", kind: "ConfigMap", metadata: {name: "m", annotations: {"regcred-gen/ignore": "nope"}}},
		{apiVersion: "v1", kind: "Secret", metadata: {name: "pull"}, type: "kubernetes.io/dockerconfigjson",
			data: {".dockerconfigjson": "e30="}}]}' >a.json
	{ printf '\xef\xbb\xbf'; cat a.json; } >b.json
	run_split regcred check -o json a.json
	ended 1
	[[ $(jq length "$OUT") -gt 8 ]]
	cp "$OUT" kept
	run_split regcred check -o json b.json
	diff kept <(sed 's/b\.json/a.json/' "$OUT")
}
