#include "lab/s3/listing.hpp"

#include <limits>

#include "signature/percent_encoding.hpp"

namespace keytide::lab::s3 {
namespace {

constexpr int most_keys = 1000;

struct Wish {
    ListingQuery query;
    bool encoded = false;
};

Outcome<Wish> read_wish(const Call& call) {
    const auto most = number_of(call, "max-keys", 0, std::numeric_limits<int>::max(), most_keys,
                                "Argument maxKeys must be an integer between 0 and 2147483647");
    if (!most) return std::unexpected(most.error());
    const auto encoded = encodes_names(call);
    if (!encoded) return std::unexpected(encoded.error());
    return Wish{
        {call.query.get("prefix"), call.query.get("delimiter"), {}, std::size_t(std::min(*most, most_keys))},
        *encoded};
}

void write_page(XmlWriter& xml, const Call& call, const Listing& page, bool encoded, bool with_owner) {
    for (const auto* entry : page.objects) {
        const auto& object = entry->second;
        xml.open("Contents").leaf("Key", name_in_answer(entry->first, encoded));
        xml.leaf("LastModified", to_rfc3339(object.modified, true)).leaf("ETag", quoted(object.etag));
        if (object.checksum) {
            xml.leaf("ChecksumAlgorithm", object.checksum->algorithm);
            xml.leaf("ChecksumType", object.checksum->composite ? "COMPOSITE" : "FULL_OBJECT");
        }
        xml.leaf("Size", std::to_string(object.data->size()));
        if (with_owner) xml.open("Owner").leaf("ID", call.account.canonical_user_id()).close("Owner");
        xml.leaf("StorageClass", "STANDARD").close("Contents");
    }
    for (const auto& prefix : page.common_prefixes)
        xml.open("CommonPrefixes").leaf("Prefix", name_in_answer(prefix, encoded)).close("CommonPrefixes");
}

// Where the next page begins, in letters that need no encoding.
std::string token_for(std::string_view last) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string token = "1";
    for (const unsigned char c : last) token += {digits[c >> 4], digits[c & 15]};
    return token;
}

Outcome<std::string> after_token(std::string_view token) {
    std::string last;
    const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    const bool readable = token.starts_with('1') && token.size() % 2 == 1 &&
                          token.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    if (!readable)
        return invalid_argument("The continuation token provided is incorrect", "continuation-token", token);
    for (std::size_t i = 1; i < token.size(); i += 2)
        last += char(value(token[i]) << 4 | value(token[i + 1]));
    return last;
}

}  // namespace

Outcome<bool> encodes_names(const Call& call) {
    const auto* type = call.query.find("encoding-type");
    if (type == nullptr || type->empty()) return false;
    if (*type != "url")
        return invalid_argument("Invalid Encoding Method specified in Request", "encoding-type", *type);
    return true;
}

std::string name_in_answer(std::string_view name, bool encoded) {
    if (!encoded) return std::string(name);
    std::string text;
    signature::append_encoded(text, name, signature::Slash::kept);
    return text;
}

Outcome<Reply> list_objects(const Call& call) {
    if (auto allowed = authorise_on_bucket(call, "ListBucket"); !allowed)
        return std::unexpected(allowed.error());
    auto wish = read_wish(call);
    if (!wish) return std::unexpected(wish.error());
    const auto bucket = find_bucket(call);
    if (!bucket) return std::unexpected(bucket.error());
    auto& query = wish->query;
    query.after = call.query.get("marker");
    const auto page = list((*bucket)->objects, query);

    auto xml = document("ListBucketResult");
    xml.leaf("Name", call.bucket).leaf("Prefix", name_in_answer(query.prefix, wish->encoded));
    xml.leaf("Marker", name_in_answer(query.after, wish->encoded));
    // Without a delimiter the last key serves, and AWS says nothing more.
    if (page.truncated && !query.delimiter.empty())
        xml.leaf("NextMarker", name_in_answer(page.last, wish->encoded));
    xml.leaf("MaxKeys", std::to_string(query.most));
    if (!query.delimiter.empty()) xml.leaf("Delimiter", name_in_answer(query.delimiter, wish->encoded));
    if (wish->encoded) xml.leaf("EncodingType", "url");
    xml.leaf("IsTruncated", page.truncated);
    write_page(xml, call, page, wish->encoded, true);
    return xml_reply(xml.close("ListBucketResult"));
}

Outcome<Reply> list_objects_v2(const Call& call) {
    if (auto allowed = authorise_on_bucket(call, "ListBucket"); !allowed)
        return std::unexpected(allowed.error());
    auto wish = read_wish(call);
    if (!wish) return std::unexpected(wish.error());
    auto& query = wish->query;
    query.after = call.query.get("start-after");
    std::string after;
    const auto* token = call.query.find("continuation-token");
    if (token != nullptr) {
        auto read = after_token(*token);
        if (!read) return std::unexpected(read.error());
        after = *read;
        query.after = after;
    }
    const auto bucket = find_bucket(call);
    if (!bucket) return std::unexpected(bucket.error());
    const auto page = list((*bucket)->objects, query);

    auto xml = document("ListBucketResult");
    xml.leaf("Name", call.bucket).leaf("Prefix", name_in_answer(query.prefix, wish->encoded));
    if (token != nullptr) xml.leaf("ContinuationToken", *token);
    if (page.truncated) xml.leaf("NextContinuationToken", token_for(page.last));
    if (const auto* start = call.query.find("start-after"))
        xml.leaf("StartAfter", name_in_answer(*start, wish->encoded));
    xml.leaf("KeyCount", std::to_string(page.objects.size() + page.common_prefixes.size()));
    xml.leaf("MaxKeys", std::to_string(query.most));
    if (!query.delimiter.empty()) xml.leaf("Delimiter", name_in_answer(query.delimiter, wish->encoded));
    if (wish->encoded) xml.leaf("EncodingType", "url");
    xml.leaf("IsTruncated", page.truncated);
    write_page(xml, call, page, wish->encoded, call.query.get("fetch-owner") == "true");
    return xml_reply(xml.close("ListBucketResult"));
}

}  // namespace keytide::lab::s3
