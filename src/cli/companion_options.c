#include "companion_options.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/edit/kubectl.h"
#include "regcred/registry/image_reference.h"

/* An image that says where it is pulled from is proved like one of --image: the Pod is
 * there to use the Secret. */
bool companion_options_set_pod(void *context, const struct option_row *row, char *value,
                               struct error *error)
{
	struct generate_request *request = context;

	request->shape_option = row->name;
	if (!options_set_once(&request->companions.image, row, value, error) ||
	    !companions_set_pod(&request->companions, value, error))
		return false;
	if (image_names_host(view_of(value)))
		string_list_add_once(&request->images, value);
	return true;
}

bool companion_options_set_service_account(void *context, const struct option_row *row, char *value,
                                           struct error *error)
{
	struct generate_request *request = context;

	request->shape_option = row->name;
	return options_set_once(&request->companions.service_account, row, value, error) &&
	       companions_set_service_account(&request->companions, value, error);
}

bool companion_options_set_reader(void *context, const struct option_row *row, char *value,
                                  struct error *error)
{
	struct generate_request *request = context;

	request->shape_option = row->name;
	return companions_add_reader(&request->companions, value, error);
}

/* `default` is in every namespace already: applied, ours would take its place, and what
 * others have put into its list would be gone. */
static bool refuse_default(const struct generate_request *request, const char *secret,
                           struct error *error)
{
	CLEANUP(buf_release) struct buf command = BUF_INIT(BUF_NAME_MAX);
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_NAME_MAX);
	size_t count = request->namespaces.count;

	buf_append_format(&name, "%s%s", secret, request->append_hash ? "-HASH" : "");
	kubectl_append_link(&command, "default",
	                    count == 0   ? NULL
	                    : count == 1 ? request->namespaces.items[0].data
	                                 : "NS",
	                    name.data, " ");
	error_set(error, DIAGNOSTIC_ACCOUNT_DEFAULT, NULL,
	          "the ServiceAccount \"default\" exists in every namespace: a new one would "
	          "replace the list of pull Secrets that it has");
	if (buf_check(&name, "a name", error) && buf_check(&command, "a command", error))
		error_hint(error, "make the Secret alone, then add it to that list: %s",
		           command.data);
	return false;
}

bool companion_options_check(struct generate_request *request, const char *secret,
                             struct error *error)
{
	struct companions *companions = &request->companions;

	if (companions->service_account && strcmp(companions->service_account, "default") == 0)
		return refuse_default(request, secret, error);
	if (!companions_check_readers(companions, &request->namespaces, error))
		return false;
	for (size_t i = 0; i < companions->reader_count; i++) {
		const char *who = reader_is_wide(&companions->readers[i]);

		if (who)
			report_say(&request->common.report, DIAGNOSTIC_READER_WIDE,
			           "name those who need it",
			           "reader \"%s\" %s, and all of them could read the credential",
			           companions->readers[i].name, who);
	}
	return true;
}
