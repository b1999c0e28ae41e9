#include "chart.h"

#include <string.h>
#include <unistd.h>

#include "input.h"
#include "regcred/base/memory.h"

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
