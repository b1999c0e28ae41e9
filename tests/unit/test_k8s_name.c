#include "regcred/kube/k8s_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"
#include "vectors.h"

static const struct {
	const char *name; /* in the vectors */
	enum diagnostic diagnostic;
} kinds[K8S_NAME_COUNT] = {
    [K8S_NAME_SECRET] = {"secret-name", DIAGNOSTIC_NAME_INVALID},
    [K8S_NAME_GENERATE] = {"generate-name", DIAGNOSTIC_NAME_INVALID},
    [K8S_NAME_NAMESPACE] = {"namespace", DIAGNOSTIC_NAMESPACE_INVALID},
    [K8S_NAME_LABEL_KEY] = {"label-key", DIAGNOSTIC_LABEL_INVALID},
    [K8S_NAME_LABEL_VALUE] = {"label-value", DIAGNOSTIC_LABEL_INVALID},
    [K8S_NAME_ANNOTATION_KEY] = {"annotation-key", DIAGNOSTIC_ANNOTATION_INVALID},
    [K8S_NAME_DATA_KEY] = {"data-key", DIAGNOSTIC_NAME_INVALID},
};

static enum k8s_name_kind kind_of(const char *name)
{
	for (unsigned kind = 0; kind < K8S_NAME_COUNT; kind++)
		if (strcmp(kinds[kind].name, name) == 0)
			return kind;
	fail_msg("no kind is called %s", name);
	return K8S_NAME_COUNT;
}

/* What must hold of any value; says what does not. */
static const char *find_fault(enum k8s_name_kind kind, const char *value, size_t len)
{
	struct buf suggestion CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
	struct error error = {.diagnostic = DIAGNOSTIC_COUNT};
	bool valid = k8s_name_check(kind, value, len, &error);

	k8s_name_suggest(kind, value, len, &suggestion);
	if (valid && error.diagnostic != DIAGNOSTIC_COUNT)
		return "touched the error of a valid value";
	if (!valid && error.diagnostic != kinds[kind].diagnostic)
		return "has the wrong diagnostic";
	if (valid && (suggestion.len != len || (len && memcmp(suggestion.data, value, len) != 0)))
		return "is valid and not its own suggestion";
	if (!valid && len && !error.hint[0] != !suggestion.len)
		return "has a hint without a suggestion, or no hint with one";
	if (suggestion.len && !k8s_name_check(kind, suggestion.data, suggestion.len, &error))
		return "has an invalid suggestion";
	return NULL;
}

static void agrees_with_the_vectors(void **state)
{
	struct vector_file file;
	struct error error;
	size_t len;

	(void)state;
	vector_file_open(&file, "k8s-names.jsonl");
	while (vector_file_next(&file)) {
		enum k8s_name_kind kind = kind_of(vector_string(&file, "kind", &len));
		const char *value = vector_string(&file, "value", &len);
		const char *fault = find_fault(kind, value, len);

		if (k8s_name_check(kind, value, len, &error) != vector_bool(&file, "valid"))
			vector_fail(&file, "is judged otherwise");
		if (fault)
			vector_fail(&file, "\"%.*s\" %s", (int)len, value, fault);
	}
	vector_file_close(&file);
}

#define LABEL_63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
	enum k8s_name_kind kind;
	const char *value;
	const char *message;
	const char *suggestion; /* NULL: no hint */
} messages[] = {
    {K8S_NAME_SECRET, "BAD_Name",
     "name \"BAD_Name\" holds \"B\": only a-z, 0-9, \"-\" and \".\" are allowed", "bad-name"},
    {K8S_NAME_SECRET, "", "name \"\" is empty", NULL},
    {K8S_NAME_SECRET, "my-", "name \"my-\" ends with \"-\"", "my"},
    {K8S_NAME_SECRET, "-.a", "name \"-.a\" starts with \"-\"", "a"},
    {K8S_NAME_SECRET, "a-.b",
     "name \"a-.b\" holds \"-.\": a dot needs a letter or digit on both sides", "a.b"},
    {K8S_NAME_SECRET, "a..b",
     "name \"a..b\" holds \"..\": a dot needs a letter or digit on both sides", "a.b"},
    {K8S_NAME_SECRET, "caf\xC3\xA9",
     "name \"caf\xC3\xA9\" holds \"\xC3\xA9\" (U+00E9): only a-z, 0-9, \"-\" and \".\" are "
     "allowed",
     "caf"},
    {K8S_NAME_SECRET,
     "a\xFF"
     "b",
     "name \"a\xFF"
     "b\" holds the byte 0xFF, which is not UTF-8: only a-z, 0-9, \"-\" and \".\" are allowed",
     "a-b"},
    {K8S_NAME_SECRET, "a\n",
     "name \"a\n\" holds the control character U+000A: only a-z, 0-9, \"-\" and \".\" are "
     "allowed",
     "a"},
    {K8S_NAME_GENERATE, "My Cred-",
     "name prefix \"My Cred-\" holds \"M\": only a-z, 0-9, \"-\" and \".\" are allowed",
     "my-cred-"},
    {K8S_NAME_NAMESPACE, LABEL_63 "-b",
     "namespace \"" LABEL_63 "-b\" is 65 bytes long, the limit is 63", LABEL_63},
    {K8S_NAME_NAMESPACE, "team.a",
     "namespace \"team.a\" holds \".\": only a-z, 0-9 and \"-\" are allowed", "team-a"},
    {K8S_NAME_NAMESPACE, LABEL_63 LABEL_63,
     "namespace \"" LABEL_63 "aaaaaaaaaaaaaaaaa...\" is 126 bytes long, the limit is 63", LABEL_63},
    {K8S_NAME_LABEL_KEY, "Example.com/App Name",
     "label key \"Example.com/App Name\" has a prefix that holds \"E\": only a-z, 0-9, \"-\" and "
     "\".\" are allowed",
     "example.com/App-Name"},
    {K8S_NAME_LABEL_KEY, "a/b/c", "label key \"a/b/c\" holds more than one \"/\"", "a/b-c"},
    {K8S_NAME_LABEL_KEY, "/a", "label key \"/a\" has a prefix that is empty", "a"},
    {K8S_NAME_LABEL_KEY, "a/", "label key \"a/\" has a name that is empty", NULL},
    {K8S_NAME_LABEL_VALUE, "_My.Team_", "label value \"_My.Team_\" starts with \"_\"", "My.Team"},
    {K8S_NAME_LABEL_VALUE, "---", "label value \"---\" starts with \"-\"", NULL},
    {K8S_NAME_ANNOTATION_KEY, "Example.com/a:b",
     "annotation key \"Example.com/a:b\" has a name that holds \":\": only A-Z, a-z, 0-9, \"-\", "
     "\"_\" and \".\" are allowed",
     "Example.com/a-b"},
    {K8S_NAME_DATA_KEY, ".", "data key \".\" is only a dot", NULL},
    {K8S_NAME_DATA_KEY, "...a", "data key \"...a\" starts with \"..\"", ".a"},
    {K8S_NAME_DATA_KEY, ".dockerconfigjson ",
     "data key \".dockerconfigjson \" holds \" \": only A-Z, a-z, 0-9, \"-\", \"_\" and \".\" are "
     "allowed",
     ".dockerconfigjson"},
};

