#include "lab/s3/call.hpp"

#include <fmt/format.h>

#include <charconv>

#include "lab/gate/authorisation.hpp"

namespace keytide::lab::s3 {
namespace {

constexpr std::size_t usual_length = 1024;  // of a document

std::string arn_of(std::string_view bucket) {
    return fmt::format("arn:aws:s3:::{}", bucket);
}

Outcome<void> authorise(const Call& call, std::string_view action, const gate::Target& target) {
    return gate::authorise(call.account, call.caller, fmt::format("s3:{}", action), target);
}

gate::Target by_quoted_arn(const std::string& arn) {
    return {arn, '"' + arn + '"'};
}

// What is asked of a list, for policies that let somebody see a part of a bucket.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
gate::Target listed(const Call& call) {
    auto target = by_quoted_arn(arn_of(call.bucket));
    for (const std::string_view name : {"prefix", "delimiter", "max-keys"})
        if (const auto* value = call.query.find(name))
            target.keys.push_back({fmt::format("s3:{}", name), {*value}});
    return target;
}

}  // namespace

Outcome<void> authorise_on_bucket(const Call& call, std::string_view action) {
    return authorise(call, action, listed(call));
}

Outcome<void> authorise_on_object(const Call& call, std::string_view action) {
    return authorise_on_object(call, action, call.bucket, call.key);
}

Outcome<void> authorise_on_object(const Call& call, std::string_view action, std::string_view bucket,
                                  std::string_view key) {
    return authorise(call, action, by_quoted_arn(arn_of(bucket) + "/" + std::string(key)));
}

Outcome<Bucket*> find_bucket(const Call& call) {
    return find_bucket(call, call.bucket);
}

Outcome<Bucket*> find_bucket(const Call& call, std::string_view name) {
    auto bucket = call.account.buckets().named(name);
    if (bucket && (*bucket)->owner != call.account.id()) return refuse("AccessDenied", "Access Denied", 403);
    return bucket;
}

Outcome<const Object*> find_object(const Call& call, const Bucket& bucket, std::string_view key) {
    const auto found = bucket.objects.find(key);
    if (found != bucket.objects.end()) return &found->second;
    if (auto lists = authorise(call, "ListBucket", by_quoted_arn(arn_of(bucket.name))); !lists)
        return std::unexpected(lists.error());
    ServiceError error{"NoSuchKey", "The specified key does not exist.", 404};
    error.elements.emplace_back("Key", key);
    return std::unexpected(std::move(error));
}

std::unexpected<ServiceError> not_implemented() {
    return refuse("NotImplemented", "A header you provided implies functionality that is not implemented",
                  501);
}

std::unexpected<ServiceError> malformed_xml() {
    return refuse("MalformedXML",
                  "The XML you provided was not well-formed or did not validate against our published schema",
                  400);
}

std::unexpected<ServiceError> invalid_argument(std::string message, std::string_view name,
                                               std::string_view value) {
    ServiceError error{"InvalidArgument", std::move(message), 400};
    error.elements = {{"ArgumentName", std::string(name)}, {"ArgumentValue", std::string(value)}};
    return std::unexpected(std::move(error));
}

Outcome<int> number_of(const Call& call, std::string_view name, int least, int most, int otherwise,
                       std::string_view message) {
    const auto* text = call.query.find(name);
    if (text == nullptr || text->empty()) return otherwise;
    int number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size() || number < least || number > most)
        return invalid_argument(std::string(message), name, *text);
    return number;
}

XmlWriter document(std::string_view root) {
    XmlWriter xml(usual_length);
    xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").open(root, xmlns);
    return xml;
}

Reply xml_reply(XmlWriter& xml) {
    return {200, "application/xml", {}, xml.take()};
}

std::string quoted(std::string_view etag) {
    return fmt::format("\"{}\"", etag);
}

std::string_view unquoted(std::string_view etag) {
    if (etag.starts_with('"')) etag.remove_prefix(1);
    if (etag.ends_with('"')) etag.remove_suffix(1);
    return etag;
}

}  // namespace keytide::lab::s3
