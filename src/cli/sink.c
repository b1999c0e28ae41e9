#include "sink.h"

#include "regcred/base/memory.h"
#include "regcred/registry/registry_key.h"

enum { FLUSH_SIZE = 64 * 1024, INDENT = 4 };

static bool write_out(struct sink *sink, struct error *error)
{
	if (!buf_check(&sink->text, "the result", error) ||
	    !output_write(&sink->output, sink->text.data, sink->text.len, error))
		return false;
	buf_rewind(&sink->text);
	return true;
}

bool sink_flush(struct sink *sink, struct error *error)
{
	return (sink->text.len < FLUSH_SIZE && !sink->text.failure) || write_out(sink, error);
}

static void begin_line(struct sink *sink, unsigned depth)
{
	buf_append_char(&sink->text, '\n');
	buf_append_repeated(&sink->text, ' ', (size_t)depth * INDENT);
}

void sink_begin_list(struct sink *sink, unsigned depth)
{
	sink->depth = depth;
	sink->count = 0;
	buf_append_char(&sink->text, '[');
}

void sink_end_list(struct sink *sink)
{
	if (sink->count)
		begin_line(sink, sink->depth);
	buf_append_char(&sink->text, ']');
}

bool sink_open(struct sink *sink, bool list, struct error *error)
{
	sink->is_list = list;
	if (list)
		sink_begin_list(sink, 0);
	return output_open(&sink->output, NULL, error);
}

bool sink_finish(struct sink *sink, struct error *error)
{
	if (sink->is_list) {
		sink_end_list(sink);
		buf_append_char(&sink->text, '\n');
	}
	return write_out(sink, error) && output_commit(&sink->output, error);
}

bool sink_add(struct sink *sink, struct json *element, struct error *error)
{
	bool printed;

	buf_append_string(&sink->text, sink->count++ ? "," : "");
	begin_line(sink, sink->depth + 1);
	printed = json_print(element, JSON_INDENTED, sink->depth + 1, &sink->text, error);
	json_release(&element);
	return printed && sink_flush(sink, error);
}

struct json *sink_registry(struct view registry)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(2 * (size_t)BUF_CONFIG_MAX);

	if (!view_holds(registry, '@') && !view_holds(registry, '?') && !view_holds(registry, '#'))
		return json_bytes(registry.data, registry.len);
	registry_key_display(&shown, registry);
	return json_bytes(shown.data, shown.len);
}

void sink_release(struct sink *sink)
{
	output_release(&sink->output);
	buf_release(&sink->text);
}
