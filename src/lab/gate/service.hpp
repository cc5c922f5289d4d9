// Which service a request is for. All of them live on one port, so the scope of its signature tells.
#pragma once

#include <optional>
#include <string_view>

namespace keytide::lab::gate {

enum class Service {
    iam,
    sts,
    s3,
    cloudformation,
    secretsmanager,
    ssm,
    cloudtrail,
    securityhub,
    organizations
};

// The name in a signature's scope and in front of actions: iam, sts, s3, cloudformation, secretsmanager,
// ssm, cloudtrail, securityhub, organizations.
std::string_view name_of(Service service);
std::optional<Service> service_named(std::string_view name);

// Query services are also told apart by the Version parameter, each by the only one it has.
std::optional<Service> service_of_version(std::string_view version);

// Those of the JSON protocol are told by the first part of X-Amz-Target: secretsmanager, AmazonSSM…
std::optional<Service> service_of_target(std::string_view prefix);
bool speaks_json(Service service);  // REST-JSON as well, whose paths name the operation

// Of a query service; empty for others.
std::string_view version_of(Service service);
std::string_view xmlns_of(Service service);

}  // namespace keytide::lab::gate
