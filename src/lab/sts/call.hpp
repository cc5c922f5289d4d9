// One call of STS's API, and what several actions of it need.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/parameters.hpp"
#include "lab/query_protocol.hpp"
#include "lab/state/partition.hpp"
#include "lab/sts/sts.hpp"
#include "lab/xml.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::sts {

struct Call {
    Partition& partition;
    const Caller& caller;
    const Parameters& parameters;
    Instant now;
    const EarlierOfRole& earlier;

    Account& account() const { return *partition.find_account(caller.account); }  // the caller's

    // A text that must be given, or may be absent (nothing), of so many characters.
    Outcome<std::string_view> required(std::string_view name, std::string_view member, std::size_t least,
                                       std::size_t most) const;
    Outcome<std::optional<std::string_view>> optional(std::string_view name, std::string_view member,
                                                      std::size_t least, std::size_t most) const;
    Outcome<std::chrono::seconds> duration(std::int64_t otherwise, std::int64_t most) const;  // from 900

    // SerialNumber and TokenCode. True: both were given, the device is the caller's, and the code was right,
    // which it is once. False: neither was given. AccessDenied.
    Outcome<bool> mfa() const;

    // Gives the session its key, seals it, and writes <Credentials>.
    void append_credentials(XmlWriter& xml, Session session) const;
};

}  // namespace keytide::lab::sts
