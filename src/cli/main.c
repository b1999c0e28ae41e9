#include "../io/process.h"
#include "commands.h"
#include "help.h"

int main(int argc, char **argv)
{
	process_harden();
	help_set_program(argv[0]);
	return (int)commands_run(argc, argv);
}
