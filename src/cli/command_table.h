/* command_table.h - the names and texts of all commands, once, for the two tables that
 * are made of them: commands_main.c and commands_full.c.
 *
 *   DEFAULT, ROW (name, synopsis, summary, words)
 *
 * DEFAULT is what runs when the first argument names no command.
 * The synopsis is what follows the program's name; the summary is one line without
 * period; the words are what the arguments may be, for the shells; NULL: anything.
 * KEPT is for a name that is kept for a command to come: a Secret called so needs
 * --name, today as when the command exists.
 */
#ifndef REGCRED_CLI_COMMAND_TABLE_H
#define REGCRED_CLI_COMMAND_TABLE_H

#if REGCRED_RING < 2
#error "src/cli is for the program alone"
#endif

#define COMPLETION_SHELLS "bash zsh fish"

/* clang-format off */
#define COMMANDS(DEFAULT, ROW, KEPT)                                                              \
	DEFAULT(generate, "[generate] [OPTION]... [NAME]", "write a pull Secret (the default)",   \
	    NULL)                                                                                 \
	ROW(match, "match [OPTION]... IMAGE...",                                                  \
	    "tell which credential the kubelet tries for an image, and why", NULL)                \
	ROW(show, "show [OPTION]... [FILE]...", "show what is inside pull Secrets", NULL)         \
	ROW(check, "check [OPTION]... [FILE]...",                                                 \
	    "find what is wrong in pull Secrets and in what uses them", NULL)                     \
	ROW(snippet, "snippet [OPTION]... [NAME]", "print what to paste and run next", NULL)      \
	ROW(completion, "completion bash|zsh|fish", "write a completion script for a shell",      \
	    COMPLETION_SHELLS)                                                                    \
	ROW(help, "help [COMMAND|registries]", "show how a command is used, or what registries want", \
	    "generate match show check snippet completion help registries")                                                \
	KEPT(verify) KEPT(attach)
/* clang-format on */

#endif
