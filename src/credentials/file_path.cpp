#include "credentials/file_path.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <system_error>

namespace keytide::credentials {
namespace {

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string expand_variables(std::string_view text, const Environment& environment) {
    std::string result;
    while (!text.empty()) {
        const auto dollar = text.find('$');
        result += text.substr(0, dollar);
        if (dollar == std::string_view::npos) break;
        text.remove_prefix(dollar);

        std::string_view name;
        std::size_t length = 1;
        if (text.size() > 1 && text[1] == '{') {
            const auto close = text.find('}');
            if (close != std::string_view::npos) name = text.substr(2, close - 2), length = close + 1;
        } else {
            while (length < text.size() && is_word(text[length])) ++length;
            name = text.substr(1, length - 1);
        }
        const auto value = name.empty() ? std::nullopt : environment(name);
        result += value ? *value : text.substr(0, length);
        text.remove_prefix(length);
    }
    return result;
}

std::string home_of(const std::string& user) {
    std::array<char, 4096> buffer;
    passwd entry{}, *found = nullptr;
    const int problem = user.empty() ? getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found)
                                     : getpwnam_r(user.c_str(), &entry, buffer.data(), buffer.size(), &found);
    return problem == 0 && found != nullptr ? found->pw_dir : "";
}

// A link in a sticky folder that everybody may write is followed only when we or the folder's owner put it
// there.
bool may_follow(const std::string& link, const struct stat& link_status) {
    struct stat folder {};
    if (stat(folder_of(link).c_str(), &folder) != 0) return false;
    const bool everybodys = (folder.st_mode & S_ISVTX) != 0 && (folder.st_mode & S_IWOTH) != 0;
    return !everybodys || link_status.st_uid == geteuid() || link_status.st_uid == folder.st_uid;
}

}  // namespace

std::string home_folder(const Environment& environment) {
    const auto home = non_empty(environment, "HOME");
    return home ? std::string(*home) : home_of("");
}

std::string expand_path(std::string_view path, const Environment& environment) {
    auto text = expand_variables(path, environment);
    if (!text.starts_with('~')) return text;
    const auto slash = std::min(text.find('/'), text.size());
    const auto user = text.substr(1, slash - 1);
    const auto home = user.empty() ? home_folder(environment) : home_of(user);
    return home.empty() ? text : home + text.substr(slash);
}

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

Result<std::string> follow_links(std::string path) {
    const auto asked = path;
    for (int links = 0; links < 40; ++links) {  // as many as Linux follows
        struct stat status {};
        if (lstat(path.c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) return path;
        if (!may_follow(path, status))
            return failed(fmt::format("{} is a symbolic link that somebody else put there", path),
                          "name the file that is meant");
        std::array<char, 4096> target;
        const auto length = readlink(path.c_str(), target.data(), target.size());
        if (length < 0) return std::unexpected(system_error("read the symbolic link", path, errno));
        const std::string_view text(target.data(), std::size_t(length));
        path = text.starts_with('/') ? std::string(text) : folder_of(path) + "/" + std::string(text);
    }
    return failed(asked + " is a symbolic link that leads in a circle");
}

Error system_error(std::string_view what, const std::string& path, int number) {
    std::string hint;
    switch (number) {
        case ENOSPC:
        case EDQUOT: hint = "make room on the disk and try again"; break;
        case EROFS:
            hint = "the file system is mounted read-only; choose another place or mount it writable";
            break;
        case EBUSY:
            hint = "a file that is mounted by itself (into a container) cannot be replaced; mount its folder";
            break;
        case EACCES:
        case EPERM: hint = "check the owner and mode of the file and its folder"; break;
        default: break;
    }
    return {ErrorKind::failed,
            fmt::format("cannot {} {}: {}", what, path, std::generic_category().message(number)), hint};
}

}  // namespace keytide::credentials
