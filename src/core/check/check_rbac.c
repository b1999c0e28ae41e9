/* Who can read Secrets: the rules of Roles and ClusterRoles.
 *
 * Facts: Kubernetes 1.32 pkg/registry/rbac/validation, staging/src/k8s.io/component-helpers
 * auth/rbac/validation/policy_comparator.go and pkg/apis/rbac/v1/evaluation_helpers.go: `*`
 * is every group, resource or verb; resourceNames cannot limit create and
 * deletecollection; a list or watch with resourceNames is allowed only for one of them.
 */
#include <string.h>

#include "check_object.h"

/* A rule's lists, as far as they are about Secrets. */
struct rbac_rule {
	const struct node *star;    /* a `*` among resources or verbs, that reaches Secrets */
	const struct node *secrets; /* the resource by name */
	const struct node *lists;   /* list or watch among the verbs */
	const struct node *scoped;  /* a verb that resourceNames could limit */
	bool has_names;
};

static const struct node *find_word(const struct node *list, const char *word)
{
	for (size_t i = 0; list && list->kind == NODE_SEQUENCE && i < list->count; i++)
		if (node_is(list->members[i].value, word))
			return list->members[i].value;
	return NULL;
}

static const struct node *find_any(const struct node *list, const char *const *words)
{
	const struct node *found = NULL;

	for (; !found && *words; words++)
		found = find_word(list, *words);
	return found;
}

/* False: the rule does not reach Secrets. */
static bool read_rule(const struct node *rule, struct rbac_rule *read)
{
	static const char *const groups[] = {"", "*", NULL};
	static const char *const lists[] = {"list", "watch", NULL};
	static const char *const scoped[] = {"get", "update", "patch", "delete", NULL};
	const struct node *resources = node_get(rule, "resources"),
	                  *verbs = node_get(rule, "verbs");
	const struct node *names = node_get(rule, "resourceNames");
	const struct node *every = find_word(resources, "*");

	*read = (struct rbac_rule){
	    .secrets = find_word(resources, "secrets"),
	    .star = every ? every : find_word(verbs, "*"),
	    .lists = find_any(verbs, lists),
	    .scoped = find_any(verbs, scoped),
	    .has_names = names && names->kind == NODE_SEQUENCE && names->count > 0,
	};
	return find_any(node_get(rule, "apiGroups"), groups) && (read->secrets || every) && verbs &&
	       verbs->count > 0;
}

static void judge_rule(struct check *check, const struct check_object *object,
                       const struct rbac_rule *rule)
{
	if (rule->star) {
		check_report(check, object->origin, CHECK_RBAC_SECRETS_WILDCARD, rule->star->place,
		             "name the resources and verbs that are needed, and for Secrets their "
		             "resourceNames",
		             "a * reaches Secrets%s", rule->has_names ? " of the names given" : "");
		return;
	}
	if (rule->has_names)
		return;
	if (rule->scoped)
		check_report(check, object->origin, CHECK_RBAC_SECRETS_UNSCOPED,
		             rule->secrets->place,
		             "add resourceNames with the Secrets that are needed",
		             "the rule has no resourceNames: it reaches every Secret%s",
		             strcmp(object->item->kind, "Role") == 0 ? " of its namespace" : "");
	if (rule->lists)
		check_report(check, object->origin, CHECK_RBAC_SECRETS_LIST, rule->lists->place,
		             "allow get on Secrets by resourceNames instead",
		             "\"%s\" on Secrets shows the content of all of them",
		             rule->lists->text);
}

void check_rbac_look(struct check *check, const struct check_object *object)
{
	const struct node *rules = node_get(object->item->root, "rules");

	for (size_t i = 0; rules && rules->kind == NODE_SEQUENCE && i < rules->count; i++) {
		struct rbac_rule rule;

		if (read_rule(rules->members[i].value, &rule))
			judge_rule(check, object, &rule);
	}
}
