#include "compliance/assessment.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "compliance/better_as_role.hpp"

namespace keytide::compliance {
namespace {

std::string day(Instant at) {
    return to_rfc3339(at).substr(0, 10);
}

auto days_of(Duration d) {
    return std::chrono::floor<std::chrono::days>(d).count();
}

std::string count_of_days(Duration d) {
    const auto n = days_of(d);
    return fmt::format("{} day{}", n, n == 1 ? "" : "s");
}

std::string words_of_use(const Use& use) {
    if (!use.known) return "when it was last used is not known";
    if (!use.at) return "never used";
    return fmt::format("last used {}{}", day(*use.at), use.service.empty() ? "" : " for " + use.service);
}

std::string id_of(const Key& key) {
    return key.id ? key.id->text() : "ACCESS_KEY_ID";
}

std::string rotate_it(const User& user, const Key& key) {
    return fmt::format("keytide rotate --user-name {} --access-key-id {} --deliver URI", user.name,
                       id_of(key));
}

std::string switch_off(const User& user, const Key& key) {
    return fmt::format("aws iam update-access-key --user-name {} --access-key-id {} --status Inactive",
                       user.name, id_of(key));
}

// One account before one control after the other.
class Judge {
public:
    Judge(const Account& account, std::span<const Control> controls, Instant now)
        : account_(account), now_(now) {
        for (const auto& control : controls) result_.tallies.push_back({control});
        result_.at = now;
    }

    Assessment take() {
        for (auto& tally : result_.tallies)
            if (tally.control.rule == Rule::root_key) look_at_root(tally);
        for (const auto& user : account_.users)
            for (auto& tally : result_.tallies) look_at(tally, user);
        return std::move(result_);
    }

private:
    void add(Tally& tally, Verdict verdict, const User& user, const Key* key, std::string message,
             std::string hint) {
        if (verdict == Verdict::failed) ++tally.failed;
        if (verdict == Verdict::unknown) ++tally.unknown;
        result_.findings.push_back({tally.control, verdict, user.name, user.arn,
                                    key != nullptr ? std::optional(*key) : std::nullopt, std::move(message),
                                    std::move(hint)});
    }

    void look_at_root(Tally& tally) {
        ++tally.looked_at;
        const User root{.name = "",
                        .arn = fmt::format("arn:{}:iam::{}:root", account_.partition, account_.id)};
        if (!account_.root_has_key)
            add(tally, Verdict::unknown, root, nullptr,
                "whether the root user has an access key is not known",
                "allow iam:GetAccountSummary or iam:GetCredentialReport");
        else if (*account_.root_has_key)
            add(tally, Verdict::failed, root, nullptr, "the root user has an access key",
                "sign in as root and delete it; only root itself can");
    }

    void look_at(Tally& tally, const User& user) {
        const auto rule = tally.control.rule;
        if (rule == Rule::root_key) return;
        if (!user.keys_known) {
            ++tally.looked_at;
            if (rule != Rule::better_as_role)
                add(tally, Verdict::unknown, user, nullptr, "its keys could not be listed",
                    "allow iam:ListAccessKeys");
            if (rule != Rule::unused) return;
        }
        switch (rule) {
            case Rule::key_age: return look_at_age(tally, user);
            case Rule::unused: return look_at_use(tally, user);
            case Rule::one_active_key: return look_for_two(tally, user);
            case Rule::inactive_key: return look_at_inactive(tally, user);
            case Rule::orphan_key: return look_for_orphans(tally, user);
            case Rule::better_as_role: return advise(tally, user);
            case Rule::root_key: return;
        }
    }

    void look_at_age(Tally& tally, const User& user) {
        for (const auto& key : user.keys) {
            if (!key.is_active()) continue;
            ++tally.looked_at;
            if (!key.created) {
                add(tally, Verdict::unknown, user, &key, "when this key was made is not known", "");
                continue;
            }
            if (now_ - *key.created <= tally.control.limit) continue;
            auto message = fmt::format("{} old, made {}, {}", count_of_days(now_ - *key.created),
                                       day(*key.created), words_of_use(key.use));
            const auto* rotation = rotation_of(user, {&key});
            if (rotation != nullptr)
                message += fmt::format("; rotation {} is replacing it", rotation->rotation);
            add(tally, Verdict::failed, user, &key, std::move(message),
                rotation != nullptr ? "keytide resume " + rotation->rotation : rotate_it(user, key));
        }
    }

