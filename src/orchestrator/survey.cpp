#include "orchestrator/survey.hpp"

#include <algorithm>

#include "orchestrator/permission_questions.hpp"
#include "rotation/refusal.hpp"

namespace keytide::orchestrator {
namespace {

using namespace rotation;

template <class T>
Error outage(const ports::Answer<T>& answer) {
    const auto reason =
        answer.not_sent() != nullptr ? answer.not_sent()->reason : answer.indeterminate()->reason;
    return {ErrorKind::failed, "AWS gave no answer that can be read: " + reason,
            "nothing was changed; try again later"};
}

// Read patiently, and still too much.
Error busy(const ports::Refused& refused) {
    return {ErrorKind::failed,
            "AWS is getting too many requests just now (" + refused.code + ": " + refused.message + ")",
            "nothing was changed; try again later"};
}

Error refused_identity(const ports::Refused& refused, const AccessKey& signer) {
    if (says_throttled(refused.code)) return busy(refused);
    const auto said = refused.code + ": " + refused.message;
    if (says_unknown_key(refused.code))
        return {ErrorKind::failed, "AWS does not know the key " + signer.id.text() + " (" + said + ")",
                "it is deleted, inactive, or of another partition; nothing was changed"};
    if (says_mismatch(refused.code, refused.message))
        return {ErrorKind::failed,
                "the secret access key does not belong to " + signer.id.text() + " (" + said + ")",
                "id and secret must come from the same key; nothing was changed"};
    return {ErrorKind::failed, "AWS refused the key " + signer.id.text() + " (" + said + ")",
            "nothing was changed"};
}

std::string describe(const KeyMetadata& key) {
    auto text = key.id.text() + " (" + std::string(to_text(key.status));
    if (key.created) text += ", created " + to_rfc3339(*key.created);
    return text + ")";
}

std::string describe(const std::vector<KeyMetadata>& keys) {
    std::string text;
    for (const auto& key : keys) text += (text.empty() ? "" : ", ") + describe(key);
    return text;
}

Result<void> check_that_there_is_none(const Survey& s) {
    if (!s.keys)
        return failed(
            "whether " + s.user_name + " has a key already cannot be seen, because listing is not allowed",
            "allow iam:ListAccessKeys to these credentials; nothing was changed");
    if (!s.keys->empty())
        return usage_error("the user " + s.user_name + " has a key already: " + describe(*s.keys),
                           "replace it with 'keytide rotate --user-name " + s.user_name + "'");
    return {};
}

Result<AccessKeyId> choose_old_key(const Survey& s, const AccessKey& signer, const Wanted& wanted) {
    if (s.self) {
        if (wanted.access_key_id && *wanted.access_key_id != signer.id)
            return usage_error("the key to rotate is " + wanted.access_key_id->text() + ", but " +
                                   signer.id.text() + " signs",
                               "use the profile that holds the key to rotate, or an administrator's "
                               "credentials with --user-name");
        return signer.id;
    }
    if (wanted.access_key_id) return *wanted.access_key_id;
    if (!s.keys)
        return usage_error(
            "which key of " + s.user_name + " is meant cannot be seen, because listing is not allowed",
            "name it with --access-key-id");
    if (s.keys->empty())
        return usage_error("the user " + s.user_name + " has no access key",
                           "make a first one with 'keytide issue'");
    if (s.keys->size() > 1)
        return usage_error("the user " + s.user_name + " has " + std::to_string(s.keys->size()) +
                               " keys: " + describe(*s.keys),
                           "say which one with --access-key-id");
    return s.keys->front().id;
}

Result<void> check_slots(Survey& s, const Wanted& wanted) {
    if (!s.keys) return {};
    const auto old_one = std::find_if(s.keys->begin(), s.keys->end(),
                                      [&](const KeyMetadata& k) { return k.id == *s.old_key; });
    if (old_one == s.keys->end())
        return failed("the user " + s.user_name + " has no key " + s.old_key->text() +
                      " (the list shows: " + describe(*s.keys) + ")");
    if (old_one->status != KeyStatus::active)
        return failed("the key " + describe(*old_one) +
                          " is not Active; nothing uses it, so there is nothing to rotate",
                      "delete it, or activate it first");
    if (s.keys->size() == 2 && wanted.replace_inactive) {
        const auto& other = s.keys->front().id == *s.old_key ? s.keys->back() : s.keys->front();
        if (other.status == KeyStatus::inactive) {
            s.give_up = other.id;
            return {};
        }
    }
    if (s.keys->size() >= 2)
        return failed(
            "both access key slots of " + s.user_name + " are taken: " + describe(*s.keys),
            "a second key must be made before the first can go: delete the one that is not used, after "
            "'aws iam get-access-key-last-used --access-key-id ID'; nothing was changed");
    return {};
}

Result<void> check_permission_to_delete(Doors& doors, const Survey& s, const AccessKey& signer) {
    const auto answer = doors.access_keys.remove(signer, s.user_name, impossible_key(), doors.clock.now());
    if (answer.not_sent() != nullptr || answer.indeterminate() != nullptr)
        return std::unexpected(outage(answer));
    if (const auto* refused = answer.refused(); refused != nullptr && says_denied(refused->code))
        return failed("deleting a key of " + s.user_name + " is not allowed: " + refused->message,
                      "allow iam:CreateAccessKey and iam:DeleteAccessKey on the user ('keytide policy "
                      "print'); nothing was "
                      "changed");
    return {};
}

// What AWS does not tell just now is not taken for a refusal: the person would consent to less than could be
// had.
Result<void> learn_what_is_allowed(Doors& doors, Survey& s, const AccessKey& signer) {
    const auto learn = [&](std::string_view action, bool& allowed) -> Result<void> {
        const auto told = is_allowed(doors, signer, s.user_name, s.old_key, action);
        if (!told)
            return failed("AWS does not tell just now whether " + std::string(action) + " is allowed",
                          "nothing was changed; try again later");
        allowed = *told;
        return {};
    };
    if (auto ok = learn("iam:UpdateAccessKey", s.may_deactivate); !ok) return ok;
    return s.old_key ? learn("iam:GetAccessKeyLastUsed", s.may_see_last_use) : Result<void>{};
}

Result<void> read_destinations(Doors& doors, Survey& s, const AccessKey& signer) {
    for (auto* destination : doors.destinations) {
        if (!destination->capabilities().readable) {
            s.held.emplace_back();
            continue;
        }
        destination->sign_with(signer, doors.clock.now());
        auto held = destination->read();
        if (!held) return std::unexpected(held.error());
        if (*held && (*held)->id != s.old_key)
            return usage_error(
                destination->uri() + " holds the key " + (*held)->id.text() +
                    (s.old_key ? ", not " + s.old_key->text() : " already"),
                "a stranger's key is never overwritten; choose another place, or settle whose it is");
        s.held.push_back(std::move(*held));
    }
    return {};
}

// The key itself, or its session with MFA.
Result<const AccessKey*> find_signature(Doors& doors, const AccessKey& signer, const std::string& serial) {
    if (!signs_by_session(signer, serial)) return &signer;
    auto& sessions = *doors.mfa_sessions;
    if (sessions.lasts(signer.id, doors.clock.now())) return sessions.of(signer.id);
    const auto answered = sessions.mint(*doors.session_tokens, doors.clock, signer, serial);
    if (!answered) return std::unexpected(answered.error());
    if (answered->code.empty()) return sessions.of(signer.id);
    if (answered->code == "NoCode")
        return usage_error("a code of the MFA device " + serial + " is needed (" + answered->message + ")",
                           "give the device's next one with --token-code; nothing was changed");
    return failed("AWS gives no session to the key " + signer.id.text() + ": " + answered->code + ": " +
                      answered->message,
                  "nothing was changed");
}

Result<void> find_user_name(Survey& s, const Wanted& wanted) {
    const auto own_name = s.signer.user_name();
    s.self = own_name && (!wanted.user_name || *wanted.user_name == *own_name);
    if (s.self) {
        s.user = s.signer;
        s.user_name = *own_name;
        return {};
    }
    if (!wanted.user_name)
        return usage_error(
            s.signer.is_root() ? "this is a key of the account's root user, which Keytide does not rotate"
                               : "these are credentials of " + s.signer.arn + ", which is not an IAM user",
            s.signer.is_root()
                ? "delete root's access keys and use a role or an IAM user instead (Security Hub IAM.4); "
                  "to rotate a user's key with these credentials, name it with --user-name"
                : "to rotate a user's key with these credentials, name it with --user-name");
    s.user_name = *wanted.user_name;
    return {};
}

Result<void> find_user(Doors& doors, Survey& s, const AccessKey& signer) {
    if (s.self) return {};
    const auto answer = doors.identities.user(signer, s.user_name);
    if (const auto* user = answer.done()) {
        s.user = *user;
        return {};
    }
    const auto* refused = answer.refused();
    if (refused == nullptr) return std::unexpected(outage(answer));
    if (says_throttled(refused->code)) return std::unexpected(busy(*refused));
    if (!says_denied(refused->code))
        return failed(refused->code + ": " + refused->message, "nothing was changed");
    return failed("whether " + s.user_name + " is the same user tomorrow cannot be seen: " + refused->message,
                  "allow iam:GetUser to these credentials; nothing was changed");
}

}  // namespace

Result<CallerIdentity> identify(Doors& doors, const AccessKey& signer) {
    auto answer = doors.identities.caller(signer);
    const auto* refused = answer.refused();
    if (refused != nullptr && says_clock(refused->code, refused->message)) {
        doors.clock.learn(answer.server_time);
        answer = doors.identities.caller(signer);
        refused = answer.refused();
    }
    if (const auto* identity = answer.done()) {
        doors.clock.learn(answer.server_time);
        return *identity;
    }
    if (refused == nullptr) return std::unexpected(outage(answer));
    if (says_clock(refused->code, refused->message))
        return failed("AWS refuses the time of this machine: " + refused->message,
                      "set the clock (NTP); nothing was changed");
    return std::unexpected(refused_identity(*refused, signer));
}

Result<Survey> survey(Doors& doors, const AccessKey& key, const CallerIdentity& identity,
                      const Wanted& wanted) {
    Survey s{.signer = identity};
    if (auto ok = find_user_name(s, wanted); !ok) return std::unexpected(ok.error());
    const auto found = find_signature(doors, key, wanted.mfa_serial);
    if (!found) return std::unexpected(found.error());
    const auto& signer = **found;
    if (auto ok = find_user(doors, s, signer); !ok) return std::unexpected(ok.error());

    auto list = doors.access_keys.list(signer, s.user_name);
    if (auto* keys = list.done())
        s.keys = std::move(*keys);
    else if (list.refused() != nullptr && says_throttled(list.refused()->code))
        return std::unexpected(busy(*list.refused()));
    else if (const auto* refused = list.refused(); refused != nullptr && !says_denied(refused->code))
        return failed(
            "the keys of " + s.user_name + " cannot be listed: " + refused->code + ": " + refused->message,
            "nothing was changed");
    else if (refused == nullptr)
        return std::unexpected(outage(list));

    if (wanted.first_key) {
        if (auto ok = check_that_there_is_none(s); !ok) return std::unexpected(ok.error());
    } else {
        const auto old_key = choose_old_key(s, key, wanted);
        if (!old_key) return std::unexpected(old_key.error());
        s.old_key = *old_key;
        if (auto ok = check_slots(s, wanted); !ok) return std::unexpected(ok.error());
    }
    if (auto ok = read_destinations(doors, s, signer); !ok) return std::unexpected(ok.error());
    if (wanted.knock) {
        for (auto* destination : doors.destinations) {
            destination->sign_with(signer, doors.clock.now());
            if (auto ok = destination->check_writable(); !ok) return std::unexpected(ok.error());
        }
        if (auto ok = check_permission_to_delete(doors, s, signer); !ok) return std::unexpected(ok.error());
        if (auto ok = learn_what_is_allowed(doors, s, signer); !ok) return std::unexpected(ok.error());
    }
    return s;
}

std::vector<Guarantee> skipped_guarantees(const Doors& doors, const Survey& s, const Numbers& numbers) {
    std::vector<Guarantee> skipped;
    if (!s.keys) skipped.push_back(Guarantee::list);
    if (s.old_key) {
        if (numbers.grace == Duration{0}) skipped.push_back(Guarantee::grace);
        if (numbers.quiet == Duration{0}) skipped.push_back(Guarantee::quiet);
        if (numbers.soak == Duration{0} || !s.may_deactivate) skipped.push_back(Guarantee::soak);
    }
    if (s.old_key && !s.self && !s.keys) skipped.push_back(Guarantee::confirm);
    const auto all = [&](auto ports::Capabilities::*can) {
        return std::all_of(doors.destinations.begin(), doors.destinations.end(),
                           [&](const ports::Destination* d) {
                               return d->capabilities().*can || !d->capabilities().holds_key;
                           });
    };
    if (!all(&ports::Capabilities::readable)) skipped.push_back(Guarantee::compare);
    // A key that signs is known, and needs to be read nowhere.
    if (!s.self && s.old_key && !all(&ports::Capabilities::restorable)) skipped.push_back(Guarantee::restore);
    return skipped;
}

}  // namespace keytide::orchestrator
