// Each service is many machines, and they do not hear of a new key at the same moment: which of them answers
// a request decides whether it is accepted.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lab/misbehaviour/delays.hpp"

namespace keytide::lab::misbehaviour {

struct Propagation {
    std::vector<Delays> replicas{Delays{}};  // of each service that is not named below
    std::map<std::string, std::vector<Delays>, std::less<>> services{};  // iam, sts, s3, cloudformation
    bool at_random = false;  // which replica a request meets; else each key goes round them all
    std::uint64_t seed = 1;

    // Nothing older than that matters to any replica.
    Duration horizon() const;
    Duration slowest_policies() const;  // of the delays of policies
};

// `delays`, and a second replica that is later by `by` with all that it hears: answers alternate in between.
std::vector<Delays> flapping(const Delays& delays, Duration by);

class Replicas {
public:
    explicit Replicas(Propagation settings)
        : settings_(std::move(settings)),
          horizon_(settings_.horizon()),
          slowest_policies_(settings_.slowest_policies()) {}

    const Propagation& settings() const { return settings_; }

    // The one that a request with this key meets.
    Hearing meet(std::string_view service, std::string_view access_key_id) {
        return {one_of(service, access_key_id), horizon_, slowest_policies_};
    }

private:
    const Delays& one_of(std::string_view service, std::string_view access_key_id);

    Propagation settings_;
    Duration horizon_;
    Duration slowest_policies_;
    std::uint64_t requests_ = 0;
    std::map<std::string, std::uint64_t, std::less<>> turns_;  // by service and key
};

}  // namespace keytide::lab::misbehaviour
