#include "cli/rehearsal_stage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/exit_code.hpp"
#include "cli/policy_text.hpp"
#include "cli/rotations.hpp"
#include "cli/wiring.hpp"
#include "cli/words.hpp"
#include "destinations/destination_uri.hpp"
#include "lab/randomness.hpp"
#include "rotation/evolve.hpp"
#include "rotation/explain.hpp"
#include "rotation/permission.hpp"

namespace keytide::cli {

using namespace rotation;
using credentials::KeySource;

namespace {

constexpr auto allow_everything =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})";
constexpr int most_turns = 1000;  // a rotation that parks for ever is not rehearsed to its end
constexpr Duration shortest_turn = std::chrono::minutes(1);  // whoever looks again does so after that long

AccessKey with_made_up_secret(const AccessKeyId& id, Session& session) {
    return {id, lab::draw_secret(randomness_of(session.entropy)), Secret()};
}

// Of a user whose policies nobody may read.
std::string least_policy(const std::string& user_name) {
    PolicyText policy{.user_name = user_name};
    for (const auto& p : permissions())
        if (p.needed_by(Role::user) == Need::required) policy.needed.push_back(&p);
    return policy.in(PolicyFormat::json);
}

std::string region_of(const Request& request) {
    return request.connection.region.empty() ? "us-east-1" : request.connection.region;
}

// With more room than a new account has: what is copied had it.
constexpr lab::Quotas roomy{.users = 1'000'000, .groups = 1'000'000, .roles = 1000, .policies = 1'000'000};

// The user whose key signs, made up where it is none that was copied.
struct Cast {
    AuthorizationDetails details;
    std::string signer;
};

Cast cast_of(const Original& original) {
    const auto& request = original.prospect.request;
    Cast cast{original.copy.details, request.user_name};
    if (!original.copy.has_policies)
        for (auto& user : cast.details.users)
            if (user.name == request.user_name)
                user.inline_policies.push_back({"least", least_policy(request.user_name)});
    if (request.self) return cast;
    if (original.has_administrator()) {
        cast.signer = *request.administrator.user_name();
    } else {
        cast.signer = "keytide-rehearsal-administrator";
        cast.details.users.push_back(
            {.name = cast.signer, .path = "/", .inline_policies = {{"everything", allow_everything}}});
    }
    return cast;
}

// `by` does not hold `what`.
std::string replaced(std::string text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what))
        text.replace(at, what.size(), by);
    return text;
}

std::string in_seconds(Duration time) {
    return keytide::to_text(std::chrono::duration_cast<std::chrono::seconds>(time));
}

std::string one_line(const Report& report) {
    const auto& r = report.rotations->front();
    switch (report.exit_code) {
        case exit_code::done: return report.text;
        case exit_code::needs_person: return "waits for a person; " + report.keys;
        case exit_code::rolled_back: return "rolled back: " + r.going_back;
        default: return standing(r) + (report.error ? ": " + report.error->message : "");
    }
}

}  // namespace

bool Original::has_administrator() const {
    const auto name = prospect.request.administrator.user_name();
    return copy.has_policies && name &&
           std::ranges::find(copy.details.users, *name, &AuthorizationDetails::User::name) !=
               copy.details.users.end();
}

RehearsalStage::RehearsalStage(const Original& original, Session& real)
    : original_(original),
      real_(real),
      clock_(real.clock),
      old_key_(with_made_up_secret(*original.prospect.request.old_key, real)),
      administrator_(with_made_up_secret(original.prospect.source.key.id, real)) {}

Result<std::unique_ptr<RehearsalStage>> RehearsalStage::set(const Original& original,
                                                            const Misfortune& misfortune, Session& real) {
    std::unique_ptr<RehearsalStage> stage(new RehearsalStage(original, real));
    if (stage->folder_.path().empty())
        return failed("no temporary folder could be made", "set TMPDIR to a place that can be written");
    if (const auto ok = stage->open(misfortune); !ok) return std::unexpected(ok.error());
    if (const auto ok = stage->fill_places(); !ok) return std::unexpected(ok.error());
    return stage;
}

