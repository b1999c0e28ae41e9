/* What is in a pull secret's payload: its shape, its entries, their credentials. The
 * registry keys are check_registry.c's.
 *
 * The entries are read as the kubelet reads them (docker_config_file.h); what that loses,
 * such as repeated keys, is looked up in the tree. All findings have the payload's place. */
#include <stdlib.h>
#include <string.h>

#include "check_config.h"
#include "regcred/base/memory.h"
#include "regcred/manifest/placeholder.h"
#include "regcred/manifest/templated.h"
#include "regcred/registry/provider.h"
#include "regcred/registry/registry_key.h"
#include "regcred/registry/token.h"
#include "regcred/tree/json_tree.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { DAY = 24 * 60 * 60 };

static const char *const fields[] = {"auth", "username", "password", "email"};

void config_show(const struct config_view *view, struct view registry, struct buf *out)
{
	registry_key_display_member(out, view->bare ? "" : "auths", registry);
}

static struct view text_of(const struct node *node)
{
	return node && node->kind == NODE_STRING ? (struct view){node->text, node->len}
	                                         : VIEW_EMPTY;
}

/* ---- The tree ---- */

static void add_keys(struct config_view *view, const struct node *map)
{
	for (size_t i = 0; map->kind == NODE_MAPPING && i < map->count; i++) {
		const struct node_member *member = &map->members[i];

		if (view->bare && json_tree_names(member, "credsStore"))
			continue;
		memory_extend(&view->keys, view->key_count, &view->key_capacity,
		              sizeof *view->keys);
		view->keys[view->key_count++] = member;
	}
}

static bool has_field(const struct node *map, const char *name)
{
	for (size_t i = 0; map->kind == NODE_MAPPING && i < map->count; i++)
		if (json_tree_names(&map->members[i], name))
			return true;
	return false;
}

/* A member beside auths that has credentials of its own. */
static bool has_entries(const struct node *config)
{
	for (size_t i = 0; i < config->count; i++)
		for (size_t field = 0; field < COUNT(fields) - 1; field++)
			if (has_field(config->members[i].value, fields[field]))
				return true;
	return false;
}

static bool has_helpers(const struct node *config)
{
	const struct node *helpers = json_tree_field(config, "credHelpers");

	return text_of(json_tree_field(config, "credsStore")).len ||
	       (helpers && helpers->kind == NODE_MAPPING && helpers->count);
}

/* ---- Shape ---- */

enum shape_fault { SHAPE_SOUND, SHAPE_BARE, SHAPE_WRAPPED, SHAPE_HELPER, SHAPE_NONE, SHAPE_EMPTY };

static const struct shape {
	enum check_rule rule;
	const char *message, *hint;
} shapes[] = {
    [SHAPE_BARE] = {CHECK_CONFIG_LEGACY_SHAPE,
                    "the Docker config has its registries at the top, but the kubelet looks for "
                    "them in auths and finds no credential",
                    "put {\"auths\": ...} around it"},
    [SHAPE_WRAPPED] = {CHECK_CONFIG_LEGACY_SHAPE,
                       "the .dockercfg has auths, which the kubelet takes for a registry of "
                       "that name: type kubernetes.io/dockercfg wants the registries at the top",
                       "make it a Secret of type kubernetes.io/dockerconfigjson with the key "
                       ".dockerconfigjson"},
    [SHAPE_HELPER] = {CHECK_CONFIG_HELPER_ONLY,
                      "the Docker config only names a credential helper, which the kubelet does "
                      "not run: it has no credential",
                      "regcred-gen --from-login -r REGISTRY asks the helper and writes the "
                      "Secret"},
    [SHAPE_NONE] = {CHECK_CONFIG_NO_AUTHS, "the Docker config has no auths, so no credential",
                    "a Docker config is {\"auths\": {\"REGISTRY\": {\"auth\": ...}}}"},
    [SHAPE_EMPTY] = {CHECK_CONFIG_NO_AUTHS, "the Docker config names no registry",
                     "a Docker config is {\"auths\": {\"REGISTRY\": {\"auth\": ...}}}"},
};

static enum shape_fault shape_written(const struct config_view *view, const struct node *config)
{
	if (view->bare && has_field(config, "auths"))
		return SHAPE_WRAPPED;
	if (has_field(config, "auths") || view->key_count)
		return SHAPE_SOUND;
	if (has_entries(config))
		return SHAPE_BARE;
	if (has_helpers(config))
		return SHAPE_HELPER;
	return view->bare ? SHAPE_EMPTY : SHAPE_NONE;
}

/* Once it is read: are there credentials at all? */
static enum shape_fault shape_read(const struct config_view *view, const struct node *config)
{
	const struct docker_config_file *file = view->file;

