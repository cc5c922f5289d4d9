// The members of a request in AWS's JSON protocol, taken one by one.
//
// Nothing is ignored: what is of the wrong kind, breaks a constraint of its shape, or was not asked for by
// the action is remembered, and end() refuses the request for it. AWS gathers all violations into one
// sentence. https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lab/service_error.hpp"
#include "lab/state/tags.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

struct Length {
    std::size_t least = 0, most = std::size_t(-1);
};

class JsonInput {
public:
    explicit JsonInput(std::string_view body);
    ~JsonInput();
    JsonInput(const JsonInput&) = delete;
    JsonInput& operator=(const JsonInput&) = delete;

    // Without a judgement, for whoever asks for permission first: empty where there is no text of that name.
    std::string peek(std::string_view name) const;
    bool has(std::string_view name) const;  // null is absent

    std::optional<std::string> text(std::string_view name, Length length = {});
    std::string required(std::string_view name, Length length = {1});
    std::optional<std::string> one_of(std::string_view name, std::initializer_list<std::string_view> values);
    std::optional<std::int64_t> number(std::string_view name, std::int64_t least, std::int64_t most);
    bool flag(std::string_view name);  // absent is false
    std::vector<std::string> texts(std::string_view name, Length count, Length each = {1});
    std::vector<Tag> tags(std::string_view name);  // [{"Key": …, "Value": …}]

    // [{"Key": …, "Option": …, "Values": […]}]
    struct Filter {
        std::string key;
        std::optional<std::string> option;
        std::vector<std::string> values;
    };
    std::vector<Filter> filters(std::string_view name);

    // Seconds since 1970, with or without a fraction.
    std::optional<Instant> time(std::string_view name);

    // A list of objects with two members each, both of which are texts.
    std::vector<std::pair<std::string, std::string>> pairs(std::string_view name, std::string_view first,
                                                           std::string_view second);

    void must_be_there(std::string_view name);

    // SerializationException for what is no JSON object or of the wrong kind, ValidationException for what
    // breaks a constraint, or is no parameter that the lab knows of this action.
    Outcome<void> end() const;

private:
    const boost::json::value* take(std::string_view name);
    const boost::json::array* take_list(std::string_view name);  // null too for what is none
    void wrong_kind(const boost::json::value& found, std::string_view wanted);
    void violated(std::string_view name, std::string_view constraint);
    void check_length(std::string_view name, std::size_t size, Length length);

    std::unique_ptr<boost::json::object> object_;
    std::vector<std::string> taken_, violations_;
    std::optional<std::string> unreadable_;
};

}  // namespace keytide::lab
