/* What is in a pull secret's payload: its shape, its entries, their credentials. The
 * registry keys are check_registry.c's.
 *
 * The entries are read as the kubelet reads them (docker_logins.h); what that loses,
 * such as repeated keys, is looked up in the tree. All findings have the payload's place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_config.h"
#include "regcred/base/memory.h"
#include "regcred/docker/credential_judge.h"
#include "regcred/manifest/placeholder.h"
#include "regcred/manifest/templated.h"
#include "regcred/registry/registry_key.h"
#include "regcred/registry/registry_trap.h"
#include "regcred/tree/json_tree.h"

static const char *const fields[] = {"auth", "username", "password", "email"};

struct buf config_show(const struct config_view *view, struct view registry)
{
	struct buf shown = BUF_INIT(BUF_CONFIG_MAX);

	registry_key_display_member(&shown, view->bare ? "" : "auths", registry);
	return shown;
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
		              sizeof(struct node_member *));
		view->keys[view->key_count++] = member;
	}
}

/* Whether a member has credentials of its own. */
static bool has_entries(const struct node *config)
{
	for (size_t i = 0; i < config->count; i++)
		for (size_t field = 0; field < COUNT(fields) - 1; field++)
			if (json_tree_field(config->members[i].value, fields[field]))
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
                       "the .dockercfg has auths, which the kubelet takes as a registry of that "
                       "name: in type kubernetes.io/dockercfg the registries belong at the top",
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
	if (view->bare && json_tree_field(config, "auths"))
		return SHAPE_WRAPPED;
	if (json_tree_field(config, "auths") || view->key_count)
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
	const struct docker_logins *file = view->file;

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

/* A value that holds the marks of a template, and so is not known. A password may hold a
 * dollar, and so may a user name (robot$ci). */
static bool is_unknown(struct view value)
{
	static const char *const marks[] = {"{{", "${", "$(", "<path:"};

	if (credential_is_unfilled(value))
		return true;
	for (size_t i = 0; i < COUNT(marks); i++)
		if (memmem(value.data, value.len, marks[i], strlen(marks[i])))
			return true;
	return false;
}

static bool is_placeholder(struct view value)
{
	return value_is_placeholder(value.data, value.len);
}

/* Marks that base64 hides from the tools that fill them in, but for argocd-vault-plugin, which
 * decodes it. */
static bool has_variable(struct view value)
{
	return value_is_templated(value.data, value.len) && !view_holds(value, '<');
}

/* Whether there is base64 around the config. */
static bool is_final(const struct config_view *view)
{
	return !view->object->secret->string_data;
}

/* A host has a dot, and may begin with "your"; none has angle brackets. */
static bool is_placeholder_key(const struct config_view *view, struct view key)
{
	size_t open = view_find(key, '<');
	struct error error;

	if (value_is_templated(key.data, key.len))
		return is_final(view) && has_variable(key);
	if (open < key.len)
		return view_holds(view_from(key, open), '>');
	return (!view_holds(key, '.') && is_placeholder(key)) ||
	       !registry_trap_check_filled(key.data, &error);
}

static void report_placeholder(const struct config_view *view, struct view registry,
                               const char *field)
{
	CLEANUP(buf_release) struct buf shown = config_show(view, registry);

	config_report(view, CHECK_SECRET_PLACEHOLDER,
	              "regcred-gen -r REGISTRY -u USER --password-stdin writes the whole Secret",
	              "%s%s%s still has to be filled in", shown.data, *field ? "." : "", field);
}

/* Only the first one is reported. */
static bool find_written_placeholder(const struct config_view *view)
{
	for (size_t i = 0; i < view->key_count; i++) {
		const struct node *key = view->keys[i]->key;
		struct view registry = {key->text, key->len};
		struct view auth = text_of(json_tree_field(view->keys[i]->value, "auth"));
		bool in_key = is_placeholder_key(view, registry);

		if (in_key || is_placeholder(auth) ||
		    (is_final(view) && (credential_is_unfilled(auth) || has_variable(auth)))) {
			report_placeholder(view, registry, in_key ? "" : "auth");
			return true;
		}
	}
	return false;
}

/* ---- Repeated keys ---- */

static void report_repeated(const struct config_view *view, const struct node *key,
                            const char *field)
{
	CLEANUP(buf_release)
	struct buf shown = config_show(view, (struct view){key->text, key->len});

	config_report(view, CHECK_DUPLICATE_KEY, "keep one of them",
	              "%s%s appears twice, and the last one counts", shown.data, field);
}

static bool repeats(const struct node *entry, const char *field)
{
	size_t count = 0;

	for (size_t i = 0; entry->kind == NODE_MAPPING && i < entry->count; i++)
		count += json_tree_names(&entry->members[i], field);
	return count > 1;
}

/* Only the first field of all entries is reported. */
static void judge_repeated_fields(const struct config_view *view)
{
	static const char *const called[] = {".auth", ".username", ".password", ".email"};

	for (size_t i = 0; i < view->key_count; i++)
		for (size_t field = 0; field < COUNT(fields); field++)
			if (repeats(view->keys[i]->value, fields[field])) {
				report_repeated(view, view->keys[i]->key, called[field]);
				return;
			}
}

static int by_key(const void *a, const void *b)
{
	return node_compare((*(const struct node_member *const *)a)->key,
	                    (*(const struct node_member *const *)b)->key);
}

/* Sorts the keys: the last look at them. */
static void judge_repeated_keys(const struct config_view *view)
{
	const struct node_member **keys = view->keys;

	if (view->key_count > 1)
		qsort(keys, view->key_count, sizeof(struct node_member *), by_key);
	for (size_t i = 1; i < view->key_count; i++)
		if (by_key(&keys[i - 1], &keys[i]) == 0 &&
		    (i < 2 || by_key(&keys[i - 2], &keys[i]) != 0))
			report_repeated(view, keys[i]->key, "");
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
    [CONFIG_FAULT_TOKEN] = {CHECK_IDENTITY_TOKEN_ONLY,
                            "log in with a user name and a token as the password"},
};

static void judge_fault(const struct config_view *view, const struct docker_login *entry)
{
	if (entry->problem && fault_rules[entry->fault].hint)
		config_report(view, fault_rules[entry->fault].rule, fault_rules[entry->fault].hint,
		              "%s", entry->problem);
}

static bool ends_with_line_end(struct view text)
{
	return text.len && (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\r');
}

/* A line end is reported alone, although it makes auth differ as well. */
static void judge_auth(const struct config_view *view, const struct docker_login *entry,
                       const char *shown)
{
	if (ends_with_line_end(entry->password))
		config_report(view, CHECK_AUTH_NEWLINE,
		              "encode it without the line end: printf %s USER:PASSWORD | base64 "
		              "-w0",
		              "%s.%s ends with a line end, which is part of the password", shown,
		              entry->has_auth ? "auth" : "password");
	else if (entry->disagrees &&
	         !is_unknown(text_of(json_tree_field(entry->value, "username"))) &&
	         !is_unknown(text_of(json_tree_field(entry->value, "password"))))
		config_report(view, CHECK_AUTH_MISMATCH,
		              "write the entry again, with one user name and password",
		              "%s.auth differs from username and password, and the kubelet uses "
		              "auth",
		              shown);
}

/* What the judge of credentials says of an entry. */
struct hearing {
	const struct config_view *view;
	const struct docker_login *entry;
	const char *shown;
	bool placeholders; /* listen only to these, else to all others */
	bool found;
};

/* A variable may still be filled in, unless base64 hides it. */
static bool is_open(const struct hearing *hearing, const struct credential_verdict *verdict)
{
	return verdict->unfilled && !hearing->entry->has_auth && !is_final(hearing->view);
}

static void hear(void *context, const struct credential_verdict *verdict)
{
	struct hearing *hearing = context;
	const struct config_view *view = hearing->view;
	const char *id = diagnostic_id(verdict->diagnostic);
	bool placeholder = verdict->diagnostic == DIAGNOSTIC_SECRET_PLACEHOLDER;
	bool refused = verdict->refused || verdict->unfilled;
	char part[32] = "";

	if (placeholder != hearing->placeholders || hearing->found || is_open(hearing, verdict) ||
	    (hearing->entry->fault && verdict->part != CREDENTIAL_REGISTRY && !placeholder))
		return;
	hearing->found = placeholder;
	if (verdict->part != CREDENTIAL_REGISTRY)
		snprintf(part, sizeof part, "the %s of ", credential_part_name(verdict->part));
	check_report_as(view->check, view->object->origin, check_rule_find(id, strlen(id)),
	                refused ? SEVERITY_ERROR : SEVERITY_WARNING, view->place, verdict->hint,
	                "%s%s %s", part, hearing->shown, verdict->sentence);
}

/* True: a placeholder was reported. */
static bool judge_credential(const struct config_view *view, const struct docker_login *entry,
                             bool placeholders)
{
	CLEANUP(buf_release) struct buf shown = config_show(view, entry->registry);
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_NAME_MAX);
	struct hearing hearing = {view, entry, shown.data, placeholders, false};
	struct error unusable;
	unsigned advice;
	bool known = registry_key_normalise(entry->registry.data, &key, &advice, &unusable);
	const struct credential_case credential = {.registry = known ? key.data : NULL,
	                                           .username = entry->username,
	                                           .password = entry->password,
	                                           .now = view->object->options->now};

	if (!placeholders && (is_unknown(credential.username) || is_unknown(credential.password)))
		return false;
	credential_judge(&credential, hear, &hearing);
	return hearing.found;
}

static bool find_placeholder(const struct config_view *view)
{
	for (size_t i = 0; i < view->file->entry_count; i++)
		if (judge_credential(view, &view->file->entries[i], true))
			return true;
	return false;
}

static void judge_entry(const struct config_view *view, const struct docker_login *entry)
{
	CLEANUP(buf_release) struct buf shown = config_show(view, entry->registry);
	struct view auth = text_of(json_tree_field(entry->value, "auth"));

	if (value_is_templated(auth.data, auth.len))
		return;
	judge_fault(view, entry);
	if (docker_login_fault_is_fatal(entry->fault) || entry->web_login_leftover)
		return;
	judge_auth(view, entry, shown.data);
	if (!value_is_templated(entry->registry.data, entry->registry.len) &&
	    !ends_with_line_end(entry->password))
		judge_credential(view, entry, false);
}

/* ---- All of it ---- */

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
                  struct docker_logins *file)
{
	struct error unread;

