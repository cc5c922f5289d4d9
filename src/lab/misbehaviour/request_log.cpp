#include "lab/misbehaviour/request_log.hpp"

#include <algorithm>

namespace keytide::lab::misbehaviour {
namespace {

bool passes(const RequestLog::Filter& filter, const LoggedRequest& request) {
    const auto is = [](std::string_view wanted, std::string_view text) {
        return wanted.empty() || wanted == text;
    };
    return is(filter.service, request.service) && is(filter.action, request.action) &&
           (filter.principal.empty() || filter.principal == request.access_key_id ||
            filter.principal == request.user_name || filter.principal == request.arn) &&
           is(filter.code, request.code) && is(filter.fault, request.fault);
}

}  // namespace

void RequestLog::add(LoggedRequest request) {
    request.number = ++latest_;
    kept_.add(request);
}

std::vector<LoggedRequest> RequestLog::find(const Filter& filter) const {
    std::vector<LoggedRequest> found;
    const auto first = latest_ - kept_.size() + 1;
    const auto begin =
        filter.since < first ? 0 : std::min<std::uint64_t>(filter.since - first + 1, kept_.size());
    for (auto at = begin; at < kept_.size() && found.size() < filter.limit; ++at)
        if (const auto request = kept_[at]; passes(filter, request)) found.push_back(request);
    return found;
}

}  // namespace keytide::lab::misbehaviour
