#include <string.h>

#include "../io/input.h"
#include "../io/output.h"
#include "commands.h"
#include "generate.h"
#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/docker/docker_config.h"
#include "regcred/kube/document.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/kube/secret.h"

/* The texts that a Secret borrows, made on the way to it. */
struct making {
	struct docker_config config;
	struct buf payload; /* the Docker config JSON */
	struct buf data;    /* the same in base64 */
	struct buf name;
	struct secret secret;
	struct json *objects[1 + COMPANIONS_MAX]; /* the Secret, then what goes with it */
	size_t companion_count;
	struct document document;
	struct update *update; /* --update; NULL: a new Secret */
	struct proof *proof;   /* --image, --for; NULL: nothing is to be proved */
};

static void making_release(struct making *making)
{
	docker_config_release(&making->config);
	buf_release(&making->payload);
	buf_release(&making->data);
	buf_release(&making->name);
	secret_pairs_release(&making->secret.data); /* labels are the request's */
	for (size_t i = 0; i <= making->companion_count; i++)
		json_release(&making->objects[i]);
	document_release(&making->document);
	update_release(making->update);
	proof_release(making->proof);
}

static bool read_namespaces(struct generate_request *request, struct error *error)
{
	const char *place = request->namespaces_file;

	if (!place)
		return true;
	if (!input_read(place, &request->namespaces_text, error))
		return false;
	if (!namespaces_parse(&request->namespaces, &request->namespaces_text, input_name(place),
	                      error))
		return false;
	report_step(&request->common.report, "read namespaces from %s: %zu in all",
	            input_name(place), request->namespaces.count);
	return true;
}

/* Describes the Secret, without its data; checked, so that no
 * password is asked for in vain. */
static bool describe_secret(const struct generate_request *request, struct secret *secret,
                            struct error *error)
{
	*secret = (struct secret){
	    .name = request->name ? request->name : "regcred",
	    .type = SECRET_TYPE_DOCKER_CONFIG,
	    .immutable = request->immutable,
	    .labels = request->labels,
	    .annotations = request->annotations,
	};
	if (!secret_check(secret, error))
		return false;
	if (!request->append_hash || strlen(secret->name) <= K8S_SUBDOMAIN_MAX - SECRET_HASH_SIZE)
		return true;
	return error_set(error, DIAGNOSTIC_NAME_INVALID, "shorten it, or leave --append-hash out",
	                 "the name is %zu bytes long, with the hash the limit is %d",
	                 strlen(secret->name), K8S_SUBDOMAIN_MAX - SECRET_HASH_SIZE);
}

/* The hash is that of the content, so the name comes after the data. */
static bool append_hash(struct making *making, struct error *error)
{
	char hash[SECRET_HASH_SIZE];

	if (!secret_hash(&making->secret, hash, error))
		return false;
	buf_append_format(&making->name, "%s-%s", making->secret.name, hash);
	making->secret.name = making->name.data;
	return buf_check(&making->name, "the name", error);
}

static bool fill_secret(const struct generate_request *request, struct making *making,
                        struct error *error)
{
	secret_pairs_add(&making->secret.data, SECRET_KEY_DOCKER_CONFIG, making->data.data);
	update_fill(making->update, &making->secret);
	if (request->append_hash && !append_hash(making, error))
		return false;
	return secret_check(&making->secret, error);
}

static bool make_document(const struct generate_request *request, struct making *making,
                          struct error *error)
{
	enum document_format format =
	    request->common.output.index == OUTPUT_JSON ? DOCUMENT_JSON : DOCUMENT_YAML;
	size_t count = request->namespaces.count;

	making->objects[0] = secret_object(&making->secret, count > 0);
	if (!update_complete(making->update, making->objects[0], error) ||
	    !companions_make(&request->companions, making->secret.name, count > 0,
	                     making->objects + 1, &making->companion_count, error))
		return false;
	return document_render(&making->document, (const struct json *const *)making->objects,
	                       1 + making->companion_count, format, count > 1, error);
}

/* The objects for each namespace, through one buffer that cannot grow any more
 * once the first byte is out: from there on only writing itself can fail. */
static bool write_objects(const struct document *document, const struct string_list *namespaces,
                          struct output *output, struct error *error)
{
	enum { CHUNK = 128 * 1024 };
	CLEANUP(buf_release) struct buf text = BUF_INIT(2 * BUF_CONFIG_MAX);
	size_t count = namespaces->count ? namespaces->count : 1;

	buf_reserve(&text, (count > 1 ? CHUNK : 0) + document_group_max(document));
	buf_append(&text, document->head.data, document->head.len);
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_append(&text, document->separator.data, document->separator.len);
		document_append(document, namespaces->count ? namespaces->items[i] : VIEW_EMPTY,
		                &text);
		if (text.len < CHUNK)
			continue;
		if (!buf_check(&text, "the manifest", error) ||
		    !output_write(output, text.data, text.len, error))
			return false;
		buf_rewind(&text);
	}
	buf_append(&text, document->tail.data, document->tail.len);
	return buf_check(&text, "the manifest", error) &&
	       output_write(output, text.data, text.len, error);
}

