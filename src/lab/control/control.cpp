#include "lab/control/control.hpp"

#include <boost/json.hpp>

#include "lab/control/topics.hpp"

namespace keytide::lab::control {
namespace {

namespace json = boost::json;

constexpr std::string_view place = "/_lab/";
constexpr std::string_view scheme = "Bearer ";

bool is_entitled(const Rehearsal& rehearsal, const Request& request) {
    const auto* presented = request.header("authorization");
    if (presented == nullptr || !presented->starts_with(scheme) || rehearsal.token().empty()) return false;
    return rehearsal.token().same_as(Secret(std::string_view(*presented).substr(scheme.size())));
}

Reply as_reply(int status, const json::value& value) {
    return {status, "application/json", {}, json::serialize(value) + "\n"};
}

Reply as_reply(const Complaint& complaint) {
    return as_reply(complaint.status, json::object{{"error", complaint.sentence}});
}

Said not_here(std::string_view methods) {
    return std::unexpected(Complaint{405, "this takes " + std::string(methods)});
}

// The object in a body; an empty body is an empty one.
std::expected<json::object, Complaint> object_in(const std::string& body) {
    if (body.empty()) return json::object{};
    boost::system::error_code error;
    auto value = json::parse(body, error);
    if (error) return complain("the body is not JSON: " + error.message());
    if (!value.is_object()) return complain("the body is a JSON object");
    return std::move(value.get_object());
}

Said say(Rehearsal& rehearsal, const Request& request, const json::object& told, Instant real) {
    const auto topic = std::string_view(request.path).substr(place.size());
    const auto query = Parameters::parse(request.query);
    const bool get = request.method == "GET";
    const bool post = request.method == "POST";
    if (query.size() != 0 && topic != "requests" && !(topic == "faults" && request.method == "DELETE"))
        return complain("this takes no query");
    if (topic == "health") {
        if (!get) return not_here("GET");
        return json::object{{"status", "ok"}};
    }
    if (topic == "clock") {
        if (get) return show_clock(rehearsal, real);
        return post ? change_clock(rehearsal, told, real) : not_here("GET and POST");
    }
    if (topic == "faults") {
        if (get) return show_faults(rehearsal);
        if (request.method == "DELETE") return remove_faults(rehearsal, query);
        return post ? add_faults(rehearsal, told) : not_here("GET, POST and DELETE");
    }
    if (topic == "propagation") {
        if (get) return show_propagation(rehearsal);
        return post ? change_propagation(rehearsal, told) : not_here("GET and POST");
    }
    if (topic == "signatures") {
        if (get) return show_signatures(rehearsal);
        return post ? change_signatures(rehearsal, told) : not_here("GET and POST");
    }
    if (topic == "requests") return get ? show_requests(rehearsal, query) : not_here("GET");
    if (topic == "reset") {
        if (!post) return not_here("POST");
        if (auto anew = rehearsal.reset(real); !anew)
            return std::unexpected(Complaint{500, anew.error().message});
        return json::object{{"status", "ok"}};
    }
    return std::unexpected(Complaint{404, "there is no " + request.path});
}

}  // namespace

bool is_addressed(const Request& request) {
    return request.path.starts_with(place);
}

Reply answer(Rehearsal& rehearsal, const Request& request, Instant real) {
    if (!is_entitled(rehearsal, request)) {
        auto refusal = as_reply({401, "the token is needed: Authorization: Bearer $KEYTIDE_LAB_TOKEN"});
        refusal.headers.push_back({"WWW-Authenticate", "Bearer"});
        return refusal;
    }
    const auto told = object_in(request.body);
    if (!told) return as_reply(told.error());
    const auto said = say(rehearsal, request, *told, real);
    return said ? as_reply(200, *said) : as_reply(said.error());
}

}  // namespace keytide::lab::control
