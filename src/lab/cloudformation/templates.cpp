#include "lab/cloudformation/templates.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lab/xml.hpp"

namespace keytide::lab::cloudformation {
namespace {

Outcome<Template> template_in_question(const Call& call) {
    if (const auto* body = call.parameters.find("TemplateBody")) return parse_template(*body);
    if (!call.parameters.has("StackName"))
        return invalid("Either Template URL or Template Body must be specified.");
    auto stack = call.stack_with_id();
    if (!stack) return std::unexpected(stack.error());
    if ((*stack)->current) return (*stack)->current->declared;
    return invalid(fmt::format("Stack with id {} does not exist", call.parameters.get("StackName")));
}

// What both actions show of a parameter; only the summary has its type and what it may be.
enum class Detail { name_only, constraints_too };

void append_parameters(XmlWriter& xml, const Template& declared, Detail detail) {
    xml.open("Parameters");
    for (const auto& parameter : declared.parameters) {
        xml.open("member").leaf("ParameterKey", parameter.name);
        if (parameter.default_value)
            xml.leaf("DefaultValue", shown_value(parameter, *parameter.default_value));
        if (detail == Detail::constraints_too) xml.leaf("ParameterType", to_text(parameter.type));
        xml.leaf("NoEcho", parameter.no_echo);
        if (!parameter.description.empty()) xml.leaf("Description", parameter.description);
        if (detail == Detail::constraints_too) {
            xml.open("ParameterConstraints");
            if (parameter.allowed_values) {
                xml.open("AllowedValues");
                for (const auto& value : *parameter.allowed_values) xml.leaf("member", value);
                xml.close("AllowedValues");
            }
            xml.close("ParameterConstraints");
        }
        xml.close("member");
    }
    xml.close("Parameters");
}

void append_needs(XmlWriter& xml, const Template& declared) {
    if (!declared.description.empty()) xml.leaf("Description", declared.description);
    const auto capability = declared.capability();
    if (capability.empty()) return;
    xml.open("Capabilities").leaf("member", capability).close("Capabilities");
    xml.leaf("CapabilitiesReason", fmt::format("The following resource(s) require capabilities: [{}]",
                                               fmt::join(declared.types_that_need_it(), ", ")));
}

}  // namespace

ActionResult get_template(const Call& call) {
    if (auto allowed = call.authorise("GetTemplate"); !allowed) return std::unexpected(allowed.error());
    const std::string* text = nullptr;
    if (call.parameters.has("ChangeSetName")) {
        const auto found = call.find_change_set();
        if (found.change_set == nullptr)
            return refuse("ChangeSetNotFound",
                          fmt::format("ChangeSet [{}] does not exist", call.parameters.get("ChangeSetName")),
                          404);
        text = &found.change_set->wanted.declared.text;
    } else {
        auto stack = call.stack_with_id();
        if (!stack) return std::unexpected(stack.error());
        if ((*stack)->current) text = &(*stack)->current->declared.text;
    }
    XmlWriter xml;
    if (text != nullptr) xml.leaf("TemplateBody", *text);
    xml.open("StagesAvailable").leaf("member", "Original").leaf("member", "Processed");
    return xml.close("StagesAvailable").take();
}

ActionResult get_template_summary(const Call& call) {
    if (auto allowed = call.authorise("GetTemplateSummary"); !allowed)
        return std::unexpected(allowed.error());
    if (auto known = call.refuse_unsupported({"TemplateURL", "StackSetName"}); !known)
        return std::unexpected(known.error());
    auto declared = template_in_question(call);
    if (!declared) return std::unexpected(declared.error());
    XmlWriter xml;
    append_parameters(xml, *declared, Detail::constraints_too);
    append_needs(xml, *declared);
    xml.open("ResourceTypes");
    for (const auto& one : declared->resources) xml.leaf("member", one.type->name);
    xml.close("ResourceTypes").leaf("Version", "2010-09-09");
    if (declared->metadata.is_object()) xml.leaf("Metadata", to_json(declared->metadata));
    return xml.take();
}

ActionResult validate_template(const Call& call) {
    if (auto allowed = call.authorise("ValidateTemplate"); !allowed) return std::unexpected(allowed.error());
    if (auto known = call.refuse_unsupported({"TemplateURL"}); !known) return std::unexpected(known.error());
    if (auto body = call.required("TemplateBody", "templateBody"); !body)
        return std::unexpected(body.error());
    auto declared = template_in_question(call);
    if (!declared) return std::unexpected(declared.error());
    XmlWriter xml;
    append_parameters(xml, *declared, Detail::name_only);
    append_needs(xml, *declared);
    return xml.take();
}

}  // namespace keytide::lab::cloudformation
