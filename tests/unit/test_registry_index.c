#include "regcred/registry/registry_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "watched_memory.h"

#include "regcred/base/memory.h"
#include "regcred/registry/registry_key.h"

static const char *const stored[] = {
    "quay.io",  "https://ghcr.io", "a b",           "GHCR.io/v2/", "docker.io",
    "ghcr.io/", "ghcr.io/v1/org",  "*.example.com", "ghcr.io/org", "registry-1.docker.io",
};

static const struct {
	const char *registry;
	size_t count, numbers[4];
} wanted[] = {
    {"quay.io", 1, {0}},
    {"ghcr.io", 3, {1, 3, 5}},
    {"ghcr.io/org", 2, {6, 8}},
    {REGISTRY_KEY_DOCKER_HUB, 2, {4, 9}},
    {"*.example.com", 1, {7}},
    {"a.example.com", 0, {0}},
    {"a b", 0, {0}},
    {"zzz.io", 0, {0}},
    {"", 0, {0}},
};

static void fill(struct registry_index *index)
{

	for (size_t i = 0; i < COUNT(stored); i++)
		registry_index_add(index, stored[i], i);
}

static void finds_what_means_the_same(void **state)
{
	CLEANUP(registry_index_release) struct registry_index index = REGISTRY_INDEX_INIT;

	(void)state;
	fill(&index);
	for (size_t i = 0; i < COUNT(wanted); i++) {
		size_t count;
		const struct registry_index_item *found =
		    registry_index_find(&index, wanted[i].registry, &count);

		if (count != wanted[i].count)
			fail_msg("%s: %zu are found", wanted[i].registry, count);
		for (size_t j = 0; j < count; j++)
			assert_int_equal(found[j].number, wanted[i].numbers[j]);
	}
}

static void may_grow_after_a_search(void **state)
{
	CLEANUP(registry_index_release) struct registry_index index = REGISTRY_INDEX_INIT;
	size_t count;

	(void)state;
	registry_index_find(&index, "a.io", &count);
	assert_int_equal(count, 0);
	for (size_t i = 0; i < 100; i++) {
		char key[32];

		snprintf(key, sizeof key, "r%zu.io", i * 37 % 100);
		registry_index_add(&index, key, i);
		assert_int_equal(registry_index_find(&index, key, &count)->number, i);
		assert_int_equal(count, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_what_means_the_same),
	    cmocka_unit_test(may_grow_after_a_search),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("registry_index", tests, NULL, NULL);
}
