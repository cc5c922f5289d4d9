// The doors of a rotation over a Situation, with what AWS, the places and the ledger do behind them.
#pragma once

#include <algorithm>
#include <span>

#include "orchestrator/doors.hpp"
#include "ports/ledger.hpp"
#include "ports/narrator.hpp"
#include "simulator/crash.hpp"
#include "simulator/explorer/choices.hpp"
#include "simulator/explorer/setting.hpp"
#include "simulator/explorer/situation.hpp"
#include "simulator/explorer/tell.hpp"

namespace keytide::simulator {

using ports::AccessKeys, ports::Answer, ports::Capabilities, ports::Clock, ports::CreatedKey,
    ports::DeliverAnswer, ports::Destination, ports::Done, ports::Entropy, ports::HandOuts, ports::Identities,
    ports::Indeterminate, ports::LastUsed, ports::Ledger, ports::Narrator, ports::NotSent, ports::Probe,
    ports::ProbeAccepted, ports::Processes, ports::Recorded, ports::Refused, ports::Sequence;
using namespace std::chrono_literals;

std::string name_of(KeyNumber key);  // OLD, KEY3…
AccessKey whole_key(KeyNumber key);
std::uint16_t bit_of(KeyNumber key);

// The first violation is kept.
void note(Situation& situation, std::string violation);

// Whether AWS takes this key.
bool is_taken(const Setting& setting, const Situation& situation, KeyNumber key);

// What AWS does once it has taken a changing call. Empty: done; otherwise the code of the refusal. `made` is
// the key that a creation made.
std::string act(const Setting& setting, Situation& situation, Operation operation, KeyNumber target,
                KeyNumber& made);

class SmallDoors final : public AccessKeys,
                         public Identities,
                         public Probe,
                         public Ledger,
                         public Clock,
                         public Entropy,
                         public Processes,
                         public HandOuts,
                         public Narrator {
public:
    SmallDoors(const Setting& setting, Situation& s, Choices& choices, const Tell& tell, bool overtaken)
        : setting_(setting),
          s_(s),
          choices_(choices),
          tell_(tell),
          overtaken_(overtaken),
          aws_clock_(*this),
          places_{Place(*this, 0), Place(*this, 1)} {
        aws_clock_.learn(SmallDoors::now() + s.skew);
    }

    orchestrator::Doors doors() {
        std::vector<Destination*> destinations{&places_[0]};
        if (setting_.request.destinations.size() > 1) destinations.push_back(&places_[1]);
        return {*this, *this, {this}, std::move(destinations), aws_clock_, *this, *this, *this};
    }
    Duration skew() const { return aws_clock_.skew(); }

    // AccessKeys
    Answer<std::vector<KeyMetadata>> list(const AccessKey& signer, std::string_view) override {
        using List = std::vector<KeyMetadata>;
        const bool news = s_.keys_changed + 3s > s_.now;
        const auto move = news ? choose({Move::throttled, Move::no_answer, Move::stale_list})
                               : choose({Move::throttled, Move::no_answer});
        say("ListAccessKeys by", signer, move);
        return read<List>(signer, move, may_list, [&] {
            List result;
            const auto& keys = move == Move::stale_list ? s_.keys_before : s_.keys;
            for (KeyNumber k = 1; k < most_keys; ++k)
                if (keys[k].exists)
                    result.push_back({id_of(k), keys[k].active ? KeyStatus::active : KeyStatus::inactive,
                                      keys[k].created});
            return result;
        });
    }
    Answer<CreatedKey> create(const AccessKey& signer, std::string_view, Instant signed_at,
                              std::string_view) override {
        KeyNumber made = no_key;
        const auto done =
            change(Operation::create, no_key, signer, signed_at, may_create,
                   choose({Move::throttled, Move::denied, Move::not_sent, Move::lost_before, Move::lost_after,
                           Move::late, Move::crash, Move::crash_after, Move::crash_late, Move::frozen_late,
                           Move::never_known, Move::wrong_user}),
                   made);
        if (done.done() == nullptr) return {pass(done.outcome), done.server_time};
        return {CreatedKey{whole_key(made), s_.now}, s_.now};
    }
    Answer<Done> set_status(const AccessKey& signer, std::string_view, const AccessKeyId& id,
                            KeyStatus status, Instant signed_at) override {
        KeyNumber made = no_key;
        return change(
            status == KeyStatus::active ? Operation::activate : Operation::deactivate, number_of(id), signer,
            signed_at, may_update,
            choose({Move::throttled, Move::denied, Move::no_such, Move::lost_before, Move::lost_after,
                    Move::late, Move::crash, Move::crash_after, Move::crash_late, Move::frozen_late}),
            made);
    }
    Answer<Done> remove(const AccessKey& signer, std::string_view, const AccessKeyId& id,
                        Instant signed_at) override {
        KeyNumber made = no_key;
        return change(Operation::remove, number_of(id), signer, signed_at, may_delete,
                      choose({Move::throttled, Move::denied, Move::unknown_key, Move::no_such,
                              Move::lost_before, Move::lost_after, Move::late, Move::crash, Move::crash_after,
                              Move::crash_late, Move::frozen_late}),
                      made);
    }
    Answer<LastUsed> last_used(const AccessKey& signer, const AccessKeyId& id) override {
        const auto move = choose({Move::throttled, Move::no_answer});
        say("GetAccessKeyLastUsed by", signer, move);
        return read<LastUsed>(signer, move, may_see_last_use, [&] { return use_of(number_of(id)); });
    }

    // Identities
    Answer<CallerIdentity> caller(const AccessKey& signer) override {
        const auto move = choose({Move::throttled, Move::unknown_key, Move::no_answer});
        say("GetCallerIdentity by", signer, move);
        return read<CallerIdentity>(signer, move, 0, [&] { return owner(number_of(signer.id)); });
    }
    Answer<CallerIdentity> user(const AccessKey& signer, std::string_view) override {
        return read<CallerIdentity>(signer, Move::all_is_well, 0, [&] { return setting_.request.user; });
    }

    // Probe
    std::string name() const override { return "sts"; }
    Answer<ProbeAccepted> attempt(const AccessKey& key) override {
        const auto number = number_of(key.id);
        const bool gone = number == old_key && !s_.keys[number].exists;
        const auto move = gone
                              ? choose({Move::throttled, Move::no_answer, Move::still_taken})
                              : choose({Move::throttled, Move::unknown_key, Move::mismatch, Move::no_answer});
        say("the probe by", key, move);
        return read<ProbeAccepted>(key, move, 0, [&] { return ProbeAccepted{owner(number)}; });
    }

    // Ledger
    Result<Sequence> append(const rotation::RotationId&, Sequence last_seen, const rotation::Event& event,
                            std::span<const AccessKey* const> keys) override {
        const auto size = s_.ledger ? s_.ledger->number : 0;
        const auto move = choose({Move::append_fails, Move::append_unsure});
        if (tell_)
            tell_("    " + std::string(rotation::name_of(event)) +
                  (move == Move::all_is_well ? "" : ": " + std::string(to_text(move))));
        if (move == Move::append_fails) return failed("no space left on device");
        if (last_seen != size)
            return std::unexpected(Error{ErrorKind::busy, "somebody else wrote first", ""});
        auto sealed = s_.ledger ? s_.ledger->sealed : std::uint16_t(0);
        for (const auto* key : keys) sealed |= bit_of(number_of(key->id));
        if (rotation::is_end(event)) sealed = 0;
        s_.ledger = std::make_shared<Entry>(s_.ledger, event, size + 1, sealed);
        observe(event);
        if (move == Move::append_unsure) return failed("input/output error");
        return size + 1;
    }
    Result<std::vector<Recorded>> events(const rotation::RotationId&) override {
        std::vector<Recorded> result;
        for (auto entry = s_.ledger.get(); entry != nullptr; entry = entry->before.get())
            result.push_back({entry->number, entry->event});
        std::reverse(result.begin(), result.end());
        return result;
    }
    Result<std::vector<rotation::RotationId>> rotations() override {
        return std::vector<rotation::RotationId>{"r"};
    }
    Result<AccessKey> unseal(const rotation::RotationId&, const AccessKeyId& id) override {
        if ((s_.ledger->sealed & bit_of(number_of(id))) == 0)
            return lost("no secret of " + id.text() + " is sealed");
        const bool damaged = (s_.damaged & bit_of(number_of(id))) != 0;
        if (damaged || choose({Move::value_damaged}) == Move::value_damaged) {
            s_.damaged |= bit_of(number_of(id));
            return lost("it cannot be opened");
        }
        return whole_key(number_of(id));
    }
    Result<void> reserve() override { return {}; }

    // Clock: the local one
    Instant now() override { return s_.now + s_.local_ahead; }
    bool sleep(Duration time) override {
        s_.now += time;
        return true;
    }
    bool interrupted() override { return false; }

    // HandOuts
    Result<std::optional<Instant>> latest(const AccessKeyId& key) override {
        if (setting_.lifetime == Duration{0}) return std::nullopt;
        if (choose({Move::read_fails}) == Move::read_fails) return failed("input/output error");
        const auto until = s_.lasts_locally[number_of(key)];
        return until == Instant{} ? std::nullopt : std::optional(until);
    }

    // Entropy, Processes, Narrator
    void fill(std::span<std::byte> bytes) override { std::fill(bytes.begin(), bytes.end(), std::byte{0}); }
    rotation::Process self() override { return {"boot", s_.number, 1}; }
    bool is_gone(const rotation::Process& sender) override {
        return sender.pid != s_.number && (s_.unseen >> sender.pid & 1) == 0;
    }
    void happened(const rotation::Rotation&, const rotation::Event& event) override {
        if (tell_ && rotation::is_transient(event))
            tell_("    (" + std::string(rotation::name_of(event)) + ")");
    }
    void waiting(const rotation::Rotation&, Duration time) override {
        if (tell_) tell_("  waits " + keytide::to_text(time));
    }

private:
    class Place final : public Destination {
    public:
        Place(SmallDoors& world, std::size_t number) : world_(world), number_(number) {}
        std::string uri() const override { return number_ == 0 ? "place:1" : "place:2"; }
        Capabilities capabilities() const override { return {true, true, true}; }
        Result<void> check_writable() override { return {}; }
        Result<std::optional<AccessKey>> read() override { return world_.read_place(number_); }
        DeliverAnswer deliver(const AccessKey& key, std::span<const AccessKeyId> replaceable) override {
            return world_.write_place(number_, key, replaceable);
        }

    private:
        SmallDoors& world_;
        std::size_t number_;
    };

    Move choose(std::initializer_list<Move> misfortunes) {
        const auto move = choices_.choose(misfortunes);
        undisturbed_ = undisturbed_ && move == Move::all_is_well;
        return move;
    }

    void say(std::string_view what, const AccessKey& signer, Move move) {
        if (tell_)
            tell_("  " + std::string(what) + " " + name_of(number_of(signer.id)) +
                  (move == Move::all_is_well ? "" : ": " + std::string(to_text(move))));
    }

    CallerIdentity owner(KeyNumber key) const {
        if (key == administrator_key) return setting_.request.administrator;
        if (s_.keys[key].of_another_user) return {"AIDAOTHER", "123456789012", "arn:user/other"};
        return setting_.request.user;
    }

    // Consumers that hold OLD use it all the time, at "ec2"; AWS tells in steps and late.
    LastUsed use_of(KeyNumber key) const {
        const auto step = setting_.request.numbers.last_use_step;
        const bool some_hold_old = s_.consumer_holds_old[0] || s_.consumer_holds_old[1];
        const bool all_hold_old = s_.consumer_holds_old[0] && s_.consumer_holds_old[1];
        const auto last = key == old_key && !some_hold_old ? s_.last_use_of_old : s_.now;
        const auto told = std::min(last, s_.now - setting_.request.numbers.last_use_lag);
        const auto floored = Instant{told.time_since_epoch() - told.time_since_epoch() % step};
        return {floored, key == old_key || !all_hold_old ? "ec2" : "sts", "us-east-1"};
    }

    static std::string unknown_key_code() { return "InvalidClientTokenId"; }

    template <class T, class Act>
    Answer<T> read(const AccessKey& signer, Move move, std::uint16_t permission, Act act) {
        if (s_.outage || move == Move::no_answer) return {Indeterminate{"timeout"}, {}};
        const auto number = number_of(signer.id);
        if (move == Move::throttled) return refused("Throttling");
        if (move == Move::mismatch) return refused("SignatureDoesNotMatch");
        if (move == Move::unknown_key || (move != Move::still_taken && !is_taken(setting_, s_, number)))
            return refused(unknown_key_code());
        if (permission != 0) {
            if (number != administrator_key && (s_.allowed & permission) == 0) return refused("AccessDenied");
            if (number == administrator_key && (s_.allowed & permission) == 0 &&
                (setting_.allowed & permission) != 0)
                return refused("AccessDenied");
            if (s_.user_renamed) return refused("NoSuchEntity");
        }
        return {act(), s_.now};
    }
    struct Refusal {
        Refused why;
        Instant at;
        template <class T>
        operator Answer<T>() const {
            return {why, at};
        }
    };
    Refusal refused(std::string code) const { return {Refused{code, code, 400}, s_.now}; }

    static std::variant<CreatedKey, Refused, NotSent, Indeterminate> pass(
        const std::variant<Done, Refused, NotSent, Indeterminate>& outcome) {
        if (const auto* refused = std::get_if<Refused>(&outcome)) return *refused;
        if (const auto* unsent = std::get_if<NotSent>(&outcome)) return *unsent;
        return std::get<Indeterminate>(outcome);
    }

    Answer<Done> change(Operation operation, KeyNumber target, const AccessKey& by, Instant signed_at,
                        std::uint16_t permission, Move move, KeyNumber& made);
    Result<std::optional<AccessKey>> read_place(std::size_t i);
    DeliverAnswer write_place(std::size_t i, const AccessKey& key, std::span<const AccessKeyId> replaceable);
    void observe(const rotation::Event& event);
    bool evidence_is_fresh() const;  // taken for the change that is about to be made

    const Setting& setting_;
    Situation& s_;
    Choices& choices_;
    const Tell& tell_;
    const bool overtaken_;  // another process took over while this one was frozen
    orchestrator::AwsClock aws_clock_;
    std::array<Place, places> places_;
    bool undisturbed_ = true;  // in this step
};

}  // namespace keytide::simulator