	for (size_t i = 0; i < file->entry_count; i++)
		if (file->entries[i].fault != CONFIG_FAULT_EMPTY)
			return SHAPE_SOUND;
	if (has_helpers(config))
		return SHAPE_HELPER;
	return file->entry_count ? SHAPE_SOUND : SHAPE_EMPTY;
}

/* True: something is left to judge. */
static bool judge_shape(const struct config_view *view, enum shape_fault fault)
{
	const struct shape *shape = &shapes[fault];

	if (fault != SHAPE_SOUND)
		config_report(view, shape->rule, shape->hint, "%s", shape->message);
	return fault == SHAPE_SOUND;
}

/* ---- Values that are not filled in ---- */

/* A value that a program is still to fill in: it has the marks of a template, or is a
 * variable as a whole. A password may hold a dollar, and so may a user name (robot$ci);
 * NGC's $oauthtoken only looks like a variable. */
static bool is_unknown(struct view value)
{
	size_t name = value.len && value.data[0] == '$'
	                  ? strspn(value.data + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                                           "abcdefghijklmnopqrstuvwxyz0123456789_")
	                  : 0;

	if (!value_is_templated(value.data, value.len) || view_is(value, "$oauthtoken"))
		return false;
	return name + 1 == value.len || strstr(value.data, "{{") || strstr(value.data, "${") ||
	       strstr(value.data, "$(") || strstr(value.data, "<path:");
}

static bool is_placeholder(struct view value)
{
	return value_is_placeholder(value.data, value.len);
}

/* A host has a dot, and may begin with "your"; none has angle brackets. */
static bool is_placeholder_key(struct view key)
{
	size_t open = view_find(key, '<');

	if (open < key.len)
		return view_holds(view_from(key, open), '>');
	return !view_holds(key, '.') && is_placeholder(key);
}

static void report_placeholder(const struct config_view *view, struct view registry,
                               const char *field)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);

	config_show(view, registry, &shown);
	config_report(view, CHECK_SECRET_PLACEHOLDER,
	              "regcred-gen -r REGISTRY -u USER --password-stdin writes the whole Secret",
	              "%s%s%s still has to be filled in", shown.data, *field ? "." : "", field);
}

/* The first that is found is told. */
static bool find_written_placeholder(const struct config_view *view)
{
	for (size_t i = 0; i < view->key_count; i++) {
		const struct node *key = view->keys[i]->key;
		struct view registry = {key->text, key->len};
		bool in_key = is_placeholder_key(registry);

		if (in_key ||
		    is_placeholder(text_of(json_tree_field(view->keys[i]->value, "auth")))) {
			report_placeholder(view, registry, in_key ? "" : "auth");
			return true;
		}
	}
	return false;
}

/* <token> is what docker calls the user of an identity token. */
static const char *placeholder_field(const struct docker_config_file_entry *entry)
{
	struct view username = buf_view(&entry->username);

	if (!view_is(username, "<token>") && is_placeholder(username))
		return "username";
	return is_placeholder(buf_view(&entry->password)) ? "password" : NULL;
}

static bool find_placeholder(const struct config_view *view)
{
	for (size_t i = 0; i < view->file->entry_count; i++) {
		const struct docker_config_file_entry *entry = &view->file->entries[i];
		const char *field = placeholder_field(entry);

		if (!field)
			continue;
		report_placeholder(view, buf_view(&entry->registry),
		                   entry->has_auth ? "auth" : field);
		return true;
	}
	return false;
}

/* ---- Repeated keys ---- */

static void report_repeated(const struct config_view *view, const char *shown, const char *field)
{
	config_report(view, CHECK_DUPLICATE_KEY, "keep the one that is meant",
	              "%s%s appears twice, and the last one counts", shown, field);
}

static bool repeats(const struct node *entry, const char *field)
{
	size_t count = 0;

	for (size_t i = 0; entry->kind == NODE_MAPPING && i < entry->count; i++)
		count += json_tree_names(&entry->members[i], field);
	return count > 1;
}

/* The first field of all entries is told. */
static void judge_repeated_fields(const struct config_view *view)
{
	for (size_t i = 0; i < view->key_count; i++)
		for (size_t field = 0; field < COUNT(fields); field++) {
			CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);
			const struct node *key = view->keys[i]->key;

			if (!repeats(view->keys[i]->value, fields[field]))
				continue;
			config_show(view, (struct view){key->text, key->len}, &shown);
			buf_append_char(&shown, '.');
			report_repeated(view, shown.data, fields[field]);
			return;
		}
}

static struct view name_of(const struct node_member *member)
{
	return (struct view){member->key->text, member->key->len};
}

