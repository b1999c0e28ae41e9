/* The engine: which group of rules looks at an object, and what becomes of findings.
 * The rules themselves are in check_*.c. */
#include "regcred/check/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check_object.h"
#include "regcred/base/arena.h"
#include "regcred/base/memory.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define IGNORE_ANNOTATION "regcred-gen/ignore"

enum { MESSAGE_MAX = 1024 };

/* Files with templates that have one finding together: one file, or those of a chart. */
struct group {
	const char *chart; /* its folder; NULL: a file alone */
	size_t templates;  /* files with templates */
	size_t file;       /* the first of them, with the place of its first template */
	struct node_place place;
};

struct check {
	struct check_options options;
	struct check_finding *findings;
	size_t finding_count, finding_capacity, unlisted;
	struct check_remark *remarks;
	size_t remark_count, remark_capacity;

	struct arena texts;                  /* of the findings */
	const char *hints[CHECK_RULE_COUNT]; /* the last of each rule: most are alike */

	struct group *groups;
	size_t group_count, group_capacity;
	bool *templates; /* by file: it has no other finding */
	size_t file_count, file_capacity;

	struct check_counts counts;
	bool on_node;
	struct pull_secret secret; /* of the object at hand */
	struct pod_specs specs;
	struct check_references *references;
};

static const char *keep_text(struct check *check, const char *text)
{
	return arena_copy(&check->texts, text, strnlen(text, MESSAGE_MAX));
}

static const char *keep_hint(struct check *check, enum check_rule rule, const char *hint)
{
	const char **last = &check->hints[rule];

	if (!hint || !*hint)
		return "";
	if (!*last || strcmp(*last, hint) != 0)
		*last = keep_text(check, hint);
	return *last;
}

/* ---- Findings ---- */

