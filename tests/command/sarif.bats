#!/usr/bin/env bats
# check -o sarif: what code-scanning pages read.

load common

# What the schema of SARIF 2.1.0 asks of all that we write: required members, no others, types,
# enumerations, least numbers; and what the pages need beside.
# shellcheck disable=SC2016 # the dollars are jq's
SHAPE='
def only(names): (keys_unsorted - names) == [];
def text: type == "string" and length > 0;
def message: type == "object" and only(["text", "markdown"]) and (.text | text);
def level: . == "error" or . == "warning" or . == "note" or . == "none";
def positive: type == "number" and . >= 1 and . == floor;
def uri: text and test("^([A-Za-z0-9._~!$&'"'"'()*+,;=@/:-]|%[0-9A-F]{2})+$");
def rule:
	only(["id", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"])
	and (.id | text) and (.shortDescription | message) and (.fullDescription | message)
	and (.help | message and (.markdown | text))
	and (.defaultConfiguration | only(["level"]) and (.level | level))
	and (.properties.tags | type == "array" and length > 0 and all(text) and (unique | length) == length)
	and (.properties["problem.severity"] | . == "error" or . == "warning" or . == "recommendation");
def location:
	only(["physicalLocation"]) and (.physicalLocation
		| only(["artifactLocation", "region"])
		and (.artifactLocation | only(["uri", "uriBaseId"]) and (.uri | uri))
		and (.region | only(["startLine", "startColumn"]) and (.startLine | positive)
			and (.startColumn | positive)));
only(["$schema", "version", "runs"]) and .version == "2.1.0" and (.["$schema"] | uri)
and (.runs | length == 1) and (.runs[0]
	| only(["tool", "columnKind", "results"]) and .columnKind == "unicodeCodePoints"
	and (.tool | only(["driver"]))
	and (.tool.driver | only(["name", "version", "semanticVersion", "rules"]) and .name == "regcred-gen"
		and (.rules | all(rule) and (map(.id) | unique | length) == length))
	and (.tool.driver.rules as $rules | .results | type == "array" and all(
		only(["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"])
		and (.level | level) and (.message | message) and $rules[.ruleIndex].id == .ruleId
		and (.locations | length == 1 and all(location))
		and (.partialFingerprints | type == "object" and all(text)))))'

shaped() {
	jq -e "$SHAPE" "$OUT" >/dev/null || fail "it is not the SARIF it should be"
}

# broken FILE...: each with a document that does not parse, at 1:5
broken() {
	local file
	for file in "$@"; do
		printf 'a: {b: [}\n' >"$file"
	done
}

@test "no finding is a run without results" {
	run_split regcred check -o sarif /dev/null
	ended 0
	shaped
	jq -e '.runs[0].results == []' "$OUT"
}

@test "every rule is there, with help" {
	run_split regcred check --list-rules
	ended 0
	awk '{ print $1 }' "$OUT" >rules
	run_split regcred check -o sarif /dev/null
	jq -r '.runs[0].tool.driver.rules[].id' "$OUT" | diff rules -
}

@test "findings are results of their rule and level, with a place" {
	cat >all.yaml <<-'END'
		apiVersion: v1
		kind: Secret
		metadata: {name: a}
		type: kubernetes.io/dockerconfigjson
		data:
		  .dockerconfigjson: "!"
		---
		apiVersion: rbac.authorization.k8s.io/v1
		kind: ClusterRole
		metadata: {name: a}
		rules:
		- apiGroups: [""]
		  resources: [secrets]
		  verbs: ["*"]
	END
	run_split regcred check -o sarif all.yaml
	ended 1
	shaped
	cp "$OUT" sarif
	run_split regcred check -o json all.yaml
	ended 1
	# The same findings, in the same order.
	jq -c '.[] | [.file, .line, .column, .severity, .rule]' "$OUT" >json
	[[ -s json ]]
	jq -c '.runs[0].results[] | [.locations[0].physicalLocation.artifactLocation.uri,
		.locations[0].physicalLocation.region.startLine,
		.locations[0].physicalLocation.region.startColumn, .level, .ruleId]' sarif | diff json -
}

@test "a path becomes a URI, relative to the root of the repository" {
	mkdir 'a b'
	broken 'a b/%d#?.yaml' 'ü:x.yaml' plain.yaml
	run_split regcred check -o sarif 'a b' './ü:x.yaml' .//plain.yaml "$PWD/plain.yaml" - <plain.yaml
	ended 1
	shaped
	jq -r '.runs[0].results[].locations[0].physicalLocation.artifactLocation | "\(.uri) \(.uriBaseId)"' "$OUT" >uris
	printf '%s %%SRCROOT%%\n' a%20b/%25d%23%3F.yaml %C3%BC%3Ax.yaml plain.yaml >expected
	printf 'file://%s/plain.yaml null\n' "$(realpath .)" >>expected
	printf -- '- %%SRCROOT%%\n' >>expected
	diff expected uris
}

@test "columns count characters, although check counts bytes" {
	printf '%s\n' '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "dev"},' \
		' "x": "한글😀", "spec": {"imagePullSecrets": [{"name": "a"}]}}' >pod.json
	run_split regcred check --complete -o json pod.json
	ended 1
	[[ $(jq '.[0].column' "$OUT") == 60 ]]
	run_split regcred check --complete -o sarif pod.json
	ended 1
	shaped
	jq -e '.runs[0].results[0].locations[0].physicalLocation.region | .startLine == 2 and .startColumn == 53' "$OUT"
}

@test "a fingerprint stays with its finding when lines are put before it" {
	cat >all.yaml <<-'END'
		apiVersion: v1
		kind: Secret
		metadata: {name: a}
		type: kubernetes.io/dockerconfigjson
		data: {.dockerconfigjson: "!"}
	END
	run_split regcred check -o sarif all.yaml
	jq '.runs[0].results[].partialFingerprints' "$OUT" >before
	[[ -s before ]]
	printf '%s\n' '# one' '# two' | cat - all.yaml >moved
	mv moved all.yaml
	run_split regcred check -o sarif all.yaml
	jq '.runs[0].results[].partialFingerprints' "$OUT" | diff before -
}

@test "bytes that are not UTF-8 are replaced" {
	printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {imagePullSecrets: [{name: "a\\x01\\"\\\\ \\u2028<"}]}\n' >all.yaml
	run_split regcred check --complete -o sarif all.yaml
	ended 1
	shaped
	jq -e '.runs[0].results[0].message.text | contains("\"\\ ")' "$OUT"
}
