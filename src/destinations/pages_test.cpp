#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "destinations/env_file_destination.hpp"
#include "destinations/kinds.hpp"
#include "destinations/open_destination.hpp"

namespace keytide::destinations {
namespace {

// The first line of a page names its kinds: "# credentials-file and config-file".
std::set<std::string> kinds_with_a_page() {
    std::set<std::string> names;
    for (const auto& page :
         std::filesystem::directory_iterator(std::string(KEYTIDE_SOURCE) + "/docs/destinations")) {
        std::ifstream text(page.path());
        std::string title, word;
        std::getline(text, title);
        for (std::istringstream words(title.substr(2)); words >> word;)
            if (word != "and") names.insert(word);
    }
    return names;
}

TEST(Pages, EveryKindHasOneAndEveryPageHasItsKind) {
    std::set<std::string> kinds_that_can_be_opened;
    const Means means{.origin = {"/", "/"}, .outbox = "/a", .open_store = [](const DestinationUri& uri) {
                          return Result<std::unique_ptr<ports::Destination>>(
                              file_destination(uri.text(), uri.path, env_text(uri.path, EnvFormat::shell)));
                      }};
    for (const auto& kind : kinds()) {
        std::string uri = kind.name + (kind.path_value == Value::url ? ":https://a?"
                                       : kind.is_notice              ? ":a?"
                                                                     : ":a/b?");
        for (const auto& parameter : kind.parameters)
            if (parameter.required)
                uri += parameter.name + "=" +
                       (parameter.value == Value::url ? "https://a"
                        : parameter.allowed.empty()   ? "/a"
                                                      : parameter.allowed.front()) +
                       "&";
        uri.pop_back();
        if (open_destination(uri, means)) kinds_that_can_be_opened.insert(kind.name);
    }
    for (const auto& parameter : parameters_of_all())
        if (parameter.name == "as")
            kinds_that_can_be_opened.insert(parameter.allowed.begin(), parameter.allowed.end());
    EXPECT_GT(kinds_that_can_be_opened.size(), 8u);
    EXPECT_EQ(kinds_with_a_page(), kinds_that_can_be_opened);
}

}  // namespace
}  // namespace keytide::destinations
