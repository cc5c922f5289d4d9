// An error has two voices: what happened, and what to do. Libraries carry it as a value; only the command
// line prints it and turns its kind into an exit code (docs/exit-codes.md).
#pragma once

#include <expected>
#include <string>

namespace keytide {

enum class ErrorKind {
    failed,       // exit 1: it did not work, and nothing was changed
    lost,         // exit 1: a secret that was kept cannot be had from where it was kept
    usage,        // exit 2: usage, configuration, or consent missing
    busy,         // exit 6: another process works on this user
    interrupted,  // exit 130: stopped by the person; resumable
};

struct Error {
    ErrorKind kind = ErrorKind::failed;
    std::string message;  // one sentence without a final full stop; never holds a secret
    std::string hint;     // what to do about it; may be empty

    bool operator==(const Error&) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> failed(std::string message, std::string hint = {}) {
    return std::unexpected(Error{ErrorKind::failed, std::move(message), std::move(hint)});
}

inline std::unexpected<Error> lost(std::string message, std::string hint = {}) {
    return std::unexpected(Error{ErrorKind::lost, std::move(message), std::move(hint)});
}

inline std::unexpected<Error> usage_error(std::string message, std::string hint = {}) {
    return std::unexpected(Error{ErrorKind::usage, std::move(message), std::move(hint)});
}

}  // namespace keytide
