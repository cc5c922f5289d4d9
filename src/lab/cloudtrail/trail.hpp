// The event history of an account: who called what, from where, and how it ended. CloudTrail keeps it for 90
// days without being asked to, in each region its own.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
//
// Data events, such as reading an object of S3, are none of it, and neither are calls of keys that are
// nobody's.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "vocabulary/instant.hpp"

namespace keytide::lab::cloudtrail {

struct TrailEvent {
    std::uint64_t number = 0;  // 1, 2, …: of the account
    Instant at;
    std::string service;                                      // iam, sts, s3…
    std::string name;                                         // CreateUser
    std::string region;                                       // us-east-1 for what is of no region
    std::string access_key_id, arn, principal_id, user_name;  // the last of users alone
    std::string source_ip, user_agent;
    std::string error;  // AWS's code; empty: it was done
};

// Whether it only reads, as the prefix of its name tells.
bool only_reads(std::string_view name);

// Made of the account and the number, and so the same whenever it is asked for.
std::string id_of(const TrailEvent& event, std::string_view account);

class Trail {
public:
    static constexpr std::size_t most_kept = 10'000;
    static constexpr Duration kept_for = std::chrono::hours{24 * 90};

    void add(TrailEvent event);

    // The latest first.
    std::vector<const TrailEvent*> of_region(std::string_view region, Instant now) const;

private:
    std::uint64_t latest_ = 0;
    std::deque<TrailEvent> events_;
};

}  // namespace keytide::lab::cloudtrail
