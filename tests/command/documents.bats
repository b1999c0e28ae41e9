#!/usr/bin/env bats
# What is written about the program says what the program does.
# shellcheck disable=SC2030,SC2031,SC2034 # each test is a shell of its own; CASE and stderr are for fail

load common

MANUAL=$REPOSITORY/man/regcred-gen.1
DIAGNOSTICS=$REPOSITORY/include/regcred/base/diagnostic.h

# option_rows COMMAND: "NAME ALIAS LETTER ARGUMENT" for each row of its table that has a help text,
# with - for what is not there; read from the preprocessed source.
option_rows() {
	local source=$1
	[[ $source != generate ]] || source=generate_options
	# shellcheck disable=SC2086 # a compiler may come with options
	${REGCRED_CC:-cc} -E -P -D_GNU_SOURCE -DREGCRED_VERSION='"0"' \
		-I"$REPOSITORY/include" "$REPOSITORY/src/cli/$source.c" | perl -0777 -ne '
		my $null = qr/NULL|\(\(void \*\)0\)|0/;
		my $text = qr/"(?:[^"\\]|\\.)*"/;
		my ($rows) = /struct option_row rows\[\] = \{(.*?)\};/s or die "no rows";
		while ($rows =~ /\{\s*(?:$null|$text),\s*($text),\s*($null|$text),\s*(0|\x27.\x27),\s*($null|$text),\s*((?:$text\s*)+),/g) {
			my @fields = ($1, $2, $3, $4);
			s/^(?:$null)$/-/, s/["\x27]//g for @fields;
			print "@fields\n";
		}'
}

@test "the table of options is found" {
	option_rows generate >rows
	grep -qx 'registry docker-server r HOST\[:PORT\]\[/PATH\]' rows
	grep -qx 'strict - - -' rows
	grep -qx 'version - - -' rows
	[[ $(wc -l <rows) -gt 20 ]]
	[[ $(option_rows completion | wc -l) == 2 && $(option_rows help | wc -l) == 2 ]]
}

@test "every option is in the help" {
	for command in $(commands); do
		regcred "$command" --help >help
		option_rows "$command" >rows
		while read -r name alias letter argument; do
			CASE="$command --$name"
			line="      --$name"
			[[ $letter == - ]] || line="  -$letter, --$name"
			[[ $argument == - ]] || line+=" $argument"
			grep -Eq -- "^$(printf %s "$line" | sed 's/[][]/\\&/g')( |\$)" help || fail "no line: $line"
			[[ $alias == - ]] || grep -Eq -- "^      --$alias +the same$" help || fail "no --$alias"
		done <rows
		# ... and no other.
		[[ $(grep -cE '^ +(-., )?--' help) == $(awk '{ n += 1 + ($2 != "-") } END { print n }' rows) ]]
	done
	regcred --help >help
	regcred generate --help | cmp - help
}

@test "every option is in the manual, and no other" {
	option_rows generate | while read -r name alias letter argument; do
		[[ $letter == - ]] || echo "$letter"
		echo "$name"
		[[ $alias == - ]] || echo "$alias"
	done | sort >expected
	sed -n '/^\.Sh GENERATE/,/^\.Sh REGISTRY/p' "$MANUAL" | grep '^\.It Fl' |
		grep -oE 'Fl (Fl )?[A-Za-z-]+' | awk '{ print $NF }' | sort >found
	diff expected found
}

@test "every option of the other commands is in its section of the manual, and no other" {
	# Those that all commands have stand under OPTIONS, and here where they say more.
	common='^(q|quiet|v|verbose|strict|ignore|h|help|version)$'
	while read -r command heading; do
		CASE=$command
		option_rows "$command" | awk '{ for (i = 1; i <= 3; i++) if ($i != "-") print $i }' >rows
		section "$heading" | grep '^\.It Fl' | grep -oE 'Fl (Fl )?[A-Za-z-]+' | awk '{ print $NF }' | sort >found
		diff <(grep -vE "$common" rows | sort) <(grep -vE "$common" found) || fail "the options differ"
		[[ ! $(comm -13 <(sort rows) found) ]] || fail "the manual has more"
	done <<-END
		match MATCH
		show SHOW
		verify VERIFY
		attach ATTACH
		why WHY
		check CHECK
		snippet SNIPPET
	END
}

@test "the manual shows the arguments of the options" {
	option_rows generate | while read -r name _ _ argument; do
		CASE="--$name"
		[[ $argument != - ]] || continue
		# The first word of HOST[:PORT] or KEY=VALUE.
		grep -Eq "^\.It (.* )?Fl Fl $name\b.* Ar ${argument%%[!A-Za-z]*}\b" "$MANUAL" ||
			fail "the manual lacks its argument $argument"
	done
}

@test "every option is completed, and no other" {
	for command in $(commands); do
		CASE=$command
		option_rows "$command" | awk '{ print "--" $1; if ($2 != "-") print "--" $2 }' >rows
		regcred __complete "$command" -- - | sed 's/\t.*//' >completed
		[[ $(wc -l <completed) == 1 ]] || fail "options are completed after --"
		regcred __complete "$command" - | sed 's/\t.*//; /^:4$/d' | cmp -s - rows || fail "the options differ"
	done
}

# --- the manual -----------------------------------------------------------------------

# section NAME: its lines in the manual.
section() {
	awk -v name="$1" '/^\.Sh / { inside = ($0 == ".Sh " name); next } inside' "$MANUAL"
}

@test "the manual lists every message id with its status, and no other" {
	declare -A status_of=([NO]=1 [USAGE]=2 [DATA]=3 [SYSTEM]=4 [FAULT]=5)
	sed -nE 's/^\tROW\([A-Z_]+, +"([a-z-]+)", +([A-Z]+), ([A-Z]+)\).*/\1 \2 \3/p' "$DIAGNOSTICS" |
		while read -r id severity result; do
			[[ $severity != ERROR ]] || id+=" ${status_of[$result]}"
			echo "$id"
		done | sort >expected
	[[ $(wc -l <expected) -gt 30 ]]
	[[ $(wc -l <expected) == $(grep -c '^	ROW(' "$DIAGNOSTICS") ]]
	section DIAGNOSTICS | sed -nE 's/^\.It ([a-z-]+)( Pq ([0-9]))?$/\1 \3/p' | sed 's/ $//' | sort >found
	diff expected found
	[[ $(section DIAGNOSTICS | grep -c '^\.It') == $(wc -l <found) ]]
}

@test "warnings and notes are in lists of their own in the manual" {
	for severity in WARNING NOTE; do
		heading=Warnings
		[[ $severity == WARNING ]] || heading=Notes
		sed -nE "s/^\tROW\([A-Z_]+, +\"([a-z-]+)\", +$severity,.*/\1/p" "$DIAGNOSTICS" | sort >expected
		section DIAGNOSTICS | sed -n "/^$heading/,/^\.El/p" | sed -n 's/^\.It //p' | sort >found
		diff expected found
	done
}

@test "the manual lists the exit statuses" {
	sed -n 's/^	STATUS_[A-Z]* = \([0-9]\).*/\1/p' "$DIAGNOSTICS" >expected
	[[ $(wc -l <expected) == 6 ]]
	section 'EXIT STATUS' | sed -n 's/^\.It //p' >found
	diff expected found
}

@test "mandoc finds nothing in the manual" {
	command -v mandoc >/dev/null || skip "mandoc is not installed"
	mandoc -Tlint -W warning "$MANUAL"
	mandoc -Tutf8 "$MANUAL" | col -b >rendered
	grep -q '^EXIT STATUS' rendered
	grep -q -- '--password-stdin' rendered
	[[ $(wc -l <rendered) -gt 200 ]]
}

@test "the version is one everywhere" {
	version=$(sed -n 's/^VERSION = //p' "$REPOSITORY/Makefile")
	[[ $version && $(regcred --version) == "regcred-gen $version" ]]
	[[ ! -e $REPOSITORY/CHANGELOG.md ]] || grep -qF "$version" "$REPOSITORY/CHANGELOG.md"
}

# --- README and docs ----------------------------------------------------------------------

TEXTS='README docs/guide docs/recipes'

# fenced FILE: the fenced blocks, each line with its block's number before it.
fenced() {
	awk '/^ *```/ { inside = inside ? 0 : ++number; print "fence " $0; next }
		inside { print number " " $0 }' "$1"
}

@test "both languages show the same code" {
	for text in $TEXTS; do
		fenced "$REPOSITORY/$text.md" >english
		fenced "$REPOSITORY/$text.ko.md" >korean
		[[ $(grep -c '^fence' english) -ge 10 ]]
		diff english korean
		# A block that is not closed would swallow the rest.
		[[ $(($(grep -c '^fence' english) % 2)) == 0 ]]
	done
}

@test "the READMEs are short, and soon make a Secret" {
	for file in README.md README.ko.md; do
		CASE=$file
		(($(wc -l <"$REPOSITORY/$file") < 200)) || fail "it is too long"
		head -n 45 "$REPOSITORY/$file" >beginning
		for wanted in 'apt-get install' '| kubectl apply --server-side -f -' 'make run ' 'make check '; do
			grep -qF "$wanted" beginning || fail "it does not begin with: $wanted"
		done
		head -n 3 "$REPOSITORY/$file" | grep -Eq '한국어|English' || fail "the other language is not named"
	done
}

@test "the links in the texts lead somewhere" {
	for file in "$REPOSITORY"/{README,docs/guide,docs/recipes}{,.ko}.md; do
		grep -oE '\]\([^)#]+' "$file" | sed 's/^](//' | grep -v '^https://' | while read -r link; do
			[[ -e $(dirname "$file")/$link ]] || fail "$file: $link"
		done
	done
}

@test "the options in the texts exist" {
	{
		for command in $(commands); do
			option_rows "$command" | awk '{ print $1; if ($2 != "-") print $2 }'
		done
		# Those of kubectl, helm, podman, sops, az and the shell that the texts speak of.
		printf '%s\n' server-side force-conflicts dry-run save-config from-file encrypted-regex input-type output-type from-literal install \
			post-renderer post-renderer-args enable-exec enable-alpha-plugins expose-token rm
	} | sort -u >known
	for text in $TEXTS; do
		for file in "$text.md" "$text.ko.md"; do
			grep -oE '(^|[^A-Za-z-])--[a-z][a-z-]+' "$REPOSITORY/$file" | sed 's/.*--//' | sort -u >used
			[[ ! $(comm -13 known used) ]] || {
				echo "$file: $(comm -13 known used)"
				false
			}
		done
	done
}

# --- every example is run ----------------------------------------------------------------

# A folder with what the examples speak of, and a kubectl that needs no cluster: `apply` reads
# what it is given, with the real kubectl where there is one.
sandbox() {
	mkdir -p sandbox/overlays/prod sandbox/manifests sandbox/chart home/.docker bin
	ln -s "$REGCRED_GEN" bin/regcred-gen
	ln -s "$REGCRED_GEN" bin/kubectl-regcred
	real=$(command -v kubectl || true)
	cat >bin/kubectl <<-END
		#!/bin/sh
		[ "\$1" != regcred ] || { shift; exec kubectl-regcred "\$@"; }
		exec 3>&1 >>"$PWD/applied"
		case \$1 in
		apply)
			cat >"$PWD/manifest" || exit
			[ -s "$PWD/manifest" ] || { echo "nothing to apply" >&2; exit 1; }
			[ ! "$real" ] || exec "$real" label --local --overwrite -f "$PWD/manifest" a=b -o yaml --dry-run=client
			cat "$PWD/manifest" ;;
		get) exec >&3
			case "\$*" in
			"get ns -o name") printf 'namespace/%s\n' default kube-system team-a ;;
			"get secret regcred -n dev -o yaml") cat "$PWD/secret.yaml" ;;
			"get secret,sa,pod -A -o json") echo '{"apiVersion": "v1", "kind": "List", "items": []}' ;;
			*-o\ json*) echo '{"apiVersion": "v1", "kind": "List", "items": []}' ;;
			*) exit 1 ;;
			esac ;;
		*) echo "the stand-in for kubectl has no \$1" >&2; exit 1 ;;
		esac
	END
	chmod +x bin/kubectl
	regcred -n dev -r ghcr.io -u a --password-env PASS -r quay.io -u b --password-env PASS >secret.yaml
	PATH=$PWD/bin:$PATH HOME=$PWD/home KUBECONFIG=/dev/null
	export HOME KUBECONFIG TOKEN=sample-token HUB_TOKEN=sample-hub-token
	APPLIED=$PWD/applied
	cd sandbox || return
	echo token-a >a.txt
	echo token-b >b.txt
	echo token-c >new.txt
	printf '%s\n' '# ours' team-a team-b >namespaces.txt
	printf '{"auths": {"ghcr.io": {"auth": "YTpi"}, "quay.io": {"auth": "YTpi"}}}' | tee config.json >"$HOME/.docker/config.json"
	printf '%s\n' '{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "app", "namespace": "dev"},' \
		'"spec": {"template": {"spec": {"imagePullSecrets": [{"name": "regcred"}],' \
		'"containers": [{"name": "app", "image": "ghcr.io/org/app:1.2"}]}}}}' >deployment.yaml
	cp deployment.yaml manifests/
	# What makes and seals manifests elsewhere.
	printf '#!/bin/sh\ncat deployment.yaml\n' | tee ../bin/helm >../bin/kustomize
	printf '#!/bin/sh\ncat >/dev/null\necho sealed\n' | tee ../bin/kubeseal >../bin/sops
	chmod +x ../bin/{helm,kustomize,kubeseal,sops}
}

