#include "cli/sealing_key_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "cli/command_output.hpp"
#include "ledger/private_file.hpp"
#include "vocabulary/file_descriptor.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* text_variable = "KEYTIDE_SEALING_KEY";
constexpr const char* command_variable = "KEYTIDE_SEALING_KEY_COMMAND";
constexpr const char* credential_name = "keytide-sealing-key";
constexpr Duration patience = std::chrono::seconds{60};

const char* set_variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : nullptr;
}

Result<WipedString> read_all(int fd, const std::string& from) {
    constexpr std::size_t most = 4096;
    WipedString bytes;
    bytes.reserve(most + 512);
    while (bytes.size() <= most) {
        std::array<char, 512> some{};
        const auto got = read(fd, some.data(), some.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed(fmt::format("{} cannot be read: {}", from, std::strerror(errno)));
        if (got == 0) return bytes;
        bytes.append(some.data(), std::size_t(got));
        explicit_bzero(some.data(), some.size());
    }
    return usage_error(from + " is too long to be a key");
}

// systemd guards the file, whose owner need not be us.
Result<Secret> read_credential(const fs::path& file) {
    const auto from = "the credential " + file.string();
    const FileDescriptor fd(open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return failed(fmt::format("{} cannot be read: {}", from, std::strerror(errno)));
    const auto bytes = read_all(fd.get(), from);
    if (!bytes) return std::unexpected(bytes.error());
    return ledger::sealing_key_from_bytes(*bytes, from);
}

}  // namespace

SealingKeySource SealingKeySource::of_this_process() {
    SealingKeySource source;
    if (char* text = std::getenv(text_variable)) {
        if (*text != '\0') source.text_ = Secret(text);
        explicit_bzero(text, std::strlen(text));
        unsetenv(text_variable);
    }
    if (const char* command = set_variable(command_variable)) source.command_ = command;
    if (const char* folder = set_variable("CREDENTIALS_DIRECTORY")) {
        std::error_code none;
        const auto file = fs::path(folder) / credential_name;
        if (fs::exists(file, none) || none) source.credential_ = file;
    }
    return source;
}

std::string SealingKeySource::where() const {
    std::string all;
    const auto add = [&](const std::string& one) { all += (all.empty() ? "" : " and ") + one; };
    if (text_) add(text_variable);
    if (command_) add(fmt::format("{} ('{}')", command_variable, *command_));
    if (credential_) add("the credential " + credential_->string());
    return all;
}

Result<const ledger::GivenKey*> SealingKeySource::given(const fs::path& file,
                                                        const std::function<bool()>& interrupted) {
    if (key_) return &*key_;
    const auto sources = int(text_.has_value()) + int(command_.has_value()) + int(credential_.has_value());
    if (sources == 0) return nullptr;
    if (sources > 1)
        return usage_error("the sealing key is given more than once: by " + where(), "leave one of them");

    auto key = [&]() -> Result<Secret> {
        if (text_) return ledger::sealing_key_from_base64(text_->reveal(), text_variable);
        if (credential_) return read_credential(*credential_);
        const auto output = output_of(*command_, patience, interrupted);
        if (!output) return std::unexpected(output.error());
        return ledger::sealing_key_from_base64(*output, "the output of '" + *command_ + "'");
    }();
    if (!key) return std::unexpected(key.error());
    std::error_code none;
    if (fs::exists(file, none) || none) {
        const auto in_file = ledger::load_sealing_key(file);
        if (!in_file) return std::unexpected(in_file.error());
        if (!in_file->same_as(*key))
            return usage_error(
                fmt::format("there are two sealing keys: one comes from {}, and {} holds another", where(),
                            file.string()),
                "leave the one that is the ledger's, and move the other away");
    }
    key_ = ledger::GivenKey{std::move(*key), where()};
    text_.reset();
    return &*key_;
}

Result<ledger::GivenKey> read_new_key(const std::string& file) {
    const auto from = file == "-" ? std::string("standard input") : file;
    auto bytes = file == "-" ? Result<std::optional<WipedString>>(read_all(STDIN_FILENO, from))
                             : ledger::read_private_file(file);
    if (!bytes) return std::unexpected(bytes.error());
    if (!*bytes)
        return usage_error(from + " does not exist",
                           "make a key there first: (umask 077; openssl rand -base64 32 > FILE)");
    auto key = ledger::sealing_key_from_bytes(**bytes, from);
    if (!key) return std::unexpected(key.error());
    return ledger::GivenKey{std::move(*key), from};
}

}  // namespace keytide::cli
