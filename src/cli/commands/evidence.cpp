// What a rotation did, for those who do not trust this machine.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "cli/commands.hpp"
#include "cli/evidence_summary.hpp"
#include "cli/exit_code.hpp"
#include "cli/ledger_lines.hpp"
#include "cli/rotations.hpp"
#include "cli/wiring.hpp"
#include "evidence/bundle.hpp"
#include "ledger/event_json.hpp"

namespace keytide::cli {

using ledger::StoredEvent;

namespace {

constexpr std::uintmax_t largest_bundle = std::uintmax_t(256) << 20;

Result<evidence::SigningKey> signing_key(Session& session) {
    const auto folders = session.folders();
    if (!folders) return std::unexpected(folders.error());
    return evidence::SigningKey::load_or_make(folders->config / "evidence.key", session.entropy);
}

// A day begins at midnight, UTC.
Result<Instant> time_given(const char* option, const std::string& text) {
    const bool is_day = text.size() == 10;
    if (const auto at = parse_rfc3339(is_day ? text + "T00:00:00Z" : text)) return *at;
    return usage_error(fmt::format("{} '{}' is not a time", option, text),
                       "give a day as 2026-01-31, or a time as 2026-01-31T12:00:00Z");
}

struct Period {
    Instant from, to;
};

Instant end_of(const std::vector<StoredEvent>& events) {
    Instant end{};
    for (const auto& stored : events)
        if (const auto event = ledger::event_from_json(stored.json))
            end = std::max(end, rotation::time_of(*event) + Duration{1});
    return end;
}

// From the first event of the period to its last, with all that the chain has in between.
std::pair<std::size_t, std::size_t> within(const std::vector<StoredEvent>& events, const Period& period) {
    std::size_t first = events.size(), last = 0;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto event = ledger::event_from_json(events[i].json);
        if (!event) continue;
        const auto at = rotation::time_of(*event);
        if (at < period.from || at >= period.to) continue;
        first = std::min(first, i);
        last = i + 1;
    }
    return {first, last};
}

// Of each rotation that has one of the events, all that is known now.
Result<std::vector<std::string>> summary_of(Session& session, const std::vector<StoredEvent>& events,
                                            std::size_t first, std::size_t last) {
    std::map<std::string, bool> wanted;
    for (auto i = first; i < last; ++i) wanted[events[i].rotation] = true;
    const auto rotations = recorded_rotations(session);
    if (!rotations) return std::unexpected(rotations.error());
    const auto ledger = open_ledger_if_any(session);
    if (!ledger) return std::unexpected(ledger.error());
    std::vector<std::string> lines;
    for (const auto& r : *rotations) {
        if (!wanted.contains(r.id)) continue;
        const auto recorded = (*ledger)->events(r.id);
        if (!recorded) return std::unexpected(recorded.error());
        lines.push_back(evidence_of(r, *recorded));
    }
    return lines;
}

Result<evidence::Contents> contents_for(Session& session, const ledger::Verification& verified,
                                        const Period& period) {
    const auto& events = verified.events;
    const auto [first, last] = within(events, period);
    evidence::Contents contents{.ledger = verified.ledger_id,
                                .by = session.person(),
                                .from = period.from,
                                .to = period.to,
                                .made = session.clock.now()};
    if (!events.empty()) contents.ledger_head = head_of(events.back());
    if (first >= last) {
        // Nothing happened; its place in the chain is the end.
        if (!events.empty()) contents.before = contents.ledger_head;
        return contents;
    }
    if (first > 0) contents.before = head_of(events[first - 1]);
    for (auto i = first; i < last; ++i) contents.events.push_back(line_of(events[i]));
    auto summary = summary_of(session, events, first, last);
    if (!summary) return std::unexpected(summary.error());
    contents.summary = std::move(*summary);
    return contents;
}

// The text itself, or what a file of that name holds.
std::string text_or_file(const std::string& given) {
    std::error_code none;
    if (!std::filesystem::is_regular_file(given, none)) return given;
    std::ifstream file(given, std::ios::binary);
    std::string text(1 << 20, '\0');
    file.read(text.data(), std::streamsize(text.size()));
    text.resize(std::size_t(file.gcount()));
    return text;
}

Result<std::string> read_bundle(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    std::ifstream file(path, std::ios::binary);
    if (error || !file)
        return usage_error("the bundle " + path + " cannot be read",
                           "name a file of 'keytide evidence export'");
    if (size > largest_bundle)
        return usage_error("the bundle " + path + " is larger than 256 MiB", "verify a shorter time");
    return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string facts(const evidence::Verification& v) {
    auto text = fmt::format(
        "the evidence is sound: {} event{} of {} rotation{}, from {} to {}, of ledger {}, made {} by {}",
        v.events, v.events == 1 ? "" : "s", v.rotations, v.rotations == 1 ? "" : "s", v.from, v.to, v.ledger,
        v.made, v.by);
    for (const auto& line : v.summary) text += "\n" + line;
    return text;
}

}  // namespace

Report export_evidence(const EvidenceExport& asked, Session& session) {
    if (session.everywhere.output == Output::json)
        return failure({ErrorKind::usage, "a bundle is one JSON object a line, and not one object",
                        "run it without --output json"});
    Period period{Instant{}, Instant::max()};
    if (asked.from) {
        const auto from = time_given("--from", *asked.from);
        if (!from) return failure(from.error());
        period.from = *from;
    }
    if (asked.to) {
        const auto to = time_given("--to", *asked.to);
        if (!to) return failure(to.error());
        period.to = *to;
    }
    if (period.from >= period.to)
        return failure({ErrorKind::usage, "--from is not before --to", "the end itself is not of the time"});

    const auto verified = sound_ledger(session);
    if (!verified) return verified.error();
    // Events have AWS's time, which may be ahead of ours.
    if (!asked.to) period.to = std::max(session.clock.now(), end_of(verified->events));
    const auto key = signing_key(session);
    if (!key) return failure(key.error());
    const auto contents = contents_for(session, *verified, period);
    if (!contents) return failure(contents.error());
    Report report{.text = evidence::to_bundle(*contents, *key)};
    report.notices.push_back(
        {"note",
         fmt::format("{} events, signed; public key {}", contents->events.size(), key->public_key().base64()),
         {"give the public key to whoever is to verify it, once and by another way"}});
    return report;
}

Report evidence_public_key(Session& session) {
    if (session.everywhere.output == Output::json)
        return failure(
            {ErrorKind::usage, "the public key is one line of text", "run it without --output json"});
    const auto key = signing_key(session);
    if (!key) return failure(key.error());
    return {.text = key->public_key().base64()};
}

Report verify_evidence(const EvidenceVerify& asked, Session&) {
    const auto key = evidence::PublicKey::from_base64(text_or_file(asked.public_key));
    if (!key) return failure(key.error());
    std::optional<ledger::Head> anchor;
    if (asked.anchor) {
        const auto read = evidence::read_anchor(text_or_file(*asked.anchor));
        if (!read) return failure(read.error());
        anchor = *read;
    }
    const auto bundle = read_bundle(asked.file);
    if (!bundle) return failure(bundle.error());
    auto verified = evidence::verify(*bundle, *key, anchor);
    Report report{.text = facts(verified)};
    if (!verified.findings.empty()) {
        report = {.exit_code = exit_code::findings,
                  .error = Error{ErrorKind::failed, "the evidence is not what was signed",
                                 "ask for it again, and keep this one"}};
        for (const auto& finding : verified.findings)
            report.text += (report.text.empty() ? "" : "\n") + finding;
    }
    report.evidence = std::move(verified);
    return report;
}

}  // namespace keytide::cli
