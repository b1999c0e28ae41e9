/* What stands in a pull secret's payload: its shape, its entries, their credentials.
 * The registry keys are check_registry.c's.
 *
 * The entries are read as the kubelet reads them (docker_config_file.h); what that
 * loses, config_scan.h sees. All findings stand at the payload's value. */
#include <stdlib.h>
#include <string.h>

#include "check_config.h"
#include "config_scan.h"
#include "regcred/base/memory.h"
#include "regcred/manifest/placeholder.h"
#include "regcred/manifest/templated.h"
#include "regcred/registry/provider.h"
#include "regcred/registry/registry_key.h"
#include "regcred/registry/token.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { DAY = 24 * 60 * 60 };

/* ---- Values that are none yet ---- */

/* <token> is what docker calls the user of an identity token. */
static const char *placeholder_field(const struct docker_config_file_entry *entry)
{
	const struct buf *username = &entry->username, *password = &entry->password;

	if (strcmp(username->data, "<token>") != 0 &&
	    value_is_placeholder(username->data, username->len))
		return "username";
	if (value_is_placeholder(password->data, password->len))
		return "password";
	return NULL;
}

static void report_placeholder(const struct config_view *view, const char *field)
{
	check_report(view->check, view->object->origin, CHECK_SECRET_PLACEHOLDER, view->place,
	             "regcred-gen -r REGISTRY -u USER --password-stdin writes the whole Secret",
	             "%s still has to be filled in", field);
}

static bool find_placeholder(const struct config_view *view, bool *found, struct error *error)
{
	CLEANUP(buf_release) struct buf where = BUF_INIT(BUF_CONFIG_MAX);

	for (size_t i = 0; i < view->file->entry_count && !where.len; i++) {
		const struct docker_config_file_entry *entry = &view->file->entries[i];
		const char *field = placeholder_field(entry);

		if (!field)
			continue;
		config_scan_show(&where, buf_view(&entry->registry), view->bare);
		buf_append_format(&where, ".%s", entry->has_auth ? "auth" : field);
	}
	*found = where.len > 0;
	if (!buf_check(&where, "a registry key", error))
		return false;
	if (*found)
		report_placeholder(view, where.data);
	return true;
}

/* ---- Shape ---- */

struct shape {
	enum check_rule rule;
	const char *message, *hint;
};

enum shape_fault { SHAPE_SOUND, SHAPE_BARE, SHAPE_WRAPPED, SHAPE_HELPER, SHAPE_NONE, SHAPE_EMPTY };

static const struct shape shapes[] = {
    [SHAPE_BARE] = {CHECK_CONFIG_LEGACY_SHAPE,
                    "the Docker config has its registries at the top, where the kubelet looks "
                    "for auths: it finds no credential",
                    "put {\"auths\": ...} around it"},
    [SHAPE_WRAPPED] = {CHECK_CONFIG_LEGACY_SHAPE,
                       "the .dockercfg has auths, which the kubelet takes for a registry of "
                       "that name: type kubernetes.io/dockercfg wants the registries at the top",
                       "make it a Secret of type kubernetes.io/dockerconfigjson with the key "
                       ".dockerconfigjson"},
    [SHAPE_HELPER] = {CHECK_CONFIG_HELPER_ONLY,
                      "the Docker config only names a credential helper, which the kubelet does "
                      "not run: it holds no credential",
                      "regcred-gen --from-login -r REGISTRY asks the helper and writes the "
                      "Secret"},
    [SHAPE_NONE] = {CHECK_CONFIG_NO_AUTHS, "the Docker config has no auths: it holds no credential",
                    "a Docker config is {\"auths\": {\"REGISTRY\": {\"auth\": ...}}}"},
    [SHAPE_EMPTY] = {CHECK_CONFIG_NO_AUTHS, "the Docker config names no registry",
                     "a Docker config is {\"auths\": {\"REGISTRY\": {\"auth\": ...}}}"},
};

static enum shape_fault shape_written(const struct config_view *view)
{
	const struct config_scan *scan = view->scan;

	if (view->bare && scan->has_auths)
		return SHAPE_WRAPPED;
	if (scan->has_auths || scan->key_count)
		return SHAPE_SOUND;
	if (scan->has_entries)
		return SHAPE_BARE;
	if (scan->has_helpers)
		return SHAPE_HELPER;
	return view->bare ? SHAPE_EMPTY : SHAPE_NONE;
}

/* Once it is read: are there credentials at all? */
static enum shape_fault shape_read(const struct config_view *view)
{
	const struct docker_config_file *file = view->file;

	for (size_t i = 0; i < file->entry_count; i++)
		if (file->entries[i].fault != CONFIG_FAULT_EMPTY)
			return SHAPE_SOUND;
	if (view->scan->has_helpers)
		return SHAPE_HELPER;
	return file->entry_count ? SHAPE_SOUND : SHAPE_EMPTY;
}

