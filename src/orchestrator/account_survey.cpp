#include "orchestrator/account_survey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compliance/credential_report.hpp"
#include "orchestrator/patience.hpp"
#include "vocabulary/identity.hpp"

namespace keytide::orchestrator {
namespace {

using namespace std::chrono_literals;
using compliance::Key;
using compliance::Use;
using compliance::User;
using ports::Answer;

// Whether the report is there is asked after this time, and again after twice as long, up to the longest.
constexpr Duration first_wait = 250ms, longest_wait = 4s, longest_making = 300s;

Error interrupted() {
    return {ErrorKind::interrupted, "interrupted", "nothing was changed"};
}

class Survey {
public:
    Survey(const AccountDoors& doors, const AccessKey& signer, const WantedOfAccount& wanted,
           AccountSurvey& into)
        : doors_(doors), signer_(signer), wanted_(wanted), into_(into) {}

    Result<void> take() {
        bool by_report = false;
        if (!wanted_.live) {
            const auto read = read_report();
            if (!read) return std::unexpected(read.error());
            by_report = *read;
        }
        if (!by_report) {
            if (const auto ok = list_users(); !ok) return ok;
            if (const auto ok = list_keys(); !ok) return ok;
            if (wanted_.root) look_for_root_key();
        }
        if (wanted_.tags) read_tags();
        if (doors_.clock.interrupted()) return std::unexpected(interrupted());
        return {};
    }

    void list_keys_of(User& user) {
        const auto answer = ask([&] { return doors_.access_keys.list(signer_, user.name); });
        const auto* listed = answer.done();
        if (listed == nullptr) {
            // Gone since the report was made.
            if (into_.report_of && answer.refused() != nullptr && answer.refused()->code == "NoSuchEntity") {
                user.keys.clear();
                return;
            }
            if (!into_.report_of) user.keys_known = false;
            unseen(fmt::format("the keys of {}", user.name), why(answer));
            return;
        }
        const auto before = std::move(user.keys);
        user.keys.clear();
        for (const auto& key : *listed) {
            user.keys.push_back({key.id, key.status, key.created, use_known_before(key, before)});
            auto& now = user.keys.back();
            if (!now.use.known && wanted_.last_uses) now.use = last_use(*now.id);
        }
    }

private:
    template <class Call>
    auto ask(Call call) -> decltype(call()) {
        return ask_of_account(doors_.clock, doors_.entropy, call);
    }

    void unseen(const std::string& what, const std::string& reason) {
        into_.unseen.push_back(fmt::format("{} ({})", what, reason));
    }

    // False: it is not to be had, and why is told.
    Result<bool> read_report() {
        std::optional<Instant> begun;  // by AWS's clock, which the first answer tells
        for (auto wait = first_wait;; wait = std::min(wait * 2, longest_wait)) {
            const auto made = ask([&] { return doors_.records.generate_report(signer_); });
            if (doors_.clock.interrupted()) return std::unexpected(interrupted());
            const auto* complete = made.done();
            // Who may not have one made may still read one that is there.
            if (complete == nullptr || *complete) break;
            if (!begun) begun = doors_.clock.now();
            if (doors_.clock.now() - *begun > longest_making) break;
            if (!doors_.clock.sleep(wait)) return std::unexpected(interrupted());
        }
        const auto answer = ask([&] { return doors_.records.report(signer_); });
        const auto* report = answer.done();
        if (report == nullptr) {
            if (answer.refused() == nullptr)
                return failed(fmt::format("the credential report cannot be had ({})", why(answer)),
                              "try again later; nothing was changed");
            unseen("the credential report", why(answer));
            return false;
        }
        auto account = compliance::read_credential_report(report->csv);
        if (!account) return std::unexpected(account.error());
        into_.account = std::move(*account);
        into_.report_of = report->generated ? report->generated : answer.server_time;
        return true;
    }

    // Every page; `take` gets each user. An answer that is no page ends it.
    template <class Page, class Take>
    std::optional<Answer<ports::UserPage>> every_page(Page page, Take take) {
        std::string marker;
        for (int n = 0; n < most_pages; ++n) {
            auto answer = ask([&] { return page(marker); });
            auto* got = answer.done();
            if (got == nullptr) return answer;
            for (auto& user : got->users) take(std::move(user));
            marker = std::move(got->marker);
            if (marker.empty()) return std::nullopt;
        }
        return Answer<ports::UserPage>{ports::Indeterminate{"the list of users does not end"}};
    }

