/*
 * LD_PRELOAD object: look for secrets in all writable memory of the process it is loaded into.
 *
 *   MEMSCAN_NEEDLES=FILE  one needle a line: its bytes in reverse order, each XOR 0xa5, in hex
 *                         (helpers.bash: needle_file FILE TEXT...); at least 4 bytes each
 *   MEMSCAN_AT=WHEN       exit (default): after main and the exit handlers, or at _exit
 *                         write: at the first write to standard output
 *   MEMSCAN_REPORT=FILE   for each needle "needle INDEX hits N" (INDEX from 1), before it up to
 *                         16 lines "needle INDEX at MAPPING+0xOFFSET PERMISSIONS"; the last line
 *                         is "scanned MAPPINGS BYTES", so an empty scan cannot pass for a clean one
 *
 * The needle itself never stands in memory: it stays masked, and memory is compared under the mask.
 * Nothing here allocates, and stack frames are kept small, so that little of the dead stack below
 * the caller is lost to the scan. Link it with -z now for the same reason. The variables and
 * LD_PRELOAD are taken out of the environment: children run undisturbed.
 */
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
	MASK = 0xa5,
	NEEDLES = 64,
	NEEDLE_MIN = 4,
	POOL = 32 * 1024,
	SHOWN_HITS = 16,
	STATUS_UNUSABLE = 125,
};

struct needle {
	const unsigned char *masked; /* in the order of the text */
	size_t size;
};

struct mapping {
	const unsigned char *from;
	const unsigned char *to;
	const char *permissions; /* 4 bytes */
	const char *name;        /* up to the end of the line */
};

static struct needle needles[NEEDLES];
static size_t needle_count;
static unsigned char pool[POOL];
static size_t pool_used;
static char report_file[PATH_MAX];
static bool at_write;
static bool done;
static pid_t loaded_by;
static char maps[512 * 1024];
static char out[64 * 1024];
static size_t out_used;
static sigjmp_buf unreadable;

/* A scan that cannot work must not look like memory that is clean. */
static _Noreturn void unusable(const char *why)
{
	syscall(SYS_write, STDERR_FILENO, "memscan: ", 9);
	syscall(SYS_write, STDERR_FILENO, why, strlen(why));
	syscall(SYS_write, STDERR_FILENO, "\n", 1);
	for (;;)
		syscall(SYS_exit_group, STATUS_UNUSABLE);
}

static void put_bytes(const char *bytes, size_t size)
{
	if (size > sizeof(out) - out_used)
		size = sizeof(out) - out_used;
	memcpy(out + out_used, bytes, size);
	out_used += size;
}

static void put(const char *text)
{
	put_bytes(text, strlen(text));
}

static void put_number(unsigned long number, unsigned base)
{
	char digits[24];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number != 0);
	put_bytes(digits + at, sizeof(digits) - at);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static unsigned long hex_number(const char **at)
{
	unsigned long number = 0;

	while (hex_digit(**at) >= 0)
		number = number * 16 + (unsigned long)hex_digit(*(*at)++);
	return number;
}

