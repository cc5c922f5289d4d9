#include "rotation/protocol_page.hpp"

#include "rotation/evolve.hpp"

namespace keytide::rotation {
namespace {

std::string in_words(When when) {
    switch (when) {
        case When::always: return "";
        case When::forward: return "";
        case When::first_key: return "a first key is issued";
        case When::compromised: return "OLD is compromised, and its user rotates it";
        case When::disarmed: return "OLD is compromised, and an administrator rotates it";
        case When::back: return "on the way back";
        case When::unwritten: return "no write of NEW was attempted";
        case When::written: return "NEW was written, and OLD may return";
        case When::deactivating: return "OLD may be deactivated, and is Active";
        case When::deleting: return "otherwise";
    }
    return "";
}

std::string text(std::string_view view) {
    return std::string(view);
}

std::string diagram() {
    std::string out =
        "```mermaid\nstateDiagram-v2\n    [*] --> create\n    [*] --> clear: an inactive key is given up\n"
        "    [*] --> deactivate: OLD is compromised, and an administrator rotates it\n";
    for (const auto& row : table()) {
        if (row.from == row.to) continue;
        const auto why = in_words(row.when);
        out += "    " + text(name_of(row.from)) + " --> " + text(name_of(row.to)) + ": " + text(row.event) +
               (why.empty() ? "" : " (" + why + ")") + "\n";
    }
    return out + "    ended --> [*]\n```\n";
}

std::string state_table() {
    std::string out = "| in | event | leads to | when |\n| --- | --- | --- | --- |\n";
    for (const auto& row : table())
        out += "| " + text(name_of(row.from)) + " | `" + text(row.event) + "` | " +
               (row.from == row.to ? "" : text(name_of(row.to))) + " | " + in_words(row.when) + " |\n";
    return out;
}

}  // namespace

std::string protocol_page() {
    return "# The protocol, as the code has it\n\n"
           "This page is printed from the table in `src/rotation/table.cpp`; a test fails when it drifts, "
           "and\n"
           "`KEYTIDE_REWRITE=1 build/src/rotation/rotation_test` prints it anew.\n\n"
           "OLD is the key that is replaced, NEW the one that replaces it. Each arrow is an event that the "
           "ledger holds;\n"
           "`Resumed`, `Inspected`, `Parked`, `NeedsPerson` and `NeedsMfa` may happen in every phase and lead "
           "nowhere else, and\n"
           "`Abandoned` ends a rotation from everywhere.\n\n" +
           diagram() + "\n" + state_table();
}

}  // namespace keytide::rotation
