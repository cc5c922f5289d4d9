#include "destinations/credentials_file_destination.hpp"

#include "destinations/file_place.hpp"

namespace keytide::destinations {
namespace {

std::function<std::string(const std::string&, const std::string&)> profile_with_key(
    const std::string& header) {
    return [header](const std::string& id, const std::string& secret) {
        return "# mine\r\n[b]\r\naws_access_key_id = AKIAOTHER\r\n\r\n" + header +
               "\r\n  AWS_Access_Key_ID=" + id + "\r\n  ; older\r\n  aws_secret_access_key :  " + secret +
               "\t\r\n  s3 =\r\n    max = 1";
    };
}

Subject subject(const std::string& name, const std::string& scheme, const std::string& header) {
    const auto pair =
        header + "\naws_access_key_id = " + old_id + "\naws_secret_access_key = " + old_secret + "\n";
    return {name,
            scheme,
            "?profile=the%20one",
            profile_with_key(header),
            "[b]\naws_access_key_id = AKIAOTHER\n\n" + header + "\nregion = x\n",
            header + "\naws_access_key_id = " + old_id + "\n",
            pair + "aws_session_token = token\n",
            pair + pair};
}

INSTANTIATE_TEST_SUITE_P(Profiles, FileDestinationConformance,
                         testing::Values(subject("CredentialsFile", "credentials-file", "[the one]"),
                                         subject("ConfigFile", "config-file", "[profile \"the one\"]")),
                         [](const auto& each) { return each.param.name; });
INSTANTIATE_TEST_SUITE_P(Profiles, KeyFileConformance,
                         testing::Values(subject("CredentialsFile", "credentials-file", "[the one]"),
                                         subject("ConfigFile", "config-file", "[profile \"the one\"]")),
                         [](const auto& each) { return each.param.name; });
INSTANTIATE_TEST_SUITE_P(
    Profiles, DestinationConformance,
    testing::Values(habitat_of(subject("CredentialsFile", "credentials-file", "[the one]")),
                    habitat_of(subject("ConfigFile", "config-file", "[profile \"the one\"]"))),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace keytide::destinations
