#include <string.h>

#include "match_output.h"
#include "regcred/base/memory.h"
#include "sink.h"

/* The members that both lists begin with. */
static struct json *begin_entry(const struct keyring_entry *entry)
{
	return json_object_of("registry", sink_registry(entry->registry));
}

static void add_secret(struct json *object, const struct inventory_secret *secret)
{
	json_add_text(object, "namespace", secret->namespace);
	json_add_text(object, "secret", secret->name);
}

static struct json *credential_of(const struct match_result *result,
                                  const struct keyring_match *match)
{
	struct keyring_entry entry = keyring_entry(result->pod->keyring, match->entry);
	struct inventory_secret secret = inventory_secret(result->inventory, entry.secret);
	struct json *object = begin_entry(&entry);

	json_add_view(object, "username", entry.username);
	add_secret(object, &secret);
	json_add_text(object, "file", subjects_file(result->subjects, secret.file));
	json_add_bool(object, "hubFallback", match->hub_fallback);
	json_add_bool(object, "usable", keyring_entry_is_usable(&entry));
	return object;
}

struct json *match_credentials_json(const struct match_result *result)
{
	struct json *list = json_array();

	for (size_t i = 0; i < result->answer->match_count; i++)
		json_append(list, credential_of(result, &result->answer->matches[i]));
	return list;
}

static struct json *unmatched_of(const struct match_result *result)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	struct json *list = json_array();
	size_t entries[UNMATCHED_MAX];
	size_t count =
	    keyring_nearest(result->pod->keyring, result->answer, entries, UNMATCHED_MAX);

	for (size_t i = 0; i < count; i++) {
		struct keyring_entry entry = keyring_entry(result->pod->keyring, entries[i]);
		struct inventory_secret secret = inventory_secret(result->inventory, entry.secret);
		struct json *object = begin_entry(&entry);

		keyring_explain(result->pod->keyring, result->answer, entries[i], &note);
		add_secret(object, &secret);
		json_add(object, "reason", json_string(keyring_reason_word(note.reason)));
		json_append(list, object);
	}
	return list;
}

static struct json *unknown_of(const struct match_result *result, bool image)
{
	struct json *list = json_array();
	const struct string_list *reasons = &result->pod->reasons;

	if (image)
		json_append(list, json_string("the image is not filled in yet"));
	if (result->verdict != INVENTORY_OPEN && !result->pod->unknown)
		return list; /* Secrets of one name differ, but not about this image */
	for (size_t i = 0; i < reasons->count; i++)
		json_append(list, json_bytes(reasons->items[i].data, reasons->items[i].len));
	return list;
}

/* Why there is no answer. */
static void append_failure(const struct match_result *result, struct buf *out)
{
	const char *message;
	size_t secret;

	if (result->verdict == INVENTORY_INVALID) {
		buf_append_string(out, result->invalid->message);
	} else if (inventory_pod_failure(result->inventory, result->pod, 0, &secret, &message)) {
		subjects_append_secret(result->subjects, result->inventory, secret, out);
		buf_append_format(out, ": %s", message);
	}
}

struct json *match_json(const struct match_result *result)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	struct view repository = buf_view(&result->answer->repository);
	bool asked = repository.len > 0;
	struct json *object;

	match_append_image(result->image, &text);
	object = json_object_of("image", json_bytes(text.data, text.len));
	if (result->verdict == INVENTORY_INVALID || result->verdict == INVENTORY_BROKEN) {
		buf_reset(&text);
		append_failure(result, &text);
		json_add_view(object, "error", buf_view(&text));
		return object;
	}
	json_add_view(object, "repository", repository);
	json_add(object, "credentials", match_credentials_json(result));
	json_add(object, "unmatched", asked ? unmatched_of(result) : json_array());
	json_add_number(object, "unmatchedCount",
	                asked ? (long long)(keyring_entry_count(result->pod->keyring) -
	                                    result->answer->match_count)
	                      : 0);
	json_add(object, "unknown", unknown_of(result, !asked));
	return object;
}
