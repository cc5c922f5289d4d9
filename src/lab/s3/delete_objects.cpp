#include "lab/s3/delete_objects.hpp"

#include <pugixml.hpp>
#include <vector>

#include "lab/s3/checksums.hpp"

namespace keytide::lab::s3 {
namespace {

constexpr std::size_t most_keys = 1000;

struct Wish {
    std::vector<std::string> keys;
    bool quiet = false;
};

Outcome<Wish> read_wish(const std::string& body) {
    pugi::xml_document read;
    if (!read.load_buffer(body.data(), body.size(), pugi::parse_default | pugi::parse_ws_pcdata_single))
        return malformed_xml();
    const auto root = read.document_element();
    if (std::string_view(root.name()) != "Delete") return malformed_xml();
    Wish wish{.quiet = std::string_view(root.child("Quiet").text().get()) == "true"};
    for (const auto& object : root.children("Object")) {
        const std::string_view version = object.child("VersionId").text().get();
        if (!version.empty() && version != "null") return not_implemented();
        if (object.child("ETag") || object.child("LastModifiedTime") || object.child("Size"))
            return not_implemented();
        wish.keys.emplace_back(object.child("Key").text().get());
        if (wish.keys.back().empty()) return malformed_xml();
    }
    if (wish.keys.empty() || wish.keys.size() > most_keys) return malformed_xml();
    return wish;
}

}  // namespace

Outcome<Reply> delete_objects(const Call& call) {
    const auto checksum = check_integrity(call.request);
    if (!checksum) return std::unexpected(checksum.error());
    if (!*checksum && call.request.header("content-md5") == nullptr)
        return refuse("InvalidRequest", "Missing required header for this request: Content-MD5", 400);
    const auto wish = read_wish(call.request.body);
    if (!wish) return std::unexpected(wish.error());
    const auto bucket = find_bucket(call);
    if (!bucket) return std::unexpected(bucket.error());

    auto xml = document("DeleteResult");
    for (const auto& key : wish->keys) {
        if (auto allowed = authorise_on_object(call, "DeleteObject", call.bucket, key); !allowed) {
            xml.open("Error").leaf("Key", key).leaf("Code", allowed.error().code);
            xml.leaf("Message", allowed.error().message).close("Error");
            continue;
        }
        if (const auto found = (*bucket)->objects.find(key); found != (*bucket)->objects.end())
            (*bucket)->objects.erase(found);
        if (!wish->quiet) xml.open("Deleted").leaf("Key", key).close("Deleted");
    }
    return xml_reply(xml.close("DeleteResult"));
}

}  // namespace keytide::lab::s3
