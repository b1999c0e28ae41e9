/* The Secret as an object: what the API server refuses, its type, whether its payload can
 * be a Docker config, and copies of it elsewhere. check_config.c looks into the config.
 *
 * A value is classified before it is decoded: encrypted or templated (unknown, so nothing is
 * reported), a placeholder, then base64. One cause makes one finding: a placeholder, or a
 * value encoded twice, is not reported again as bad base64 or bad JSON.
 *
 * Only the key of a pull Secret is judged so. Of other Secrets only what the API server
 * refuses is reported. It refuses a repeated key of the object (object-invalid);
 * duplicate-key is about the Docker config, where it does not.
 */
#include <string.h>

#include "check_object.h"
#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/docker/credential_judge.h"
#include "regcred/json/json_reader.h"
#include "regcred/kube/secret.h"
#include "regcred/kube/secret_admission.h"
#include "regcred/manifest/placeholder.h"
#include "regcred/manifest/templated.h"
#include "regcred/tree/json_tree.h"

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

/* A file of SOPS: it is not applied as it is, and the API does not know its member. */
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
static bool is_encoded_again(const struct pull_secret *secret)
{
	CLEANUP(buf_release) struct buf inner = BUF_INIT(BUF_CONFIG_MAX);
	const struct buf *payload = &secret->payload;

	if (secret->state != PULL_SECRET_PRESENT || begins_object(payload))
		return false;
	return base64_decode(&inner, payload->data, payload->len, BASE64_EITHER) &&
	       json_is_object(inner.data, inner.len);
}

/* As it is written, or in base64 as people make it from an example, or of a variable. */
static bool is_payload_placeholder(const struct pull_secret *secret)
{
	const struct buf *payload = &secret->payload;

	return is_placeholder(secret->payload_node) ||
	       (secret->state == PULL_SECRET_PRESENT &&
	        (value_is_placeholder(payload->data, payload->len) ||
	         (!secret->string_data && credential_is_unfilled(buf_view(payload)))));
}

/* True: the payload is not a config, and that is reported. */
static bool judge_payload(struct check *check, const struct check_object *object)
{
	const struct pull_secret *secret = object->secret;

	if (!is_pull_secret(secret) || !secret->payload_node)
		return false;
	if (is_payload_placeholder(secret)) {
		check_report(check, object->origin, CHECK_SECRET_PLACEHOLDER,
		             secret->payload_node->place,
		             "regcred-gen -r REGISTRY -u USER --password-stdin writes the whole "
		             "Secret",
		             "%s[\"%s\"] still has to be filled in", field_of(secret), secret->key);
		return true;
	}
	if (!is_encoded_again(secret))
		return false;
	check_report(check, object->origin, CHECK_SECRET_DOUBLE_BASE64, secret->payload_node->place,
	             secret->string_data
	                 ? "put the JSON itself into stringData; base64 belongs in data"
	                 : "encode the JSON once; kubectl and stringData encode by themselves",
	             "%s[\"%s\"] is base64%s", field_of(secret), secret->key,
	             secret->string_data ? ", where the JSON itself belongs" : " of base64");
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

static void report_problem(struct check *check, const struct check_object *object,
                           const struct secret_problem *problem)
{
	static const char reason[] = " is not base64";
	const enum check_rule rule = rule_of(problem);
	const char *end = strstr(problem->message, reason);

	if (rule == CHECK_SECRET_PLACEHOLDER && end)
		check_report(check, object->origin, rule, problem->place,
		             "write the real value, in base64, or as text in stringData",
		             "%.*s is a placeholder", (int)(end - problem->message),
		             problem->message);
	else
		check_report(check, object->origin, rule, problem->place, problem->hint, "%s",
		             problem->message);
}

static void report_problems(struct check *check, const struct check_object *object,
                            const struct secret_problems *problems, bool *spent)
{
	const struct node *payload = object->secret->payload_node;
	const bool reported = *spent;

	for (size_t i = 0; i < problems->count; i++) {
		const struct secret_problem *problem = &problems->items[i];
		bool about_payload = payload && problem->node == payload;

		if (is_encrypted(problem->node) || (about_payload && reported))
			continue;
		*spent = *spent || about_payload;
		report_problem(check, object, problem);
	}
}

/* ---- The type ---- */

static bool is_known(const struct node *type)
{
	return !type || type->kind == NODE_NULL ||
	       (type->kind == NODE_STRING && !value_is_unknown(type));
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
		    "the type of a Secret cannot be changed: delete the existing Secret, then "
		    "apply",
		    "type \"%s\" holds the key %s, which the kubelet reads only under type %s",
		    secret->type, secret->key, wanted);
	else
		check_report(check, object->origin, CHECK_SECRET_TYPE, secret->key_node->place,
		             "the type of a Secret cannot be changed: delete the existing Secret, "
		             "then apply",
		             "the Secret has no type, so it is Opaque: the kubelet reads %s only "
		             "under type %s",
		             secret->key, wanted);
}

/* ---- The second copy ---- */

/* Whether an applied object's text holds a payload. What is not JSON holds none. */
static bool holds_payload(const struct node *text)
{
	static const char *const maps[] = {"data", "stringData"};
	static const char *const keys[] = {SECRET_KEY_DOCKER_CONFIG, ".dockercfg"};
	CLEANUP(arena_release) struct arena arena = ARENA_INIT;
	const struct node *root = NULL;
	struct error error;

	if (!json_tree_parse((struct view){text->text, text->len}, &arena, &root, &error))
		return false;
	for (size_t i = 0; i < 4; i++) {
		const struct node *map = node_get(root, maps[i / 2]);
		const struct node *value = node_get(map, keys[i % 2]);

		if (value && value->kind == NODE_STRING && value->len)
			return true;
	}
	return false;
}

static void judge_last_applied(struct check *check, const struct check_object *object)
{
	const struct node *annotations = node_at(object->item->root, "metadata.annotations");
	const struct node *applied = node_get(annotations, LAST_APPLIED);

	if (is_pull_secret(object->secret) && applied && applied->kind == NODE_STRING &&
	    holds_payload(applied))
		check_report(check, object->origin, CHECK_LAST_APPLIED_CREDENTIAL, applied->place,
		             "kubectl annotate secret NAME " LAST_APPLIED
		             "-; and from then on kubectl apply --server-side",
		             "the annotation " LAST_APPLIED
		             " contains a second copy of the credential");
}

/* ---- All of it ---- */

void check_secret_look(struct check *check, const struct check_object *object)
{
	CLEANUP(secret_problems_release) struct secret_problems problems = SECRET_PROBLEMS_INIT;
	const struct manifest_item *item = object->item;
	bool spent;

	if (is_sops(item->root))
		return;
	secret_admission_check(item->root, item->api_version, item->kind, object->secret,
	                       &problems);
	spent = judge_payload(check, object);
	report_problems(check, object, &problems, &spent);
	judge_type(check, object);
	judge_last_applied(check, object);
	if (!spent && is_pull_secret(object->secret) &&
	    object->secret->state == PULL_SECRET_PRESENT)
		check_config_look(check, object);
}
