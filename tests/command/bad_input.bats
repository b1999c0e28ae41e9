#!/usr/bin/env bats
# What is refused, in which words; and what is accepted, and how it is written then.

load common

# harmless: no byte of the last messages means anything to a terminal.
harmless() {
	! LC_ALL=C grep -q $'[\x01-\x09\x0b-\x1f\x7f\x80-\xff]' "$ERR" || fail "standard error holds raw bytes"
}

@test "of two arguments the first may be a mistyped command, or kubectl's" {
	run_split regcred check1 manifests/
	refused 2 argument-extra 'did you mean the command check?'
	run_split regcred create secret docker-registry pull
	refused 2 argument-extra 'leave out create secret docker-registry'
	run_split regcred team-pull extra
	refused 2 argument-extra 'only the NAME'
}

@test "an option that does not exist is refused, without its value" {
	for CASE in --passwrd=hunter2 --Password=hunter2 --password_stdin --pasword-stdin=hunter2 --no-such-option=hunter2 \
		--from-litteral=a=hunter2 --passwords=hunter2 ---password=hunter2 "--$(printf 'hunter1%.0s' {1..30})=hunter2"; do
		run_split regcred "${CREDENTIAL[@]}" "$CASE"
		refused 2 unknown-option
		told 'hint: '
		untold hunter2
		run_split regcred "${CREDENTIAL[@]}" "${CASE%%=*}" hunter2
		refused 2 unknown-option
		untold hunter2
	done
	CASE=
	run_split regcred "${CREDENTIAL[@]}" --=hunter2
	refused 2 unknown-option
	untold hunter2
	run_split regcred "${CREDENTIAL[@]}" --pasword-stdin
	refused 2 unknown-option 'did you mean --password-stdin?'
	for CASE in $(commands | sed 's/generate//'); do
		run_split regcred "$CASE" -Z
		refused 2 unknown-option "regcred-gen $CASE --help lists the options"
	done
	CASE=
	run_split regcred -Z
	refused 2 unknown-option 'regcred-gen --help lists the options'
}

@test "options are not abbreviated" {
	for CASE in --pass=hunter2 --password-std --password- --regis=hunter2 --docker=hunter2 --user=hunter2x --nam=x --imm --append \
		--out=json --output-f=hunter2 --verb --he --vers --stric --docker-pass=hunter2; do
		[[ $CASE != --user=* ]] || continue # kubectl's own
		run_split regcred "${CREDENTIAL[@]}" "$CASE"
		refused 2 unknown-option "${CASE%%=*}"
		untold hunter2
	done
	CASE=
	run_split regcred "${CREDENTIAL[@]}" --pass=hunter2
	told 'written in full: --password-stdin'
	[[ ! -e hunter2 ]]
}

@test "an unknown letter is refused" {
	for CASE in -x -xhunter2 -qx -vZhunter2 -é '-!' -0; do
		run_split regcred "${CREDENTIAL[@]}" "$CASE"
		refused 2 unknown-option
		untold hunter2
		harmless
	done
}

@test "an option without its value is refused" {
	for CASE in -r -u -e -p -n -l -o --registry --docker-server --username --email --password --docker-password --password-file \
		--password-fd --password-env --name --namespace --namespaces-from --label --annotation --output --output-file --dry-run; do
		run_split regcred -r reg.example.com "$CASE"
		refused 2 option-value 'needs a value'
	done
}

@test "an option does not become a value" {
	for CASE in '-u --password-stdin' '--password-file --namespace' '-p --name=hunter2' '--output-file --strict' \
		'-r --username' '--namespace --docker-server=hunter2'; do
		# shellcheck disable=SC2086 # words
		# shellcheck disable=SC2086 # several words
		run_split regcred $CASE
		refused 2 option-value 'another option follows'
		told 'hint: '
		untold hunter2
	done
	CASE=
	run_split regcred "${CREDENTIAL[@]}" --annotation=--name=x
	refused 2 annotation-invalid
	run_split regcred -o config -r reg.example.com -u=--password-stdin --password=--name
	made password-visible
	[[ $(jq -r '.auths[].auth | @base64d' "$OUT") == --password-stdin:--name ]]
}

