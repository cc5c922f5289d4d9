// Bodies of the query protocol.
#include "lab/parameters.hpp"
#include "target.hpp"

using keytide::lab::Parameters;

namespace {

void walk(const Parameters& form, int depth) {
    for (const auto& [name, value] : form.fields()) {
        keytide::fuzz::require(form.find(name) != nullptr);
        if (depth > 3) continue;
        form.list(name);
        for (const auto& below : form.structures(name.substr(0, name.find('.')))) walk(below, depth + 1);
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 4096) return 0;  // every name is looked for among all
    const auto form = Parameters::parse(keytide::fuzz::text_of(data, size));
    walk(form, 0);
    form.list("Tags.member");
    form.structures("Tags.member");
    form.structures("Parameters.member");
    return 0;
}
