/* In the order of what happens: shape, reading, repetitions, judging. */
#include "regcred/docker/docker_config_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/docker/docker_auth.h"
#include "regcred/json/json_name.h"
#include "regcred/registry/registry_key.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The members of an entry that are read. The kubelet looks at the first four,
 * and fails for a wrong type there. */
enum field {
	FIELD_USERNAME,
	FIELD_PASSWORD,
	FIELD_EMAIL,
	FIELD_AUTH,
	FIELD_IDENTITY_TOKEN,
	FIELD_REGISTRY_TOKEN,
	FIELD_COUNT
};

static const char *const field_names[FIELD_COUNT] = {"username", "password",      "email",
                                                     "auth",     "identitytoken", "registrytoken"};

/* What the reading functions share. */
struct parse {
	struct json_reader reader;
	struct docker_config_file *file;
	struct error *error;
	enum docker_config_shape shape;
	struct docker_config_file_entry *entry; /* the one being read */
	struct buf fields[FIELD_COUNT];         /* of this entry */
	struct json_position auth_position;
};

static void parse_release(struct parse *parse)
{
	json_reader_release(&parse->reader);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		buf_release(&parse->fields[i]);
}

/* ---- Words for what is wrong ---- */

static const char *name_of(enum json_event event)
{
	static const char *const names[] = {
	    [JSON_OBJECT_BEGIN] = "an object",
	    [JSON_ARRAY_BEGIN] = "an array",
	    [JSON_STRING] = "a string",
	    [JSON_NUMBER] = "a number",
	    [JSON_TRUE] = "true",
	    [JSON_FALSE] = "false",
	    [JSON_NULL] = "null",
	    [JSON_END] = "nothing",
	};

	return names[event];
}

/* The value at hand has the wrong type for the whole file. */
static bool refuse_type(const struct parse *parse, const char *path, const char *expected)
{
	struct json_position at = json_reader_position(&parse->reader);

	return error_set(parse->error, DIAGNOSTIC_CONFIG_INVALID, NULL,
	                 "line %" PRIu64 ", column %" PRIu64 ": %s is %s, %s was expected", at.line,
	                 at.column, path, name_of(json_reader_event(&parse->reader)), expected);
}

static char *copy(const struct buf *text)
{
	char *string = text->failure ? NULL : memory_acquire(text->len + 1);

	if (string)
		memcpy(string, text->data, text->len + 1);
	return string;
}

struct fault {
	enum docker_config_file_fault fault;
	const char *member; /* "", or .auth */
	const char *words;
	struct json_position position;
};

/* An entry's first fault counts. False: no memory. */
static bool set_fault(const struct docker_config_file *file, struct docker_config_file_entry *entry,
                      const struct fault *fault)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	if (entry->fault)
		return true;
	registry_key_display_member(&text, file->bare ? "" : "auths", buf_view(&entry->registry));
	buf_append_string(&text, fault->member);
	buf_append_char(&text, ' ');
	buf_append_string(&text, fault->words);
	entry->problem = copy(&text);
	entry->fault = fault->fault;
	entry->problem_position = fault->position;
	return true;
}

/* ---- Walking ---- */

static bool next(struct parse *parse)
{
	return json_reader_next(&parse->reader, parse->error);
}

static bool skip(struct parse *parse)
{
	return json_reader_skip(&parse->reader, parse->error);
}

static enum json_event event_of(const struct parse *parse)
{
	return json_reader_event(&parse->reader);
}

/* Stands at a key, and is to read its value to the end. */
typedef bool read_member(struct parse *parse);

/* Behind the beginning of an object: all of its members, and its end. */
static bool each_member(struct parse *parse, read_member *read)
{
	while (next(parse)) {
		if (event_of(parse) != JSON_KEY)
			return true;
		if (!read(parse))
			return false;
	}
	return false;
}

/* ---- One entry ---- */

static void entry_release(struct docker_config_file_entry *entry)
{
	buf_release(&entry->registry);
	buf_release(&entry->username);
	buf_release(&entry->password);
	buf_release(&entry->email);
	memory_release(entry->problem);
}

