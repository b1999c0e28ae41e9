#!/usr/bin/env bats
# The Korean manual, README and docs say what the English ones say, paragraph by paragraph. What the
# English ones say is held against the program elsewhere.
# shellcheck disable=SC2034 # CASE is for fail

load common

ENGLISH=$REPOSITORY/man/regcred-gen.1
KOREAN=$REPOSITORY/man/ko/regcred-gen.1

# both NAME COMMAND...: what COMMAND makes of each manual; it must be the same.
both() {
	local name=$1
	shift
	"$@" "$ENGLISH" >"$name.english"
	"$@" "$KOREAN" >"$name.korean"
	[[ -s $name.english ]] || fail "nothing of the $name is found"
	diff "$name.english" "$name.korean"
}

# section NUMBER MANUAL
section() {
	awk -v wanted="$1" '/^\.Sh / { number++; next } number == wanted' "$2"
}

# section_number HEADING: which section of the English manual it is; the Korean one has its own headings.
section_number() {
	awk -v heading=".Sh $1" '/^\.Sh / { number++ } $0 == heading { print number }' "$ENGLISH"
}

headings() {
	sed -nE 's/^\.(Sh|Ss) .*/\1/p' "$1"
}

# items MANUAL: the heads of all lists, each with the number of its section.
items() {
	awk '/^\.S[hs] / { number++ } /^\.(It|Bl|El)/ { print number, $0 }' "$1"
}

# examples MANUAL: what is shown as it is typed or printed.
examples() {
	sed -n '/^\.Bd/,/^\.Ed/p' "$1"
}

# frame MANUAL: all that begins or ends something.
frame() {
	sed -nE 's/^\.(Sh|Ss) .*/\1/p; /^\.(Dd|Dt|Os|Pp|Bl|El|It|Bd|Ed)/p' "$1"
}

# names MANUAL: for each paragraph and item, what it names: options, arguments, files, variables,
# commands, values in quotes, and numbers.
names() {
	perl -ne '
		sub told { print "$paragraph: $_\n" for sort keys %named; %named = (); $paragraph++ }
		next if /^\.\\"/;
		if (/^\.Bd/ .. /^\.Ed/) { next }
		if (/^\.(S[hs]|Pp|Bl|El|It)\b/) { told(); next }
		s/\s+$//;
		if (!/^\./) {
			$named{$1} = 1 while /(?<![\w.,-])(\d+(?:[.,]\d+)*)(?![\w-]*[A-Za-z])/g;
			next;
		}
		s/ Ns [\x80-\xff]\S*//; # a particle of Korean
		$named{"--$1"} = 1 while /Fl Fl ([a-z-]+)/g;
		$named{"-$1"} = 1 while /(?<!Fl )\bFl ([A-Za-z])\b/g;
		$named{"$1 $2"} = 1 while /\b(Ar|Ev|Va|Pa|Xr|Cm) (\S+)/g;
		if (/\b(?:S[qo]|Ql)(?: Li)? (.*)/) {
			my $value = $1;
			$value =~ s/( Sc| [,.;:)])+( Ns .*)?$//;
			$named{"quoted $value"} = 1;
		}
		END { told() }' "$1"
}

@test "both manuals have the same sections, in the same order" {
	both headings headings
	[[ $(grep -c Sh headings.english) -ge 18 ]]
	# All but the two that formatters know by name are Korean, or hold a Korean word.
	grep '^\.S[hs] ' "$KOREAN" | LC_ALL=C grep -vE '[^ -~]' | diff - <(printf '.Sh %s\n' NAME SYNOPSIS)
}

@test "both manuals have the same lists: options, messages, rules, statuses, variables, files" {
	both items items
	for wanted in '--registry' '--update' '--reveal' '--complete' '--with-reader'; do
		grep -q "Fl Fl ${wanted#--}\\b" items.korean
	done
	[[ $(grep -c 'Fl Fl' items.korean) -ge 50 ]]
}

@test "both manuals list the same message ids with their statuses" {
	number=$(section_number DIAGNOSTICS)
	section "$number" "$ENGLISH" | sed -n 's/^\.It //p' >english
	section "$number" "$KOREAN" | sed -n 's/^\.It //p' >korean
	[[ $(wc -l <english) -gt 60 ]]
	diff english korean
	grep -qx 'unknown-option Pq 2' korean
}

