#include "lab/session.hpp"

#include <sodium.h>

#include <array>
#include <charconv>
#include <span>

#include "vocabulary/wiped_string.hpp"

namespace keytide::lab {
namespace {

constexpr std::size_t most_opened = 4096;
constexpr std::string_view format = "1";  // of what is sealed

std::string_view view(std::span<const unsigned char> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

// Fields one after the other, each behind its length: "4:ASIA".
class Writer {
public:
    Writer() { text_.reserve(1024); }
    Writer& field(std::string_view value) {
        text_.append(std::to_string(value.size())).append(":").append(value);
        return *this;
    }
    Writer& number(std::int64_t value) { return field(std::to_string(value)); }
    std::string_view text() const { return text_; }

private:
    WipedString text_;
};

class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}
    std::string_view field() {
        std::size_t size = 0;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
        const auto head = std::size_t(end - rest_.data()) + 1;
        if (error != std::errc{} || head > rest_.size() || size > rest_.size() - head) {
            broken_ = true;
            return {};
        }
        const auto value = rest_.substr(head, size);
        rest_.remove_prefix(head + size);
        return value;
    }
    std::int64_t number() {
        const auto text = field();
        std::int64_t value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    }
    bool broken() const { return broken_; }

private:
    std::string_view rest_;
    bool broken_ = false;
};

Instant instant(std::int64_t milliseconds) {
    return Instant(Duration(milliseconds));
}

std::optional<Session> read(std::string_view text) {
    Reader reader(text);
    if (reader.field() != format) return std::nullopt;
    Session session;
    session.access_key_id = reader.field();
    session.secret = Secret(reader.field());
    session.account = reader.field();
    session.principal_id = reader.field();
    session.name = reader.field();
    session.issued = instant(reader.number());
    session.expires = instant(reader.number());
    session.with_mfa = reader.number() != 0;
    if (const auto document = reader.field(); !document.empty()) {
        auto policy = read_policy_document(document);
        if (!policy) return std::nullopt;
        session.policy = std::move(*policy);
    }
    for (auto count = reader.number(); count > 0 && !reader.broken(); --count)
        session.policy_arns.emplace_back(reader.field());
    for (auto count = reader.number(); count > 0 && !reader.broken(); --count) {
        std::string key(reader.field());
        session.tags.push_back({std::move(key), std::string(reader.field())});
    }
    for (auto count = reader.number(); count > 0 && !reader.broken(); --count)
        session.transitive_tag_keys.emplace_back(reader.field());
    session.source_identity = reader.field();
    if (reader.broken()) return std::nullopt;
    return session;
}

}  // namespace

SessionSeal::SessionSeal(const Randomness& randomness) {
    std::array<unsigned char, crypto_secretbox_KEYBYTES> key;
    randomness(std::as_writable_bytes(std::span(key)));
    key_ = Secret(view(key));
    explicit_bzero(key.data(), key.size());
}

std::string SessionSeal::seal(const Session& session, const Randomness& randomness) const {
    Writer text;
    text.field(format).field(session.access_key_id).field(session.secret.reveal());
    text.field(session.account).field(session.principal_id).field(session.name);
    text.number(session.issued.time_since_epoch().count()).number(session.expires.time_since_epoch().count());
    text.number(session.with_mfa ? 1 : 0);
    text.field(session.policy ? std::string_view(session.policy->text) : std::string_view{});
    text.number(std::int64_t(session.policy_arns.size()));
    for (const auto& arn : session.policy_arns) text.field(arn);
    text.number(std::int64_t(session.tags.size()));
    for (const auto& tag : session.tags) text.field(tag.key).field(tag.value);
    text.number(std::int64_t(session.transitive_tag_keys.size()));
    for (const auto& key : session.transitive_tag_keys) text.field(key);
    text.field(session.source_identity);

    std::string sealed(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + text.text().size(), '\0');
    auto* out = reinterpret_cast<unsigned char*>(sealed.data());
    randomness(std::as_writable_bytes(std::span(out, crypto_secretbox_NONCEBYTES)));
    crypto_secretbox_easy(out + crypto_secretbox_NONCEBYTES, bytes_of(text.text()), text.text().size(), out,
                          bytes_of(key_.reveal()));
    std::string token(sodium_base64_ENCODED_LEN(sealed.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(token.data(), token.size(), out, sealed.size(), sodium_base64_VARIANT_ORIGINAL);
    token.pop_back();  // the zero that ends it
    return token;
}

std::shared_ptr<const Session> SessionSeal::open(std::string_view token) {
    if (token.empty()) return nullptr;  // a long-term key
    std::string name(token);
    if (const auto known = opened_.find(name); known != opened_.end()) return known->second;
    std::string sealed(token.size(), '\0');
    auto* in = reinterpret_cast<unsigned char*>(sealed.data());
    std::size_t size = 0;
    if (sodium_base642bin(in, sealed.size(), token.data(), token.size(), nullptr, &size, nullptr,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        size < crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES)
        return nullptr;
    WipedString text(size - crypto_secretbox_NONCEBYTES - crypto_secretbox_MACBYTES, '\0');
    if (crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(text.data()),
                                   in + crypto_secretbox_NONCEBYTES, size - crypto_secretbox_NONCEBYTES, in,
                                   bytes_of(key_.reveal())) != 0)
        return nullptr;
    auto session = read(text);
    if (!session) return nullptr;
    if (opened_.size() >= most_opened) opened_.clear();
    return opened_.emplace(std::move(name), std::make_shared<const Session>(std::move(*session)))
        .first->second;
}

}  // namespace keytide::lab
