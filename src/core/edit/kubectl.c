#include "regcred/edit/kubectl.h"

void kubectl_append_namespace(struct buf *out, const char *namespace)
{
	if (namespace)
		buf_append_format(out, " -n %s", namespace);
}

static void append_patch(struct buf *out, const char *account, const char *namespace)
{
	buf_append_format(out, "kubectl patch serviceaccount %s", account);
	kubectl_append_namespace(out, namespace);
	buf_append_string(out, " --type=json -p ");
}

void kubectl_append_link(struct buf *out, const char *account, const char *namespace,
                         const char *secret, const char *joint)
{
	append_patch(out, account, namespace);
	buf_append_format(out,
	                  "'[{\"op\":\"add\",\"path\":\"/imagePullSecrets/-\","
	                  "\"value\":{\"name\":\"%s\"}}]' 2>/dev/null ||%s",
	                  secret, joint);
	append_patch(out, account, namespace);
	buf_append_format(out,
	                  "'[{\"op\":\"test\",\"path\":\"/imagePullSecrets\",\"value\":null},"
	                  "{\"op\":\"add\",\"path\":\"/imagePullSecrets\","
	                  "\"value\":[{\"name\":\"%s\"}]}]'",
	                  secret);
}
