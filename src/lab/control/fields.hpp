// The members of a JSON object, taken one by one. Whatever is of the wrong kind, or left over in the end, was
// not understood, and is complained about rather than ignored.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vocabulary/error.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::control {

class Fields {
public:
    // The object must outlive it.
    explicit Fields(const boost::json::object& object) : object_(object) {}

    // Null: it is not there.
    const boost::json::value* take(std::string_view name);

    std::optional<std::string> text(std::string_view name);
    std::vector<std::string> texts(std::string_view name);  // a string, or an array of strings
    std::optional<std::uint64_t> count(std::string_view name);
    std::optional<double> number(std::string_view name);
    std::optional<bool> flag(std::string_view name);
    std::optional<Duration> duration(std::string_view name);  // "250ms", "10s", "15m", "2h", "90d"

    void complain(std::string sentence);  // the first complaint counts

    Result<void> end();

private:
    const boost::json::object& object_;
    std::vector<std::string> taken_;
    std::optional<std::string> complaint_;
};

}  // namespace keytide::lab::control