void check_report_as(struct check *check, struct check_origin origin, enum check_rule rule,
                     enum severity severity, struct node_place place, const char *hint,
                     const char *format, ...)
{
	struct check_finding kept = {rule, severity, origin.file, place, NULL, NULL};
	char message[MESSAGE_MAX];
	va_list arguments;

	if ((check->options.ignored | origin.ignored) & check_rule_bit(rule))
		return;
	if (check->finding_count == CHECK_FINDINGS_MAX) {
		check->unlisted++;
		return;
	}
	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	kept.message = keep_text(check, message);
	kept.hint = keep_hint(check, rule, hint);
	memory_extend(&check->findings, check->finding_count, &check->finding_capacity,
	              sizeof kept);
	check->findings[check->finding_count++] = kept;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_findings(const void *a, const void *b)
{
	const struct check_finding *one = a, *other = b;
	int order = compare_numbers(one->file, other->file);

	order = order ? order : compare_numbers(one->place.line, other->place.line);
	order = order ? order : compare_numbers(one->place.column, other->place.column);
	order = order ? order : compare_numbers(one->rule, other->rule);
	return order ? order : strcmp(one->message, other->message);
}

static bool is_hidden(const struct check *check, const struct check_finding *finding)
{
	return finding->file < check->file_count && check->templates[finding->file] &&
	       finding->rule != CHECK_TEMPLATE;
}

static void sort_findings(struct check *check)
{
	struct check_finding *findings = check->findings;
	size_t kept = 0;

	for (size_t i = 0; i < check->finding_count; i++)
		if (!is_hidden(check, &findings[i]))
			findings[kept++] = findings[i];
	check->finding_count = kept;
	if (kept < 2)
		return;
	qsort(findings, kept, sizeof *findings, compare_findings);
	kept = 1;
	for (size_t i = 1; i < check->finding_count; i++)
		if (compare_findings(&findings[kept - 1], &findings[i]) != 0)
			findings[kept++] = findings[i];
	check->finding_count = kept;
}

/* ---- What an annotation silences ---- */

static void remark(struct check *check, size_t file, struct node_place place, struct view word)
{
	char cut[64];
	struct check_remark kept = {.file = file, .place = place};

	if (check->remark_count == CHECK_REMARKS_MAX)
		return;
	snprintf(cut, sizeof cut, "%.*s", (int)(word.len < sizeof cut ? word.len : sizeof cut),
	         word.data);
	kept.word = keep_text(check, cut);
	memory_extend(&check->remarks, check->remark_count, &check->remark_capacity, sizeof kept);
	check->remarks[check->remark_count++] = kept;
}

static check_rules read_ignored(struct check *check, size_t file, const struct node *root)
{
	static const char between[] = ", \t\r\n";
	const struct node *annotations = node_at(root, "metadata.annotations");
	const struct node *value = node_get(annotations, IGNORE_ANNOTATION);
	const char *at = node_string(value);
	check_rules ignored = 0;

	while (at && *(at += strspn(at, between))) {
		struct view word = {at, strcspn(at, between)};
		enum check_rule rule = check_rule_find(word.data, word.len);

		if (rule < CHECK_RULE_COUNT)
			ignored |= check_rule_bit(rule);
		else
			remark(check, file, value->place, word);
		at += word.len;
	}
	return ignored;
}

/* Annotations by which something in the cluster fills a Secret, or something in front of it
 * the manifest: until then it is as it should be. Sources: mittwald/kubernetes-replicator
 * 2.10, emberstack/kubernetes-reflector 9, the guide of Carvel's secretgen-controller
 * (placeholder secrets), argoproj-labs/argocd-vault-plugin 1.18 (generic placeholders). */
static const struct excuse {
	const char *annotation;
	enum check_rule rule;
} excuses[] = {
    {"replicator.v1.mittwald.de/replicate-from", CHECK_CONFIG_NO_AUTHS},
    {"reflector.v1.k8s.emberstack.com/reflects", CHECK_CONFIG_NO_AUTHS},
    {"secretgen.carvel.dev/image-pull-secret", CHECK_CONFIG_NO_AUTHS},
    {"avp.kubernetes.io/path", CHECK_SECRET_PLACEHOLDER},
};

static check_rules read_excuses(const struct node *root)
{
	const struct node *annotations = node_at(root, "metadata.annotations");
	check_rules excused = 0;

	for (size_t i = 0; i < COUNT(excuses); i++)
		if (node_get(annotations, excuses[i].annotation))
			excused |= check_rule_bit(excuses[i].rule);
	return excused;
}

/* ---- What an object is ---- */

#define RBAC_GROUP "rbac.authorization.k8s.io/"

static bool is_of_core(const char *api_version)
{
	return !strchr(api_version, '/');
}

/* Workloads by kind alone: old manifests have old groups. */
static enum check_kind kind_of(const struct manifest_item *item)
{
	const char *version = item->api_version;

	if (strcasecmp(item->kind, "Secret") == 0)
		return is_of_core(version) || *version == '/' ? CHECK_KIND_SECRET
		                                              : CHECK_KIND_OTHER;
	if (strcmp(item->kind, "ServiceAccount") == 0)
		return is_of_core(version) ? CHECK_KIND_SERVICE_ACCOUNT : CHECK_KIND_OTHER;
	if (strcmp(item->kind, "Role") == 0 || strcmp(item->kind, "ClusterRole") == 0)
		return strncmp(version, RBAC_GROUP, strlen(RBAC_GROUP)) == 0 ? CHECK_KIND_ROLE
		                                                             : CHECK_KIND_OTHER;
	return workload_is_kind(item->kind) ? CHECK_KIND_WORKLOAD : CHECK_KIND_OTHER;
}

static void look_at(struct check *check, const struct check_object *object)
{
	if (object->kind == CHECK_KIND_SECRET)
		check_secret_look(check, object);
	else
		check_pod_look(check, object);
	if (object->kind == CHECK_KIND_ROLE)
		check_rbac_look(check, object);
	check_reference_look(check, object);
}

/* Two objects without a --- between them are one, of the last kind; if that is another,
 * no rule would look at the Secret that is lost. */
static void report_joined(struct check *check, struct check_origin origin, const struct node *root)
{
	const struct node *last = node_get(root, "kind");

	for (size_t i = 0; i < root->count; i++) {
		const struct node_member *member = &root->members[i];

		if (!member->merged && node_is(member->key, "kind") && member->value != last &&
		    node_is(member->value, "Secret")) {
			check_report(check, origin, CHECK_OBJECT_INVALID, last->place,
			             "is a --- missing between two objects?",
			             "kind appears more than once, and the Secret is lost");
			return;
		}
	}
}

static void count(struct check_counts *counts, const struct check_object *object)
{
	counts->secrets += object->kind == CHECK_KIND_SECRET;
	counts->accounts += object->kind == CHECK_KIND_SERVICE_ACCOUNT;
	counts->workloads += object->kind == CHECK_KIND_WORKLOAD || object->specs->count;
}

static bool add_object(struct check *check, size_t file, const struct manifest_item *item,
                       struct error *error)
{
	struct check_object object = {.kind = kind_of(item),
	                              .item = item,
	                              .specs = &check->specs,
	                              .on_node = check->on_node,
	                              .options = &check->options};
	const struct node *metadata = node_get(item->root, "metadata");

	if (!item->root || item->root->kind != NODE_MAPPING)
		return true;
	pod_specs_find(item->root, item->api_version, item->kind, &check->specs);
	if (object.kind == CHECK_KIND_OTHER && !check->specs.count) {
		check_config_look_at_bare(check, file, item);
		check_reference_look_at_other(check, file, item);
		return true;
	}
	count(&check->counts, &object);
	object.namespace = node_text(node_get(metadata, "namespace"));
	object.name = node_text(node_get(metadata, "name"));
	object.origin.file = file;
	object.origin.ignored = read_ignored(check, file, item->root) | read_excuses(item->root);
	if (object.kind != CHECK_KIND_SECRET)
		report_joined(check, object.origin, item->root);
	if (object.kind == CHECK_KIND_SECRET) {
		if (!pull_secret_read(item->root, item->api_version, item->kind, &check->secret,
		                      error))
			return false;
		object.secret = &check->secret;
	}
	look_at(check, &object);
	return true;
}

/* ---- Documents without objects ---- */

static void add_broken(struct check *check, size_t file, const struct manifest_item *item)
{
	check_report(check, (struct check_origin){.file = file}, CHECK_PARSE_ERROR, item->place,
	             item->problem->hint, "%s", item->problem->message);
}

static struct group *group_of(struct check *check, const char *chart)
{
	struct group *last = check->group_count ? &check->groups[check->group_count - 1] : NULL;

	if (last && chart && last->chart && strcmp(last->chart, chart) == 0)
		return last;
	memory_extend(&check->groups, check->group_count, &check->group_capacity, sizeof *last);
	last = &check->groups[check->group_count++];
	*last = (struct group){.chart = chart ? keep_text(check, chart) : NULL};
	return last;
}

void check_add_template(struct check *check, size_t file, const struct manifest_item *item,
                        const char *chart)
{
	struct group *group;

	while (check->file_count <= file) {
		memory_extend(&check->templates, check->file_count, &check->file_capacity,
		              sizeof *check->templates);
		check->templates[check->file_count++] = false;
	}
	if (check->templates[file])
		return;
	check->templates[file] = true;
	group = group_of(check, chart);
	if (group->templates++ == 0) {
		group->file = file;
		group->place = item->place;
	}
}

static void report_templates(struct check *check, const struct group *group)
{
	const struct check_origin origin = {.file = group->file};
	char hint[MESSAGE_MAX];

	snprintf(hint, sizeof hint, "render it first: helm template %s | regcred-gen check",
	         group->chart && *group->chart ? group->chart : ".");
	if (group->templates == 1)
		check_report(check, origin, CHECK_TEMPLATE, group->place, hint,
		             "the file is a template and was not checked");
	else if (group->templates)
		check_report(check, origin, CHECK_TEMPLATE, group->place, hint,
		             "%zu files of the chart are templates and were not checked",
		             group->templates);
}

/* ---- What the header offers ---- */

struct check *check_new(const struct check_options *options)
{
	struct check *check = memory_acquire(sizeof *check);

	*check = (struct check){.options = *options,
	                        .secret = PULL_SECRET_INIT,
	                        .references = check_references_new(options->assumed)};
	return check;
}

void check_free(struct check **check)
{
	struct check *old = *check;

	*check = NULL;
	if (!old)
		return;
	arena_release(&old->texts);
	memory_release(old->findings);
	memory_release(old->remarks);
	memory_release(old->groups);
	memory_release(old->templates);
	pull_secret_release(&old->secret);
	pod_specs_release(&old->specs);
	check_references_free(&old->references);
	memory_release(old);
}

bool check_add(struct check *check, size_t file, const struct manifest_item *item,
               struct error *error)
{
	switch (item->event) {
	case MANIFEST_OBJECT:
		return add_object(check, file, item, error);
	case MANIFEST_TEMPLATE:
		check_add_template(check, file, item, NULL);
		return true;
	case MANIFEST_BROKEN:
		add_broken(check, file, item);
		return true;
	case MANIFEST_CONFIG:
	case MANIFEST_END:
		return true;
	}
	return true;
}

void check_set_on_node(struct check *check, bool on_node)
{
	check->on_node = on_node;
}

void check_finish(struct check *check)
{
	check_reference_finish(check);
	check_capitals_finish(check);
	for (size_t i = 0; i < check->group_count; i++)
		report_templates(check, &check->groups[i]);
	sort_findings(check);
}

struct check_counts check_counts(const struct check *check)
{
	return check->counts;
}

size_t check_finding_count(const struct check *check)
{
	return check->finding_count;
}

const struct check_finding *check_finding(const struct check *check, size_t index)
{
	return &check->findings[index];
}

size_t check_unlisted(const struct check *check)
{
	return check->unlisted;
}

size_t check_remark_count(const struct check *check)
{
	return check->remark_count;
}

const struct check_remark *check_remark(const struct check *check, size_t index)
{
	return &check->remarks[index];
}

struct check_references *check_references_of(struct check *check)
{
	return check->references;
}

const struct check_options *check_options_of(const struct check *check)
{
	return &check->options;
}
