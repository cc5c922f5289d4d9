#include "lab/gate/refusals.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace keytide::lab::gate {
namespace {

using signature::Carrier;
using signature::NotPresented;
using signature::Presented;
using signature::PresentedFault;

// https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html
ServiceError as_said_by(Service service, ServiceError error) {
    if (!speaks_json(service)) return error;
    if (error.code == "InvalidClientTokenId")
        error.code = "UnrecognizedClientException";
    else if (error.code == "SignatureDoesNotMatch")
        error.code = "InvalidSignatureException";
    else
        error.code += "Exception";
    error.status = 400;
    return error;
}

ServiceError signature_does_not_match(Service service, std::string message) {
    return as_said_by(service, {"SignatureDoesNotMatch", std::move(message), 403});
}

std::string sentence_about(const std::string& part, PresentedFault fault, Carrier carrier) {
    if (carrier == Carrier::query)
        return fmt::format(
            "AWS query-string parameters must include a valid '{}'. Re-examine the query-string parameters.",
            part);
    if (part == "X-Amz-Date")
        return fault == PresentedFault::malformed
                   ? "Date must be in ISO-8601 'basic format'."
                   : "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
    if (fault == PresentedFault::malformed && part == "Credential")
        return "Credential must have exactly 5 slash-delimited elements, e.g. "
               "keyid/date/region/service/term.";
    if (fault == PresentedFault::duplicate) return fmt::format("'{}' is given more than once.", part);
    return fmt::format("Authorization header requires a valid '{}' parameter.", part);
}

ServiceError not_presented_to_s3(const NotPresented& fault, Carrier carrier) {
    if (fault.fault == PresentedFault::absent) return {"AccessDenied", "Access Denied", 403};
    if (fault.fault == PresentedFault::wrong_algorithm)
        return {
            "InvalidRequest",
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
            400};
    if (fault.fault == PresentedFault::duplicate)
        return {"InvalidArgument",
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query "
                "string "
                "parameter or the Authorization header should be specified",
                400};
    if (carrier == Carrier::query)
        return {"AuthorizationQueryParametersError",
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
                400};
    return {"AuthorizationHeaderMalformed",
            "The authorization header is malformed; the authorization header requires three components: "
            "Credential, "
            "SignedHeaders, and Signature.",
            400};
}

std::string bytes_of(std::string_view text) {
    std::string result;
    for (const unsigned char c : text) fmt::format_to(std::back_inserter(result), "{:02x} ", c);
    if (!result.empty()) result.pop_back();
    return result;
}

// "15 min." on AWS; a window that was set otherwise may be no whole minutes.
std::string in_words(Duration window) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(window).count();
    return seconds % 60 == 0 ? fmt::format("{} min.", seconds / 60) : fmt::format("{} s.", seconds);
}

ServiceError wrong_signature_to_s3(const Presented& presented, const std::string& canonical,
                                   const std::string& to_sign, const std::string& given) {
    ServiceError error{
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your key "
        "and signing method.",
        403};
    error.elements = {{"AWSAccessKeyId", presented.access_key_id},
                      {"StringToSign", to_sign},
                      {"SignatureProvided", given},
                      {"StringToSignBytes", bytes_of(to_sign)},
                      {"CanonicalRequest", canonical},
                      {"CanonicalRequestBytes", bytes_of(canonical)}};
    return error;
}

}  // namespace

ServiceError not_presented(Service service, const NotPresented& fault, Carrier carrier) {
    if (service == Service::s3) return not_presented_to_s3(fault, carrier);
    if (fault.fault == PresentedFault::absent)
        return as_said_by(service,
                          {"MissingAuthenticationToken", "Request is missing Authentication Token", 403});
    if (fault.fault == PresentedFault::wrong_algorithm)
        return as_said_by(service, {"IncompleteSignature", "Unsupported AWS 'algorithm'.", 400});
    std::string message;
    for (const auto& part : fault.parts) {
        if (!message.empty()) message += ' ';
        message += sentence_about(part, fault.fault, carrier);
    }
    return as_said_by(service, {"IncompleteSignature", std::move(message), 400});
}

ServiceError unknown_key(Service service, const Presented& presented) {
    if (service != Service::s3)
        return as_said_by(
            service, {"InvalidClientTokenId", "The security token included in the request is invalid.", 403});
    if (!presented.session_token.empty())
        return {"InvalidToken", "The provided token is malformed or otherwise invalid.", 400};
    ServiceError error{"InvalidAccessKeyId",
                       "The AWS Access Key Id you provided does not exist in our records.", 403};
    error.elements.emplace_back("AWSAccessKeyId", presented.access_key_id);
    return error;
}

