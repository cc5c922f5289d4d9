// Everything that the small world is at one moment: what AWS knows, what the places hold, the ledger, the
// process at work. Small, since it is copied at every branch.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "rotation/record.hpp"

namespace keytide::simulator {

// Keys are numbers here: 1 is the old one, 2 the one in the second slot if there is one, the others are made
// as needed.
using KeyNumber = std::uint8_t;
constexpr KeyNumber no_key = 0, old_key = 1, administrator_key = 8;
constexpr std::size_t most_keys = 8;

const AccessKeyId& id_of(KeyNumber key);
KeyNumber number_of(const AccessKeyId& id);

enum class Maker : std::uint8_t { nobody, before_us, us, stranger };

struct KeyFacts {
    Maker maker = Maker::nobody;
    bool exists = false;
    bool active = false;
    bool never_known = false;  // no service will ever take it
    bool of_another_user = false;
    bool touched_by_stranger =
        false;  // deleted or disabled: whoever is refused is not refused on our account
    Instant created{};

    bool operator==(const KeyFacts&) const = default;
};
using Keys = std::array<KeyFacts, most_keys>;

enum class Operation : std::uint8_t { create, remove, deactivate, activate };

// A call that left and may be done at any time until AWS refuses its signature.
struct LateCall {
    Operation operation;
    KeyNumber target, signer;
    Instant until;
};

template <class T, std::size_t most>
struct Few {
    std::array<T, most> items{};
    std::uint8_t size = 0;
    void add(T item) {
        if (size < most) items[size++] = item;
    }
    void remove(std::size_t i) {
        for (; i + 1 < size; ++i) items[i] = items[i + 1];
        --size;
    }
    const T* begin() const { return items.data(); }
    const T* end() const { return items.data() + size; }
};

struct HeldBefore {
    std::uint8_t place;
    KeyNumber key;
    Instant until_then;  // when it was replaced
};

constexpr std::size_t places = 2;

// The ledger as a list that shares its past.
struct Entry {
    std::shared_ptr<const Entry> before;
    rotation::Event event;
    std::uint64_t number;
    std::uint16_t sealed;  // the keys sealed once this was appended, as bits
};

struct Process {
    std::shared_ptr<const rotation::Rotation> knows;
    std::uint64_t sequence = 0;
};

enum class Standing : std::uint8_t { running, gone, parked, asking, ended };

struct Situation {
    Instant now{};            // AWS's
    Duration local_ahead{0};  // the local clock's error
    Duration skew{0};         // what the process has learned of it

    Keys keys{};
    Keys keys_before{};  // before the last change, as a stale replica lists them
    Instant keys_changed{};
    std::array<KeyNumber, places> held{};
    std::array<KeyNumber, places> held_by_right{};  // before a stranger came
    Few<HeldBefore, 6> past{};
    Few<LateCall, 3> late{};
    std::uint16_t allowed = 0;                       // IAM operations, as bits of Permission in setting.hpp
    std::array<Instant, most_keys> lasts{};          // what was handed out of a key, in AWS's time
    std::array<Instant, most_keys> lasts_locally{};  // and as it is recorded
    std::int8_t handed_out = 0;                      // so often
    bool outage = false;
    bool user_renamed = false;
    std::array<bool, places> broken{};
    std::uint16_t damaged = 0;  // sealed values that cannot be opened, as bits

    std::shared_ptr<const Entry> ledger;
    Process process;
    Standing stage = Standing::running;
    std::int8_t number = 1;    // of the process
    std::uint64_t unseen = 0;  // processes of which nobody can say whether they are gone, as bits
    Process frozen;            // another process, which knows nothing of this one
    Instant frozen_at{};

    // What only an observer knows.
    bool new_key_accepted = false;
    bool cannot_be_mended = false;  // somebody deleted one of the two keys, or the user
    bool rewound = false;
    bool stranger_enabled_old = false;
    bool harm_since_evidence = false;
    bool person_went_back = false;
    std::int8_t answers = 0;  // questions that a person answered
    std::array<bool, places> consumer_holds_old{true, true};
    Instant last_use_of_old{};
    Instant deactivated{};
    std::string violation;
};

}  // namespace keytide::simulator
