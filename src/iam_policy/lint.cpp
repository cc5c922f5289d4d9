#include "iam_policy/lint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "iam_policy/lower_case.hpp"
#include "iam_policy/overlap.hpp"

namespace keytide::iam_policy {
namespace {

// The known actions that a pattern stands for.
struct Meant {
    const ActionPattern* pattern = nullptr;
    bool known = false;  // its service is; of others nothing is said
    std::vector<const KnownAction*> actions;
};

Meant look_up(const ActionPattern& pattern, const KnownActions& known) {
    const auto folded = lower_case(pattern.text());
    const auto service = std::string_view(folded).substr(0, folded.find(':'));
    Meant meant{&pattern, known.knows_service(service), {}};
    std::string name;
    for (const auto* action : known.of_service(service)) {
        name.assign(service).append(":").append(action->name);
        if (pattern.matches(name)) meant.actions.push_back(action);
    }
    return meant;
}

// S3 takes arn:aws:s3:::* for "no bucket in particular", as AWS's own examples have it.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-policies-s3.html
bool is_all_buckets(std::string_view resource) {
    return resource.starts_with("arn:") && resource.ends_with(":s3:::*");
}

bool meets(const KnownAction& action, std::string_view resource) {
    if (resource == "*") return true;
    if (action.forms.empty()) return is_all_buckets(resource);
    return std::any_of(action.forms.begin(), action.forms.end(),
                       [&](std::string_view form) { return may_meet(resource, form); });
}

bool meets(const Meant& meant, const ResourcePattern& resource) {
    return !meant.known ||
           std::any_of(meant.actions.begin(), meant.actions.end(),
                       [&](const KnownAction* action) { return meets(*action, resource.text()); });
}

bool is_about_nothing(const Meant& meant) {
    return std::all_of(meant.actions.begin(), meant.actions.end(),
                       [](const KnownAction* action) { return action->forms.empty(); });
}

// Of one that is about something: the forms of its resources' ARNs, for people.
std::string forms_of(const Meant& meant) {
    const auto about_some = std::find_if(meant.actions.begin(), meant.actions.end(),
                                         [](const KnownAction* action) { return !action->forms.empty(); });
    std::string text;
    for (const auto form : (*about_some)->forms) {
        std::string shown(form);
        std::replace(shown.begin(), shown.end(), '@', '*');
        text += (text.empty() ? "" : ", ") + shown;
    }
    return text;
}

class Linter {
public:
    Linter(const Policy& policy, const KnownActions& known) : policy_(policy), known_(known) {}

    std::vector<Finding> findings() {
        for (std::size_t i = 0; i < policy_.statements().size(); ++i) look_at(i);
        look_at_the_whole();
        return std::move(findings_);
    }

private:
    void look_at(std::size_t index) {
        const auto& statement = policy_.statements()[index];
        std::vector<Meant> meant;
        for (const auto& pattern : statement.actions) {
            auto one = look_up(pattern, known_);
            if (one.known && one.actions.empty())
                unknown(index, pattern.text());
            else
                meant.push_back(std::move(one));
        }
        // What NotAction and NotResource leave over is a matter of everything else.
        const bool comparable =
            !statement.not_action && !statement.not_resource && !statement.resources.empty();
        bool effective = statement.not_action;
        for (const auto& one : meant) {
            const bool met =
                !comparable || std::any_of(statement.resources.begin(), statement.resources.end(),
                                           [&](const auto& r) { return meets(one, r); });
            if (!met) never_meets(index, one);
            effective = effective || met;
        }
        if (comparable && effective) look_for_idle_resources(index, meant);
        if (effective && statement.effect == Effect::allow) grants_ = true;
    }

    // A resource that no action of the statement is about, beside others that some are.
    void look_for_idle_resources(std::size_t index, const std::vector<Meant>& meant) {
        for (const auto& resource : policy_.statements()[index].resources)
            if (std::none_of(meant.begin(), meant.end(),
                             [&](const Meant& one) { return meets(one, resource); }))
                findings_.push_back({Fault::never_meet, index, "", resource.text(), "",
                                     fmt::format("no action of the statement is about {}", resource.text())});
    }

    void unknown(std::size_t index, const std::string& action) {
        const auto suggestion = known_.suggestion_for(action);
        const bool several = action.find_first_of("*?", action.find(':')) != std::string::npos;
        auto message = several ? fmt::format("no action is called {}", action)
                               : fmt::format("{} does not exist", action);
        if (!suggestion.empty() && !several) message += ": " + suggestion;
        findings_.push_back({Fault::unknown_action, index, action, "", several ? "" : suggestion, message});
    }

    void never_meets(std::size_t index, const Meant& meant) {
        const auto& action = meant.pattern->text();
        findings_.push_back(
            {Fault::never_meet, index, action, "", "",
             is_about_nothing(meant)
                 ? fmt::format("{} is about no resource in particular: it is allowed or denied on * alone",
                               action)
                 : fmt::format("{} never meets the statement's resources: it is about {}", action,
                               forms_of(meant))});
    }

    void look_at_the_whole() {
        for (std::size_t i = 0; i < policy_.statements().size(); ++i) {
            const auto& s = policy_.statements()[i];
            const bool everything =
                s.effect == Effect::deny && s.conditions.empty() && !s.not_action && !s.not_resource &&
                !s.not_principal &&
                std::any_of(s.actions.begin(), s.actions.end(),
                            [](const auto& a) { return a.text() == "*"; }) &&
                (s.resources.empty() || std::any_of(s.resources.begin(), s.resources.end(),
                                                    [](const auto& r) { return r.text() == "*"; }));
            if (everything && !s.principals) grants_ = false;
        }
        if (!grants_)
            findings_.push_back(
                {Fault::grants_nothing, std::nullopt, "", "", "", "the policy grants nothing"});
    }

    const Policy& policy_;
    const KnownActions& known_;
    bool grants_ = false;
    std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> lint(const Policy& policy, const KnownActions& known) {
    return Linter(policy, known).findings();
}

}  // namespace keytide::iam_policy
