#include "generate.h"

#include <unistd.h>

#include "regcred/base/memory.h"

/* An image that nothing in the config matches is pulled with something else, which the proof
 * of --for reported. */
static void add_image(struct inquiry *inquiry, struct keyring *keyring, const char *image)
{
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	struct error error;

	if (!keyring_lookup(keyring, view_of(image), &answer, &error) || !answer.match_count)
		return;
	inquiry_add_matches(inquiry_add_image(inquiry, image), keyring, &answer);
}

static void add_questions(struct inquiry *inquiry, struct keyring *keyring,
                          const struct string_list *images)
{
	for (size_t i = 0; i < images->count; i++)
		add_image(inquiry, keyring, images->items[i].data);
	for (size_t i = 0; !images->count && i < keyring_entry_count(keyring); i++) {
		struct keyring_entry entry = keyring_entry(keyring, i);

		inquiry_add_try(inquiry_add_login(inquiry, entry.registry), entry);
	}
}

static void tell(const struct inquiry *inquiry, const struct inquiry_question *question)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	const char *what = question->image ? question->image : question->name.data;
	struct error error;

	if (question->verdict == VERDICT_REFUSED)
		error_set(&error, DIAGNOSTIC_VERIFY_REFUSED, NULL,
		          "the registry does not accept the credential for %s", what);
	else if (question->verdict == VERDICT_NOT_FOUND)
		error_set(&error, DIAGNOSTIC_VERIFY_REFUSED, NULL,
		          "the registry has no image %s, or hides it from this user", what);
	else if (question->verdict == VERDICT_NOT_A_REGISTRY)
		error_set(&error, DIAGNOSTIC_VERIFY_FAILED, NULL, "no registry answers for %s",
		          what);
	else
		error_set(&error, DIAGNOSTIC_VERIFY_FAILED, NULL,
		          "the registry cannot be asked about the credential for %s", what);
	report_error(&error);
	inquiry_append_text(inquiry, question, look_of(STDERR_FILENO), &text);
	report_text(&text);
}

/* Reports those whose answer is not yes, and counts them. */
static size_t tell_all(const struct inquiry *inquiry, const struct report *report)
{
	size_t failed = 0;

	for (size_t i = 0; i < inquiry->count; i++) {
		const struct inquiry_question *question = inquiry->questions[i];

		if (inquiry_is_yes(question)) {
			report_step(report, "the registry accepts it: %s", question->name.data);
			continue;
		}
		tell(inquiry, question);
		failed++;
	}
	return failed;
}

bool verify_made(struct generate_request *request, const struct buf *config,
                 const struct string_list *images, struct error *error)
{
	CLEANUP(keyring_store_free) struct keyring_store *store = keyring_store_new(true);
	CLEANUP(keyring_free) struct keyring *keyring = keyring_new(store);
	CLEANUP(inquiry_release) struct inquiry inquiry = {.options = &request->asking};
	struct report *report = &request->common.report;
	size_t failed;

	keyring_add(keyring,
	            keyring_store_add(store, KEYRING_DOCKERCONFIGJSON, config->data, config->len),
	            0);
	add_questions(&inquiry, keyring, images);
	if (!inquiry_run(&inquiry, report, error))
		return false;
	failed = tell_all(&inquiry, report);
	if (!failed)
		return true;
	return error_set(error,
	                 inquiry_status(&inquiry) == STATUS_NO ? DIAGNOSTIC_VERIFY_REFUSED
	                                                       : DIAGNOSTIC_VERIFY_FAILED,
	                 NULL, "nothing is written: %zu of %zu checks at registries failed", failed,
	                 inquiry.count);
}
