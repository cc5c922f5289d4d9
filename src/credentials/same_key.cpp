#include "credentials/same_key.hpp"

#include <filesystem>

#include "credentials/file_path.hpp"

namespace keytide::credentials {
namespace {

void collect(const ProfileFile& file, const AccessKeyId& id, std::vector<KeyPlace>& places) {
    if (!file.document) return;
    for (const auto& section : file.document->sections()) {
        const auto profile = profile_name(file.kind, section.name);
        const auto* entry = section.find("aws_access_key_id");
        if (profile && entry != nullptr && std::string_view(entry->value) == id.text())
            places.push_back({file.kind, file.path, *profile});
    }
}

bool same_file(const std::string& a, const std::string& b) {
    std::error_code problem;
    return a == b || std::filesystem::equivalent(a, b, problem);
}

}  // namespace

Result<std::vector<KeyPlace>> places_of_key(const AccessKeyId& id, const ProfileFiles& files,
                                            const Environment& environment) {
    std::vector<KeyPlace> places;
    collect(files.credentials, id, places);
    if (!same_file(files.config.path, files.credentials.path)) collect(files.config, id, places);

    for (const auto& [kind, name] : {std::pair{FileKind::credentials, "/.aws/credentials"},
                                     std::pair{FileKind::config, "/.aws/config"}}) {
        const auto path = home_folder(environment) + name;
        if (same_file(path, files.credentials.path) || same_file(path, files.config.path)) continue;
        auto document = load_ini(path);
        if (!document) return std::unexpected(document.error());
        collect({kind, path, std::move(*document)}, id, places);
    }
    return places;
}

}  // namespace keytide::credentials