    // Of what was never used, the time since it was made counts.
    void look_at_use(Tally& tally, const User& user) {
        const auto since = [&](const Use& use, std::optional<Instant> made) {
            return use.at ? use.at : made;
        };
        for (const auto& key : user.keys) {
            if (!key.is_active()) continue;
            ++tally.looked_at;
            const auto idle = since(key.use, key.created);
            if (!key.use.known || !idle)
                add(tally, Verdict::unknown, user, &key, "when this key was last used is not known",
                    "allow iam:GetAccessKeyLastUsed or iam:GetCredentialReport");
            else if (now_ - *idle > tally.control.limit)
                add(tally, Verdict::failed, user, &key,
                    key.use.at
                        ? fmt::format("unused for {}, {}", count_of_days(now_ - *idle), words_of_use(key.use))
                        : fmt::format("never used in {}, made {}", count_of_days(now_ - *idle), day(*idle)),
                    switch_off(user, key));
        }
        const auto& password = user.password;
        if (!password.known) {
            ++tally.looked_at;
            add(tally, Verdict::unknown, user, nullptr, "whether it has a password is not known",
                "allow iam:GenerateCredentialReport and iam:GetCredentialReport");
            return;
        }
        if (!password.enabled) return;
        ++tally.looked_at;
        const auto idle = since(password.use, password.changed ? password.changed : user.created);
        if (idle && now_ - *idle <= tally.control.limit) return;
        add(tally, idle ? Verdict::failed : Verdict::unknown, user, nullptr,
            idle ? fmt::format("its password was not used for {}", count_of_days(now_ - *idle))
                 : "when its password was last used is not known",
            "aws iam delete-login-profile --user-name " + user.name);
    }

    void look_for_two(Tally& tally, const User& user) {
        std::vector<const Key*> active;
        for (const auto& key : user.keys)
            if (key.is_active()) active.push_back(&key);
        if (active.empty()) return;
        ++tally.looked_at;
        if (active.size() < 2) return;
        if (const auto* rotation = rotation_of(user, active))
            add(tally, Verdict::rotating, user, nullptr,
                fmt::format("two active keys while rotation {} replaces one by the other",
                            rotation->rotation),
                "keytide resume " + rotation->rotation);
        else
            add(tally, Verdict::failed, user, nullptr, "two active keys, and no rotation of ours in progress",
                "find out which one is used ('keytide who'), and switch the other off");
    }

    void look_at_inactive(Tally& tally, const User& user) {
        for (const auto& key : user.keys) {
            if (key.is_active()) continue;
            ++tally.looked_at;
            const auto alive = key.use.at ? key.use.at : key.created;
            if (alive && now_ - *alive <= tally.control.limit) continue;
            const auto words =
                fmt::format("Inactive and never removed{}, {}",
                            key.created ? ", made " + day(*key.created) : "", words_of_use(key.use));
            if (const auto* rotation = rotation_of(user, {&key}))
                add(tally, Verdict::rotating, user, &key,
                    fmt::format("Inactive while rotation {} lasts", rotation->rotation),
                    "keytide resume " + rotation->rotation);
            else
                add(tally, Verdict::failed, user, &key, words + "; it takes one of the user's two places",
                    fmt::format("aws iam delete-access-key --user-name {} --access-key-id {}", user.name,
                                id_of(key)));
        }
    }

    void look_for_orphans(Tally& tally, const User& user) {
        for (const auto& key : user.keys) {
            if (!key.is_active()) continue;
            ++tally.looked_at;
            if (rotation_of(user, {&key}) != nullptr) continue;
            if (const auto* lost = unclaimed(user, key)) {
                add(tally, Verdict::failed, user, &key,
                    fmt::format("made by rotation {}, whose call got no answer: nobody has its secret",
                                lost->rotation),
                    switch_off(user, key));
                continue;
            }
            const bool unused = key.use.known && !key.use.at;
            if (unused && user.keys.size() > 1 && key.created && now_ - *key.created > tally.control.limit)
                add(tally, Verdict::failed, user, &key,
                    fmt::format("made {} beside another key, and never used: perhaps nobody has it",
                                day(*key.created)),
                    switch_off(user, key));
        }
    }

    void advise(Tally& tally, const User& user) {
        if (std::ranges::none_of(user.keys, &Key::is_active)) return;
        ++tally.looked_at;
        if (const auto advice = better_as_role(user))
            add(tally, Verdict::advice, user, nullptr,
                fmt::format("perhaps {}, since {}", advice->what, advice->reason), advice->instead);
    }

    // The one that has all these keys.
    const Rotating* rotation_of(const User& user, const std::vector<const Key*>& keys) const {
        for (const auto& rotation : account_.rotating) {
            if (rotation.user != user.name) continue;
            const bool all = std::ranges::all_of(keys, [&](const Key* key) {
                return key->id && std::ranges::find(rotation.keys, *key->id) != rotation.keys.end();
            });
            if (all) return &rotation;
        }
        return nullptr;
    }

    const Unclaimed* unclaimed(const User& user, const Key& key) const {
        for (const auto& each : account_.unclaimed)
            if (each.user == user.name && key.id && key.created && *key.created >= each.from &&
                *key.created <= each.until && std::ranges::find(each.known, *key.id) == each.known.end())
                return &each;
        return nullptr;
    }

    const Account& account_;
    Instant now_;
    Assessment result_;
};

}  // namespace

std::string_view to_text(Verdict verdict) {
    switch (verdict) {
        case Verdict::failed: return "failed";
        case Verdict::unknown: return "unknown";
        case Verdict::rotating: return "rotating";
        case Verdict::advice: return "advice";
    }
    return {};
}

std::size_t Assessment::count(Verdict verdict) const {
    return std::size_t(std::ranges::count(findings, verdict, &Finding::verdict));
}

Assessment assess(const Account& account, std::span<const Control> controls, Instant now) {
    return Judge(account, controls, now).take();
}

}  // namespace keytide::compliance
