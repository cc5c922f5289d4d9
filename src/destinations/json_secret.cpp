#include "destinations/json_secret.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "aws/json_document.hpp"
#include "destinations/held_pair.hpp"
#include "destinations/pointer.hpp"
#include "vocabulary/json_text.hpp"

namespace keytide::destinations {
namespace {

struct Member {
    std::string name;
    std::size_t begin, end;  // of its value
};

struct Object {
    std::vector<Member> members;
    std::size_t end = 0;  // where the closing brace is
};

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Past the text that begins at `at`.
std::size_t past_text(std::string_view json, std::size_t at) {
    for (++at; json[at] != '"'; ++at)
        if (json[at] == '\\') ++at;
    return at + 1;
}

std::size_t past_value(std::string_view json, std::size_t at) {
    int depth = 0;
    for (;;) {
        const char c = json[at];
        if (c == '"') {
            at = past_text(json, at);
            if (depth == 0) return at;
            continue;
        }
        if (c == '{' || c == '[') ++depth;
        if (depth == 0 && (c == ',' || c == '}' || is_space(c))) return at;
        if (c == '}' || c == ']')
            if (--depth == 0) return at + 1;
        ++at;
    }
}

// Of a text that is known to be a JSON object.
Object object_in(std::string_view json) {
    Object result;
    auto at = json.find('{') + 1;
    const auto skip = [&](std::string_view also) {
        while (is_space(json[at]) || also.find(json[at]) != std::string_view::npos) ++at;
    };
    for (skip(""); json[at] != '}'; skip(",")) {
        const auto begin = at;
        at = past_text(json, at);
        const auto wrapped = "{" + std::string(json.substr(begin, at - begin)) + ":0}";
        skip(":");
        const auto value = at;
        at = past_value(json, at);
        const auto document = aws::JsonDocument::parse(wrapped);
        result.members.push_back({document->names("").front(), value, at});
    }
    result.end = at;
    return result;
}

struct Places {
    Object object;
    const Member *id = nullptr, *secret = nullptr;
};

Result<Places> find(std::string_view json, const JsonNames& names, const std::string& where) {
    Places found{object_in(json)};
    for (const auto& member : found.object.members)
        for (const auto& [name, place] : {std::pair{&names.id, &found.id}, {&names.secret, &found.secret}}) {
            if (member.name != *name) continue;
            if (*place != nullptr)
                return usage_error(fmt::format("{} has {} twice", where, *name), "leave one of them");
            *place = &member;
        }
    return found;
}

std::string_view or_empty_object(std::string_view text) {
    return std::ranges::all_of(text, is_space) ? std::string_view("{}") : text;
}

Result<aws::JsonDocument> parse(std::string_view text, const std::string& where) {
    auto document = aws::JsonDocument::parse(text);
    if (document) return std::move(*document);
    return usage_error(where + " holds no JSON object",
                       "look whether it is the right place; an object such as {} is what a key is put into");
}

}  // namespace

Result<std::optional<AccessKey>> key_in_json(std::string_view text, const JsonNames& names,
                                             const std::string& where) {
    text = or_empty_object(text);
    const auto document = parse(text, where);
    if (!document) return std::unexpected(document.error());
    const auto places = find(text, names, where);
    if (!places) return std::unexpected(places.error());
    const auto id = pointer_to(names.id), secret = pointer_to(names.secret);
    for (const auto& pointer : {id, secret})
        if (document->has(pointer) && !document->text(pointer))
            return usage_error(fmt::format("{}: the member {} is no text", where, pointer),
                               "look whether it is the right one");
    auto key = held_pair({names.id, document->text(id).value_or("")},
                         {names.secret, document->text(secret).value_or("")}, where);
    if (key && *key)
        if (const auto token = document->text("/AWS_SESSION_TOKEN"); token && !token->empty())
            (*key)->session_token = Secret(*token);
    return key;
}

Result<WipedString> json_with_key(std::string_view text, const JsonNames& names, const AccessKey& key,
                                  const std::string& where) {
    text = or_empty_object(text);
    const auto held = key_in_json(text, names, where);
    if (!held) return std::unexpected(held.error());
    if (*held && !(*held)->session_token.empty())
        return usage_error(where + " holds a session token beside its key",
                           "remove AWS_SESSION_TOKEN: beside a long-term key every call would be refused");
    const auto places = find(text, names, where);
    struct Change {
        std::size_t begin, end;
        WipedString text;
    };
    std::vector<Change> changes;
    bool is_first = places->object.members.empty();
    for (const auto& [place, name, value] :
         {std::tuple{places->id, std::string_view(names.id), std::string_view(key.id.text())},
          {places->secret, std::string_view(names.secret), key.secret.reveal()}}) {
        if (place != nullptr) {
            changes.push_back({place->begin, place->end, json_text(value)});
            continue;
        }
        WipedString added(is_first ? "" : ",");
        added += json_text(name) += ':';
        added += json_text(value);
        // Behind the last member, so that the closing brace keeps its line.
        const auto at =
            places->object.members.empty() ? places->object.end : places->object.members.back().end;
        changes.push_back({at, at, std::move(added)});
        is_first = false;
    }
    std::ranges::stable_sort(changes, {}, &Change::begin);
    WipedString result;
    result.reserve(text.size() + 256);
    std::size_t done = 0;
    for (const auto& change : changes) {
        result.append(text.substr(done, change.begin - done));
        result += change.text;
        done = change.end;
    }
    result.append(text.substr(done));
    return result;
}

}  // namespace keytide::destinations
