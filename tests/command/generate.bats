#!/usr/bin/env bats
# The main job: options in, a manifest out.

load common

@test "a simple run gives these bytes" {
	run_split regcred -r reg.example.com -u user --password-stdin <<<pass
	made
	wrote <<-'EOF'
		apiVersion: v1
		kind: Secret
		metadata:
		  name: regcred
		type: kubernetes.io/dockerconfigjson
		data:
		  .dockerconfigjson: eyJhdXRocyI6eyJyZWcuZXhhbXBsZS5jb20iOnsidXNlcm5hbWUiOiJ1c2VyIiwicGFzc3dvcmQiOiJwYXNzIiwiYXV0aCI6ImRYTmxjanB3WVhOeiJ9fX0=
	EOF
	[[ $(payload <"$OUT") == "$CREDENTIAL_CONFIG" ]]
}

@test "all options together give the guide's order" {
	run_split regcred generate team-pull "${CREDENTIAL[@]}" -e a@b.c -n dev -n prod -l b=2 -l app=x \
		--annotation note='hello: world' --immutable
	made
	wrote <<-'EOF'
		apiVersion: v1
		kind: Secret
		metadata:
		  name: team-pull
		  namespace: dev
		  labels:
		    app: x
		    b: "2"
		  annotations:
		    note: "hello: world"
		type: kubernetes.io/dockerconfigjson
		immutable: true
		data:
		  .dockerconfigjson: eyJhdXRocyI6eyJyZWcuZXhhbXBsZS5jb20iOnsidXNlcm5hbWUiOiJ1c2VyIiwicGFzc3dvcmQiOiJwYXNzIiwiZW1haWwiOiJhQGIuYyIsImF1dGgiOiJkWE5sY2pwd1lYTnoifX19
		---
		apiVersion: v1
		kind: Secret
		metadata:
		  name: team-pull
		  namespace: prod
		  labels:
		    app: x
		    b: "2"
		  annotations:
		    note: "hello: world"
		type: kubernetes.io/dockerconfigjson
		immutable: true
		data:
		  .dockerconfigjson: eyJhdXRocyI6eyJyZWcuZXhhbXBsZS5jb20iOnsidXNlcm5hbWUiOiJ1c2VyIiwicGFzc3dvcmQiOiJwYXNzIiwiZW1haWwiOiJhQGIuYyIsImF1dGgiOiJkWE5sY2pwd1lYTnoifX19
	EOF
}

@test "without -r it is Docker Hub, and nothing is said about it" {
	run_split regcred -u user --password-stdin -o config <<<pass
	made
	wrote <<<'{"auths":{"https://index.docker.io/v1/":{"username":"user","password":"pass","auth":"dXNlcjpwYXNz"}}}'
}

@test "an empty email is no email" {
	run_split regcred "${CREDENTIAL[@]}" -e '' -o config
	made
	wrote <<<"$CREDENTIAL_CONFIG"
}

@test "several registries, each with its own channel, are sorted by key" {
	printf 'pass-b\n' >b.txt
	printf 'pass-c\r\n' >c.txt
	HUB=pass-hub run_split regcred \
		-r zeta.example.com:5000 -u z --password-stdin \
		-r docker.io -u hub --password-env HUB \
		-r c.example.com -u c --password-fd 7 \
		-r b.example.com -u b -e b@example.com --password-file b.txt \
		-r '*.example.com' --password-env HUB --username star \
		-o config <<<pass-z 7<c.txt
	made registry-normalised
	[[ $(jq -c '.auths | keys_unsorted' "$OUT") == \
		'["*.example.com","b.example.com","c.example.com","https://index.docker.io/v1/","zeta.example.com:5000"]' ]]
	[[ $(jq -r '.auths[] | "\(.username) \(.password) \(.email) \(.auth | @base64d)"' "$OUT" | paste -sd ,) == \
		'star pass-hub null star:pass-hub,b pass-b b@example.com b:pass-b,c pass-c null c:pass-c,hub pass-hub null hub:pass-hub,z pass-z null z:pass-z' ]]
}

@test "with one -r the order of the options is free" {
	run_split regcred "${CREDENTIAL[@]}" -e a@b.c my-secret
	cp "$OUT" first
	for CASE in 'my-secret -e a@b.c -u user --password-env PASS -r reg.example.com' \
		'--password-env PASS -r reg.example.com my-secret -e a@b.c -u user' \
		'-u user -r reg.example.com --password-env PASS --name my-secret -e a@b.c' \
		'generate -u user -ea@b.c --docker-server=reg.example.com --password-env=PASS -- my-secret'; do
		# shellcheck disable=SC2086 # words
		run_split regcred $CASE
		made
		wrote <first
	done
}

