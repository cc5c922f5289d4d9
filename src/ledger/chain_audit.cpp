#include "ledger/chain_audit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace keytide::ledger {
namespace {

constexpr auto changed_somehow = "was changed, or slipped in";

std::optional<Link> as_link(std::string_view bytes) {
    Link link{};
    if (bytes.size() != link.size()) return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), link.begin());
    return link;
}

std::string events(std::uint64_t first, std::uint64_t last, std::string_view one, std::string_view many) {
    return first == last ? fmt::format("event {} {}", first, one)
                         : fmt::format("events {} to {} {}", first, last, many);
}

}  // namespace

ChainAudit::ChainAudit(const RekeyedChain& chain, const StoredEvents& stored,
                       const std::optional<Head>& anchored)
    : chain_(chain), stored_(stored), anchored_(anchored) {
    const StoredEvent* before = nullptr;
    for (const auto& event : stored_.events) {
        const auto link = before != nullptr && before->position == event.position - 1 ? as_link(before->link)
                                                                                      : std::nullopt;
        if (!link || next(*link, std::uint64_t(event.position), event) != as_link(event.link))
            suspects_.insert(&event);
        before = &event;
    }
}

bool ChainAudit::any_fits() const {
    return suspects_.size() < stored_.events.size();
}

std::vector<Finding> ChainAudit::findings(const std::optional<Link>& origin) {
    before_ = {origin, origin};
    hold_against_anchor(0);
    std::uint64_t position = 1;
    for (auto event = stored_.events.begin(); event != stored_.events.end();) {
        if (placed_.contains(&*event)) {
            ++event;
        } else if (event->position < 1) {
            displaced_.push_back(&*event++);
        } else if (std::uint64_t(event->position) == position) {
            look_at(position++, *event++);
        } else if (const auto* other = misplaced(position)) {
            look_at(position++, *other);
        } else {
            gap(position, std::uint64_t(event->position) - 1);
            position = std::uint64_t(event->position);
        }
    }
    while (const auto* other = misplaced(position)) look_at(position++, *other);
    for (const auto* event : displaced_)
        if (!placed_.contains(event))
            findings_.push_back({fmt::format("an event was slipped in at place {}", event->position), 0,
                                 event->rotation, std::uint64_t(event->sequence)});
    if (anchored_ && anchored_->count >= position)
        findings_.push_back(
            {events(position, anchored_->count, "is", "are") +
                 (stored_.trouble.empty()
                      ? " missing at the end: the ledger is older than its anchor, as a restored backup is"
                      : " missing at the end, or cannot be read"),
             position});
    merge_runs();
    return std::move(findings_);
}

Link ChainAudit::next(const Link& before, std::uint64_t position, const StoredEvent& event) const {
    return chain_.next(before, position, event.rotation, std::uint64_t(event.sequence), event.json);
}

ChainAudit::Fit ChainAudit::fit(std::uint64_t position, const StoredEvent& event) const {
    const auto link = as_link(event.link);
    if (!link) return Fit::none;
    if (before_.stored && next(*before_.stored, position, event) == link) return Fit::stored;
    if (before_.computed && next(*before_.computed, position, event) == link) return Fit::computed;
    return Fit::none;
}

const StoredEvent* ChainAudit::misplaced(std::uint64_t position) const {
    // A ledger that is nothing but suspects is not searched for each of them.
    if (suspects_.size() > 2000) return nullptr;
    for (const auto* event : suspects_)
        if (event->position != std::int64_t(position) && !placed_.contains(event) &&
            fit(position, *event) != Fit::none)
            return event;
    return nullptr;
}

void ChainAudit::gap(std::uint64_t first, std::uint64_t last) {
    doubted_.reset();
    const auto what = stored_.trouble.empty() ? events(first, last, "was removed", "were removed")
                                              : events(first, last, "cannot be read", "cannot be read");
    findings_.push_back({fmt::format("{}; event {} cannot be checked without {}", what, last + 1,
                                     first == last ? "it" : "them"),
                         first});
    before_ = {};
    if (const auto* promised = chain_.promised(last)) before_.stored = *promised;
    if (anchored_ && anchored_->count == last) before_.stored = anchored_->link;
}

void ChainAudit::look_at(std::uint64_t position, const StoredEvent& event) {
    const bool nothing_known = !before_.stored && !before_.computed;
    const auto fits = nothing_known ? Fit::stored : fit(position, event);
    if (fits != Fit::none) {
        judge_the_one_before(fits);
        if (event.position != std::int64_t(position))
            findings_.push_back({fmt::format("event {} was moved to place {}", position, event.position),
                                 position, event.rotation, std::uint64_t(event.sequence)});
        placed_.insert(&event);
        accept(position, event);
    } else if (const auto* other = misplaced(position)) {
        displaced_.push_back(&event);
        return look_at(position, *other);
    } else {
        changed(position, event);
    }
    hold_against_anchor(position);
}