/* The config is a text file of its own, or in the objects. */
static bool write_document(const struct generate_request *request, const struct making *making,
                           struct output *output, struct error *error)
{
	if (request->common.output.index == OUTPUT_CONFIG)
		return output_write(output, making->payload.data, making->payload.len, error);
	return write_objects(&making->document, &request->namespaces, output, error);
}

static bool write_output(struct generate_request *request, const struct making *making,
                         struct error *error)
{
	CLEANUP(output_release) struct output output = OUTPUT_INIT;
	struct report *report = &request->common.report;
	bool to_stdout = output_is_stdout(request->output_file);

	if (to_stdout && output_is_readable_by_others())
		report_say(report, DIAGNOSTIC_OUTPUT_READABLE,
		           "--output-file FILE makes a file that only you can read",
		           "the credential goes to a file that others can read");
	if (!output_open(&output, request->output_file, error) ||
	    !write_document(request, making, &output, error) || !output_commit(&output, error))
		return false;
	report_step(report, "wrote the result to %s",
	            to_stdout ? "standard output" : request->output_file);
	return true;
}

/* With --strict nothing is written or asked after a warning. */
static bool stop_if_strict(const struct generate_request *request, struct error *error)
{
	return !request->common.report.failed ||
	       error_set(error, DIAGNOSTIC_STRICT, NULL,
	                 "nothing is written, as --strict was given");
}

static bool make_config(const struct generate_request *request, struct making *making,
                        struct error *error)
{
	if (!docker_config_print(&making->config, &making->payload, error)) {
		if (error->diagnostic == DIAGNOSTIC_INPUT_TOO_LARGE)
			error_set(error, DIAGNOSTIC_SECRET_TOO_LARGE, NULL,
			          "the Docker config is larger than any Secret can be, %d bytes",
			          K8S_SECRET_MAX);
		return false;
	}
	if (request->common.output.index == OUTPUT_CONFIG)
		buf_append_char(&making->payload, '\n'); /* a text file by itself */
	return buf_check(&making->payload, "the Docker config", error);
}

static bool make_secret(struct generate_request *request, struct making *making,
                        struct error *error)
{
	base64_encode(&making->data, making->payload.data, making->payload.len);
	if (!buf_check(&making->data, "the Docker config", error) ||
	    !fill_secret(request, making, error))
		return false;
	if (making->payload.len > SECRET_LARGE)
		report_say(
		    &request->common.report, DIAGNOSTIC_SECRET_LARGE,
		    "use kubectl apply --server-side -f -",
		    "the Secret holds %zu bytes: too much for the copy that kubectl apply keeps in "
		    "an annotation",
		    making->payload.len);
	return true;
}

/* The straight line: options -> credentials -> Docker config JSON -> base64 ->
 * Secret -> document -> output. Nothing is written before all of it is right. */
static bool generate(struct generate_request *request, struct making *making, struct error *error)
{
	bool bare = request->common.output.index == OUTPUT_CONFIG; /* no Secret around the config */

	/* options: what can be judged without a password is judged first */
	if (!update_read(request, &making->update, error) ||
	    !proof_read(request, &making->proof, error) ||
	    !describe_secret(request, &making->secret, error) || !read_namespaces(request, error) ||
	    !generate_request_check_companions(request, making->secret.name, error) ||
	    !credentials_prepare(request, error))
		return false;
	update_keep_usernames(making->update, request);
	if (!credentials_check(request, error) || !stop_if_strict(request, error))
		return false;

	/* credentials */
	if (!import_entries(request, error) ||
	    !credentials_collect(request, &making->config, error) ||
	    !update_keep(making->update, request, &making->config, error) ||
	    !stop_if_strict(request, error) || !credentials_read(request, error))
		return false;

	/* Docker config JSON, and what is in it */
	if (!make_config(request, making, error) ||
	    !proof_prove(making->proof, request, &making->payload, error))
		return false;

	/* base64, Secret, document */
	if (!bare &&
	    (!make_secret(request, making, error) || !make_document(request, making, error)))
		return false;

	/* output */
	return stop_if_strict(request, error) &&
	       (!request->verify ||
	        verify_made(request, &making->payload, proof_images(making->proof), error)) &&
	       write_output(request, making, error);
}

enum status generate_run(int argc, char **argv)
{
	CLEANUP(generate_request_release) struct generate_request request;
	CLEANUP(making_release)
	struct making making = {.payload = BUF_INIT(BUF_CONFIG_MAX),
	                        .data = BUF_INIT(BUF_CONFIG_MAX),
	                        .name = BUF_INIT(BUF_NAME_MAX)};
	enum status status;
	struct error error;

	generate_request_init(&request);
	if (!commands_begin("generate", argc, argv, &request, &status)) {
		password_wipe_arguments(argv);
		return status;
	}
	if (generate_request_check(&request, &error) && generate(&request, &making, &error))
		return STATUS_OK;
	report_error(&error);
	return error.status;
}