# The registries of the examples cannot be reached from a test: an answer that says so is one.
asks_registry() {
	[[ $1 == *verify* ]]
}

# runs_all FOLDER: runs each file in it.
runs_all() {
	local file
	for file in "$1"/*; do
		CASE=$(<"$file")
		: >"$APPLIED"
		run_split bash -euo pipefail "$file" </dev/null
		if asks_registry "$CASE"; then
			[[ $status == 0 || $status == 4 ]] || fail "it fails" || return
			continue
		fi
		[[ $status == 0 ]] || fail "it fails" || return
		[[ $CASE != *'kubectl apply'* || -s $APPLIED ]] || fail "nothing is applied" || return
		untold 'error:' || return
		if [[ $CASE != *snippet* && $(<"$OUT") == *.dockerconfigjson* ]]; then
			grep -Eq '^kind: Secret$|"kind": "(Secret|List)"' "$OUT" || fail "no Secret" || return
		fi
	done
}

@test "every shell example of the README and the recipes works" {
	sandbox
	for text in README docs/recipes; do
		rm -rf ../blocks
		mkdir ../blocks
		awk '/^ *```sh$/ { inside = ++number; next } /^ *```/ { inside = 0 }
			inside { print >(sprintf("../blocks/%02d", number)) }' "$REPOSITORY/$text.md"
		[[ $(find ../blocks -type f | wc -l) -ge 8 ]]
		runs_all ../blocks
	done
	# The function for kustomize, which gives it no arguments.
	jq -n '{apiVersion: "config.kubernetes.io/v1", kind: "ResourceList", functionConfig: {data: {name: "team-pull"}},
		items: [{apiVersion: "v1", kind: "Pod", spec: {}}]}' >list.json
	run_split "$(sed -n 's|^ *path: \./|./|p' "$REPOSITORY/docs/recipes.md")" <list.json
	made
	[[ $(jq -c '.items[].spec' "$OUT") == '{"imagePullSecrets":[{"name":"team-pull"}]}' ]]
}

@test "the examples of the manual work" {
	mkdir blocks
	# As mandoc would show them: \e is a backslash.
	section EXAMPLES | awk '/^\.Bd/ { inside = ++number; next } /^\.Ed/ { inside = 0 }
		inside { gsub(/\\e/, "\\"); gsub(/\\&/, ""); print >(sprintf("blocks/%02d", number)) }'
	blocks=$PWD/blocks
	[[ $(find blocks -type f | wc -l) -ge 4 ]]
	sandbox
	runs_all "$blocks"
}

@test "the examples of the help work" {
	mkdir blocks
	regcred --help | awk '/^  (printf|regcred-gen) / { number++; go = 1 }
		go { print >(sprintf("blocks/%02d", number)); go = /[\\|]$/ }'
	blocks=$PWD/blocks
	[[ $(find blocks -type f | wc -l) == 2 ]]
	sandbox
	runs_all "$blocks"
}

# --- the repository -----------------------------------------------------------------------

@test "no file says where it was made" {
	cd "$REPOSITORY"
	git rev-parse --git-dir >/dev/null 2>&1 || skip "this is no clone"
	# Written so that they do not find themselves.
	places='(^|[^A-Za-z0-9_.])/(work|root|builds|mnt|home/[a-z]+)[/]'
	hosts='(pypi|crates|npmjs|rubygems|maven)[.](org|io|com)|proxy[.]golang|(deb|archive|ports|snapshot)[.](debian|ubuntu)|pkgs[.]k8s'
	run ! git grep -nIE "$places|$hosts" -- . ':!tests/vectors'
}

@test "every tracked text ends in a line feed, and no line in a blank" {
	cd "$REPOSITORY"
	git rev-parse --git-dir >/dev/null 2>&1 || skip "this is no clone"
	run ! git grep -nIE '[ 	]+$' -- . ':!tests/vectors' ':!tests/fuzz/corpus'
}

@test "every help fits 80 columns" {
	for command in $(commands); do
		run_split regcred "$command" --help
		CASE=$(awk 'length($0) > 80' "$OUT")
		[[ ! $CASE ]] || fail "too wide in the help of $command"
	done
	run_split regcred
	CASE=$(awk 'length($0) > 80' "$ERR")
	[[ ! $CASE ]] || fail "too wide in the usage"
}
