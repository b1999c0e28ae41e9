#include "regcred/edit/attach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "watched_memory.h"

#include "regcred/base/memory.h"

/* A run over a text in memory. */
struct held {
	struct view rest;
	size_t piece; /* so many bytes at once */
	struct buf out, told;
	size_t objects;
};

static ptrdiff_t read_held(void *context, char *bytes, size_t size, struct error *error)
{
	struct held *held = context;
	size_t len = size < held->piece ? size : held->piece;

	(void)error;
	len = len < held->rest.len ? len : held->rest.len;
	memcpy(bytes, held->rest.data, len);
	held->rest = view_from(held->rest, len);
	return (ptrdiff_t)len;
}

static void count_object(void *context, const struct manifest_item *item)
{
	(void)item;
	((struct held *)context)->objects++;
}

static void note_kept(void *context, const struct manifest_item *item, const char *why)
{
	struct held *held = context;

	buf_append_format(&held->told, "%d:%d %s\n", (int)item->event, (int)item->place.line, why);
}

static bool write_held(void *context, struct view bytes, bool changed, struct error *error)
{
	(void)changed, (void)error;
	buf_append(&((struct held *)context)->out, bytes.data, bytes.len);
	return true;
}

static struct attach_names choose(void *context, const char *ns, const struct workload *workload)
{
	(void)ns, (void)workload;
	return *(struct attach_names *)context;
}

static void run_pieces(struct view text, size_t piece, const char *const *names, size_t count,
                       const char *replace, struct held *held)
{
	struct attach_names chosen = {names, count};
	const struct attach_options options = {choose, &chosen, replace, true};
	const struct attach_events events = {held, read_held, count_object, note_kept, write_held};
	struct error error;

	*held = (struct held){.rest = text,
	                      .piece = piece,
	                      .out = BUF_INIT(BUF_CONFIG_MAX),
	                      .told = BUF_INIT(BUF_CONFIG_MAX)};
	assert_true(attach_stream(&options, &events, &error));
}

static void run(const char *text, const char *const *names, size_t count, const char *replace,
                struct held *held)
{
	run_pieces(view_of(text), 7, names, count, replace, held);
}

static void held_release(struct held *held)
{
	buf_release(&held->out);
	buf_release(&held->told);
}

#define POD "apiVersion: v1\nkind: Pod\nspec:\n"
#define C   "containers: [{name: a, image: b}]\n"

