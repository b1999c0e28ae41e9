#!/usr/bin/env bats
# The completion scripts, in the shells that they are for, typed at a terminal where it matters.
# shellcheck disable=SC2030,SC2031,SC2034 # each test is a shell of its own; CASE and stderr are for fail

load common

needs() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null || skip "$tool is not installed"
	done
}

# A folder with files to complete, and the commands by their installed names.
prepare() {
	mkdir bin folder
	ln -s "$REGCRED_GEN" bin/regcred-gen
	ln -s "$REGCRED_GEN" bin/kubectl-regcred
	ln -s "$REGCRED_GEN" bin/kubectl_complete-regcred
	PATH=$PWD/bin:$PATH HOME=$PWD
	: >'token with blanks.txt'
	regcred completion bash >regcred-gen.bash
	regcred completion zsh >_regcred-gen
	regcred completion fish >regcred-gen.fish
}

# typed SHELL [KEYS TEXT]...: types the keys at a prompt, and waits for the text, which ends a line
# but for the last one. What the terminal showed is in the file screen.
typed() {
	local shell=("$1")
	shift
	[[ ${shell[0]} != bash ]] || shell=(bash --noprofile --rcfile shell.rc -i)
	[[ ${shell[0]} != zsh ]] || shell=(env ZDOTDIR="$PWD" zsh -d -i)
	{
		printf 'expect ready>\nsend %s\nexpect %s\n' "$@"
		printf 'send \\x15exit\\n\n'
	} >script
	status=0
	PTY_TRANSCRIPT=screen TERM=xterm "$REGCRED_TOOLS/pty" --stdio-tty script -- "${shell[@]}" 2>pty.err ||
		status=$?
	stderr=$(cat pty.err screen)
	[[ $status == 0 ]] || fail "the terminal did not show what was expected"
}

# --- bash ---------------------------------------------------------------------------

