// AWS stores times in seconds.
#pragma once

#include "vocabulary/instant.hpp"

namespace keytide::lab {

inline Instant stored_time(Instant t) {
    return std::chrono::floor<std::chrono::seconds>(t);
}

}  // namespace keytide::lab
