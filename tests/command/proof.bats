#!/usr/bin/env bats
# --image and --for: a Secret is only written if the kubelet would find a credential in it.
# shellcheck disable=SC2034 # CASE is for fail

load common

GHCR=(-r ghcr.io -u a --password-env PASS)

# deployment NAMESPACE SECRETS IMAGE: SECRETS is JSON.
deployment() {
	printf '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"%s"},"spec":{"template":
		{"spec":{"imagePullSecrets":%s,"containers":[{"name":"a","image":"%s"}]}}}}\n' "$@"
}

@test "a Secret that covers the images is the same as without them" {
	regcred "${GHCR[@]}" >expected
	run_split regcred "${GHCR[@]}" --image ghcr.io/org/app:1 --image=ghcr.io/org/b@sha256:"$(printf %064d 0)"
	made
	wrote <expected
	regcred "${GHCR[@]}" -o config >expected
	run_split regcred "${GHCR[@]}" --image ghcr.io/org/app:1 -o config
	made
	wrote <expected
}

@test "one that does not is not written, and all that was compared is reported" {
	run_split regcred "${GHCR[@]}" --image ghcr.io/org/app --image quay.io/other/app --image quay.io/x
	refused 1 image-unmatched 'quay.io/other/app'
	[[ $(message_ids) == 'image-unmatched image-unmatched image-unmatched' ]] || fail "the messages are others"
	told '  -  ghcr.io  Secret regcred  '
	told '2 of 3 images'
	untold "$PASS"
	run_split regcred "${GHCR[@]}" --image quay.io/other/app --output-file made
	refused 1 image-unmatched
	[[ ! -e made ]]
}

@test "an invalid image is a usage error, before a password is read" {
	run_split regcred -r ghcr.io -u a --password-file none --image Ghcr.io/Org/x
	refused 2 image-invalid
	run_split regcred -r ghcr.io -u a --password-file none --image ''
	refused 2 image-invalid
}

@test "the hint says how to fix it" {
	run_split regcred -r gchr.io -u a --password-env PASS --image ghcr.io/org/app
	refused 1 image-unmatched 'a typo? write ghcr.io'
}

@test "--for takes the name and the namespace, and says so" {
	deployment dev '[{"name":"pulls"}]' ghcr.io/org/app >w.json
	run_split regcred "${GHCR[@]}" --for w.json
	made name-taken name-taken
	[[ $output == *$'\n  name: pulls\n  namespace: dev\n'* ]] || fail "names: $output"
	run_split regcred "${GHCR[@]}" -q --for - <w.json
	made
	[[ $output == *$'\n  name: pulls\n  namespace: dev\n'* ]] || fail "names: $output"
	# What is given stands.
	run_split regcred "${GHCR[@]}" --for w.json --name mine -n prod
	made secret-unreferenced secret-unreferenced
	[[ $output == *$'\n  name: mine\n  namespace: prod\n'* ]] || fail "names: $output"
	run_split regcred "${GHCR[@]}" --for w.json -o config
	made
}

@test "--for proves all images of the workload" {
	deployment dev '[{"name":"pulls"}]' ghcr.io:5000/org/app >w.json
	run_split regcred "${GHCR[@]}" --for w.json --image ghcr.io/org/app
	refused 1 image-unmatched ghcr.io:5000/org/app
	deployment dev '[{"name":"pulls"}]' ghcr.io/org/App >w.json
	run_split regcred "${GHCR[@]}" --for w.json
	refused 1 image-unmatched 'upper case'
}

@test "images on other hosts are one note, which --strict refuses" {
	deployment dev '[{"name":"pulls"}]' ghcr.io/org/app >w.json
	deployment dev '[{"name":"pulls"}]' busybox >>w.json
	deployment dev '[{"name":"pulls"}]' quay.io/x/y >>w.json
	run_split regcred "${GHCR[@]}" --for w.json
	made name-taken name-taken image-foreign
	told 'busybox, quay.io/x/y'
	run_split regcred "${GHCR[@]}" --for w.json --strict
	refused 1 image-unmatched busybox
	# --image asks for that very image.
	run_split regcred "${GHCR[@]}" --for w.json --image busybox
	refused 1 image-unmatched busybox
}

