#include "credentials/credentials_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace keytide::credentials {
namespace {

constexpr std::string_view id_key = "aws_access_key_id";
constexpr std::string_view secret_key = "aws_secret_access_key";
// Older programs call it aws_security_token; botocore looks at both, at that one first.
constexpr std::string_view token_keys[] = {"aws_security_token", "aws_session_token"};

std::string place(const IniDocument& document, std::string_view profile) {
    return fmt::format("the profile {} in {}", profile, document.where());
}

std::unexpected<Error> refuse_line(const IniDocument& document, const IniEntry& entry,
                                   std::string_view what) {
    return usage_error(fmt::format("{} line {}: {}", document.where(), entry.line, what),
                       "correct the line; a comment needs a line of its own");
}

Result<const IniSection*> key_section(const IniDocument& document, FileKind kind, std::string_view profile) {
    int count = 0;
    const auto* section = find_profile(document, kind, profile, &count);
    if (count > 1)
        return usage_error(fmt::format("{} has {} sections", place(document, profile), count),
                           "merge them into one");
    const auto* everybodys = document.find("DEFAULT");
    if (everybodys != nullptr && everybodys != section)
        for (const auto key : {id_key, secret_key, token_keys[0], token_keys[1]})
            if (everybodys->find(key) != nullptr)
                return usage_error(fmt::format("{} has {} in [DEFAULT], which boto3 gives to every profile",
                                               document.where(), key),
                                   "move it to the profiles that are meant, or to [default]");
    return section;
}

}  // namespace

Result<std::optional<AccessKey>> read_key(const IniDocument& document, FileKind kind,
                                          std::string_view profile) {
    const auto section = key_section(document, kind, profile);
    if (!section) return std::unexpected(section.error());
    if (*section == nullptr) return std::nullopt;
    const auto* id = (*section)->find(id_key);
    const auto* secret = (*section)->find(secret_key);
    if (id == nullptr && secret == nullptr) return std::nullopt;
    for (const auto& [entry, key] : {std::pair{id, id_key}, std::pair{secret, secret_key}})
        if (entry == nullptr || entry->value.empty())
            return usage_error(fmt::format("{} has half a key: {} is missing", place(document, profile), key),
                               "write the pair as a whole, or remove both lines");

    const auto parsed = AccessKeyId::parse(id->value);
    if (!parsed) return refuse_line(document, *id, "this is not an access key id");
    const auto separates = [](unsigned char c) { return c <= ' ' || c >= 0x7f; };
    if (std::ranges::any_of(secret->value, separates))
        return refuse_line(document, *secret, "this is not a secret access key: it holds white space");

    AccessKey key{*parsed, Secret(secret->value), Secret()};
    for (const auto token_key : token_keys)
        if (const auto* token = (*section)->find(token_key)) {
            key.session_token = Secret(token->value);
            break;
        }
    return key;
}

Result<IniDocument> write_key(const IniDocument& document, FileKind kind, std::string_view profile,
                              const AccessKey& key) {
    const auto section = key_section(document, kind, profile);
    if (!section) return std::unexpected(section.error());
    if (*section != nullptr)
        for (const auto token_key : token_keys)
            if (const auto* token = (*section)->find(token_key); token != nullptr && !token->value.empty())
                return usage_error(
                    fmt::format("{} has a session token on line {}", place(document, profile), token->line),
                    "temporary credentials are written there by another program; remove the line if it is "
                    "stale");

    Result<IniDocument> result = document;
    auto name = *section == nullptr ? section_name(kind, profile) : (*section)->name;
    if (*section == nullptr) result = document.with_section(name);
    if (result) result = result->with_value(name, id_key, key.id.text());
    if (result) result = result->with_value(name, secret_key, key.secret.reveal());
    if (!result) return result;

    // The proof of the work: a profile that reads back otherwise is never written.
    const auto written = read_key(*result, kind, profile);
    if (!written) return std::unexpected(written.error());
    if (!*written || !(*written)->same_as(key))
        return usage_error(fmt::format("the key cannot be written to {}", place(document, profile)));
    return result;
}

}  // namespace keytide::credentials