@test "a flag takes no value" {
	for CASE in --password-stdin=hunter2 --quiet=hunter2 --verbose=hunter2 --strict=hunter2 --help=hunter2 --version=hunter2 \
		--immutable=hunter2 --append-hash=hunter2 -q=hunter2 -v=hunter2; do
		run_split regcred "${CREDENTIAL[@]}" "$CASE"
		refused 2 option-value
		untold hunter2
	done
	for CASE in '--immutable false' '--append-hash false' '-q false'; do
		# shellcheck disable=SC2086 # several words
		run_split regcred "${CREDENTIAL[@]}" $CASE
		refused 2 option-value 'takes no value'
		told 'hint: leave --'
	done
	run_split regcred "${CREDENTIAL[@]}" --immutable true
	refused 2 option-value 'option --immutable takes no value'
	told 'hint: leave true out'
	for CASE in '--immutable --name false' '--immutable -- false' '--immutable -n dev false'; do
		# shellcheck disable=SC2086 # several words
		run_split regcred "${CREDENTIAL[@]}" $CASE
		made
	done
}

@test "an argument too many is refused, and not repeated" {
	run_split regcred "${CREDENTIAL[@]}" one hunter2
	refused 2 argument-extra
	untold hunter2
	run_split regcred "${CREDENTIAL[@]}" --name one hunter2
	refused 2 argument-extra
	untold hunter2
	run_split regcred one "${CREDENTIAL[@]}" -- hunter2
	refused 2 argument-extra
	untold hunter2
}