@test "an entry that serves no image of the workloads is refused" {
	deployment dev '[{"name":"pulls"}]' ghcr.io/org/app >w.json
	run_split regcred "${GHCR[@]}" -r quay.io -u a --password-env PASS --for w.json
	refused 1 image-unmatched quay.io
	run_split regcred -r gchr.io -u a --password-env PASS --for w.json
	refused 1 image-unmatched gchr.io
	# What an updated Secret keeps is for other workloads.
	regcred -n dev pulls -r quay.io -u q --password-env PASS >old.yaml
	run_split regcred --update old.yaml "${GHCR[@]}" --for w.json
	made
}

@test "images of image volumes are proved, too; a template is not" {
	echo '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"imagePullSecrets":[{"name":"pulls"}],
		"containers":[{"image":"ghcr.io/a/b"},{"image":"{{ x }}"}],"volumes":[{"image":{"reference":"ghcr.io/A/b"}}]}}' >w.json
	run_split regcred "${GHCR[@]}" --for w.json
	refused 1 image-unmatched 'upper case'
	sed -i 's,ghcr.io/A/b,ghcr.io/a/c,' w.json
	run_split regcred "${GHCR[@]}" --for w.json
	made image-unknown name-taken
}

@test "several names or namespaces are asked about" {
	deployment dev '[{"name":"a"},{"name":"b"}]' ghcr.io/org/app >w.json
	run_split regcred "${GHCR[@]}" --for w.json
	refused 2 for-ambiguous --name
	run_split regcred "${GHCR[@]}" --for w.json b
	made name-taken
	{ deployment dev '[{"name":"a"}]' ghcr.io/org/app; deployment prod '[{"name":"a"}]' ghcr.io/org/app; } >w.json
	run_split regcred "${GHCR[@]}" --for w.json
	refused 2 for-ambiguous --namespace
	run_split regcred "${GHCR[@]}" --for w.json -n dev -n prod
	made name-taken
	[[ $(namespaces_of "$OUT") == 'dev prod' ]]
	# Over two files as well.
	deployment dev '[{"name":"a"}]' ghcr.io/org/app >1.json
	deployment dev '[{"name":"b"}]' ghcr.io/org/app >2.json
	run_split regcred "${GHCR[@]}" --for 1.json --for 2.json
	refused 2 for-ambiguous
}

@test "a workload that would not use the Secret is warned about" {
	deployment '' '[]' ghcr.io/org/app >w.json
	run_split regcred "${GHCR[@]}" --for w.json
	made secret-unreferenced
	[[ $output == *$'\n  name: regcred\ntype:'* ]] || fail "names: $output"
	run_split regcred "${GHCR[@]}" --for w.json --strict
	refused 3 strict
	deployment '' '[{"name":"pulls"}]' ghcr.io/org/app >w.json
	run_split regcred "${GHCR[@]}" --for w.json --append-hash
	made name-taken secret-unreferenced
	[[ $output == *$'\n  name: pulls-'* ]] || fail "names: $output"
}

@test "the ServiceAccount's name counts where the workload has none" {
	{ deployment dev '[]' ghcr.io/org/app
		echo '{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default","namespace":"dev"},"imagePullSecrets":[{"name":"from-account"}]}'
	} >w.json
	run_split regcred "${GHCR[@]}" --for w.json
	made name-taken name-taken
	[[ $output == *$'\n  name: from-account\n'* ]] || fail "names: $output"
}

@test "what --for cannot use is refused" {
	echo '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}' >w.json
	run_split regcred "${GHCR[@]}" --for w.json
	refused 3 workload-none w.json
	printf 'a: [\n' >w.yaml
	run_split regcred "${GHCR[@]}" --for w.yaml
	refused 3 manifest-invalid w.yaml:
	run_split regcred "${GHCR[@]}" --for none.yaml
	refused 4 input-failed none.yaml
	deployment dev '[{"name":"Bad_Name"}]' ghcr.io/org/app >w.json
	run_split regcred "${GHCR[@]}" --for w.json
	refused 3 name-invalid 'Deployment dev/web'
	run_split regcred -r ghcr.io -u a --password-stdin --for - <w.json
	refused 2 stdin-twice
}

@test "an updated Secret is proved with all that is in it" {
	regcred -n dev -r quay.io -u q --password-env PASS >old.yaml
	run_split regcred --update old.yaml "${GHCR[@]}" --image quay.io/x --image ghcr.io/org/y
	made
	run_split regcred --update old.yaml "${GHCR[@]}" --remove quay.io --image quay.io/x
	refused 1 image-unmatched
}
