#include "regcred/kube/namespaces.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "regcred/base/memory.h"

#define BYTES(literal) literal, sizeof(literal) - 1

static void join(const struct string_list *namespaces, struct buf *out)
{
	for (size_t i = 0; i < namespaces->count; i++) {
		buf_append_string(out, i ? "," : "");
		buf_append_string(out, namespaces->items[i].data);
	}
}

/* ---- Files ---- */

static const struct {
	const char *text;
	size_t len;
	const char *names;
} files[] = {
    {BYTES("dev"), "dev"},
    {BYTES("dev\n"), "dev"},
    {BYTES("dev\nprod"), "dev,prod"},
    {BYTES("prod\ndev\n"), "prod,dev"},
    {BYTES("\n\ndev\n\n\nprod\n\n"), "dev,prod"},
    {BYTES("# all of them\ndev\n#prod\n"), "dev"},
    {BYTES("#\ndev\n# no line end"), "dev"},
    {BYTES("namespace/dev\nnamespace/prod\n"), "dev,prod"},
    {BYTES("namespace/dev\nprod\n"), "dev,prod"},
    {BYTES("namespace\n"), "namespace"},
    {BYTES("namespace/namespace\n"), "namespace"},
    {BYTES("dev\r\nprod\r\n"), "dev,prod"},
    {BYTES("\xEF\xBB\xBF"
           "dev\r\nprod\r\n"),
     "dev,prod"},
    {BYTES("dev\r\n\r\n# x\r\nnamespace/prod\r"), "dev,prod"},
    {BYTES("dev \n\tprod\t\n  \n"), "dev,prod"},
    {BYTES("1\n0\n9\n10\n"), "1,0,9,10"},
    {BYTES("b\na\nc\nab\naa\n"), "b,a,c,ab,aa"},
};

static void reads_one_name_a_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		struct string_list namespaces CLEANUP(string_list_release) = STRING_LIST_INIT;
		struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
		struct buf names CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
		struct error error = {.diagnostic = DIAGNOSTIC_COUNT};

		buf_append(&text, files[i].text, files[i].len);
		if (!namespaces_parse(&namespaces, &text, "file", &error))
			fail_msg("file %zu: %s", i, error.message);
		assert_int_equal(error.diagnostic, DIAGNOSTIC_COUNT);
		join(&namespaces, &names);
		assert_string_equal(names.data, files[i].names);
	}
}

static const struct {
	const char *text;
	size_t len;
	enum diagnostic diagnostic;
	const char *message; /* its beginning */
} broken[] = {
    {BYTES(""), DIAGNOSTIC_NAMESPACE_NONE, "ns.txt names no namespace"},
    {BYTES("\n"), DIAGNOSTIC_NAMESPACE_NONE, "ns.txt names no namespace"},
    {BYTES("# dev\n\r\n  \n"), DIAGNOSTIC_NAMESPACE_NONE, "ns.txt names no namespace"},
    {BYTES("Dev\n"), DIAGNOSTIC_NAMESPACE_INVALID, "ns.txt:1: namespace \"Dev\" holds \"D\""},
    {BYTES("dev\n\n# x\nteam.a\n"), DIAGNOSTIC_NAMESPACE_INVALID,
     "ns.txt:4: namespace \"team.a\" holds \".\""},
    {BYTES("dev\nprod,test"), DIAGNOSTIC_NAMESPACE_INVALID, "ns.txt:2: namespace \"prod,test\""},
    {BYTES("dev # x\n"), DIAGNOSTIC_NAMESPACE_INVALID,
     "ns.txt:1: namespace is invalid; it is not shown"},
    {BYTES("dev Active 3d\n"), DIAGNOSTIC_NAMESPACE_INVALID, "ns.txt:1: namespace"},
    {BYTES("namespace/Dev\n"), DIAGNOSTIC_NAMESPACE_INVALID, "ns.txt:1: namespace \"Dev\""},
    {BYTES("namespaces/dev\n"), DIAGNOSTIC_NAMESPACE_INVALID, "ns.txt:1: namespace"},
    {BYTES("namespace/namespace/dev\n"), DIAGNOSTIC_NAMESPACE_INVALID, "ns.txt:1: namespace"},
    {BYTES("namespace/a\nnamespace/\n"), DIAGNOSTIC_NAMESPACE_INVALID, "ns.txt:2: "},
    {BYTES("pod/dev\n"), DIAGNOSTIC_NAMESPACE_INVALID, "ns.txt:1: namespace \"pod/dev\""},
    {BYTES("dev\rprod\n"), DIAGNOSTIC_NAMESPACE_INVALID, "ns.txt:1: namespace"},
    {BYTES("dev\n\xEF\xBB\xBF"
           "prod\n"),
     DIAGNOSTIC_NAMESPACE_INVALID, "ns.txt:2: namespace"},
    {BYTES("dev\nd\0v\n"), DIAGNOSTIC_NAMESPACE_INVALID, "ns.txt:2: the line holds a NUL byte"},
    {BYTES("dev\0\n"), DIAGNOSTIC_NAMESPACE_INVALID, "ns.txt:1: the line holds a NUL byte"},
    {BYTES("dev\0"), DIAGNOSTIC_NAMESPACE_INVALID, "ns.txt:1: the line holds a NUL byte"},
    {BYTES("\0"), DIAGNOSTIC_NAMESPACE_INVALID, "ns.txt:1: the line holds a NUL byte"},
    {BYTES("dev\n\0\n"), DIAGNOSTIC_NAMESPACE_INVALID, "ns.txt:2: the line holds a NUL byte"},
    {BYTES("dev\ndev\n"), DIAGNOSTIC_NAMESPACE_DUPLICATE,
     "ns.txt:2: namespace \"dev\" is given twice"},
    {BYTES("dev\nnamespace/dev\r\n"), DIAGNOSTIC_NAMESPACE_DUPLICATE,
     "ns.txt:2: namespace \"dev\" is given twice"},
    {BYTES("a\nb\nc\n\na\n"), DIAGNOSTIC_NAMESPACE_DUPLICATE,
     "ns.txt:5: namespace \"a\" is given twice"},
    {BYTES("c\nb\na\nb"), DIAGNOSTIC_NAMESPACE_DUPLICATE,
     "ns.txt:4: namespace \"b\" is given twice"},
};

