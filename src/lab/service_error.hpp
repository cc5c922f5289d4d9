// An error in AWS's words. The account says what went wrong; each service wraps it in its own shape
// (query_protocol.hpp, s3/error.hpp).
#pragma once

#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace keytide::lab {

struct ServiceError {
    std::string code;     // NoSuchEntity, AccessDenied…
    std::string message;  // AWS's text
    int status = 400;     // HTTP
    std::vector<std::pair<std::string, std::string>>
        elements{};  // further elements, which S3 adds to some errors
};

template <class T>
using Outcome = std::expected<T, ServiceError>;

inline std::unexpected<ServiceError> refuse(std::string code, std::string message, int status) {
    return std::unexpected(ServiceError{std::move(code), std::move(message), status});
}

}  // namespace keytide::lab
