#include "lab/cloudtrail/cloudtrail.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "lab/gate/authorisation.hpp"
#include "lab/json_input.hpp"

namespace keytide::lab::cloudtrail {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_results = 50;

// Those of S3 that are management events.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
constexpr std::array<std::string_view, 4> of_buckets{"ListBuckets", "CreateBucket", "DeleteBucket",
                                                     "GetBucketLocation"};

std::string username_of(const TrailEvent& event) {
    if (!event.user_name.empty()) return std::string(event.user_name);
    if (event.arn.ends_with(":root")) return "root";
    return std::string(event.arn.substr(event.arn.rfind('/') + 1));
}

std::string source_of(const TrailEvent& event) {
    return std::string(event.service) + ".amazonaws.com";
}

std::string_view type_of(const TrailEvent& event) {
    if (!event.user_name.empty()) return "IAMUser";
    return event.arn.ends_with(":root") ? "Root" : "AssumedRole";
}

// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
std::string record_of(const TrailEvent& event, const std::string& account) {
    json::object identity{{"type", type_of(event)},
                          {"principalId", event.principal_id},
                          {"arn", event.arn},
                          {"accountId", account},
                          {"accessKeyId", event.access_key_id}};
    if (!event.user_name.empty()) identity["userName"] = event.user_name;
    json::object record{{"eventVersion", "1.09"},
                        {"userIdentity", std::move(identity)},
                        {"eventTime", to_rfc3339(std::chrono::floor<std::chrono::seconds>(event.at))},
                        {"eventSource", source_of(event)},
                        {"eventName", event.name},
                        {"awsRegion", event.region},
                        {"sourceIPAddress", event.source_ip},
                        {"userAgent", event.user_agent}};
    if (!event.error.empty()) record["errorCode"] = event.error;
    // What was asked and answered in detail, the lab does not remember: it may hold secrets.
    record["requestParameters"] = nullptr;
    record["responseElements"] = nullptr;
    record["eventID"] = id_of(event, account);
    record["readOnly"] = only_reads(event.name);
    record["eventType"] = "AwsApiCall";
    record["managementEvent"] = true;
    record["recipientAccountId"] = account;
    record["eventCategory"] = "Management";
    return json::serialize(record);
}

json::object listed(const TrailEvent& event, const std::string& account) {
    return {{"EventId", id_of(event, account)},
            {"EventName", event.name},
            {"ReadOnly", only_reads(event.name) ? "true" : "false"},
            {"AccessKeyId", event.access_key_id},
            {"EventTime", json_time(std::chrono::floor<std::chrono::seconds>(event.at))},
            {"EventSource", source_of(event)},
            {"Username", username_of(event)},
            {"Resources", json::array()},
            {"CloudTrailEvent", record_of(event, account)}};
}

std::unexpected<ServiceError> wrong_attribute(std::string message) {
    return refuse("InvalidLookupAttributesException", std::move(message), 400);
}

struct Attribute {
    std::string key, value;
};

Outcome<std::optional<Attribute>> attribute_in(JsonInput& input) {
    const auto pairs = input.pairs("LookupAttributes", "AttributeKey", "AttributeValue");
    if (pairs.empty()) return std::nullopt;
    if (pairs.size() > 1) return wrong_attribute("You can specify only one lookup attribute.");
    const auto& [key, value] = pairs.front();
    constexpr std::array<std::string_view, 6> known{"EventId",  "EventName",   "ReadOnly",
                                                    "Username", "EventSource", "AccessKeyId"};
    if (std::ranges::find(known, key) == known.end())
        return wrong_attribute("The lab cannot look events up by " + key + ".");
    return Attribute{key, value};
}

bool has(const TrailEvent& event, const Attribute& attribute, const std::string& account) {
    const auto& [key, value] = attribute;
    if (key == "EventId") return id_of(event, account) == value;
    if (key == "EventName") return event.name == value;
    if (key == "ReadOnly") return value == (only_reads(event.name) ? "true" : "false");
    if (key == "Username") return username_of(event) == value;
    if (key == "EventSource") return source_of(event) == value;
    return event.access_key_id == value;
}

// A token is the number of the last event of the page before, so that what happens meanwhile shifts nothing.
std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

JsonResult lookup_events(const Account& account, const Trail& trail, const Caller& caller, JsonInput& input,
                         Instant now) {
    if (auto allowed = gate::authorise_json(account, caller, "cloudtrail:LookupEvents", gate::by_arn("*"));
        !allowed)
        return std::unexpected(allowed.error());
    const auto attribute = attribute_in(input);
    const auto begins = input.time("StartTime"), ends = input.time("EndTime");
    const auto most = input.number("MaxResults", INT32_MIN, INT32_MAX);
    const auto token = input.text("NextToken");
    if (auto valid = input.end(); !valid) return std::unexpected(valid.error());
    if (!attribute) return std::unexpected(attribute.error());
    if (begins && ends && *begins > *ends)
        return refuse("InvalidTimeRangeException", "The start time is after the end time.", 400);
    if (most && (*most < 1 || *most > most_results))
        return refuse("InvalidMaxResultsException", "MaxResults must be between 1 and 50.", 400);

    const auto before = token ? number_in(*token) : std::optional(UINT64_MAX);
    if (!before) return refuse("InvalidNextTokenException", "The token is not valid.", 400);

    json::array events;
    std::uint64_t last = 0;
    std::optional<std::uint64_t> next;
    for (const auto& event : trail.of_region(caller.region, now)) {
        const bool meant = event.number < *before && (!*attribute || has(event, **attribute, account.id())) &&
                           (!begins || event.at >= *begins) && (!ends || event.at <= *ends);
        if (!meant) continue;
        if (events.size() == std::size_t(most.value_or(most_results))) {
            next = last;
            break;
        }
        events.push_back(listed(event, account.id()));
        last = event.number;
    }
    json::object answer{{"Events", std::move(events)}};
    if (next) answer["NextToken"] = std::to_string(*next);
    return json_text(answer);
}

}  // namespace

JsonResult serve(const Account& account, const Trail& trail, const Caller& caller, std::string_view action,
                 std::string_view body, Instant now) {
    if (action != "LookupEvents") return std::unexpected(unknown_operation());
    JsonInput input(body);
    return lookup_events(account, trail, caller, input, now);
}

std::optional<TrailEvent> event_of(const Caller& caller, std::string_view service, std::string_view action,
                                   std::string_view error, Instant now) {
    if (service == "s3" && std::ranges::find(of_buckets, action) == of_buckets.end()) return std::nullopt;
    return TrailEvent{.at = now,
                      .service = service,
                      .name = action,
                      // IAM has one place in the world.
                      .region = service == "iam" ? std::string_view("us-east-1") : caller.region,
                      .access_key_id = caller.access_key_id,
                      .arn = caller.arn,
                      .principal_id = caller.user_id,
                      .user_name = caller.user_name ? std::string_view(*caller.user_name) : "",
                      .source_ip = caller.circumstances.source_ip,
                      .user_agent = caller.circumstances.user_agent,
                      .error = error};
}

}  // namespace keytide::lab::cloudtrail
