// The AWS configuration that a command meets: whose key, which endpoints.
#pragma once

#include "cli/session.hpp"
#include "credentials/key_source.hpp"
#include "rotation/request.hpp"

namespace keytide::cli {

struct Context {
    credentials::ProfileFiles files;
    credentials::Settings settings;
    credentials::KeySource source;
    rotation::Connection connection;
};

// Its endpoints are as they were written: whether they can be used shows later.
Result<rotation::Connection> connection_of(const credentials::Settings& settings);

Result<Context> find_context(Session& session, credentials::KeyUse use);

}  // namespace keytide::cli
