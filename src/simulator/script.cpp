#include "simulator/script.hpp"

#include <fmt/format.h>

#include <charconv>
#include <regex>

namespace keytide::simulator {
namespace {

using Kind = Moment::Kind;

constexpr int for_ever = 1'000'000;

std::string ordinal(int n) {
    const bool teen = n % 100 >= 11 && n % 100 <= 13;
    const char* ending = teen ? "th" : n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
    return std::to_string(n) + ending;
}

std::string to_text(const Moment& moment) {
    const auto nth = moment.nth == 1 ? "" : "the " + ordinal(moment.nth) + " ";
    switch (moment.kind) {
        case Kind::call: return nth + moment.what;
        case Kind::recording: return nth + moment.what + " is about to be recorded";
        case Kind::recorded: return nth + moment.what + " is recorded";
        case Kind::touching: return nth + moment.what;
        case Kind::touched: return nth + moment.what + " is done";
        case Kind::process: return "process " + std::to_string(moment.nth) + " starts";
    }
    return {};
}

std::string to_text(const Misfortune& misfortune) {
    auto text = "when " + to_text(misfortune.moment) + ": " + misfortune.act;
    if (misfortune.times == for_ever) return text + ", from then on";
    if (misfortune.times > 1) text += fmt::format(", {} times", misfortune.times);
    return text;
}

bool is_touch(const std::string& what) {
    return what.ends_with(" read") || what.ends_with(" write");
}

Moment parse_moment(std::string text) {
    Moment moment;
    std::smatch found;
    static const std::regex process(R"(process (\d+) starts)"), nth(R"(the (\d+)(?:st|nd|rd|th) (.*))");
    if (std::regex_match(text, found, process)) return {Kind::process, "", std::stoi(found[1])};
    if (std::regex_match(text, found, nth)) {
        moment.nth = std::stoi(found[1]);
        text = std::string(found[2]);
    }
    const auto without = [&](std::string_view end) {
        if (!text.ends_with(end)) return false;
        text.resize(text.size() - end.size());
        return true;
    };
    if (without(" is about to be recorded"))
        moment.kind = Kind::recording;
    else if (without(" is recorded"))
        moment.kind = Kind::recorded;
    else if (without(" is done"))
        moment.kind = Kind::touched;
    else if (is_touch(text))
        moment.kind = Kind::touching;
    moment.what = text;
    return moment;
}

Misfortune parse_misfortune(const std::string& when, std::string act) {
    Misfortune misfortune{parse_moment(when), {}, 1};
    std::smatch found;
    static const std::regex times(R"((.*), (\d+) times)"), on(R"((.*), from then on)");
    if (std::regex_match(act, found, times)) {
        misfortune.times = std::stoi(found[2]);
        act = std::string(found[1]);
    } else if (std::regex_match(act, found, on)) {
        misfortune.times = for_ever;
        act = std::string(found[1]);
    }
    misfortune.act = act;
    return misfortune;
}

}  // namespace

std::string to_text(const Script& script) {
    std::string text;
    for (const auto& given : script.givens) text += "given " + given + "\n";
    for (const auto& misfortune : script.misfortunes) text += to_text(misfortune) + "\n";
    for (const auto& step : script.steps) text += "then " + step + "\n";
    return text;
}

Result<Script> parse_script(std::string_view text) {
    Script script;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string line(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const auto colon = line.find(": ");
        if (line.empty()) continue;
        if (line.starts_with("given "))
            script.givens.push_back(line.substr(6));
        else if (line.starts_with("then "))
            script.steps.push_back(line.substr(5));
        else if (line.starts_with("when ") && colon != std::string::npos)
            script.misfortunes.push_back(parse_misfortune(line.substr(5, colon - 5), line.substr(colon + 2)));
        else
            return failed("'" + line + "' begins with none of given, when and then");
    }
    return script;
}

}  // namespace keytide::simulator
