#include "lab/s3/buckets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>

#include "lab/constraints.hpp"
#include "lab/gate/authorisation.hpp"
#include "lab/xml.hpp"
#include "signature/hash.hpp"

namespace keytide::lab::s3 {
namespace {

constexpr std::string_view xmlns = "http://s3.amazonaws.com/doc/2006-03-01/";
constexpr std::size_t most_buckets = 10'000;

std::string arn_of(std::string_view bucket) {
    return fmt::format("arn:aws:s3:::{}", bucket);
}

Outcome<void> authorise_on_bucket(const Account& account, const Caller& caller, std::string_view action,
                                  std::string_view bucket) {
    const auto arn = arn_of(bucket);
    return gate::authorise(account, caller, action, {arn, '"' + arn + '"'});
}

// Sixty-four hexadecimal digits that stand for the account in S3.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html
std::string canonical_user_id(const Account& account) {
    return signature::sha256_hex("canonical user of " + account.id());
}

struct Selection {
    std::size_t most = most_buckets;
    std::string_view prefix, region, after;
    bool paged = false;
};

Outcome<Selection> selection_of(const Parameters& query) {
    Selection selection{.prefix = query.get("prefix"),
                        .region = query.get("bucket-region"),
                        .after = query.get("continuation-token"),
                        .paged = query.size() > 0};
    if (const auto* text = query.find("max-buckets")) {
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), selection.most);
        if (error != std::errc{} || end != text->data() + text->size() || selection.most < 1 ||
            selection.most > most_buckets)
            return refuse("InvalidArgument", "Argument max-buckets must be an integer between 1 and 10000.",
                          400);
    }
    return selection;
}

// The region a CreateBucket asks for; empty when it asks for none.
Outcome<std::string> location_constraint(std::string_view body) {
    if (body.empty()) return std::string{};
    pugi::xml_document document;
    const auto root =
        document.load_buffer(body.data(), body.size()) ? document.document_element() : pugi::xml_node{};
    if (std::string_view(root.name()) != "CreateBucketConfiguration")
        return refuse(
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema", 400);
    return std::string(root.child("LocationConstraint").text().get());
}

// A bucket is made where the request is sent; only the first region makes them elsewhere.
Outcome<std::string> region_for(std::string_view constraint, std::string_view endpoint) {
    constexpr std::string_view first_region = "us-east-1";
    if (constraint == first_region)
        return refuse("InvalidLocationConstraint", "The specified location-constraint is not valid", 400);
    if (endpoint != first_region && constraint != endpoint)
        return refuse(
            "IllegalLocationConstraintException",
            fmt::format("The {} location constraint is incompatible for the region specific endpoint this "
                        "request was sent to.",
                        constraint.empty() ? "unspecified" : constraint),
            400);
    return std::string(constraint.empty() ? first_region : constraint);
}

}  // namespace

Outcome<Reply> list_buckets(const Account& account, const Caller& caller, const Parameters& query) {
    // Policies name this either * or arn:aws:s3:::*, and AWS takes both; the refusal names no resource.
    if (auto allowed = gate::authorise(account, caller, "s3:ListAllMyBuckets", {"arn:aws:s3:::*", ""});
        !allowed)
        return std::unexpected(allowed.error());
    auto selection = selection_of(query);
    if (!selection) return std::unexpected(selection.error());

    XmlWriter xml;
    xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").open("ListAllMyBucketsResult", xmlns);
    xml.open("Owner").leaf("ID", canonical_user_id(account)).close("Owner").open("Buckets");
    const auto& buckets = account.buckets().owned_by(account.id());
    std::size_t shown = 0;
    std::string_view last, token;
    for (auto it = selection->after.empty() ? buckets.begin() : buckets.upper_bound(selection->after);
         it != buckets.end(); ++it) {
        const auto& bucket = *it->second;
        if (!bucket.name.starts_with(selection->prefix)) continue;
        if (!selection->region.empty() && bucket.region != selection->region) continue;
        if (shown == selection->most) {
            token = last;
            break;
        }
        ++shown;
        last = bucket.name;
        xml.open("Bucket").leaf("Name", bucket.name).leaf("CreationDate", to_rfc3339(bucket.created, true));
        if (selection->paged) xml.leaf("BucketRegion", bucket.region);
        xml.close("Bucket");
    }
    xml.close("Buckets");
    if (!token.empty()) xml.leaf("ContinuationToken", token);
    if (query.has("prefix")) xml.leaf("Prefix", selection->prefix);
    return Reply{200, "application/xml", {}, xml.close("ListAllMyBucketsResult").take()};
}

Outcome<Reply> create_bucket(Account& account, const Caller& caller, std::string_view name,
                             std::string_view body, Instant now) {
    if (auto allowed = authorise_on_bucket(account, caller, "s3:CreateBucket", name); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = check_bucket_name(name); !valid) return std::unexpected(valid.error());
    auto constraint = location_constraint(body);
    if (!constraint) return std::unexpected(constraint.error());
    auto region = region_for(*constraint, caller.region);
    if (!region) return std::unexpected(region.error());
    auto bucket = account.buckets().create(account.id(), name, *region, now);
    if (!bucket) return std::unexpected(bucket.error());
    return Reply{200, "", {{"Location", "/" + (*bucket)->name}, {"x-amz-bucket-arn", arn_of(name)}}, ""};
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html: the permission is s3:ListBucket
Outcome<Reply> head_bucket(const Account& account, const Caller& caller, std::string_view name) {
    if (auto allowed = authorise_on_bucket(account, caller, "s3:ListBucket", name); !allowed)
        return std::unexpected(allowed.error());
    auto bucket = account.buckets().named(name);
    if (!bucket) return std::unexpected(bucket.error());
    return Reply{200,
                 "application/xml",
                 {{"x-amz-bucket-region", (*bucket)->region}, {"x-amz-bucket-arn", arn_of(name)}},
                 ""};
}

Outcome<Reply> delete_bucket(Account& account, const Caller& caller, std::string_view name) {
    if (auto allowed = authorise_on_bucket(account, caller, "s3:DeleteBucket", name); !allowed)
        return std::unexpected(allowed.error());
    if (auto deleted = account.buckets().erase(name); !deleted) return std::unexpected(deleted.error());
    return Reply{204, "", {}, ""};
}

}  // namespace keytide::lab::s3