@test "with several -r no credential may come before the first one" {
	for CASE in '-u user -r a.example.com --password-env PASS -r b.example.com -u user --password-env PASS' \
		'-e a@b.c -r a.example.com -u user --password-env PASS -r b.example.com -u user --password-env PASS' \
		'--password-env PASS -r a.example.com -u user -r b.example.com -u user --password-env PASS'; do
		# shellcheck disable=SC2086 # words
		run_split regcred $CASE
		refused 2 option-order 'before the first --registry'
		told 'hint: '
	done
}

@test "an option of a registry may be given once, one of each -r" {
	run_split regcred "${CREDENTIAL[@]}" -u other
	refused 2 option-repeated --username
	run_split regcred "${CREDENTIAL[@]}" -e a@b.c --docker-email=d@e.f
	refused 2 option-repeated --email
	run_split regcred one "${CREDENTIAL[@]}" --name two
	refused 2 option-repeated
	for CASE in '-o yaml --output json' '--output-file a --output-file b' \
		'--namespaces-from a --namespaces-from b'; do
		# shellcheck disable=SC2086 # words
		run_split regcred "${CREDENTIAL[@]}" $CASE
		refused 2 option-repeated
	done
}

@test "labels and annotations are sorted, and quoted where they need it" {
	run_split regcred "${CREDENTIAL[@]}" -l z=true -l a= -l m=1e3 -l example.com/b=v1 -lc=d --label=e=f \
		--annotation z='a "quoted" \ word' --annotation k='two
lines' --annotation e= --annotation b='a=b=c' --annotation u='漢字 é' \
		--annotation v=🔑 --annotation zz='"quoted" \: word' --annotation s=' x' --annotation Example.COM/up=1
	made
	sed -n '/^  labels:/,/^type/p' "$OUT" >part
	diff -u - part <<-'EOF'
		  labels:
		    a: ""
		    c: d
		    e: f
		    example.com/b: v1
		    m: "1e3"
		    z: "true"
		  annotations:
		    Example.COM/up: "1"
		    b: a=b=c
		    e: ""
		    k: "two\nlines"
		    s: " x"
		    u: "漢字 é"
		    v: "🔑"
		    z: "a \"quoted\" \\ word"
		    zz: "\"quoted\" \\: word"
		type: kubernetes.io/dockerconfigjson
	EOF
}

@test "--immutable and --append-hash accept kubectl's words for true and false" {
	for CASE in '' =true =1 =T =True =TRUE =t; do
		run_split regcred "${CREDENTIAL[@]}" "--immutable$CASE"
		made
		[[ $output == *$'\nimmutable: true\n'* ]] || fail "it is not immutable"
	done
	for CASE in =false =0 =F =False =FALSE =f; do
		run_split regcred "${CREDENTIAL[@]}" "--immutable$CASE" "--append-hash$CASE"
		made
		[[ $output != *immutable* && $output == *$'\n  name: regcred\n'* ]] || fail "the word was not taken"
	done
	for CASE in --immutable=yes --append-hash=maybe --immutable=; do
		run_split regcred "${CREDENTIAL[@]}" "$CASE"
		refused 2 option-value "${CASE%%=*}"
	done
}

@test "--append-hash appends what kubectl appends" {
	run_split regcred "${CREDENTIAL[@]}" --append-hash -n dev -l a=b
	made
	[[ $output == *$'\n  name: regcred-86b58cbc74\n'* ]]
	run_split regcred "${CREDENTIAL[@]}" -e a@b.c --append-hash -o json
	made
	[[ $(jq -r .metadata.name "$OUT") == regcred-b4792h8b48 ]]
	run_split regcred "${CREDENTIAL[@]}" --append-hash --immutable
	made
	[[ $output != *regcred-86b58cbc74* ]]
}

@test "a name may be too long only with its hash" {
	printf -v name '%0242d' 7
	run_split regcred "${CREDENTIAL[@]}" --append-hash --name "$name"
	made
	[[ $(sed -n 's/^  name: "*\([^"]*\)"*$/\1/p' "$OUT" | wc -c) == 254 ]] # and the line feed
	run_split regcred "${CREDENTIAL[@]}" --append-hash --name "${name}1"
	refused 2 name-invalid 'with the hash'
	printf -v name '%0253d' 7
	run_split regcred "${CREDENTIAL[@]}" --name "$name"
	made
}

