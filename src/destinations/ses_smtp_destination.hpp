// as=ses-smtp&region=R: not the secret but the SMTP password that is derived from it goes to the place.
// docs/destinations/ses-smtp.md
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ports/destination.hpp"

namespace keytide::destinations {

// https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html ("convert existing secret access keys")
Secret ses_smtp_password(const Secret& secret_access_key, std::string_view region);

// Over any other place. What it holds is known again, and gives no secret away.
std::unique_ptr<ports::Destination> ses_smtp_destination(std::string region,
                                                         std::unique_ptr<ports::Destination> place);

}  // namespace keytide::destinations
