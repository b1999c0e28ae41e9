/* In the order of what happens: shape, reading, repetitions, judging. */
#include "regcred/docker/docker_logins.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "regcred/base/base64.h"
#include "regcred/base/buf.h"
#include "regcred/base/edit_distance.h"
#include "regcred/base/memory.h"
#include "regcred/base/string_list.h"
#include "regcred/manifest/placeholder.h"
#include "regcred/manifest/templated.h"
#include "regcred/registry/registry_key.h"
#include "regcred/tree/json_tree.h"

/* ---- Words for what is wrong ---- */

enum { WORDS_SIZE = 64 };

static const char *const words[CONFIG_FAULT_COUNT] = {
    [CONFIG_FAULT_BASE64] = "is not base64",
    [CONFIG_FAULT_COLON] = "holds no colon between user name and password",
    [CONFIG_FAULT_NUL] = "holds a NUL byte",
    [CONFIG_FAULT_EMPTY] = "holds neither user name nor password",
    [CONFIG_FAULT_TOKEN] = "has a token instead of a password, which the kubelet cannot use",
    [CONFIG_FAULT_USERNAME] = "has an empty user name",
    [CONFIG_FAULT_PASSWORD] = "has an empty password",
};

static const char *name_of(const struct node *node)
{
	static const char *const names[] = {
	    [NODE_MAPPING] = "an object", [NODE_SEQUENCE] = "an array", [NODE_STRING] = "a string",
	    [NODE_NUMBER] = "a number",   [NODE_NULL] = "null",
	};

	return node->kind == NODE_BOOL ? node->truth ? "true" : "false" : names[node->kind];
}

/* The whole config cannot be read: "PATH WORDS" at the node. Always false. */
static bool refuse(const struct node *node, const char *path, const char *what, struct error *error)
{
	return error_set(error, DIAGNOSTIC_CONFIG_INVALID, NULL,
	                 "line %" PRIu64 ", column %" PRIu64 ": %s %s", node->place.line,
	                 node->place.column, path, what);
}

static void name_type(const struct node *node, const char *expected, char what[WORDS_SIZE])
{
	snprintf(what, WORDS_SIZE, "is %s, %s was expected", name_of(node), expected);
}

/* Whether it is of that kind, or null. */
static bool check_type(const struct node *node, enum node_kind kind, const char *path,
                       struct error *error)
{
	char what[WORDS_SIZE];

	if (node->kind == kind || node->kind == NODE_NULL)
		return true;
	name_type(node, kind == NODE_STRING ? "a string" : "an object", what);
	return refuse(node, path, what, error);
}

/* An entry's first fault counts. `member` is "" or such as .auth. */
static void set_fault(struct docker_logins *logins, struct docker_login *entry,
                      enum docker_login_fault fault, const char *member, const char *what,
                      struct node_place place)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	if (entry->fault)
		return;
	registry_key_display_member(&text, logins->bare ? "" : "auths", entry->registry);
	buf_append_format(&text, "%s %s", member, what);
	entry->problem = arena_copy(&logins->arena, text.data, text.len);
	entry->fault = fault;
	entry->problem_position = place;
}

static void set_type_fault(struct docker_logins *logins, struct docker_login *entry,
                           const char *member, const struct node *node, const char *expected)
{
	char what[WORDS_SIZE];

	name_type(node, expected, what);
	set_fault(logins, entry, CONFIG_FAULT_TYPE, member, what, node->place);
}

static struct view text_of(const struct node *node)
{
	return node && node->kind == NODE_STRING ? (struct view){node->text, node->len}
	                                         : VIEW_EMPTY;
}

/* ---- One entry ---- */

static struct docker_login *add_entry(struct docker_logins *logins, struct view registry)
{
	struct docker_login *entry;

