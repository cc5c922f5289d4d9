#include "cli/report.hpp"

#include <boost/json.hpp>

#include "cli/words.hpp"
#include "ledger/event_json.hpp"

namespace keytide::cli {
namespace {

namespace json = boost::json;
using namespace rotation;

std::string_view result_of(const Rotation& r) {
    if (r.end == End::completed) return "completed";
    if (r.end == End::rolled_back) return r.new_key ? "rolled_back" : "failed";
    if (r.question) return "needs_person";
    if (r.parked) return "parked";
    return "interrupted";
}

json::object to_object(const Rotation& r) {
    json::object o;
    o["id"] = r.id;
    o["result"] = result_of(r);
    o["phase"] = name_of(r.phase);
    o["user"] = json::object{{"name", r.request.user_name},
                             {"arn", r.request.user.arn},
                             {"user_id", r.request.user.user_id},
                             {"account", r.request.user.account}};
    if (r.request.old_key) o["old_access_key_id"] = r.request.old_key->text();
    if (r.new_key) o["new_access_key_id"] = r.new_key->text();
    o["keys"] = state_of_keys(r);
    json::array destinations;
    for (const auto& d : r.deliveries)
        destinations.push_back(json::object{{"uri", d.destination}, {"delivered", d.delivered}});
    o["destinations"] = std::move(destinations);
    o["started"] = to_rfc3339(r.started);
    o["changed"] = to_rfc3339(r.changed);
    if (r.parked) {
        o["parked_until"] = to_rfc3339(r.parked->until);
        o["reason"] = r.parked->reason;
    }
    if (!r.going_back.empty()) o["reason"] = r.going_back;
    if (r.question) {
        o["question"] = r.question->question;
        o["answers"] = json::array(r.question->answers.begin(), r.question->answers.end());
    }
    return o;
}

}  // namespace

std::string to_json(const Report& report) {
    json::object o;
    o["exit_code"] = report.exit_code;
    if (report.error)
        o["error"] = json::object{{"message", report.error->message}, {"hint", report.error->hint}};
    if (report.rotations) {
        json::array all;
        for (const auto& each : *report.rotations) all.push_back(to_object(each));
        o["rotations"] = std::move(all);
    }
    if (report.events) {
        json::array all;
        for (const auto& recorded : *report.events)
            all.push_back(
                json::object{{"sequence", recorded.sequence},
                             {"event", json::parse(ledger::to_json(recorded.event).value_or("null"))}});
        o["events"] = std::move(all);
    }
    if (report.plan)
        o["plan"] =
            json::object{{"steps", json::array(report.plan->steps.begin(), report.plan->steps.end())},
                         {"skipped", json::array(report.plan->skipped.begin(), report.plan->skipped.end())}};
    return json::serialize(o);
}

}  // namespace keytide::cli
