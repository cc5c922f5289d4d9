// Where a Kubernetes cluster is and how one is let in: from a context of a kubeconfig file, or from what a
// pod is given.
// https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
// https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
#pragma once

#include <functional>
#include <string>

#include "credentials/environment.hpp"
#include "http/curl_http.hpp"
#include "vocabulary/error.hpp"

namespace keytide::destinations {

struct KubernetesAccess {
    std::string server;  // https://HOST:PORT, or http on loopback
    http::Tls tls;
    WipedString token;  // may be empty: the client's certificate says who asks
};

// Understands server, certificate-authority(-data), token, tokenFile, client-certificate(-data),
// client-key(-data) and exec. Anything else that would change how or as whom one connects is refused: a
// skipped verification above all.
Result<KubernetesAccess> access_by_kubeconfig(const std::string& path, const std::string& context,
                                              const std::function<bool()>& interrupted);

// `folder` is /var/run/secrets/kubernetes.io/serviceaccount.
Result<KubernetesAccess> access_in_cluster(const credentials::Environment& environment,
                                           const std::string& folder);

}  // namespace keytide::destinations
