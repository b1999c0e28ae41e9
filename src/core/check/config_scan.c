#include "config_scan.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/json/json_name.h"
#include "regcred/json/json_reader.h"
#include "regcred/manifest/placeholder.h"
#include "regcred/manifest/templated.h"
#include "regcred/registry/registry_key.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const fields[] = {"auth", "username", "password", "email"};

enum { FIELD_AUTH = 0, FIELD_PASSWORD = 2 };

struct walk {
	struct json_reader reader;
	struct config_scan *scan;
	bool bare;
	struct error *error;
};

static void walk_release(struct walk *walk)
{
	json_reader_release(&walk->reader);
}

void config_scan_release(struct config_scan *scan)
{
	buf_release(&scan->names);
	memory_release(scan->keys);
	buf_release(&scan->placeholder);
	buf_release(&scan->repeated);
	*scan = CONFIG_SCAN_INIT;
}

void config_scan_show(struct buf *out, struct view registry, bool bare)
{
	registry_key_display_member(out, bare ? "" : "auths", registry);
}

struct view config_scan_name(const struct config_scan *scan, const struct config_scan_key *key)
{
	return (struct view){scan->names.data + key->start, key->len};
}

bool config_value_is_unknown(const struct buf *value)
{
	size_t name = value->len && value->data[0] == '$'
	                  ? strspn(value->data + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                                            "abcdefghijklmnopqrstuvwxyz0123456789_")
	                  : 0;

	if (!value_is_templated(value->data, value->len) || strcmp(value->data, "$oauthtoken") == 0)
		return false;
	return name + 1 == value->len || strstr(value->data, "{{") || strstr(value->data, "${") ||
	       strstr(value->data, "$(") || strstr(value->data, "<path:");
}

static bool next(struct walk *walk)
{
	return json_reader_next(&walk->reader, walk->error);
}

static bool skip(struct walk *walk)
{
	return json_reader_skip(&walk->reader, walk->error);
}

static enum json_event event_of(const struct walk *walk)
{
	return json_reader_event(&walk->reader);
}

static const struct buf *text_of(const struct walk *walk)
{
	return json_reader_text(&walk->reader);
}

typedef bool read_member(struct walk *walk);

/* The value to come: its members if it is an object. */
static bool each_member(struct walk *walk, read_member *read)
{
	if (!next(walk))
		return false;
	if (event_of(walk) != JSON_OBJECT_BEGIN)
		return skip(walk);
	while (next(walk) && event_of(walk) == JSON_KEY)
		if (!read(walk))
			return false;
	return event_of(walk) == JSON_OBJECT_END;
}

static size_t find_field(const struct buf *key)
{
	size_t field = 0;

	while (field < COUNT(fields) && !json_name_is(key, fields[field]))
		field++;
	return field;
}

/* ---- Entries ---- */

static struct config_scan_key *key_of(struct walk *walk)
{
	return &walk->scan->keys[walk->scan->key_count - 1];
}

/* The first that is found stays. */
static void note_field(struct walk *walk, struct buf *where, const char *field)
{
	if (where->len)
		return;
	config_scan_show(where, config_scan_name(walk->scan, key_of(walk)), walk->bare);
	if (*field)
		buf_append_format(where, ".%s", field);
}

/* A host has a dot, and may begin with "your"; angle brackets none has. */
static bool is_placeholder_key(const struct buf *key)
{
	const char *open = memchr(key->data, '<', key->len);

	if (open)
		return memchr(open, '>', key->len - (size_t)(open - key->data)) != NULL;
	return !memchr(key->data, '.', key->len) && value_is_placeholder(key->data, key->len);
}

static void read_auth(struct walk *walk, const struct buf *auth)
{
	key_of(walk)->unknown = value_is_templated(auth->data, auth->len);
	if (!key_of(walk)->unknown && value_is_placeholder(auth->data, auth->len))
		note_field(walk, &walk->scan->placeholder, fields[FIELD_AUTH]);
}

