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

Result<Context> find_context(Session& session, credentials::KeyUse use);

}  // namespace keytide::cli
