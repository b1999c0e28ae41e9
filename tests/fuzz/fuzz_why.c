/* Any stream as what kubectl says of Pods and events: what waits has a state, words out of its
 * message, a conclusion, and commands of one line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/manifest/manifest_reader.h"
#include "regcred/why/diagnosis.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check(const struct waiting *waiting, enum diagnosis_state state, bool matched)
{
	CLEANUP(diagnosis_release) struct diagnosis diagnosis = DIAGNOSIS_INIT;
	const enum verdict verdict = matched ? VERDICT_OK : VERDICT_REFUSED;
	const struct diagnosis_secret secret = {"regcred", false, state, "why"};
	const struct diagnosis_facts facts = {
	    .waiting = waiting,
	    .program = "regcred-gen",
	    .account = waiting->pod->account,
	    .secrets = &secret,
	    .secret_count = 1,
	    .matched = matched ? "regcred" : NULL,
	    .usable = matched,
	    .key = view_of(waiting->image),
	    .username = view_of(waiting->pod->node),
	    .near = "",
	    .from_here = &verdict,
	    .finding = "",
	};

	diagnose(&facts, &diagnosis);
	must(diagnosis.conclusion.len > 0);
	must(diagnosis.kind < NODE_PROBLEM_COUNT);
	for (size_t i = 0; i < diagnosis.next.count; i++)
		must(diagnosis.next.items[i].len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(waiting_release) struct waiting_list list = WAITING_LIST_INIT;
	CLEANUP(manifest_reader_free)
	struct manifest_reader *reader =
	    manifest_reader_new_bytes(size ? (const char *)data : "", size);
	struct manifest_item item;
	struct error error;

	while (manifest_reader_next(reader, &item, &error) && item.event != MANIFEST_END) {
		if (item.event != MANIFEST_OBJECT)
			continue;
		if (strcmp(item.kind, "Event") == 0)
			waiting_add_event(&list, item.root);
		else
			waiting_add_pod(&list, item.root, 0);
	}
	waiting_settle(&list);
	for (size_t i = 0; i < list.count; i++) {
		const struct waiting *waiting = &list.items[i];
		const char *message = waiting->message;

		must(*waiting->state);
		must(waiting->said.words.data >= message &&
		     waiting->said.words.data + waiting->said.words.len <=
		         message + strlen(message));
		for (int state = DIAGNOSIS_READ; state <= DIAGNOSIS_UNREAD; state++) {
			check(waiting, (enum diagnosis_state)state, false);
			check(waiting, (enum diagnosis_state)state, true);
		}
	}
	return 0;
}