/* What becomes of a text; NULL: nothing. */
static const struct {
	const char *text, *made;
} cases[] = {
    /* new lists */
    {POD "  containers:\n  - image: a\n",
     POD "  imagePullSecrets:\n  - name: r\n  containers:\n  - image: a\n"},
    {POD "    nodeName: n # first\n    containers:\n      - image: a\n",
     POD "    imagePullSecrets:\n      - name: r\n    nodeName: n # first\n    containers:\n"
         "      - image: a\n"},
    {POD "  # why\n\n  " C, POD "  # why\n\n  imagePullSecrets:\n  - name: r\n  " C},
    {"apiVersion: v1\nkind: Pod\nspec: {containers: [{image: a}]} # end\n",
     "apiVersion: v1\nkind: Pod\nspec: {imagePullSecrets: [{name: r}], containers: [{image: a}]} "
     "# end\n"},
    {"apiVersion: v1\nkind: Pod\nspec: {\n  containers: []}\n",
     "apiVersion: v1\nkind: Pod\nspec: {\n  imagePullSecrets: [{name: r}],\n  containers: []}\n"},
    {"apiVersion: v1\nkind: Pod\nspec: {}\n",
     "apiVersion: v1\nkind: Pod\nspec: {imagePullSecrets: [{name: r}]}\n"},
    {"{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"containers\":[]}}",
     "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"imagePullSecrets\":[{\"name\":\"r\"}],"
     "\"containers\":[]}}"},
    {"{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {}}",
     "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"imagePullSecrets\": [{\"name\": "
     "\"r\"}]}}"},
    {"{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Pod\",\n\t\"spec\": {\n\t\t\"nodeName\": "
     "\"n\"\n\t}\n}\n",
     "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Pod\",\n\t\"spec\": {\n"
     "\t\t\"imagePullSecrets\": [\n\t\t\t{\n\t\t\t\t\"name\": \"r\"\n\t\t\t}\n\t\t],\n"
     "\t\t\"nodeName\": \"n\"\n\t}\n}\n"},
    {"\xEF\xBB\xBF" POD "  " C, "\xEF\xBB\xBF" POD "  imagePullSecrets:\n  - name: r\n  " C},
    {"\xEF\xBB\xBF"
     "apiVersion: v1\nkind: ServiceAccount\n",
     "\xEF\xBB\xBF"
     "imagePullSecrets:\n- name: r\napiVersion: v1\nkind: ServiceAccount\n"},
    {"apiVersion: v1\r\nkind: Pod\r\nspec:\r\n  nodeName: n\r\n",
     "apiVersion: v1\r\nkind: Pod\r\nspec:\r\n  imagePullSecrets:\r\n  - name: r\r\n  nodeName: "
     "n\r\n"},
    {POD "  \xED\x95\x9C: \"\xEA\xB8\x80\"\n  a: b",
     POD "  imagePullSecrets:\n  - name: r\n"
         "  \xED\x95\x9C: \"\xEA\xB8\x80\"\n  a: b"},
    {"- apiVersion: v1\n", NULL},
    {"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec:\n    a: b\n"
     "- apiVersion: v1\n  kind: Pod\n  spec:\n    a: b\n",
     "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec:\n"
     "    imagePullSecrets:\n    - name: r\n    a: b\n"
     "- apiVersion: v1\n  kind: Pod\n  spec:\n    imagePullSecrets:\n    - name: r\n    a: b\n"},
    {"kind: List\napiVersion: v1\nitems:\n- kind: ServiceAccount\n  apiVersion: v1\n",
     "kind: List\napiVersion: v1\nitems:\n- imagePullSecrets:\n  - name: r\n"
     "  kind: ServiceAccount\n  apiVersion: v1\n"},
    {"# nothing\n---\n# here\n---\n" POD "  a: b\n---\n# end",
     "# nothing\n---\n# here\n---\n" POD "  imagePullSecrets:\n  - name: r\n  a: b\n---\n# end"},
    {POD "  &x a: b\n", POD "  imagePullSecrets:\n  - name: r\n  &x a: b\n"},
    {POD "  &x\n  a: b\n", POD "  &x\n  imagePullSecrets:\n  - name: r\n  a: b\n"},
    {"apiVersion: v1\nkind: Pod\nspec: !!map &x # y\n {a: b}\n",
     "apiVersion: v1\nkind: Pod\nspec: !!map &x # y\n {imagePullSecrets: [{name: r}], a: b}\n"},
    {POD "  containers:\n    - image: a\n      imagePullSecrets: []\n",
     POD "  imagePullSecrets:\n    - name: r\n  containers:\n    - image: a\n      "
         "imagePullSecrets: []\n"},

    /* lists with items */
    {POD "  imagePullSecrets:\n  - name: a # x\n  # y\n  b: c\n",
     POD "  imagePullSecrets:\n  - name: a # x\n  - name: r\n  # y\n  b: c\n"},
    {POD "  imagePullSecrets:\n      -   \"name\": 'a'\n",
     POD "  imagePullSecrets:\n      -   \"name\": 'a'\n      -   \"name\": 'r'\n"},
    {POD "  imagePullSecrets: &x # y\n  - name: a\n  b: c\n",
     POD "  imagePullSecrets: &x # y\n  - name: a\n  - name: r\n  b: c\n"},
    {POD "  imagePullSecrets: !!seq [{name: a}]",
     POD "  imagePullSecrets: !!seq [{name: a}, {name: r}]"},
    {POD "  imagePullSecrets:\n  - name: a", POD "  imagePullSecrets:\n  - name: a\n  - name: r"},
    {POD "  imagePullSecrets:\r\n  - name: a\r\n  b: c",
     POD "  imagePullSecrets:\r\n  - name: a\r\n  - name: r\r\n  b: c"},
    {POD "  imagePullSecrets:\n  -\n    name: a\n  b: c",
     POD "  imagePullSecrets:\n  -\n    name: a\n  - name: r\n  b: c"},
    {POD "  imagePullSecrets:\n  - {name: a}\n  b: c",
     POD "  imagePullSecrets:\n  - {name: a}\n  - {name: r}\n  b: c"},
    {POD "  imagePullSecrets:\n  - name: a\n    x: y\n",
     POD "  imagePullSecrets:\n  - name: a\n    x: y\n  - name: r\n"},
    {POD "  imagePullSecrets:\n  - name: \"a\n     b\"\n",
     POD "  imagePullSecrets:\n  - name: r\n  - name: \"a\n     b\"\n"},
    {POD "  imagePullSecrets:\n  - name: a\n  - name: r\n", NULL},
    {POD "  imagePullSecrets: [{name: a}]\n", POD "  imagePullSecrets: [{name: a}, {name: r}]\n"},
    {POD "  imagePullSecrets: [ { \"name\" : \"a\" }, ] # x\n",
     POD "  imagePullSecrets: [ { \"name\" : \"a\" }, { \"name\" : \"r\" }, ] # x\n"},
    {POD "  imagePullSecrets: [\n    {name: a},\n    {name: b} # x\n  ]\n",
     POD "  imagePullSecrets: [\n    {name: a},\n    {name: b},\n    {name: r} # x\n  ]\n"},
    {POD "  imagePullSecrets: [name: a]\n", POD "  imagePullSecrets: [{name: r}, name: a]\n"},
    {POD "  imagePullSecrets: [ ] \n", POD "  imagePullSecrets: [{name: r} ] \n"},
    {"{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"imagePullSecrets\":[{\"name\":\"a\"}]}}",
     "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"imagePullSecrets\":[{\"name\":\"a\"},"
     "{\"name\":\"r\"}]}}"},
    {"{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"imagePullSecrets\":[]}}",
     "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"imagePullSecrets\":[{\"name\":\"r\"}]}}"},
    {"{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"imagePullSecrets\": [\n  {\n    "
     "\"name\": \"a\"\n  }\n]}}",
     "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"imagePullSecrets\": [\n  {\n    "
     "\"name\": \"a\"\n  },\n  {\n    \"name\": \"r\"\n  }\n]}}"},

    /* lists without a value */
    {POD "  imagePullSecrets:\n  a: b\n", POD "  imagePullSecrets:\n  - name: r\n  a: b\n"},
    {POD "  imagePullSecrets: # x\n  a: b\n", POD "  imagePullSecrets: [{name: r}] # x\n  a: b\n"},
    {POD "  imagePullSecrets: ~ # x\n", POD "  imagePullSecrets: [{name: r}] # x\n"},
    {POD "  imagePullSecrets: null\n", POD "  imagePullSecrets: [{name: r}]\n"},
    {POD "  imagePullSecrets: &x ~\n", POD "  imagePullSecrets: &x [{name: r}]\n"},
    {POD "  imagePullSecrets: &x # y\n  a: b\n",
     POD "  imagePullSecrets: &x [{name: r}] # y\n  a: b\n"},
    {POD "  imagePullSecrets: &x\n  a: b\n", POD "  imagePullSecrets: &x\n  - name: r\n  a: b\n"},
    {POD "  imagePullSecrets:", POD "  imagePullSecrets:\n  - name: r"},
    {"{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"imagePullSecrets\":null}}",
     "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"imagePullSecrets\":[{\"name\":\"r\"}]}}"},

    /* what is not a pod spec */
    {"apiVersion: v1\nkind: ConfigMap\ndata: {spec: \"a\"}\n", NULL},
    {"", NULL},
    {"---\n", NULL},
};

