// What every destination must do (conformance_test.cpp).
//
// A kind of destination describes one living place of its own as a Place, and joins with
//
//   INSTANTIATE_TEST_SUITE_P(Vault, DestinationConformance, testing::Values(Habitat{"Vault", [] {…}}));
//
// Those that are files describe themselves as a Subject instead, which makes them a Place as well
// (file_place.hpp), and join FileDestinationConformance, too.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "credentials/scratch_folder.hpp"
#include "destinations/open_destination.hpp"

namespace keytide::destinations {

inline const std::string old_id = "AKIAIOSFODNN7EXAMPLE",
                         old_secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
inline const std::string new_id = "AKIAI44QH8DHBEXAMPLE",
                         new_secret = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY";
inline const std::string stranger_id = "AKIASTRANGER",
                         stranger_secret = "sTrAnGeRsSeCrEt/K7MDENG/bPxRfiCYEXAMPLE";

inline AccessKey old_key() {
    return {*AccessKeyId::parse(old_id), Secret(old_secret), Secret()};
}
inline AccessKey new_key() {
    return {*AccessKeyId::parse(new_id), Secret(new_secret), Secret()};
}

// What a program that uses the place finds there; two empty texts where there is no key.
struct Pair {
    std::string id, secret;
    bool operator==(const Pair&) const = default;
};
inline const Pair nothing{}, old_pair{old_id, old_secret}, new_pair{new_id, new_secret},
    strangers_pair{stranger_id, stranger_secret};

// What can befall the next delivery.
enum class Fault {
    unreachable,       // nobody answers, or the folder is not there
    not_let_in,        // the token has expired, the file may not be written
    wrong_type,        // something else is at the place
    gone,              // the place was deleted under us
    full,              // there is no room for what is written
    cut_short,         // the first half of the write is done, then it fails
    answer_lost,       // it is written, and nobody says so
    beaten_by_another  // a stranger's key is written between our look and our write
};
inline constexpr Fault all_faults[] = {
    Fault::unreachable, Fault::not_let_in, Fault::wrong_type,  Fault::gone,
    Fault::full,        Fault::cut_short,  Fault::answer_lost, Fault::beaten_by_another};

// One place, alive for one test: a server of its own, a file in a folder of its own.
class Place {
public:
    virtual ~Place() = default;
    virtual std::unique_ptr<ports::Destination> open() = 0;  // as a new process would
    virtual std::string name() = 0;                          // which every error must contain
    virtual void put(const Pair& pair) = 0;                  // by its owner, beside other things
    virtual Pair held() = 0;
    virtual std::string rest() = 0;      // all else that is there, in a form that can be compared
    virtual bool strike(Fault) = 0;      // false: it cannot happen to this kind
    virtual void heal() = 0;             // the fault is over; what it did stays
    virtual long writes() { return 0; }  // how often something was written; 0 where nobody counts
};

struct Habitat {
    std::string name;
    std::function<std::unique_ptr<Place>()> place;
    int faults = 2;  // at least so many can happen to it

    friend std::ostream& operator<<(std::ostream& out, const Habitat& h) { return out << h.name; }
};

// NEW in place of OLD, or of NEW.
inline ports::DeliverAnswer deliver_new(ports::Destination& destination) {
    const AccessKeyId replaceable[] = {*AccessKeyId::parse(old_id), *AccessKeyId::parse(new_id)};
    return destination.deliver(new_key(), replaceable);
}

class DestinationConformance : public testing::TestWithParam<Habitat> {
protected:
    std::unique_ptr<Place> place = GetParam().place();
};

struct Subject {
    std::string name;
    std::string scheme, parameters;  // "env-file", "?format=export"

    // A file that holds this pair among other things.
    std::function<std::string(const std::string& id, const std::string& secret)> with_key;
    std::string without_key;  // a file that holds other things only
    std::string half_key;     // an id without its secret
    std::string with_token;   // OLD's pair and a session token
    std::string nonsense;     // what programs would stumble over; holds old_secret
    // What without_key becomes, where it is filled and not added to.
    std::function<std::string(const std::string& id, const std::string& secret)> filled = {};
    std::map<std::string, std::string> beside = {};  // files that must be there, too

    friend std::ostream& operator<<(std::ostream& out, const Subject& s) { return out << s.name; }
};

class FileDestinationConformance : public testing::TestWithParam<Subject> {
protected:
    void SetUp() override {
        for (const auto& [name, text] : GetParam().beside) folder.write(name, text);
    }
    std::string path() const { return folder / "the file"; }
    std::set<std::string> names_there() const {
        auto names = folder.names();
        for (const auto& [name, text] : GetParam().beside) names.erase(name);
        return names;
    }
    std::unique_ptr<ports::Destination> open() const {
        auto opened = open_destination(GetParam().scheme + ":the%20file" + GetParam().parameters,
                                       {{folder.path(), ""}});
        if (!opened) throw std::runtime_error(opened.error().message);
        return std::move(*opened);
    }
    std::string write(const std::string& text, mode_t mode = 0600) const {
        return folder.write("the file", text, mode);
    }

    static ports::DeliverAnswer deliver(ports::Destination& destination) { return deliver_new(destination); }
    static bool holds_new(ports::Destination& destination) {
        const auto held = destination.read();
        return held && *held && (*held)->same_as(new_key());
    }

    credentials::ScratchFolder folder;
};

// Files whose form says where a key goes: they are made and added to, and may hold a session token as well.
class KeyFileConformance : public FileDestinationConformance {};

}  // namespace keytide::destinations
