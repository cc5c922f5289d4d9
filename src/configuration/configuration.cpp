#include "configuration/configuration.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <functional>
#include <set>

namespace keytide::configuration {
namespace {

constexpr std::size_t largest = 1 << 20;

bool is_name(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= 64 && text.front() != '.' && text.front() != '-' &&
           std::ranges::all_of(text, allowed);
}

std::size_t line_of(const YAML::Mark& mark) {
    return mark.line < 0 ? 1 : std::size_t(mark.line) + 1;
}

class Reader {
public:
    std::vector<Finding> findings;

    Configuration document(const YAML::Node& root) {
        Configuration result;
        if (root.IsNull()) return result;
        members(root, "keytide.yaml",
                {{"keys", [&](const YAML::Node& node) { keys(node, result); }},
                 {"serve", [&](const YAML::Node& node) { serve(node, result); }}});
        return result;
    }

private:
    struct Member {
        std::string name;
        std::function<void(const YAML::Node&)> read;
    };

    void wrong(const YAML::Node& at, std::string message, std::string hint = {}) {
        findings.push_back({line_of(at.Mark()), std::move(message), std::move(hint)});
    }

    // Each member once, and none that is not known.
    void members(const YAML::Node& node, const std::string& what, const std::vector<Member>& known) {
        if (!node.IsMap()) return wrong(node, what + " is not a mapping of names to values");
        std::set<std::string> seen;
        for (const auto& entry : node) {
            if (!entry.first.IsScalar()) {
                wrong(entry.first, what + " has a name that is not a word");
                continue;
            }
            const auto& name = entry.first.Scalar();
            const auto member = std::ranges::find(known, name, &Member::name);
            if (member == known.end())
                unknown(entry.first, what, name, known);
            else if (!seen.insert(name).second)
                wrong(entry.first, what + " has '" + name + "' twice");
            else
                member->read(entry.second);
        }
    }

    void unknown(const YAML::Node& at, const std::string& what, const std::string& name,
                 const std::vector<Member>& known) {
        std::vector<std::string> names;
        std::string all;
        for (const auto& each : known) {
            names.push_back(each.name);
            all += (all.empty() ? "" : ", ") + each.name;
        }
        const auto meant = nearest(name, names);
        wrong(at, what + " knows no '" + name + "'",
              meant ? "did you mean '" + *meant + "'?" : "it knows: " + all);
    }

    void keys(const YAML::Node& node, Configuration& result) {
        if (!node.IsMap()) return wrong(node, "'keys' is not a mapping of names to keys");
        for (const auto& entry : node) {
            const auto name = entry.first.IsScalar() ? entry.first.Scalar() : "";
            if (!is_name(name)) {
                wrong(entry.first, "'" + name + "' is no name of a key",
                      "a name is of letters, digits, '.', '_' and '-', at most 64");
                continue;
            }
            if (result.find(name) != nullptr) {
                wrong(entry.first, "the key '" + name + "' is there twice");
                continue;
            }
            result.keys.push_back(key(entry.first, entry.second));
        }
    }

    Key key(const YAML::Node& name, const YAML::Node& node) {
        Key k{.name = name.Scalar(), .line = line_of(name.Mark())};
        const auto what = "the key '" + k.name + "'";
        const auto before = findings.size();
        members(node, what,
                {{"profile", [&](const YAML::Node& n) { k.profile = word(n, "profile"); }},
                 {"user-name", [&](const YAML::Node& n) { k.user_name = word(n, "user-name"); }},
                 {"destinations", [&](const YAML::Node& n) { k.destinations = words(n, "destinations"); }},
                 {"on-delivered", [&](const YAML::Node& n) { k.on_delivered = words(n, "on-delivered"); }},
                 {"lifetime", [&](const YAML::Node& n) { k.lifetime = lifetime(n); }},
                 {"consumers", [&](const YAML::Node& n) { k.consumers = names(n); }}});
        if (findings.size() != before) return k;
        if (k.profile.empty())
            wrong(name, what + " names no profile", "say whose credentials sign: profile: NAME");
        if (k.user_name && k.destinations.empty())
            wrong(name, what + " is signed for by another principal, and names no destination",
                  "say where the key is used: destinations: [URI]");
        return k;
    }

    std::string word(const YAML::Node& node, const std::string& what) {
        if (node.IsScalar() && !node.Scalar().empty()) return node.Scalar();
        wrong(node, "'" + what + "' takes one word");
        return {};
    }

    std::vector<std::string> words(const YAML::Node& node, const std::string& what) {
        std::vector<std::string> result;
        if (!node.IsSequence()) {
            wrong(node, "'" + what + "' takes a list");
            return result;
        }
        for (const auto& each : node) {
            auto text = word(each, what);
            if (text.empty()) continue;
            if (std::ranges::find(result, text) != result.end())
                wrong(each, "'" + what + "' has '" + text + "' twice");
            else
                result.push_back(std::move(text));
        }
        return result;
    }

    std::vector<std::string> names(const YAML::Node& node) {
        auto result = words(node, "consumers");
        for (const auto& name : result)
            if (!is_name(name))
                wrong(node, "'" + name + "' is no name of a consumer",
                      "a name is of letters, digits, '.', '_' and '-', at most 64");
        return result;
    }

    Duration lifetime(const YAML::Node& node) {
        const auto text = word(node, "lifetime");
        const auto duration = parse_duration(text);
        if (!text.empty() && !duration) wrong(node, "'lifetime': " + duration.error().message);
        if (duration && (*duration < shortest_lifetime || *duration > longest_lifetime))
            wrong(node, "'lifetime' takes " + to_text(shortest_lifetime) + " to " + to_text(longest_lifetime),
                  "SDKs fetch credentials anew up to 15m before they expire");
        return duration.value_or(shortest_lifetime);
    }

    void serve(const YAML::Node& node, Configuration& result) {
        members(node, "'serve'",
                {{"listen", [&](const YAML::Node& n) { result.listen = word(n, "listen"); }}});
    }
};

}  // namespace

const Key* Configuration::find(std::string_view name) const {
    const auto found = std::ranges::find(keys, name, &Key::name);
    return found == keys.end() ? nullptr : &*found;
}

std::expected<Configuration, std::vector<Finding>> parse(std::string_view text) {
    if (text.size() > largest)
        return std::unexpected(std::vector<Finding>{{1, "it is larger than 1 MiB", ""}});
    try {
        const auto documents = YAML::LoadAll(std::string(text));
        if (documents.size() > 1)
            return std::unexpected(
                std::vector<Finding>{{line_of(documents[1].Mark()), "there is a second document", ""}});
        Reader reader;
        auto result = documents.empty() ? Configuration{} : reader.document(documents.front());
        if (!reader.findings.empty()) return std::unexpected(std::move(reader.findings));
        return result;
    } catch (const YAML::Exception& e) {
        return std::unexpected(std::vector<Finding>{{line_of(e.mark), "it is not YAML: " + e.msg, ""}});
    }
}

}  // namespace keytide::configuration
