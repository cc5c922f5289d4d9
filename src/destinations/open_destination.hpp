// From a URI to the place that it names.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "destinations/destination_uri.hpp"
#include "http/curl_http.hpp"
#include "ports/destination.hpp"

namespace keytide::destinations {

// What the places are reached by. Nothing in it is used before read() or deliver().
struct Means {
    Origin origin;
    std::function<std::unique_ptr<http::Http>(http::Tls)> connect = {};
    std::function<bool()> interrupted = {};  // true abandons what can be abandoned; may be empty
    std::string outbox = {};                 // folder of the messages to persons; empty: there is none
    // secretsmanager: and ssm:, which somebody must sign for.
    std::function<Result<std::unique_ptr<ports::Destination>>(const DestinationUri&)> open_store = {};
};

// Touches nothing: what is wrong with the place shows in read() or deliver().
Result<std::unique_ptr<ports::Destination>> open_destination(std::string_view text, const Means& means);

}  // namespace keytide::destinations
