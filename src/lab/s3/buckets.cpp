#include "lab/s3/buckets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>

#include "lab/constraints.hpp"
#include "lab/gate/authorisation.hpp"

namespace keytide::lab::s3 {
namespace {

constexpr std::size_t most_buckets = 10'000;

std::string arn_of(std::string_view bucket) {
    return fmt::format("arn:aws:s3:::{}", bucket);
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
    pugi::xml_document read;
    const auto root = read.load_buffer(body.data(), body.size()) ? read.document_element() : pugi::xml_node{};
    if (std::string_view(root.name()) != "CreateBucketConfiguration") return malformed_xml();
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

Outcome<Reply> list_buckets(const Call& call) {
    // Policies name this either * or arn:aws:s3:::*, and AWS takes both; the refusal names no resource.
    if (auto allowed =
            gate::authorise(call.account, call.caller, "s3:ListAllMyBuckets", {"arn:aws:s3:::*", ""});
        !allowed)
        return std::unexpected(allowed.error());
    auto selection = selection_of(call.query);
    if (!selection) return std::unexpected(selection.error());

    auto xml = document("ListAllMyBucketsResult");
    xml.open("Owner").leaf("ID", call.account.canonical_user_id()).close("Owner").open("Buckets");
    const auto buckets =
        call.account.buckets().owned_as_of(call.account.id(), call.replica.deleted_buckets, call.now);
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
    if (call.query.has("prefix")) xml.leaf("Prefix", selection->prefix);
    return xml_reply(xml.close("ListAllMyBucketsResult"));
}

Outcome<Reply> create_bucket(const Call& call) {
    if (auto allowed = authorise_on_bucket(call, "CreateBucket"); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = check_bucket_name(call.bucket); !valid) return std::unexpected(valid.error());
    auto constraint = location_constraint(call.request.body);
    if (!constraint) return std::unexpected(constraint.error());
    auto region = region_for(*constraint, call.caller.region);
    if (!region) return std::unexpected(region.error());
    auto bucket = call.account.buckets().create(call.account.id(), call.bucket, *region, call.now);
    if (!bucket) return std::unexpected(bucket.error());
    return Reply{200, "", {{"Location", "/" + call.bucket}, {"x-amz-bucket-arn", arn_of(call.bucket)}}, ""};
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html: the permission is s3:ListBucket
Outcome<Reply> head_bucket(const Call& call) {
    if (auto allowed = authorise_on_bucket(call, "ListBucket"); !allowed)
        return std::unexpected(allowed.error());
    const auto bucket = find_bucket(call);
    if (!bucket) return std::unexpected(bucket.error());
    return Reply{200,
                 "application/xml",
                 {{"x-amz-bucket-region", (*bucket)->region}, {"x-amz-bucket-arn", arn_of(call.bucket)}},
                 ""};
}

Outcome<Reply> delete_bucket(const Call& call) {
    if (auto allowed = authorise_on_bucket(call, "DeleteBucket"); !allowed)
        return std::unexpected(allowed.error());
    if (auto bucket = find_bucket(call); !bucket) return std::unexpected(bucket.error());
    if (auto deleted = call.account.buckets().erase(call.bucket, call.now); !deleted)
        return std::unexpected(deleted.error());
    return Reply{204, "", {}, ""};
}

// The first region has no name here.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
Outcome<Reply> get_bucket_location(const Call& call) {
    if (auto allowed = authorise_on_bucket(call, "GetBucketLocation"); !allowed)
        return std::unexpected(allowed.error());
    const auto bucket = find_bucket(call);
    if (!bucket) return std::unexpected(bucket.error());
    auto xml = document("LocationConstraint");
    std::string region;
    if ((*bucket)->region != "us-east-1") append_escaped(region, (*bucket)->region);
    xml.raw(region);
    return xml_reply(xml.close("LocationConstraint"));
}

}  // namespace keytide::lab::s3
