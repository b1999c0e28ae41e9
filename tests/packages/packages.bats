#!/usr/bin/env bats
# The packages in build/, as make packages (and ARCH=arm64) left them, put to use where no compiler is.

load ../command/common

BUILD=$REPOSITORY/build
VERSION=$(sed -n 's/^VERSION = //p' "$REPOSITORY/Makefile")
NATIVE=$(dpkg --print-architecture)

setup_file() {
	export ROOT=$BATS_FILE_TMPDIR/root
	command -v mmdebstrap >/dev/null || return 0
	mmdebstrap --quiet --variant=apt --include=bash-completion,man-db bookworm "$ROOT" "$("$REPOSITORY/packaging/mirror")" \
		>"$BATS_FILE_TMPDIR/log" 2>&1 || return 0
	cp "$BUILD/regcred-gen_${VERSION}_$NATIVE.deb" "$ROOT/tmp/"
	chroot "$ROOT" sh -c 'apt-get update -qq && apt-get install -qq -y --no-install-recommends /tmp/*.deb' \
		>>"$BATS_FILE_TMPDIR/log" 2>&1
	touch "$BATS_FILE_TMPDIR/installed"
}

in_root() {
	[[ -e $BATS_FILE_TMPDIR/installed ]] || skip "no clean root: $(tail -n 1 "$BATS_FILE_TMPDIR/log")"
	chroot "$ROOT" "$@"
}

# again TARGET FILE: built once more from nothing, it is the same file.
again() {
	local sum
	sum=$(sha256sum <"$BUILD/$2")
	rm -rf "$BUILD"/{deb,image,binary,static}-"$NATIVE"
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$REPOSITORY" "$1" >log 2>&1 || fail "$(cat log)"
	[[ $(sha256sum <"$BUILD/$2") == "$sum" ]]
}

@test "each package is the same bytes when it is built again" {
	again deb "regcred-gen_${VERSION}_$NATIVE.deb"
	again dist-binary "regcred-gen_${VERSION}_linux_$NATIVE.tar.gz"
}

@test "the versions agree" {
	grep -q "^regcred-gen ($VERSION)" "$REPOSITORY/debian/changelog"
	grep -q "default: $VERSION\$" "$REPOSITORY/action.yml"
	[[ $("$REGCRED_GEN" --version) == "regcred-gen $VERSION" ]]
}

@test "in a clean Debian without a compiler the package's own test passes" {
	in_root sh -c '! command -v cc && ! command -v make'
	cp "$REPOSITORY/debian/tests/make-match-check" "$ROOT/tmp/"
	in_root env AUTOPKGTEST_TMP=/root /tmp/make-match-check
}

@test "both manuals are read with man" {
	in_root man regcred-gen | grep -q 'image pull'
	in_root env LC_ALL=C.UTF-8 man -L ko regcred-gen | grep -q '시크릿'
	in_root man kubectl-regcred | grep -q 'regcred-gen'
}

@test "a new bash completes" {
	# shellcheck disable=SC2016 # for that bash
	in_root bash -ic '. /usr/share/bash-completion/bash_completion
		_completion_loader regcred-gen
		complete -p regcred-gen
		COMP_WORDS=(regcred-gen --immu) COMP_CWORD=1 COMP_LINE="regcred-gen --immu" COMP_POINT=18
		"$(complete -p regcred-gen | sed "s/.*-F \([^ ]*\).*/\1/")" regcred-gen --immu regcred-gen
		printf "%s\n" "${COMPREPLY[@]}"' 2>/dev/null >completed
	grep -q -- '--immutable' completed
}

@test "the Helm plugin comes with it" {
	in_root test -s /usr/share/regcred-gen/helm/plugin.yaml
}

@test "removing the package leaves nothing" {
	in_root sh -c 'apt-get purge -qq -y regcred-gen >/dev/null 2>&1; ls /usr/bin /usr/share /usr/share/man/man1' >left
	run ! grep -q regcred left
	rm -f "$BATS_FILE_TMPDIR/installed"
}

