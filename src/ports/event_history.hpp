// The door to what CloudTrail remembers of a region: the management events of the last 90 days, without any
// trail being set up. Reading and writing of objects and the like (data events) is not among them.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ports/answer.hpp"
#include "vocabulary/access_key.hpp"

namespace keytide::ports {

struct HistoricEvent {
    Instant at{};
    std::string name;       // CreateUser
    std::string source;     // iam.amazonaws.com
    std::string principal;  // an ARN, or what else is known
    std::string address;    // where the call came from
    std::string user_agent;
    std::string error;  // AWS's code; empty: it was done
};

struct HistoryPage {
    std::vector<HistoricEvent> events;  // the latest first
    std::string next;                   // of the next page; empty at the end
};

class EventHistory {
public:
    virtual ~EventHistory() = default;

    // One request. AWS takes two a second of an account in a region.
    virtual Answer<HistoryPage> uses_of(const AccessKey& signer, const AccessKeyId& key,
                                        std::string_view next) = 0;
};

}  // namespace keytide::ports
