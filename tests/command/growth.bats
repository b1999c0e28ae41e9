#!/usr/bin/env bats
# Twice the input costs twice the work, for each kind of input that once cost more. Work is counted in
# instructions, so the machine's speed does not matter.
# shellcheck disable=SC2016 # the programs are perl's

load common

eval "common_$(declare -f setup)"

setup() {
	common_setup
	command -v valgrind >/dev/null || skip "valgrind is not installed"
	[[ $REGCRED_VARIANT == release ]] || skip "counted in the release variant alone"
}

# work COMMAND...: how many instructions it takes, in millions.
work() {
	status=0
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" >out 2>err </dev/null || status=$?
	[[ $status == 0 || $status == 1 ]] || fail "it ends with $status: $(grep -v '^==' err | head -n 3)" >&2 || return
	sed -n 's/^==.*refs: *\([0-9,]*\).*/\1/p' err | tr -d , | awk '{ print int($1 / 1000) }'
}

# grows N MAKE COMMAND...: MAKE is a perl program that prints the input for $n; COMMAND reads the file named input. What the
# program costs with almost nothing to read is taken off.
grows() {
	local n=$1 make=$2 base once twice
	shift 2
	for size in 1 "$n" $((2 * n)); do
		perl -e 'my $n = '"$size; $make" >input
		case $size in
		1) base=$(work "$@") || return ;;
		"$n") once=$(work "$@") || return ;;
		*) twice=$(work "$@") || return ;;
		esac
	done
	echo "thousands of instructions: $base at rest, $once for $n, $twice for $((2 * n))"
	(((twice - base) * 10 < (once - base) * 24)) || fail "it costs more than twice as much"
}

# For perl: a pull Secret NAME of namespace NS with these keys, and a Pod.
SECRET='use MIME::Base64;
sub secret {
	my ($ns, $name, @keys) = @_;
	my $config = "{\"auths\":{" . join(",", map { "\"$_\":{\"auth\":\"YTpi\"}" } @keys) . "}}";
	return "---\napiVersion: v1\nkind: Secret\nmetadata: {name: $name, namespace: $ns}\ntype: kubernetes.io/dockerconfigjson\n" .
		"data: {.dockerconfigjson: " . encode_base64($config, "") . "}\n";
}
sub pod {
	my ($ns, $name, $secrets, @images) = @_;
	my $i = 0;
	return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: $name, namespace: $ns}\nspec:\n  imagePullSecrets: [" .
		join(", ", map { "{name: $_}" } @$secrets) . "]\n  containers:\n" .
		join("", map { "  - {name: c" . $i++ . ", image: $_}\n" } @images);
}
'

# bounded N LIMIT MAKE COMMAND...: a guess at what was meant stops somewhere, so that the whole stays below LIMIT
# millions of instructions, a second's worth and less.
bounded() {
	local n=$1 limit=$2 make=$3 cost
	shift 3
	perl -e 'my $n = '"$n; $make" >input
	cost=$(work "$@") || return
	echo "thousands of instructions: $cost for $n"
	((cost < limit * 1000)) || fail "it costs too much"
}

@test "references to names that are close to many others" {
	bounded 1000 3000 "$SECRET"'
		for my $i (1 .. $n) {
			printf "%s", secret(sprintf("tenant-%05d", $i), sprintf("registry-pull-secret-for-tenant-%05d", 2 * $i), "ghcr.io");
			printf "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: tenant-%05d}\nimagePullSecrets: [{name: registry-pull-secret-for-tenant-%05d}]\n", $i, 2 * $i + 1;
		}' "$REGCRED_GEN" check input
}

@test "references to long names that differ near their end" {
	bounded 500 3000 "$SECRET"'
		for my $i (1 .. $n) {
			printf "%s", secret("one", "a" x 240 . sprintf("%05d", 2 * $i), "ghcr.io");
			printf "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a%d, namespace: one}\nimagePullSecrets: [{name: %s%05d}]\n", $i, "a" x 240, 2 * $i + 1;
		}' "$REGCRED_GEN" check input
}

BIG="$SECRET"'print secret("one", "big", map { "r$_.example.com" } 1 .. 20 * $n);
	for my $i (1 .. $n) {
		print secret("one", "own-$i", "o$i.example.com"), pod("one", "p$i", ["big", "own-$i"], "r$i.example.com/a");
	}'

@test "Pods that share a large Secret and have one of their own: check" {
	grows 40 "$BIG" "$REGCRED_GEN" check input
}

