// A request as one text, every part of it behind its length.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lab/request.hpp"

namespace keytide::lab::journal {

std::string to_bytes(const Request& request);
std::optional<Request> from_bytes(std::string_view bytes);  // nothing: these are not what to_bytes writes

}  // namespace keytide::lab::journal
