#include "lab/s3/object_headers.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "lab/parameters.hpp"
#include "lab/s3/call.hpp"

namespace keytide::lab::s3 {
namespace {

constexpr std::string_view user_metadata = "x-amz-meta-";
constexpr std::size_t most_user_metadata = 2048;
constexpr std::size_t most_tags = 10, longest_tag_key = 128, longest_tag_value = 256;

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    return result;
}

std::string_view kept_name(std::string_view lower_name) {
    constexpr std::array<std::string_view, 6> names{"Content-Type",        "Cache-Control",
                                                    "Content-Disposition", "Content-Encoding",
                                                    "Content-Language",    "Expires"};
    for (const auto name : names)
        if (signature::same_header_name(name, lower_name)) return name;
    return {};
}

// aws-chunked was how the body came, and is not how the object is encoded.
std::string without_chunking(std::string_view encodings) {
    std::string result;
    while (!encodings.empty()) {
        auto one = encodings.substr(0, encodings.find(','));
        encodings.remove_prefix(std::min(encodings.size(), one.size() + 1));
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        if (one.empty() || one == "aws-chunked") continue;
        result.append(result.empty() ? "" : ",").append(one);
    }
    return result;
}

// Read here or there, in whatever place; the values are checked by who reads them.
bool is_known(std::string_view name) {
    constexpr std::array<std::string_view, 27> names{"x-amz-acl",
                                                     "x-amz-checksum-algorithm",
                                                     "x-amz-checksum-crc32",
                                                     "x-amz-checksum-crc32c",
                                                     "x-amz-checksum-crc64nvme",
                                                     "x-amz-checksum-mode",
                                                     "x-amz-checksum-sha1",
                                                     "x-amz-checksum-sha256",
                                                     "x-amz-checksum-type",
                                                     "x-amz-content-sha256",
                                                     "x-amz-copy-source",
                                                     "x-amz-copy-source-if-match",
                                                     "x-amz-copy-source-if-modified-since",
                                                     "x-amz-copy-source-if-none-match",
                                                     "x-amz-copy-source-if-unmodified-since",
                                                     "x-amz-copy-source-range",
                                                     "x-amz-date",
                                                     "x-amz-expected-bucket-owner",
                                                     "x-amz-metadata-directive",
                                                     "x-amz-mp-object-size",
                                                     "x-amz-sdk-checksum-algorithm",
                                                     "x-amz-security-token",
                                                     "x-amz-source-expected-bucket-owner",
                                                     "x-amz-storage-class",
                                                     "x-amz-tagging",
                                                     "x-amz-tagging-directive",
                                                     "x-amz-user-agent"};
    return std::find(names.begin(), names.end(), name) != names.end() || name.starts_with(user_metadata);
}

}  // namespace

Outcome<std::vector<HeaderField>> headers_to_keep(const Request& request) {
    std::vector<HeaderField> kept;
    std::size_t metadata = 0;
    for (const auto& [name, value] : request.headers) {
        const auto in_lower_case = lower(name);
        if (in_lower_case.starts_with(user_metadata)) {
            metadata += name.size() - user_metadata.size() + value.size();
            kept.push_back({in_lower_case, value});
        } else if (const auto known = kept_name(in_lower_case); !known.empty()) {
            auto text = known == "Content-Encoding" ? without_chunking(value) : value;
            if (!text.empty()) kept.push_back({std::string(known), std::move(text)});
        }
    }
    if (metadata > most_user_metadata) {
        ServiceError error{"MetadataTooLarge",
                           "Your metadata headers exceed the maximum allowed metadata size", 400};
        error.elements = {{"Size", std::to_string(metadata)},
                          {"MaxSizeAllowed", std::to_string(most_user_metadata)}};
        return std::unexpected(std::move(error));
    }
    return kept;
}

Outcome<void> check_headers(const Request& request) {
    for (const auto& [name, value] : request.headers) {
        if (!signature::same_header_name(std::string_view(name).substr(0, 6), "x-amz-")) continue;
        const auto in_lower_case = lower(name);
        if (!is_known(in_lower_case)) return not_implemented();
        if (in_lower_case == "x-amz-storage-class" && value != "STANDARD") return not_implemented();
        if (in_lower_case == "x-amz-acl" && value != "private" && value != "bucket-owner-full-control")
            return refuse("AccessControlListNotSupported", "The bucket does not allow ACLs", 400);
    }
    return {};
}

Outcome<ObjectTags> tags_in_header(const Request& request) {
    ObjectTags tags;
    const auto* header = request.header("x-amz-tagging");
    if (header == nullptr) return tags;
    const auto fields = Parameters::parse(*header);
    for (const auto& tag : fields.fields()) tags.push_back(tag);
    if (auto good = check_tags(tags); !good) return std::unexpected(good.error());
    return tags;
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
Outcome<void> check_tags(const ObjectTags& tags) {
    if (tags.size() > most_tags) return refuse("BadRequest", "Object tags cannot be greater than 10", 400);
    std::set<std::string_view> keys;
    for (const auto& [key, value] : tags) {
        if (key.empty() || key.size() > longest_tag_key)
            return refuse("InvalidTag", "The TagKey you have provided is invalid", 400);
        if (value.size() > longest_tag_value)
            return refuse("InvalidTag", "The TagValue you have provided is invalid", 400);
        if (!keys.insert(key).second)
            return refuse("InvalidTag", "Cannot provide multiple Tags with the same key", 400);
    }
    return {};
}

}  // namespace keytide::lab::s3
