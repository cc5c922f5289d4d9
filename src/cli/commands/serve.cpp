#include <fmt/format.h>
#include <sodium.h>

#include <functional>
#include <optional>
#include <thread>

#include "cli/commands.hpp"
#include "cli/hand_out.hpp"
#include "cli/lab_env_file.hpp"
#include "cli/named_key.hpp"
#include "ledger/private_file.hpp"
#include "service/credential_document.hpp"
#include "service/credential_endpoint.hpp"

namespace keytide::cli {
namespace {

struct Served {
    std::string path;
    std::filesystem::path token_file;
};

// Made once, so that consumers go on with theirs when the server starts again.
Result<void> make_token(const std::filesystem::path& file, Session& session) {
    if (auto ok = ledger::make_private_folder(file.parent_path()); !ok) return std::unexpected(ok.error());
    std::array<std::byte, 32> random{};
    session.entropy.fill(random);
    std::array<char, 65> text{};
    sodium_bin2hex(text.data(), text.size(), reinterpret_cast<const unsigned char*>(random.data()),
                   random.size());
    const auto made = ledger::create_private_file(file, std::string_view(text.data()));
    explicit_bzero(text.data(), text.size());
    explicit_bzero(random.data(), random.size());
    if (!made) return std::unexpected(made.error());
    return {};
}

Result<Secret> token_in(const std::filesystem::path& file) {
    const auto found = ledger::read_private_file(file);
    if (!found) return std::unexpected(found.error());
    if (!*found)
        return failed(file.string() + " is not there",
                      "write a token into it, or start again, and one is made");
    std::string_view token(**found);
    while (token.ends_with('\n')) token.remove_suffix(1);
    if (token.size() < 32)
        return failed(file.string() + " holds no token of 32 characters or more",
                      "write another one, or remove it and start again, and one is made");
    return Secret(token);
}

// What is in the file at that moment, since SDKs read theirs as often. What is wrong with it is said once.
std::function<std::optional<Secret>()> token_of_now(std::filesystem::path file, const Terminal& terminal) {
    return [file = std::move(file), &terminal, said = std::string()]() mutable -> std::optional<Secret> {
        auto token = token_in(file);
        const auto trouble = token ? std::string() : token.error().message;
        if (!token && trouble != said) terminal.error(token.error());
        said = trouble;
        if (!token) return std::nullopt;
        return std::move(*token);
    };
}

}  // namespace

Report serve(Session& session) {
    const auto configuration = configuration_in_force(session);
    if (!configuration) return failure(configuration.error());
    const auto listen = parse_listen(configuration->listen);
    if (!listen) return failure(listen.error());
    const auto folders = session.folders();
    if (!folders) return failure(folders.error());

    std::vector<service::Consumer> consumers;
    std::vector<Served> all;
    for (const auto& key : configuration->keys)
        for (const auto& name : key.consumers) {
            const Served served{"/" + key.name + "/" + name, folders->state / "tokens" / key.name / name};
            if (auto ok = make_token(served.token_file, session); !ok) return failure(ok.error());
            if (auto token = token_in(served.token_file); !token) return failure(token.error());
            consumers.push_back(
                {served.path, token_of_now(served.token_file, session.terminal),
                 [&session, &key] { return hand_out(session, key, service::container_document); }});
            all.push_back(served);
        }
    if (all.empty())
        return failure({ErrorKind::usage, "no key in keytide.yaml has consumers",
                        "name who may fetch a key: consumers: [NAME]"});

    auto endpoint = service::CredentialEndpoint::listen(listen->address, listen->port, std::move(consumers));
    if (!endpoint) return failure(endpoint.error());
    const bool v6 = listen->address.find(':') != std::string::npos;
    const auto base =
        fmt::format("http://{}:{}", v6 ? "[" + listen->address + "]" : listen->address, endpoint->port());
    for (const auto& served : all)
        session.terminal.say(
            fmt::format("AWS_CONTAINER_CREDENTIALS_FULL_URI={}{} AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE={}",
                        base, served.path, served.token_file.string()));
    std::jthread serving([&] { endpoint->run(); });
    while (session.clock.sleep(std::chrono::hours{1})) continue;
    endpoint->stop();
    return {};
}

}  // namespace keytide::cli
