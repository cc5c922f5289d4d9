#include "lab/parameters.hpp"

#include <charconv>
#include <map>

namespace keytide::lab {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string decode(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            result += ' ';
            continue;
        }
        if (text[i] == '%' && i + 2 < text.size()) {
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high >= 0 && low >= 0) {
                result += char(high * 16 + low);
                i += 2;
                continue;
            }
        }
        result += text[i];
    }
    return result;
}

// Splits "Parameters.member.12.ParameterKey" after `name` into 12 and "ParameterKey".
struct Member {
    unsigned number;
    std::string_view rest;  // without its dot; empty for "Capabilities.member.1"
};
std::optional<Member> member_of(std::string_view field, std::string_view name) {
    if (!field.starts_with(name) || field.size() <= name.size() || field[name.size()] != '.') return {};
    field.remove_prefix(name.size() + 1);
    Member member{};
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), member.number);
    if (error != std::errc{}) return {};
    member.rest = field.substr(std::size_t(end - field.data()));
    if (member.rest.empty()) return member;
    if (member.rest.front() != '.') return {};
    member.rest.remove_prefix(1);
    return member;
}

}  // namespace

Parameters Parameters::parse(std::string_view form) {
    Parameters result;
    while (!form.empty()) {
        const auto end = form.find('&');
        const auto field = form.substr(0, end);
        form = end == std::string_view::npos ? std::string_view{} : form.substr(end + 1);
        if (field.empty()) continue;
        const auto equals = field.find('=');
        result.fields_.emplace_back(decode(field.substr(0, equals)), equals == std::string_view::npos
                                                                         ? std::string{}
                                                                         : decode(field.substr(equals + 1)));
    }
    return result;
}

const std::string* Parameters::find(std::string_view name) const {
    for (const auto& [key, value] : fields_)
        if (key == name) return &value;
    return nullptr;
}

std::string_view Parameters::get(std::string_view name, std::string_view otherwise) const {
    const auto* value = find(name);
    return value != nullptr ? std::string_view(*value) : otherwise;
}

std::vector<std::string> Parameters::list(std::string_view name) const {
    std::map<unsigned, std::string> by_number;
    for (const auto& [key, value] : fields_)
        if (const auto member = member_of(key, name); member && member->rest.empty())
            by_number.try_emplace(member->number, value);
    std::vector<std::string> result;
    for (auto& [number, value] : by_number) result.push_back(std::move(value));
    return result;
}

std::vector<Parameters> Parameters::structures(std::string_view name) const {
    std::map<unsigned, Parameters> by_number;
    for (const auto& [key, value] : fields_)
        if (const auto member = member_of(key, name); member && !member->rest.empty())
            by_number[member->number].fields_.emplace_back(member->rest, value);
    std::vector<Parameters> result;
    for (auto& [number, fields] : by_number) result.push_back(std::move(fields));
    return result;
}

}  // namespace keytide::lab
