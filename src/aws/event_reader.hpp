// CloudTrail's event history.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
#pragma once

#include <string>

#include "aws/json_protocol.hpp"
#include "ports/clock.hpp"
#include "ports/event_history.hpp"

namespace keytide::aws {

class EventReader : public ports::EventHistory {
public:
    EventReader(http::Http& http, Endpoint cloudtrail, ports::Clock& clock, std::string user_agent)
        : cloudtrail_(http, std::move(cloudtrail), std::move(user_agent)), clock_(clock) {}

    ports::Answer<ports::HistoryPage> uses_of(const AccessKey& signer, const AccessKeyId& key,
                                              std::string_view next) override;

private:
    JsonService cloudtrail_;
    ports::Clock& clock_;
};

}  // namespace keytide::aws
