#include "service/credential_document.hpp"

#include "vocabulary/json_text.hpp"

namespace keytide::service {
namespace {

void add_member(WipedString& out, std::string_view name, std::string_view value) {
    out += out.back() == '{' ? "" : ",";
    out += json_text(name) += ':';
    out += json_text(value);
}

WipedString begin() {
    WipedString out;
    out.reserve(1024);  // nothing is left behind by growing
    out += '{';
    return out;
}

void add_key(WipedString& out, const AccessKey& key, Instant until) {
    add_member(out, "AccessKeyId", key.id.text());
    add_member(out, "SecretAccessKey", key.secret.reveal());
    add_member(out, "Expiration", to_rfc3339(until));
}

}  // namespace

WipedString process_document(const AccessKey& key, Instant until) {
    auto out = begin();
    out += "\"Version\":1";
    add_key(out, key, until);
    out += "}\n";
    return out;
}

WipedString container_document(const AccessKey& key, Instant until) {
    auto out = begin();
    add_key(out, key, until);
    add_member(out, "Token", "");
    out += "}\n";
    return out;
}

Instant expiration(Instant now, Duration lifetime) {
    return std::chrono::floor<std::chrono::seconds>(now + lifetime);
}

}  // namespace keytide::service
