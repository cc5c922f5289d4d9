#include "orchestrator/account_copy.hpp"

#include <fmt/format.h>

#include <iterator>

#include "orchestrator/patience.hpp"

namespace keytide::orchestrator {
namespace {

using Details = AuthorizationDetails;

constexpr std::size_t most_held = 10;  // managed policies of one group, by IAM's quota

template <class T>
void append(std::vector<T>& to, std::vector<T>&& more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

class Copying {
public:
    Copying(const CopyDoors& doors, const AccessKey& signer) : doors_(doors), signer_(signer) {}

    // False: not to be had, and why is in `unseen`.
    bool whole_account() {
        std::string marker;
        for (int page = 0; page < most_pages; ++page) {
            auto answer = ask([&] { return doors_.records.authorization_details(signer_, marker); });
            auto* read = answer.done();
            if (read == nullptr) return not_seen("the policies of the account", why(answer));
            append(copy_.details.users, std::move(read->details.users));
            append(copy_.details.groups, std::move(read->details.groups));
            append(copy_.details.policies, std::move(read->details.policies));
            marker = std::move(read->marker);
            if (marker.empty()) return true;
        }
        return not_seen("the policies of the account", "its pages have no end");
    }

    // Each policy becomes a managed one, whatever it was, held by groups: so none is too long or too many.
    void one_user(std::string_view user_name) {
        copy_.details = {};
        Details::User user{.name = std::string(user_name), .path = "/"};
        auto answer = ask([&] { return doors_.policies.read(signer_, user_name); });
        if (auto* read = answer.done()) {
            for (auto& policy : read->identity) {
                if (copy_.details.groups.empty() ||
                    copy_.details.groups.back().attached.size() == most_held) {
                    const auto name = fmt::format("copied-{}", copy_.details.groups.size() + 1);
                    copy_.details.groups.push_back({.name = name, .path = "/"});
                    user.groups.push_back(name);
                }
                copy_.details.groups.back().attached.push_back(as_managed(std::move(policy.text)));
            }
            if (read->boundary) user.boundary = as_managed(std::move(read->boundary->text));
        } else {
            copy_.has_policies = not_seen(fmt::format("the policies of {}", user_name), why(answer));
        }
        copy_.details.users.push_back(std::move(user));
    }

    AccountCopy take() { return std::move(copy_); }

private:
    template <class Call>
    auto ask(Call call) -> decltype(call()) {
        return ask_of_account(doors_.clock, doors_.entropy, call);
    }

    bool not_seen(std::string_view what, std::string_view reason) {
        copy_.unseen.push_back(fmt::format("{} ({})", what, reason));
        return false;
    }

    std::string as_managed(std::string document) {
        const auto name = fmt::format("copied-{}", copy_.details.policies.size() + 1);
        auto arn = "arn:aws:iam::aws:policy/" + name;
        copy_.details.policies.push_back({arn, name, "/", std::move(document)});
        return arn;
    }

    const CopyDoors& doors_;
    const AccessKey& signer_;
    AccountCopy copy_{};
};

}  // namespace

Result<AccountCopy> copy_account(const CopyDoors& doors, const AccessKey& signer,
                                 std::string_view user_name) {
    Copying copying(doors, signer);
    if (!copying.whole_account()) copying.one_user(user_name);
    if (doors.clock.interrupted())
        return std::unexpected(Error{ErrorKind::interrupted, "interrupted", "nothing was changed"});
    return copying.take();
}

}  // namespace keytide::orchestrator