    Result<void> list_users() {
        const auto problem = every_page(
            [&](const std::string& marker) { return doors_.records.users(signer_, marker); },
            [&](ports::ListedUser listed) {
                if (into_.account.id.empty())
                    if (const auto arn = Arn::parse(listed.arn)) {
                        into_.account.id = arn->account;
                        into_.account.partition = arn->partition;
                    }
                User user{
                    .name = std::move(listed.name), .arn = std::move(listed.arn), .created = listed.created};
                // Who signed in with a password had one; whether it is there still, no list tells.
                user.password.use = {
                    listed.password_last_used.has_value(), listed.password_last_used, {}, {}};
                into_.account.users.push_back(std::move(user));
            });
        if (doors_.clock.interrupted()) return std::unexpected(interrupted());
        if (problem)
            return failed(
                fmt::format("the account's users cannot be listed ({})", why(*problem)),
                "allow these credentials to read, as AWS's policy SecurityAudit does; nothing was changed");
        if (into_.account.id.empty())
            if (const auto account = signer_.id.account()) into_.account.id = *account;
        return {};
    }

    Result<void> list_keys() {
        for (auto& user : into_.account.users) {
            list_keys_of(user);
            if (doors_.clock.interrupted()) return std::unexpected(interrupted());
        }
        return {};
    }

    // Two keys made in one second cannot be told apart.
    static Use use_known_before(const KeyMetadata& key, const std::vector<Key>& before) {
        const Use* found = nullptr;
        for (const auto& old : before) {
            if (!old.created || old.created != key.created) continue;
            if (found != nullptr && *found != old.use) return {};
            found = &old.use;
        }
        return found != nullptr ? *found : Use{};
    }

    Use last_use(const AccessKeyId& id) {
        const auto answer = ask([&] { return doors_.access_keys.last_used(signer_, id); });
        const auto* used = answer.done();
        if (used == nullptr) {
            unseen(fmt::format("the last use of {}", id.text()), why(answer));
            return {};
        }
        if (!used->at) return Use::never();
        return {true, used->at, used->service, used->region};
    }

    void look_for_root_key() {
        const auto answer = ask([&] { return doors_.records.root_has_key(signer_); });
        if (const auto* has = answer.done())
            into_.account.root_has_key = *has;
        else
            unseen("whether root has an access key", why(answer));
    }

    void read_tags() {
        std::map<std::string, User*> by_arn;
        for (auto& user : into_.account.users) by_arn[user.arn] = &user;
        const auto problem = every_page(
            [&](const std::string& marker) { return doors_.records.users_with_tags(signer_, marker); },
            [&](ports::ListedUser listed) {
                const auto found = by_arn.find(listed.arn);
                if (found != by_arn.end()) found->second->tags = std::move(listed.tags);
            });
        if (problem) unseen("the users' tags", why(*problem));
    }

    const AccountDoors& doors_;
    const AccessKey& signer_;
    const WantedOfAccount& wanted_;
    AccountSurvey& into_;
};

}  // namespace

Result<AccountSurvey> survey_account(const AccountDoors& doors, const AccessKey& signer,
                                     const WantedOfAccount& wanted) {
    AccountSurvey survey;
    if (const auto ok = Survey(doors, signer, wanted, survey).take(); !ok) return std::unexpected(ok.error());
    return survey;
}

Result<void> look_closer(const AccountDoors& doors, const AccessKey& signer, const WantedOfAccount& wanted,
                         const std::set<std::string>& users, AccountSurvey& survey) {
    if (!survey.report_of) return {};  // that was the closest look
    Survey closer(doors, signer, wanted, survey);
    for (auto& user : survey.account.users) {
        if (!users.contains(user.name)) continue;
        closer.list_keys_of(user);
        if (doors.clock.interrupted()) return std::unexpected(interrupted());
    }
    return {};
}

}  // namespace keytide::orchestrator