@test "an invalid name of a Secret is refused" {
	local row name text
	printf -v long '%0254d' 7
	for row in 'RegCred|did you mean "regcred"?' 'my_secret|did you mean "my-secret"?' 'my secret|did you mean "my-secret"?' \
		'a..b|did you mean "a.b"?' '-a|did you mean "a"?' 'a-|did you mean "a"?' 'a.|did you mean "a"?' '.a|did you mean "a"?' \
		'a.-b|did you mean "a.b"?' 'a/b|did you mean "a-b"?' 'a:b|did you mean "a-b"?' 'réseau|holds "é" (U+00E9)' '|is empty' \
		'-|starts with' "$long|254"; do
		name=${row%|*} text=${row#*|}
		CASE=$name
		run_split regcred "${CREDENTIAL[@]}" "--name=$name"
		refused 2 name-invalid "$text"
		run_split regcred "${CREDENTIAL[@]}" -- "$name"
		refused 2 name-invalid "$text"
	done
	for CASE in 0 a a.b a-b 1.2.3 "${long%7}" null; do
		run_split regcred "${CREDENTIAL[@]}" "--name=$CASE"
		made
	done
}

@test "an invalid namespace is refused" {
	local row name text
	printf -v long '%064d' 7
	for row in 'Dev|did you mean "dev"?' 'dev_1|did you mean "dev-1"?' 'a.b|did you mean "a-b"?' '-a|did you mean "a"?' \
		'a-|did you mean "a"?' '|is empty' "$long|64" 'a b|did you mean "a-b"?' 'namespace/dev|did you mean'; do
		name=${row%|*} text=${row#*|}
		CASE=$name
		run_split regcred "${CREDENTIAL[@]}" "--namespace=$name"
		refused 2 namespace-invalid "$text"
	done
	CASE=
	run_split regcred "${CREDENTIAL[@]}" -n "${long%7}"
	made
}

@test "labels that the API server would refuse" {
	local pair
	printf -v long '%064d' 7
	for pair in a =v '' 'a=b c' 'a=-b' 'a=b.' 'a b=c' '-a=b' 'a-=b' 'Prefix/a=b' 'p_x/a=b' '/a=b' 'x/=b' 'x/y/z=b' "a=$long" "$long=a" \
		'a=é' 'a=b=c' "$(printf '%0254d' 7)/a=b" 'a..b/c=d' $'a=b\n' $'a=\xff'; do
		CASE=$pair
		run_split regcred "${CREDENTIAL[@]}" -l "$pair"
		refused 2 label-invalid
		harmless_but_shown
	done
	for CASE in '-l a=1 -l a=2' '-lb=1 -la=1 --label=b=1'; do
		# shellcheck disable=SC2086 # words
		# shellcheck disable=SC2086 # several words
		run_split regcred "${CREDENTIAL[@]}" $CASE
		refused 2 label-invalid 'given twice'
	done
	CASE=
	run_split regcred "${CREDENTIAL[@]}" -l my_team='the team'
	refused 2 label-invalid 'did you mean "the-team"?'
	for CASE in 'a=' 'a=A_b.C-9' 'a_b=c' 'A=b' 'example.com/A_b=c' "a=${long%7}" "${long%7}=a"; do
		run_split regcred "${CREDENTIAL[@]}" --label "$CASE"
		made
	done
}

# Letters of other scripts may show; what controls a terminal may not.
harmless_but_shown() {
	! LC_ALL=C grep -q $'[\x01-\x09\x0b-\x1f\x7f]' "$ERR" || fail "standard error holds raw bytes"
	iconv -f UTF-8 -t UTF-8 "$ERR" >/dev/null || fail "standard error is not UTF-8"
}

@test "annotations that the API server would refuse" {
	for CASE in a =v '' 'a b=c' '-a=b' '/a=b' 'x/=b' 'x/y/z=b' 'é=b' $'a=\xff' $'a\xff=b' "$(printf '%064d' 7)=a"; do
		run_split regcred "${CREDENTIAL[@]}" --annotation "$CASE"
		refused 2 annotation-invalid
		harmless_but_shown
	done
	CASE=
	run_split regcred "${CREDENTIAL[@]}" --annotation a=1 --annotation a=2
	refused 2 annotation-invalid 'given twice'
	printf -v long '%0100000d' 7
	run_split regcred "${CREDENTIAL[@]}" --annotation "a=$long" --annotation "b=$long" --annotation "c=$long"
	refused 2 annotation-invalid 262144
	run_split regcred "${CREDENTIAL[@]}" --annotation "a=$long" --annotation "b=$long" --annotation "c=${long:0:62141}"
	made
	run_split regcred "${CREDENTIAL[@]}" --annotation "a=$long" --annotation "b=$long" --annotation "c=${long:0:62142}"
	refused 2 annotation-invalid 262145
}

REFUSED_REGISTRIES=(
	'|names no host' 'https://|names no host' '/|names no host' '/team|names no host' ':5000|' 'http:///v2/|names no host'
	'ftp://reg.example.com|scheme' 'oci://reg.example.com/team|scheme' 'docker://reg.example.com|scheme'
	'https://https://reg.example.com|' 'https:/reg.example.com|' 'unix:///run/reg.sock|scheme'
	'user@reg.example.com|@' 'https://user:hunter2@reg.example.com/|@' '@reg.example.com|@'
	'reg.example.com/app@sha256:0123|@' 'reg.example.com?a=b|query' 'reg.example.com/?hunter2|query'
	'reg.example.com#a|fragment' 'reg.example.com/team#hunter2|fragment'
	'reg.example.com/*|wildcard in the path' 'reg.example.com/te*m/app|wildcard in the path' '*.example.com/*|wildcard in the path'
	'reg.example.com/a%20b|%' '%72eg.example.com|%' 'reg.example.com//team|empty path component'
	'reg.example.com/team//|empty path component' 'reg.example.com//|empty path component' 'reg.example.com/v1//x|empty path component'
	'reg.example.com/Team|upper case' 'reg.example.com/V1/|upper case' 'docker.io/Team|upper case'
	'reg.example.com:|port' 'reg.example.com:abc|port' 'reg.example.com:0|port' 'reg.example.com:65536|port'
	'reg.example.com:-1|port' 'reg.example.com:+1|port' 'reg.example.com:5000x|port' 'reg.example.com:5000:6000|port' 'reg.example.com:*|port'
	'reg.example.com:99999999999999999999|port' 'reg.example.com:443/a:latest|colon in the path'
	' reg.example.com|blank' 'reg.example.com |blank' 'reg example.com|blank' $'reg\t.example.com|blank' $'reg.example.com\n|blank'
	'reg.example.com/a b|blank' 'registry|one label' 'REGISTRY|one label' 'harbor/team|one label' 'library/|one label'
	'reg*|one label' '**|one label' 'http://registry/v2/|one label' 'a-b|one label'
	'[::1]|without a port' '[2001:db8::1]/team|without a port' '[::1|' '[::1]x:5000|IPv6' '[zz]:5000|IPv6' '[]:5000|IPv6'
	'[10.0.0.1]:5000|IPv6' '[fe80::1%eth0]:5000|%' '::1|' 'fe80::1:5000|'
	'.example.com|' 'example.com.|' 'a..example.com|' '-a.example.com|' 'a-.example.com|' 'a.-b.com|' 'a.b-|'
	'reg_1.example.com:5000|' 'reg!.example.com|' 're[a-g].example.com|' "reg'.example.com|" 'reg.example.com\x|backslash'
	'räg.example.com|ASCII' 'reg.example.com/té|ASCII' 'reg.example.com/a:tag|colon in the path' 'reg.example.com/-a|'
	'reg.example.com/a-/b|' 'reg.example.com/_a|' 'reg.example.com/a..b|' 'reg.example.com/a.-b|' 'reg.example.com/a___b|'
	'reg.example.com/.|' 'reg.example.com/a/../b|' 'reg.example.com/a/./b|' 'reg.example.com/a~b|' 'reg.example.com/a+b|'
)

@test "registries that no image can match are refused" {
	local row
	for row in "${REFUSED_REGISTRIES[@]}"; do
		CASE=${row%|*}
		run_split regcred "--registry=$CASE" -u user --password-env PASS
		refused 2 registry-invalid "${row##*|}"
		untold hunter2
		harmless_but_shown
	done
	CASE='long path'
	printf -v long '%0255d' 7
	run_split regcred -r "reg.example.com/$long" -u user --password-env PASS
	ended 0
	run_split regcred -r "reg.example.com/${long}7" -u user --password-env PASS
	refused 2 registry-invalid 255
	printf -v long '%05000d' 7
	run_split regcred -r "$long.example.com" -u user --password-env PASS
	refused 2 '[a-z-]*'
}

# Key as given, key as written, messages.
ACCEPTED_REGISTRIES='
	reg.example.com                   reg.example.com
	REG.Example.COM                   reg.example.com                  registry-normalised
	https://reg.example.com           reg.example.com                  registry-normalised
	HTTPS://reg.example.com           reg.example.com                  registry-normalised
	HtTp://Reg.example.com/V          -
	http://reg.example.com/           reg.example.com                  registry-normalised
	reg.example.com/                  reg.example.com                  registry-normalised
	reg.example.com/v1                reg.example.com                  registry-normalised
	reg.example.com/v1/               reg.example.com                  registry-normalised
	reg.example.com/v2                reg.example.com                  registry-normalised
	https://reg.example.com:5000/v2/  reg.example.com:5000             registry-normalised
	reg.example.com/v3                reg.example.com/v3               registry-prefix
	reg.example.com/v1/team           reg.example.com/v1/team          registry-prefix
	reg.example.com:5000              reg.example.com:5000
	reg.example.com:80                reg.example.com:80
	reg.example.com:65535             reg.example.com:65535
	reg.example.com:443               reg.example.com:443              registry-port
	https://reg.example.com:443/      reg.example.com:443              registry-normalised registry-port
	reg.example.com:443/team          reg.example.com:443/team         registry-port registry-prefix
	localhost                         localhost
	LOCALHOST                         localhost                        registry-normalised
	localhost:5000                    localhost:5000
	registry:5000                     registry:5000
	http://Registry:5000/team/        registry:5000/team/              registry-normalised registry-slash
	*                                 *                                registry-no-images
	*:5000                            *:5000
	*.azurecr.io                      *.azurecr.io
	r*g.example.com                   r*g.example.com
	*.dkr.*.example.com               *.dkr.*.example.com
	*-docker.pkg.dev/project          *-docker.pkg.dev/project         registry-prefix username-provider
	*.docker.io                       *.docker.io
	10.0.0.1                          10.0.0.1
	http://10.0.0.1:5000/v2/          10.0.0.1:5000                    registry-normalised
	[::1]:5000                        [::1]:5000
	[2001:DB8::1]:443                 [2001:db8::1]:443                registry-normalised registry-port
	reg_1.example.com                 reg_1.example.com
	xn--rg-yia.example.com            xn--rg-yia.example.com
	a--b.example.com                  a--b.example.com
	ghcr.io/org                       ghcr.io/org                      registry-prefix
	ghcr.io/org/                      ghcr.io/org/                     registry-slash
	https://ghcr.io/org               ghcr.io/org                      registry-normalised registry-prefix
	gcr.io/my-project/a_b/c.d/e__f    gcr.io/my-project/a_b/c.d/e__f   registry-prefix username-provider
	reg.example.com/team-             reg.example.com/team-            registry-prefix
	docker.io                         https://index.docker.io/v1/      registry-normalised
	Docker.io/                        https://index.docker.io/v1/      registry-normalised
	index.docker.io                   https://index.docker.io/v1/      registry-normalised
	https://index.docker.io/v1        https://index.docker.io/v1/      registry-normalised
	https://index.docker.io/v1/       https://index.docker.io/v1/
	https://index.docker.io/v2/       https://index.docker.io/v1/      registry-normalised
	http://registry-1.docker.io/v2/   https://index.docker.io/v1/      registry-normalised
	registry-1.docker.io              https://index.docker.io/v1/      registry-normalised
	hub.docker.com                    https://index.docker.io/v1/      registry-normalised
	registry.hub.docker.com           https://index.docker.io/v1/      registry-normalised
	docker.io/team                    docker.io/team                   registry-prefix
	docker.io/v1/team                 docker.io/team                   registry-normalised registry-prefix
	https://index.docker.io/v1/team/  docker.io/team/                  registry-normalised registry-slash
	hub.docker.com/team               docker.io/team                   registry-normalised registry-prefix
	index.docker.io:443               index.docker.io:443              registry-port
'

@test "registries are written as the kubelet finds them, and a note says so" {
	local given written ids
	set -o noglob
	while read -r -u 9 given written ids; do
		CASE=$given
		[[ -n $given && $written != - ]] || continue
		run_split regcred -r "$given" -u user --password-env PASS -o config
		# shellcheck disable=SC2086 # words
		made $ids
		[[ $(jq -r '.auths | keys[]' "$OUT") == "$written" ]] || fail "it is written otherwise"
		[[ $ids != *normalised* ]] || told "registry \"$given\" is written as \"$written\""
	done 9<<<"$ACCEPTED_REGISTRIES"
}

@test "two registries that become the same are refused" {
	local -a pairs=('reg.example.com reg.example.com' 'reg.example.com https://REG.example.com/v2/' 'docker.io index.docker.io'
		'https://index.docker.io/v1/ registry-1.docker.io' 'hub.docker.com/team docker.io/team' 'docker.io/v1/team docker.io/team'
		'reg.example.com/v1/team reg.example.com/team' 'reg.example.com/v1/team reg.example.com/v2/team')
	for CASE in "${pairs[@]}"; do
		run_split regcred -r "${CASE% *}" -u a --password-env PASS -r "${CASE#* }" -u b --password-env PASS
		refused 2 registry-duplicate
		run_split regcred -r "${CASE#* }" -u a --password-env PASS -r other.example.com -u o --password-env PASS \
			-r "${CASE% *}" -u b --password-env PASS
		refused 2 registry-duplicate
	done
	CASE='said before what is missing'
	run_split regcred -q -r docker.io -r index.docker.io -u a </dev/null
	refused 2 registry-duplicate 'registry "https://index.docker.io/v1/" is given twice'
	for CASE in 'reg.example.com reg.example.com:443' 'reg.example.com reg.example.com:5000' 'reg.example.com/team reg.example.com/team/' \
		'docker.io docker.io/library' 'reg.example.com *.example.com'; do
		run_split regcred -o config -r "${CASE% *}" -u a --password-env PASS -r "${CASE#* }" -u b --password-env PASS
		ended 0
		[[ $(jq '.auths | length' "$OUT") == 2 ]] || fail "there are not two"
	done
}

@test "user-info and query of a registry may be secret, and are not repeated" {
	for CASE in https://user:hunter2@reg.example.com user:hunter2@reg.example.com hunter2@reg.example.com \
		'user:p@hunter2@reg.example.com' 'user:hunter2?x@reg.example.com' 'https://user:hunter2#x@reg.example.com' \
		'user:hunter2://x@reg.example.com' 'https://user:x/hunter2@reg.example.com' '//user:hunter2@reg.example.com' \
		'ftp://user:hunter2@reg.example.com' 'reg.example.com?token=hunter2' 'https://reg.example.com/v2/?a=b&token=hunter2' \
		'reg.example.com#hunter2' 'reg.example.com?a@hunter2' $'user:hunter2 \e@reg.example.com' 'user:hunter2%40@reg.example.com' \
		'user:hunter2@' 'https://user:hunter2@'; do
		run_split regcred -r "$CASE" -u user --password-env PASS
		refused 2 registry-invalid
		untold hunter2
		run_split regcred -v -u user --password-env PASS "--docker-server=$CASE"
		refused 2 registry-invalid
		untold hunter2
	done
}

@test "an invalid user name is refused" {
	for CASE in '' user:hunter2 : $'us\ter' $'user\n' $'us\x7fer' $'us\xc2\x80er' $'us\xffer'; do
		run_split regcred -r reg.example.com -u "$CASE" --password-env PASS
		refused 2 username-invalid
		untold hunter2
		harmless
	done
	for CASE in $'a\n@b' $'a\xff@b' $'a\e@b'; do
		run_split regcred "${CREDENTIAL[@]}" --email "$CASE"
		refused 2 email-invalid
		harmless
	done
	CASE=
	run_split regcred -o config -r reg.example.com -u "robot\$a b'\"ü" --password-env PASS
	made
	[[ $(jq -r '.auths[].auth | @base64d' "$OUT") == "robot\$a b'\"ü:pass" ]]
}

@test "kubectl's other options are refused by their name" {
	for CASE in save-config save-config=true dry-run=server dry-run=none dry-run=hunter2 validate validate=strict field-manager=hunter2 \
		show-managed-fields template=hunter2 allow-missing-template-keys kubeconfig=hunter2 context=hunter2 cluster=hunter2 server=hunter2 \
		user=hunter2 token=hunter2 as=hunter2 as-group=hunter2 as-uid=hunter2 request-timeout=hunter2 certificate-authority=hunter2 \
		client-certificate=hunter2 client-key=hunter2 tls-server-name=hunter2 insecure-skip-tls-verify match-server-version \
		disable-compression cache-dir=hunter2; do
		run_split regcred "${CREDENTIAL[@]}" "--$CASE"
		refused 2 option-of-kubectl "option --${CASE%%=*} "
		told 'hint: '
		untold hunter2
	done
	CASE=
	run_split regcred "${CREDENTIAL[@]}" --dry-run server
	refused 2 option-of-kubectl --dry-run=client
	run_split regcred "${CREDENTIAL[@]}" --context hunter2
	refused 2 option-of-kubectl --context
	untold hunter2
	run_split regcred --help
	untold save-config
	[[ $output != *--save-config* && $output != *--context* ]]
}

@test "the name of a command is no NAME without --name" {
	for CASE in $(commands); do
		run_split regcred "${CREDENTIAL[@]}" "$CASE"
		refused 2 unknown-command "--name $CASE"
		run_split regcred generate "$CASE" "${CREDENTIAL[@]}"
		refused 2 unknown-command "--name $CASE"
		run_split regcred -- "$CASE"
		refused 2 unknown-command "--name $CASE"
		run_split regcred "${CREDENTIAL[@]}" --name "$CASE"
		made
		[[ $output == *$'\n  name: '"$CASE"$'\n'* ]] || fail "it is called otherwise"
	done
}

@test "without arguments there is a short usage, and no question" {
	for CASE in regcred-gen kubectl-regcred; do
		ln -s "$REGCRED_GEN" "$CASE"
		run_split timeout 10 "./$CASE" </dev/null
		ended 2
		[[ ! -s $OUT && ! $(message_ids) ]] || fail "it says more"
		told "Usage: ${CASE/kubectl-/kubectl } [generate] [OPTION]... [NAME]"
		for command in $(commands); do told "  $command "; done
		told "${CASE/kubectl-/kubectl } --help"
	done
}

@test "a first argument that is nearly a command is not used as a NAME" {
	while read -r CASE command; do
		run_split regcred "$CASE" "${CREDENTIAL[@]}"
		refused 2 unknown-command "did you mean $command? For a Secret of that name write --name $CASE"
		run_split regcred --name "$CASE" "${CREDENTIAL[@]}"
		made
		run_split regcred help "$CASE"
		refused 2 unknown-command "did you mean $command?"
	done <<-'END'
		chekc check
		chck check
		checks check
		generete generate
		generat generate
		mtach match
		shwo show
		snipet snippet
		completoin completion
		hlep help
	END
	for CASE in version 'registries ghcr.io'; do
		# shellcheck disable=SC2086 # several words
		run_split regcred $CASE
		refused 2 unknown-command 'did you mean '
	done
	told 'did you mean help registries?'
	run_split regcred version "${CREDENTIAL[@]}"
	made
	# Words of their own.
	for CASE in helm batch watch shop slow regcred team-pull show-case match2 generation; do
		run_split regcred "$CASE" "${CREDENTIAL[@]}"
		made
	done
}

@test "an unknown option: the nearest, or the command that has it" {
	while IFS='|' read -r CASE hint; do
		# shellcheck disable=SC2086 # words
		# shellcheck disable=SC2086 # several words
		run_split regcred $CASE
		refused 2 unknown-option "$hint"
	done <<-'END'
		--namespaces dev|did you mean --namespace?
		--usrname bob|did you mean --username?
		--docker-usrname bob|did you mean --docker-username?
		--pass x|options are written in full: --password-stdin,
		-f x.yaml|it is an option of match, show, check
		--filename x.yaml|it is an option of match, show, check
		check --registry ghcr.io|it is an option of generate
		check -stict|regcred-gen check --help
		match --filname x|did you mean --filename?
	END
}

@test "warnings and notes are ignored by their id, in every command" {
	run_split regcred "${CREDENTIAL[@]}" -r https://b.example.com:443 -u b --password-env PASS
	made registry-normalised registry-port
	run_split regcred "${CREDENTIAL[@]}" -r https://b.example.com:443 -u b --password-env PASS --ignore registry-port
	made registry-normalised
	run_split regcred --ignore registry-port,registry-normalised --strict "${CREDENTIAL[@]}" -r https://b.example.com:443 \
		-u b --password-env PASS
	made
	run_split regcred "${CREDENTIAL[@]}" -r https://b.example.com:443 -u b --password-env PASS --strict --ignore registry-slash
	refused 3 strict
	run_split regcred "${CREDENTIAL[@]}" --name A --ignore name-invalid
	refused 2 name-invalid
	for CASE in match show check; do
		run_split regcred "$CASE" --ignore regstry-prefix
		refused 2 option-value 'did you mean registry-prefix'
		run_split regcred "$CASE" --ignore none-such,registry-prefix
		refused 2 option-value 'there is no message or rule with the id "none-such"'
	done
}

@test "no message controls the terminal" {
	local evil=$'a\e[31mb' seen='a\x1b[31mb'
	CASE='the name of a Secret'
	run_split regcred "${CREDENTIAL[@]}" --name "$evil"
	refused 2 name-invalid "$seen" && harmless
	CASE='an argument'
	run_split regcred "${CREDENTIAL[@]}" "$evil"
	refused 2 name-invalid "$seen" && harmless
	CASE='a namespace'
	run_split regcred "${CREDENTIAL[@]}" -n "$evil"
	refused 2 namespace-invalid "$seen" && harmless
	CASE='a label'
	run_split regcred "${CREDENTIAL[@]}" -l "$evil"
	refused 2 label-invalid "$seen" && harmless
	run_split regcred "${CREDENTIAL[@]}" -l "$evil=b"
	refused 2 label-invalid "$seen" && harmless
	run_split regcred "${CREDENTIAL[@]}" -l "a=$evil"
	refused 2 label-invalid "$seen" && harmless
	CASE='an annotation'
	run_split regcred "${CREDENTIAL[@]}" --annotation "$evil=b"
	refused 2 annotation-invalid "$seen" && harmless
	CASE='a registry'
	run_split regcred -r "$evil.example.com" -u user --password-env PASS
	refused 2 registry-invalid "$seen" && harmless
	CASE='an option'
	run_split regcred "${CREDENTIAL[@]}" "--$evil"
	refused 2 unknown-option && harmless
	run_split regcred "${CREDENTIAL[@]}" $'-\e'
	refused 2 unknown-option && harmless
	CASE='a file'
	run_split regcred -r reg.example.com -u user --password-file "$evil"
	refused 4 input-failed "$seen" && harmless
	run_split regcred "${CREDENTIAL[@]}" --namespaces-from "$evil"
	refused 4 input-failed "$seen" && harmless
	run_split regcred "${CREDENTIAL[@]}" --output-file "$evil/x"
	refused 4 output-failed "$seen" && harmless
	CASE='a line of a file'
	run_split regcred "${CREDENTIAL[@]}" --namespaces-from - <<<"$evil"
	refused 3 namespace-invalid "$seen" && harmless
	CASE='other bytes'
	run_split regcred "${CREDENTIAL[@]}" --name $'a\nb\rc\td\x7f\xc2\x9b\xff'
	refused 2 name-invalid 'a\x0ab\x0dc\x09d\x7f\xc2\x9b\xff' && harmless
	CASE='a program of that name'
	# shellcheck disable=SC2016 # for the shell inside
	run_split bash -c 'exec -a "$1" "$REGCRED_GEN" --no-such' -- "$evil"
	refused 2 unknown-option && harmless
}

# config_size LENGTH: the size of the Docker config with a password of that length in the file.
config_size() {
	head -c "$1" /dev/zero | tr '\0' a >password
	echo $((${#CREDENTIAL_CONFIG} + $1 - 4 + 4 * (($1 + 5 + 2) / 3) - 12))
}

@test "a Secret over 1 MiB is refused, a byte less is not" {
	local length=440000 size
	while size=$(config_size "$length") && ((size > 1048576 || size < 1048570)); do
		((length += (1048576 - size) / 3 + (size < 1048570 ? 1 : -1)))
	done
	run_split regcred -r reg.example.com -u user --password-file password -o json
	made secret-large
	[[ $(payload_json <"$OUT" | wc -c) == "$size" ]]
	head -c $((length + 7)) /dev/zero | tr '\0' a >password
	run_split regcred -r reg.example.com -u user --password-file password
	refused 3 secret-too-large 1048576
	head -c 220000 password >half
	run_split regcred -r a.example.com -u user --password-file half -r b.example.com -u user --password-file half
	made secret-large
	run_split regcred -r a.example.com -u user --password-file half -r b.example.com -u user --password-file half \
		-r c.example.com -u user --password-file half
	refused 3 secret-too-large
}

@test "a note reports a Secret above 180 KiB" {
	config_size 80000
	run_split regcred -r reg.example.com -u user --password-file password
	made secret-large
	told 'hint: use kubectl apply --server-side'
	config_size 78000
	run_split regcred -r reg.example.com -u user --password-file password
	made
	config_size 80000
	run_split regcred -r reg.example.com -u user --password-file password -q --strict
	made
}

@test "a long option with one dash, or joined to its value, is not split" {
	run_split regcred -r reg.example.com -u user -password hunter2
	refused 2 unknown-option -password
	told 'did you mean --password?'
	run_split regcred -r reg.example.com -u user -output=json
	refused 2 unknown-option -output
	run_split regcred -r reg.example.com -u user --passwordhunter2
	refused 2 unknown-option
	untold hunter2
	run_split regcred -r reg.example.com hunter2 -q=true
	refused 2 option-value --quiet
	untold hunter2
	run_split regcred -u -p hunter2
	refused 2 option-value --username
}

@test "a message of any length keeps its id and its hint" {
	run_split regcred -r "$(printf '\001%.0s' {1..900})" -u user -p pass
	refused 2 registry-invalid
	told 'hint: '
}

@test "an option in the wrong place has a hint" {
	export PASS=pass
	run_split regcred -r reg.example.com -u user --password-env PASS -n dev,prod
	refused 2 namespace-invalid
	told 'its own --namespace'
	run_split regcred -r reg.example.com -u user --password-env PASS -l a=b,c=d
	refused 2 label-invalid
	told 'its own --label'
	run_split regcred -r reg.example.com -u user --password-env PASS --namespaces-from - <<<'NAME STATUS AGE'
	refused 3 namespace-invalid
	told 'kubectl get ns -o name'
	run_split regcred -r reg.example.com -u user --password-env PASS --save-config=false
	made
	run_split regcred -r reg.example.com -u user --password-env PASS --save-config
	refused 2 option-of-kubectl
	run_split regcred -r reg.example.com -u user --password-env PASS -n $'a\u202eb'
	refused 2 namespace-invalid '\xe2\x80\xae'
}

@test "an invalid option has a hint" {
	while IFS='|' read -r CASE hint; do
		# shellcheck disable=SC2086 # several words
		eval "run_split regcred ${CREDENTIAL[*]} $CASE"
		[[ $status == 2 && ! -s $OUT ]] || fail "the status is not 2"
		told "hint: $hint"
	done <<-END
		-n ''|is the variable for it set
		--name ''|is the variable for it set
		--with-service-account ''|is the variable for it set
		--name a --name b|leave one of the two out
		-n a --namespaces-from x --namespaces-from y|leave one of the two out
		--with-pod a --with-pod b|leave one of the two out
		-l a=b -l a=c|leave one of the two out
		--name|regcred-gen --help
		--immutable=x|only --immutable=true
		--password-stdin=x|regcred-gen --help
		--from-file x --helper-timeout 0|such as --helper-timeout 60
		--append-hash --name $(printf 'a%.0s' {1..250})|shorten it
	END
	run_split regcred snippet a --name b
	refused 2 option-repeated
	told 'hint: leave one of the two out'
}

@test "a file that cannot be read has a hint" {
	for CASE in "/nonexistent|check the path" "/tmp|name a file in it"; do
		run_split regcred -r a.io -u b --password-file "${CASE%%|*}"
		refused 4 input-failed "hint: ${CASE#*|}"
	done
	run_split regcred -r a.io -u b --password-fd 99
	refused 4 input-failed 'hint: the descriptor must be open'
}
