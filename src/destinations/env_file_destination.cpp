#include "destinations/env_file_destination.hpp"

#include <fmt/format.h>

#include <array>

namespace keytide::destinations {
namespace {

constexpr std::string_view id_name = "AWS_ACCESS_KEY_ID";
constexpr std::string_view secret_name = "AWS_SECRET_ACCESS_KEY";
// The second is what old programs call it; botocore still looks at both.
constexpr std::array<std::string_view, 4> names{id_name, secret_name, "AWS_SESSION_TOKEN",
                                                "AWS_SECURITY_TOKEN"};

struct Held {
    const EnvAssignment *id = nullptr, *secret = nullptr,
                        *token = nullptr;  // null: not set; an empty token counts as not set
};

class EnvText final : public KeyText {
public:
    EnvText(std::string path, EnvFormat format) : path_(std::move(path)), format_(format) {}

    Result<std::optional<AccessKey>> read(std::string_view text) const override {
        const auto assignments = find_assignments(text, format_, names, path_);
        if (!assignments) return std::unexpected(assignments.error());
        const auto held = look(*assignments);
        const bool has_id = held.id != nullptr && !held.id->value.empty();
        const bool has_secret = held.secret != nullptr && !held.secret->value.empty();
        if (!has_id && !has_secret) return std::nullopt;
        if (!has_id || !has_secret)
            return usage_error(
                fmt::format("{} has half a key: {} is missing", path_, has_id ? secret_name : id_name),
                "write the pair as a whole, or remove both lines");
        const auto id = AccessKeyId::parse(held.id->value);
        if (!id)
            return usage_error(fmt::format("{} line {}: this is not an access key id", path_, held.id->line));
        return AccessKey{*id, Secret(held.secret->value),
                         held.token == nullptr ? Secret() : Secret(held.token->value)};
    }

    Result<WipedString> write(std::string_view text, const AccessKey& key) const override {
        const auto assignments = find_assignments(text, format_, names, path_);
        if (!assignments) return std::unexpected(assignments.error());
        const auto held = look(*assignments);
        if (held.token != nullptr)
            return usage_error(
                fmt::format("{} sets {} on line {}", path_, held.token->name, held.token->line),
                "temporary credentials are written there by another program; remove the line if it is stale");

        WipedString result(text);
        // The later one first, so that the places of the earlier one stay true.
        const bool id_is_later =
            held.id != nullptr && held.secret != nullptr && held.id->line > held.secret->line;
        const std::pair<std::string_view, std::string_view> pair[] = {{id_name, key.id.text()},
                                                                      {secret_name, key.secret.reveal()}};
        for (const bool id_turn : {id_is_later, !id_is_later}) {
            const auto* place = id_turn ? held.id : held.secret;
            if (place == nullptr) continue;
            if (auto ok = put(result, *place, pair[id_turn ? 0 : 1].second); !ok)
                return std::unexpected(ok.error());
        }
        for (const auto& [name, value] : pair)
            if ((name == id_name ? held.id : held.secret) == nullptr)
                if (auto ok = append(result, name, value); !ok) return std::unexpected(ok.error());

        const auto written = read(result);
        if (!written) return std::unexpected(written.error());
        if (!*written || !(*written)->same_as(key))
            return usage_error(fmt::format("the key cannot be written to {}", path_),
                               "change the file by hand");
        return result;
    }

private:
    static Held look(const std::vector<EnvAssignment>& assignments) {
        Held held;
        for (const auto& a : assignments) {
            if (a.name == id_name)
                held.id = &a;
            else if (a.name == secret_name)
                held.secret = &a;
            else if (!a.value.empty())  // an empty token is no token to botocore
                held.token = &a;
        }
        return held;
    }

    Result<void> put(WipedString& text, const EnvAssignment& place, std::string_view value) const {
        const auto length = place.word_end - place.word_begin;
        const auto word = quote(value, format_, std::string_view(text).substr(place.word_begin, length));
        if (!word) return std::unexpected(word.error());
        text.replace(place.word_begin, length, *word);
        return {};
    }

    Result<void> append(WipedString& text, std::string_view name, std::string_view value) const {
        const auto word = quote(value, format_, "");
        if (!word) return std::unexpected(word.error());
        const bool crlf = format_ != EnvFormat::shell && text.find("\r\n") != WipedString::npos;
        const std::string_view ending = crlf ? "\r\n" : "\n";
        if (!text.empty() && text.back() != '\n') text.append(ending);
        if (format_ == EnvFormat::shell) text.append("export ");
        text.append(name).append("=").append(*word).append(ending);
        return {};
    }

    std::string path_;
    EnvFormat format_;
};

}  // namespace

std::unique_ptr<KeyText> env_text(std::string path, EnvFormat format) {
    return std::make_unique<EnvText>(std::move(path), format);
}

}  // namespace keytide::destinations
