#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input.h"
#include "machine.h"

enum { FIRST_MS = 1000, AGAIN_MS = 200 };

/* Carriage return, and "erase to the end of the line" (ECMA-48, EL). */
#define ERASE "\r\033[K"

/* 0: it is not a regular file. */
static uint64_t size_of(const char *path)
{
	struct stat status;
	int found = input_is_stdin(path) ? fstat(STDIN_FILENO, &status) : stat(path, &status);

	return found == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
}

static uint64_t size_of_all(const struct string_list *files)
{
	uint64_t total = 0;

	for (size_t i = 0; i < files->count; i++) {
		uint64_t size = size_of(files->items[i].data);

		if (size == 0)
			return 0;
		total += size;
	}
	return total;
}

void progress_begin_count(struct progress *progress, const char *what, uint64_t total,
                          const struct report *report)
{
	*progress = (struct progress){.wanted = !report->quiet && screen_can_erase(STDERR_FILENO),
	                              .counted = what,
	                              .total = total,
	                              .next = clock_milliseconds() + FIRST_MS};
}

void progress_begin(struct progress *progress, const struct string_list *files,
                    const struct report *report)
{
	progress_begin_count(progress, NULL, 0, report);
	if (progress->wanted)
		progress->total = size_of_all(files);
}

/* A failure to show it does not matter. */
static void put(const char *text, int len)
{
	if (len > 0 && write(STDERR_FILENO, text, (size_t)len) < 0)
		return;
}

static void draw(const struct progress *progress)
{
	static const double mebibyte = 1024 * 1024;
	double read = (double)progress->read;
	char line[80];
	int len;

	if (progress->counted)
		len = snprintf(line, sizeof line, ERASE "%s %" PRIu64 " of %" PRIu64,
		               progress->counted, progress->read, progress->total);
	else if (progress->total)
		len = snprintf(line, sizeof line, ERASE "read %.0f of %.0f MiB, %.0f %%",
		               read / mebibyte, (double)progress->total / mebibyte,
		               read < (double)progress->total ? 100 * read / (double)progress->total
		                                              : 100.0);
	else
		len = snprintf(line, sizeof line, ERASE "read %.0f MiB", read / mebibyte);
	put(line, len);
}

void progress_add(struct progress *progress, uint64_t bytes)
{
	int64_t now;

	if (!progress || !progress->wanted)
		return;
	progress->read += bytes;
	now = clock_milliseconds();
	if (now < progress->next)
		return;
	progress->next = now + AGAIN_MS;
	progress->shown = true;
	draw(progress);
}

void progress_hide(struct progress *progress)
{
	if (progress->shown)
		put(ERASE, sizeof ERASE - 1);
	progress->shown = false;
}
