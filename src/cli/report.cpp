#include "cli/report.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "cli/audit_json.hpp"
#include "cli/json_text.hpp"
#include "cli/words.hpp"
#include "ledger/event_json.hpp"
#include "vocabulary/printable.hpp"

namespace keytide::cli {
namespace {

namespace json = boost::json;
using namespace rotation;

std::string_view result_of(const Rotation& r, bool at_work) {
    if (r.end == End::completed) return "completed";
    if (r.end == End::rolled_back) return r.new_key ? "rolled_back" : "failed";
    if (r.end == End::abandoned) return "abandoned";
    if (at_work) return "at_work";
    if (r.question) return "needs_person";
    if (r.needs_mfa) return "needs_mfa";
    if (r.parked) return "parked";
    return "interrupted";
}

json::object to_object(const Rotation& r, std::optional<long> at_work) {
    json::object o;
    o["id"] = r.id;
    o["result"] = result_of(r, at_work.has_value());
    if (at_work) o["pid"] = *at_work;
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
    if (const auto question = question_of(r)) {
        o["question"] = question->text;
        o["answers"] = json::array(question->answers.begin(), question->answers.end());
    }
    if (r.needs_mfa) o["mfa_serial"] = r.needs_mfa->serial;
    return o;
}

json::object to_object(const PrintedPolicy& policy) {
    json::array permissions;
    for (const auto* p : policy.permissions) {
        json::object o{{"action", p->action}, {"required", p->needed_by(policy.role) == Need::required}};
        if (!p->name.empty()) o["guarantee"] = p->name;
        o["with"] = p->with;
        o["without"] = p->without;
        permissions.push_back(std::move(o));
    }
    return {{"text", policy.text}, {"permissions", std::move(permissions)}};
}

json::object to_object(const PolicyCheck::Power& power) {
    json::object o{{"action", power.permission->action},
                   {"allowed", to_text(power.may)},
                   {"required", power.permission->needed_by(Role::user) == Need::required}};
    if (!power.permission->name.empty()) o["guarantee"] = power.permission->name;
    o["with"] = power.permission->with;
    o["without"] = power.permission->without;
    if (!power.conditions.empty())
        o["conditions"] = json::array(power.conditions.begin(), power.conditions.end());
    return o;
}

json::object to_object(const PolicyCheck::Finding& finding) {
    json::object o{{"policy", finding.policy}, {"fault", finding.fault}, {"message", finding.message}};
    if (finding.line) o["line"] = *finding.line;
    if (!finding.action.empty()) o["action"] = finding.action;
    if (!finding.resource.empty()) o["resource"] = finding.resource;
    if (!finding.suggestion.empty()) o["suggestion"] = finding.suggestion;
    return o;
}

json::object to_object(const PolicyCheck& check) {
    json::array statements;
    for (const auto& told : check.statements)
        statements.push_back(
            json::object{{"policy", told.policy}, {"line", told.line}, {"words", told.words}});
    json::array permissions;
    for (const auto& power : check.powers) permissions.push_back(to_object(power));
    json::array findings;
    for (const auto& finding : check.findings) findings.push_back(to_object(finding));
    json::object o{{"statements", std::move(statements)},
                   {"permissions", std::move(permissions)},
                   {"findings", std::move(findings)}};
    if (!check.user.empty()) o["user"] = check.user;
    if (!check.powers.empty()) o["decided_by"] = check.by_aws ? "aws" : "policies";
    return o;
}

json::object to_object(const ledger::Finding& finding) {
    json::object o{{"message", finding.what}};
    if (finding.position > 0) o["event"] = finding.position;
    if (!finding.rotation.empty()) o["rotation"] = finding.rotation;
    if (finding.sequence > 0) o["sequence"] = finding.sequence;
    return o;
}

json::object to_object(const ledger::Verification& verified) {
    json::array findings;
    for (const auto& finding : verified.findings) findings.push_back(to_object(finding));
    json::object o{{"sound", verified.findings.empty()},
                   {"id", verified.ledger_id},
                   {"key", verified.key},
                   {"events", verified.events.size()},
                   {"rotations", verified.rotations},
                   {"sealed_secrets", verified.sealed_values},
                   {"findings", std::move(findings)}};
    if (verified.anchored) o["anchored"] = *verified.anchored;
    return o;
}

json::object to_object(const ledger::SqliteLedger::Rekeyed& rekeyed) {
    json::object o{{"key", rekeyed.new_key}, {"resealed", rekeyed.resealed}};
    if (!rekeyed.old_key.empty()) o["old_key"] = rekeyed.old_key;
    return o;
}

json::object to_object(const evidence::Verification& v) {
    return {{"sound", v.findings.empty()},
            {"ledger", v.ledger},
            {"by", v.by},
            {"from", v.from},
            {"to", v.to},
            {"made", v.made},
            {"events", v.events},
            {"rotations", v.rotations},
            {"summary", json::array(v.summary.begin(), v.summary.end())},
            {"findings", json::array(v.findings.begin(), v.findings.end())}};
}

json::object to_object(const Scene& scene) {
    json::object o{{"misfortune", scene.name},
                   {"what", scene.what},
                   {"exit_code", scene.exit_code},
                   {"outcome", scene.outcome},
                   {"seconds", std::chrono::duration_cast<std::chrono::seconds>(scene.took).count()},
                   {"timeline", json::array(scene.timeline.begin(), scene.timeline.end())}};
    if (scene.question) {
        o["question"] = *scene.question;
        o["answers"] = json::array(scene.answers.begin(), scene.answers.end());
    }
    return o;
}

json::object to_object(const Rehearsed& rehearsed) {
    const auto list = [](const std::vector<std::string>& texts) {
        return json::array(texts.begin(), texts.end());
    };
    json::array scenes;
    for (const auto& scene : rehearsed.scenes) scenes.push_back(to_object(scene));
    return {{"user", rehearsed.user},
            {"copied",
             json::object{
                 {"users", rehearsed.users}, {"groups", rehearsed.groups}, {"policies", rehearsed.policies}}},
            {"not_seen", list(rehearsed.unseen)},
            {"stood_in_for", list(rehearsed.stood_in_for)},
            {"left_out", list(rehearsed.left_out)},
            {"scenes", std::move(scenes)},
            {"asked", list(rehearsed.asked)}};
}

json::array to_array(const Checks& checks) {
    json::array all;
    for (const auto& check : checks) {
        json::object o{{"check", check.name}, {"status", to_text(check.status)}, {"message", check.message}};
        if (!check.hint.empty()) o["hint"] = check.hint;
        all.push_back(std::move(o));
    }
    return all;
}

json::object to_object(const FoundConfiguration& found) {
    json::object o{{"path", found.path}};
    if (!found.what) {
        json::array findings;
        for (const auto& finding : found.what.error()) {
            json::object f{{"line", finding.line}, {"message", finding.message}};
            if (!finding.hint.empty()) f["hint"] = finding.hint;
            findings.push_back(std::move(f));
        }
        o["findings"] = std::move(findings);
        return o;
    }
    json::array keys;
    for (const auto& key : found.what->keys) {
        json::object k{{"name", key.name}, {"profile", key.profile}};
        if (key.user_name) k["user_name"] = *key.user_name;
        k["destinations"] = json::array(key.destinations.begin(), key.destinations.end());
        if (!key.on_delivered.empty())
            k["on_delivered"] = json::array(key.on_delivered.begin(), key.on_delivered.end());
        k["lifetime"] = keytide::to_text(key.lifetime);
        k["consumers"] = json::array(key.consumers.begin(), key.consumers.end());
        keys.push_back(std::move(k));
    }
    o["keys"] = std::move(keys);
    o["listen"] = found.what->listen;
    return o;
}

// JSON is UTF-8, and a path need not be. https://www.rfc-editor.org/rfc/rfc8259#section-8.1
void clean(json::value& value) {
    if (auto* text = value.if_string()) *text = as_utf8(*text);
    if (auto* list = value.if_array())
        for (auto& each : *list) clean(each);
    if (auto* object = value.if_object())
        for (auto& member : *object) clean(member.value());
}

}  // namespace

std::string to_json(const Report& report) {
    json::object o;
    o["exit_code"] = report.exit_code;
    if (report.error)
        o["error"] = json::object{{"message", report.error->message}, {"hint", report.error->hint}};
    if (report.rotations) {
        json::array all;
        for (const auto& each : *report.rotations) {
            const auto at_work = report.at_work.find(each.id);
            all.push_back(to_object(
                each, at_work == report.at_work.end() ? std::nullopt : std::optional(at_work->second)));
        }
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
    if (report.checks) o["checks"] = to_array(*report.checks);
    if (report.configuration) o["configuration"] = to_object(*report.configuration);
    if (report.schema) o["schema"] = json::parse(*report.schema);
    if (report.policy) o["policy"] = to_object(*report.policy);
    if (report.policy_check) o["policy_check"] = to_object(*report.policy_check);
    if (report.audited) o["audit"] = to_object(*report.audited);
    if (report.key_uses) o["key_uses"] = to_object(*report.key_uses);
    if (report.rehearsed) o["rehearsal"] = to_object(*report.rehearsed);
    if (report.ledger) o["ledger"] = to_object(*report.ledger);
    if (report.evidence) o["evidence"] = to_object(*report.evidence);
    if (report.anchored)
        o["anchor"] = json::object{
            {"ledger", report.anchored->ledger_id},
            {"events", report.anchored->events},
            {"anchor", report.anchored->anchor},
            {"places", json::array(report.anchored->places.begin(), report.anchored->places.end())}};
    if (report.rekeyed) o["rekeyed"] = to_object(*report.rekeyed);
    json::value whole(std::move(o));
    clean(whole);
    return without_controls(json::serialize(whole));
}

}  // namespace keytide::cli
