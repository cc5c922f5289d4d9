// Whoever wants to hear what happens, line by line.
#pragma once

#include <functional>
#include <string>

namespace keytide::simulator {

using Tell = std::function<void(const std::string&)>;  // may be empty

}  // namespace keytide::simulator
