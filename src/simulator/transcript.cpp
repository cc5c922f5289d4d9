#include "simulator/transcript.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <regex>

namespace keytide::simulator {
namespace {

using namespace rotation;

constexpr std::size_t widest = 110;
constexpr std::size_t margin = 12;

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};

// Long lines are broken between words.
void add(std::string& text, const std::string& time, const std::string& line) {
    auto prefix = fmt::format("{:<{}}", time, margin);
    std::string rest = line;
    while (prefix.size() + rest.size() > widest) {
        const auto end = rest.rfind(' ', widest - prefix.size());
        if (end == std::string::npos || end == 0) break;
        text += prefix + rest.substr(0, end) + "\n";
        rest.erase(0, end + 1);
        prefix = std::string(margin + 4, ' ');
    }
    text += prefix + rest + "\n";
}

// The period with which the lines from `at` repeat, and how often they do.
template <class Lines>
std::pair<std::size_t, std::size_t> repetition(const Lines& lines, std::size_t at) {
    std::pair<std::size_t, std::size_t> best{1, 1};
    for (std::size_t period = 1; period <= 8; ++period) {
        std::size_t times = 1;
        const auto same = [&](std::size_t block) {
            for (std::size_t i = 0; i < period; ++i) {
                const auto j = at + block * period + i;
                if (j >= lines.size() || lines[j].text != lines[at + i].text) return false;
            }
            return true;
        };
        while (same(times)) ++times;
        if (times >= 3 && period * times > best.first * best.second) best = {period, times};
    }
    return best;
}

}  // namespace

Transcript::Transcript(World& world) : world_(world), begun_(world.aws.now()) {
    name(world.old_key.text(), "OLD");
    name(world.aws.administrator.id.text(), "ADMIN");
    name("AKIA0000000000000000", "no-key");
    name(world.profile.uri(), "profile");
    name(world.app.uri(), "app");
    name("arn:aws:iam::123456789012:user/", "");
}

std::string Transcript::relative(Instant t) const {
    const auto since = t - begun_;
    return since < Duration{0} ? "-" + to_text(-since) : "+" + to_text(since);
}

std::string Transcript::in_names(std::string text) const {
    for (const auto& [id, name] : names_)
        for (auto at = text.find(id); at != std::string::npos; at = text.find(id, at + name.size()))
            text.replace(at, id.size(), name);
    static const std::regex time(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)");
    for (std::smatch found; std::regex_search(text, found, time);)
        text.replace(std::size_t(found.position()), std::size_t(found.length()),
                     relative(*parse_rfc3339(found.str())));
    return text;
}

void Transcript::say(std::string text) {
    text = in_names(std::move(text));
    if (survey_)
        survey_->push_back(text.starts_with("AWS: ") ? text.substr(5) : std::move(text));
    else
        lines_.push_back({world_.aws.now(), std::move(text)});
}

void Transcript::survey_ends() {
    if (!survey_) return;
    const auto asked = std::move(*survey_);
    survey_.reset();
    if (!asked.empty()) say(fmt::format("survey: {}", fmt::join(asked, "; ")));
}

