// CreateAccountAlias, DeleteAccountAlias, ListAccountAliases.
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult create_account_alias(const Call& call);
ActionResult delete_account_alias(const Call& call);
ActionResult list_account_aliases(const Call& call);

}  // namespace keytide::lab::iam
