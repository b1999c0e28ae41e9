#include "regcred/edit/kubectl.h"

void kubectl_append_namespace(struct buf *out, const char *ns)
{
	if (ns)
		buf_append_format(out, " -n %s", ns);
}

static void append_patch(struct buf *out, const char *account, const char *ns)
{
	buf_append_format(out, "kubectl patch serviceaccount %s", account);
	kubectl_append_namespace(out, ns);
	buf_append_string(out, " --type=json -p ");
}

void kubectl_append_link(struct buf *out, const char *account, const char *ns, const char *secret,
                         const char *joint)
{
	append_patch(out, account, ns);
	buf_append_format(out,
	                  "'[{\"op\":\"add\",\"path\":\"/imagePullSecrets/-\","
	                  "\"value\":{\"name\":\"%s\"}}]' 2>/dev/null ||%s",
	                  secret, joint);
	append_patch(out, account, ns);
	buf_append_format(out,
	                  "'[{\"op\":\"test\",\"path\":\"/imagePullSecrets\",\"value\":null},"
	                  "{\"op\":\"add\",\"path\":\"/imagePullSecrets\","
	                  "\"value\":[{\"name\":\"%s\"}]}]'",
	                  secret);
}
