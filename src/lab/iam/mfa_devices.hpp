// CreateVirtualMFADevice, EnableMFADevice, DeactivateMFADevice, ResyncMFADevice, ListMFADevices,
// ListVirtualMFADevices, DeleteVirtualMFADevice.
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult create_virtual_mfa_device(const Call& call);
ActionResult enable_mfa_device(const Call& call);
ActionResult deactivate_mfa_device(const Call& call);
ActionResult resync_mfa_device(const Call& call);
ActionResult list_mfa_devices(const Call& call);
ActionResult list_virtual_mfa_devices(const Call& call);
ActionResult delete_virtual_mfa_device(const Call& call);

}  // namespace keytide::lab::iam
