#!/usr/bin/env bats
# What snippet prints does what it says, in the hands of the real kubectl and of shells.
# shellcheck disable=SC2030,SC2031,SC2034 # each test is a shell of its own; CASE and stderr are for fail

load common

# part WORD: the part of the last output whose heading holds the word.
part() {
	awk -v word="$1" '/^### / { inside = index($0, word); next } inside' "$OUT"
}

# A kubectl for the printed commands: what they say of the object is done to the file state.json.
stand_in() {
	local real
	real=$(command -v kubectl)
	mkdir -p stand-in
	cat >stand-in/kubectl <<-END
		#!/bin/bash
		verb=\$1
		shift 3 # and the kind and the name
		while [[ \$1 == -n ]]; do shift 2; done
		case \$verb in
		get) exec "$real" label --local -f state.json a=b "\$@" ;;
		patch) "$real" patch --local -f state.json "\$@" -o json >next.json && mv next.json state.json ;;
		*) exit 1 ;;
		esac
	END
	chmod +x stand-in/kubectl
}

@test "what is asked for most" {
	run_split regcred snippet
	made
	[[ $(grep -c '^### ' "$OUT") == 3 ]]
	grep -qx 'regcred-gen attach regcred -f app.yaml | kubectl apply --server-side -f -' "$OUT"
	grep -q '^kubectl get serviceaccount default -o ' "$OUT"
	run ! grep -q -e ' -n ' "$OUT"
}

@test "name and namespace stand everywhere" {
	run_split regcred snippet --name my-pull -n dev
	made
	cp "$OUT" first
	run ! grep -q regcred$ "$OUT"
	grep -o 'kubectl [^|]*' "$OUT" | while read -r CASE; do
		[[ $CASE == *' -n dev'* || $CASE == *' --all-namespaces '*my-pull ]] || fail "no namespace"
	done
	run_split regcred snippet my-pull -n=dev
	wrote <first
}

@test "the commands add to the list of a ServiceAccount, once, and lose nothing" {
	needs_kubectl
	stand_in
	run_split regcred snippet my-pull -n dev
	part ServiceAccount >attach
	for CASE in '[]' '["old"]' '["my-pull.x","old"]' '["my-pull"]'; do
		for shell in 'bash -euo pipefail' 'dash -e' 'sh -e'; do
			command -v "${shell%% *}" >/dev/null || continue
			jq -n --argjson names "$CASE" '{apiVersion: "v1", kind: "ServiceAccount", metadata: {name: "default"}}
				| if $names == [] then . else .imagePullSecrets = [$names[] | {name: .}] end' >state.json
			for time in 1 2 3; do
				# shellcheck disable=SC2086 # words
				PATH=$PWD/stand-in:$PATH $shell attach || fail "$shell: it fails"
				jq -c '[.imagePullSecrets[].name]' state.json >names
				jq -cn --argjson names "$CASE" '$names + (["my-pull"] - $names)' | cmp -s - names ||
					fail "$shell, time $time: $(jq -c .imagePullSecrets state.json)"
			done
		done
	done
}

@test "kubectl understands every command, and so does a shell" {
	needs_kubectl
	run_split regcred snippet my-pull -n dev
	made
	cp "$OUT" all
	bash -n all
	# There is no cluster: that, and nothing else, is what each of them may say.
	mkdir bin
	cat >bin/kubectl <<-END
		#!/bin/sh
		"$(command -v kubectl)" --request-timeout=1s -s http://127.0.0.1:9 "\$@" >/dev/null 2>>"$PWD/said" && exit
		echo "kubectl \$*" >>"$PWD/ran"
		exit 1
	END
	printf '#!/bin/sh\nprintf "<%%s>" "$@" >>"%s"\n' "$PWD/ours" >bin/regcred-gen
	chmod +x bin/*
	PATH=$PWD/bin:$PATH bash all >/dev/null || true
	[[ $(grep -c ^kubectl ran) == 13 ]] || fail "it ran: $(<ran)"
	run ! grep -vE 'memcache|connection refused|was refused|no objects passed' said
	[[ $(<ours) == "<attach><my-pull><-f><app.yaml><show><check>" ]] || fail "it ran $(<ours)"
}

@test "invalid options of snippet are refused" {
	run_split regcred snippet --name Bad
	refused 2 name-invalid
	run_split regcred snippet Bad
	refused 2 name-invalid
	run_split regcred snippet a b
	refused 2 argument-extra
	run_split regcred snippet --name a --name b
	refused 2 option-repeated
	run_split regcred snippet -n ''
	refused 2 namespace-invalid
	run_split regcred snippet -n a -n b
	refused 2 option-repeated
	run_split regcred snippet --for app.yaml
	refused 2 unknown-option
	run_split regcred snippet --strict
	refused 2 unknown-option
	run_split regcred snippet --help
	made
}

@test "a plugin of kubectl prints itself as one" {
	ln -s "$REGCRED_GEN" kubectl-regcred
	run_split ./kubectl-regcred snippet
	made
	grep -q '| kubectl regcred check$' "$OUT"
}