static void says_on_which_line_a_name_is_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(broken); i++) {
		struct string_list namespaces CLEANUP(string_list_release) = STRING_LIST_INIT;
		struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
		struct error error;

		buf_append(&text, broken[i].text, broken[i].len);
		if (namespaces_parse(&namespaces, &text, "ns.txt", &error))
			fail_msg("file %zu is taken", i);
		if (error.diagnostic != broken[i].diagnostic ||
		    strncmp(error.message, broken[i].message, strlen(broken[i].message)) != 0)
			fail_msg("file %zu: %s", i, error.message);
		assert_int_equal(error.status, STATUS_DATA); /* read, not typed */
	}
}

static void a_file_with_none_is_reported_beside_others(void **state)
{
	struct string_list namespaces CLEANUP(string_list_release) = STRING_LIST_INIT;
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct error error;

	(void)state;
	assert_true(namespaces_add(&namespaces, "dev", &error));
	buf_append_string(&text, "# nothing\n");
	assert_false(namespaces_parse(&namespaces, &text, "-", &error));
	assert_int_equal(error.diagnostic, DIAGNOSTIC_NAMESPACE_NONE);
}

/* ---- Options ---- */

static void options_and_files_make_one_set(void **state)
{
	struct string_list namespaces CLEANUP(string_list_release) = STRING_LIST_INIT;
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct buf again CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct buf names CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
	struct error error = {.diagnostic = DIAGNOSTIC_COUNT};

	(void)state;
	assert_true(namespaces_add(&namespaces, "zoo", &error));
	buf_append_string(&text, "dev\nprod\n");
	assert_true(namespaces_parse(&namespaces, &text, "file", &error));
	assert_true(namespaces_add(&namespaces, "last", &error));
	assert_int_equal(error.diagnostic, DIAGNOSTIC_COUNT);
	join(&namespaces, &names);
	assert_string_equal(names.data, "zoo,dev,prod,last");
	assert_false(namespaces_add(&namespaces, "dev", &error));
	assert_int_equal(error.diagnostic, DIAGNOSTIC_NAMESPACE_DUPLICATE);
	assert_int_equal(error.status, STATUS_USAGE);
	assert_string_equal(error.message, "namespace \"dev\" is given twice");
	assert_int_equal(namespaces.count, 4);
	buf_append_string(&again, "new\nzoo\n");
	assert_false(namespaces_parse(&namespaces, &again, "file", &error));
	assert_string_equal(error.message, "file:2: namespace \"zoo\" is given twice");
	assert_int_equal(error.status, STATUS_DATA);
}

