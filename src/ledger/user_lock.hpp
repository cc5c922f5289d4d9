// One at a time: who rotates a user's keys holds that user's locks, and the rotation's.
//
// A user is known by name and by UserId. The name is always known, the UserId not always, and names are
// reused: so both are locked, and whoever shares either is turned away. Names differ in more than case in
// IAM. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "ledger/file_lock.hpp"
#include "rotation/request.hpp"
#include "vocabulary/identity.hpp"

namespace keytide::ledger {

class UserLock {
public:
    // Never waits: Busy, with the pid, when another process (or another lock in this one) has it.
    // `folder` is the state folder; the locks lie in its folder "locks". `user_id` may be empty.
    static Result<UserLock> acquire(const std::filesystem::path& folder, const AccountId& account,
                                    std::string_view user_name, std::string_view user_id);

    static Result<UserLock> acquire(const std::filesystem::path& folder, const rotation::RotationId& id);

    // The process that works on this user now, as far as it can be seen without taking the lock.
    static std::optional<long> holder(const std::filesystem::path& folder, const AccountId& account,
                                      std::string_view user_name);

private:
    std::vector<FileLock> locks_;
};

}  // namespace keytide::ledger
