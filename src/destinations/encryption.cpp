#include "destinations/encryption.hpp"

#include <fmt/format.h>

#include "subprocess/command.hpp"

namespace keytide::destinations {
namespace {

constexpr Duration time_for_it = std::chrono::seconds(30);
constexpr int not_found = 127;  // in the words of the shell

}  // namespace

bool is_for_age(std::string_view recipient) {
    return recipient.starts_with("age1") || recipient.starts_with("ssh-");
}

Result<std::string> encrypted(std::string_view text, const std::string& recipient,
                              const std::function<bool()>& interrupted) {
    if (recipient.starts_with('-')) return usage_error("'" + recipient + "' names nobody");
    const std::string program =
        is_for_age(recipient) ? "age --armor" : "gpg --batch --no-tty --quiet --armor --encrypt";
    subprocess::Command command{.text = "exec " + program + " --recipient \"$KEYTIDE_RECIPIENT\"",
                                .keeps_output = true,
                                .timeout = time_for_it,
                                .interrupted = interrupted};
    command.with.emplace_back("KEYTIDE_RECIPIENT=").append(recipient);
    command.input.append(text);

    const auto name = program.substr(0, program.find(' '));
    const auto ended = subprocess::run(command);
    if (!ended)
        return failed(fmt::format("{} did not encrypt to {}: {}", name, recipient, ended.error().reason));
    if (ended->status == not_found)
        return failed(name + " is not installed", "install it: the key is encrypted by it");
    if (ended->status != 0 || ended->output.empty())
        return failed(fmt::format("{} did not encrypt to {}", name, recipient),
                      "what it said stands above; the recipient must be one that it knows and trusts");
    return std::string(ended->output);
}

}  // namespace keytide::destinations
