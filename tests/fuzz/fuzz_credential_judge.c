/* Any bytes as what a tool printed, with its logins judged: nothing of a password may be in a
 * verdict, and a credential is judged the same way twice. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/docker/credential_judge.h"
#include "regcred/docker/login_shape.h"
#include "regcred/registry/registry_trap.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

struct heard {
	size_t verdicts, parts[3];
};

static void hear(void *context, const struct credential_verdict *verdict)
{
	struct heard *heard = context;

	heard->verdicts++;
	must(++heard->parts[verdict->part] <= 2);
	must(*verdict->sentence && *verdict->hint);
	must(!(verdict->refused && verdict->unfilled));
}

static void check_credential(const char *registry, struct view username, struct view password)
{
	const struct credential_case credential = {registry, username, password, 1700000000};
	struct heard once = {.verdicts = 0}, twice = {.verdicts = 0};

	credential_judge(&credential, hear, &once);
	credential_judge(&credential, hear, &twice);
	must(once.verdicts == twice.verdicts && once.parts[CREDENTIAL_REGISTRY] <= 1);
}

static void check_logins(struct view text)
{
	CLEANUP(docker_logins_release) struct docker_logins logins = DOCKER_LOGINS_INIT;
	struct error error;
	const char *look;

	if (!login_shape_parse(text, "quay.io", &logins, &look, &error)) {
		must(!logins.entries && !logins.helpers && *error.message);
		return;
	}
	for (size_t i = 0; i < logins.entry_count; i++)
		check_credential(logins.entries[i].registry.data, logins.entries[i].username,
		                 logins.entries[i].password);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf word = BUF_INIT(BUF_CONFIG_MAX);
	struct registry_trap trap;
	struct view text;

	buf_append(&word, data, size);
	text = buf_view(&word);
	check_logins(text);
	check_credential("ghcr.io", text, text);
	check_credential("123456789012.dkr.ecr.eu-west-1.amazonaws.com", view_of("AWS"), text);
	check_credential(word.data, text, view_of("x"));
	must(!registry_trap_find(view_of(word.data), &trap) ==
	     registry_trap_may_propose(view_of(word.data)));
	return 0;
}
