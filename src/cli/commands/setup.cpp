#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/named_key.hpp"
#include "credentials/atomic_file.hpp"
#include "credentials/credentials_file.hpp"
#include "credentials/profile_files.hpp"

namespace keytide::cli {
namespace {

using namespace credentials;

// SDKs take the keys of a profile before its credential_process.
Result<void> check_that_it_holds_no_key(const ProfileFiles& files, const std::string& name) {
    for (const auto* file : {&files.credentials, &files.config}) {
        if (!file->document) continue;
        const auto held = read_key(*file->document, file->kind, name);
        if (!held) return std::unexpected(held.error());
        if (*held)
            return usage_error(
                fmt::format("the profile {} in {} holds a key itself, which the SDKs would take first", name,
                            file->path),
                "give the key a profile of its own, and name that one in keytide.yaml; nothing was changed");
    }
    return {};
}

struct Written {
    bool changed = false;
    std::string path;
};

Result<Written> write_profile(const std::string& name, const std::string& command,
                              const std::string& config) {
    auto lock = FileLock::take(config);
    if (!lock) return std::unexpected(lock.error());
    const auto content = read_regular_file(lock->path());
    if (!content) return std::unexpected(content.error());
    auto document =
        IniDocument::parse(*content ? std::string_view((*content)->bytes) : std::string_view(), lock->path());
    if (!document) return std::unexpected(document.error());
    const auto* section = find_profile(*document, FileKind::config, name);
    const auto title = section != nullptr ? section->name : section_name(FileKind::config, name);
    if (section != nullptr)
        if (const auto* entry = section->find("credential_process")) {
            if (std::string_view(entry->value) == command) return Written{false, lock->path()};
            return usage_error(
                fmt::format("the profile {} in {} has another credential_process", name, lock->path()),
                "take it out, if it is not needed any more; nothing was changed");
        }
    auto written = section != nullptr ? std::move(document) : document->with_section(title);
    if (written) written = written->with_value(title, "credential_process", command);
    if (!written) return std::unexpected(written.error());
    if (const auto ok = replace_file(*lock, *content, written->text()); !ok)
        return std::unexpected(ok.error().error);
    return Written{true, lock->path()};
}

}  // namespace

Report setup(const Setup& asked, Session& session) {
    const auto key = use_named_key(session, asked.name);
    if (!key) return failure(key.error());
    if (key->profile == key->name && !key->user_name)
        return failure({ErrorKind::usage,
                        "the profile " + key->name + " holds the key itself, which the SDKs would take first",
                        "give the key a profile of its own, and name that one in keytide.yaml"});
    const auto files = load_profile_files(session.environment);
    if (!files) return failure(files.error());
    if (const auto ok = check_that_it_holds_no_key(*files, key->name); !ok) return failure(ok.error());
    if (files->config.path.empty())
        return failure({ErrorKind::usage, "AWS_CONFIG_FILE names no file to write the profile to", ""});
    // A profile is read by programs that know nothing of this command's options.
    std::string command = "keytide credentials " + key->name;
    const auto option = [&](const char* name, const std::optional<std::string>& value) {
        if (value) command += fmt::format(" {} \"{}\"", name, std::filesystem::absolute(*value).string());
    };
    option("--config", session.everywhere.config);
    option("--state-dir", session.everywhere.state_dir);
    const auto written = write_profile(key->name, command, files->config.path);
    if (!written) return failure(written.error());
    if (!written->changed)
        return {.text = fmt::format("{}: the profile {} has it already: credential_process = {}",
                                    written->path, key->name, command)};
    return {.text = fmt::format("{}: the profile {} has now: credential_process = {}", written->path,
                                key->name, command)};
}

}  // namespace keytide::cli
