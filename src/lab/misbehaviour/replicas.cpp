#include "lab/misbehaviour/replicas.hpp"

#include <algorithm>

#include "lab/misbehaviour/lot.hpp"

namespace keytide::lab::misbehaviour {
namespace {

constexpr std::size_t most_turns = 10'000;

Duration longest(const std::vector<Delays>& replicas) {
    Duration result{0};
    for (const auto& one : replicas)
        result = std::max({result, one.created, one.inactive, one.reactivated, one.deleted, one.policies,
                           one.reads, one.writes, one.wrong_secret, one.last_used, one.deleted_buckets});
    return result;
}

}  // namespace

Duration Propagation::horizon() const {
    auto result = longest(replicas);
    for (const auto& [name, of_service] : services) result = std::max(result, longest(of_service));
    return result;
}

Duration Propagation::slowest_policies() const {
    Duration result{0};
    for (const auto& one : replicas) result = std::max(result, one.policies);
    for (const auto& [name, of_service] : services)
        for (const auto& one : of_service) result = std::max(result, one.policies);
    return result;
}

std::vector<Delays> flapping(const Delays& delays, Duration by) {
    auto later = delays;
    for (auto* each : {&later.created, &later.inactive, &later.reactivated, &later.deleted, &later.policies})
        *each += by;
    return {delays, later};
}

const Delays& Replicas::one_of(std::string_view service, std::string_view access_key_id) {
    static const Delays at_once;
    if (horizon_ == Duration{0}) return at_once;
    const auto named = settings_.services.find(service);
    const auto& replicas = named == settings_.services.end() ? settings_.replicas : named->second;
    if (replicas.size() == 1) return replicas.front();
    if (settings_.at_random) return replicas[lot(settings_.seed, requests_++) % replicas.size()];
    if (turns_.size() >= most_turns) turns_.clear();
    return replicas[turns_[std::string(service) + " " + std::string(access_key_id)]++ % replicas.size()];
}

}  // namespace keytide::lab::misbehaviour
