#include "iam_policy/document.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "iam_policy/duplicate_keys.hpp"

namespace keytide::iam_policy {
namespace {

namespace json = boost::json;

std::string text_of(const json::string& text) {
    return {text.data(), text.size()};
}

bool read_text(const json::value& value, std::optional<std::string>& to) {
    const auto* text = value.if_string();
    if (text != nullptr) to = text_of(*text);
    return text != nullptr;
}

// A string, or an array of strings, as every list of the grammar may be written.
std::optional<Texts> read_texts(const json::value& value) {
    if (const auto* one = value.if_string()) return Texts{text_of(*one)};
    const auto* many = value.if_array();
    if (many == nullptr) return std::nullopt;
    Texts texts;
    for (const auto& item : *many) {
        const auto* text = item.if_string();
        if (text == nullptr) return std::nullopt;
        texts.push_back(text_of(*text));
    }
    return texts;
}

std::optional<std::string> read_scalar(const json::value& value) {
    switch (value.kind()) {
        case json::kind::string: return text_of(value.get_string());
        case json::kind::bool_: return value.get_bool() ? "true" : "false";
        case json::kind::int64: return fmt::format("{}", value.get_int64());
        case json::kind::uint64: return fmt::format("{}", value.get_uint64());
        case json::kind::double_: return fmt::format("{}", value.get_double());
        default: return std::nullopt;
    }
}

std::optional<Texts> read_scalars(const json::value& value) {
    Texts texts;
    const auto add = [&](const json::value& item) {
        auto text = read_scalar(item);
        if (text) texts.push_back(std::move(*text));
        return text.has_value();
    };
    if (const auto* many = value.if_array()) {
        for (const auto& item : *many)
            if (!add(item)) return std::nullopt;
    } else if (!add(value)) {
        return std::nullopt;
    }
    return texts;
}

bool read_principal(const json::value& value, std::optional<WrittenPrincipal>& to) {
    to.emplace();
    if (const auto* text = value.if_string()) return to->star = *text == "*";
    const auto* object = value.if_object();
    if (object == nullptr) return false;
    for (const auto& member : *object) {
        auto texts = read_texts(member.value());
        if (!texts) return false;
        to->types.emplace_back(std::string(member.key().data(), member.key().size()), std::move(*texts));
    }
    return true;
}

bool read_conditions(const json::value& value, std::vector<WrittenCondition>& to) {
    const auto* operators = value.if_object();
    if (operators == nullptr) return false;
    for (const auto& op : *operators) {
        const auto* keys = op.value().if_object();
        if (keys == nullptr) return false;
        for (const auto& key : *keys) {
            auto values = read_scalars(key.value());
            if (!values) return false;
            to.push_back({std::string(op.key().data(), op.key().size()),
                          std::string(key.key().data(), key.key().size()), std::move(*values)});
        }
    }
    return true;
}

bool read_statement(const json::value& value, WrittenStatement& to) {
    const auto* object = value.if_object();
    if (object == nullptr) return false;
    const auto texts = [](const json::value& from, std::optional<Texts>& list) {
        list = read_texts(from);
        return list.has_value();
    };
    for (const auto& member : *object) {
        const std::string_view name(member.key().data(), member.key().size());
        const auto& from = member.value();
        const bool read = name == "Sid"            ? read_text(from, to.sid)
                          : name == "Effect"       ? read_text(from, to.effect)
                          : name == "Action"       ? texts(from, to.action)
                          : name == "NotAction"    ? texts(from, to.not_action)
                          : name == "Resource"     ? texts(from, to.resource)
                          : name == "NotResource"  ? texts(from, to.not_resource)
                          : name == "Principal"    ? read_principal(from, to.principal)
                          : name == "NotPrincipal" ? read_principal(from, to.not_principal)
                          : name == "Condition"    ? read_conditions(from, to.conditions)
                                                   : false;
        if (!read) return false;
    }
    return !(to.action && to.not_action) && !(to.resource && to.not_resource) &&
           !(to.principal && to.not_principal);
}

}  // namespace

std::expected<Document, Malformed> read_document(std::string_view text) {
    json::error_code error;
    const auto value = json::parse(json::string_view(text.data(), text.size()), error);
    if (error) return std::unexpected(Malformed::json);
    const auto* object = value.if_object();
    if (object == nullptr || has_duplicate_keys(text)) return std::unexpected(Malformed::syntax);

    Document document;
    const json::value* statements = nullptr;
    for (const auto& member : *object) {
        const std::string_view name(member.key().data(), member.key().size());
        bool read = true;
        if (name == "Version")
            read = read_text(member.value(), document.version);
        else if (name == "Id")
            read = read_text(member.value(), document.id);
        else if (name == "Statement")
            statements = &member.value();
        else
            read = false;
        if (!read) return std::unexpected(Malformed::syntax);
    }
    if (statements == nullptr) return std::unexpected(Malformed::empty);
    const auto add = [&](const json::value& one) {
        return read_statement(one, document.statements.emplace_back());
    };
    if (const auto* many = statements->if_array()) {
        if (many->empty()) return std::unexpected(Malformed::empty);
        for (const auto& one : *many)
            if (!add(one)) return std::unexpected(Malformed::syntax);
    } else if (!add(*statements)) {
        return std::unexpected(Malformed::syntax);
    }
    return document;
}

}  // namespace keytide::iam_policy