static int compare_names(const void *a, const void *b)
{
	struct view one = name_of(*(const struct node_member *const *)a);
	struct view other = name_of(*(const struct node_member *const *)b);
	int order = memcmp(one.data, other.data, one.len < other.len ? one.len : other.len);

	return order ? order : (one.len > other.len) - (one.len < other.len);
}

/* Sorts the keys: the last look at them. */
static void judge_repeated_keys(const struct config_view *view)
{
	const struct node_member **keys = view->keys;

	if (view->key_count > 1)
		qsort(keys, view->key_count, sizeof *keys, compare_names);
	for (size_t i = 1; i < view->key_count; i++) {
		CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);

		if (compare_names(&keys[i - 1], &keys[i]) != 0 ||
		    (i > 1 && compare_names(&keys[i - 2], &keys[i]) == 0))
			continue;
		config_show(view, name_of(keys[i]), &shown);
		report_repeated(view, shown.data, "");
	}
}

/* ---- One entry ---- */

static const struct {
	enum check_rule rule;
	const char *hint;
} fault_rules[CONFIG_FAULT_COUNT] = {
    [CONFIG_FAULT_TYPE] = {CHECK_CONFIG_JSON,
                           "the kubelet cannot read the config, and pulls no image of the Pod"},
    [CONFIG_FAULT_BASE64] = {CHECK_AUTH_BASE64, "auth is base64 of USER:PASSWORD"},
    [CONFIG_FAULT_COLON] = {CHECK_AUTH_NO_COLON, "auth is base64 of USER:PASSWORD"},
    [CONFIG_FAULT_EMPTY] = {CHECK_EMPTY_ENTRY, "fill the entry in, or remove it"},
    [CONFIG_FAULT_USERNAME] = {CHECK_EMPTY_ENTRY, "fill the entry in, or remove it"},
    [CONFIG_FAULT_PASSWORD] = {CHECK_EMPTY_ENTRY, "fill the entry in, or remove it"},
    [CONFIG_FAULT_TOKEN_USERNAME] = {CHECK_IDENTITY_TOKEN_ONLY,
                                     "log in with a user name and a token as the password"},
    [CONFIG_FAULT_TOKEN] = {CHECK_IDENTITY_TOKEN_ONLY,
                            "log in with a user name and a token as the password"},
};

static void judge_fault(const struct config_view *view,
                        const struct docker_config_file_entry *entry)
{
	if (entry->problem && fault_rules[entry->fault].hint)
		config_report(view, fault_rules[entry->fault].rule, fault_rules[entry->fault].hint,
		              "%s", entry->problem);
}

static bool ends_with_line_end(const struct buf *text)
{
	return text->len &&
	       (text->data[text->len - 1] == '\n' || text->data[text->len - 1] == '\r');
}

/* A line end is told alone: it makes auth differ as well. */
static void judge_auth(const struct config_view *view, const struct docker_config_file_entry *entry,
                       const struct node *written, const char *shown)
{
	if (ends_with_line_end(&entry->password))
		config_report(view, CHECK_AUTH_NEWLINE,
		              "encode it without the line end: printf %s USER:PASSWORD | base64 "
		              "-w0",
		              "%s.%s ends with a line end, which is part of the password", shown,
		              entry->has_auth ? "auth" : "password");
	else if (entry->disagrees && !is_unknown(text_of(json_tree_field(written, "username"))) &&
	         !is_unknown(text_of(json_tree_field(written, "password"))))
		config_report(view, CHECK_AUTH_MISMATCH,
		              "write the entry anew, with one user name and password",
		              "%s.auth differs from username and password, and the kubelet uses "
		              "auth",
		              shown);
}

static void judge_end(const struct config_view *view, const char *shown, int64_t seconds)
{
	char left[TOKEN_TEXT_SIZE];

	token_remaining(seconds, left);
	if (seconds <= 0)
		config_report(view, CHECK_TOKEN_EXPIRED, "get a new one",
		              "the secret of %s expired %s ago", shown, left);
	else if (seconds <= DAY)
		config_report(view, CHECK_TOKEN_SHORT_LIVED,
		              "use a secret that lasts, or renew the Secret in time",
		              "the secret of %s expires in %s", shown, left);
}

/* What the secret says of itself is more exact than what its kind is known for. */
static void judge_life(const struct config_view *view, const struct docker_config_file_entry *entry,
                       const char *shown, const struct provider *provider)
{
	const struct buf *secret = &entry->password;
	const struct provider_life *life;
	int64_t expires;

	if (token_expiry(buf_view(secret), &expires)) {
		judge_end(view, shown, expires - view->object->options->now);
		return;
	}
	life = provider_life(provider, entry->username.data, secret->data, secret->len);
	if (life)
		config_report(view, CHECK_TOKEN_SHORT_LIVED, life->hint, "the secret of %s %s",
		              shown, life->sentence);
}

