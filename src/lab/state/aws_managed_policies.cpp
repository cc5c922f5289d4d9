#include "lab/state/aws_managed_policies.hpp"

#include <array>

#include "lab/aws_managed/documents.hpp"

namespace keytide::lab {
namespace {

struct Published {
    std::string_view name, id, version, created, updated, description;
    const char* document;
};

constexpr std::string_view prefix = "arn:aws:iam::aws:policy/";

const std::array<Published, 8> published{{
    {"AdministratorAccess", "ANPAIWMBCKSKIEE64ZLYK", "v1", "2015-02-06T18:39:46Z", "2015-02-06T18:39:46Z",
     "Provides full access to AWS services and resources.", aws_managed::AdministratorAccess},
    {"AmazonS3FullAccess", "ANPAIFIR6V6BVTRAHWINE", "v2", "2015-02-06T18:40:58Z", "2021-09-27T20:16:37Z",
     "Provides full access to all buckets via the AWS Management Console.", aws_managed::AmazonS3FullAccess},
    {"AmazonS3ReadOnlyAccess", "ANPAIZTJ4DXE7G6AGAE6M", "v3", "2015-02-06T18:40:59Z", "2023-08-10T21:31:39Z",
     "Provides read only access to all buckets via the AWS Management Console.",
     aws_managed::AmazonS3ReadOnlyAccess},
    {"IAMFullAccess", "ANPAI7XKCFMBPM3QQRRVQ", "v2", "2015-02-06T18:40:38Z", "2019-06-21T19:40:00Z",
     "Provides full access to IAM via the AWS Management Console.", aws_managed::IAMFullAccess},
    {"IAMReadOnlyAccess", "ANPAJKSO7NDY4T57MWDSQ", "v4", "2015-02-06T18:40:39Z", "2018-01-25T19:11:27Z",
     "Provides read only access to IAM via the AWS Management Console.", aws_managed::IAMReadOnlyAccess},
    {"IAMUserChangePassword", "ANPAJ4L4MM2A7QIEB56MS", "v5", "2016-11-15T00:25:16Z", "2026-02-12T17:58:57Z",
     "Provides the ability for an IAM user to change their own password.",
     aws_managed::IAMUserChangePassword},
    {"ReadOnlyAccess", "ANPAILL3HVNFSB6DCOWYQ", "v178", "2015-02-06T18:39:48Z", "2026-02-12T18:01:33Z",
     "Provides read-only access to AWS services and resources.", aws_managed::ReadOnlyAccess},
    {"SecurityAudit", "ANPAIX2T3QCXHR2OGGCTO", "v85", "2015-02-06T18:41:01Z", "2026-03-02T17:12:11Z",
     "The security audit template grants access to read security configuration metadata. It is useful for "
     "software that audits the configuration of an AWS account.",
     aws_managed::SecurityAudit},
}};

}  // namespace

const ManagedPolicy& AwsManagedPolicies::compiled(std::size_t index) {
    if (const auto known = compiled_.find(index); known != compiled_.end()) return known->second;
    const auto& one = published[index];
    ManagedPolicy policy{.name = std::string(one.name),
                         .path = "/",
                         .id = std::string(one.id),
                         .arn = std::string(prefix) + std::string(one.name),
                         .description = std::string(one.description),
                         .created = *parse_rfc3339(one.created),
                         .updated = *parse_rfc3339(one.updated),
                         .versions = {},
                         .default_version = std::string(one.version)};
    // Tests hold that each of them can be read.
    policy.versions.push_back(
        {policy.default_version, read_policy_document(one.document).value(), policy.updated});
    return compiled_.emplace(index, std::move(policy)).first->second;
}

Outcome<void> AwsManagedPolicies::adopt(std::string_view arn, std::string_view name,
                                        std::string_view document, Instant now) {
    auto read = read_policy_document(document);
    if (!read) return std::unexpected(read.error());
    ManagedPolicy policy{.name = std::string(name),
                         .path = "/",
                         .id = "ANPA" + std::string(name),
                         .arn = std::string(arn),
                         .description = {},
                         .created = now,
                         .updated = now,
                         .versions = {},
                         .default_version = "v1"};
    policy.versions.push_back({policy.default_version, std::move(*read), now});
    adopted_.insert_or_assign(policy.arn, std::move(policy));
    return {};
}

const ManagedPolicy* AwsManagedPolicies::find(std::string_view arn) {
    if (const auto known = adopted_.find(arn); known != adopted_.end()) return &known->second;
    if (!arn.starts_with(prefix)) return nullptr;
    for (std::size_t i = 0; i < published.size(); ++i)
        if (published[i].name == arn.substr(prefix.size())) return &compiled(i);
    return nullptr;
}

std::map<std::string_view, const ManagedPolicy*> AwsManagedPolicies::all() {
    std::map<std::string_view, const ManagedPolicy*> result;
    for (const auto& [arn, policy] : adopted_) result.emplace(policy.name, &policy);
    for (std::size_t i = 0; i < published.size(); ++i) result.emplace(published[i].name, &compiled(i));
    return result;
}

}  // namespace keytide::lab