static bool add_entry(struct parse *parse)
{
	const struct buf *key = json_reader_text(&parse->reader);
	struct docker_config_file *file = parse->file;
	struct docker_config_file_entry *entry;

	memory_extend(&file->entries, file->entry_count, &file->entry_capacity, sizeof *entry);
	entry = &file->entries[file->entry_count++];
	*entry = (struct docker_config_file_entry){
	    .registry = BUF_INIT(BUF_CONFIG_MAX),
	    .username = BUF_INIT(BUF_CONFIG_MAX),
	    .password = BUF_INIT(BUF_CONFIG_MAX),
	    .email = BUF_INIT(BUF_CONFIG_MAX),
	    .position = json_reader_position(&parse->reader),
	};
	parse->entry = entry;
	buf_append(&entry->registry, key->data, key->len);
	return buf_check(&entry->registry, "a registry key", parse->error);
}

/* The value at hand has the wrong type; passes over it. */
static bool note_type(struct parse *parse, const char *member, const char *expected)
{
	char path[32], words[64];
	struct fault fault = {CONFIG_FAULT_TYPE, path, words, json_reader_position(&parse->reader)};

	snprintf(path, sizeof path, "%s%s", *member ? "." : "", member);
	snprintf(words, sizeof words, "is %s, %s was expected", name_of(event_of(parse)), expected);
	if (!set_fault(parse->file, parse->entry, &fault))
		return error_out_of_memory(parse->error);
	return skip(parse);
}

static bool read_field(struct parse *parse)
{
	const struct buf *text = json_reader_text(&parse->reader);
	size_t field = 0;

	while (field < FIELD_COUNT && !json_name_is(text, field_names[field]))
		field++;
	if (field == FIELD_COUNT)
		return skip(parse);
	if (!next(parse))
		return false;
	if (event_of(parse) == JSON_NULL)
		return true;
	if (event_of(parse) != JSON_STRING)
		return field <= FIELD_AUTH ? note_type(parse, field_names[field], "a string")
		                           : skip(parse);
	if (field == FIELD_AUTH)
		parse->auth_position = json_reader_position(&parse->reader);
	buf_reset(&parse->fields[field]);
	buf_append(&parse->fields[field], text->data, text->len);
	return buf_check(&parse->fields[field], "a member of a Docker config", parse->error);
}

/* What was read into `from` becomes `to`, which is empty. */
static void move(struct buf *to, struct buf *from)
{
	struct buf empty = *to;

	*to = *from;
	*from = empty;
}

static bool differs(const struct buf *beside, const struct buf *decoded)
{
	return beside->len && (beside->len != decoded->len ||
	                       memcmp(beside->data, decoded->data, decoded->len) != 0);
}

/* Into the entry's user name and password, which are empty. */
static bool decode_auth(struct parse *parse)
{
	struct docker_config_file_entry *entry = parse->entry;
	const struct buf *auth = &parse->fields[FIELD_AUTH];
	enum docker_auth_fault found;
	struct fault fault = {CONFIG_FAULT_BASE64, ".auth", "", parse->auth_position};

	if (docker_auth_decode(auth->data, auth->len, &entry->username, &entry->password, &found)) {
		entry->disagrees = differs(&parse->fields[FIELD_USERNAME], &entry->username) ||
		                   differs(&parse->fields[FIELD_PASSWORD], &entry->password);
		return true;
	}
	if (found == DOCKER_AUTH_NO_COLON)
		fault.fault = CONFIG_FAULT_COLON;
	fault.words = docker_auth_fault_sentence(found);
	if (found == DOCKER_AUTH_NO_ROOM || !set_fault(parse->file, entry, &fault))
		return error_out_of_memory(parse->error);
	return true;
}

static bool finish_entry(struct parse *parse)
{
	struct docker_config_file_entry *entry = parse->entry;

	entry->has_auth = parse->fields[FIELD_AUTH].len > 0;
	entry->has_identity_token = parse->fields[FIELD_IDENTITY_TOKEN].len > 0;
	entry->has_registry_token = parse->fields[FIELD_REGISTRY_TOKEN].len > 0;
	move(&entry->email, &parse->fields[FIELD_EMAIL]);
	if (entry->has_auth)
		return decode_auth(parse);
	move(&entry->username, &parse->fields[FIELD_USERNAME]);
	move(&entry->password, &parse->fields[FIELD_PASSWORD]);
	return true;
}