@test "--namespaces-from understands what kubectl and people write" {
	printf 'namespace/dev\r\n\r\n# a comment\n  \t\n   # another\n  prod \nstage\n\nlast' >list
	run_split regcred "${CREDENTIAL[@]}" --namespaces-from list
	made
	[[ $(namespaces_of "$OUT") == 'dev prod stage last' ]]
	cp "$OUT" first
	run_split regcred "${CREDENTIAL[@]}" --namespaces-from - <list
	made
	wrote <first
	run_split regcred "${CREDENTIAL[@]}" --namespaces-from=<(cat list)
	made
	wrote <first
	run_split regcred "${CREDENTIAL[@]}" -n dev --namespaces-from - -n=prod <<<namespace/stage
	made
	[[ $(namespaces_of "$OUT" | tr ' ' '\n' | sort | paste -sd ' ') == 'dev prod stage' ]]
}

@test "namespaces that look like something else in YAML are quoted" {
	run_split regcred "${CREDENTIAL[@]}" --namespaces-from - <<-'EOF'
		123
		y
		null
		1e3
		no
		0x1f
		on
		2024-01-01
		true
		dev
		0
	EOF
	made
	[[ $(namespaces_of "$OUT") == '"123" "y" "null" "1e3" "no" "0x1f" "on" "2024-01-01" "true" dev "0"' ]]
	run_split regcred "${CREDENTIAL[@]}" -n 1e3 123 -o json
	made
	[[ $(jq -c '[.metadata.name, .metadata.namespace]' "$OUT") == '["123","1e3"]' ]]
}

@test "a list of namespaces that names none is refused" {
	for CASE in '' '\n\n' '# dev\n' '  \r\n\t\n#x'; do
		printf %b "$CASE" >list
		run_split regcred "${CREDENTIAL[@]}" --namespaces-from list
		refused 3 namespace-none list
		run_split regcred "${CREDENTIAL[@]}" --namespaces-from - <list
		refused 3 namespace-none 'standard input'
	done
}

@test "a bad line in a list of namespaces is named by its number" {
	local row number bytes id
	for row in '2|dev\nBad_Name\n|namespace-invalid' '3|#\n\na.b|namespace-invalid' '1|-dev|namespace-invalid' \
		'4|a\nb\nc\na\n|namespace-duplicate' '2|a\npod/b\n|namespace-invalid' '2|dev\nde\0v\n|namespace-invalid' \
		'1|two words\n|namespace-invalid' '2|dev\nnamespace/\n|namespace-invalid' \
		'2|a\n\xef\xbb\xbfdev\n|namespace-invalid'; do
		IFS='|' read -r number bytes id <<<"$row"
		CASE=$bytes
		printf %b "$bytes" >list
		run_split regcred "${CREDENTIAL[@]}" --namespaces-from list
		refused 3 "$id" "list:$number"
	done
	CASE=
	run_split regcred "${CREDENTIAL[@]}" --namespaces-from - <<<$'dev\nBad_Name'
	refused 3 namespace-invalid 'standard input:2'
	told 'did you mean "bad-name"?'
}

@test "the same namespace twice is an error, wherever it comes from" {
	run_split regcred "${CREDENTIAL[@]}" -n dev -n prod -n dev
	refused 2 namespace-duplicate '"dev"'
	run_split regcred "${CREDENTIAL[@]}" -n dev --namespaces-from - <<<$'prod\nnamespace/dev'
	refused 3 namespace-duplicate '"dev"'
	told 'standard input:2'
}

@test "a list of namespaces that cannot be read" {
	run_split regcred "${CREDENTIAL[@]}" --namespaces-from missing
	refused 4 input-failed missing
	run_split regcred "${CREDENTIAL[@]}" --namespaces-from .
	refused 4 input-failed
}