	if (find_written_placeholder(view) || !judge_shape(view, shape_written(view, config)))
		return;
	if (!docker_logins_read(config, view->bare ? CONFIG_SHAPE_BARE : CONFIG_SHAPE_WRAPPED, file,
	                        &unread)) {
		report_unreadable(view, &unread);
		return;
	}
	if (find_placeholder(view) || !judge_shape(view, shape_read(view, config)))
		return;
	for (size_t i = 0; i < file->entry_count; i++)
		judge_entry(view, &file->entries[i]);
	check_registry_judge(view);
	judge_repeated_fields(view);
	judge_repeated_keys(view);
}

void check_config_look(struct check *check, const struct check_object *object)
{
	CLEANUP(docker_logins_release)
	struct docker_logins file = DOCKER_LOGINS_INIT;
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

/* A folder may hold any JSON; but a Docker config in it is often meant to be a Secret. */
void check_config_look_at_bare(struct check *check, size_t file, const struct manifest_item *item)
{
	const struct node *auths = node_get(item->root, "auths");

	if (item->root->count == 1 && auths && auths->kind == NODE_MAPPING && has_entries(auths))
		check_report_as(check, (struct check_origin){.file = file}, CHECK_OBJECT_INVALID,
		                SEVERITY_NOTE, item->place,
		                "regcred-gen --from-file FILE writes a Secret that holds it",
		                "a Docker config is not a Kubernetes object, and kubectl apply "
		                "refuses it");
}