static void adds_in_every_style(void **state)
{
	static const char *const names[] = {"r"};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct held held CLEANUP(held_release), again CLEANUP(held_release);
		const char *made = cases[i].made ? cases[i].made : cases[i].text;

		run(cases[i].text, names, 1, NULL, &held);
		if (strcmp(held.out.data, made) != 0 || held.told.len)
			fail_msg("row %zu: %s\n%s", i, held.told.data, held.out.data);
		assert_int_equal(held.objects > 0, cases[i].made != NULL);
		run(held.out.data, names, 1, NULL, &again);
		if (strcmp(again.out.data, made) != 0 || again.objects || again.told.len)
			fail_msg("row %zu, again:\n%s", i, again.out.data);
	}
}

#define LIST "apiVersion: v1\nkind: List\nitems:\n"

/* What stays as it is, and why. */
static const struct {
	const char *text, *told;
} kept[] = {
    {POD "  <<: {a: b}\n  c: d\n", "0:4 it uses a merge key (<<)\n"},
    {POD "  imagePullSecrets: r\n", "0:4 its imagePullSecrets is not a list\n"},
    {"x: &x []\n" POD "  imagePullSecrets: *x\n", "0:5 its imagePullSecrets is an alias (*)\n"},
    {LIST
     "- apiVersion: v1\n  kind: Pod\n  spec: &x {a: b}\n- apiVersion: v1\n  kind: Pod\n  spec: "
     "*x\n",
     "shares"},
    {"x: &x {a: b}\n"
     "apiVersion: v1\nkind: Pod\nspec: *x\n",
     "shares"},
    {POD "  a: [\n---\n" POD "  imagePullSecrets: [{name: r}]\n", "2:"},
    {POD "  a: {{ .x }}\n", "1:4 "},
    {"{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{}", "2:"},
    {"{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"imagePullSecrets\":1}}\n", "0:1 its"},
};

