#include "lab/gate/service.hpp"

#include <array>

namespace keytide::lab::gate {
namespace {

struct Description {
    Service service;
    std::string_view name, version, xmlns, target{};
    bool has_rest_json = false;
};

constexpr std::array<Description, 9> services{{
    {Service::iam, "iam", "2010-05-08", "https://iam.amazonaws.com/doc/2010-05-08/"},
    {Service::sts, "sts", "2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/"},
    {Service::s3, "s3", "", ""},
    {Service::cloudformation, "cloudformation", "2010-05-15",
     "http://cloudformation.amazonaws.com/doc/2010-05-15/"},
    {Service::secretsmanager, "secretsmanager", "", "", "secretsmanager"},
    {Service::ssm, "ssm", "", "", "AmazonSSM"},
    {Service::cloudtrail, "cloudtrail", "", "", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"},
    {Service::securityhub, "securityhub", "", "", "", true},
    {Service::organizations, "organizations", "", "", "AWSOrganizationsV20161128"},
}};

const Description& describe(Service service) {
    return services[std::size_t(service)];
}

}  // namespace

std::string_view name_of(Service service) {
    return describe(service).name;
}
std::string_view version_of(Service service) {
    return describe(service).version;
}
std::string_view xmlns_of(Service service) {
    return describe(service).xmlns;
}

std::optional<Service> service_named(std::string_view name) {
    for (const auto& one : services)
        if (one.name == name) return one.service;
    return {};
}

bool speaks_json(Service service) {
    return !describe(service).target.empty() || describe(service).has_rest_json;
}

std::optional<Service> service_of_target(std::string_view prefix) {
    for (const auto& one : services)
        if (!one.target.empty() && one.target == prefix) return one.service;
    return {};
}

std::optional<Service> service_of_version(std::string_view version) {
    for (const auto& one : services)
        if (!one.version.empty() && one.version == version) return one.service;
    return {};
}

}  // namespace keytide::lab::gate
