// What the lab gets to see, and to keep, of a request that brings a password: its stand-in
// (state/passwords.hpp), in a request that its caller could have signed.
#pragma once

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/parameters.hpp"
#include "lab/request.hpp"

namespace keytide::lab {

bool brings_password(const Parameters& form);

// The form with stand-ins. The same password of the same user has the same one.
Parameters with_stand_ins(const Parameters& form, const Account& account, const Caller& caller);

// The request as it would have come with this form: signed again, with the key of the caller.
Request with_form(Request request, const Parameters& form, const AccessKey& key, const Caller& caller,
                  Instant signed_at);

}  // namespace keytide::lab
