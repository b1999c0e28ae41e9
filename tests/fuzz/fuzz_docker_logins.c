/* Any bytes: what is read must be whole and judged, and no message may hold what
 * came from a user name, a password or auth. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/utf8.h"
#include "regcred/docker/docker_logins.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool same_key(const struct docker_login *a, const struct docker_login *b)
{
	return a->registry.len == b->registry.len &&
	       memcmp(a->registry.data, b->registry.data, a->registry.len) == 0;
}

static bool holds_nul(struct view text)
{
	return view_holds(text, '\0');
}

/* An entry that may be used can be used. */
static void check_usable(const struct docker_logins *file, const struct docker_login *entry)
{
	must(!holds_nul(entry->registry) && !holds_nul(entry->username));
	must(!holds_nul(entry->password) && !holds_nul(entry->email));
	must(entry->empty ? file->store || file->helper_count : entry->username.len > 0);
	must(entry->empty || entry->password.len > 0);
}

/* A long text, so that it cannot be there by chance. */
static void check_hidden(struct view secret, const char *message, const struct docker_login *entry)
{
	if (secret.len >= 16 && !strstr(entry->registry.data, secret.data))
		must(!strstr(message, secret.data) ||
		     strstr("holds neither user name nor password", secret.data) ||
		     strstr("useless to the kubelet", secret.data));
}

static void check_entry(const struct docker_logins *file, const struct docker_login *entry,
                        size_t size)
{
	must(entry->position.offset < size && entry->problem_position.offset < size);
	must((entry->problem != NULL) == (entry->fault != CONFIG_FAULT_NONE));
	must(utf8_valid(entry->registry.data, entry->registry.len));
	must(!entry->disagrees || entry->has_auth);
	if (!entry->problem) {
		if (!entry->web_login_leftover)
			check_usable(file, entry);
		return;
	}
	must(strlen(entry->problem) < 400);
	check_hidden(entry->password, entry->problem, entry);
}

static void check_file(const struct docker_logins *file, size_t size)
{
	for (size_t i = 0; i < file->entry_count; i++) {
		check_entry(file, &file->entries[i], size);
		for (size_t j = 0; j < i && j < 50; j++)
			must(!same_key(&file->entries[i], &file->entries[j]));
		must(i == 0 ||
		     file->entries[i - 1].position.offset < file->entries[i].position.offset);
	}
	for (size_t i = 0; i < file->helper_count; i++) {
		must(file->helpers[i].registry && file->helpers[i].name);
		for (size_t j = 0; j < i && j < 50; j++)
			must(strcmp(file->helpers[i].registry, file->helpers[j].registry) != 0);
	}
	must(!file->store || *file->store);
	must(!file->bare || (!file->store && !file->helper_count));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct docker_logins file = DOCKER_LOGINS_INIT;
	const char *bytes = size ? (const char *)data : "";
	struct error error;

	if (docker_logins_parse((struct view){bytes, size}, CONFIG_SHAPE_ANY, &file, &error)) {
		check_file(&file, size);
	} else {
		must(error.diagnostic == DIAGNOSTIC_JSON_INVALID ||
		     error.diagnostic == DIAGNOSTIC_CONFIG_INVALID);
		must(strncmp(error.message, "line ", 5) == 0);
		must(!file.entries && !file.helpers && !file.store);
	}
	docker_logins_release(&file);
	must(!file.entries);
	return 0;
}