static bool read_entry(struct parse *parse)
{
	if (!add_entry(parse) || !next(parse))
		return false;
	parse->entry->value_offset = json_reader_position(&parse->reader).offset;
	if (event_of(parse) == JSON_NULL)
		return true;
	if (event_of(parse) != JSON_OBJECT_BEGIN)
		return note_type(parse, "", "an object");
	for (size_t i = 0; i < FIELD_COUNT; i++)
		buf_reset(&parse->fields[i]);
	return each_member(parse, read_field) && finish_entry(parse);
}

/* ---- The members of a config ---- */

/* What the kubelet fails for stays its failure. */
static void empty_entries(struct docker_config_file *file)
{
	size_t kept = 0;

	for (size_t i = 0; i < file->entry_count; i++) {
		if (docker_config_file_fault_is_fatal(file->entries[i].fault))
			file->entries[kept++] = file->entries[i];
		else
			entry_release(&file->entries[i]);
	}
	file->entry_count = kept;
}

static bool read_auths(struct parse *parse)
{
	if (!next(parse))
		return false;
	if (event_of(parse) == JSON_NULL) {
		empty_entries(parse->file);
		return true;
	}
	if (event_of(parse) != JSON_OBJECT_BEGIN)
		return refuse_type(parse, "auths", "an object");
	return each_member(parse, read_entry);
}

static void helpers_release(struct docker_config_file *file)
{
	for (size_t i = 0; i < file->helper_count; i++) {
		memory_release(file->helpers[i].registry);
		memory_release(file->helpers[i].name);
	}
	file->helper_count = 0;
}

/* The text at hand as a C string; `path` says what it is. */
static bool take_string(struct parse *parse, const char *path, char **string)
{
	const struct buf *text = json_reader_text(&parse->reader);
	struct json_position at = json_reader_position(&parse->reader);

	if (memchr(text->data, '\0', text->len))
		return error_set(parse->error, DIAGNOSTIC_CONFIG_INVALID, NULL,
		                 "line %" PRIu64 ", column %" PRIu64 ": %s holds a NUL byte",
		                 at.line, at.column, path);
	*string = copy(text);
	return *string || error_out_of_memory(parse->error);
}

/* null is "", as for Go. */
static bool read_helper(struct parse *parse)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(BUF_CONFIG_MAX);
	struct docker_config_file *file = parse->file;
	struct docker_config_file_helper *helper;

	memory_extend(&file->helpers, file->helper_count, &file->helper_capacity, sizeof *helper);
	helper = &file->helpers[file->helper_count++];
	*helper =
	    (struct docker_config_file_helper){.position = json_reader_position(&parse->reader)};
	if (!take_string(parse, "a key of credHelpers", &helper->registry))
		return false;
	registry_key_display_member(&path, "credHelpers",
	                            buf_view(json_reader_text(&parse->reader)));
	if (!buf_check(&path, "a registry key", parse->error) || !next(parse))
		return false;
	if (event_of(parse) != JSON_STRING && event_of(parse) != JSON_NULL)
		return refuse_type(parse, path.data, "a string");
	return take_string(parse, path.data, &helper->name);
}

static bool read_helpers(struct parse *parse)
{
	if (!next(parse))
		return false;
	if (event_of(parse) == JSON_NULL) {
		helpers_release(parse->file);
		return true;
	}
	if (event_of(parse) != JSON_OBJECT_BEGIN)
		return refuse_type(parse, "credHelpers", "an object");
	return each_member(parse, read_helper);
}

static bool read_store(struct parse *parse)
{
	if (!next(parse))
		return false;
	if (event_of(parse) == JSON_NULL)
		return true;
	if (event_of(parse) != JSON_STRING)
		return refuse_type(parse, "credsStore", "a string");
	memory_release(parse->file->store);
	parse->file->store = NULL;
	if (json_reader_text(&parse->reader)->len == 0)
		return true;
	return take_string(parse, "credsStore", &parse->file->store);
}

