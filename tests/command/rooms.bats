#!/usr/bin/env bats
# The rooms: each includes only what src/rooms allows, and the core has no effects.

load common

@test "every header can be included alone" {
	for header in "$REPOSITORY"/{include/regcred/*,src/core/*,src/io,src/cli}/*.h; do
		printf '#include "%s"\n' "$header" >source.c
		# shellcheck disable=SC2086 # a compiler may come with options
		${REGCRED_CC:-cc} -std=c11 -D_GNU_SOURCE -I"$REPOSITORY/include" -fsyntax-only source.c
	done
}

@test "make refuses an include that src/rooms does not allow, and says where" {
	mkdir copy
	cp -r "$REPOSITORY"/{Makefile,include,src} copy
	cd copy
	build() {
		env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s CC="${REGCRED_CC:-cc}" OUT=out "$@"
	}
	printf '#include "../io/output.h"\nextern int right;\n' >src/cli/right.c
	printf '#include "manifest_stream.h"\nextern int right;\n' >src/core/manifest/right.c
	build out/cli/right.o out/core/manifest/right.o
	while IFS='|' read -r file include message; do
		printf '#include "%s"\n' "$include" >"$file"
		run build out/core/base/buf.o
		echo "$file, $include: $output"
		[[ $status == 2 && ${lines[0]} == "$file:1: $message" ]]
		rm "$file"
	done <<-'END'
		src/core/json/wrong.c|regcred/check/check.h|json may not include check
		src/core/json/wrong.c|yaml_reader.h|json may not include manifest
		src/core/json/wrong.c|../../io/output.h|json may not include io
		src/core/json/wrong.c|regcred/tree/node.h|json may not include tree
		src/core/kube/wrong.c|manifest_stream.h|manifest_stream.h is private to manifest
		src/core/kube/wrong.c|../manifest/manifest_stream.h|manifest_stream.h is private to manifest
		include/regcred/json/wrong.h|regcred/check/check.h|json may not include check
		include/regcred/json/wrong.h|json.h|a public header may include only "regcred/ROOM/NAME.h"
		src/io/wrong.c|../cli/help.h|io may not include cli
		src/cli/wrong.c|../core/manifest/manifest_stream.h|manifest_stream.h is private to manifest
	END
	build out/core/base/buf.o
}

@test "no headers include each other in a circle" {
	cd "$REPOSITORY"
	for file in include/regcred/*/*.h src/core/*/*.h src/io/*.h src/cli/*.h; do
		folder=$(dirname "$file")
		sed -n 's/^#include "\(.*\)"$/\1/p' "$file" | while read -r header; do
			[[ $header == regcred/* ]] && echo "$file include/$header" ||
				echo "$file $(realpath --relative-to . "$folder/$header")"
		done
	done >"$BATS_TEST_TMPDIR/pairs"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/pairs") -gt 50 ]]
	awk '{ print $2 }' "$BATS_TEST_TMPDIR/pairs" | sort -u | xargs ls >/dev/null
	tsort "$BATS_TEST_TMPDIR/pairs" >/dev/null 2>"$BATS_TEST_TMPDIR/circles" || {
		cat "$BATS_TEST_TMPDIR/circles"
		false
	}
}

@test "CONTRIBUTING names every room, and no file that is not there" {
	cd "$REPOSITORY"
	sed -n 's/^\([a-z]*\):.*/\1/p' src/rooms | while read -r room; do
		grep -qw -- "$room" CONTRIBUTING.md || fail "it lacks $room"
	done
	# shellcheck disable=SC2016 # Markdown's quotes
	grep -oE '`(core|io|cli)/[a-z_/]+\.[ch]`' CONTRIBUTING.md | tr -d '`' | sort -u >"$BATS_TEST_TMPDIR/named"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/named") -gt 15 ]]
	while read -r file; do
		[[ -f src/$file ]] || fail "there is no $file"
	done <"$BATS_TEST_TMPDIR/named"
}

@test "each library is included by one file" {
	while read -r header where; do
		mapfile -t files < <(cd "$REPOSITORY/src" && grep -rlF "#include $header" .)
		echo "$header: ${files[*]}"
		[[ ${#files[@]} == 1 && ${files[0]} == "./$where" ]]
	done <<-'END'
		<cjson/cJSON.h> core/json/json.c
		<b64/cencode.h> core/base/base64.c
		<b64/cdecode.h> core/base/base64.c
		<sha2.h> core/kube/secret_hash.c
		<getopt.h> cli/options.c
		<curl/curl.h> io/http.c
	END
	# None of them shows through a header of the core.
	run ! grep -rlE '#include <(cjson|b64|bsd|sha2|getopt|curl)' "$REPOSITORY/include"
}

@test "no source includes a library that is not known" {
	grep -rhoE '^#include <[a-z0-9_/A-Z]+/[^>]+>' "$REPOSITORY/src" "$REPOSITORY/include" |
		grep -vE '<(sys|arpa|net|netinet)/' | sort -u >found
	printf "#include <%s>\n" b64/cdecode.h b64/cencode.h cjson/cJSON.h curl/curl.h >expected
	diff expected found
}

@test "the core prints nothing, and asks neither clock, environment nor files" {
	library=$(dirname "$REGCRED_GEN")/libregcred.a
	nm -u "$library" | sed -n 's/^ *U //p' | sort -u >calls
	grep -Eq '^(malloc|__asan_.*)$' calls
	printf '%s\n' printf fprintf vprintf vfprintf dprintf puts fputs putchar fputc putc fwrite perror \
		stdin stdout stderr fopen fopen64 freopen fdopen fread fgets getline open open64 openat creat read \
		write pread pwrite close unlink rename stat lstat fstat getenv secure_getenv setenv unsetenv \
		environ time clock_gettime gettimeofday localtime gmtime exit _exit _Exit abort quick_exit atexit \
		signal sigaction fork execve system popen socket getpid setlocale syslog |
		sed 'p; s/.*/__&_chk/' >forbidden
	run ! grep -xFf forbidden calls
}