@test "the package of arm64 is one" {
	local package=$BUILD/regcred-gen_${VERSION}_arm64.deb
	[[ -e $package ]] || skip "make packages ARCH=arm64 has not run"
	[[ $(dpkg-deb -f "$package" Architecture) == arm64 ]]
	dpkg-deb --fsys-tarfile "$package" | tar -xf - ./usr/bin/regcred-gen
	readelf -h usr/bin/regcred-gen | grep -q AArch64
	command -v qemu-aarch64 >/dev/null || skip "qemu-aarch64 is not installed"
	[[ $(qemu-aarch64 usr/bin/regcred-gen --version) == "regcred-gen $VERSION" ]]
}

# bundle ARCH: the image's files, in bundle/rootfs.
bundle() {
	local archive=$BUILD/regcred-gen_${VERSION}_$1.oci.tar
	[[ -e $archive ]] || skip "there is no image of $1"
	mkdir oci
	tar -C oci -xf "$archive"
	# umoci's own tags hold no colon.
	sed -i 's/"regcred-gen:/"/' oci/index.json
	umoci unpack --image "oci:$VERSION" bundle
}

@test "the image is small, from scratch, and says how it is run" {
	local archive=$BUILD/regcred-gen_${VERSION}_$NATIVE.oci.tar
	(($(stat -c %s "$archive") < 25 * 1000 * 1000))
	skopeo inspect --config "oci-archive:$archive" >config
	[[ $(jq -r '.config.User, .config.Entrypoint[0], .architecture' config) == $'65532\nregcred-gen\n'"$NATIVE" ]]
	tar -xOf "$archive" ./index.json | grep -q "\"regcred-gen:$VERSION\""
}

@test "the image runs as user 65532, with no shell in it" {
	[[ $(id -u) == 0 ]] || skip "only root makes containers here"
	bundle "$NATIVE"
	[[ ! -e bundle/rootfs/bin/sh && ! -e bundle/rootfs/usr/bin/sh ]]
	[[ -s bundle/rootfs/etc/ssl/certs/ca-certificates.crt ]]
	# A machine without CAP_SYS_RESOURCE sets no limits.
	jq 'del(.process.rlimits, .linux.resources) | .process.terminal = false |
		.process.args += ["-r", "ghcr.io", "-u", "octocat", "--password-stdin"]' bundle/config.json >config.json
	mv config.json bundle/
	[[ $(jq .process.user.uid bundle/config.json) == 65532 ]]
	if printf %s token | runc run -b bundle "regcred-gen-$$" >out 2>err; then
		grep -q 'kubernetes.io/dockerconfigjson' out
	else
		echo "runc cannot run here, so a chroot stands in: $(tail -n 1 err)" >&3
		printf %s token | setpriv --reuid 65532 --regid 65532 --clear-groups chroot bundle/rootfs /usr/bin/regcred-gen \
			-r ghcr.io -u octocat --password-stdin | grep -q 'kubernetes.io/dockerconfigjson'
	fi
}

@test "verify works in the image: libcurl is found, and nobody answers" {
	[[ $(id -u) == 0 ]] || skip "only root may chroot"
	bundle "$NATIVE"
	echo '{"auths":{"127.0.0.1:9":{"auth":"YTpi"}}}' >bundle/rootfs/tmp/config.json
	status=0
	chroot bundle/rootfs /usr/bin/regcred-gen verify -f /tmp/config.json >out 2>err || status=$?
	[[ $status == 4 ]]
	grep -q unreachable out err
}

@test "the static program needs nothing" {
	tar -xzf "$BUILD/regcred-gen_${VERSION}_linux_$NATIVE.tar.gz"
	cd "regcred-gen_${VERSION}_linux_$NATIVE"
	run ! grep -q NEEDED <(readelf -d regcred-gen)
	[[ -s LICENSE && -s share/man/man1/regcred-gen.1 ]]
	(cd "$BUILD" && sha256sum -c --quiet "regcred-gen_${VERSION}_linux_$NATIVE.tar.gz.sha256")
	mkdir -p empty/tmp
	cp regcred-gen empty/
	printf %s token | chroot empty /regcred-gen -r ghcr.io -u a --password-stdin | grep -q dockerconfigjson
	echo '{"auths":{"127.0.0.1:9":{"auth":"YTpi"}}}' >empty/tmp/c.json
	run chroot empty /regcred-gen verify -f /tmp/c.json
	[[ $status == 4 && $output == *packaged* ]]
}

# yaml FILE: as JSON.
yaml() {
	python3 -c 'import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))' "$1"
}

