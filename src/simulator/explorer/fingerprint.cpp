#include "simulator/explorer/fingerprint.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <vector>

namespace keytide::simulator {
namespace {

using namespace rotation;

class Writer {
public:
    Writer(std::vector<unsigned char>& bytes, const Setting& setting, Instant now, Duration horizon)
        : bytes_(bytes), setting_(setting), now_(now), horizon_(horizon) {}

    template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
    void operator()(T value) {
        bytes_.push_back(static_cast<unsigned char>(value));
        if constexpr (sizeof(T) > 1) {
            bytes_.push_back(static_cast<unsigned char>(std::uint64_t(value) >> 8));
        }
    }
    void operator()(Duration d) {
        const auto clamped = std::int32_t(std::max(d, -horizon_).count());
        unsigned char raw[sizeof clamped];
        std::memcpy(raw, &clamped, sizeof clamped);
        bytes_.insert(bytes_.end(), raw, raw + sizeof raw);
    }
    void operator()(Instant t) { (*this)(t - now_); }
    void operator()(const std::string& text) {
        (*this)(text.size());
        bytes_.insert(bytes_.end(), text.begin(), text.end());
    }
    void operator()(const AccessKeyId& id) { (*this)(number_of(id)); }
    template <class T>
    void operator()(const std::optional<T>& value) {
        (*this)(value.has_value());
        if (value) (*this)(*value);
    }
    template <class T>
    void operator()(const std::vector<T>& values) {
        (*this)(values.size());
        for (const auto& value : values) (*this)(value);
    }
    template <class T, std::size_t n>
    void operator()(const std::array<T, n>& values) {
        for (const auto& value : values) (*this)(value);
    }
    template <class T, std::size_t n>
    void operator()(const Few<T, n>& values) {
        (*this)(values.size);
        for (const auto& value : values) (*this)(value);
    }

    // Of the record: every member is named, so that a new one does not go unnoticed.
    void operator()(const KeyMetadata& k) {
        const auto& [id, status, created] = k;
        (*this)(id), (*this)(status);
        if (setting_.request.sole_writer) (*this)(created);  // it tells whose key it may be
    }
    void operator()(const Inspected& i) {
        const auto& [at, keys, held] = i;
        (*this)(at), (*this)(keys), (*this)(held);
    }
    void operator()(const PendingCreate& c) {
        const auto& [intent, closed, sender_gone, looks] = c;
        const auto& [at, nonce, sender, keys_before] = intent;
        (*this)(at), (*this)(keys_before), (*this)(closed), (*this)(sender_gone), (*this)(looks);
    }
    void operator()(const CreateRefused& c) {
        const auto& [at, code, message] = c;
        (*this)(at), (*this)(code);
    }
    void operator()(const Delivery& d) {
        const auto& [destination, old_value_sealed, attempted, delivered, delivered_at, acknowledged,
                     reminded_at, reminders, failures, last_failure] = d;
        (*this)(old_value_sealed), (*this)(attempted), (*this)(delivered), (*this)(failures);
    }
    void operator()(const Streak& s) {
        const auto& [length, first, last] = s;
        (*this)(length);
        if (length > 0) (*this)(first), (*this)(last);
    }
    void operator()(const Problem& p) {
        const auto& [first, last, count, code, message] = p;
        (*this)(last - first), (*this)(last), (*this)(std::min(count, 6)), (*this)(code);
    }
    void operator()(const LastUse& u) {
        const auto& [at, service] = u;
        (*this)(at), (*this)(service);
    }
    void operator()(const LastUseSeen& u) {
        const auto& [at, old_one, new_one] = u;
        (*this)(at), (*this)(old_one), (*this)(new_one);
    }
    void operator()(const HandOutsSeen& h) {
        const auto& [at, until] = h;
        (*this)(until);
    }
    void operator()(const Evidence& e) {
        const auto& [streaks, asked, throttled, denied_by, problem, change_problem, session_problem, since,
                     unanswered, taken, gone, absent, rejected_with, last_use, hand_outs, lost_secrets] = e;
        for (const int in_a_row : throttled) (*this)(std::min(in_a_row, 6));
        (*this)(streaks), (*this)(asked), (*this)(problem), (*this)(change_problem), (*this)(since),
            (*this)(unanswered), (*this)(taken);
        (*this)(gone), (*this)(absent), (*this)(last_use), (*this)(hand_outs);
        (*this)(lost_secrets.contains(Which::old_key)), (*this)(lost_secrets.contains(Which::new_key));
    }
    void operator()(const Rotation& r) {
        // The id, the request and the time of the first event decide nothing; the others only where they do.
        const auto& [id, request, phase, end, started, changed, new_key, new_key_made, creator,
                     creator_stopped, creator_gone, create, create_refused, creates, other_key_touched,
                     maybe_orphan, first_keys, first_held, deliveries, overlap_began, quiet_seen, handed_out,
                     old_key_active, status_pending, deactivation_lands, soak_began, new_key_used,
                     delete_intended, deletion_open, back, inspected, seen, odd_looks, going_back, evidence,
                     parked, question, needs_mfa] = r;
        (*this)(phase), (*this)(end), (*this)(new_key), (*this)(create), (*this)(create_refused),
            (*this)(other_key_touched);
        if (phase == Phase::create || phase == Phase::deactivate) (*this)(std::min(creates, 6));
        if (phase == Phase::verify) {
            (*this)(changed == new_key_made), (*this)(creator_stopped), (*this)(creator_gone);
            if (creator_stopped) (*this)(new_key_made);
        }
        if (phase == Phase::overlap) (*this)(overlap_began);
        if (phase == Phase::soak) (*this)(soak_began);
        (*this)(maybe_orphan), (*this)(first_keys), (*this)(first_held), (*this)(deliveries),
            (*this)(quiet_seen), (*this)(handed_out), (*this)(old_key_active);
        (*this)(status_pending), (*this)(deactivation_lands), (*this)(delete_intended),
            (*this)(deletion_open), (*this)(back);
        if (request.numbers.quiet > Duration{0}) (*this)(new_key_used);
        (*this)(inspected), (*this)(seen), (*this)(odd_looks), (*this)(!going_back.empty()),
            (*this)(evidence);
        (*this)(parked ? std::optional(parked->until) : std::nullopt), (*this)(question.has_value());
    }