static bool check_header(struct parse *parse)
{
	if (!next(parse))
		return false;
	if (event_of(parse) == JSON_STRING || event_of(parse) == JSON_NULL)
		return true;
	return refuse_type(parse, "a member of HttpHeaders", "a string");
}

/* Of no use here, but the kubelet fails for a wrong type. */
static bool check_headers(struct parse *parse)
{
	if (!next(parse))
		return false;
	if (event_of(parse) == JSON_NULL)
		return true;
	if (event_of(parse) != JSON_OBJECT_BEGIN)
		return refuse_type(parse, "HttpHeaders", "an object");
	return each_member(parse, check_header);
}

/* Any of these makes an object a Docker config (docker/cli 27
 * cli/config/configfile/file.go, containers/image 5 docker/config). */
static const struct member {
	const char *name;
	read_member *read; /* NULL: of no interest */
	bool kubelet;      /* is interested too */
} members[] = {
    {"auths", read_auths, true},
    {"HttpHeaders", check_headers, true},
    {"credHelpers", read_helpers, false},
    {"credsStore", read_store, false},
    {"aliases", NULL, false},
    {"cliPluginsExtraDirs", NULL, false},
    {"currentContext", NULL, false},
    {"detachKeys", NULL, false},
    {"experimental", NULL, false},
    {"features", NULL, false},
    {"imagesFormat", NULL, false},
    {"plugins", NULL, false},
    {"proxies", NULL, false},
    {"psFormat", NULL, false},
};

static const struct member *find_member(const struct buf *key)
{
	for (size_t i = 0; i < COUNT(members); i++)
		if (json_name_is(key, members[i].name))
			return &members[i];
	return NULL;
}

static bool read_top_member(struct parse *parse)
{
	const struct member *member = find_member(json_reader_text(&parse->reader));
	bool wanted = member && (member->kubelet || parse->shape == CONFIG_SHAPE_ANY);

	return wanted && member->read ? member->read(parse) : skip(parse);
}

/* ---- Shape ---- */

struct shape {
	bool named; /* has a member of a Docker config */
	enum json_event odd;
	struct json_position odd_position; /* the first member that no map of registries has */
};

/* Goes through the whole document, so that from then on it is known to be JSON. */
static bool look_through(struct parse *parse, struct shape *shape)
{
	while (next(parse) && event_of(parse) == JSON_KEY) {
		shape->named =
		    shape->named || find_member(json_reader_text(&parse->reader)) != NULL;
		if (!next(parse))
			return false;
		if (!shape->odd && event_of(parse) != JSON_OBJECT_BEGIN &&
		    event_of(parse) != JSON_NULL) {
			shape->odd = event_of(parse);
			shape->odd_position = json_reader_position(&parse->reader);
		}
		if (!skip(parse))
			return false;
	}
	return event_of(parse) == JSON_OBJECT_END && next(parse);
}

static bool find_shape(struct parse *parse)
{
	struct shape shape = {.odd = JSON_START};

	if (!next(parse))
		return false;
	if (event_of(parse) != JSON_OBJECT_BEGIN)
		return refuse_type(parse, "the Docker config", "an object");
	if (!look_through(parse, &shape))
		return false;
	parse->file->bare = !shape.named;
	if (shape.named || !shape.odd)
		return true;
	return error_set(parse->error, DIAGNOSTIC_CONFIG_INVALID,
	                 "a Docker config is an object with \"auths\" in it, such "
	                 "as ~/.docker/config.json",
	                 "line %" PRIu64 ", column %" PRIu64
	                 ": a member is %s: neither a Docker config nor a map of registries has it",
	                 shape.odd_position.line, shape.odd_position.column, name_of(shape.odd));
}

/* ---- Repetitions ---- */