/* The whole file, NUL-terminated. */
static void read_file(const char *name, char *to, size_t size)
{
	const int fd = open(name, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t got = -1;

	while (fd >= 0 && used < size - 1 && (got = read(fd, to + used, size - 1 - used)) > 0)
		used += (size_t)got;
	if (fd < 0 || got != 0)
		unusable("cannot read the needles or the memory map");
	close(fd);
	to[used] = '\0';
}

static void add_needle(const char *hex, size_t digits)
{
	const size_t size = digits / 2;

	if (size < NEEDLE_MIN || digits % 2 != 0 || needle_count == NEEDLES ||
	    size > sizeof(pool) - pool_used)
		unusable("a needle is too short, too long, or one too many");
	for (size_t i = 0; i < size; i++) {
		const int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			unusable("a needle is not hex");
		pool[pool_used + size - 1 - i] = (unsigned char)(high * 16 + low);
	}
	needles[needle_count++] = (struct needle){pool + pool_used, size};
	pool_used += size;
}

static void load_needles(const char *file)
{
	const char *line = maps; /* not needed for the memory map yet */

	read_file(file, maps, sizeof(maps));
	while (*line != '\0') {
		const size_t digits = strcspn(line, "\n");

		if (digits > 0)
			add_needle(line, digits);
		line += digits + (line[digits] == '\n');
	}
	if (needle_count == 0)
		unusable("no needles");
}

/* "FROM-TO PERMISSIONS OFFSET DEVICE INODE   NAME"; the answer is the next line. */
static const char *parse_mapping(const char *line, struct mapping *mapping)
{
	mapping->from = (const unsigned char *)(uintptr_t)hex_number(&line);
	line++;
	mapping->to = (const unsigned char *)(uintptr_t)hex_number(&line);
	mapping->permissions = ++line;
	for (int field = 0; field < 4; field++)
		line += strcspn(line, " \n") + 1;
	mapping->name = line += strspn(line, " ");
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

static bool is_scanned(const struct mapping *mapping)
{
	return mapping->permissions[0] == 'r' && mapping->permissions[1] == 'w' &&
	       strncmp(mapping->name, "[v", 2) != 0;
}

static bool matches(const unsigned char *at, const struct needle *needle)
{
	for (size_t i = 0; i < needle->size; i++) {
		if ((at[i] ^ MASK) != needle->masked[i])
			return false;
	}
	return true;
}

static void put_hit(size_t index, const struct mapping *mapping, const unsigned char *at)
{
	const size_t name_size = strcspn(mapping->name, "\n");

	put("needle ");
	put_number(index + 1, 10);
	put(" at ");
	put_bytes(name_size > 0 ? mapping->name : "[anonymous]", name_size > 0 ? name_size : 11);
	put("+0x");
	put_number((unsigned long)(at - mapping->from), 16);
	put(" ");
	put_bytes(mapping->permissions, 4);
	put("\n");
}

static void scan_mapping(size_t index, const struct mapping *mapping, unsigned long *hits)
{
	const struct needle *needle = &needles[index];
	const unsigned char *at = mapping->from;

	if ((size_t)(mapping->to - at) < needle->size)
		return;
	const unsigned char *const end = mapping->to - needle->size + 1;
	while ((at = memchr(at, needle->masked[0] ^ MASK, (size_t)(end - at))) != NULL) {
		if (matches(at, needle) && ++*hits <= SHOWN_HITS)
			put_hit(index, mapping, at);
		if (++at == end)
			break;
	}
}

static unsigned long scan_needle(size_t index)
{
	static unsigned long hits;
	static const char *line;
	static struct mapping mapping; /* static: must survive siglongjmp */

	hits = 0;
	line = maps;
	while (*line != '\0') {
		line = parse_mapping(line, &mapping);
		/* A page past the end of a mapped file: the rest of the mapping has none either. */
		if (is_scanned(&mapping) && sigsetjmp(unreadable, 1) == 0)
			scan_mapping(index, &mapping, &hits);
	}
	return hits;
}

static void put_extent(void)
{
	unsigned long count = 0, bytes = 0;
	struct mapping mapping;

	for (const char *line = maps; *line != '\0';) {
		line = parse_mapping(line, &mapping);
		if (is_scanned(&mapping)) {
			count++;
			bytes += (unsigned long)(mapping.to - mapping.from);
		}
	}
	put("scanned ");
	put_number(count, 10);
	put(" ");
	put_number(bytes, 10);
	put("\n");
}

static void on_fault(int number)
{
	(void)number;
	siglongjmp(unreadable, 1);
}

static void scan(void)
{
	static struct sigaction skip, old_bus, old_segv;

	skip.sa_handler = on_fault;
	sigaction(SIGBUS, &skip, &old_bus);
	sigaction(SIGSEGV, &skip, &old_segv);
	read_file("/proc/self/maps", maps, sizeof(maps));
	for (size_t i = 0; i < needle_count; i++) {
		const unsigned long hits = scan_needle(i);

		put("needle ");
		put_number(i + 1, 10);
		put(" hits ");
		put_number(hits, 10);
		put("\n");
	}
	put_extent();
	sigaction(SIGBUS, &old_bus, NULL);
	sigaction(SIGSEGV, &old_segv, NULL);
}

/* Once, and not from a forked child. */
static void scan_and_report(void)
{
	int fd;

	if (done || needle_count == 0 || getpid() != loaded_by)
		return;
	done = true;
	scan();
	fd = open(report_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || syscall(SYS_write, fd, out, out_used) != (long)out_used)
		unusable("cannot write the report");
	close(fd);
}

__attribute__((constructor)) static void prepare(void)
{
	const char *file = getenv("MEMSCAN_NEEDLES");
	const char *when = getenv("MEMSCAN_AT");
	const char *report = getenv("MEMSCAN_REPORT");

	if (file == NULL || report == NULL || strlen(report) >= sizeof(report_file))
		unusable("MEMSCAN_NEEDLES and MEMSCAN_REPORT must be set");
	if (when != NULL && strcmp(when, "exit") != 0 && strcmp(when, "write") != 0)
		unusable("MEMSCAN_AT must be exit or write");
	at_write = when != NULL && strcmp(when, "write") == 0;
	memcpy(report_file, report, strlen(report) + 1);
	load_needles(file);
	unsetenv("MEMSCAN_NEEDLES");
	unsetenv("MEMSCAN_AT");
	unsetenv("MEMSCAN_REPORT");
	unsetenv("LD_PRELOAD");
	loaded_by = getpid();
}

/* Runs after the handlers and destructors of the program. */
__attribute__((destructor)) static void scan_at_exit(void)
{
	if (!at_write)
		scan_and_report();
}

_Noreturn void _exit(int status)
{
	if (!at_write)
		scan_and_report();
	for (;;)
		syscall(SYS_exit_group, status);
}

_Noreturn void _Exit(int status)
{
	_exit(status);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
	if (at_write && fd == STDOUT_FILENO)
		scan_and_report();
	return syscall(SYS_write, fd, bytes, size);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	if (at_write && fd == STDOUT_FILENO)
		scan_and_report();
	return syscall(SYS_writev, fd, parts, count);
}