/* True: something is left to judge. */
static bool judge_shape(const struct config_view *view, enum shape_fault fault)
{
	const struct shape *shape = &shapes[fault];

	if (fault != SHAPE_SOUND)
		check_report(view->check, view->object->origin, shape->rule, view->place,
		             shape->hint, "%s", shape->message);
	return fault == SHAPE_SOUND;
}

/* ---- Repeated keys ---- */

/* By name, those of one name in the order of the text. */
static int compare_keys(const void *a, const void *b, void *names)
{
	const struct config_scan_key *one = a, *other = b;
	size_t len = one->len < other->len ? one->len : other->len;
	int order =
	    memcmp((const char *)names + one->start, (const char *)names + other->start, len);

	if (order == 0)
		order = (one->len > other->len) - (one->len < other->len);
	return order ? order : (one->start > other->start) - (one->start < other->start);
}

static bool same_name(const struct config_scan *scan, const struct config_scan_key *a,
                      const struct config_scan_key *b)
{
	return a->len == b->len &&
	       memcmp(scan->names.data + a->start, scan->names.data + b->start, a->len) == 0;
}

static void report_repeated(const struct config_view *view, const char *field)
{
	check_report(view->check, view->object->origin, CHECK_DUPLICATE_KEY, view->place,
	             "keep the one that is meant", "%s stands there twice, and the last one counts",
	             field);
}

/* Sorts the scan's keys by name: the last look at them. */
static bool judge_repetitions(const struct config_view *view, struct error *error)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);
	struct config_scan *scan = view->scan;
	struct config_scan_key *keys = scan->keys;

	if (scan->repeated.len)
		report_repeated(view, scan->repeated.data);
	if (scan->key_count > 1)
		qsort_r(keys, scan->key_count, sizeof *keys, compare_keys, scan->names.data);
	for (size_t i = 1; i < scan->key_count; i++) {
		if (!same_name(scan, &keys[i - 1], &keys[i]) ||
		    (i > 1 && same_name(scan, &keys[i - 2], &keys[i])))
			continue;
		buf_rewind(&shown);
		config_scan_show(&shown, config_scan_name(scan, &keys[i]), view->bare);
		if (!buf_check(&shown, "a registry key", error))
			return false;
		report_repeated(view, shown.data);
	}
	return true;
}

/* ---- One entry ---- */

static int compare_offset(const void *offset, const void *key)
{
	uint64_t wanted = *(const uint64_t *)offset;
	uint64_t there = ((const struct config_scan_key *)key)->offset;

	return (wanted > there) - (wanted < there);
}

/* What was seen of the entry in the text; the keys stand in the order of it. */
static const struct config_scan_key *find_key(const struct config_scan *scan,
                                              const struct docker_config_file_entry *entry)
{
	return scan->key_count ? bsearch(&entry->position.offset, scan->keys, scan->key_count,
	                                 sizeof *scan->keys, compare_offset)
	                       : NULL;
}

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
		check_report(view->check, view->object->origin, fault_rules[entry->fault].rule,
		             view->place, fault_rules[entry->fault].hint, "%s", entry->problem);
}

static bool ends_with_line_end(const struct buf *text)
{
	return text->len &&
	       (text->data[text->len - 1] == '\n' || text->data[text->len - 1] == '\r');
}

/* A line end is told alone: it makes auth differ as well. */
static void judge_auth(const struct config_view *view, const struct docker_config_file_entry *entry,
                       const struct config_scan_key *key, const char *shown)
{
	if (ends_with_line_end(&entry->password))
		check_report(view->check, view->object->origin, CHECK_AUTH_NEWLINE, view->place,
		             "encode it without the line end: printf %s USER:PASSWORD | base64 -w0",
		             "%s.%s ends with a line end, which is part of the password", shown,
		             entry->has_auth ? "auth" : "password");
	else if (entry->disagrees && !(key && key->unknown_beside))
		check_report(
		    view->check, view->object->origin, CHECK_AUTH_MISMATCH, view->place,
		    "write the entry anew, with one user name and password",
		    "%s.auth differs from username and password, and the kubelet uses auth", shown);
}

static void judge_end(const struct config_view *view, const char *shown, int64_t seconds)
{
	char left[TOKEN_TEXT_SIZE];

	token_remaining(seconds, left);
	if (seconds <= 0)
		check_report(view->check, view->object->origin, CHECK_TOKEN_EXPIRED, view->place,
		             "get a new one", "the secret of %s ended %s ago", shown, left);
	else if (seconds <= DAY)
		check_report(view->check, view->object->origin, CHECK_TOKEN_SHORT_LIVED,
		             view->place, "use a secret that lasts, or renew the Secret in time",
		             "the secret of %s ends in %s", shown, left);
}

