#include "destinations/template_destination.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "credentials/regular_file.hpp"

namespace keytide::destinations {
namespace {

constexpr std::string_view id_mark = "${AWS_ACCESS_KEY_ID}", secret_mark = "${AWS_SECRET_ACCESS_KEY}";

// What ids, secrets and SMTP passwords are made of. None of it needs quotes within quotes anywhere, and what
// stands behind a value in the template tells where it ends.
bool is_of_a_key(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("/+=_").find(c) != std::string_view::npos;
}

struct Piece {
    WipedString literal;  // what stands before the mark
    bool is_secret = false;
};

class Template {
public:
    static Result<Template> read(const std::string& from) {
        const auto content = credentials::read_regular_file(from);
        if (!content) return std::unexpected(content.error());
        if (!*content) return usage_error(fmt::format("the template {} does not exist", from));
        std::string_view rest = (*content)->bytes;
        Template result;
        bool has_id = false, has_secret = false;
        while (true) {
            const auto id = rest.find(id_mark), secret = rest.find(secret_mark);
            const auto at = std::min(id, secret);
            if (at == std::string_view::npos) break;
            const auto& mark = id < secret ? id_mark : secret_mark;
            if (at == 0 && !result.pieces_.empty())
                return usage_error(fmt::format("the template {} has one value right behind the other", from),
                                   "put something between them");
            result.pieces_.push_back({WipedString(rest.substr(0, at)), mark == secret_mark});
            (mark == secret_mark ? has_secret : has_id) = true;
            rest.remove_prefix(at + mark.size());
            if (!rest.empty() && is_of_a_key(rest.front()))
                return usage_error(
                    fmt::format("the template {} goes on behind {} with what could be a part of it", from,
                                mark),
                    "put a quote, a space or a line break there");
        }
        if (!has_id || !has_secret)
            return usage_error(
                fmt::format("the template {} does not hold {}", from, has_id ? secret_mark : id_mark));
        result.tail_ = rest;
        return result;
    }

    WipedString filled(const AccessKey& key) const {
        WipedString text;
        for (const auto& piece : pieces_)
            text.append(piece.literal)
                .append(piece.is_secret ? key.secret.reveal() : std::string_view(key.id.text()));
        return text.append(tail_);
    }

    // Nothing when the text was not made from this template.
    std::optional<std::pair<WipedString, WipedString>> values_in(std::string_view text) const {
        WipedString id, secret;
        for (const auto& piece : pieces_) {
            if (!text.starts_with(piece.literal)) return std::nullopt;
            text.remove_prefix(piece.literal.size());
            const auto end = std::ranges::find_if_not(text, is_of_a_key);
            const auto value = text.substr(0, std::size_t(end - text.begin()));
            text.remove_prefix(value.size());
            auto& known = piece.is_secret ? secret : id;
            if (value.empty() || (!known.empty() && known != value)) return std::nullopt;
            known.reserve(64);
            known = value;
        }
        if (text != tail_) return std::nullopt;
        return std::pair{std::move(id), std::move(secret)};
    }

private:
    std::vector<Piece> pieces_;
    WipedString tail_;
};

class TemplateText final : public KeyText {
public:
    TemplateText(std::string path, std::string from) : path_(std::move(path)), from_(std::move(from)) {}

    Result<std::optional<AccessKey>> read(std::string_view text) const override {
        const auto whole = Template::read(from_);
        if (!whole) return std::unexpected(in_its_place(whole.error()));
        if (text.empty()) return std::nullopt;
        const auto values = whole->values_in(text);
        const auto id = values ? AccessKeyId::parse(values->first) : std::nullopt;
        if (!id)
            return usage_error(
                fmt::format("{} was not made from the template {} as that is now", path_, from_),
                "make it again with the key that is in use, or remove it");
        return AccessKey{*id, Secret(values->second), Secret()};
    }

    Result<WipedString> write(std::string_view, const AccessKey& key) const override {
        const auto whole = Template::read(from_);
        if (!whole) return std::unexpected(in_its_place(whole.error()));
        const auto text = whole->filled(key);
        const auto written = read(text);
        if (!written || !*written || !(*written)->same_as(key))
            return usage_error(fmt::format("the key would not be read back from {}", path_),
                               "it holds characters that a template does not take");
        return text;
    }

private:
    Error in_its_place(Error error) const {
        error.message = path_ + ": " + error.message;
        return error;
    }

    std::string path_, from_;
};

}  // namespace

std::unique_ptr<KeyText> template_text(std::string path, std::string from) {
    return std::make_unique<TemplateText>(std::move(path), std::move(from));
}

}  // namespace keytide::destinations