@test "Pods that share a large Secret and have one of their own: match" {
	grows 120 "$BIG" "$REGCRED_GEN" match --for input -f input
}

@test "a Pod with many Secrets and many images" {
	grows 1000 "$SECRET"'
		printf "%s", secret("a", "s$_", "r$_.example.com/x") for 1 .. $n;
		print pod("a", "p", [map { "s$_" } 1 .. $n], map { "r$_.example.com/x/app:1" } 1 .. $n);' "$REGCRED_GEN" check input
}

@test "many Pods of a ServiceAccount with many Secrets" {
	grows 500 "$SECRET"'
		printf "%s", secret("a", "s$_", "r$_.example.com") for 1 .. $n;
		print "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: a}\nimagePullSecrets: [" .
			join(", ", map { "{name: s$_}" } 1 .. $n) . "]\n";
		printf "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p$_, namespace: a}\nspec: {containers: [{name: c, image: r$_.example.com/a}]}\n"
			for 1 .. $n;' "$REGCRED_GEN" check input
}

@test "one name in many namespaces, named without a namespace" {
	grows 100 "$SECRET"'
		for my $i (1 .. $n) {
			print secret("ns-$i", "shared", "ghcr.io"), secret("ns-$i", "other", "ghcr.io");
			for my $name ("shared", "other") {
				print "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: $name-$i}\nimagePullSecrets: [{name: $name}]\n";
			}
		}' "$REGCRED_GEN" check input
}

@test "many different wildcards" {
	grows 60 "$SECRET"'print secret("one", "s", map { "*." . "a" x ($_ % 50 + 1) . "." . "b" x ($_ % 7 + 1) . ".io" . "/p$_" } 1 .. 10 * $n);
		print pod("one", "p", ["s"], map { "x.aa.b.io/i$_" } 1 .. 10);' "$REGCRED_GEN" match --for input -f input
}

@test "keys in descending order" {
	grows 400 'print "{\"auths\":{" . join(",", map { sprintf "\"r%06d.io\":{\"auth\":\"YTpi\"}", 999999 - $_ } 1 .. $n) . "}}"' \
		"$REGCRED_GEN" --from-file input -o config
}

@test "very many documents that say nothing" {
	grows 1000 'print "a\n---\n" x $n' "$REGCRED_GEN" check input
}

@test "many namespaces" {
	grows 1000 'printf "ns-%d\n", $_ * 7919 % 100003 for 1 .. $n' "$REGCRED_GEN" -r ghcr.io -u a --password-env PASS --namespaces-from input
}

@test "long lines and many anchors" {
	grows 2000 'print "a: \"", "x\\n" x $n, "\"\n"' "$REGCRED_GEN" check input
	grows 300 'print map({ "a$_: &a$_ [1, 2]\n" } 1 .. $n), map({ "b$_: *a$_\n" } 1 .. $n)' "$REGCRED_GEN" check input
}

@test "many options" {
	perl -e 'print join " ", map { "-l k$_=v" } 1 .. 400' >few
	perl -e 'print join " ", map { "-l k$_=v" } 1 .. 800' >many
	# shellcheck disable=SC2046 # words
	base=$(work "$REGCRED_GEN" -r ghcr.io -u a --password-env PASS)
	# shellcheck disable=SC2046
	once=$(work "$REGCRED_GEN" -r ghcr.io -u a --password-env PASS $(<few))
	# shellcheck disable=SC2046
	twice=$(work "$REGCRED_GEN" -r ghcr.io -u a --password-env PASS $(<many))
	echo "$base $once $twice"
	(((twice - base) * 10 < (once - base) * 24))
}

@test "attach: many workloads, many containers, a long list" {
	grows 60 "$SECRET"'print pod("one", "p$_", ["x"], "ghcr.io/a", "ghcr.io/b") for 1 .. $n' "$REGCRED_GEN" attach -f input
	grows 300 "$SECRET"'print pod("one", "p", [map { "s$_" } 1 .. $n], map { "ghcr.io/i$_" } 1 .. $n)' "$REGCRED_GEN" attach -f input
	# All in one line.
	for spec in '\"a\":1' '\"imagePullSecrets\":null'; do
		grows 500 'print "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[", join(",",
			map { "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{'"$spec"'}}" } 1 .. $n), "]}"' \
			"$REGCRED_GEN" attach -f input
	done
}