static void keeps_what_it_cannot_prove(void **state)
{
	static const char *const names[] = {"r"};

	(void)state;
	for (size_t i = 0; i < COUNT(kept); i++) {
		struct held held CLEANUP(held_release);

		run(kept[i].text, names, 1, NULL, &held);
		if (strcmp(held.out.data, kept[i].text) != 0 ||
		    !strstr(held.told.data, kept[i].told))
			fail_msg("row %zu: %s\n%s", i, held.told.data, held.out.data);
	}
}

#define JSON_POD "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{}}"
#define JSON_MADE                                                                                  \
	"{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"imagePullSecrets\": [{\"name\": "     \
	"\"r\"}]}}"

/* Of a List, in front of its items. */
#define MANY_MEMBERS                                                                               \
	"{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"k\":"  \
	"1,"                                                                                       \
	"\"l\":1,\"m\":1,\"n\":1,\"o\":1,\"p\":1,\"q\":1,\"apiVersion\":\"v1\",\"kind\":\"List\"," \
	"\"items\":["

/* Objects that are kept, and others that are not. */
static void keeps_no_more_than_needed(void **state)
{
	static const char *const names[] = {"r"};
	static const struct {
		const char *text, *made, *told;
	} rows[] = {
	    {LIST "- {apiVersion: v1, kind: Pod, spec: {<<: {a: b}}}\n"
	          "- {apiVersion: v1, kind: Pod, spec: {a: b}}\n",
	     LIST "- {apiVersion: v1, kind: Pod, spec: {<<: {a: b}}}\n"
	          "- {apiVersion: v1, kind: Pod, spec: {imagePullSecrets: [{name: r}], a: b}}\n",
	     "0:4 it uses a merge key (<<)\n"},
	    {JSON_POD "{\"a\":", JSON_MADE "{\"a\":",
	     "2:1 a value was expected, but the input ends\n"},
	    {JSON_POD MANY_MEMBERS JSON_POD "]}" JSON_POD,
	     JSON_MADE MANY_MEMBERS JSON_MADE "]}" JSON_MADE, ""},
	    {JSON_POD "\n---\n" POD "  a: b\n", JSON_MADE "\n---\n" POD "  a: b\n",
	     "2:2 kubectl does not read a --- after JSON\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct held held CLEANUP(held_release);

		run(rows[i].text, names, 1, NULL, &held);
		if (strcmp(held.out.data, rows[i].made) != 0 ||
		    strcmp(held.told.data, rows[i].told) != 0)
			fail_msg("row %zu: %s\n%s", i, held.told.data, held.out.data);
	}
}

static void keeps_utf16(void **state)
{
	static const char *const names[] = {"r"};
	static const char ascii[] = POD "  a: b\n";
	char text[2 + 2 * sizeof ascii] = "\xFF\xFE";
	struct held held CLEANUP(held_release);
	size_t len = 2;

	(void)state;
	for (const char *c = ascii; *c; c++, len += 2) {
		text[len] = *c;
		text[len + 1] = '\0';
	}
	run_pieces((struct view){text, len}, 5, names, 1, NULL, &held);
	assert_int_equal(held.out.len, len);
	assert_memory_equal(held.out.data, text, len);
	assert_string_equal(held.told.data, "0:1 it is UTF-16\n");
}

static void adds_several_names(void **state)
{
	static const char *const names[] = {"r", "a", "null"};
	struct held held CLEANUP(held_release), json CLEANUP(held_release);

	(void)state;
	run(POD "  imagePullSecrets:\n  - name: a\n", names, 3, NULL, &held);
	assert_string_equal(held.out.data, POD "  imagePullSecrets:\n  - name: a\n  - name: r\n"
	                                       "  - name: \"null\"\n");
	run("{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\"}", names, 3, NULL, &json);
	assert_string_equal(json.out.data,
	                    "{\"imagePullSecrets\":[{\"name\":\"r\"},{\"name\":\"a\"},{\"name\":"
	                    "\"null\"}],\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\"}");
}

/* The chooser's names need not outlive the next question. */
static struct attach_names choose_anew(void *context, const char *ns,
                                       const struct workload *workload)
{
	const char **names = context;

	(void)ns;
	names[0] = workload->images[0].text;
	return (struct attach_names){names, 1};
}

static void chooses_for_each_pod_spec(void **state)
{
	const char *names[1];
	const struct attach_options options = {choose_anew, names, NULL, false};
	struct held held CLEANUP(held_release) = {
	    .rest = view_of("apiVersion: a/v1\nkind: Set\nspec:\n- containers: [{image: a}]\n"
	                    "- containers: [{image: b}]\n"),
	    .piece = 9,
	    .out = BUF_INIT(BUF_CONFIG_MAX),
	    .told = BUF_INIT(BUF_CONFIG_MAX)};
	const struct attach_events events = {&held, read_held, count_object, note_kept, write_held};
	struct error error;

	(void)state;
	assert_true(attach_stream(&options, &events, &error));
	assert_string_equal(held.out.data, "apiVersion: a/v1\nkind: Set\nspec:\n"
	                                   "- imagePullSecrets:\n  - name: a\n"
	                                   "  containers: [{image: a}]\n"
	                                   "- imagePullSecrets:\n  - name: b\n"
	                                   "  containers: [{image: b}]\n");
}

static void replaces_an_old_name(void **state)
{
	static const char *const names[] = {"new"};
	static const struct {
		const char *text, *made;
	} rows[] = {
	    {POD "  imagePullSecrets: [{name: old}, {name: x}]\n",
	     POD "  imagePullSecrets: [{name: new}, {name: x}]\n"},
	    {POD "  imagePullSecrets:\n  - name: \"old-2456789bcd\" # x\n",
	     POD "  imagePullSecrets:\n  - name: \"new\" # x\n"},
	    {POD "  imagePullSecrets:\n  - name: old-2456789bca\n",
	     POD "  imagePullSecrets:\n  - name: old-2456789bca\n  - name: new\n"},
	    {POD "  imagePullSecrets:\n  - name: old\n  - name: new\n",
	     POD "  imagePullSecrets:\n  - name: old\n  - name: new\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct held held CLEANUP(held_release);

		run(rows[i].text, names, 1, "old", &held);
		if (strcmp(held.out.data, rows[i].made) != 0 || held.told.len)
			fail_msg("row %zu: %s\n%s", i, held.told.data, held.out.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(adds_in_every_style, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(keeps_what_it_cannot_prove, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(keeps_no_more_than_needed, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(keeps_utf16, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(adds_several_names, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(chooses_for_each_pod_spec, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(replaces_an_old_name, watched_begin, watched_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("attach", tests, NULL, NULL);
}
