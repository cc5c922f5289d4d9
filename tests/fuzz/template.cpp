// CloudFormation templates, JSON and YAML.
#include "lab/cloudformation/template.hpp"

#include <string>

#include "lab/cloudformation/template_text.hpp"
#include "target.hpp"

using namespace keytide;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > lab::cloudformation::longest_template) return 0;  // refused before it is read
    const auto parsed = lab::cloudformation::parse_template(std::string(fuzz::text_of(data, size)));
    if (!parsed) {
        fuzz::require(!parsed.error().code.empty());
        return 0;
    }
    parsed->capability();
    for (const auto& resource : parsed->resources)
        fuzz::require(parsed->find(resource.logical_id) == &resource);
    return 0;
}