std::string Transcript::details(const Event& event) const {
    const auto gone = [](bool was_gone) { return std::string(was_gone ? " (it was gone already)" : ""); };
    return std::visit(
        Overloaded{
            [](const Resumed& e) { return std::string(e.sender_gone ? " (the sender is gone)" : ""); },
            [](const CreateRefused& e) { return " " + e.code; },
            [](const CreateSettled& e) {
                return std::string(e.seen ? " (the list shows no key of it)"
                                          : " (nobody may look whether it made a key)");
            },
            [](const KeyCreated& e) { return " " + e.key.text(); },
            [](const NewKeyAccepted& e) {
                return e.denied_by.empty() ? ""
                                           : fmt::format(" (denied by {})", fmt::join(e.denied_by, ", "));
            },
            [](const OldValueSealed& e) { return " of " + e.destination; },
            [](const DeliverIntended& e) { return " to " + e.destination; },
            [](const DeliverFailed& e) { return " to " + e.destination + ": " + e.reason; },
            [](const Delivered& e) { return " to " + e.destination; },
            [](const Acknowledged& e) { return " (" + e.by + ")"; },
            [](const Reminded& e) { return " " + e.destination; },
            [](const OldKeyQuiet& e) {
                return e.last_used ? " (last used at " + to_rfc3339(*e.last_used) + ")" : std::string();
            },
            [&](const HandedOut& e) { return " until " + relative(e.until); },
            [](const DeactivateIntended& e) { return " " + e.key.text(); },
            [](const ActivateIntended& e) { return " " + e.key.text(); },
            [](const StatusRefused& e) { return " " + e.code; },
            [](const OldKeyActivated& e) { return std::string(e.was_active ? " (it was Active)" : ""); },
            [](const DeleteIntended& e) { return " " + e.key.text(); },
            [](const DeleteRefused& e) { return " " + e.code; },
            [&](const OldKeyDeleted& e) { return gone(e.was_gone); },
            [&](const NewKeyDeleted& e) { return gone(e.was_gone); },
            [&](const OtherKeyDeleted& e) { return " " + e.key.text() + gone(e.was_gone); },
            [](const OldKeyRejected& e) { return " " + e.code; },
            [](const NewKeyRejected& e) { return " " + e.code; },
            [](const GoingBack& e) { return (e.by.empty() ? ": " : " (" + e.by + "): ") + e.reason; },
            [&](const Parked& e) {
                return (e.until > e.at ? " until " + relative(e.until) + ": " : ": ") + e.reason;
            },
            [](const NeedsPerson& e) { return ": " + e.question; },
            [](const RolledBack& e) { return ": " + e.reason; },
            [](const Abandoned& e) { return " (" + e.by + "): " + e.reason; },
            [](const auto&) { return std::string(); },
        },
        event);
}

void Transcript::recorded(const Event& event) {
    survey_ends();
    say("ledger: " + std::string(name_of(event)) + details(event));
    if (const auto* asked = std::get_if<NeedsPerson>(&event))
        for (const auto& answer : asked->answers) say("  answer: " + answer);
}

void Transcript::not_recorded(const Event& event) {
    survey_ends();
    say("ledger: " + std::string(name_of(event)) + " cannot be written, no space left on device");
}

// Calls that are made one after the other, at one moment and with nothing between, are said once each.
void Transcript::gather(std::vector<Line>& lines) {
    std::vector<Line> result;
    std::vector<int> times;
    std::size_t row = 0;  // where the present row of calls begins
    for (auto& line : lines) {
        if (!line.text.starts_with("AWS: ") || (row < result.size() && result[row].at != line.at))
            row = result.size();
        const auto same = std::find_if(result.begin() + std::ptrdiff_t(row), result.end(),
                                       [&](const Line& l) { return l.text == line.text; });
        if (line.text.starts_with("AWS: ") && same != result.end()) {
            ++times[std::size_t(same - result.begin())];
            continue;
        }
        if (!line.text.starts_with("AWS: ")) row = result.size() + 1;
        result.push_back(std::move(line));
        times.push_back(1);
    }
    for (std::size_t i = 0; i < result.size(); ++i)
        if (times[i] > 1) result[i].text += fmt::format(" ({} times)", times[i]);
    lines = std::move(result);
}

std::string Transcript::text() const {
    std::string text;
    auto lines = lines_;
    gather(lines);
    for (std::size_t at = 0; at < lines.size();) {
        const auto [period, times] = repetition(lines, at);
        for (std::size_t i = 0; i < period; ++i) add(text, relative(lines[at + i].at), lines[at + i].text);
        const auto last = at + period * times - 1;
        if (times > 1)
            add(text, "",
                fmt::format("  … {} {} times more, until {}", period == 1 ? "and" : "and so on,", times - 1,
                            relative(lines[last].at)));
        at = last + 1;
    }
    return text;
}

}  // namespace keytide::simulator
