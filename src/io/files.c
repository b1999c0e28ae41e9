#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input.h"
#include "regcred/base/buf.h"
#include "regcred/base/memory.h"

static bool is_manifest(const char *name)
{
	static const char *const endings[] = {".yaml", ".yml", ".json"};
	size_t len = strlen(name);

	for (size_t i = 0; i < COUNT(endings); i++) {
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

static bool is_link(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

/* Always false. */
static bool fail_folder(const char *path, struct error *error)
{
	if (errno == ENOMEM)
		memory_exhausted();
	return error_set(error, DIAGNOSTIC_INPUT_FAILED, NULL, "cannot read %s: %s", path,
	                 strerror(errno));
}

static int compare(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool add_folder(struct string_list *files, const char *path, bool recursive,
                       struct error *error);

static bool add_found(struct string_list *files, const char *folder, const char *name,
                      bool recursive, struct error *error)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(BUF_NAME_MAX);
	bool slash = *folder && folder[strlen(folder) - 1] == '/';

	if (!recursive && !is_manifest(name))
		return true;
	buf_append_format(&path, "%s%s%s", folder, slash ? "" : "/", name);
	if (!buf_check(&path, "a path", error))
		return false;
	if (is_folder(path.data))
		return !recursive || *name == '.' || is_link(path.data) ||
		       add_folder(files, path.data, recursive, error);
	if (is_manifest(name))
		string_list_add(files, path.data);
	return true;
}

/* No deeper than a path is long. */
static bool add_folder(struct string_list *files, const char *path, bool recursive,
                       struct error *error)
{
	struct dirent **names;
	int count = scandir(path, &names, NULL, compare);
	bool sound = true;

	if (count < 0)
		return fail_folder(path, error);
	for (int i = 0; i < count; i++) {
		sound = sound && add_found(files, path, names[i]->d_name, recursive, error);
		free(names[i]);
	}
	free(names);
	return sound;
}

bool files_add(struct string_list *files, const char *path, bool recursive, struct error *error)
{
	size_t before = files->count;

	if (input_is_stdin(path) || !is_folder(path)) {
		string_list_add(files, path);
		return true;
	}
	if (!add_folder(files, path, recursive, error))
		return false;
	if (files->count == before)
		string_list_add(files, path); /* files_check reports it in its turn */
	return true;
}

bool files_check(const char *path, bool recursive, struct error *error)
{
	return input_is_stdin(path) || !is_folder(path) ||
	       error_set(error, DIAGNOSTIC_INPUT_FAILED,
	                 recursive ? "only *.yaml, *.yml and *.json are read"
	                           : "only *.yaml, *.yml and *.json are read; -R also reads "
	                             "the folders below",
	                 "there is no manifest in the folder %s", path);
}

/* --- charts ------------------------------------------------------------------------- */

static bool holds_chart(struct view folder)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(BUF_NAME_MAX);

	buf_append(&path, folder.data, folder.len);
	buf_append_string(&path, folder.len ? "/Chart.yaml" : "Chart.yaml");
	return !path.failure && access(path.data, F_OK) == 0;
}

bool chart_find(const char *path, struct buf *folder)
{
	if (input_is_stdin(path))
		return false;
	for (const char *end = path; end; end = strchr(end + 1, '/')) {
		struct view above = {path, (size_t)(end - path)};

		if ((above.len || *path != '/') && holds_chart(above)) {
			buf_append(folder, above.data, above.len);
			return true;
		}
	}
	return false;
}
