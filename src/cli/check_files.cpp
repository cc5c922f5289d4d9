#include "cli/check_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "credentials/file_path.hpp"
#include "credentials/same_key.hpp"

namespace keytide::cli {
namespace {

using credentials::FileKind;

std::string words_of(int number) {
    return std::generic_category().message(number);
}

bool holds_a_secret(const credentials::IniDocument& document) {
    return std::ranges::any_of(document.sections(), [](const auto& section) {
        return section.find("aws_secret_access_key") != nullptr;
    });
}

// A file is replaced as a whole: a new one is written beside it and takes its name.
Checks check_replacing(const std::string& name, const std::string& path, const struct stat& status) {
    Checks found;
    const auto folder = credentials::folder_of(path);
    struct stat around {};
    if (faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
        found.push_back(
            problem(name, fmt::format("the folder {} cannot be written: {}", folder, words_of(errno)),
                    "a rotation replaces the file as a whole: allow this user to write into its folder"));
    else if (stat(folder.c_str(), &around) == 0 && (around.st_mode & (S_IWGRP | S_IWOTH)) != 0 &&
             (around.st_mode & S_ISVTX) == 0)
        found.push_back(warning(name,
                                fmt::format("other users can write into the folder {} (mode {:04o}), and so "
                                            "replace the file",
                                            folder, around.st_mode & 07777u),
                                fmt::format("close it: chmod go-w '{}'", folder)));
    if (status.st_uid != geteuid() && geteuid() != 0)
        found.push_back(problem(name, fmt::format("{} belongs to another user (uid {})", path, status.st_uid),
                                "its owner could not be kept when it is replaced: run keytide as that user"));
    if (status.st_nlink > 1)
        found.push_back(problem(name,
                                fmt::format("{} has {} names (hard links), and only one of them would be "
                                            "replaced",
                                            path, status.st_nlink),
                                "make it one file, or a symbolic link"));
    return found;
}

Checks check_file(const std::string& name, const std::string& path) {
    if (path.empty() || path == "/dev/null") return {ok(name, "the environment says that there is none")};
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) {
        if (errno == ENOENT) return {ok(name, path + " does not exist")};
        return {problem(name, credentials::system_error("look at", path, errno))};
    }
    const auto real = credentials::follow_links(path);
    if (!real) return {problem(name, real.error())};
    if (stat(real->c_str(), &status) != 0)
        return {problem(name, credentials::system_error("look at", *real, errno))};
    const auto document = credentials::load_ini(*real);
    if (!document) return {problem(name, document.error())};
    if (!*document || !holds_a_secret(**document))
        return {ok(name, path + " can be read, and holds no secret")};

    Checks found = check_replacing(name, *real, status);
    if ((status.st_mode & 077u) != 0)
        found.insert(found.begin(), warning(name,
                                            fmt::format("{} is open to other users (mode {:04o})", *real,
                                                        status.st_mode & 07777u),
                                            fmt::format("close it: chmod go-rwx '{}'", *real)));
    if (!found.empty()) return found;
    return {ok(name, fmt::format("{}{} is closed to others (mode {:04o}) and can be replaced", path,
                                 *real == path ? "" : fmt::format(" leads to {}, which", *real),
                                 status.st_mode & 07777u))};
}

}  // namespace

Checks check_files(const credentials::Environment& environment) {
    Checks checks = check_file("credentials-file", credentials::path_of(FileKind::credentials, environment));
    append(checks, check_file("config-file", credentials::path_of(FileKind::config, environment)));
    return checks;
}

Check check_other_places(const AccessKeyId& key, const credentials::KeySource* home,
                         const credentials::ProfileFiles& files,
                         const credentials::Environment& environment) {
    const auto places = credentials::places_of_key(key, files, environment);
    if (!places) return problem("same-key", places.error());
    std::vector<std::string> others;
    for (const auto& place : *places)
        if (home == nullptr || place.path != home->path || place.profile != home->profile)
            others.push_back(fmt::format("the profile {} of {}", place.profile, place.path));
    if (others.empty()) return ok("same-key", "no other profile holds the key " + key.text());
    return warning("same-key",
                   fmt::format("the key {} stands in {} too, which would stop working", key.text(),
                               fmt::join(others, " and in ")),
                   "rotate with --all-profiles, or name each place with --deliver");
}

}  // namespace keytide::cli
