#include "aws/json_document.hpp"

#include <array>
#include <boost/json.hpp>
#include <cstring>
#include <new>

namespace keytide::aws {
namespace {

namespace json = boost::json;

class WipingMemory final : public json::memory_resource {
    void* do_allocate(std::size_t bytes, std::size_t alignment) override {
        return ::operator new(bytes, std::align_val_t(alignment));
    }
    void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override {
        explicit_bzero(memory, bytes);
        ::operator delete(memory, std::align_val_t(alignment));
    }
    bool do_is_equal(const json::memory_resource& other) const noexcept override { return this == &other; }
};

json::string_view view(std::string_view text) {
    return {text.data(), text.size()};
}

}  // namespace

struct JsonDocument::Content {
    WipingMemory memory;
    json::value root = json::value(nullptr, json::storage_ptr(&memory));
};

JsonDocument::JsonDocument(std::unique_ptr<Content> content) : content_(std::move(content)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

std::optional<JsonDocument> JsonDocument::parse(std::string_view text) {
    auto content = std::make_unique<Content>();
    const json::storage_ptr memory(&content->memory);
    // Texts pass through the parser's own memory as well.
    json::parser parser(memory);
    parser.reset(memory);
    boost::system::error_code error;
    parser.write(view(text), error);
    if (error) return std::nullopt;
    content->root = parser.release();
    if (!content->root.is_object()) return std::nullopt;
    return JsonDocument(std::move(content));
}

const json::value* JsonDocument::find(std::string_view pointer) const {
    boost::system::error_code error;
    return content_->root.find_pointer(view(pointer), error);
}

std::optional<std::string_view> JsonDocument::text(std::string_view pointer) const {
    const auto* found = find(pointer);
    if (found == nullptr || !found->is_string()) return std::nullopt;
    return std::string_view(found->get_string());
}

std::optional<std::int64_t> JsonDocument::number(std::string_view pointer) const {
    const auto* found = find(pointer);
    return found != nullptr && found->is_int64() ? std::optional(found->get_int64()) : std::nullopt;
}

std::optional<double> JsonDocument::real(std::string_view pointer) const {
    const auto* found = find(pointer);
    return found != nullptr && found->is_number() ? std::optional(found->to_number<double>()) : std::nullopt;
}

bool JsonDocument::is_true(std::string_view pointer) const {
    const auto* found = find(pointer);
    return found != nullptr && found->is_bool() && found->get_bool();
}

bool JsonDocument::has(std::string_view pointer) const {
    const auto* found = find(pointer);
    return found != nullptr && !found->is_null();
}

std::size_t JsonDocument::size(std::string_view pointer) const {
    const auto* found = find(pointer);
    if (found != nullptr && found->is_array()) return found->get_array().size();
    return found != nullptr && found->is_object() ? found->get_object().size() : 0;
}

std::vector<std::string> JsonDocument::names(std::string_view pointer) const {
    std::vector<std::string> result;
    if (const auto* found = find(pointer); found != nullptr && found->is_object())
        for (const auto& member : found->get_object()) result.emplace_back(member.key());
    return result;
}

bool JsonDocument::lists(std::string_view pointer, std::string_view text) const {
    const auto* found = find(pointer);
    if (found == nullptr || !found->is_array()) return false;
    for (const auto& one : found->get_array())
        if (one.is_string() && std::string_view(one.get_string()) == text) return true;
    return false;
}

}  // namespace keytide::aws
