// The control plane: /_lab/ on the lab's port, in JSON, for whoever has the token. docs/lab.md describes it.
//
// "_lab" can be no bucket's name, so nothing of S3 is hidden by it.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
#pragma once

#include "lab/rehearsal.hpp"

namespace keytide::lab::control {

bool is_addressed(const Request& request);

// 401 without the token, whatever is asked; it is compared in constant time.
Reply answer(Rehearsal& rehearsal, const Request& request, Instant real);

}  // namespace keytide::lab::control
