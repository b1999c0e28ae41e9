#include "regcred/base/memory.h"
#include "regcred/pods/image_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *image, *host;
	enum image_host what;
} cases[] = {
    {"ubuntu", "", IMAGE_HOST_ASKS},
    {"bob/app", "", IMAGE_HOST_ASKS},
    {"docker.io/bob/app", "docker.io", IMAGE_HOST_OPEN},
    {"quay.io/a/b:1", "quay.io", IMAGE_HOST_OPEN},
    {"registry.k8s.io/pause", "registry.k8s.io", IMAGE_HOST_OPEN},
    {"myquay.io/a/b", "myquay.io", IMAGE_HOST_ASKS},
    {"quay.io.example.com/a/b", "quay.io.example.com", IMAGE_HOST_ASKS},
    {"1.dkr.ecr.eu-west-1.amazonaws.com/a", "1.dkr.ecr.eu-west-1.amazonaws.com", IMAGE_HOST_NODE},
    {"acme.azurecr.io/a", "acme.azurecr.io", IMAGE_HOST_NODE},
    {"europe-docker.pkg.dev/p/r/a", "europe-docker.pkg.dev", IMAGE_HOST_NODE},
    {"eu.gcr.io/p/a", "eu.gcr.io", IMAGE_HOST_NODE},
    {"image-registry.openshift-image-registry.svc:5000/p/a",
     "image-registry.openshift-image-registry.svc:5000", IMAGE_HOST_NODE},
    {"localhost/a", "localhost", IMAGE_HOST_LOCAL},
    {"localhost:5000/a", "localhost:5000", IMAGE_HOST_LOCAL},
    {"reg.example.com:5000/a", "reg.example.com:5000", IMAGE_HOST_ASKS},
};

static void knows_hosts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct view host = image_host_of(view_of(cases[i].image));

		if (!view_is(host, cases[i].host) || image_host_find(host) != cases[i].what)
			fail_msg("%s", cases[i].image);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(knows_hosts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("image_host", tests, NULL, NULL);
}
