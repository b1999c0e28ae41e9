/* Any bytes as the reply of a credential helper, and as its name. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/buf.h"
#include "regcred/base/utf8.h"
#include "regcred/docker/helper_reply.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_text(struct view text, bool may_be_empty)
{
	must(text.len || may_be_empty);
	must(utf8_valid(text.data, text.len) && strlen(text.data) == text.len);
}

static void check_reply(const char *output, size_t len)
{
	struct helper_reply reply = HELPER_REPLY_INIT;
	struct error error;

	if (helper_reply_parse((struct view){output, len}, &reply, &error)) {
		check_text(reply.server, true);
		check_text(reply.username, !reply.secret.len);
		check_text(reply.secret, !reply.username.len);
		must(strcmp(reply.username.data, "<token>") != 0);
		must(!helper_reply_is_not_found((struct view){output, len}));
	} else {
		must(error.diagnostic == DIAGNOSTIC_HELPER_REPLY ||
		     error.diagnostic == DIAGNOSTIC_HELPER_TOKEN);
		must(strncmp(error.message, "the reply", 9) == 0);
		must(!reply.username.len && !reply.secret.len);
	}
	helper_reply_release(&reply);
}

/* A valid name stays one part of a path, and is no option. */
static void check_name(const char *output, size_t len)
{
	struct buf name = BUF_INIT(BUF_CONFIG_MAX);

	buf_append(&name, output, len);
	if (helper_name_is_valid(name.data)) {
		must(*name.data && *name.data != '-' && *name.data != '.');
		must(!strpbrk(name.data, "/ \t\r\n;$&|\\'\""));
	}
	buf_release(&name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = size ? (const char *)data : "";

	check_reply(bytes, size);
	check_name(bytes, size);
	return 0;
}
