#include "../io/process.h"
#include "commands.h"
#include "completion.h"
#include "help.h"

int main(int argc, char **argv)
{
	process_harden();
	help_set_program(argv[0]);
	if (completion_is_for_kubectl(argv[0]))
		return (int)completion_answer_kubectl(argc, argv);
	return (int)commands_run(argc, argv);
}
