#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "input.h"
#include "regcred/base/buf.h"
#include "regcred/base/memory.h"

static bool add(struct files *files, const char *path, struct error *error)
{
	size_t size = strlen(path) + 1;
	char *copy = memory_acquire(size);

	if (!copy ||
	    !memory_extend(&files->paths, files->count, &files->capacity, sizeof *files->paths)) {
		memory_release(copy);
		return error_out_of_memory(error);
	}
	memcpy(copy, path, size);
	files->paths[files->count++] = copy;
	return true;
}

static bool is_manifest(const char *name)
{
	static const char *const endings[] = {".yaml", ".yml", ".json"};
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t size = strlen(endings[i]);

		if (len > size && strcmp(name + len - size, endings[i]) == 0)
			return true;
	}
	return false;
}

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool add_found(struct files *files, const char *folder, const char *name,
                      struct error *error)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(BUF_NAME_MAX);
	bool slash = *folder && folder[strlen(folder) - 1] == '/';

	buf_append_format(&path, "%s%s%s", folder, slash ? "" : "/", name);
	if (!buf_check(&path, "a path", error))
		return false;
	return is_folder(path.data) || add(files, path.data, error);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Always false. */
static bool fail_folder(const char *path, struct error *error)
{
	return error_set(error, DIAGNOSTIC_INPUT_FAILED, NULL, "cannot read %s: %s", path,
	                 strerror(errno));
}

static bool add_folder(struct files *files, const char *path, DIR *folder, struct error *error)
{
	size_t before = files->count;
	const struct dirent *entry;

	while ((errno = 0, entry = readdir(folder)))
		if (is_manifest(entry->d_name) && !add_found(files, path, entry->d_name, error))
			return false;
	if (errno)
		return fail_folder(path, error);
	if (files->count == before) {
		return error_set(error, DIAGNOSTIC_INPUT_FAILED,
		                 "only its *.yaml, *.yml and *.json are read, not those "
		                 "of folders below",
		                 "there is no manifest in the folder %s", path);
	}
	qsort(files->paths + before, files->count - before, sizeof *files->paths, compare);
	return true;
}

bool files_add(struct files *files, const char *path, struct error *error)
{
	DIR *folder;
	bool added;

	if (input_is_stdin(path) || !is_folder(path))
		return add(files, path, error);
	folder = opendir(path);
	if (!folder)
		return fail_folder(path, error);
	added = add_folder(files, path, folder, error);
	closedir(folder);
	return added;
}

void files_release(struct files *files)
{
	for (size_t i = 0; i < files->count; i++)
		memory_release(files->paths[i]);
	memory_release(files->paths);
	*files = FILES_INIT;
}
