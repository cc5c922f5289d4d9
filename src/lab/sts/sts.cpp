#include "lab/sts/sts.hpp"

#include "lab/gate/service.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::sts {

ActionResult serve(const Caller& caller, const Parameters& parameters) {
    const auto action = parameters.get("Action");
    if (action != "GetCallerIdentity")
        return std::unexpected(unknown_action(action, gate::version_of(gate::Service::sts)));
    XmlWriter xml;
    return xml.leaf("Arn", caller.arn).leaf("UserId", caller.user_id).leaf("Account", caller.account).take();
}

}  // namespace keytide::lab::sts
