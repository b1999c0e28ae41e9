#include "regcred/pods/image_host.h"

#include "regcred/base/memory.h"
#include "regcred/registry/glob.h"
#include "regcred/registry/image_reference.h"

/* A * is any run within one label. Sources: the registries' own pages on anonymous pulls
 * (docker.com, quay.io, docs.github.com, kubernetes.io blog 2023-03-10, Microsoft Artifact
 * Registry FAQ, Amazon ECR Public user guide, docs.gitlab.com, catalog.redhat.com, ngc.nvidia.com,
 * chainguard.dev); credential providers of kubelets: Kubernetes 1.32 cluster/gce,
 * cloud-provider-aws and cloud-provider-azure (cmd/...credential-provider), OpenShift 4.16
 * "Accessing the registry". */
static const char *const hosts[] = {
    [IMAGE_HOST_OPEN] =
        "docker.io *.docker.io registry.hub.docker.com quay.io ghcr.io registry.k8s.io "
        "k8s.gcr.io gcr.io mirror.gcr.io public.ecr.aws ecr-public.aws.com "
        "mcr.microsoft.com registry.gitlab.com registry.access.redhat.com "
        "registry.fedoraproject.org registry.opensuse.org registry.suse.com "
        "container-registry.oracle.com nvcr.io lscr.io cgr.dev icr.io docker.elastic.co "
        "xpkg.upbound.io xpkg.crossplane.io reg.kyverno.io cr.fluentbit.io cr.l5d.io "
        "docker.n8n.io docker.redpanda.com oci.external-secrets.io "
        "registry.developers.crunchydata.com codeberg.org gitea.com",
    [IMAGE_HOST_NODE] =
        "*.gcr.io *.pkg.dev *.dkr.ecr.*.amazonaws.com *.dkr.ecr.*.amazonaws.com.cn "
        "*.dkr.ecr-fips.*.amazonaws.com *.dkr-ecr.*.on.aws *.azurecr.io *.azurecr.cn "
        "*.azurecr.us image-registry.openshift-image-registry.svc "
        "image-registry.openshift-image-registry.svc.cluster.local "
        "docker-registry.default.svc",
    [IMAGE_HOST_LOCAL] = "localhost 127.0.0.1 *.localhost kind-registry host.docker.internal",
};

struct view image_host_of(struct view image)
{
	return image_names_host(image) ? view_first(image, view_find(image, '/')) : VIEW_EMPTY;
}

enum image_host image_host_find(struct view host)
{
	struct view name = view_first(host, view_find(host, ':'));

	for (size_t what = 0; what < COUNT(hosts); what++)
		if (hosts[what] && glob_list_matches(hosts[what], name, '.'))
			return (enum image_host)what;
	return IMAGE_HOST_ASKS;
}
