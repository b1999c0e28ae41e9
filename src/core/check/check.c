/* The engine: which group of rules looks at an object, and what becomes of findings.
 * The rules themselves are in check_*.c. */
#include "regcred/check/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check_reference.h"
#include "regcred/base/arena.h"
#include "regcred/base/memory.h"

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
	struct check_results results;
	struct arena texts;                  /* of the findings */
	const char *hints[CHECK_RULE_COUNT]; /* the last of each rule: most are alike */

	struct group *groups;
	size_t group_count, group_capacity;
	bool *templates; /* by file: it has no other finding */
	size_t file_count, file_capacity;

	bool on_node;
	struct pull_secret secret; /* of the current object */
	struct pod_specs specs;
	struct check_references references;
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
	struct check_results *results = &check->results;
	char message[MESSAGE_MAX];
	va_list arguments;

	if ((check->options.ignored | origin.ignored) & check_rule_bit(rule))
		return;
	if (results->finding_count == CHECK_FINDINGS_MAX) {
		results->unlisted++;
		return;
	}
	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	kept.message = keep_text(check, message);
	kept.hint = keep_hint(check, rule, hint);
	memory_extend(&results->findings, results->finding_count, &results->finding_capacity,
	              sizeof kept);
	results->findings[results->finding_count++] = kept;
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
	struct check_finding *findings = check->results.findings;
	size_t shown = 0, kept = 0;

	for (size_t i = 0; i < check->results.finding_count; i++)
		if (!is_hidden(check, &findings[i]))
			findings[shown++] = findings[i];
	if (shown)
		qsort(findings, shown, sizeof *findings, compare_findings);
	for (size_t i = 0; i < shown; i++)
		if (!kept || compare_findings(&findings[kept - 1], &findings[i]) != 0)
			findings[kept++] = findings[i];
	check->results.finding_count = kept;
}

/* ---- What an annotation silences ---- */

static void remark(struct check *check, size_t file, struct node_place place, struct view word)
{
	char cut[64];
	struct check_remark kept = {.file = file, .place = place};
	struct check_results *results = &check->results;

	if (results->remark_count == CHECK_REMARKS_MAX)
		return;
	snprintf(cut, sizeof cut, "%.*s", (int)(word.len < sizeof cut ? word.len : sizeof cut),
	         word.data);
	kept.word = keep_text(check, cut);
	memory_extend(&results->remarks, results->remark_count, &results->remark_capacity,
	              sizeof kept);
	results->remarks[results->remark_count++] = kept;
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

/* What something in the cluster fills, or something in front of it the manifest
 * (argoproj-labs/argocd-vault-plugin 1.18, generic placeholders), is as it should be. */
static check_rules read_excuses(const struct node *root)
{
	check_rules excused = 0;

	if (secret_is_filled_later(root))
		excused |= check_rule_bit(CHECK_CONFIG_NO_AUTHS);
	if (node_get(node_at(root, "metadata.annotations"), "avp.kubernetes.io/path"))
		excused |= check_rule_bit(CHECK_SECRET_PLACEHOLDER);
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
	count(&check->results.counts, &object);
	object.ns = node_text(node_get(metadata, "namespace"));
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
	CLEANUP(buf_release) struct buf hint = BUF_INIT(BUF_CONFIG_MAX);

	buf_append_string(&hint, "render it first: helm template ");
	buf_append_word(&hint, group->chart && *group->chart ? group->chart : ".");
	buf_append_string(&hint, " | regcred-gen check");
	if (group->templates == 1)
		check_report(check, origin, CHECK_TEMPLATE, group->place, hint.data,
		             "the file is a template and was not checked");
	else if (group->templates)
		check_report(check, origin, CHECK_TEMPLATE, group->place, hint.data,
		             "%zu files of the chart are templates and were not checked",
		             group->templates);
}

/* ---- What the header offers ---- */

struct check *check_new(const struct check_options *options)
{
	struct check *check = memory_acquire(sizeof *check);

	*check =
	    (struct check){.options = *options,
	                   .secret = PULL_SECRET_INIT,
	                   .references.inventory = inventory_new(&(struct inventory_options){0})};
	for (size_t i = 0; options->assumed && i < options->assumed->count; i++)
		inventory_assume(check->references.inventory, options->assumed->items[i].data);
	return check;
}

void check_free(struct check **check)
{
	struct check *old = *check;

	*check = NULL;
	if (!old)
		return;
	arena_release(&old->texts);
	memory_release(old->results.findings);
	memory_release(old->results.remarks);
	memory_release(old->groups);
	memory_release(old->templates);
	pull_secret_release(&old->secret);
	pod_specs_release(&old->specs);
	check_references_release(&old->references);
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

const struct check_results *check_results(const struct check *check)
{
	return &check->results;
}

struct check_references *check_references_of(struct check *check)
{
	return &check->references;
}

const struct check_options *check_options_of(const struct check *check)
{
	return &check->options;
}
