#include "cli/user_name.hpp"

#include <string>

namespace keytide::cli {

bool is_user_name(std::string_view text) {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-";
    return !text.empty() && text.size() <= 64 && text.find_first_not_of(allowed) == std::string_view::npos;
}

Error no_user_name(std::string_view text) {
    return {ErrorKind::usage, "'" + std::string(text) + "' is not the name of an IAM user",
            "write the name alone, without its path or ARN"};
}

}  // namespace keytide::cli
