#include "lab/misbehaviour/fault_rules.hpp"

#include <algorithm>

#include "lab/misbehaviour/lot.hpp"

namespace keytide::lab::misbehaviour {
namespace {

bool names(const std::vector<std::string>& wanted, const std::string& text) {
    return std::find(wanted.begin(), wanted.end(), text) != wanted.end();
}

bool matches(const Rule& rule, const Attempt& attempt) {
    if (!rule.services.empty() && !names(rule.services, attempt.service)) return false;
    if (!rule.actions.empty() && !names(rule.actions, attempt.action)) return false;
    return rule.principals.empty() ||
           (!attempt.access_key_id.empty() && names(rule.principals, attempt.access_key_id)) ||
           (!attempt.user_name.empty() && names(rule.principals, attempt.user_name)) ||
           (!attempt.arn.empty() && names(rule.principals, attempt.arn));
}

// https://repost.aws/knowledge-center/iam-sts-throttling-error,
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html
Refuse too_many(const std::string& service) {
    if (service == "s3") return {"SlowDown", 503, "Please reduce your request rate."};
    if (service == "secretsmanager" || service == "ssm" || service == "cloudtrail")
        return {"ThrottlingException", 400, "Rate exceeded"};
    if (service == "organizations")
        return {"TooManyRequestsException", 400,
                "AWS Organizations can't complete your request because of rate limits."};
    if (service == "securityhub") return {"TooManyRequestsException", 429, "Too Many Requests"};
    return {"Throttling", 400, "Rate exceeded"};
}

bool is_throttled(FaultRules::Standing& standing, const Throttle& throttle, const Attempt& attempt,
                  Instant now) {
    const auto bucket =
        standing.buckets
            .try_emplace(attempt.service + ":" + attempt.action, throttle.rate, throttle.burst, now)
            .first;
    return !bucket->second.take(now);
}

}  // namespace

const FaultRules::Standing* FaultRules::add(Rule rule) {
    if (standing_.size() >= most) return nullptr;
    const auto id = next_id_++;
    if (!rule.seed) rule.seed = lot(seed_, id);
    standing_.push_back({id, std::move(rule)});
    return &standing_.back();
}

bool FaultRules::remove(std::uint64_t id) {
    return std::erase_if(standing_, [&](const auto& one) { return one.id == id; }) != 0;
}

Course FaultRules::decide(const Attempt& attempt, Instant now) {
    Course course;
    for (auto& standing : standing_) {
        const auto& rule = standing.rule;
        if (!matches(rule, attempt)) continue;
        const auto number = standing.matched++;
        if (number < rule.skip || (rule.times && standing.applied >= *rule.times)) continue;
        if (rule.probability < 1 && share(*rule.seed, number) >= rule.probability) continue;

        const auto* delay = std::get_if<Delay>(&rule.fault);
        if (delay == nullptr && course.fault) continue;  // one misfortune is enough
        const auto* throttle = std::get_if<Throttle>(&rule.fault);
        if (throttle != nullptr && !is_throttled(standing, *throttle, attempt, now)) continue;

        ++standing.applied;
        course.rule = standing.id;
        if (delay != nullptr) {
            course.before += delay->before;
            course.after += delay->after;
        } else if (throttle != nullptr) {
            course.fault = too_many(attempt.service);
        } else {
            course.fault = rule.fault;
        }
    }
    return course;
}

}  // namespace keytide::lab::misbehaviour