static int compare_offsets(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_bufs(const struct buf *a, const struct buf *b)
{
	int order = memcmp(a->data, b->data, a->len < b->len ? a->len : b->len);

	return order ? order : (a->len > b->len) - (a->len < b->len);
}

static int entry_by_place(const void *a, const void *b)
{
	const struct docker_config_file_entry *one = a, *other = b;

	return compare_offsets(one->position.offset, other->position.offset);
}

static int entry_by_registry(const void *a, const void *b)
{
	const struct docker_config_file_entry *one = a, *other = b;
	int order = compare_bufs(&one->registry, &other->registry);

	return order ? order : entry_by_place(a, b);
}

/* The later entry stays, but does not heal what the kubelet fails for. */
static void replace_entry(struct docker_config_file_entry *earlier,
                          struct docker_config_file_entry *later)
{
	if (docker_config_file_fault_is_fatal(earlier->fault)) {
		char *problem = later->problem;

		later->problem = earlier->problem;
		later->problem_position = earlier->problem_position;
		later->fault = earlier->fault;
		earlier->problem = problem;
	}
	entry_release(earlier);
}

static void merge_entries(struct docker_config_file *file)
{
	struct docker_config_file_entry *entries = file->entries;
	size_t kept = 0;

	if (file->entry_count < 2)
		return;
	qsort(entries, file->entry_count, sizeof *entries, entry_by_registry);
	for (size_t i = 1; i < file->entry_count; i++) {
		if (compare_bufs(&entries[kept].registry, &entries[i].registry) == 0)
			replace_entry(&entries[kept], &entries[i]);
		else
			kept++;
		if (kept != i)
			entries[kept] = entries[i];
	}
	file->entry_count = kept + 1;
	qsort(entries, file->entry_count, sizeof *entries, entry_by_place);
}

static int helper_by_place(const void *a, const void *b)
{
	const struct docker_config_file_helper *one = a, *other = b;

	return compare_offsets(one->position.offset, other->position.offset);
}

static int helper_by_registry(const void *a, const void *b)
{
	const struct docker_config_file_helper *one = a, *other = b;
	int order = strcmp(one->registry, other->registry);

	return order ? order : helper_by_place(a, b);
}

static void merge_helpers(struct docker_config_file *file)
{
	struct docker_config_file_helper *helpers = file->helpers;
	size_t kept = 0;

	if (file->helper_count < 2)
		return;
	qsort(helpers, file->helper_count, sizeof *helpers, helper_by_registry);
	for (size_t i = 1; i < file->helper_count; i++) {
		if (strcmp(helpers[kept].registry, helpers[i].registry) == 0) {
			memory_release(helpers[kept].registry);
			memory_release(helpers[kept].name);
		} else {
			kept++;
		}
		if (kept != i)
			helpers[kept] = helpers[i];
	}
	file->helper_count = kept + 1;
	qsort(helpers, file->helper_count, sizeof *helpers, helper_by_place);
}

/* ---- Judging ---- */

static bool equals(const struct buf *text, const char *string)
{
	return text->len == strlen(string) && memcmp(text->data, string, text->len) == 0;
}

static bool has_nul(const struct buf *text)
{
	return memchr(text->data, '\0', text->len) != NULL;
}

static bool has_token(const struct docker_config_file_entry *entry)
{
	return entry->has_identity_token || entry->has_registry_token;
}

static bool is_token_user(const struct docker_config_file_entry *entry)
{
	return equals(&entry->username, "<token>");
}

static bool is_token_alone(const struct docker_config_file_entry *entry)
{
	return has_token(entry) && !entry->password.len;
}

static bool is_empty(const struct docker_config_file_entry *entry)
{
	return !entry->username.len && !entry->password.len && !has_token(entry);
}

static bool lacks_username(const struct docker_config_file_entry *entry)
{
	return !entry->username.len;
}

static bool lacks_password(const struct docker_config_file_entry *entry)
{
	return !entry->password.len;
}

static bool holds_nul(const struct docker_config_file_entry *entry)
{
	return has_nul(&entry->registry) || has_nul(&entry->username) ||
	       has_nul(&entry->password) || has_nul(&entry->email);
}

/* The first that holds counts. */
static const struct judgement {
	enum docker_config_file_fault fault;
	bool (*holds)(const struct docker_config_file_entry *entry);
	const char *words;
} judgements[] = {
    {CONFIG_FAULT_NUL, holds_nul, "holds a NUL byte"},
    {CONFIG_FAULT_EMPTY, is_empty, "holds neither user name nor password"},
    {CONFIG_FAULT_TOKEN_USERNAME, is_token_user,
     "has the user name <token>: what goes with it is an identity token, useless to the kubelet"},
    {CONFIG_FAULT_TOKEN, is_token_alone,
     "holds a token instead of a password, useless to the kubelet"},
    {CONFIG_FAULT_USERNAME, lacks_username, "has an empty user name"},
    {CONFIG_FAULT_PASSWORD, lacks_password, "has an empty password"},
};

/* What is empty may live in a helper. */
static bool judge(const struct docker_config_file *file, struct docker_config_file_entry *entry)
{
	const bool has_helper = file->store || file->helper_count;

	for (size_t i = 0; i < COUNT(judgements); i++) {
		struct fault fault = {judgements[i].fault, "", judgements[i].words,
		                      entry->position};

		if (!judgements[i].holds(entry))
			continue;
		return (fault.fault == CONFIG_FAULT_EMPTY && has_helper) ||
		       set_fault(file, entry, &fault);
	}
	return true;
}

static bool is_leftover(const struct buf *registry)
{
	return equals(registry, REGISTRY_KEY_DOCKER_HUB "access-token") ||
	       equals(registry, REGISTRY_KEY_DOCKER_HUB "refresh-token");
}

static bool judge_entries(const struct docker_config_file *file, struct error *error)
{
	for (size_t i = 0; i < file->entry_count; i++) {
		struct docker_config_file_entry *entry = &file->entries[i];

		entry->empty = !entry->fault && is_empty(entry);
		entry->web_login_leftover = is_leftover(&entry->registry);
		if (!entry->web_login_leftover && !judge(file, entry))
			return error_out_of_memory(error);
	}
	return true;
}

/* ---- What the header offers ---- */

bool docker_config_file_fault_is_fatal(enum docker_config_file_fault fault)
{
	return fault == CONFIG_FAULT_TYPE || fault == CONFIG_FAULT_BASE64 ||
	       fault == CONFIG_FAULT_COLON;
}

void docker_config_file_release(struct docker_config_file *file)
{
	for (size_t i = 0; i < file->entry_count; i++)
		entry_release(&file->entries[i]);
	memory_release(file->entries);
	helpers_release(file);
	memory_release(file->helpers);
	memory_release(file->store);
	*file = DOCKER_CONFIG_FILE_INIT;
}

/* Behind the value there must be nothing. */
static bool read_file(struct parse *parse)
{
	read_member *read = parse->file->bare ? read_entry : read_top_member;

	if (!next(parse))
		return false;
	if (event_of(parse) == JSON_NULL && parse->shape != CONFIG_SHAPE_ANY)
		return next(parse);
	if (event_of(parse) != JSON_OBJECT_BEGIN)
		return refuse_type(parse, "the Docker config", "an object");
	return each_member(parse, read) && next(parse);
}

bool docker_config_file_parse_shape(const char *bytes, size_t len, enum docker_config_shape shape,
                                    struct docker_config_file *file, struct error *error)
{
	CLEANUP(parse_release)
	struct parse parse = {.file = file, .error = error, .shape = shape};
	bool sound = true;

	for (size_t i = 0; i < FIELD_COUNT; i++)
		buf_init(&parse.fields[i], BUF_CONFIG_MAX);
	file->bare = shape == CONFIG_SHAPE_BARE;
	if (shape == CONFIG_SHAPE_ANY) {
		json_reader_init_bytes(&parse.reader, bytes, len, BUF_CONFIG_MAX);
		sound = find_shape(&parse);
		json_reader_release(&parse.reader);
	}
	json_reader_init_bytes(&parse.reader, bytes, len, BUF_CONFIG_MAX);
	sound = sound && read_file(&parse);
	if (sound) {
		merge_entries(file);
		merge_helpers(file);
		sound = judge_entries(file, error);
	}
	if (!sound)
		docker_config_file_release(file);
	return sound;
}

bool docker_config_file_parse(const char *bytes, size_t len, struct docker_config_file *file,
                              struct error *error)
{
	return docker_config_file_parse_shape(bytes, len, CONFIG_SHAPE_ANY, file, error);
}
