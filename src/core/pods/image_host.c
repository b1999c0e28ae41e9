#include "regcred/pods/image_host.h"

#include "regcred/registry/image_reference.h"
#include "regcred/registry/index_key.h"

/* A * is any run within one label. Sources: the registries' own pages on anonymous pulls
 * (docker.com, quay.io, docs.github.com, kubernetes.io blog 2023-03-10, Microsoft Artifact
 * Registry FAQ, Amazon ECR Public user guide, docs.gitlab.com, catalog.redhat.com, ngc.nvidia.com,
 * chainguard.dev); credential providers of kubelets: Kubernetes 1.32 cluster/gce,
 * cloud-provider-aws and cloud-provider-azure (cmd/...credential-provider), OpenShift 4.16
 * "Accessing the registry". */
static const struct {
	const char *host;
	enum image_host what;
} hosts[] = {
    {"docker.io", IMAGE_HOST_OPEN},
    {"*.docker.io", IMAGE_HOST_OPEN},
    {"registry.hub.docker.com", IMAGE_HOST_OPEN},
    {"quay.io", IMAGE_HOST_OPEN},
    {"ghcr.io", IMAGE_HOST_OPEN},
    {"registry.k8s.io", IMAGE_HOST_OPEN},
    {"k8s.gcr.io", IMAGE_HOST_OPEN},
    {"gcr.io", IMAGE_HOST_OPEN},
    {"mirror.gcr.io", IMAGE_HOST_OPEN},
    {"public.ecr.aws", IMAGE_HOST_OPEN},
    {"ecr-public.aws.com", IMAGE_HOST_OPEN},
    {"mcr.microsoft.com", IMAGE_HOST_OPEN},
    {"registry.gitlab.com", IMAGE_HOST_OPEN},
    {"registry.access.redhat.com", IMAGE_HOST_OPEN},
    {"registry.fedoraproject.org", IMAGE_HOST_OPEN},
    {"registry.opensuse.org", IMAGE_HOST_OPEN},
    {"registry.suse.com", IMAGE_HOST_OPEN},
    {"container-registry.oracle.com", IMAGE_HOST_OPEN},
    {"nvcr.io", IMAGE_HOST_OPEN},
    {"lscr.io", IMAGE_HOST_OPEN},
    {"cgr.dev", IMAGE_HOST_OPEN},
    {"icr.io", IMAGE_HOST_OPEN},
    {"docker.elastic.co", IMAGE_HOST_OPEN},
    {"xpkg.upbound.io", IMAGE_HOST_OPEN},
    {"xpkg.crossplane.io", IMAGE_HOST_OPEN},
    {"reg.kyverno.io", IMAGE_HOST_OPEN},
    {"cr.fluentbit.io", IMAGE_HOST_OPEN},
    {"cr.l5d.io", IMAGE_HOST_OPEN},
    {"docker.n8n.io", IMAGE_HOST_OPEN},
    {"docker.redpanda.com", IMAGE_HOST_OPEN},
    {"oci.external-secrets.io", IMAGE_HOST_OPEN},
    {"registry.developers.crunchydata.com", IMAGE_HOST_OPEN},
    {"codeberg.org", IMAGE_HOST_OPEN},
    {"gitea.com", IMAGE_HOST_OPEN},
    {"*.gcr.io", IMAGE_HOST_NODE},
    {"*.pkg.dev", IMAGE_HOST_NODE},
    {"*.dkr.ecr.*.amazonaws.com", IMAGE_HOST_NODE},
    {"*.dkr.ecr.*.amazonaws.com.cn", IMAGE_HOST_NODE},
    {"*.dkr.ecr-fips.*.amazonaws.com", IMAGE_HOST_NODE},
    {"*.dkr-ecr.*.on.aws", IMAGE_HOST_NODE},
    {"*.azurecr.io", IMAGE_HOST_NODE},
    {"*.azurecr.cn", IMAGE_HOST_NODE},
    {"*.azurecr.us", IMAGE_HOST_NODE},
    {"image-registry.openshift-image-registry.svc", IMAGE_HOST_NODE},
    {"image-registry.openshift-image-registry.svc.cluster.local", IMAGE_HOST_NODE},
    {"docker-registry.default.svc", IMAGE_HOST_NODE},
    {"localhost", IMAGE_HOST_LOCAL},
    {"127.0.0.1", IMAGE_HOST_LOCAL},
    {"*.localhost", IMAGE_HOST_LOCAL},
    {"kind-registry", IMAGE_HOST_LOCAL},
    {"host.docker.internal", IMAGE_HOST_LOCAL},
};

struct view image_host_of(struct view image)
{
	return image_names_host(image) ? view_first(image, view_find(image, '/')) : VIEW_EMPTY;
}

enum image_host image_host_find(struct view host)
{
	struct view name = view_first(host, view_find(host, ':'));

	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
		if (index_host_matches(view_of(hosts[i].host), name))
			return hosts[i].what;
	return IMAGE_HOST_ASKS;
}
