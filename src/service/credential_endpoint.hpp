// The container credentials protocol on loopback: a path and a token for each consumer.
//
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
// A path that nobody has, a token that is not its own and one that cannot be read are answered alike, in a
// time that tells nothing of the token.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vocabulary/error.hpp"
#include "vocabulary/secret.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::service {

struct Consumer {
    std::string path;  // "/app/web"
    // Both are called in the thread of run(), at each request.
    std::function<std::optional<Secret>()> token;  // nothing: nobody is let in
    std::function<Result<WipedString>()> fetch;    // the document
};

class CredentialEndpoint {
public:
    // Listens at once. `address`: a literal IP address of this machine alone; port 0 picks a free one.
    static Result<CredentialEndpoint> listen(std::string_view address, std::uint16_t port,
                                             std::vector<Consumer> consumers);

    CredentialEndpoint(CredentialEndpoint&&) noexcept;
    CredentialEndpoint& operator=(CredentialEndpoint&&) noexcept;
    ~CredentialEndpoint();

    std::uint16_t port() const;
    void run();   // until stop()
    void stop();  // from any thread

private:
    struct State;
    explicit CredentialEndpoint(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace keytide::service