@test "-o json gives one object, or a List of several" {
	run_split regcred "${CREDENTIAL[@]}" -o json -n dev -l a=1 --immutable
	made
	[[ $(jq -c 'keys_unsorted' "$OUT") == '["apiVersion","kind","metadata","type","immutable","data"]' ]]
	[[ $(jq -c 'del(.data)' "$OUT") == \
		'{"apiVersion":"v1","kind":"Secret","metadata":{"name":"regcred","namespace":"dev","labels":{"a":"1"}},"type":"kubernetes.io/dockerconfigjson","immutable":true}' ]]
	[[ $(payload_json <"$OUT") == "$CREDENTIAL_CONFIG" ]]
	[[ $(tail -c 1 "$OUT" | od -An -tx1) == ' 0a' ]]

	run_split regcred "${CREDENTIAL[@]}" -o json -n dev -n prod -n 123
	made
	[[ $(jq -c '[.apiVersion, .kind, (.items | map(.metadata.namespace))]' "$OUT") == '["v1","List",["dev","prod","123"]]' ]]
	[[ $(jq '[.items[].data] | unique | length' "$OUT") == 1 ]]
	[[ $(jq '.items[1]' "$OUT" | payload_json) == "$CREDENTIAL_CONFIG" ]]
}

@test "-o config is the bare Docker config and a line feed" {
	run_split regcred "${CREDENTIAL[@]}" -o config
	made
	wrote <<<"$CREDENTIAL_CONFIG"
	run_split regcred "${CREDENTIAL[@]}"
	payload <"$OUT" >decoded
	printf %s "$CREDENTIAL_CONFIG" | cmp - decoded
}

@test "-o config conflicts with the options of a Secret" {
	echo dev >list
	for CASE in '-n dev' '-l a=b' '--annotation a=b' my-secret '--name my-secret' --immutable --append-hash \
		'--namespaces-from list' '--with-pod app' '--with-service-account x' '--with-reader user:x'; do
		# shellcheck disable=SC2086 # words
		run_split regcred "${CREDENTIAL[@]}" -o config $CASE
		refused 2 option-conflict
		told 'hint: '
		# shellcheck disable=SC2086 # words
		run_split regcred $CASE --output=config "${CREDENTIAL[@]}"
		refused 2 option-conflict
	done
}

@test "a line made for kubectl works" {
	run_split regcred regcred --docker-server=reg.example.com --docker-username=user --docker-password=pass \
		--docker-email=a@b.c -n=dev -o=yaml --dry-run=client
	made password-visible
	cp "$OUT" first
	run_split regcred regcred --docker-server reg.example.com --docker-username user --docker-password pass \
		--docker-email a@b.c --namespace dev --output yaml --dry-run client
	made password-visible
	wrote <first
	run_split regcred "${CREDENTIAL[@]}" -e a@b.c -n dev
	made
	wrote <first
}

@test "every form of -o is understood" {
	run_split regcred "${CREDENTIAL[@]}" -o json
	cp "$OUT" first
	for CASE in '-o json' -ojson -o=json '--output json' --output=json; do
		# shellcheck disable=SC2086 # words
		run_split regcred "${CREDENTIAL[@]}" $CASE
		made
		wrote <first
	done
	for CASE in xml JSON name '' 'jsonpath={.data}' yam; do
		run_split regcred "${CREDENTIAL[@]}" -o "$CASE"
		refused 2 option-value --output
		told 'yaml json config'
	done
}

@test "the same input gives the same bytes, in whatever order" {
	regcred -r b.example.com -u b --password-env PASS -r a.example.com -u a --password-env PASS -l x=1 -l y=2 >first
	for CASE in 1 2 3; do
		run_split regcred -l y=2 -l x=1 -r a.example.com -u a --password-env PASS -r b.example.com -u b --password-env PASS
		made
		wrote <first
	done
}

@test "no creationTimestamp is written" {
	for CASE in yaml json; do
		run_split regcred "${CREDENTIAL[@]}" -o "$CASE" -n a -n b
		made
		[[ $output != *creationTimestamp* && $output != *status* ]] || fail "there is one"
	done
}

@test "--output-file makes a file for the user alone, whatever the umask" {
	run_split regcred "${CREDENTIAL[@]}"
	cp "$OUT" expected
	umask 000
	run_split regcred "${CREDENTIAL[@]}" --output-file made.yaml
	made
	[[ ! -s $OUT && $(stat -c %a made.yaml) == 600 ]]
	cmp made.yaml expected
	run_split regcred "${CREDENTIAL[@]}" --output-file "$PWD/absolute"
	made
	cmp absolute expected
	[[ $(find . -type f | sort | paste -sd ' ') == './absolute ./expected ./made.yaml' ]]
}

@test "--output-file replaces what was there, and keeps a link a link" {
	mkdir folder
	head -c 100000 /dev/zero >folder/old
	chmod 644 folder/old
	ln -s folder/old link
	ln -s link second
	run_split regcred "${CREDENTIAL[@]}" --output-file second
	made
	[[ -L second && -L link && ! -L folder/old && $(stat -c %a folder/old) == 600 ]]
	[[ $(payload <folder/old) == "$CREDENTIAL_CONFIG" ]]
	[[ $(find . -type f) == ./folder/old ]]
}

