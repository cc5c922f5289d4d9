#include "lab/s3/tagging.hpp"

#include <pugixml.hpp>

#include "lab/s3/checksums.hpp"
#include "lab/s3/object_headers.hpp"

namespace keytide::lab::s3 {
namespace {

Outcome<Object*> find_tagged(const Call& call, std::string_view action) {
    if (auto allowed = authorise_on_object(call, action); !allowed) return std::unexpected(allowed.error());
    const auto bucket = find_bucket(call);
    if (!bucket) return std::unexpected(bucket.error());
    if (auto found = find_object(call, **bucket, call.key); !found) return std::unexpected(found.error());
    return &(*bucket)->objects.find(call.key)->second;
}

}  // namespace

Outcome<Reply> get_object_tagging(const Call& call) {
    const auto object = find_tagged(call, "GetObjectTagging");
    if (!object) return std::unexpected(object.error());
    auto xml = document("Tagging");
    xml.open("TagSet");
    for (const auto& [key, value] : (*object)->tags)
        xml.open("Tag").leaf("Key", key).leaf("Value", value).close("Tag");
    return xml_reply(xml.close("TagSet").close("Tagging"));
}

Outcome<Reply> put_object_tagging(const Call& call) {
    const auto object = find_tagged(call, "PutObjectTagging");
    if (!object) return std::unexpected(object.error());
    if (auto same = check_integrity(call.request); !same) return std::unexpected(same.error());
    pugi::xml_document read;
    const auto& body = call.request.body;
    if (!read.load_buffer(body.data(), body.size(), pugi::parse_default | pugi::parse_ws_pcdata_single))
        return malformed_xml();
    const auto root = read.document_element();
    if (std::string_view(root.name()) != "Tagging" || !root.child("TagSet")) return malformed_xml();
    ObjectTags tags;
    for (const auto& tag : root.child("TagSet").children("Tag"))
        tags.emplace_back(tag.child("Key").text().get(), tag.child("Value").text().get());
    if (auto good = check_tags(tags); !good) return std::unexpected(good.error());
    (*object)->tags = std::move(tags);
    return Reply{};
}

Outcome<Reply> delete_object_tagging(const Call& call) {
    const auto object = find_tagged(call, "DeleteObjectTagging");
    if (!object) return std::unexpected(object.error());
    (*object)->tags.clear();
    return Reply{204, "", {}, ""};
}

}  // namespace keytide::lab::s3