/* What the secret says of itself is more exact than what its kind is known for. */
static bool judge_life(const struct config_view *view, const struct docker_config_file_entry *entry,
                       const char *shown, const struct provider *provider, struct error *error)
{
	const struct buf *secret = &entry->password;
	const struct provider_life *life;
	int64_t expires;
	bool known;

	if (!token_expiry(secret->data, secret->len, &known, &expires, error))
		return false;
	if (known) {
		judge_end(view, shown, expires - view->object->options->now);
		return true;
	}
	life = provider_life(provider, entry->username.data, secret->data, secret->len);
	if (life)
		check_report(view->check, view->object->origin, CHECK_TOKEN_SHORT_LIVED,
		             view->place, life->hint, "the secret of %s %s", shown, life->sentence);
	return true;
}

/* A key that has no normal form is nobody's. */
static bool find_provider(const struct docker_config_file_entry *entry,
                          const struct provider **provider, struct error *error)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_NAME_MAX);
	struct error unusable;
	unsigned advice;

	*provider = NULL;
	if (registry_key_normalise(entry->registry.data, &key, &advice, &unusable))
		*provider = provider_find(key.data);
	else if (unusable.diagnostic == DIAGNOSTIC_OUT_OF_MEMORY)
		return error_out_of_memory(error);
	return true;
}

static bool is_unknown(const struct docker_config_file_entry *entry)
{
	return value_is_templated(entry->registry.data, entry->registry.len) ||
	       config_value_is_unknown(&entry->username) ||
	       config_value_is_unknown(&entry->password);
}

static bool judge_credential(const struct config_view *view,
                             const struct docker_config_file_entry *entry, const char *shown,
                             struct error *error)
{
	const struct provider *provider;
	const struct provider_doubt *doubt;

	if (is_unknown(entry))
		return true;
	if (!find_provider(entry, &provider, error))
		return false;
	doubt = provider_doubt_username(provider, entry->username.data, entry->password.data,
	                                entry->password.len);
	if (doubt)
		check_report(view->check, view->object->origin, CHECK_USERNAME_PROVIDER,
		             view->place, doubt->hint, "the user name of %s %s", shown,
		             doubt->sentence);
	return judge_life(view, entry, shown, provider, error);
}

static bool judge_entry(const struct config_view *view,
                        const struct docker_config_file_entry *entry, struct error *error)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);
	const struct config_scan_key *key = find_key(view->scan, entry);

	if (key && key->unknown)
		return true;
	config_scan_show(&shown, buf_view(&entry->registry), view->bare);
	if (!buf_check(&shown, "a registry key", error))
		return false;
	judge_fault(view, entry);
	if (docker_config_file_fault_is_fatal(entry->fault) || entry->web_login_leftover)
		return true;
	judge_auth(view, entry, key, shown.data);
	return entry->fault || judge_credential(view, entry, shown.data, error);
}

/* ---- All of it ---- */

static bool judge_entries(const struct config_view *view, struct error *error)
{
	const struct docker_config_file *file = view->file;

	for (size_t i = 0; i < file->entry_count; i++)
		if (!judge_entry(view, &file->entries[i], error))
			return false;
	return true;
}

/* What the kubelet cannot read at all. */
static bool report_unreadable(const struct config_view *view, const struct error *unread,
                              struct error *error)
{
	const struct pull_secret *secret = view->object->secret;

	if (unread->status == STATUS_FAULT) {
		*error = *unread;
		return false;
	}
	check_report(view->check, view->object->origin, CHECK_CONFIG_JSON, view->place,
	             "the kubelet cannot read the config, and pulls no image of the Pod",
	             "%s[\"%s\"]: %s", secret->string_data ? "stringData" : "data", secret->key,
	             unread->message);
	return true;
}

static bool judge(const struct config_view *view, struct error *error)
{
	const struct buf *payload = &view->object->secret->payload;
	struct error unread;
	bool placeholder;

	if (!config_scan_read(payload->data, payload->len, view->bare, view->scan, error))
		return false;
	if (view->scan->placeholder.len) {
		report_placeholder(view, view->scan->placeholder.data);
		return true;
	}
	if (!judge_shape(view, shape_written(view)))
		return true;
	if (!docker_config_file_parse_shape(payload->data, payload->len,
	                                    view->bare ? CONFIG_SHAPE_BARE : CONFIG_SHAPE_WRAPPED,
	                                    view->file, &unread))
		return report_unreadable(view, &unread, error);
	if (!find_placeholder(view, &placeholder, error))
		return false;
	if (placeholder || !judge_shape(view, shape_read(view)))
		return true;
	return judge_entries(view, error) && check_registry_judge(view, error) &&
	       judge_repetitions(view, error);
}

bool check_config_look(struct check *check, const struct check_object *object, struct error *error)
{
	CLEANUP(config_scan_release) struct config_scan scan = CONFIG_SCAN_INIT;
	CLEANUP(docker_config_file_release)
	struct docker_config_file file = DOCKER_CONFIG_FILE_INIT;
	const struct config_view view = {
	    .check = check,
	    .object = object,
	    .place = object->secret->payload_node->place,
	    .bare = object->secret->kind == PULL_SECRET_DOCKERCFG,
	    .scan = &scan,
	    .file = &file,
	};

	return judge(&view, error);
}
