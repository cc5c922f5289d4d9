#include "lab/misbehaviour/request_log.hpp"

#include <algorithm>
#include <utility>

namespace keytide::lab::misbehaviour {
namespace {

bool passes(const RequestLog::Filter& filter, const LoggedRequest& request) {
    const auto is = [](const std::string& wanted, const std::string& text) {
        return wanted.empty() || wanted == text;
    };
    const auto& attempt = request.attempt;
    return is(filter.service, attempt.service) && is(filter.action, attempt.action) &&
           (filter.principal.empty() || filter.principal == attempt.access_key_id ||
            filter.principal == attempt.user_name || filter.principal == attempt.arn) &&
           is(filter.code, request.code) && is(filter.fault, request.fault);
}

}  // namespace

void RequestLog::add(LoggedRequest request) {
    request.number = ++latest_;
    if (kept_.size() >= capacity_) kept_.pop_front();
    kept_.push_back(std::move(request));
}

std::vector<const LoggedRequest*> RequestLog::find(const Filter& filter) const {
    std::vector<const LoggedRequest*> found;
    const auto first = latest_ - kept_.size() + 1;
    const auto begin =
        filter.since < first ? 0 : std::min<std::uint64_t>(filter.since - first + 1, kept_.size());
    for (auto at = begin; at < kept_.size() && found.size() < filter.limit; ++at)
        if (passes(filter, kept_[at])) found.push_back(&kept_[at]);
    return found;
}

}  // namespace keytide::lab::misbehaviour
