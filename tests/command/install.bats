#!/usr/bin/env bats
# What make install puts in place, and what the program needs to run.

load common

installing() {
	[[ $REGCRED_VARIANT == release ]] || skip "only the release variant is installed"
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$REPOSITORY" "$@" DESTDIR="$PWD/root" PREFIX=/usr
}

FILES='usr/bin/kubectl-regcred
usr/bin/kubectl_complete-regcred
usr/bin/regcred-gen
usr/share/bash-completion/completions/regcred-gen
usr/share/fish/vendor_completions.d/regcred-gen.fish
usr/share/man/ko/man1/kubectl-regcred.1
usr/share/man/ko/man1/regcred-gen.1
usr/share/man/man1/kubectl-regcred.1
usr/share/man/man1/regcred-gen.1
usr/share/regcred-gen/helm/plugin.yaml
usr/share/zsh/site-functions/_regcred-gen'

@test "install puts everything in place, readable by all" {
	umask 022
	installing install
	(cd root && find . ! -type d | sed 's,^./,,' | LC_ALL=C sort) >found
	diff <(printf '%s\n' "$FILES") found
	[[ $(stat -c %a root/usr/bin/regcred-gen) == 755 ]]
	for file in $FILES; do
		[[ $(stat -Lc %a "root/$file") == [67][45][45] && -s root/$file ]]
	done
	cmp root/usr/share/man/man1/regcred-gen.1 "$REPOSITORY/man/regcred-gen.1"
	cmp root/usr/share/man/ko/man1/regcred-gen.1 "$REPOSITORY/man/ko/regcred-gen.1"
	for manual in root/usr/share/man/man1 root/usr/share/man/ko/man1; do
		[[ $(readlink "$manual/kubectl-regcred.1") == regcred-gen.1 ]]
	done
	regcred completion bash | cmp - root/usr/share/bash-completion/completions/regcred-gen
	regcred completion zsh | cmp - root/usr/share/zsh/site-functions/_regcred-gen
	regcred completion fish | cmp - root/usr/share/fish/vendor_completions.d/regcred-gen.fish
	# Links that stay right when the tree is moved.
	[[ $(readlink root/usr/bin/kubectl-regcred) == regcred-gen ]]
	[[ $(readlink root/usr/bin/kubectl_complete-regcred) == regcred-gen ]]
}

# Helm refuses fields that it does not know: helm 4.0 internal/plugin/metadata_v1.go,
# runtime_subprocess.go. It runs the command with the chart on standard input.
@test "the Helm plugin has the fields of its schema, and its command works" {
	installing install
	plugin=root/usr/share/regcred-gen/helm/plugin.yaml
	[[ -e root$(sed -n 's/^helm plugin install //p' "$REPOSITORY/man/regcred-gen.1")/plugin.yaml ]]
	sed -n 's/^\([a-zA-Z]*\):.*/\1/p' "$plugin" | paste -sd ' ' >fields
	[[ $(<fields) == 'apiVersion type name version runtime runtimeConfig' ]]
	grep -qx 'apiVersion: v1' "$plugin"
	grep -qx 'type: postrenderer/v1' "$plugin"
	grep -qx 'runtime: subprocess' "$plugin"
	grep -qxE 'version: [0-9]+\.[0-9]+\.[0-9]+' "$plugin"
	[[ $(sed -n '/^runtimeConfig/,$p' "$plugin") == $'runtimeConfig:\n  platformCommand:\n    - command: regcred-gen\n      args: [attach]' ]]
	printf 'apiVersion: v1\nkind: Pod\nspec:\n  a: b\n' |
		PATH=$PWD/root/usr/bin:$PATH regcred-gen attach team-pull | grep -q '  - name: team-pull'
}

@test "what is installed works" {
	installing install
	PATH=$PWD/root/usr/bin:$PATH
	run_split regcred-gen "${CREDENTIAL[@]}" -o config
	made
	[[ $output == "$CREDENTIAL_CONFIG" ]]
	run_split kubectl-regcred "${CREDENTIAL[@]}" -o config
	made
	[[ $output == "$CREDENTIAL_CONFIG" ]]
	[[ $(kubectl_complete-regcred --immu) == $'--immutable\t'* ]]
	regcred-gen help | grep -q '^Usage: regcred-gen '
}

@test "as a plugin its help says kubectl regcred" {
	installing install
	root/usr/bin/kubectl-regcred --help >help
	grep -q '^Usage: kubectl regcred ' help
	grep -q '| kubectl regcred -r ghcr.io' help
	[[ $(sed 's/(1)//' help | grep -c 'regcred-gen') -le 1 ]]
	root/usr/bin/kubectl-regcred help completion | grep -q '^Usage: kubectl regcred completion'
	root/usr/bin/regcred-gen --help | grep -q '^Usage: regcred-gen '
}

@test "installing again changes nothing, and uninstall leaves nothing" {
	installing install
	(cd root && find . -type f -exec md5sum {} + | sort) >before
	installing install
	(cd root && find . -type f -exec md5sum {} + | sort) | diff before -
	touch root/usr/bin/other
	installing uninstall
	[[ $(find root ! -type d) == root/usr/bin/other ]]
	# With nothing there it is no error.
	installing uninstall
}

@test "the program needs libc and cJSON, and is small" {
	installing install
	readelf -d root/usr/bin/regcred-gen | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort >needed
	! grep -Eq '^lib(b64|md|yaml)' needed || skip "it is built with shared libraries"
	diff <(printf '%s\n' libc.so.6 libcjson.so.1) needed
	(($(stat -c %s root/usr/bin/regcred-gen) < 700 * 1024))
	run ! grep -q . <(nm root/usr/bin/regcred-gen 2>/dev/null)
}

@test "the program names the library that it may open" {
	readelf -p .note.dlopen "$REGCRED_GEN" >note
	grep -qF '"soname":["libcurl.so.4","libcurl-gnutls.so.4"]' note
	grep -q 'FDO' <(readelf -n "$REGCRED_GEN" 2>/dev/null)
}

@test "the program is hardened" {
	[[ $REGCRED_VARIANT == release ]] || skip "only the release variant is hardened"
	readelf -hldW "$REGCRED_GEN" >elf
	grep -Eq '^ *Type: +DYN' elf
	grep -q 'BIND_NOW' elf
	grep -q 'GNU_RELRO' elf
	grep -Eq 'GNU_STACK .* RW ' elf
	run ! grep -Eq '\((RPATH|RUNPATH|TEXTREL)\)' elf
}

@test "make help lists what there is" {
	cd "$REPOSITORY"
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s help >"$BATS_TEST_TMPDIR/help"
	for target in run check check-asan bench valgrind fuzz coverage lint format deps install dist clean; do
		grep -Eq "make $target( |\$)" "$BATS_TEST_TMPDIR/help"
		grep -Eq "^$target:|^[a-z -]*\b$target\b[a-z -]*:" Makefile
	done
}
