#include "destinations/store_permissions.hpp"

#include <fmt/format.h>

namespace keytide::destinations {

// https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html: six characters
// that nobody chooses follow the name of a secret.
std::optional<StorePermissions> permissions_at(const DestinationUri& uri, std::string_view partition,
                                               std::string_view region) {
    const auto arn = [&](std::string_view service, std::string_view rest) {
        return fmt::format("arn:{}:{}:{}:*:{}", partition, service, region.empty() ? "*" : region, rest);
    };
    if (uri.kind == "secretsmanager")
        return StorePermissions{
            {"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue",
             "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"},
            {uri.path.starts_with("arn:") ? uri.path
                                          : arn("secretsmanager", "secret:" + uri.path + "-??????")}};
    if (uri.kind == "ssm") {
        StorePermissions result{{"ssm:GetParameter", "ssm:GetParameterHistory", "ssm:PutParameter"}, {}};
        const auto slash = uri.path.starts_with('/') ? "" : "/";
        if (uri.value("id").starts_with('/'))
            for (const auto* part : {"id", "secret"})
                result.resources.push_back(arn("ssm", "parameter" + (slash + uri.path) + uri.value(part)));
        else
            result.resources.push_back(arn("ssm", "parameter" + (slash + uri.path)));
        return result;
    }
    return std::nullopt;
}

}  // namespace keytide::destinations
