// Where the sealing key comes from when it does not lie in its file (docs/configuration.md): the environment,
// a command, or a credential of systemd. One of them; two are an error, and none means the file.
//
// https://www.freedesktop.org/software/systemd/man/systemd.exec.html#LoadCredential=ID:PATH
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "credentials/environment.hpp"
#include "ledger/sealing_key.hpp"

namespace keytide::cli {

class SealingKeySource {
public:
    SealingKeySource() = default;  // the file

    // Takes KEYTIDE_SEALING_KEY out of this process's environment: it is wiped there, also for those who read
    // /proc, and no program that we start gets it. To be called before there is a second thread.
    static SealingKeySource of_this_process();

    // Null: the file. A command is run once. A file that holds another key than the one that is given is an
    // error: which of the two is meant cannot be told.
    Result<const ledger::GivenKey*> given(const std::filesystem::path& file,
                                          const std::function<bool()>& interrupted);

    // Where a key comes from, in words; empty: the file.
    std::string where() const;

private:
    std::optional<Secret> text_;
    std::optional<std::string> command_;
    std::optional<std::filesystem::path> credential_;
    std::optional<ledger::GivenKey> key_;
};

// --new-key-file: the 32 bytes or base64, from a private file, or "-" for standard input.
Result<ledger::GivenKey> read_new_key(const std::string& file);

}  // namespace keytide::cli
