/* The Secret as an object: what the API server refuses, its type, whether its payload is
 * one at all, and copies of it elsewhere. What stands in the payload is check_config.c's.
 *
 * A value is told apart before it is decoded: encrypted or templated (unknown: silence),
 * a placeholder, then base64. One cause, one finding: what is wrong with a value because
 * it is a placeholder, or was encoded twice, is not told again in other words.
 *
 * Only a pull secret's own key is judged so. Of other Secrets nothing is told but what
 * the API server refuses. A key that is repeated in the object is refused by it
 * (object-invalid); duplicate-key is about the Docker config, where it is not.
 */
#include <string.h>

#include "check_object.h"
#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/json/json_reader.h"
#include "regcred/kube/secret.h"
#include "regcred/kube/secret_admission.h"
#include "regcred/manifest/placeholder.h"
#include "regcred/manifest/templated.h"

#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

static bool is_encrypted(const struct node *node)
{
	return node && node->kind == NODE_STRING && value_is_encrypted(node->text, node->len);
}

static bool is_placeholder(const struct node *node)
{
	return node && node->kind == NODE_STRING && value_is_placeholder(node->text, node->len);
}

static bool is_pull_secret(const struct pull_secret *secret)
{
	return secret->kind == PULL_SECRET_CONFIG || secret->kind == PULL_SECRET_DOCKERCFG;
}

/* ---- SOPS ---- */

static bool holds_encrypted(const struct node *map)
{
	for (size_t i = 0; map && map->kind == NODE_MAPPING && i < map->count; i++)
		if (is_encrypted(map->members[i].value))
			return true;
	return false;
}

/* A file of SOPS: nobody applies it as it is, and its own member is no field. */
static bool is_sops(const struct node *root)
{
	const struct node *sops = node_get(root, "sops");

	return sops && sops->kind == NODE_MAPPING &&
	       (holds_encrypted(node_get(root, "data")) ||
	        holds_encrypted(node_get(root, "stringData")));
}

/* ---- The payload as a whole ---- */

static const char *field_of(const struct pull_secret *secret)
{
	return secret->string_data ? "stringData" : "data";
}

static bool begins_object(const struct buf *bytes)
{
	size_t blank = strspn(bytes->data, " \t\r\n");

	return blank < bytes->len && bytes->data[blank] == '{';
}

/* Whether what should be the config is base64 of one. */
static bool is_encoded_again(const struct pull_secret *secret, bool *answer, struct error *error)
{
	CLEANUP(buf_release) struct buf inner = BUF_INIT(BUF_CONFIG_MAX);
	const struct buf *payload = &secret->payload;

	*answer = false;
	if (secret->state != PULL_SECRET_PRESENT || begins_object(payload))
		return true;
	if (!base64_decode(&inner, payload->data, payload->len, BASE64_PADDED) &&
	    !base64_decode(&inner, payload->data, payload->len, BASE64_UNPADDED))
		return buf_check(&inner, "a Docker config", error);
	return json_is_object(inner.data, inner.len, answer, error);
}

/* As it is written, or in base64 as people make it from an example. */
static bool is_payload_placeholder(const struct pull_secret *secret)
{
	return is_placeholder(secret->payload_node) ||
	       (secret->state == PULL_SECRET_PRESENT &&
	        value_is_placeholder(secret->payload.data, secret->payload.len));
}

/* *spent: the payload is no config, and was told so. */
static bool judge_payload(struct check *check, const struct check_object *object, bool *spent,
                          struct error *error)
{
	const struct pull_secret *secret = object->secret;
	bool again;

	*spent = false;
	if (!is_pull_secret(secret) || !secret->payload_node)
		return true;
	if (is_payload_placeholder(secret)) {
		check_report(check, object->origin, CHECK_SECRET_PLACEHOLDER,
		             secret->payload_node->place,
		             "regcred-gen -r REGISTRY -u USER --password-stdin writes the whole "
		             "Secret",
		             "%s[\"%s\"] still has to be filled in", field_of(secret), secret->key);
		*spent = true;
		return true;
	}
	if (!is_encoded_again(secret, &again, error))
		return false;
	if (again)
		check_report(check, object->origin, CHECK_SECRET_DOUBLE_BASE64,
		             secret->payload_node->place,
		             secret->string_data
		                 ? "stringData takes the JSON as it is; base64 goes into data"
		                 : "encode the JSON once; kubectl and stringData encode by "
		                   "themselves",
		             "%s[\"%s\"] is base64 of base64", field_of(secret), secret->key);
	*spent = again;
	return true;
}

/* ---- What the API server refuses ---- */

static enum check_rule rule_of(const struct secret_problem *problem)
{
	static const enum check_rule rules[] = {
	    [SECRET_PROBLEM_OBJECT] = CHECK_OBJECT_INVALID,
	    [SECRET_PROBLEM_KEY] = CHECK_SECRET_KEY,
	    [SECRET_PROBLEM_BASE64] = CHECK_SECRET_BASE64,
	    [SECRET_PROBLEM_TOO_LARGE] = CHECK_SECRET_TOO_LARGE,
	    [SECRET_PROBLEM_CONFIG] = CHECK_CONFIG_JSON,
	};