Result<void> RehearsalStage::open(const Misfortune& misfortune) {
    const auto& request = original_.prospect.request;
    const auto now = clock_.now();
    lab::Lab aws({.account_ids = {request.user.account},
                  .region = region_of(request),
                  .created = now,
                  .quotas = roomy},
                 randomness_of(real_.entropy));
    auto cast = cast_of(original_);
    std::vector<lab::Lab::AdoptedKey> keys;
    for (const auto& key : original_.keys)
        keys.push_back({request.user_name,
                        key.id == old_key_.id ? old_key_.clone() : with_made_up_secret(key.id, real_),
                        key.status, key.created.value_or(now)});
    if (!request.self) keys.push_back({cast.signer, administrator_.clone(), KeyStatus::active, now});
    if (const auto ok = aws.adopt(cast.details, std::move(keys), now); !ok)
        return failed("the account cannot be set up in a lab: " + ok.error().message,
                      "nothing was changed; 'keytide lab' and docs/lab.md tell what it knows of AWS");

    auto embedded = EmbeddedLab::open(std::move(aws), {.propagation = misfortune.propagation}, clock_);
    if (!embedded) return std::unexpected(embedded.error());
    lab_ = std::move(*embedded);
    for (const auto& rule : misfortune.rules) lab_->rehearsal().faults().add(rule);
    lab_->serve();

    std::map<std::string, std::string, std::less<>> variables{
        {"HOME", folder_.path()},
        {"AWS_CONFIG_FILE", folder_.path() / "config"},
        {"AWS_SHARED_CREDENTIALS_FILE", folder_.path() / "credentials"},
        {"AWS_ENDPOINT_URL", lab_->endpoint()},
        {"AWS_REGION", region_of(request)}};
    if (request.self && original_.prospect.source.origin == KeySource::Origin::environment) {
        variables.emplace("AWS_ACCESS_KEY_ID", old_key_.id.text());
        variables.emplace("AWS_SECRET_ACCESS_KEY", old_key_.secret.reveal());
    }
    own_.reset(new Session{.everywhere = {.debug = real_.everywhere.debug},
                           .terminal = real_.everywhere.debug ? real_.terminal : Terminal::nobody(),
                           .environment = credentials::fixed_environment(std::move(variables)),
                           .clock = clock_});
    return {};
}

Connection RehearsalStage::connection() const {
    const auto endpoint = lab_->endpoint();
    return {.region = region_of(original_.prospect.request),
            .iam_endpoint = endpoint,
            .sts_endpoint = endpoint,
            .s3_endpoint = endpoint};
}

std::string RehearsalStage::credentials_place() const {
    return destinations::profile_uri("credentials-file", folder_.path() / "credentials", "default");
}

// Where the key came from decides where it goes back (new_rotation.cpp).
bool RehearsalStage::is_first_place_the_source() const {
    const auto& [request, source] = original_.prospect;
    return request.self && source.origin != KeySource::Origin::environment;
}

std::string RehearsalStage::place(std::size_t index) const {
    if (is_first_place_the_source() && index == 0) return credentials_place();
    return fmt::format("env-file:{}?format=dotenv",
                       (folder_.path() / ("place-" + std::to_string(index + 1))).string());
}

// Each place holds the old key, and the signer's file that of the signer.
Result<void> RehearsalStage::fill_places() {
    const auto& request = original_.prospect.request;
    for (const auto& uri : request.destinations) {
        if (is_notice(uri)) continue;
        const auto stand_in = canonical_destination(*own_, place(places_.size()));
        if (!stand_in) return std::unexpected(stand_in.error());
        places_.emplace_back(uri, *stand_in);
    }
    std::vector<std::string> uris;
    for (const auto& [real, stand_in] : places_) uris.push_back(stand_in);
    if (!request.self) uris.push_back(credentials_place());
    const auto wiring = Wiring::open(*own_, connection(), {}, uris);
    if (!wiring) return std::unexpected(wiring.error());
    auto& destinations = (*wiring)->doors().destinations;
    for (std::size_t i = 0; i < destinations.size(); ++i)
        if (!std::holds_alternative<ports::DeliverDone>(
                destinations[i]->deliver(i < places_.size() ? old_key_ : administrator_, {})))
            return failed("no file could be written in " + folder_.path().string(),
                          "set TMPDIR to a place that can be written");
    return {};
}