	memory_extend(&logins->entries, logins->entry_count, &logins->entry_capacity,
	              sizeof *entry);
	entry = &logins->entries[logins->entry_count++];
	*entry = (struct docker_login){.registry = registry,
	                               .username = VIEW_EMPTY,
	                               .password = VIEW_EMPTY,
	                               .email = VIEW_EMPTY};
	return entry;
}

/* The last string of that name. The kubelet fails for another type, also where a later
 * member replaces it. */
static const struct node *read_field(struct docker_logins *logins, struct docker_login *entry,
                                     const char *name)
{
	const struct node *found = NULL;
	char member[16];

	for (size_t i = 0; i < entry->value->count; i++) {
		const struct node *value = entry->value->members[i].value;

		if (value->kind == NODE_NULL || !json_tree_names(&entry->value->members[i], name))
			continue;
		snprintf(member, sizeof member, ".%s", name);
		if (value->kind == NODE_STRING)
			found = value;
		else
			set_type_fault(logins, entry, member, value, "a string");
	}
	return found;
}

static bool differs(struct view beside, struct view decoded)
{
	return beside.len && !view_equal(beside, decoded);
}

static struct view keep(struct docker_logins *logins, struct view text)
{
	return (struct view){arena_copy(&logins->arena, text.data, text.len), text.len};
}

/* `auth` wins over the fields beside it. */
static void decode_auth(struct docker_logins *logins, struct docker_login *entry,
                        const struct node *auth)
{
	CLEANUP(buf_release) struct buf pair = BUF_INIT(BUF_CONFIG_MAX);
	struct view username = entry->username, password = entry->password;
	enum docker_login_fault fault =
	    docker_login_decode(text_of(auth), &pair, &entry->username, &entry->password);

	entry->username = keep(logins, entry->username);
	entry->password = keep(logins, entry->password);
	if (!fault)
		entry->disagrees =
		    differs(username, entry->username) || differs(password, entry->password);
	else if (value_is_unknown(auth) || value_is_placeholder(auth->text, auth->len))
		set_fault(logins, entry, fault, ".auth", "still has to be filled in", auth->place);
	else
		set_fault(logins, entry, fault, ".auth", words[fault], auth->place);
}

static bool has_text(const struct docker_login *entry, const char *name)
{
	return text_of(json_tree_field(entry->value, name)).len > 0;
}

/* The first four fields are the kubelet's, in the order in which Go finds a wrong type: that
 * of the text, which is near enough. */
static void read_entry(struct docker_logins *logins, const struct node_member *member)
{
	struct docker_login *entry =
	    add_entry(logins, (struct view){member->key->text, member->key->len});
	const struct node *auth;

	entry->position = member->key->place;
	entry->value = member->value;
	if (member->value->kind == NODE_NULL)
		return;
	if (member->value->kind != NODE_MAPPING) {
		set_type_fault(logins, entry, "", member->value, "an object");
		return;
	}
	entry->username = text_of(read_field(logins, entry, "username"));
	entry->password = text_of(read_field(logins, entry, "password"));
	entry->email = text_of(read_field(logins, entry, "email"));
	auth = read_field(logins, entry, "auth");
	entry->has_auth = auth && auth->len;
	entry->has_identity_token = has_text(entry, "identitytoken");
	entry->has_registry_token = has_text(entry, "registrytoken");
	if (entry->has_auth)
		decode_auth(logins, entry, auth);
}

/* ---- The members of a config ---- */

/* What the kubelet fails for stays its failure. */
static void empty_entries(struct docker_logins *logins)
{
	size_t kept = 0;

	for (size_t i = 0; i < logins->entry_count; i++)
		if (docker_login_fault_is_fatal(logins->entries[i].fault))
			logins->entries[kept++] = logins->entries[i];
	logins->entry_count = kept;
}

static bool read_auths(const struct node *auths, struct docker_logins *logins, struct error *error)
{
	if (auths->kind == NODE_NULL)
		empty_entries(logins);
	for (size_t i = 0; auths->kind == NODE_MAPPING && i < auths->count; i++)
		read_entry(logins, &auths->members[i]);
	return check_type(auths, NODE_MAPPING, "auths", error);
}