ServiceError expired_token(Service service, const Presented& presented) {
    if (service != Service::s3)
        return as_said_by(service,
                          {"ExpiredToken", "The security token included in the request is expired", 403});
    ServiceError error{"ExpiredToken", "The provided token has expired.", 400};
    error.elements.emplace_back("Token-0", presented.session_token);
    return error;
}

ServiceError out_of_time(Service service, const Presented& presented, Instant now, Duration window) {
    const bool early = presented.signed_at > now;
    if (service == Service::s3) {
        if (presented.expires_after && !early) {
            ServiceError error{"AccessDenied", "Request has expired", 403};
            const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*presented.expires_after);
            error.elements.emplace_back("X-Amz-Expires", std::to_string(seconds.count()));
            error.elements.emplace_back("Expires", to_rfc3339(presented.signed_at + seconds));
            error.elements.emplace_back("ServerTime", to_rfc3339(now));
            return error;
        }
        ServiceError error{"RequestTimeTooSkewed",
                           "The difference between the request time and the current time is too large.", 403};
        error.elements.emplace_back("RequestTime", presented.date);
        error.elements.emplace_back("ServerTime", to_rfc3339(now));
        error.elements.emplace_back("MaxAllowedSkewMilliseconds", std::to_string(window.count()));
        return error;
    }
    if (early)
        return signature_does_not_match(
            service,
            fmt::format("Signature not yet current: {} is still later than {} ({} + {})", presented.date,
                        to_amz_date(now + window), to_amz_date(now), in_words(window)));
    if (presented.expires_after)
        return signature_does_not_match(
            service,
            fmt::format("Signature expired: {} is now earlier than {}",
                        to_amz_date(presented.signed_at + *presented.expires_after), to_amz_date(now)));
    return signature_does_not_match(
        service, fmt::format("Signature expired: {} is now earlier than {} ({} - {})", presented.date,
                             to_amz_date(now - window), to_amz_date(now), in_words(window)));
}

ServiceError wrong_scope_service(Service service, const Presented& presented) {
    if (service != Service::s3)
        return signature_does_not_match(
            service, fmt::format("Credential should be scoped to correct service: '{}'. ", name_of(service)));
    return {"AuthorizationHeaderMalformed",
            fmt::format("The authorization header is malformed; incorrect service \"{}\". This endpoint "
                        "belongs to \"s3\".",
                        presented.scope.service),
            400};
}

ServiceError wrong_scope_date(Service service, const Presented& presented) {
    if (service != Service::s3)
        return signature_does_not_match(
            service,
            fmt::format(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                "'{}' != '{}', from '{}'.",
                presented.scope.date, presented.date.substr(0, 8), presented.date));
    return {presented.carrier == Carrier::query ? "AuthorizationQueryParametersError"
                                                : "AuthorizationHeaderMalformed",
            fmt::format(
                "The authorization header is malformed; Invalid credential date \"{}\". This date is not the "
                "same as X-Amz-Date: \"{}\".",
                presented.scope.date, presented.date.substr(0, 8)),
            400};
}

ServiceError headers_unsigned(Service service, const std::vector<std::string>& names) {
    if (service != Service::s3)
        return signature_does_not_match(
            service, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
    ServiceError error{"AccessDenied", "There were headers present in the request which were not signed",
                       403};
    error.elements.emplace_back("HeadersNotSigned", fmt::format("{}", fmt::join(names, ", ")));
    return error;
}

ServiceError wrong_signature(Service service, const Presented& presented, const Request& request,
                             std::string_view payload_hash) {
    if (service != Service::s3)
        return signature_does_not_match(
            service,
            "The request signature we calculated does not match the signature you provided. Check your AWS "
            "Secret "
            "Access Key and signing method. Consult the service documentation for details.");
    const auto canonical = signature::canonical_request(request, payload_hash, presented.signed_headers,
                                                        presented.scope.service);
    return wrong_signature_to_s3(presented, canonical,
                                 signature::string_to_sign(presented.date, presented.scope, canonical),
                                 presented.signature);
}

ServiceError wrong_chunk_signature(const Presented& presented, const Request& request,
                                   std::string_view payload_hash, const std::string& string_to_sign,
                                   const std::string& given) {
    const auto canonical = signature::canonical_request(request, payload_hash, presented.signed_headers,
                                                        presented.scope.service);
    return wrong_signature_to_s3(presented, canonical, string_to_sign, given);
}

}  // namespace keytide::lab::gate