@test "both manuals list the same rules with their severities, which check knows" {
	number=$(section_number RULES)
	section "$number" "$KOREAN" | sed -nE 's/^\.It ([a-z0-9-]+) Pq ([a-z]+)$/\1 \2/p' | sort >korean
	regcred check --list-rules -o json | jq -r '.[] | "\(.rule) \(.severity)"' | sort >known
	[[ $(wc -l <known) -gt 20 ]]
	diff known korean
}

@test "both manuals list the same exit statuses" {
	number=$(section_number 'EXIT STATUS')
	section "$number" "$KOREAN" | sed -n 's/^\.It //p' | diff <(seq 0 5) -
}

@test "both manuals show the same examples" {
	both examples examples
	[[ $(grep -c '^\.Bd' examples.korean) -ge 12 ]]
}

@test "both manuals have the same paragraphs" {
	both frame frame
}

@test "each paragraph of both manuals names the same things" {
	both names names
	[[ $(wc -l <names.english) -gt 250 ]]
}

@test "what the manuals refer to in themselves is there" {
	for manual in "$ENGLISH" "$KOREAN"; do
		CASE=$manual
		sed -nE 's/^\.S[hs] //p' "$manual" >there
		sed -nE 's/^\.(Pq )?Sx (.*)/\2/p' "$manual" | sed -E 's/ [,.;]+$//' >wanted
		[[ $(wc -l <wanted) -ge 6 ]]
		while read -r heading; do
			grep -qxF -- "$heading" there || fail "no section $heading"
		done <wanted
	done
}

@test "mandoc finds nothing in the Korean manual, which is UTF-8" {
	command -v mandoc >/dev/null || skip "mandoc is not installed"
	mandoc -Tlint -W warning "$KOREAN"
	mandoc -Tutf8 "$KOREAN" | col -b >rendered
	grep -q '^종료 코드' rendered
	grep -q -- '--password-stdin' rendered
	# A particle stands at the word that it belongs to.
	run ! grep -nE "’ (이|가|을|를|은|는|와|과|도|의|로|으로|인|처럼|에만|입니다)( |\$)" rendered
	run ! grep -nE "‘[!-~]+[^ -~’]+’" rendered
	iconv -f UTF-8 -t UTF-8 "$KOREAN" | cmp - "$KOREAN"
}

@test "man shows the Korean manual in a Korean locale, under both names" {
	man --version 2>/dev/null | grep -q '^man [0-9]' || skip "man-db is not installed"
	mkdir -p share/man/man1 share/man/ko/man1
	for folder in man1 ko/man1; do
		ln -s regcred-gen.1 "share/man/$folder/kubectl-regcred.1"
	done
	cp "$ENGLISH" share/man/man1
	cp "$KOREAN" share/man/ko/man1
	export MANPATH=$PWD/share/man MANPAGER=cat MANWIDTH=100
	for name in regcred-gen kubectl-regcred; do
		CASE=$name
		man -L ko "$name" >shown 2>&1 || skip "man does not show manuals here"
		grep -q '레지스트리 자격증명으로' shown || fail "it is not the Korean one"
		man "$name" | grep -q 'registry credentials' || fail "the English one is gone"
	done
}

# --- README and docs ------------------------------------------------------------------------------

# outline TEXT: levels of headings, blocks, rows of tables, and for each section the code and
# the links in its text.
outline() {
	perl -CSD -ne '
		sub told { print "  $_\n" for sort keys %named; %named = () }
		if (/^ *```/) { $inside = !$inside; told(), print "block\n" if $inside; next }
		next if $inside;
		if (/^(#+) /) { told(); print "$1\n" }
		print "row\n" if /^\|/;
		$named{$1} = 1 while /(`[^`]+`)/g;
		$named{$1} = 1 while /(\]\([^)]+\))/g;
		END { told() }' "$1" | sed 's/[.]ko[.]md/.md/; /](\(README\|guide\|recipes\).md)/d'
}

@test "every heading of a text has its counterpart, and every section the same code and links" {
	for text in README docs/guide docs/recipes; do
		outline "$REPOSITORY/$text.md" >english
		outline "$REPOSITORY/$text.ko.md" >korean
		[[ $(grep -c '^#' english) -ge 8 ]]
		diff english korean
	done
}

@test "the headings of the Korean texts are Korean, but for names" {
	for text in README docs/guide docs/recipes; do
		awk '/^ *```/ { inside = !inside } !inside && /^#/' "$REPOSITORY/$text.ko.md" | LC_ALL=C grep -vE '[^ -~]' || true
	done >ascii
	diff - ascii <<-END
		# regcred-gen
		## GitHub Actions
		## GitLab CI
		## pre-commit
	END
}
