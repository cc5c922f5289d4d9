#include "aws/endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "http/url.hpp"

namespace keytide::aws {
namespace {

struct Partition {
    std::string_view name, dns_suffix, first_region, iam_host, iam_region;
};

constexpr std::array partitions{
    Partition{"aws", "amazonaws.com", "us-east-1", "iam.amazonaws.com", "us-east-1"},
    Partition{"aws-cn", "amazonaws.com.cn", "cn-north-1", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"},
    Partition{"aws-us-gov", "amazonaws.com", "us-gov-west-1", "iam.us-gov.amazonaws.com", "us-gov-west-1"},
};

const Partition* find_partition(std::string_view name) {
    const auto* found = std::find_if(partitions.begin(), partitions.end(),
                                     [&](const Partition& p) { return p.name == name; });
    return found == partitions.end() ? nullptr : found;
}

// It becomes part of a host name: nothing but a DNS label may get there.
bool is_label(std::string_view text) {
    return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace

std::string_view signing_name(Service service) {
    switch (service) {
        case Service::iam: return "iam";
        case Service::sts: return "sts";
        case Service::s3: return "s3";
        case Service::secretsmanager: return "secretsmanager";
        case Service::ssm: return "ssm";
        case Service::cloudtrail: return "cloudtrail";
        case Service::securityhub: return "securityhub";
        case Service::sns: return "sns";
    }
    return "";
}

Result<std::string> partition_of(std::string_view region) {
    if (!is_label(region))
        return usage_error(fmt::format("'{}' is not the name of an AWS region", region),
                           "write it as us-east-1 or eu-central-1");
    for (const std::string_view apart : {"us-iso", "eu-iso", "eusc-"})
        if (region.starts_with(apart))
            return usage_error(
                fmt::format("region {} belongs to a partition whose endpoints are not known here", region),
                "give its endpoints with --endpoint-url");
    if (region.starts_with("cn-")) return "aws-cn";
    if (region.starts_with("us-gov-")) return "aws-us-gov";
    return "aws";
}

Result<Endpoint> aws_endpoint(Service service, std::string_view region, std::string_view partition) {
    std::string name(partition);
    if (!region.empty()) {
        auto of_region = partition_of(region);
        if (!of_region) return std::unexpected(of_region.error());
        name = *of_region;
    }
    const auto* where = find_partition(name);
    if (where == nullptr)
        return usage_error(fmt::format("the endpoints of partition '{}' are not known here", name),
                           "give them with --endpoint-url");
    const std::string signing_region(service == Service::iam ? where->iam_region
                                     : region.empty()        ? where->first_region
                                                             : region);
    const auto host = service == Service::iam
                          ? std::string(where->iam_host)
                          : fmt::format("{}.{}.{}", signing_name(service), signing_region, where->dns_suffix);
    return Endpoint{service, "https://" + host + "/", host, "/", signing_region};
}

Result<Endpoint> own_endpoint(Service service, std::string_view text, std::string_view region) {
    const auto url = http::parse_url(text);
    if (!url)
        return usage_error(fmt::format("the endpoint for {} is not a URL", signing_name(service)),
                           "write it as https://HOST[:PORT]");
    if (url->has_user_info)  // not repeated in the message: it may hold a password
        return usage_error(
            fmt::format("the endpoint URL for {} holds a user name or password", signing_name(service)),
            "remove what stands before the @");
    if (url->scheme != "https" && url->scheme != "http")
        return usage_error(fmt::format("the endpoint {} is neither https nor http", text),
                           "write it as https://HOST[:PORT]");
    if (url->has_query_or_fragment)
        return usage_error(fmt::format("the endpoint {} has a query or a fragment", text),
                           "write it as https://HOST[:PORT]");
    if (url->scheme == "http" && !http::is_loopback(*url))
        return usage_error(fmt::format("the endpoint {} is plain http and not on this machine", text),
                           "secret access keys travel in answers: use https");
    if (!region.empty() && !is_label(region))
        return usage_error(fmt::format("'{}' is not the name of an AWS region", region),
                           "write it as us-east-1 or eu-central-1");
    return Endpoint{service, url->scheme + "://" + url->authority() + url->path, url->authority(), url->path,
                    std::string(region.empty() ? "us-east-1" : region)};
}

Result<Endpoint> endpoint_for(Service service, std::string_view url, std::string_view region,
                              std::string_view partition) {
    return url.empty() ? aws_endpoint(service, region, partition) : own_endpoint(service, url, region);
}

}  // namespace keytide::aws
