// SigV4 as a stranger presents it: the first line is the query, the others are headers.
#include <string>

#include "signature/presented.hpp"
#include "target.hpp"

using namespace keytide;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto rest = fuzz::text_of(data, size);
    signature::WireRequest request{"GET", "/b/k", std::string(fuzz::take(rest)), {}, "UNSIGNED-PAYLOAD"};
    while (!rest.empty()) {
        auto line = fuzz::take(rest);
        const std::string name(fuzz::take(line, ':'));
        request.headers.push_back({name, std::string(line)});
    }
    const auto presented = signature::read_presented(request);
    if (!presented) return 0;
    signature::headers_not_signed(*presented, request);
    // Nobody knows this secret.
    const signature::SigningKey key(Secret("a secret that no input was signed with"), presented->scope);
    fuzz::require(!signature::verifies(*presented, request, key));

    auto signed_now = *presented;
    signed_now.signature = signature::expected_signature(*presented, request, key);
    fuzz::require(signature::verifies(signed_now, request, key) ==
                  presented->date.starts_with(presented->scope.date));
    return 0;
}
