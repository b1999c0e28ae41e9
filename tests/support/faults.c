/*
 * LD_PRELOAD object: let the n-th allocation or the n-th write of a program fail.
 *
 *   FAULT_ALLOCATION=N   the N-th allocation returns NULL, ENOMEM
 *   FAULT_WRITE=N        the N-th write, writev or pwrite fails ...
 *   FAULT_WRITE_ERRNO=E  ... with this errno, a name or a number (ENOSPC)
 *   FAULT_WRITE_TO=WHERE which writes: all (default), stdout (fd 1), file (fd 3 and up)
 *   FAULT_LASTING=1      every one after the N-th fails too
 *   FAULT_SHORT_WRITE=1  a write accepts 7 bytes at most
 *   FAULT_REPORT=FILE    at exit: allocations, writes, fired, live, one "NAME NUMBER" a line
 *
 * Counting starts with main, so the numbers do not depend on the loader. Standard error is never
 * touched. The variables and LD_PRELOAD are taken out of the environment: children run undisturbed.
 * Writes that libc makes for stdio cannot be caught. For glibc on 64-bit Linux.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { SHORT_WRITE = 7, STATUS_UNUSABLE = 125 };

enum target { TARGET_ALL, TARGET_STDOUT, TARGET_FILE };

static struct {
	unsigned long allocation;
	unsigned long write;
	int write_errno;
	enum target target;
	bool lasting;
	bool short_write;
	char report[PATH_MAX];
} plan;

static atomic_ulong allocations;
static atomic_ulong writes;
static atomic_long live;
static atomic_bool fired;
static atomic_bool started;
static pid_t started_by;
static int (*real_main)(int, char **, char **);

/* glibc's own names for its allocator: no dlsym, which allocates itself. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

void *memalign(size_t alignment, size_t size);
ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t offset);
int __libc_start_main(int (*program)(int, char **, char **), int argc, char **argv,
                      void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
                      void *stack_end);

static bool falls_due(unsigned long number, unsigned long due)
{
	if (due == 0 || number < due || (number > due && !plan.lasting))
		return false;
	fired = true;
	return true;
}

static bool allocation_fails(void)
{
	if (!started || !falls_due(++allocations, plan.allocation))
		return false;
	errno = ENOMEM;
	return true;
}

static void *counted(void *block)
{
	if (started && block != NULL)
		live++;
	return block;
}

void *malloc(size_t size)
{
	return allocation_fails() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return allocation_fails() ? NULL : counted(__libc_calloc(count, size));
}

void free(void *block)
{
	if (started && block != NULL)
		live--;
	__libc_free(block);
}

void *realloc(void *block, size_t size)
{
	if (block == NULL)
		return malloc(size);
	if (size == 0) {
		free(block);
		return NULL;
	}
	return allocation_fails() ? NULL : __libc_realloc(block, size);
}

void *reallocarray(void *block, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(block, total);
}

void *memalign(size_t alignment, size_t size)
{
	return allocation_fails() ? NULL : counted(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
	const int saved = errno;
	void *got;

	if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0)
		return EINVAL;
	got = memalign(alignment, size);
	errno = saved;
	if (got == NULL)
		return ENOMEM;
	*block = got;
	return 0;
}

static bool is_target(int fd)
{
	if (!started || fd == STDERR_FILENO)
		return false;
	if (plan.target == TARGET_ALL)
		return true;
	return (plan.target == TARGET_STDOUT) == (fd == STDOUT_FILENO);
}

static bool write_fails(int fd)
{
	if (!is_target(fd) || !falls_due(++writes, plan.write))
		return false;
	errno = plan.write_errno;
	return true;
}

static size_t accepted(int fd, size_t size)
{
	return is_target(fd) && plan.short_write && size > SHORT_WRITE ? SHORT_WRITE : size;
}

ssize_t write(int fd, const void *bytes, size_t size)
{
	return write_fails(fd) ? -1 : syscall(SYS_write, fd, bytes, accepted(fd, size));
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	if (write_fails(fd))
		return -1;
	return syscall(SYS_pwrite64, fd, bytes, accepted(fd, size), offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t offset)
{
	return pwrite(fd, bytes, size, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	if (write_fails(fd))
		return -1;
	if (!is_target(fd) || !plan.short_write)
		return syscall(SYS_writev, fd, parts, count);
	while (count > 0 && parts->iov_len == 0) {
		parts++;
		count--;
	}
	if (count == 0)
		return 0;
	return syscall(SYS_write, fd, parts->iov_base, accepted(fd, parts->iov_len));
}

/* Once, and not from a forked child. */
static void report(void)
{
	static atomic_bool done;
	char text[256];
	int size, fd;

	if (plan.report[0] == '\0' || getpid() != started_by || atomic_exchange(&done, true))
		return;
	size = snprintf(text, sizeof(text), "allocations %lu\nwrites %lu\nfired %d\nlive %ld\n",
	                allocations, writes, fired, live);
	started = false;
	fd = open(plan.report, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	syscall(SYS_write, fd, text, (size_t)size);
	close(fd);
}

/* Runs after the handlers and destructors of the program. */
__attribute__((destructor)) static void report_at_exit(void)
{
	report();
}

_Noreturn void _exit(int status)
{
	report();
	for (;;)
		syscall(SYS_exit_group, status);
}

_Noreturn void _Exit(int status)
{
	_exit(status);
}

/* A typing error in a test must not look like a test that passed. */
static _Noreturn void unusable(const char *name)
{
	dprintf(STDERR_FILENO, "faults: %s: unusable value\n", name);
	for (;;)
		syscall(SYS_exit_group, STATUS_UNUSABLE);
}

static unsigned long number_from(const char *name)
{
	const char *text = getenv(name);
	unsigned long number = 0;
	char *end;

	if (text == NULL)
		return 0;
	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0')
		unusable(name);
	unsetenv(name);
	return number;
}

static int errno_from(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} known[] = {
	    {"EAGAIN", EAGAIN}, {"EBADF", EBADF},   {"EDQUOT", EDQUOT},
	    {"EFBIG", EFBIG},   {"EINTR", EINTR},   {"EINVAL", EINVAL},
	    {"EIO", EIO},       {"ENOSPC", ENOSPC}, {"EPIPE", EPIPE},
	};
	const char *text = getenv(name);

	if (text == NULL)
		return ENOSPC;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(text, known[i].name) == 0) {
			unsetenv(name);
			return known[i].number;
		}
	}
	return (int)number_from(name);
}