static void an_invalid_option_is_a_usage_error(void **state)
{
	static const char *const names[] = {"", "Dev", "a.b", "-a", "a-", "a/b", "namespace/a"};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct string_list namespaces CLEANUP(string_list_release) = STRING_LIST_INIT;
		struct error error;

		assert_false(namespaces_add(&namespaces, names[i], &error));
		assert_int_equal(error.diagnostic, DIAGNOSTIC_NAMESPACE_INVALID);
		assert_int_equal(error.status, STATUS_USAGE);
		assert_int_equal(namespaces.count, 0);
	}
}

static void a_released_set_can_be_used_again(void **state)
{
	struct string_list namespaces = STRING_LIST_INIT;
	struct error error;

	(void)state;
	for (int round = 0; round < 3; round++) {
		assert_true(namespaces_add(&namespaces, "b", &error));
		assert_true(namespaces_add(&namespaces, "a", &error));
		assert_false(namespaces_add(&namespaces, "b", &error));
		string_list_release(&namespaces);
		assert_int_equal(namespaces.count, 0);
		assert_null(namespaces.items);
	}
}

/* ---- Many ---- */

enum { MANY = 100000 };

static double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Parses MANY names, the i-th with number i * step, then every one of a sample
 * again, in vain. */
static void check_many(size_t step, const char *format_begin)
{
	struct string_list namespaces CLEANUP(string_list_release) = STRING_LIST_INIT;
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct error error;
	double start;

	for (size_t i = 0; i < MANY; i++)
		buf_append_format(&text, "%s%06zu\n", format_begin, i * step % MANY);
	start = seconds_now();
	if (!namespaces_parse(&namespaces, &text, "file", &error))
		fail_msg("%s", error.message);
	assert_true(seconds_now() - start < 5); /* one that is quadratic takes minutes */
	assert_int_equal(namespaces.count, MANY);
	for (size_t i = 0; i < MANY; i += 997)
		if (namespaces_add(&namespaces, namespaces.items[i].data, &error))
			fail_msg("%s is taken twice", namespaces.items[i].data);
	assert_true(namespaces_add(&namespaces, "zoo", &error));
	assert_true(namespaces_add(&namespaces, "0", &error));
	assert_int_equal(namespaces.count, MANY + 2);
}

static void a_hundred_thousand_take_no_time(void **state)
{
	(void)state;
	check_many(1, "");          /* in order */
	check_many(MANY - 1, "");   /* backwards, but for the first */
	check_many(38501, "team-"); /* in no order */
}

/* However names fall into the table, each is one and none is another: all of up to
 * three letters, which is many more than the slots of a small table, at each size. */
static void names_that_collide_stay_apart(void **state)
{
	static const char letters[] = "zyxabc019";
	static char names[9 * 9 * 9][4];
	struct string_list namespaces CLEANUP(string_list_release) = STRING_LIST_INIT;
	struct error error;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < 9; i++)
		for (size_t j = 0; j < 9; j++)
			for (size_t k = 0; k < 9; k++) {
				char *name = names[count++];

				name[0] = letters[k];
				name[1] = letters[i];
				name[2] = letters[j];
				if (!namespaces_add(&namespaces, name, &error))
					fail_msg("%s", error.message);
				assert_false(namespaces_add(&namespaces, names[count - 1], &error));
			}
	for (size_t i = 0; i < count; i++) {
		assert_ptr_equal(namespaces.items[i].data, names[i]);
		if (namespaces_add(&namespaces, names[i], &error))
			fail_msg("%s is taken twice", names[i]);
	}
	assert_int_equal(namespaces.count, count);
}

/* Pairs of words with one 32-bit FNV-1a hash. */
static void names_of_one_hash_are_two(void **state)
{
	static const char *const words[] = {"liquid",    "costarring", "macallums",
	                                    "declinate", "zinke",      "altarage"};
	enum { COUNT = COUNT(words) };
	struct string_list namespaces CLEANUP(string_list_release) = STRING_LIST_INIT;
	struct error error;

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		assert_true(namespaces_add(&namespaces, words[i], &error));
	for (size_t i = 0; i < COUNT; i++)
		assert_false(namespaces_add(&namespaces, words[i], &error));
	assert_int_equal(namespaces.count, COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_one_name_a_line),
	    cmocka_unit_test(says_on_which_line_a_name_is_bad),
	    cmocka_unit_test(a_file_with_none_is_reported_beside_others),
	    cmocka_unit_test(options_and_files_make_one_set),
	    cmocka_unit_test(an_invalid_option_is_a_usage_error),
	    cmocka_unit_test(a_released_set_can_be_used_again),
	    cmocka_unit_test(a_hundred_thousand_take_no_time),
	    cmocka_unit_test(names_that_collide_stay_apart),
	    cmocka_unit_test(names_of_one_hash_are_two),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("namespaces", tests, NULL, NULL);
}