# in_bash WORD...: the candidates for the last word, one line each.
in_bash() {
	# shellcheck disable=SC2016 # the inner shell's
	bash --noprofile --norc -uc '
		compopt() { printf "%s " "$@" >>compopt; }
		. ./regcred-gen.bash || exit
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
		_regcred_gen "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
		[[ ${#COMPREPLY[@]} == 0 ]] || printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}

@test "bash: options, values and commands" {
	prepare
	[[ $(in_bash regcred-gen --password-f | paste -sd ' ') == "--password-file --password-fd" ]]
	[[ $(in_bash regcred-gen --docker-p) == --docker-password ]]
	[[ $(in_bash regcred-gen -r ghcr.io --immu) == --immutable ]]
	in_bash regcred-gen -- | grep -qx -- --append-hash
	[[ $(in_bash regcred-gen -o '' | paste -sd ' ') == "yaml json config" ]]
	[[ $(in_bash regcred-gen --output '' | paste -sd ' ') == "yaml json config" ]]
	[[ $(in_bash regcred-gen --output = | paste -sd ' ') == "yaml json config" ]]
	[[ $(in_bash regcred-gen --output = j) == json ]]
	[[ $(in_bash regcred-gen --dry-run = c) == client ]]
	[[ $(in_bash regcred-gen '' | paste -sd ' ') == "$(commands)" ]]
	[[ $(in_bash regcred-gen gen) == generate ]]
	[[ $(in_bash regcred-gen help '' | paste -sd ' ') == "$(commands) registries" ]]
	[[ $(in_bash regcred-gen completion '' | paste -sd ' ') == "bash zsh fish" ]]
	[[ $(in_bash regcred-gen completion z) == zsh ]]
	[[ -z $(in_bash regcred-gen completion zsh '') && -z $(in_bash regcred-gen help registries g) ]]
	[[ $(in_bash regcred-gen generate -o y) == yaml ]]
	[[ $(in_bash regcred-gen generate --quie) == --quiet ]]
	[[ $(in_bash kubectl-regcred -o c) == config ]]
}

@test "bash: no candidates where none are known" {
	prepare
	for words in '-r g' '-u g' '--name g' '-p g' 'name g' '-o yaml g' '-- name -'; do
		read -ra options <<<"$words"
		[[ ! $(in_bash regcred-gen "${options[@]}") ]]
	done
	# Options of kubectl that are refused are not offered.
	[[ ! $(in_bash regcred-gen --save) && ! $(in_bash regcred-gen --kubeconf) ]]
}

@test "bash: files and variables, with blanks in their names" {
	prepare
	[[ $(in_bash regcred-gen --password-file tok) == 'token with blanks.txt' ]]
	[[ $(<compopt) == '-o filenames '* ]]
	[[ $(in_bash regcred-gen --password-file = tok) == 'token with blanks.txt' ]]
	[[ $(in_bash regcred-gen check tok) == 'token with blanks.txt' ]]
	[[ $(in_bash regcred-gen --output-file fol) == folder ]]
	[[ $(in_bash regcred-gen --namespaces-from tok) == 'token with blanks.txt' ]]
	export REGCRED_SOME_TOKEN=x
	[[ $(in_bash regcred-gen --password-env REGCRED_SOME) == REGCRED_SOME_TOKEN ]]
}

@test "bash: typed at a terminal" {
	prepare
	cat >shell.rc <<-'END'
		PS1='ready>'
		bind 'set bell-style none'
		bind 'set enable-bracketed-paste off'
		bind 'set show-all-if-ambiguous on'
		. ./regcred-gen.bash
		regcred-gen() { printf '<%s>' "$@"; echo; }
		kubectl-regcred() { regcred-gen "$@"; }
	END
	typed bash \
		'regcred-gen --password-fi\t token\t\n' '<--password-file><token with blanks.txt>' \
		'regcred-gen --output=j\t\n' '<--output=json>' \
		'kubectl-regcred comp\tz\t\n' '<completion><zsh>' \
		'regcred-gen --password-f\t' --password-file
	run ! grep -E 'not found|syntax|compopt:' screen
}

# --- zsh ------------------------------------------------------------------------------

ZSH_QUESTIONS=(
	'regcred-gen --password-fi\ttoken\t\n' '<--password-file><token with blanks.txt>'
	'regcred-gen --password-file token\t\n' '<--password-file><token with blanks.txt>'
	'regcred-gen -o j\t\n' '<-o><json>'
	'regcred-gen --output=c\t\n' '<--output=config>'
	'regcred-gen gener\t--immu\t\n' '<generate><--immutable>'
	'regcred-gen -r ghcr.io -u x --docker-em\t\n' '<-r><ghcr.io><-u><x><--docker-email'
	'regcred-gen name --append\t\n' '<name><--append-hash>'
	'kubectl-regcred comp\tz\t\n' '<completion><zsh>'
	'regcred-gen help gen\t\n' '<help><generate>'
	'regcred-gen --password-env REGCRED_SOME\t\n' '<--password-env><REGCRED_SOME_TOKEN>'
	'regcred-gen --password-f\t' 'from file descriptor N'
)

zsh_settings() {
	cat <<-'END'
		PS1='ready>'
		unsetopt beep prompt_cr prompt_sp zle_bracketed_paste 2>/dev/null
		unset zle_bracketed_paste
		setopt no_auto_menu no_list_ambiguous
		regcred-gen() { printf '<%s>' "$@"; echo; }
		kubectl-regcred() { regcred-gen "$@"; }
		export REGCRED_SOME_TOKEN=x
		autoload -Uz compinit
	END
}

@test "zsh: found on fpath, typed at a terminal" {
	needs zsh
	prepare
	mkdir functions
	mv _regcred-gen functions
	{
		zsh_settings
		# shellcheck disable=SC2016 # the inner shell's
		echo 'fpath=($PWD/functions $fpath); compinit -u -D'
	} >.zshrc
	typed zsh "${ZSH_QUESTIONS[@]}"
	run ! grep -E 'not found|parse error|_arguments:|bad ' screen
}

@test "zsh: sourced, typed at a terminal" {
	needs zsh
	prepare
	{
		zsh_settings
		echo 'compinit -u -D; source ./_regcred-gen'
	} >.zshrc
	typed zsh "${ZSH_QUESTIONS[@]}"
	run ! grep -E 'not found|parse error|_arguments:|bad ' screen
}

@test "zsh: sourced from a script, it says nothing" {
	needs zsh
	prepare
	run_split zsh -fc 'autoload -Uz compinit && compinit -u -D && source ./_regcred-gen'
	[[ $status == 0 && ! -s $OUT && ! -s $ERR ]] || fail "it is not silent"
}

# --- fish -----------------------------------------------------------------------------

# in_fish LINE: the candidates at its end, without their descriptions.
in_fish() {
	# shellcheck disable=SC2016 # the inner shell's
	fish --no-config -c 'source ./regcred-gen.fish; for line in $argv
			complete -C $line | string replace -r "\t.*" ""
			echo .
		end' "$@" | paste -sd ' '
}

@test "fish: options, values, files and commands" {
	needs fish
	prepare
	export REGCRED_SOME_TOKEN=x
	[[ $(in_fish 'regcred-gen --password-f' 'regcred-gen --docker-p' 'regcred-gen -r ghcr.io --immu') == \
	"--password-file --password-fd . --docker-password . --immutable ." ]]
	[[ $(in_fish 'regcred-gen -o ' 'regcred-gen --output=j' 'regcred-gen --output c') == \
	"yaml json config . --output=json . config ." ]]
	[[ $(in_fish 'regcred-gen comp' 'regcred-gen completion ' 'regcred-gen help gen') == \
	"completion . bash zsh fish . generate ." ]]
	[[ $(in_fish 'regcred-gen generate -o y' 'kubectl-regcred --namespaces') == "yaml . --namespaces-from ." ]]
	[[ $(in_fish 'regcred-gen --password-file tok' 'regcred-gen --password-file=tok' 'regcred-gen show tok') == \
	"token with blanks.txt . --password-file=token with blanks.txt . token with blanks.txt ." ]]
	[[ $(in_fish 'regcred-gen --password-env REGCRED_SOME') == "REGCRED_SOME_TOKEN ." ]]
	# No file where none belongs.
	[[ $(in_fish 'regcred-gen tok' 'regcred-gen -u tok' 'regcred-gen --save') == ". . ." ]]
	run_split fish --no-config -c 'source ./regcred-gen.fish; complete -C "regcred-gen "'
	grep -q '^generate	' "$OUT"
	[[ ! -s $ERR ]]
}

# --- kubectl ----------------------------------------------------------------------------

# cobra ANSWER WORD...: what kubectl gets for the last word: the candidates without their
# descriptions, and :N.
cobra() {
	local expected=$1
	shift
	CASE="$*"
	run_split kubectl_complete-regcred "$@"
	made
	[[ $(sed 's/	.*//' "$OUT" | paste -sd ' ') == "$expected" ]] || fail "it is: $output"
}

@test "kubectl gets the candidates in cobra's format" {
	prepare
	cobra '--password-file --password-fd :4' --password-f
	cobra '--immutable :4' -r ghcr.io --immu
	cobra 'yaml json config :4' -o ''
	cobra 'json :4' --output j
	cobra 'yaml :4' generate -o y
	cobra ':4' -u ''
	cobra ':4' -r ghcr.io -u octocat name
	cobra ':0' --password-file ''
	cobra ':0' --output-file to
	cobra "$(commands) :4" ''
	cobra 'generate :4' gen
	cobra 'bash zsh fish :4' completion ''
	cobra 'zsh :4' completion z
	cobra 'completion :4' help com
	cobra ':4' --save-conf
	cobra ':0' check ''
	cobra ':0' show -- ''
	cobra ':4' __com
	run_split kubectl_complete-regcred
	[[ $status == 0 && ${output##*$'\n'} == :[04] ]]
	run_split kubectl_complete-regcred --password-stdi
	[[ $output == $'--password-stdin\t'* ]]
}

@test "kubectl gets the values of an option joined to it" {
	prepare
	cobra 'json :4' --output=j
	cobra ':0' --password-file=
	cobra ':4' --name=
	# What stands before belongs to the option already.
	cobra ':4' --output=json ''
}

@test "kubectl itself completes the plugin" {
	needs kubectl jq
	prepare
	export KUBECONFIG=/dev/null
	minor=$(kubectl version --client -o json | jq -r '.clientVersion.minor | gsub("[^0-9].*"; "")')
	((minor >= 26)) || skip "kubectl 1.$minor does not complete plugins"
	kubectl __complete regcred --password-f 2>/dev/null | sed 's/	.*//' >answer
	[[ $(paste -sd ' ' answer) == "--password-file --password-fd :4" ]]
	kubectl __complete regcred -o '' 2>/dev/null >answer
	[[ $(paste -sd ' ' answer) == "yaml json config :4" ]]
	kubectl __complete regcred --password-file '' 2>/dev/null >answer
	[[ $(tail -n 1 answer) == :0 ]]
	[[ $(kubectl regcred --version) == "regcred-gen "* ]]
}