/* A string without NUL, or null, which is "", as for Go. */
static bool check_text(const struct node *node, const char *path, struct error *error)
{
	return check_type(node, NODE_STRING, path, error) &&
	       (node->kind == NODE_NULL || strlen(node->text) == node->len ||
	        refuse(node, path, "holds a NUL byte", error));
}

static void add_helper(struct docker_logins *logins, const char *registry, const char *name)
{
	memory_extend(&logins->helpers, logins->helper_count, &logins->helper_capacity,
	              sizeof *logins->helpers);
	logins->helpers[logins->helper_count++] = (struct docker_login_helper){registry, name};
}

static bool read_helpers(const struct node *helpers, struct docker_logins *logins,
                         struct error *error)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(BUF_CONFIG_MAX);

	if (helpers->kind == NODE_NULL)
		logins->helper_count = 0;
	for (size_t i = 0; helpers->kind == NODE_MAPPING && i < helpers->count; i++) {
		const struct node *key = helpers->members[i].key,
		                  *value = helpers->members[i].value;

		if (strlen(key->text) != key->len)
			return refuse(key, "a key of credHelpers", "holds a NUL byte", error);
		buf_rewind(&path);
		registry_key_display_member(&path, "credHelpers", view_of(key->text));
		if (!check_text(value, path.data, error))
			return false;
		add_helper(logins, key->text, value->kind == NODE_NULL ? "" : value->text);
	}
	return check_type(helpers, NODE_MAPPING, "credHelpers", error);
}

static bool read_store(const struct node *store, struct docker_logins *logins, struct error *error)
{
	if (store->kind == NODE_STRING)
		logins->store = store->len ? store->text : NULL;
	return check_text(store, "credsStore", error);
}

/* Of no use here, but the kubelet fails for a wrong type. */
static bool check_headers(const struct node *headers, struct docker_logins *logins,
                          struct error *error)
{
	(void)logins;
	for (size_t i = 0; headers->kind == NODE_MAPPING && i < headers->count; i++)
		if (!check_type(headers->members[i].value, NODE_STRING, "a member of HttpHeaders",
		                error))
			return false;
	return check_type(headers, NODE_MAPPING, "HttpHeaders", error);
}

/* Any of these makes an object a Docker config (docker/cli 27
 * cli/config/configfile/file.go, containers/image 5 docker/config). */