static bool read_field(struct walk *walk, unsigned *seen)
{
	size_t field = find_field(text_of(walk));
	const struct buf *value = text_of(walk);

	if (field == COUNT(fields))
		return skip(walk);
	if (*seen & 1u << field)
		note_field(walk, &walk->scan->repeated, fields[field]);
	*seen |= 1u << field;
	if (!next(walk))
		return false;
	if (event_of(walk) != JSON_STRING)
		return skip(walk);
	if (field == FIELD_AUTH)
		read_auth(walk, value);
	else if (field <= FIELD_PASSWORD && config_value_is_unknown(value))
		key_of(walk)->unknown_beside = true;
	return true;
}

static bool add_key(struct walk *walk)
{
	struct config_scan *scan = walk->scan;
	const struct buf *text = text_of(walk);

	memory_extend(&scan->keys, scan->key_count, &scan->key_capacity, sizeof *scan->keys);
	scan->keys[scan->key_count++] =
	    (struct config_scan_key){.start = scan->names.len,
	                             .len = text->len,
	                             .offset = json_reader_position(&walk->reader).offset};
	buf_append(&scan->names, text->data, text->len + 1);
	if (!buf_check(&scan->names, "the registries", walk->error))
		return false;
	if (is_placeholder_key(text))
		note_field(walk, &scan->placeholder, "");
	return true;
}

static bool read_entry(struct walk *walk)
{
	unsigned seen = 0;

	if (!add_key(walk) || !next(walk))
		return false;
	if (event_of(walk) != JSON_OBJECT_BEGIN)
		return skip(walk);
	while (next(walk) && event_of(walk) == JSON_KEY)
		if (!read_field(walk, &seen))
			return false;
	return event_of(walk) == JSON_OBJECT_END;
}

/* ---- Members ---- */

static bool note_helper(struct walk *walk)
{
	walk->scan->has_helpers = true;
	return skip(walk);
}

static bool read_store(struct walk *walk)
{
	if (!next(walk))
		return false;
	if (event_of(walk) == JSON_STRING && text_of(walk)->len)
		walk->scan->has_helpers = true;
	return skip(walk);
}

static bool note_credential(struct walk *walk)
{
	if (find_field(text_of(walk)) <= FIELD_PASSWORD)
		walk->scan->has_entries = true;
	return skip(walk);
}

static bool read_wrapped_member(struct walk *walk)
{
	const struct buf *name = text_of(walk);

	if (json_name_is(name, "auths")) {
		walk->scan->has_auths = true;
		return each_member(walk, read_entry);
	}
	if (json_name_is(name, "credHelpers"))
		return each_member(walk, note_helper);
	if (json_name_is(name, "credsStore"))
		return read_store(walk);
	return each_member(walk, note_credential);
}

/* A member of what is called `auths`, and should be a registry with credentials. */
static bool note_wrapped(struct walk *walk)
{
	if (find_field(text_of(walk)) == COUNT(fields))
		walk->scan->has_wrapped = true;
	return skip(walk);
}

static bool read_bare_member(struct walk *walk)
{
	const struct buf *name = text_of(walk);

	if (json_name_is(name, "auths")) {
		walk->scan->has_auths = true;
		return each_member(walk, note_wrapped);
	}
	if (json_name_is(name, "credsStore"))
		return read_store(walk);
	return read_entry(walk);
}

bool config_scan_read(const char *bytes, size_t len, bool bare, struct config_scan *scan,
                      struct error *error)
{
	struct error unread = {.status = STATUS_OK};
	CLEANUP(walk_release) struct walk walk = {.scan = scan, .bare = bare, .error = &unread};

	json_reader_init_bytes(&walk.reader, bytes, len, BUF_CONFIG_MAX);
	each_member(&walk, bare ? read_bare_member : read_wrapped_member);
	if (unread.status == STATUS_FAULT)
		return error_out_of_memory(error);
	return buf_check(&scan->placeholder, "a registry key", error) &&
	       buf_check(&scan->repeated, "a registry key", error);
}
