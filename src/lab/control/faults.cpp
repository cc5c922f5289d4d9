#include <boost/json.hpp>
#include <charconv>

#include "lab/control/fields.hpp"
#include "lab/control/topics.hpp"

namespace keytide::lab::control {
namespace {

namespace json = boost::json;
using namespace misbehaviour;

constexpr Duration longest = std::chrono::days(365);

bool is_status(std::uint64_t status) {
    return status >= 200 && status <= 599 && status != 204 && status != 304;
}

Duration time_in(Fields& fields, std::string_view name) {
    const auto time = fields.duration(name).value_or(Duration{0});
    if (time > longest) fields.complain(std::string(name) + " is a year at most");
    return time;
}

Refuse refusal_in(Fields& fields) {
    Refuse refusal;
    const auto code = fields.text("code");
    if (!code || code->empty()) fields.complain("refuse needs a code, such as ServiceUnavailable");
    refusal.code = code.value_or("");
    refusal.message = fields.text("message").value_or("Made to fail by the lab.");
    const auto status = fields.count("status").value_or(400);
    if (!is_status(status) || status < 400) fields.complain("status is an error's: 400 to 599");
    refusal.status = int(status);
    return refusal;
}

Html page_in(Fields& fields) {
    const auto status = fields.count("status").value_or(200);
    if (!is_status(status)) fields.complain("status is one of an answer with a body: 200 to 599");
    return {int(status), fields.flag("acts").value_or(false)};
}

Hold hold_in(Fields& fields) {
    const Hold hold{time_in(fields, "for"), fields.flag("hang_up").value_or(false)};
    if (hold.time <= Duration{0}) fields.complain("hold needs a time: for");
    return hold;
}

Delay delay_in(Fields& fields) {
    const Delay delay{time_in(fields, "before"), time_in(fields, "after")};
    if (delay.before + delay.after <= Duration{0}) fields.complain("delay needs a time: before, or after");
    return delay;
}

Throttle throttle_in(Fields& fields) {
    const Throttle throttle{fields.number("rate").value_or(-1), fields.number("burst").value_or(1)};
    if (!(throttle.rate >= 0 && throttle.rate <= 1e6)) fields.complain("throttle needs a rate a second");
    if (!(throttle.burst >= 0 && throttle.burst <= 1e6)) fields.complain("burst is a number of calls");
    return throttle;
}

Fault fault_in(Fields& fields) {
    const auto name = fields.text("fault").value_or("");
    if (name == "refuse") return refusal_in(fields);
    if (name == "lose_answer") return LoseAnswer{};
    if (name == "close") return CloseUnheard{};
    if (name == "reset") return Reset{fields.flag("acts").value_or(false)};
    if (name == "truncate") return Truncate{fields.count("after").value_or(0)};
    if (name == "html") return page_in(fields);
    if (name == "delay") return delay_in(fields);
    if (name == "hold") return hold_in(fields);
    if (name == "throttle") return throttle_in(fields);
    fields.complain(
        "fault is one of refuse, lose_answer, close, reset, truncate, html, delay, hold, throttle");
    return LoseAnswer{};
}

std::expected<Rule, Complaint> rule_in(const json::object& told) {
    Fields fields(told);
    Rule rule;
    rule.services = fields.texts("service");
    rule.actions = fields.texts("action");
    rule.principals = fields.texts("principal");
    rule.skip = fields.count("skip").value_or(0);
    rule.times = fields.count("times");
    rule.probability = fields.number("probability").value_or(1);
    if (!(rule.probability >= 0 && rule.probability <= 1)) fields.complain("probability is from 0 to 1");
    rule.seed = fields.count("seed");
    rule.fault = fault_in(fields);
    if (auto understood = fields.end(); !understood) return complain(understood.error().message);
    return rule;
}

// The members that belong to the kind of fault, as rule_in() takes them.
struct Describe {
    json::object& out;

    void operator()(const Refuse& it) const {
        out["code"] = it.code;
        out["status"] = it.status;
        out["message"] = it.message;
    }
    void operator()(const LoseAnswer&) const {}
    void operator()(const CloseUnheard&) const {}
    void operator()(const Reset& it) const { out["acts"] = it.acts; }
    void operator()(const Truncate& it) const { out["after"] = it.after; }
    void operator()(const Html& it) const {
        out["status"] = it.status;
        out["acts"] = it.acts;
    }
    void operator()(const Delay& it) const {
        out["before"] = to_text(it.before);
        out["after"] = to_text(it.after);
    }
    void operator()(const Hold& it) const {
        out["for"] = to_text(it.time);
        out["hang_up"] = it.hang_up;
    }
    void operator()(const Throttle& it) const {
        out["rate"] = it.rate;
        out["burst"] = it.burst;
    }
};

json::object described(const FaultRules::Standing& standing) {
    const auto& rule = standing.rule;
    json::object out{{"id", standing.id}};
    const auto list = [&](const char* name, const std::vector<std::string>& names) {
        if (!names.empty()) out[name] = json::array(names.begin(), names.end());
    };
    list("service", rule.services);
    list("action", rule.actions);
    list("principal", rule.principals);
    if (rule.skip != 0) out["skip"] = rule.skip;
    if (rule.times) out["times"] = *rule.times;
    if (rule.probability < 1) {
        out["probability"] = rule.probability;
        out["seed"] = *rule.seed;
    }
    out["fault"] = name_of(rule.fault);
    std::visit(Describe{out}, rule.fault);
    out["matched"] = standing.matched;
    out["applied"] = standing.applied;
    return out;
}

}  // namespace

Said show_faults(Rehearsal& rehearsal) {
    json::array rules;
    for (const auto& standing : rehearsal.faults().standing()) rules.push_back(described(standing));
    return json::object{{"rules", std::move(rules)}};
}

// One rule, or {"rules": [...]}; all of them, or none.
Said add_faults(Rehearsal& rehearsal, const json::object& told) {
    std::vector<Rule> rules;
    if (const auto* several = told.if_contains("rules")) {
        if (!several->is_array() || told.size() != 1) return complain("rules is a list, and stands alone");
        for (const auto& each : several->get_array()) {
            if (!each.is_object()) return complain("a rule is an object");
            auto rule = rule_in(each.get_object());
            if (!rule) return std::unexpected(rule.error());
            rules.push_back(std::move(*rule));
        }
    } else {
        auto rule = rule_in(told);
        if (!rule) return std::unexpected(rule.error());
        rules.push_back(std::move(*rule));
    }
    auto& faults = rehearsal.faults();
    if (faults.standing().size() + rules.size() > FaultRules::most)
        return complain("there are too many rules");
    json::array added;
    for (auto& rule : rules) added.push_back(described(*faults.add(std::move(rule))));
    return json::object{{"rules", std::move(added)}};
}

Said remove_faults(Rehearsal& rehearsal, const Parameters& query) {
    auto& faults = rehearsal.faults();
    if (query.size() == 0) {
        faults.clear();
        return show_faults(rehearsal);
    }
    const auto text = query.get("id");
    std::uint64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (query.size() != 1 || error != std::errc{} || end != text.data() + text.size())
        return complain("the query is id=NUMBER, or nothing for all");
    if (!faults.remove(id)) return std::unexpected(Complaint{404, "there is no rule " + std::to_string(id)});
    return show_faults(rehearsal);
}

}  // namespace keytide::lab::control
