#include "lab/cloudformation/s3_bucket_type.hpp"

#include <fmt/format.h>

#include <array>

#include "lab/s3/s3.hpp"
#include "signature/percent_encoding.hpp"

namespace keytide::lab::cloudformation {
namespace {

using Shape = Property::Shape;
using Update = Property::Update;

constexpr std::array bucket_properties{Property{"BucketName", Shape::text, Update::replaces}};
constexpr std::array bucket_attributes{std::string_view("Arn"), std::string_view("DomainName"),
                                       std::string_view("DualStackDomainName"),
                                       std::string_view("RegionalDomainName")};

Outcome<void> ask(const Actor& actor, std::string method, const std::string& bucket, std::string body) {
    Request request{std::move(method), "/", "", {}, std::move(body)};
    signature::append_encoded(request.path, bucket);
    auto reply = s3::serve(actor.account, actor.caller, request, actor.now);
    return reply ? Outcome<void>{} : std::unexpected(reply.error());
}

Outcome<void> put_bucket(const Actor& actor, Piece& piece, const Piece*) {
    // What the first region's CreateBucket forgives its owner, CloudFormation does not.
    if (actor.account.buckets().named(piece.name))
        return refuse("BucketAlreadyOwnedByYou", piece.name + " already exists", 409);
    const auto& region = actor.caller.region;
    return ask(actor, "PUT", piece.name,
               region == "us-east-1"
                   ? std::string{}
                   : fmt::format("<CreateBucketConfiguration><LocationConstraint>{}</LocationConstraint>"
                                 "</CreateBucketConfiguration>",
                                 region));
}

Outcome<void> take_bucket(const Actor& actor, const Piece& piece) {
    return ask(actor, "DELETE", piece.name, {});
}

Outcome<Holding> bucket_holding(const Value&, const std::string& name) {
    return Holding{{&bucket_kind, {}, {}, name, {}}};
}

std::string bucket_attribute(const Existing& bucket, std::string_view name) {
    const auto& id = bucket.physical_id;
    const auto stored = bucket.account.buckets().named(id);
    const auto region = stored ? (*stored)->region : bucket.account.region();
    if (name == "Arn") return "arn:aws:s3:::" + id;
    if (name == "DomainName") return id + ".s3.amazonaws.com";
    if (name == "RegionalDomainName") return fmt::format("{}.s3.{}.amazonaws.com", id, region);
    return fmt::format("{}.s3.dualstack.{}.amazonaws.com", id, region);
}

}  // namespace

const PieceKind bucket_kind{"bucket", "S3", put_bucket, take_bucket, true};

const ResourceType bucket_type{
    "AWS::S3::Bucket", bucket_properties,   bucket_attributes, "BucketName",    false,
    {24, 24, true},    name_as_physical_id, bucket_holding,    bucket_attribute};

}  // namespace keytide::lab::cloudformation
