#include <boost/json.hpp>
#include <charconv>

#include "lab/control/topics.hpp"
#include "vocabulary/printable.hpp"

namespace keytide::lab::control {
namespace {

namespace json = boost::json;
using misbehaviour::LoggedRequest;
using misbehaviour::RequestLog;

constexpr std::size_t most_shown = 10'000;

// Nothing when it is no number; `otherwise` when it is not there.
std::optional<std::uint64_t> number_in(const Parameters& query, std::string_view name,
                                       std::uint64_t otherwise) {
    const auto* text = query.find(name);
    if (text == nullptr) return otherwise;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size()) return {};
    return number;
}

json::object described(const LoggedRequest& request) {
    json::object out{{"number", request.number},
                     {"received", to_rfc3339(request.received, true)},
                     {"landed", to_rfc3339(request.landed, true)},
                     {"service", request.service},
                     {"action", as_utf8(request.action)}};
    if (!request.access_key_id.empty()) out["access_key_id"] = as_utf8(request.access_key_id);
    if (!request.arn.empty()) out["principal"] = request.arn;
    out["acted"] = request.acted;
    if (request.status != 0) out["status"] = request.status;
    if (!request.code.empty()) out["code"] = request.code;
    if (!request.fault.empty()) {
        out["fault"] = request.fault;
        out["rule"] = request.rule;
    }
    return out;
}

}  // namespace

Said show_requests(Rehearsal& rehearsal, const Parameters& query) {
    RequestLog::Filter filter;
    std::size_t known = query.has("since") + query.has("limit");
    for (const auto& [name, field] : {std::pair{"service", &filter.service},
                                      {"action", &filter.action},
                                      {"principal", &filter.principal},
                                      {"code", &filter.code},
                                      {"fault", &filter.fault}}) {
        *field = query.get(name);
        known += query.has(name);
    }
    const auto since = number_in(query, "since", 0);
    const auto limit = number_in(query, "limit", filter.limit);
    if (known != query.size() || !since || !limit || *limit == 0 || *limit > most_shown)
        return complain(
            "the query knows since=NUMBER, limit=NUMBER (10000 at most), service, action, principal, code "
            "and fault, each once");
    filter.since = *since;
    filter.limit = *limit;

    const auto found = rehearsal.log().find(filter);
    json::array requests;
    for (const auto& one : found) requests.push_back(described(one));
    // Where more may follow, the cursor stands at the last one shown; else at the end.
    const auto next = found.size() == filter.limit ? found.back().number : rehearsal.log().latest();
    return json::object{{"requests", std::move(requests)}, {"next", std::max(next, *since)}};
}

}  // namespace keytide::lab::control
