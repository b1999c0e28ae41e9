#!/usr/bin/env bats
# src/core, src/io, src/cli: each includes only inwards, and the core has no effects.

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
	printf '#include "json_lexer.h"\nextern int right;\n' >src/core/json/right.c
	build out/cli/right.o out/core/json/right.o
	while IFS='|' read -r file include message; do
		printf '#include "%s"\n' "$include" >"$file"
		run build out/core/base/buf.o
		echo "$file, $include: $output"
		[[ $status == 2 && ${lines[0]} == "$file:1: $message" ]]
		rm "$file"
	done <<-'END'
		src/core/json/wrong.c|regcred/check/check.h|json may not include check
		src/core/json/wrong.c|go_integer.h|json may not include tree
		src/core/json/wrong.c|../../io/output.h|json may not include io
		src/core/json/wrong.c|regcred/tree/node.h|json may not include tree
		src/core/kube/wrong.c|json_lexer.h|json_lexer.h is private to json
		src/core/kube/wrong.c|../json/json_lexer.h|json_lexer.h is private to json
		include/regcred/json/wrong.h|regcred/check/check.h|json may not include check
		include/regcred/json/wrong.h|json.h|a public header may include only "regcred/ROOM/NAME.h"
		src/io/wrong.c|../cli/help.h|io may not include cli
		src/cli/wrong.c|../core/json/json_lexer.h|json_lexer.h is private to json
	END
	build out/core/base/buf.o
}

@test "each library is tamed by one file" {
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
	END
	# None of them shows through a header of the core.
	run ! grep -rlE '#include <(cjson|b64|bsd|sha2|getopt)' "$REPOSITORY/include"
}

@test "no source includes a library that is not known" {
	grep -rhoE '^#include <[a-z0-9_/A-Z]+/[^>]+>' "$REPOSITORY/src" "$REPOSITORY/include" |
		grep -vE '<(sys|arpa|net|netinet)/' | sort -u >found
	printf "#include <%s>\n" b64/cdecode.h b64/cencode.h cjson/cJSON.h >expected
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
