// An XML answer that may hold a secret: parsed in place, and wiped with everything that was made of it.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "vocabulary/wiped_string.hpp"

namespace pugi {
class xml_document;
class xml_node;
}  // namespace pugi

namespace keytide::aws {

class XmlDocument {
public:
    // Nothing when it is not one well-formed document. No external entity is ever read.
    static std::optional<XmlDocument> parse(WipedString text);

    XmlDocument(XmlDocument&&) noexcept;
    XmlDocument& operator=(XmlDocument&&) noexcept;
    ~XmlDocument();

    pugi::xml_node root() const;  // valid as long as the document

private:
    XmlDocument();
    std::unique_ptr<WipedString> text_;  // the nodes point into it, so it may not move
    std::unique_ptr<pugi::xml_document> document_;
};

}  // namespace keytide::aws