static void says_what_is_wrong(void **state)
{
	struct error error;
	char hint[ERROR_HINT_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(messages); i++) {
		const char *value = messages[i].value;
		const char *suggestion = messages[i].suggestion;

		assert_false(k8s_name_check(messages[i].kind, value, strlen(value), &error));
		assert_string_equal(error.message, messages[i].message);
		snprintf(hint, sizeof hint, "did you mean \"%s\"?", suggestion ? suggestion : "");
		if (!*value)
			snprintf(hint, sizeof hint, "is the variable for it set?");
		assert_string_equal(error.hint, suggestion || !*value ? hint : "");
	}
}

static void cuts_values_between_characters(void **state)
{
	struct error error;
	char value[200] = "a";

	(void)state;
	for (size_t i = 1; i + 2 < sizeof value; i += 2)
		memcpy(value + i, "\xC3\xA9", 3);
	assert_false(k8s_name_check(K8S_NAME_LABEL_VALUE, value, strlen(value), &error));
	assert_non_null(strstr(error.message, "\xC3\xA9...\" is 199 bytes long"));
	assert_true(utf8_valid(error.message, strlen(error.message)));
}

static void judges_a_long_folded_key(void **state)
{
	char key[4096];
	struct error error;

	(void)state;
	for (size_t len = 3; len + 3 < sizeof key; len += 3) {
		memcpy(key + len - 3, "\xE2\x84\xAA", 3);
		assert_true(k8s_name_check(K8S_NAME_ANNOTATION_KEY, key, len, &error) ==
		            (len / 3 <= K8S_LABEL_MAX));
	}
}

/* Pieces that tend to break rules; the sequence is the same in every run. */
static void suggests_only_valid_names(void **state)
{
	static const char *const pieces[] = {
	    "a",        "B",    "7",
	    "-",        ".",    "..",
	    "_",        "/",    " ",
	    "\xC3\xA9", "\xFF", "\xE2\x84\xAA",
	    "\n",       "xyz",  "0123456789012345678901234567890123456789"};
	uint32_t random = 1;
	char value[1024];

	(void)state;
	for (int round = 0; round < 100000; round++) {
		enum k8s_name_kind kind = (enum k8s_name_kind)(round % K8S_NAME_COUNT);
		size_t len = 0;
		const char *fault;

		do {
			random = random * 1664525u + 1013904223u;
			const char *piece = pieces[(random >> 16) % (COUNT(pieces))];

			memcpy(value + len, piece, strlen(piece));
			len += strlen(piece);
		} while (random >> 28 && len < 900);
		fault = find_fault(kind, value, len);
		if (fault)
			fail_msg("%s \"%.*s\" %s", kinds[kind].name, (int)len, value, fault);
	}
}

static void holds_zero_bytes(void **state)
{
	struct error error;

	(void)state;
	for (unsigned kind = 0; kind < K8S_NAME_COUNT; kind++) {
		assert_true(k8s_name_check(kind, "a", 1, &error));
		assert_false(k8s_name_check(kind, "a\0", 2, &error));
		assert_false(k8s_name_check(kind, "a\0b", 3, &error));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(agrees_with_the_vectors),
	    cmocka_unit_test(says_what_is_wrong),
	    cmocka_unit_test(cuts_values_between_characters),
	    cmocka_unit_test(judges_a_long_folded_key),
	    cmocka_unit_test(suggests_only_valid_names),
	    cmocka_unit_test(holds_zero_bytes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("k8s_name", tests, NULL, NULL);
}