/* A key that has no normal form is nobody's. */
static const struct provider *provider_of(const struct docker_config_file_entry *entry)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_NAME_MAX);
	struct error unusable;
	unsigned advice;

	if (!registry_key_normalise(entry->registry.data, &key, &advice, &unusable))
		return NULL;
	return provider_find(key.data);
}

static void judge_credential(const struct config_view *view,
                             const struct docker_config_file_entry *entry, const char *shown)
{
	const struct provider *provider = provider_of(entry);
	const struct provider_doubt *doubt;

	if (value_is_templated(entry->registry.data, entry->registry.len) ||
	    is_unknown(buf_view(&entry->username)) || is_unknown(buf_view(&entry->password)))
		return;
	doubt = provider_doubt_username(provider, entry->username.data, entry->password.data,
	                                entry->password.len);
	if (doubt)
		config_report(view, CHECK_USERNAME_PROVIDER, doubt->hint, "the user name of %s %s",
		              shown, doubt->sentence);
	judge_life(view, entry, shown, provider);
}

static void judge_entry(const struct config_view *view,
                        const struct docker_config_file_entry *entry, const struct node *written)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);
	struct view auth = text_of(json_tree_field(written, "auth"));

	if (value_is_templated(auth.data, auth.len))
		return;
	config_show(view, buf_view(&entry->registry), &shown);
	judge_fault(view, entry);
	if (docker_config_file_fault_is_fatal(entry->fault) || entry->web_login_leftover)
		return;
	judge_auth(view, entry, written, shown.data);
	if (!entry->fault)
		judge_credential(view, entry, shown.data);
}

/* ---- All of it ---- */

static int compare_offset(const void *entry, const void *key)
{
	uint64_t wanted = ((const struct docker_config_file_entry *)entry)->position.offset;
	uint64_t there = (*(const struct node_member *const *)key)->key->place.offset;

	return (wanted > there) - (wanted < there);
}

static void judge_entries(const struct config_view *view)
{
	const struct docker_config_file *file = view->file;

	for (size_t i = 0; i < file->entry_count && view->key_count; i++) {
		const struct node_member **key =
		    bsearch(&file->entries[i], view->keys, view->key_count, sizeof *view->keys,
		            compare_offset);

		judge_entry(view, &file->entries[i], key ? (*key)->value : NULL);
	}
}

/* What the kubelet cannot read at all. */
static void report_unreadable(const struct config_view *view, const struct error *unread)
{
	const struct pull_secret *secret = view->object->secret;

	config_report(view, CHECK_CONFIG_JSON,
	              "the kubelet cannot read the config, and pulls no image of the Pod",
	              "%s[\"%s\"]: %s", secret->string_data ? "stringData" : "data", secret->key,
	              unread->message);
}

static void judge(const struct config_view *view, const struct node *config,
                  struct docker_config_file *file)
{
	const struct buf *payload = &view->object->secret->payload;
	struct error unread;

	if (find_written_placeholder(view) || !judge_shape(view, shape_written(view, config)))
		return;
	if (!docker_config_file_parse_shape(payload->data, payload->len,
	                                    view->bare ? CONFIG_SHAPE_BARE : CONFIG_SHAPE_WRAPPED,
	                                    file, &unread)) {
		report_unreadable(view, &unread);
		return;
	}
	if (find_placeholder(view) || !judge_shape(view, shape_read(view, config)))
		return;
	judge_entries(view);
	if (!check_registry_judge(view, &unread))
		report_unreadable(view, &unread);
	judge_repeated_fields(view);
	judge_repeated_keys(view);
}

void check_config_look(struct check *check, const struct check_object *object)
{
	CLEANUP(docker_config_file_release)
	struct docker_config_file file = DOCKER_CONFIG_FILE_INIT;
	struct config_view view = {
	    .check = check,
	    .object = object,
	    .place = object->secret->payload_node->place,
	    .bare = object->secret->kind == PULL_SECRET_DOCKERCFG,
	    .file = &file,
	};
	struct error error;
	const struct node *config = pull_secret_tree(object->secret, &error);

	if (!config || (config->kind != NODE_MAPPING && config->kind != NODE_NULL))
		return;
	if (view.bare)
		add_keys(&view, config);
	for (size_t i = 0; !view.bare && i < config->count; i++)
		if (json_tree_names(&config->members[i], "auths"))
			add_keys(&view, config->members[i].value);
	judge(&view, config, &file);
	memory_release(view.keys);
}
