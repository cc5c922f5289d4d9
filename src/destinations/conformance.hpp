// What every destination in a file must do (conformance_test.cpp). A kind of file describes itself as a
// Subject and joins with INSTANTIATE_TEST_SUITE_P(Name, FileDestinationConformance,
// testing::Values(Subject{…})).
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "credentials/scratch_folder.hpp"
#include "destinations/destination_uri.hpp"

namespace keytide::destinations {

struct Subject {
    std::string name;
    std::string scheme, parameters;  // "env-file", "?format=export"

    // A file that holds this pair among other things.
    std::function<std::string(const std::string& id, const std::string& secret)> with_key;
    std::string without_key;  // a file that holds other things only
    std::string half_key;     // an id without its secret
    std::string with_token;   // OLD's pair and a session token
    std::string nonsense;     // what programs would stumble over; holds old_secret

    friend std::ostream& operator<<(std::ostream& out, const Subject& s) { return out << s.name; }
};

inline const std::string old_id = "AKIAIOSFODNN7EXAMPLE",
                         old_secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
inline const std::string new_id = "AKIAI44QH8DHBEXAMPLE",
                         new_secret = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY";

inline AccessKey old_key() {
    return {*AccessKeyId::parse(old_id), Secret(old_secret), Secret()};
}
inline AccessKey new_key() {
    return {*AccessKeyId::parse(new_id), Secret(new_secret), Secret()};
}

class FileDestinationConformance : public testing::TestWithParam<Subject> {
protected:
    std::string path() const { return folder / "the file"; }
    std::unique_ptr<ports::Destination> open() const {
        auto opened =
            open_destination(GetParam().scheme + ":the%20file" + GetParam().parameters, {folder.path(), ""});
        if (!opened) throw std::runtime_error(opened.error().message);
        return std::move(*opened);
    }
    std::string write(const std::string& text, mode_t mode = 0600) const {
        return folder.write("the file", text, mode);
    }

    // NEW in place of OLD, or of NEW.
    static ports::DeliverAnswer deliver(ports::Destination& destination) {
        const AccessKeyId replaceable[] = {*AccessKeyId::parse(old_id), *AccessKeyId::parse(new_id)};
        return destination.deliver(new_key(), replaceable);
    }
    static bool holds_new(ports::Destination& destination) {
        const auto held = destination.read();
        return held && *held && (*held)->same_as(new_key());
    }

    credentials::ScratchFolder folder;
};

}  // namespace keytide::destinations
