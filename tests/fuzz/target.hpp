// What libFuzzer calls, and what replay.cpp calls with each file of the corpus.
// https://llvm.org/docs/LibFuzzer.html#fuzz-target
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace keytide::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// What must hold for every input.
inline void require(bool holds) {
    if (!holds) std::abort();
}

// Takes the part before the next `end` off the front.
inline std::string_view take(std::string_view& rest, char end = '\n') {
    const auto part = rest.substr(0, rest.find(end));
    rest.remove_prefix(part.size() == rest.size() ? part.size() : part.size() + 1);
    return part;
}

}  // namespace keytide::fuzz
