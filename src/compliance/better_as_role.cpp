#include "compliance/better_as_role.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace keytide::compliance {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 15> of_integration{
    "ci",        "cd",        "cicd",     "github", "gitlab",   "jenkins",  "circleci", "travis",
    "bitbucket", "buildkite", "teamcity", "deploy", "deployer", "pipeline", "terraform"};
constexpr std::array<std::string_view, 10> of_machines{
    "ec2", "ecs", "eks", "lambda", "instance", "worker", "server", "fargate", "container", "kubernetes"};
// What only agents on machines call.
constexpr std::array<std::string_view, 3> services_of_agents{"ssm", "ssmmessages", "ec2messages"};
// Tags that tell what a user is for.
constexpr std::array<std::string_view, 8> telling_tags{"purpose", "usage",       "use",      "usedby",
                                                       "type",    "application", "workload", "service"};

constexpr auto integration_instead =
    "let the pipeline assume a role by OpenID Connect, without a key: "
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html";
constexpr auto machine_instead =
    "give the machine a role, whose credentials AWS renews by itself: "
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2.html";
constexpr auto person_instead =
    "let the person sign in with IAM Identity Center, and use 'aws sso login' instead of a key: "
    "https://docs.aws.amazon.com/singlesignon/latest/userguide/what-is.html";

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

// "GitHubDeploy-prod" has githubdeploy and prod; camels are not taken apart, since GitHub is one word.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    bool in_word = false;
    for (const char c : text) {
        if (!is_letter(c)) {
            in_word = false;
            continue;
        }
        if (!in_word) words.emplace_back();
        in_word = true;
        words.back() += lower(c);
    }
    return words;
}

std::optional<std::string> word_among(std::string_view text, Words wanted) {
    for (auto& word : words_of(text))
        if (std::ranges::find(wanted, word) != wanted.end()) return word;
    return std::nullopt;
}

// What the name or a telling tag has of these words.
std::optional<std::string> sign_of(const User& user, Words wanted) {
    if (const auto word = word_among(user.name, wanted)) return fmt::format("its name has '{}'", *word);
    for (const auto& [key, value] : user.tags) {
        std::string plain;
        for (const char c : key)
            if (is_letter(c)) plain += lower(c);
        if (std::ranges::find(telling_tags, plain) == telling_tags.end()) continue;
        if (const auto word = word_among(value, wanted))
            return fmt::format("its tag {} has '{}'", key, *word);
    }
    return std::nullopt;
}

bool looks_like_an_address(std::string_view name) {
    const auto at = name.find('@');
    return at != std::string_view::npos && at > 0 && name.find('.', at) != std::string_view::npos;
}

}  // namespace

std::optional<RoleAdvice> better_as_role(const User& user) {
    if (std::ranges::none_of(user.keys, &Key::is_active)) return std::nullopt;
    if (auto sign = sign_of(user, of_integration))
        return RoleAdvice{"continuous integration", std::move(*sign), integration_instead};
    if (auto sign = sign_of(user, of_machines))
        return RoleAdvice{"a machine", std::move(*sign), machine_instead};
    for (const auto& key : user.keys)
        if (key.is_active() &&
            std::ranges::find(services_of_agents, key.use.service) != services_of_agents.end())
            return RoleAdvice{
                "a machine",
                fmt::format("its key was last used for {}, as the agents on machines do", key.use.service),
                machine_instead};
    if (user.password.known && user.password.enabled)
        return RoleAdvice{"a person", "it has a password beside its key", person_instead};
    if (looks_like_an_address(user.name))
        return RoleAdvice{"a person", "its name is an address", person_instead};
    return std::nullopt;
}

}  // namespace keytide::compliance