Wish RehearsalStage::wish() const {
    auto wish = original_.wish;
    auto& key = wish.new_key;
    const auto& numbers = original_.prospect.request.numbers;
    key.deliver.clear();
    for (std::size_t i = is_first_place_the_source() ? 1 : 0; i < places_.size(); ++i)
        key.deliver.push_back(places_[i].second);
    key.on_delivered.clear();
    std::erase_if(key.probes, [](const std::string& probe) { return probe.starts_with("exec:"); });
    // Beside a lab on loopback other numbers would hold.
    key.verify_spread = numbers.spread;
    key.set.insert(key.set.begin(),
                   fmt::format("in_flight={}s",
                               std::chrono::duration_cast<std::chrono::seconds>(numbers.in_flight).count()));
    key.serial_number = "";
    key.token_code.reset();
    key.dry_run = false;
    key.yes = true;
    wish.access_key_id = old_key_.id.text();
    wish.all_profiles = false;
    return wish;
}

// As a program does that reads its key where it is delivered.
void RehearsalStage::use_the_key() {
    if (places_.empty()) return;
    const std::vector<std::string> probe{"s3:list-buckets"}, uri{places_.front().second};
    const auto wiring = Wiring::open(*own_, connection(), probe, uri);
    if (!wiring) return;
    auto& doors = (*wiring)->doors();
    if (const auto held = doors.destinations.front()->read(); held && *held)
        doors.probes.front()->attempt(**held);
}

Report RehearsalStage::play() {
    auto report = begin_rotation(wish(), *own_);
    for (int turn = 0; turn < most_turns && report.exit_code == exit_code::parked; ++turn) {
        if (!report.rotations || clock_.interrupted()) break;
        const auto& r = report.rotations->front();
        const auto until = r.parked ? r.parked->until - clock_.now() : shortest_turn;
        clock_.sleep(std::max(until, shortest_turn));
        use_the_key();
        report = resume_rotation(*own_, r);
    }
    return report;
}

std::vector<std::string> RehearsalStage::timeline(const Rotation& r) {
    std::vector<std::string> lines;
    const auto ledger = open_ledger_if_any(*own_);
    if (!ledger || !*ledger) return lines;
    const auto events = (*ledger)->events(r.id);
    if (!events) return lines;
    std::optional<Rotation> so_far;
    for (const auto& recorded : *events) {
        if (!so_far) {
            auto begun = rotation::begin(r.id, recorded.event);
            if (!begun) return lines;
            so_far = std::move(*begun);
        } else if (!evolve(*so_far, recorded.event)) {
            return lines;
        }
        if (const auto line = headline(*so_far, recorded.event); !line.empty())
            lines.push_back(fmt::format("{:>10}  {}", "+" + in_seconds(time_of(recorded.event) - r.started),
                                        with_real_places(line)));
    }
    return lines;
}

std::string RehearsalStage::with_real_places(std::string line) const {
    for (const auto& [real, stand_in] : places_) line = replaced(std::move(line), stand_in, real);
    return line;
}

Scene RehearsalStage::perform(const Misfortune& misfortune) {
    const auto report = play();
    Scene scene{.name = misfortune.name, .what = misfortune.what, .exit_code = report.exit_code};
    if (!report.rotations) {
        scene.outcome = "does not begin: " + with_real_places(report.error ? report.error->message : "");
        return scene;
    }
    const auto& r = report.rotations->front();
    scene.outcome = with_real_places(one_line(report));
    scene.took = std::chrono::duration_cast<std::chrono::seconds>(r.changed - r.started);
    scene.timeline = timeline(r);
    scene.skipped = r.request.consent.skipped;
    if (const auto question = question_of(r)) {
        scene.question = replaced(with_real_places(question->text), r.id, "ID");
        for (const auto& answer : question->answers)
            scene.answers.push_back(replaced(with_real_places(answer), r.id, "ID"));
    }
    return scene;
}

}  // namespace keytide::cli