@test "--output-file - is standard output" {
	run_split regcred "${CREDENTIAL[@]}" -o config --output-file -
	made
	wrote <<<"$CREDENTIAL_CONFIG"
	[[ ! -e - ]]
}

# into FILE ARG...: as a shell does it.
into() {
	local file=$1
	shift
	regcred "$@" >"$file"
}

@test "a note says that others can read the file of standard output" {
	touch file
	for CASE in 644 640 604; do
		chmod "$CASE" file
		run_split into file "${CREDENTIAL[@]}" --strict
		made output-readable
		told 'hint: --output-file'
		[[ $(payload <file) == "$CREDENTIAL_CONFIG" ]] || fail "the file is something else"
	done
	CASE=
	chmod 600 file
	run_split into file "${CREDENTIAL[@]}"
	made
	run_split into /dev/null "${CREDENTIAL[@]}"
	made
	chmod 644 file
	run_split into file "${CREDENTIAL[@]}" -q
	made
	run_split into file "${CREDENTIAL[@]}" --output-file other
	made
}

@test "-q hides notes, not warnings" {
	run_split regcred -q -r HTTPS://Reg.Example.com:443 -u user --password-env PASS
	made registry-port
	run_split regcred --quiet -r https://reg.example.com/ -u user --password-env PASS
	made
}

@test "-v reports progress, and no password" {
	run_split regcred -v "${CREDENTIAL[@]}" --namespaces-from - <<<$'dev\nprod'
	ended 0
	[[ $(message_ids) == '' ]]
	grep -q '^regcred-gen: .*standard input' "$ERR"
	grep -q '^regcred-gen: .*reg\.example\.com' "$ERR"
	untold ' pass '
	untold '"pass"'
	cp "$OUT" first
	run_split regcred "${CREDENTIAL[@]}" -n dev -n prod
	made
	wrote <first
}

@test "--strict makes warnings errors, and nothing is written" {
	echo old >file
	for CASE in 'password-visible -r reg.example.com -p pass' \
		'registry-port -r reg.example.com:443 --password-env PASS' \
		'registry-lookalike -r gchr.io --password-env PASS'; do
		# shellcheck disable=SC2086 # words
		run_split regcred --strict -u user ${CASE#* }
		refused 3 "${CASE%% *}"
		refused 3 strict
		# shellcheck disable=SC2086 # words
		run_split regcred -u user ${CASE#* } --strict --output-file file
		refused 3 strict
		[[ $(<file) == old ]] || fail "the file was replaced"
		# shellcheck disable=SC2086 # words
		run_split regcred -u user ${CASE#* }
		made "${CASE%% *}"
		told 'regcred-gen: warning: '
	done
	CASE=
	run_split regcred --strict "${CREDENTIAL[@]}"
	made
	run_split regcred --strict -r https://reg.example.com -u user --password-env PASS
	made registry-normalised
}

# shown_in VARIABLE=VALUE...: what a terminal shows of an error, with these in the environment.
shown_in() {
	: >script
	PTY_TRANSCRIPT=transcript run_split "$REGCRED_TOOLS/pty" --stdio-tty script -- \
		env -u NO_COLOR TERM=xterm "$@" "$REGCRED_GEN" -o nothing
	ended 2
	grep -q '\[option-value\]' transcript
}

@test "colour is for a terminal, and not with NO_COLOR" {
	local red=$'\e[1;31merror:\e[0m ' escape=$'\e'
	shown_in A=b
	grep -qF "$red" transcript
	shown_in NO_COLOR=
	grep -qF "$red" transcript
	for CASE in NO_COLOR=1 NO_COLOR=0 TERM=dumb; do
		shown_in "$CASE"
		! grep -qF "$escape" transcript || fail "there is colour"
	done
	CASE=
	TERM=xterm run_split regcred -o nothing
	refused 2 option-value
	untold "$escape"
}

@test "the manifest is never coloured" {
	: >script
	PTY_TRANSCRIPT=transcript "$REGCRED_TOOLS/pty" --stdio-tty script -- \
		env TERM=xterm "$REGCRED_GEN" "${CREDENTIAL[@]}" -o config
	tr -d '\r' <transcript | cmp - <(echo "$CREDENTIAL_CONFIG")
}
