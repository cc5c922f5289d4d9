// The demo's setting: the stack of tests/clients/iam.yaml, and a bucket to list.
#pragma once

#include <string>

#include "vocabulary/access_key.hpp"
#include "vocabulary/error.hpp"

namespace keytide::cli {

// Made by root's calls to CloudFormation and S3 at `endpoint`.
Result<void> set_demo_stage(const std::string& endpoint, const AccessKey& root, const std::string& bucket,
                            Instant now);

}  // namespace keytide::cli
