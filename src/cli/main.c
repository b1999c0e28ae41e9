/* The table of contents: every command, once. It dispatches, prints the help, and feeds
 * the shells. */
#include "../io/process.h"
#include "commands.h"

const struct command commands[] = {
    {"generate", "[generate] [OPTION]... [NAME]", "write a pull Secret (the default)", VALUE_ANY,
     NULL, &generate_options, generate_run},
    {"match", "match [OPTION]... [IMAGE]...",
     "show which credential the kubelet tries for an image, and why", VALUE_FILE, NULL,
     &match_options, match_run},
    {"show", "show [OPTION]... [FILE]...", "show the contents of pull Secrets", VALUE_FILE, NULL,
     &show_options, show_run},
    {"check", "check [OPTION]... [FILE]...",
     "find errors in pull Secrets and the manifests that use them", VALUE_FILE, NULL,
     &check_options, check_run},
    {"verify", "verify [OPTION]... [IMAGE]...",
     "ask the registry whether it accepts the credentials", VALUE_FILE, NULL, &verify_options,
     verify_run},
    {"attach", "attach [OPTION]... [NAME]",
     "add a pull Secret to manifests, and keep every other byte", VALUE_ANY, NULL, &attach_options,
     attach_run},
    {"why", "why [OPTION]... [[KIND/]NAME]...",
     "explain why Pods cannot pull their images, and what to do", VALUE_ANY, NULL, &why_options,
     why_run},
    {"snippet", "snippet [OPTION]... [NAME]", "print the commands to run next", VALUE_ANY, NULL,
     &snippet_options, snippet_run},
    {"completion", "completion bash|zsh|fish", "write a completion script for a shell", VALUE_WORDS,
     COMPLETION_SHELLS, &completion_options, completion_run},
    {"help", "help [COMMAND|registries [HOST]]",
     "show help for a command, or what registries expect", VALUE_COMMAND, "registries",
     &help_options, help_run},
    {.name = "__complete", .run = completion_answer}, /* the completion scripts ask it */
    {0},
};

int main(int argc, char **argv)
{
	int status;

	process_harden();
	help_set_program(argv[0]);
	status = (int)commands_run(argc, argv);
	report_rest();
	return status;
}