// The event before was changed in its text or in its link: this one tells which.
void ChainAudit::judge_the_one_before(Fit fit) {
    if (doubted_) {
        auto& what = findings_[*doubted_].what;
        const auto place = what.rfind(changed_somehow);
        if (place != std::string::npos)
            what.replace(place, std::string::npos,
                         fit == Fit::stored ? "was changed: it is not what its chain hash was made of"
                                            : "has a changed chain hash");
    }
    doubted_.reset();
}

void ChainAudit::accept(std::uint64_t position, const StoredEvent& event) {
    auto& last = last_[event.rotation];
    if (event.sequence > last + 1) {
        const auto first = std::uint64_t(last + 1), until = std::uint64_t(event.sequence - 1);
        findings_.push_back({fmt::format("of rotation {}, {}", event.rotation,
                                         events(first, until, "is missing", "are missing")),
                             position, event.rotation, first});
    }
    last = std::max(last, event.sequence);
    before_ = {as_link(event.link), std::nullopt};
}

void ChainAudit::changed(std::uint64_t position, const StoredEvent& event) {
    doubted_.reset();
    auto field = changed_field(position, event);
    const bool told = field.has_value();
    findings_.push_back(told ? std::move(*field)
                             : Finding{fmt::format("event {} {}", position, changed_somehow), position,
                                       event.rotation, std::uint64_t(event.sequence)});
    auto& last = last_[findings_.back().rotation];
    last = std::max(last, std::int64_t(findings_.back().sequence));
    const auto from = before_.stored ? before_.stored : before_.computed;
    before_ = {as_link(event.link), told ? std::nullopt : std::optional(next(*from, position, event))};
    if (!told) doubted_ = findings_.size() - 1;
}

// A number or a rotation that does fit in this place.
std::optional<Finding> ChainAudit::changed_field(std::uint64_t position, const StoredEvent& event) const {
    const auto known = last_.find(event.rotation);
    auto was = event;
    was.sequence = known == last_.end() ? 1 : known->second + 1;
    if (fit(position, was) != Fit::none)
        return Finding{fmt::format("event {} had its number changed from {} to {}", position, was.sequence,
                                   event.sequence),
                       position, was.rotation, std::uint64_t(was.sequence)};
    was.sequence = event.sequence;
    for (const auto& [rotation, last] : last_) {
        was.rotation = rotation;
        if (fit(position, was) != Fit::none)
            return Finding{fmt::format("event {} had its rotation changed from {} to {}", position, rotation,
                                       event.rotation),
                           position, rotation, std::uint64_t(event.sequence)};
    }
    return std::nullopt;
}

// Two places outside of the events know what the chain was: the anchor, and each change of the sealing key.
void ChainAudit::hold_against_anchor(std::uint64_t position) {
    const auto disagrees = [&](const Link& link) {
        const bool known = before_.stored || before_.computed;
        return known && before_.stored != link && before_.computed != link;
    };
    const auto settle = [&](const Link& link) {
        if (before_.stored == link) judge_the_one_before(Fit::stored);
        if (before_.computed == link) judge_the_one_before(Fit::computed);
    };
    if (anchored_ && anchored_->count == position) {
        if (disagrees(anchored_->link))
            findings_.push_back(
                {fmt::format("the ledger and its anchor tell different histories up to event {}", position),
                 position});
        else
            settle(anchored_->link);
    }
    if (const auto* promised = chain_.promised(position)) {
        if (disagrees(*promised))
            findings_.push_back({fmt::format("the history up to event {} is not the one of the day when the "
                                             "sealing key was changed",
                                             position),
                                 position});
        else
            settle(*promised);
    }
}

// Many in a row are one finding.
void ChainAudit::merge_runs() {
    const auto is_run = [](const Finding& finding) { return finding.what.ends_with(changed_somehow); };
    std::vector<Finding> merged;
    for (auto first = findings_.begin(); first != findings_.end();) {
        auto last = first;
        while (is_run(*first) && std::next(last) != findings_.end() && is_run(*std::next(last)) &&
               std::next(last)->position == last->position + 1)
            ++last;
        if (last - first > 2)
            merged.push_back(
                {fmt::format("events {} to {} were changed, or slipped in", first->position, last->position),
                 first->position});
        else
            merged.insert(merged.end(), first, std::next(last));
        first = std::next(last);
    }
    findings_ = std::move(merged);
}

}  // namespace keytide::ledger
