"""The faults: the rule that is broken, the file, what stands there, and what is planted instead. A fifth column names the
test program that is to find it where the explorer and the simulator's tests cannot see it."""

MUTANTS = [
    # the creation
    ("a lost creation can still land", "rotation/decide_creation.cpp", "if (now < live) return wait(", "if (false) return wait("),
    ("look before settling a lost creation", "rotation/decide_creation.cpp", "if (r.create->looks == 0) return look(r, now);", ""),
    ("elimination is no proof", "rotation/decide_creation.cpp", "if (!r.request.sole_writer || ", "if ("),
    ("a lost creation may have left a key", "rotation/evolve.cpp", "if (!e.seen) r_.maybe_orphan = true;", ""),
    ("unanswered creations park", "rotation/decide_creation.cpp", "if (r.evidence.unanswered >= r.request.numbers.steady)", "if (false)"),
    ("the only key that works is never deleted", "rotation/decide_creation.cpp", "if (auto evidence = take_evidence(r, now)) return *evidence;", ""),
    ("a given-up key must be inactive", "rotation/decide_creation.cpp", "if (listed->status != KeyStatus::inactive)", "if (false)"),
    # verifying
    ("one success is not steady", "rotation/steady.cpp", "streak.length >= n.steady", "streak.length >= 1"),
    ("a refusal starts the streak anew", "rotation/evolve.cpp", "        streak = {};\n", ""),
    ("the user is known by the UserId", "rotation/explain.cpp", "user.user_id == identity.user_id", "user.arn == identity.arn"),
    ("a key of another user goes back", "rotation/decide_delivery.cpp", 'if (problem->code == "WrongUser")', "if (false)"),
    ("no answer is no refusal", "rotation/decide_delivery.cpp", 'if (problem->code == "?")', "if (false)"),
    # delivering
    ("the old value is sealed before it is overwritten", "rotation/decide_delivery.cpp", "if (!d.old_value_sealed && !d.attempted) return SealOldValue{i};", ""),
    ("a destination that refuses for good is a question", "rotation/decide_delivery.cpp", "if (d.failures >= r.request.numbers.steady)", "if (false)"),
    ("a delivery is read back", "orchestrator/orchestrator.cpp", "if (!*held || !(*held)->same_as(**next)) {", "if (false) {"),
    ("a stranger's key is not overwritten", "rotation/explain.cpp", "if (held && *held != old_key && (!r.new_key || *held != *r.new_key))", "if (false)"),
    # retiring
    ("the grace time is waited for", "rotation/decide_retirement.cpp", "if (now < gate) return wait(now, gate, \"the grace time", "if (false) return wait(now, gate, \"the grace time"),
    ("a gate is passed in AWS's time", "rotation/decide_retirement.cpp", "    if (auto evidence = take_evidence(r, now)) return *evidence;\n    return Conclude{std::move(passed)};", "    return Conclude{std::move(passed)};"),
    ("the old key outlives what was handed out", "rotation/decide_retirement.cpp", "        if (auto later = outlive_what_was_handed_out(r, now)) return *later;", "        ;"),
    ("what was handed out is asked for", "rotation/decide_retirement.cpp", "if (!seen) return AskHandOuts{};", "if (!seen) return std::nullopt;"),
    ("programs go by this machine's clock", "orchestrator/orchestrator.cpp", "if (seen.until) *seen.until += std::max(Duration{0}, doors_.clock.skew());", ""),
    ("the quiet gate", "rotation/decide_retirement.cpp", "if (n.quiet > Duration{0} && ", "if (false && "),
    ("no record proves no quiet", "rotation/quiet.cpp", "return seen.old_key.at &&", "return !seen.old_key.at ||"),
    ("last-used data lags", "rotation/quiet.cpp", " + n.last_use_step + n.last_use_lag", ""),
    ("our own probes are use", "rotation/quiet.cpp", "if (!is_called_by_us(r, seen.new_key.service)) return true;", "return true;"),
    ("fresh evidence before each deletion", "rotation/decide.cpp", "if (r.evidence.taken && now - *r.evidence.taken < r.request.numbers.evidence_life) return std::nullopt;", "return std::nullopt;"),
    ("evidence looks at the destinations", "orchestrator/orchestrator.cpp", "if (!explains(*rotation_, inspected)) return record(inspected);", ""),
    ("evidence asks whether the new key works", "orchestrator/orchestrator.cpp", 'if (who.done() == nullptr) return missing(seen.at, "sts:GetCallerIdentity", who);', ""),
    ("deactivated before deleted", "rotation/table.cpp", "forward && r.request.may_deactivate && r.old_key_active", "false"),
    ("the soak time is waited for", "rotation/decide_retirement.cpp", "const auto gate = *r.soak_began + r.request.numbers.soak;", "const auto gate = *r.soak_began;"),
    ("somebody needs the old key again", "rotation/explain.cpp", "if (old_key && !r.old_key_active && !r.back && is(*old_key, KeyStatus::active))", "if (false)"),
    ("the new key signs the deletion of the old", "rotation/explain.cpp", "default: return r.back ? Signer::old_key : Signer::new_key;", "default: return Signer::old_key;"),
    ("a deletion without an answer parks in the end", "rotation/evolve.cpp", "void operator()(const DeleteUnanswered& e) { note(r_.evidence.change_problem", "void operator()(const DeleteUnanswered& e) { note(r_.evidence.problem"),
    ("NoSuchEntity is not believed at once", "rotation/decide.cpp", " || !is_steady(r.evidence.gone, r.request.numbers)", ""),
    ("the old key must be refused in the end", "rotation/decide_retirement.cpp", "if (!next) return Conclude{rejected(r, now, r.evidence.rejected_with)};", "return Conclude{rejected(r, now, r.evidence.rejected_with)};"),
    # going back
    ("no way back after DeleteIntended", "rotation/table.cpp", "!r.back && !r.delete_intended &&", "!r.back &&"),
    ("a compromised key is never activated again", "rotation/table.cpp", "!(r.request.compromised && !r.old_key_active)", "true"),
    ("a deactivation can still land", "rotation/decide_retirement.cpp", "if (now < lands)", "if (false)"),
    ("the way back delivers the old key", "rotation/evolve.cpp", "for (auto& d : r_.deliveries) d.delivered = !d.attempted;", ""),
    ("the way back ends with the new key's deletion", "rotation/table.cpp", '{overlap, "OverlapEnded", retire, When::deleting}', '{overlap, "OverlapEnded", confirm, When::deleting}'),
    # MFA
    ("where MFA is asked for, only a session signs", "orchestrator/orchestrator.cpp", "if (const auto* session = doors_.mfa_sessions->of((*own)->id)) return session;", "return own;"),
    ("a session that AWS calls ended is let go", "orchestrator/orchestrator.cpp", "doors_.mfa_sessions->forget((*own)->id);", ";"),
    ("evidence is taken after the code was given", "orchestrator/orchestrator.cpp", "    if (auto ok = record(*answered); !ok) return std::unexpected(ok.error());\n    return false;", "    if (auto ok = record(*answered); !ok) return std::unexpected(ok.error());\n    return answered->code.empty();"),
    ("without a code a rotation parks", "rotation/decide.cpp", 'if (problem && problem->code == "NoCode")', "if (false)"),
    ("a code that AWS did not judge is kept", "orchestrator/mfa_sessions.cpp", "if (code.empty()) {\n", "if (true) {\n"),
    # lost secrets
    ("a new key whose secret is lost goes back", "rotation/decide_lost_secret.cpp", "    if (key == Which::new_key && may_go_back && holds(r, When::unwritten))", "    if (false)"),
    ("a new key that may have been written does not go", "rotation/decide_lost_secret.cpp", " && may_go_back && holds(r, When::unwritten))", " && may_go_back)"),
    ("a lost secret is looked for where it was delivered", "orchestrator/orchestrator.cpp", "if (!found && found.error().kind == ErrorKind::lost)", "if (false)"),
    # the orchestrator
    ("a compromised key goes first", "rotation/table.cpp", '{verify, "NewKeyAccepted", deactivate, When::compromised}', '{verify, "NewKeyAccepted", deliver, When::compromised}'),
    ("a key that cannot be recorded is deleted again", "orchestrator/orchestrator.cpp", "if (!ok) return std::unexpected(undo_unrecorded(created->key, ok.error()));", "if (!ok) return std::unexpected(ok.error());"),
    ("resuming looks before it acts", "rotation/evolve.cpp", "r_.inspected = false;", ""),
    ("an intent is recorded before its call", "orchestrator/orchestrator.cpp", "if (auto ok = record(CreateIntended{intended, nonce, doors_.processes.self(), keys}); !ok) return ok;", ""),
    # one for each invariant alone
    ("evidence shows that the new key works", "orchestrator/orchestrator.cpp", 'if (who.done() == nullptr) return missing(seen.at, "sts:GetCallerIdentity", who);', "if (who.done() == nullptr) return seen;"),
    ("the new key is accepted before it is delivered", "rotation/decide_delivery.cpp", "if (!next) return Conclude{NewKeyAccepted{", "if (!r.back) return Conclude{NewKeyAccepted{"),
    ("a creation is waited for as long as it can land", "rotation/explain.cpp", "return std::min(full_window, *r.create->closed + n.in_flight);", "return r.create->intent.at;"),
    ("a place is written by compare and set", "orchestrator/orchestrator.cpp", "    std::vector replaceable{*rotation_->new_key};\n", "    std::vector replaceable{*rotation_->new_key};\n    if (const auto now = destination.read(); now && *now) replaceable.push_back((*now)->id);\n"),
    ("secrets are wiped after going back", "rotation/event.cpp", "std::holds_alternative<RolledBack>(event) ||", "false ||"),
    ("whoever was overtaken stops", "orchestrator/orchestrator.cpp", "        if (!appended) return std::unexpected(appended.error());\n        sequence_ = *appended;\n    }\n    *rotation_", "        if (!appended && appended.error().kind != ErrorKind::busy) return std::unexpected(appended.error());\n        if (appended) sequence_ = *appended;\n    }\n    *rotation_"),
    ("a place is written only by who recorded it", "orchestrator/orchestrator.cpp", "if (auto ok = record(DeliverIntended{doors_.clock.now(), uri}); !ok) return ok;", "if (auto ok = record(DeliverIntended{doors_.clock.now(), uri}); !ok && ok.error().kind != ErrorKind::busy) return ok;"),
    ("a key that a stranger made is not deleted", "rotation/decide_creation.cpp", "if (!r.request.sole_writer || strangers.size() != 1", "if (strangers.size() != 1"),
]
