#include "credentials/profile_files.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "credentials/file_path.hpp"
#include "credentials/regular_file.hpp"

namespace keytide::credentials {
namespace {

Result<ProfileFile> load(FileKind kind, const Environment& environment) {
    auto path = path_of(kind, environment);
    auto document = load_ini(path);
    if (!document) return std::unexpected(document.error());
    return ProfileFile{kind, std::move(path), std::move(*document)};
}

std::optional<ProfileValue> value_in(const ProfileFile& file, std::string_view profile,
                                     std::string_view key) {
    if (!file.document) return std::nullopt;
    const auto* section = find_profile(*file.document, file.kind, profile);
    if (section == nullptr) return std::nullopt;
    const auto* entry = section->find(key);
    // configparser's [DEFAULT] fills in what the section lacks
    if (entry == nullptr)
        if (section = file.document->find("DEFAULT"); section != nullptr) entry = section->find(key);
    if (entry == nullptr) return std::nullopt;
    return ProfileValue{std::string(entry->value), fmt::format("{} [{}]", file.path, section->name)};
}

}  // namespace

Result<std::optional<IniDocument>> load_ini(const std::string& path) {
    if (path.empty() || path == "/dev/null") return std::nullopt;
    const auto content = read_regular_file(path);
    if (!content) return std::unexpected(content.error());
    if (!*content) return std::nullopt;
    auto document = IniDocument::parse((*content)->bytes, path);
    if (!document) return std::unexpected(document.error());
    return std::move(*document);
}

std::string path_of(FileKind kind, const Environment& environment) {
    const bool config = kind == FileKind::config;
    const auto chosen = environment(config ? "AWS_CONFIG_FILE" : "AWS_SHARED_CREDENTIALS_FILE");
    const auto path =
        expand_path(chosen.value_or(config ? "~/.aws/config" : "~/.aws/credentials"), environment);
    std::error_code problem;
    return path.empty() ? path : std::filesystem::absolute(path, problem).string();
}

Result<ProfileFiles> load_profile_files(const Environment& environment) {
    auto config = load(FileKind::config, environment);
    if (!config) return std::unexpected(config.error());
    auto credentials = load(FileKind::credentials, environment);
    if (!credentials) return std::unexpected(credentials.error());
    return ProfileFiles{std::move(*config), std::move(*credentials)};
}

std::vector<std::string> ProfileFiles::names() const {
    std::set<std::string> names;
    for (const auto* file : {&config, &credentials})
        if (file->document)
            for (const auto& section : file->document->sections())
                if (const auto name = profile_name(file->kind, section.name);
                    name && section.name != "DEFAULT")
                    names.insert(*name);
    return {names.begin(), names.end()};
}

bool ProfileFiles::has(std::string_view profile) const {
    const auto in = [&](const ProfileFile& file) {
        return file.document && find_profile(*file.document, file.kind, profile) != nullptr;
    };
    return in(config) || in(credentials);
}

std::optional<ProfileValue> ProfileFiles::value(std::string_view profile, std::string_view key) const {
    auto value = value_in(credentials, profile, key);
    return value ? value : value_in(config, profile, key);
}

Result<std::optional<ProfileValue>> ProfileFiles::service_endpoint(std::string_view services,
                                                                   std::string_view service) const {
    const IniSection* found = nullptr;
    if (config.document)
        for (const auto& section : config.document->sections())
            if (named_section("services", section.name) == services) found = &section;
    if (found == nullptr)
        return usage_error(
            fmt::format("a profile names the services section {}, which {} does not have", services,
                        config.path),
            fmt::format("add [services {}] or remove the line 'services = {}'", services, services));
    const auto* entry = found->find(service);
    if (entry == nullptr) return std::nullopt;
    const auto url = nested_value(entry->value, "endpoint_url");
    if (!url || url->empty()) return std::nullopt;
    return ProfileValue{std::string(*url), fmt::format("{} [{}]", config.path, found->name)};
}

}  // namespace keytide::credentials
