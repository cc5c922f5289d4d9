#include "aws/xml_document.hpp"

#include <pugixml.hpp>
#include <utility>

#include "http/wiping_allocation.hpp"

namespace keytide::aws {
namespace {

// pugixml's memory functions are chosen once for the process.
void initialise_pugixml() {
    static const bool done = [] {
        pugi::set_memory_management_functions(http::plain_malloc, http::wiping_free);
        return true;
    }();
    static_cast<void>(done);
}

}  // namespace

XmlDocument::XmlDocument() = default;
XmlDocument::XmlDocument(XmlDocument&&) noexcept = default;
XmlDocument& XmlDocument::operator=(XmlDocument&&) noexcept = default;
XmlDocument::~XmlDocument() = default;

std::optional<XmlDocument> XmlDocument::parse(WipedString text) {
    initialise_pugixml();
    XmlDocument result;
    result.text_ = std::make_unique<WipedString>(std::move(text));
    result.document_ = std::make_unique<pugi::xml_document>();
    const auto read = result.document_->load_buffer_inplace(result.text_->data(), result.text_->size(),
                                                            pugi::parse_default | pugi::parse_trim_pcdata,
                                                            pugi::encoding_utf8);
    if (!read || !result.root()) return std::nullopt;
    return result;
}

pugi::xml_node XmlDocument::root() const {
    return document_->document_element();
}

}  // namespace keytide::aws