static const struct member {
	const char *name;
	bool (*read)(const struct node *value, struct docker_logins *logins,
	             struct error *error); /* NULL: of no interest */
	bool kubelet;                      /* is interested too */
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

static const struct member *find_member(const struct node_member *member)
{
	for (size_t i = 0; i < COUNT(members); i++)
		if (json_tree_names(member, members[i].name))
			return &members[i];
	return NULL;
}

/* credStore, credHelper: docker ignores what it does not know. */
static void note_misspelt(struct docker_logins *logins, const struct node *key)
{
	for (size_t i = 0; i < COUNT(members); i++)
		if (members[i].read && strlen(key->text) == key->len &&
		    edit_distance(key->text, members[i].name, 2) <= 2) {
			logins->misspelt = key->text;
			logins->meant = members[i].name;
		}
}

/* Null is a config without anything. */
static bool read_members(const struct node *config, enum docker_config_shape shape,
                         struct docker_logins *logins, struct error *error)
{
	for (size_t i = 0; i < config->count; i++) {
		const struct node_member *given = &config->members[i];
		const struct member *member = logins->bare ? NULL : find_member(given);

		if (logins->bare)
			read_entry(logins, given);
		else if (member && member->read && (member->kubelet || shape == CONFIG_SHAPE_ANY) &&
		         !member->read(given->value, logins, error))
			return false;
	}
	return true;
}

/* ---- Shape ---- */

static bool find_shape(const struct node *config, struct docker_logins *logins, struct error *error)
{
	const struct node *odd = NULL; /* the first member that no map of registries has */
	char what[WORDS_SIZE * 2];

	logins->bare = true;
	for (size_t i = 0; i < config->count; i++) {
		const struct node *value = config->members[i].value;

		if (find_member(&config->members[i]))
			logins->bare = false;
		else
			note_misspelt(logins, config->members[i].key);
		if (!odd && value->kind != NODE_MAPPING && value->kind != NODE_NULL)
			odd = value;
	}
	if (!logins->bare || !odd)
		return true;
	snprintf(what, sizeof what, "is %s: neither a Docker config nor a map of registries has it",
	         name_of(odd));
	refuse(odd, "a member", what, error);
	return error_hint(error, "%s",
	                  node_get(config, "private_key")
	                      ? "a service account's key is a password: give it with "
	                        "--password-file"
	                      : "a Docker config is an object with \"auths\" in it, such as "
	                        "~/.docker/config.json");
}

/* ---- Repetitions: of a registry the last counts, in the place of the last ---- */

/* The later entry does not heal what the kubelet fails for. */
static void keep_fault(struct docker_login *later, const struct docker_login *earlier)
{
	if (!docker_login_fault_is_fatal(earlier->fault))
		return;
	later->problem = earlier->problem;
	later->problem_position = earlier->problem_position;
	later->fault = earlier->fault;
}

static void merge_entries(struct docker_logins *logins)
{
	CLEANUP(string_list_release) struct string_list seen = STRING_LIST_INIT;
	struct docker_login *entries = logins->entries;
	size_t count = logins->entry_count, kept = count;
	uint32_t number;

	for (size_t i = count; i-- > 0;)
		if (string_list_find(&seen, entries[i].registry, &number)) {
			keep_fault(&entries[count - 1 - number], &entries[i]);
		} else {
			string_list_borrow_once(&seen, entries[i].registry);
			entries[--kept] = entries[i];
		}
	logins->entry_count -= kept;
	if (kept)
		memmove(entries, entries + kept, logins->entry_count * sizeof *entries);
}

static void merge_helpers(struct docker_logins *logins)
{
	CLEANUP(string_list_release) struct string_list seen = STRING_LIST_INIT;
	struct docker_login_helper *helpers = logins->helpers;
	size_t kept = logins->helper_count;

	for (size_t i = logins->helper_count; i-- > 0;)
		if (string_list_borrow_once(&seen, view_of(helpers[i].registry)))
			helpers[--kept] = helpers[i];
	logins->helper_count -= kept;
	if (kept)
		memmove(helpers, helpers + kept, logins->helper_count * sizeof *helpers);
}

/* ---- Judging ---- */

static bool has_token(const struct docker_login *entry)
{
	return entry->has_identity_token || entry->has_registry_token;
}

static bool is_empty(const struct docker_login *entry)
{
	return !entry->username.len && !entry->password.len && !has_token(entry);
}

static enum docker_login_fault fault_of(const struct docker_login *entry)
{
	if (view_holds(entry->registry, '\0') || view_holds(entry->username, '\0') ||
	    view_holds(entry->password, '\0') || view_holds(entry->email, '\0'))
		return CONFIG_FAULT_NUL;
	if (is_empty(entry))
		return CONFIG_FAULT_EMPTY;
	if (has_token(entry) && !entry->password.len)
		return CONFIG_FAULT_TOKEN;
	if (!entry->username.len)
		return CONFIG_FAULT_USERNAME;
	return entry->password.len ? CONFIG_FAULT_NONE : CONFIG_FAULT_PASSWORD;
}

/* What is empty may live in a helper. */
static void judge(struct docker_logins *logins, struct docker_login *entry)
{
	enum docker_login_fault fault = fault_of(entry);

	if (fault == CONFIG_FAULT_EMPTY && (logins->store || logins->helper_count))
		return;
	if (fault)
		set_fault(logins, entry, fault, "", words[fault], entry->position);
}

static void judge_entries(struct docker_logins *logins)
{
	for (size_t i = 0; i < logins->entry_count; i++) {
		struct docker_login *entry = &logins->entries[i];

		entry->empty = !entry->fault && is_empty(entry);
		entry->web_login_leftover = docker_logins_is_leftover(entry->registry);
		if (!entry->web_login_leftover)
			judge(logins, entry);
	}
}

/* ---- What the header offers ---- */

bool docker_login_fault_is_fatal(enum docker_login_fault fault)
{
	return fault == CONFIG_FAULT_TYPE || fault == CONFIG_FAULT_BASE64 ||
	       fault == CONFIG_FAULT_COLON;
}

/* The kubelet trims all of Unicode's white space before it looks for a = at the end; but any
 * other than CR and LF fails in both encodings. */
enum docker_login_fault docker_login_decode(struct view auth, struct buf *pair,
                                            struct view *username, struct view *password)
{
	size_t colon;

	*username = *password = VIEW_EMPTY;
	if (!base64_decode(pair, auth.data, auth.len, BASE64_EITHER))
		return CONFIG_FAULT_BASE64;
	colon = view_find(buf_view(pair), ':');
	if (colon == pair->len)
		return CONFIG_FAULT_COLON;
	pair->data[colon] = '\0';
	*username = view_first(buf_view(pair), colon);
	*password = view_from(buf_view(pair), colon + 1);
	return CONFIG_FAULT_NONE;
}

bool docker_logins_is_leftover(struct view registry)
{
	return view_is(registry, REGISTRY_KEY_DOCKER_HUB "access-token") ||
	       view_is(registry, REGISTRY_KEY_DOCKER_HUB "refresh-token");
}

void docker_logins_release(struct docker_logins *logins)
{
	memory_release(logins->entries);
	memory_release(logins->helpers);
	arena_release(&logins->arena);
	*logins = DOCKER_LOGINS_INIT;
}

static bool read_all(const struct node *config, enum docker_config_shape shape,
                     struct docker_logins *logins, struct error *error)
{
	char what[WORDS_SIZE];

	if (config->kind != NODE_MAPPING &&
	    (config->kind != NODE_NULL || shape == CONFIG_SHAPE_ANY)) {
		name_type(config, "an object", what);
		return refuse(config, "the Docker config", what, error);
	}
	logins->bare = shape == CONFIG_SHAPE_BARE;
	return (shape != CONFIG_SHAPE_ANY || find_shape(config, logins, error)) &&
	       read_members(config, shape, logins, error);
}

bool docker_logins_read(const struct node *config, enum docker_config_shape shape,
                        struct docker_logins *logins, struct error *error)
{
	if (!read_all(config, shape, logins, error)) {
		docker_logins_release(logins);
		return false;
	}
	merge_entries(logins);
	merge_helpers(logins);
	judge_entries(logins);
	return true;
}

bool docker_logins_parse(struct view text, enum docker_config_shape shape,
                         struct docker_logins *logins, struct error *error)
{
	const struct node *config;

	if (json_tree_parse(text, &logins->arena, &config, error))
		return docker_logins_read(config, shape, logins, error);
	docker_logins_release(logins);
	return false;
}

void docker_logins_add(struct docker_logins *logins, const char *registry, struct view username,
                       struct view password)
{
	struct docker_login *entry = add_entry(logins, keep(logins, view_of(registry)));

	entry->has_identity_token = view_is(username, "<token>");
	entry->username = keep(logins, username);
	entry->password = keep(logins, entry->has_identity_token ? VIEW_EMPTY : password);
	judge(logins, entry);
}

void docker_logins_add_helper(struct docker_logins *logins, const char *registry, const char *name)
{
	add_helper(logins, arena_copy(&logins->arena, registry, strlen(registry)),
	           arena_copy(&logins->arena, name, strlen(name)));
}