    // Of the world
    void operator()(const KeyFacts& k) {
        const auto& [maker, exists, active, never_known, of_another_user, touched_by_stranger, created] = k;
        (*this)(maker);
        if (maker == Maker::nobody) return;
        (*this)(exists), (*this)(active), (*this)(never_known), (*this)(of_another_user),
            (*this)(touched_by_stranger);
        if (setting_.request.sole_writer)
            (*this)(created);
        else
            (*this)(std::min(now_ - created, setting_.propagation));
    }
    void operator()(const HeldBefore& h) {
        const auto& [place, key, until_then] = h;
        (*this)(place), (*this)(key), (*this)(until_then);
    }
    void operator()(const LateCall& c) {
        const auto& [operation, target, signer, until] = c;
        (*this)(operation), (*this)(target), (*this)(signer), (*this)(until);
    }
    void operator()(const Process& p) {
        (*this)(p.knows != nullptr);
        if (p.knows) (*this)(*p.knows);
    }

private:
    std::vector<unsigned char>& bytes_;
    const Setting& setting_;
    Instant now_;
    Duration horizon_;
};

}  // namespace

std::uint64_t fingerprint(const Setting& setting, const Situation& s) {
    const auto& n = setting.request.numbers;
    const auto horizon = 2 * std::max({n.late_call_window, n.grace, n.soak,
                                       n.gate_deadline + n.last_use_lag + n.last_use_step, setting.lifetime});
    thread_local std::vector<unsigned char> bytes;
    bytes.clear();
    Writer write(bytes, setting, s.now, horizon);
    const auto& [now, local_ahead, skew, keys, keys_before, keys_changed, held, held_by_right, past, late,
                 allowed, lasts, lasts_locally, handed_out, outage, user_renamed, broken, damaged, ledger,
                 process, stage, number, unseen, frozen, frozen_at, new_key_accepted, cannot_be_mended,
                 rewound, stranger_enabled_old, harm_since_evidence, person_went_back, answers,
                 consumer_holds_old, last_use_of_old, deactivated, violation] = s;
    write(local_ahead), write(skew), write(keys);
    if (keys_before != keys) write(keys_before), write(keys_changed);
    write(held), write(held_by_right), write(past), write(late), write(allowed), write(outage),
        write(user_renamed), write(broken);
    write(ledger->sealed), write(std::uint16_t(damaged & ledger->sealed)), write(process), write(stage);
    const auto judged = [&](std::int64_t pid) {
        return pid == number ? 0 : (unseen >> pid & 1) != 0 ? 1 : 2;
    };
    if (const auto& create = process.knows->create) write(judged(create->intent.sender.pid));
    if (process.knows->phase == Phase::verify) write(judged(process.knows->creator.pid));
    write(frozen.knows != nullptr);
    if (frozen.knows) {
        Writer(bytes, setting, frozen_at, horizon)(*frozen.knows);
        write(ledger->number == frozen.sequence), write(now - frozen_at < n.evidence_life);
    }
    write(new_key_accepted), write(cannot_be_mended), write(rewound), write(stranger_enabled_old),
        write(harm_since_evidence), write(person_went_back), write(answers), write(consumer_holds_old);
    if (setting.lifetime > Duration{0}) {
        write(handed_out);
        for (KeyNumber k = 1; k < most_keys; ++k)
            if (lasts[k] != Instant{}) write(k), write(lasts[k]), write(lasts_locally[k]);
    }
    if (n.quiet > Duration{0}) write(last_use_of_old);
    if (n.soak > Duration{0}) write(deactivated);

    static constexpr unsigned char key[crypto_shorthash_siphash24_KEYBYTES] = {};
    std::uint64_t result = 0;
    crypto_shorthash_siphash24(reinterpret_cast<unsigned char*>(&result), bytes.data(), bytes.size(), key);
    return result;
}

}  // namespace keytide::simulator
