// The event history of an account: who called what, from where, and how it ended. CloudTrail keeps it for 90
// days without being asked to, in each region its own.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
//
// Data events, such as reading an object of S3, are none of it, and neither are calls of keys that are
// nobody's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lab/latest_records.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::cloudtrail {

struct TrailEvent {
    std::uint64_t number = 0;  // 1, 2, …: of the account
    Instant at;
    std::string_view service;                                      // iam, sts, s3…
    std::string_view name;                                         // CreateUser
    std::string_view region;                                       // us-east-1 for what is of no region
    std::string_view access_key_id, arn, principal_id, user_name;  // the last of users alone
    std::string_view source_ip, user_agent;
    std::string_view error;  // AWS's code; empty: it was done

    template <class Self, class Visit>
    static void each_field(Self& self, Visit&& visit) {
        visit(self.number), visit(self.at), visit(self.service), visit(self.name), visit(self.region);
        visit(self.access_key_id), visit(self.arn), visit(self.principal_id), visit(self.user_name);
        visit(self.source_ip), visit(self.user_agent), visit(self.error);
    }
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

    // The latest first. Their texts are good until the next event is added.
    std::vector<TrailEvent> of_region(std::string_view region, Instant now) const;

private:
    std::uint64_t latest_ = 0;
    LatestRecords<TrailEvent> events_{most_kept};
};

}  // namespace keytide::lab::cloudtrail