static enum target target_from(const char *name)
{
	static const char *const known[] = {"all", "stdout", "file"};
	const char *text = getenv(name);

	if (text == NULL)
		return TARGET_ALL;
	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(text, known[i]) == 0) {
			unsetenv(name);
			return (enum target)i;
		}
	}
	unusable(name);
}

static void report_from(const char *name)
{
	const char *text = getenv(name);

	if (text == NULL)
		return;
	if (strlen(text) >= sizeof(plan.report))
		unusable(name);
	memcpy(plan.report, text, strlen(text) + 1);
	unsetenv(name);
}

static int main_with_faults(int argc, char **argv, char **environment)
{
	plan.allocation = number_from("FAULT_ALLOCATION");
	plan.write = number_from("FAULT_WRITE");
	plan.write_errno = errno_from("FAULT_WRITE_ERRNO");
	plan.target = target_from("FAULT_WRITE_TO");
	plan.lasting = number_from("FAULT_LASTING") != 0;
	plan.short_write = number_from("FAULT_SHORT_WRITE") != 0;
	report_from("FAULT_REPORT");
	unsetenv("LD_PRELOAD");
	started_by = getpid();
	started = true;
	return real_main(argc, argv, environment);
}

int __libc_start_main(int (*program)(int, char **, char **), int argc, char **argv,
                      void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
                      void *stack_end)
{
	__typeof__(&__libc_start_main) start;
	void *found = dlsym(RTLD_NEXT, "__libc_start_main");

	memcpy(&start, &found, sizeof(start));
	real_main = program;
	return start(main_with_faults, argc, argv, init, fini, rtld_fini, stack_end);
}