	if (problem->rule == SECRET_PROBLEM_BASE64 && is_placeholder(problem->node))
		return CHECK_SECRET_PLACEHOLDER;
	return rules[problem->rule];
}

static void report_problems(struct check *check, const struct check_object *object,
                            const struct secret_problems *problems, bool *spent)
{
	const struct node *payload = object->secret->payload_node;
	const bool told = *spent;

	for (size_t i = 0; i < problems->count; i++) {
		const struct secret_problem *problem = &problems->items[i];
		bool about_payload = payload && problem->node == payload;

		if (is_encrypted(problem->node) || (about_payload && told))
			continue;
		*spent = *spent || about_payload;
		check_report(check, object->origin, rule_of(problem), problem->place, problem->hint,
		             "%s", problem->message);
	}
}

/* ---- The type ---- */

static bool is_known(const struct node *type)
{
	return !type || type->kind == NODE_NULL ||
	       (type->kind == NODE_STRING && !value_is_templated(type->text, type->len) &&
	        !value_is_encrypted(type->text, type->len));
}

static void judge_type(struct check *check, const struct check_object *object)
{
	const struct pull_secret *secret = object->secret;
	const char *wanted = strcmp(secret->key, SECRET_KEY_DOCKER_CONFIG) == 0
	                         ? SECRET_TYPE_DOCKER_CONFIG
	                         : "kubernetes.io/dockercfg";
	const struct node *type = secret->type_node;

	if (secret->kind != PULL_SECRET_OTHER || !secret->key_node || !is_known(type))
		return;
	if (type && type->kind == NODE_STRING && type->len)
		check_report(
		    check, object->origin, CHECK_SECRET_TYPE, type->place,
		    "a Secret's type never changes: delete the one that is there, then apply",
		    "type \"%s\" holds the key %s, which the kubelet reads only under type %s",
		    secret->type, secret->key, wanted);
	else
		check_report(
		    check, object->origin, CHECK_SECRET_TYPE, secret->key_node->place,
		    "a Secret's type never changes: delete the one that is there, then apply",
		    "the Secret has no type, so it is Opaque: the kubelet reads %s only "
		    "under type %s",
		    secret->key, wanted);
}

/* ---- The second copy ---- */

static bool is_payload_key(const struct buf *text)
{
	return strcmp(text->data, SECRET_KEY_DOCKER_CONFIG) == 0 ||
	       strcmp(text->data, ".dockercfg") == 0;
}

static bool is_data_key(const struct buf *text)
{
	return strcmp(text->data, "data") == 0 || strcmp(text->data, "stringData") == 0;
}

/* Whether an applied object's text holds a payload. What is no JSON holds none. */
static bool holds_payload(const struct node *text, struct error *error)
{
	CLEANUP(json_reader_release) struct json_reader json;
	struct json_reader *reader = &json;
	bool in_data = false, at_payload = false;

	json_reader_init_bytes(reader, text->text, text->len, BUF_CONFIG_MAX);

	while (json_reader_next(reader, error)) {
		enum json_event event = json_reader_event(reader);
		size_t depth = json_reader_depth(reader);

		if (event == JSON_END)
			return false;
		if (event == JSON_STRING && at_payload && json_reader_text(reader)->len)
			return true;
		at_payload = event == JSON_KEY && depth == 2 && in_data &&
		             is_payload_key(json_reader_text(reader));
		if (event == JSON_KEY && depth == 1)
			in_data = is_data_key(json_reader_text(reader));
	}
	return false;
}

static bool judge_last_applied(struct check *check, const struct check_object *object,
                               struct error *error)
{
	const struct node *annotations = node_at(object->item->root, "metadata.annotations");
	const struct node *applied = node_get(annotations, LAST_APPLIED);
	struct error unread = {.status = STATUS_OK};

	if (!is_pull_secret(object->secret) || !applied || applied->kind != NODE_STRING)
		return true;
	if (holds_payload(applied, &unread))
		check_report(check, object->origin, CHECK_LAST_APPLIED_CREDENTIAL, applied->place,
		             "kubectl annotate secret NAME " LAST_APPLIED
		             "-; and from then on kubectl apply --server-side",
		             "the annotation " LAST_APPLIED " holds the credential a second time");
	return unread.status != STATUS_FAULT || error_out_of_memory(error);
}

/* ---- All of it ---- */

static bool judge(struct check *check, const struct check_object *object,
                  struct secret_problems *problems, struct error *error)
{
	const struct manifest_item *item = object->item;
	bool spent;

	secret_admission_check(item->root, item->api_version, item->kind, problems);
	if (!judge_payload(check, object, &spent, error))
		return false;
	report_problems(check, object, problems, &spent);
	judge_type(check, object);
	if (!judge_last_applied(check, object, error))
		return false;
	if (spent || !is_pull_secret(object->secret) ||
	    object->secret->state != PULL_SECRET_PRESENT)
		return true;
	return check_config_look(check, object, error);
}

bool check_secret_look(struct check *check, const struct check_object *object, struct error *error)
{
	CLEANUP(secret_problems_release) struct secret_problems problems = SECRET_PROBLEMS_INIT;

	return is_sops(object->item->root) || judge(check, object, &problems, error);
}
