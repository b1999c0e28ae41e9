/*
 * Run commands in turn, many times, and print what each costs beside the first.
 *
 *   measure [-n ROUNDS] [--pipe] [--input FILE] NAME 'COMMAND ARG...' [NAME 'COMMAND ARG...']...
 *
 * Commands are split at blanks, with no quoting. Standard input is FILE, or else /dev/null;
 * standard output is /dev/null, or with --pipe a pipe that is drained here. Each round runs every
 * command once, and the order rotates, so that a noisy moment hits all alike. The ratios are the
 * medians of the rounds' ratios, not the ratios of the medians. A command that fails ends it all.
 *
 * The kernel counts the memory of this process, shared until exec, as the child's peak. So this
 * process stays small, and its own size, printed at the end, is the least that can be measured.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMANDS = 8, ARGUMENTS = 64, ROUNDS = 100, STATUS_USAGE = 2 };

struct command {
	const char *name;
	char *argv[ARGUMENTS + 1];
	double *wall; /* in µs, one a round */
	double *cpu;
	long peak; /* in KiB */
};

static struct command commands[COMMANDS];
static size_t command_count;
static size_t rounds = ROUNDS;
static const char *input = "/dev/null";
static bool through_pipe;

extern char **environ;

static _Noreturn void fail(const char *what, int error)
{
	fprintf(stderr, "measure: %s%s%s\n", what, error != 0 ? ": " : "",
	        error != 0 ? strerror(error) : "");
	exit(1);
}

static _Noreturn void usage(void)
{
	fputs("usage: measure [-n ROUNDS] [--pipe] [--input FILE] NAME 'COMMAND ARG...'...\n",
	      stderr);
	exit(STATUS_USAGE);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static double microseconds(struct timeval time)
{
	return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

static void drain(int fd)
{
	static char bytes[64 * 1024];
	ssize_t got;

	while ((got = read(fd, bytes, sizeof(bytes))) > 0)
		;
	if (got < 0)
		fail("read", errno);
}

static pid_t start(const struct command *command, int output)
{
	posix_spawn_file_actions_t actions;
	pid_t child;
	int error;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0);
	if (through_pipe)
		posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	else
		posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	error = posix_spawnp(&child, command->argv[0], &actions, NULL, command->argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error != 0)
		fail(command->argv[0], error);
	return child;
}

static void run(struct command *command, double *wall, double *cpu)
{
	struct rusage used;
	int pipe_ends[2] = {-1, -1};
	int status;
	double begin;
	pid_t child;

	if (through_pipe && pipe2(pipe_ends, O_CLOEXEC) != 0)
		fail("pipe", errno);
	begin = now();
	child = start(command, pipe_ends[1]);
	if (through_pipe) {
		close(pipe_ends[1]);
		drain(pipe_ends[0]);
	}
	if (wait4(child, &status, 0, &used) != child)
		fail("wait4", errno);
	*wall = now() - begin;
	*cpu = microseconds(used.ru_utime) + microseconds(used.ru_stime);
	if (through_pipe)
		close(pipe_ends[0]);
	if (used.ru_maxrss > command->peak)
		command->peak = used.ru_maxrss;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "measure: %s: wait status 0x%04x\n", command->name,
		        (unsigned)status);
		exit(1);
	}
}

static void run_all(void)
{
	double ignored;

	/* What is run a few times only takes long: then one warm-up does. */
	for (size_t i = 0; i < (rounds < 10 ? 1 : 3) * command_count; i++)
		run(&commands[i % command_count], &ignored, &ignored);
	for (size_t round = 0; round < rounds; round++) {
		for (size_t i = 0; i < command_count; i++) {
			struct command *command = &commands[(round + i) % command_count];

			run(command, &command->wall[round], &command->cpu[round]);
		}
	}
}

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The value that the given share of the values stays below; sorts them. */
static double quantile(double *values, double share)
{
	const double at = share * (double)(rounds - 1);
	const size_t low = (size_t)at;
	const size_t high = low + 1 < rounds ? low + 1 : low;

	qsort(values, rounds, sizeof(values[0]), by_size);
	return values[low] + (values[high] - values[low]) * (at - (double)low);
}

static double *new_values(void)
{
	double *values = calloc(rounds, sizeof(values[0]));

	if (values == NULL)
		fail("memory", ENOMEM);
	return values;
}

/* Before any sorting: the ratios pair what ran in the same round. */
static double median_ratio(const double *times, const double *peers, double *ratios)
{
	for (size_t round = 0; round < rounds; round++)
		ratios[round] = times[round] / peers[round];
	return quantile(ratios, 0.5);
}

static void print_table(void)
{
	double *ratios = new_values();
	double wall[COMMANDS], cpu[COMMANDS];
	int width = (int)strlen("command");

	for (size_t i = 0; i < command_count; i++) {
		wall[i] = median_ratio(commands[i].wall, commands[0].wall, ratios);
		cpu[i] = median_ratio(commands[i].cpu, commands[0].cpu, ratios);
		if ((int)strlen(commands[i].name) > width)
			width = (int)strlen(commands[i].name);
	}
	printf("%-*s %12s %12s %12s %10s %9s %9s\n", width, "command", "wall(us)", "p10(us)",
	       "cpu(us)", "peak(KiB)", "wall", "cpu");
	for (size_t i = 0; i < command_count; i++) {
		struct command *command = &commands[i];

		printf("%-*s %12.1f %12.1f %12.1f %10ld %9.3f %9.3f\n", width, command->name,
		       quantile(command->wall, 0.5), quantile(command->wall, 0.1),
		       quantile(command->cpu, 0.5), command->peak, wall[i], cpu[i]);
	}
	free(ratios);
}

static void add_command(const char *name, char *words)
{
	struct command *command = &commands[command_count++];
	size_t count = 0;

	command->name = name;
	for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " ")) {
		if (count == ARGUMENTS)
			fail("too many arguments", 0);
		command->argv[count++] = word;
	}
	if (count == 0)
		usage();
	command->wall = new_values();
	command->cpu = new_values();
}

static size_t number_from(const char *text)
{
	char *end;
	const unsigned long number = strtoul(text, &end, 10);

	if (end == text || *end != '\0' || number == 0 || number > 1000000)
		usage();
	return number;
}

static int parse_options(int argc, char **argv)
{
	int i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "--pipe") == 0)
			through_pipe = true;
		else if (strcmp(argv[i], "--input") == 0 && i + 1 < argc)
			input = argv[++i];
		else if (strcmp(argv[i], "-n") == 0 && i + 1 < argc)
			rounds = number_from(argv[++i]);
		else
			usage();
	}
	return i;
}

int main(int argc, char **argv)
{
	int i = parse_options(argc, argv);
	struct rusage own;

	if (i == argc || (argc - i) % 2 != 0 || (argc - i) / 2 > COMMANDS)
		usage();
	for (; i < argc; i += 2)
		add_command(argv[i], argv[i + 1]);
	run_all();
	getrusage(RUSAGE_SELF, &own);
	print_table();
	printf("# %zu rounds; least measurable peak %ld KiB\n", rounds, own.ru_maxrss);
	for (size_t j = 0; j < command_count; j++) {
		free(commands[j].wall);
		free(commands[j].cpu);
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
