#include "cli/embedded_lab.hpp"

#include <fmt/format.h>

namespace keytide::cli {

lab::Randomness randomness_of(ports::Entropy& entropy) {
    return [&entropy](std::span<std::byte> bytes) { entropy.fill(bytes); };
}

Result<std::unique_ptr<EmbeddedLab>> EmbeddedLab::open(lab::Lab lab, lab::Rehearsal::Options options,
                                                       ports::Clock& clock) {
    std::unique_ptr<EmbeddedLab> embedded(new EmbeddedLab(std::move(lab), std::move(options)));
    auto server = lab::Server::listen(embedded->rehearsal_, "127.0.0.1", 0, [&clock] { return clock.now(); });
    if (!server) return std::unexpected(server.error());
    embedded->server_ = std::make_unique<lab::Server>(std::move(*server));
    return embedded;
}

EmbeddedLab::~EmbeddedLab() {
    if (server_) server_->stop();
}

std::string EmbeddedLab::endpoint() const {
    return fmt::format("http://127.0.0.1:{}", server_->port());
}

void EmbeddedLab::serve() {
    serving_ = std::jthread([this] { server_->run(); });
}

}  // namespace keytide::cli