@test "the manifest for krew has krew's fields, and the sums of the archives" {
	yaml "$BUILD/regcred.yaml" >krew.json
	[[ $(jq -r '.apiVersion, .kind, .metadata.name, .spec.version' krew.json) == \
		$'krew.googlecontainertools.github.com/v1alpha2\nPlugin\nregcred\nv'"$VERSION" ]]
	[[ $(jq -c '[.spec, .spec.platforms[]] | map(keys) | add | unique' krew.json) == \
		'["bin","description","files","homepage","platforms","selector","sha256","shortDescription","uri","version"]' ]]
	jq -r '.spec.platforms[] | "\(.sha256)  \(.uri | split("/") | last)"' krew.json >sums
	(cd "$BUILD" && sha256sum -c --quiet) <sums
	jq -r '.spec.platforms[] | "\(.uri | split("/") | last) \(.files[].from)"' krew.json |
		while read -r archive from; do
			tar -tzf "$BUILD/$archive" "$from" >/dev/null
		done
}

@test "the action and the workflow have the fields of their schemas" {
	yaml "$REPOSITORY/action.yml" >action.json
	[[ $(jq -c 'keys' action.json) == '["author","branding","description","inputs","name","outputs","runs"]' ]]
	[[ $(jq -r '.runs.using' action.json) == composite ]]
	[[ $(jq -c '[.runs.steps[] | keys] | add | unique' action.json) == '["env","name","run","shell"]' ]]
	jq -r '.runs.steps[].run' action.json >steps
	shellcheck -s bash steps
	yaml "$REPOSITORY/.github/workflows/release.yml" >workflow.json
	[[ $(jq -c '[.jobs[].steps[] | keys] | add | unique' workflow.json) == '["env","name","run","uses"]' ]]
	jq -r '.jobs[].steps[].run // empty' workflow.json | shellcheck -s sh -
	# Every target that it makes is one.
	jq -r '.jobs[].steps[].run // empty' workflow.json | sed -n 's/^ *make \([a-z-]*\).*/\1/p' | while read -r target; do
		grep -Eq "^$target:" "$REPOSITORY/Makefile"
	done
}

@test "pre-commit runs the hook, which finds a broken Secret" {
	command -v pre-commit >/dev/null || skip "pre-commit is not installed"
	export HOME=$PWD PRE_COMMIT_HOME=$PWD/cache GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b \
		GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
	mkdir bin hooks work
	ln -s "$REGCRED_GEN" bin/regcred-gen
	PATH=$PWD/bin:$PATH
	git init -q hooks
	cp "$REPOSITORY/.pre-commit-hooks.yaml" hooks/
	git -C hooks add -A
	git -C hooks commit -qm hooks
	git init -q work
	cd work
	printf 'repos:\n- repo: %s\n  rev: %s\n  hooks: [{id: regcred-gen-check}]\n' ../hooks "$(git -C ../hooks rev-parse HEAD)" \
		>.pre-commit-config.yaml
	printf '%s\n' 'apiVersion: v1' 'kind: Secret' 'metadata: {name: s}' 'type: kubernetes.io/dockerconfigjson' \
		'data: {.dockerconfigjson: bm9uZQ==}' >secret.yaml
	git add -A
	run pre-commit run --all-files
	[[ $status == 1 && $output == *'secret.yaml:'*'[config-json]'* ]]
	"$REGCRED_GEN" -r ghcr.io -u a --password-env PASS >secret.yaml
	git add -A
	pre-commit run --all-files
}

@test "the core and the commands compile with musl's headers without a warning" {
	command -v musl-gcc >/dev/null || skip "musl-tools is not installed"
	mkdir -p include/b64
	cp -r /usr/include/cjson include/
	cp /usr/include/b64/*.h include/b64/
	cp /usr/include/yaml.h /usr/include/sha2.h include/
	cp -r /usr/include/*/curl include/ 2>/dev/null || cp -r /usr/include/curl include/
	local headers=$PWD/include
	cd "$REPOSITORY"
	find src -name '*.c' | xargs -P 2 -I FILE musl-gcc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wno-missing-field-initializers -Werror -fsyntax-only -Iinclude \
		-I"$headers" '-DREGCRED_VERSION="0"' FILE
}
