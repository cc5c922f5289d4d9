#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <thread>

#include "cli/commands.hpp"
#include "cli/embedded_lab.hpp"
#include "cli/lab_env_file.hpp"
#include "destinations/open_destination.hpp"
#include "http/url.hpp"
#include "lab/server.hpp"

namespace keytide::cli {
namespace {

constexpr std::size_t token_length = 40;  // of 36 characters: more than 200 bits

Result<std::optional<AccessKey>> root_key(const Lab& asked, const Session& session) {
    if (!asked.root_key_file) return std::nullopt;
    const auto place = destinations::open_destination(
        "env-file:" + *asked.root_key_file,
        {{std::filesystem::current_path(), std::string(session.environment("HOME").value_or(""))}});
    if (!place) return std::unexpected(place.error());
    auto key = (*place)->read();
    if (key && !*key)
        return usage_error(*asked.root_key_file + " holds no key",
                           "it needs lines with AWS_ACCESS_KEY_ID= and AWS_SECRET_ACCESS_KEY=");
    return key;
}

Result<keytide::lab::Lab::Options> options(const Lab& asked, Session& session) {
    for (auto account = asked.accounts.begin(); account != asked.accounts.end(); ++account) {
        const bool digits = account->find_first_not_of("0123456789") == std::string::npos;
        if (account->size() != 12 || !digits)
            return usage_error("--account " + *account + " is not an account number", "it has twelve digits");
        if (std::find(asked.accounts.begin(), account, *account) != account)
            return usage_error("--account " + *account + " is given twice", "each account is there once");
    }
    using Aws = keytide::lab::Lab;
    if (asked.signature_window < Aws::shortest_window || asked.signature_window > Aws::longest_window)
        return usage_error("--signature-window is a time from 1s to 15m");
    auto key = root_key(asked, session);
    if (!key) return std::unexpected(key.error());
    return keytide::lab::Lab::Options{.account_ids = asked.accounts,
                                      .region = session.everywhere.region.value_or("us-east-1"),
                                      .root_key = std::move(*key),
                                      .created = session.clock.now()};
}

// As POST /_lab/propagation has it with delay and flapping.
keytide::lab::misbehaviour::Propagation propagation(const Lab& asked) {
    const auto by = asked.propagation;
    const keytide::lab::misbehaviour::Delays delays{
        .created = by, .inactive = by, .reactivated = by, .deleted = by, .policies = by};
    if (asked.flapping > Duration{0})
        return {.replicas = keytide::lab::misbehaviour::flapping(delays, asked.flapping), .seed = asked.seed};
    return {.replicas = {delays}, .seed = asked.seed};
}

}  // namespace

Report lab(const Lab& asked, Session& session) {
    const auto listen = parse_listen(asked.listen);
    if (!listen) return failure(listen.error());
    auto wanted = options(asked, session);
    if (!wanted) return failure(wanted.error());
    const auto region = wanted->region;

    const auto randomness = randomness_of(session.entropy);
    auto made = asked.data ? keytide::lab::Lab::open(std::move(*wanted), randomness, *asked.data)
                           : keytide::lab::Lab(std::move(*wanted), randomness);
    if (!made) return failure(made.error());
    auto& aws = *made;
    keytide::lab::Rehearsal rehearsal(aws,
                                      {.token = Secret(keytide::lab::draw_letters(randomness, token_length)),
                                       .seed = asked.seed,
                                       .propagation = propagation(asked),
                                       .signature_window = asked.signature_window});
    auto server = keytide::lab::Server::listen(rehearsal, listen->address, listen->port,
                                               [&] { return session.clock.now(); });
    if (!server) return failure(server.error());
    const bool v6 = listen->address.find(':') != std::string::npos;
    const auto host = v6 ? "[" + listen->address + "]" : listen->address;
    const auto endpoint = fmt::format("http://{}:{}", host, server->port());

    std::vector<LabRoot> roots;
    for (const auto& account : asked.accounts) roots.push_back({account, aws.root_key(account)});
    std::jthread serving([&] { server->run(); });  // from here on the lab is that thread's
    const auto written = write_lab_env_file(asked.env_file, endpoint, roots, region, rehearsal.token());
    if (written) {
        const auto ready =
            fmt::format("keytide lab: {}, account{} {}; to be its root user: . {}", endpoint,
                        roots.size() > 1 ? "s" : "", fmt::join(asked.accounts, ", "), asked.env_file);
        if (session.everywhere.output == Output::json)
            session.terminal.say(ready);  // standard output is for the one object at the end
        else
            session.terminal.result(ready);
        session.terminal.flush();
        if (!http::is_loopback({.host = host}))
            session.terminal.say(
                "keytide: warning: plain HTTP beyond loopback: whoever is on the way reads the secrets of "
                "this lab");
        while (session.clock.sleep(std::chrono::hours{1})) continue;
    }
    server->stop();
    return written ? Report{} : failure(written.error());
}

}  // namespace keytide::cli
