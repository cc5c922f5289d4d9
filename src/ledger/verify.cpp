#include "ledger/verify.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/event_json.hpp"
#include "ledger/ledger_file.hpp"
#include "ledger/private_file.hpp"

namespace keytide::ledger {
namespace {

// A ledger whose file does not even tell its name.
Result<Verification> unreadable(const Error& error) {
    if (error.kind == ErrorKind::busy) return std::unexpected(error);
    Verification result;
    result.findings.push_back({error.message});
    return result;
}

// What SQLite finds wrong with its own structures.
void check_structure(Database& database, std::vector<Finding>& findings) {
    const auto found = single(database, "PRAGMA integrity_check(1)");
    if (!found)
        findings.push_back({found.error().message});
    else if (*found != "ok")
        findings.push_back({"the file is damaged: " + found->substr(0, found->find('\n', 16))});
}

bool has_ended(const std::vector<StoredEvent>& events, const std::string& rotation) {
    const auto last = std::find_if(events.rbegin(), events.rend(),
                                   [&](const StoredEvent& event) { return event.rotation == rotation; });
    if (last == events.rend()) return false;
    const auto event = event_from_json(last->json);
    return event && is_end(*event);
}

void check_sealed(Database& database, const Sealing& sealing, Verification& result) {
    const auto all = read_sealed(database);
    if (!all) {
        result.findings.push_back({all.error().message});
        return;
    }
    result.sealed_values = all->size();
    for (const auto& row : *all) {
        const auto id = AccessKeyId::parse(row.access_key_id);
        if (!id || !sealing.unseal(row.rotation, *id, row.sealed))
            result.findings.push_back(
                {fmt::format("the sealed secret of {} cannot be opened", row.access_key_id), 0,
                 row.rotation});
        else if (has_ended(result.events, row.rotation))
            result.findings.push_back(
                {fmt::format("the sealed secret of {} should have been wiped when its rotation ended",
                             row.access_key_id),
                 0, row.rotation});
    }
}

std::size_t count_rotations(const std::vector<StoredEvent>& events) {
    std::set<std::string_view> rotations;
    for (const auto& event : events) rotations.insert(event.rotation);
    return rotations.size();
}

// What is given, when the ledger does not say that it is its own: it may have been changed there.
Result<Secret> key_on_trial(const SqliteLedger::Options& options) {
    if (options.given_key != nullptr) return options.given_key->key.clone();
    return load_sealing_key(options.sealing_key);
}

}  // namespace

Result<Verification> verify(const SqliteLedger::Options& options, ports::Entropy& entropy) {
    if (!SqliteLedger::exists(options))
        return failed("there is no ledger " + options.database.string() + " yet");
    auto lock = FolderLock::share(options.database.parent_path());
    if (!lock) return std::unexpected(lock.error());
    if (auto ok = check_private_file(options.database); !ok) return std::unexpected(ok.error());
    auto database = open_ledger_file(options.database, options.patience);
    if (!database) return unreadable(database.error());
    if (auto ok = database->run("PRAGMA query_only=ON"); !ok) return unreadable(ok.error());
    // One moment of the ledger, whoever writes meanwhile; its anchor first, since it is never ahead.
    const auto identity = read_identity(*database);
    if (!identity) return unreadable(identity.error());
    const Anchor anchor(options.anchors);
    const auto anchored = anchor.read(identity->id);
    if (auto ok = database->run("BEGIN"); !ok) return unreadable(ok.error());

    Verification result;
    result.ledger_id = identity->id;
    auto& findings = result.findings;
    if (const auto ok = check_ledger_file(*database, options.database); !ok)
        findings.push_back({ok.error().message});

    auto found = find_sealing_key({options.sealing_key, options.given_key}, *identity, options.database);
    const bool is_own = found.has_value();
    auto key = is_own ? Result<Secret>(std::move(found->key)) : key_on_trial(options);
    if (!key) return std::unexpected(found ? key.error() : found.error());
    auto chain = Chain::make(*key);
    if (!chain) return std::unexpected(chain.error());
    const auto sealing = Sealing::make(*key, entropy);
    if (!sealing) return std::unexpected(sealing.error());
    result.key = key_id(bytes_of(chain->origin(identity->id)));
    auto past = read_past_keys(*database, *sealing, identity->id);

    auto stored = read_stored_events(*database, anchored && *anchored ? (*anchored)->count : 0);
    const RekeyedChain rekeyed(std::move(*chain), past ? std::move(*past) : std::vector<PastKey>());
    const auto head = anchored ? *anchored : std::nullopt;
    ChainAudit audit(rekeyed, stored, head);
    if (!is_own && !audit.any_fits()) return std::unexpected(found.error());
    if (!is_own) findings.push_back({"what the ledger says of its own name or sealing key was changed"});
    if (!past) findings.push_back({past.error().message});
    if (!stored.trouble.empty()) findings.push_back({"not every event can be read: " + stored.trouble});
    for (auto& finding : audit.findings(is_own ? std::optional(rekeyed.origin(identity->id)) : std::nullopt))
        findings.push_back(std::move(finding));

    if (!anchored) findings.push_back({anchored.error().message});
    if (head) result.anchored = head->count;
    if (anchored && !head && !stored.events.empty())
        findings.push_back({fmt::format("there is no anchor {} to hold the ledger against",
                                        anchor.file(identity->id).string())});
    result.events = std::move(stored.events);
    result.rotations = count_rotations(result.events);
    check_sealed(*database, *sealing, result);
    check_structure(*database, findings);
    return result;
}

}  // namespace keytide::ledger
