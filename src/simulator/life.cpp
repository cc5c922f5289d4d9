#include "simulator/life.hpp"

#include <fmt/format.h>

#include <random>

#include "simulator/stage.hpp"

namespace keytide::simulator {
namespace {

constexpr int rotations_in_a_life = 3;
constexpr int processes_in_trouble = 12;  // of each rotation; then the faults stop, so that it can end

class Dice {
public:
    explicit Dice(std::uint32_t seed) : random_(seed) {}
    int up_to(int n) { return std::uniform_int_distribution(1, n)(random_); }
    bool one_in(int n) { return up_to(n) == 1; }
    template <std::size_t n>
    std::string one_of(const char* const (&words)[n]) {
        return words[up_to(int(n)) - 1];
    }

private:
    std::mt19937 random_;
};

struct Temper {
    bool outsiders = false;
};

Script circumstances(Dice& dice, Temper& temper) {
    Script script;
    const auto given = [&](std::string line) { script.givens.push_back(std::move(line)); };
    const auto maybe = [&](int n, const char* name, int most) {
        if (dice.one_in(n)) given(fmt::format("{} {}s", name, dice.up_to(most)));
    };
    temper.outsiders = dice.one_in(4);
    const bool may_list = dice.one_in(2), may_update = dice.one_in(2);
    if (may_list) given("bob may ListAccessKeys");
    if (may_update) given("bob may UpdateAccessKey");
    if (may_list && dice.one_in(4)) given("an administrator signs");
    if (may_update && dice.one_in(5)) given("OLD is compromised");
    if (!temper.outsiders && dice.one_in(3)) given("nobody else makes keys for bob");
    if (dice.one_in(2)) given("app is to hold the key too");
    if (dice.one_in(2)) given("a dead process is known to be dead");
    if (dice.one_in(6)) given("calls go through a proxy");
    given("in_flight 1m");
    maybe(3, "propagation", 12);
    if (dice.one_in(3)) given("spread 5s");
    maybe(3, "grace", 200);
    if (may_update) maybe(3, "soak", 200);
    for (int i = 0; i < rotations_in_a_life; ++i) script.steps.emplace_back("live");
    return script;
}

std::optional<std::string> before_a_call(Dice& dice, const std::string& operation) {
    if (!dice.one_in(6)) return std::nullopt;
    if (operation == "ListAccessKeys" && dice.one_in(4)) return "a stale replica answers";
    switch (dice.up_to(5)) {
        case 1: return "the answer is lost";
        case 2: return "the call is lost";
        case 3: return "it is not sent";
        case 4: return fmt::format("it lands {}s later", dice.up_to(59));
        default:
            return "AWS says " + dice.one_of({"Throttling", "InvalidClientTokenId", "ServiceFailure",
                                              "NoSuchEntity", "SignatureDoesNotMatch"});
    }
}

std::string an_outsiders_act(Dice& dice) {
    return dice.one_of({"somebody creates a key", "somebody deactivates NEW", "somebody activates OLD",
                        "somebody writes STRANGER into profile"});
}

std::optional<std::string> misfortune(Dice& dice, const Temper& temper, const Moment& moment) {
    using Kind = Moment::Kind;
    const bool place = moment.kind == Kind::touching || moment.kind == Kind::touched;
    if (moment.kind != Kind::process && dice.one_in(60)) return "the process dies";
    if (temper.outsiders && moment.kind == Kind::call && dice.one_in(80)) return an_outsiders_act(dice);
    if (place && dice.one_in(20))
        return fmt::format("{} refuses to be written {} times", moment.what.substr(0, moment.what.find(' ')),
                           dice.one_in(3) ? 3 : 1);
    switch (moment.kind) {
        case Kind::call:
            if (dice.one_in(300)) return "bob may not DeleteAccessKey";
            if (dice.one_in(300))
                return dice.one_of({"what is sealed of NEW is damaged", "what is sealed of OLD is damaged"});
            if (dice.one_in(200)) return fmt::format("the local clock jumps {}m ahead", dice.up_to(40));
            return before_a_call(dice, moment.what);
        case Kind::recording:
            if (dice.one_in(150)) return "the disk is full";
            break;
        case Kind::process:
            if (dice.one_in(12)) return "alice wants to go back";
            if (dice.one_in(3)) return fmt::format("{}s pass", dice.up_to(1200));
            break;
        default: break;
    }
    return std::nullopt;
}

Lived lived(Stage& stage, Script script) {
    if (const auto played = stage.play(script); !played)
        return {std::move(script), "the script cannot be played: " + played.error().message, 0, {}};
    return {std::move(script), stage.violation(), stage.rotations(), stage.happened()};
}

}  // namespace

Lived live(std::uint32_t seed) {
    Dice dice(seed);
    Temper temper;
    auto script = circumstances(dice, temper);
    Stage stage(Stage::Telling::silent);
    int rotation = 0, first_process = 0;
    stage.chance = [&](const Moment& moment) -> std::optional<std::string> {
        if (stage.rotations() != rotation) {
            rotation = stage.rotations();
            first_process = stage.processes();
        }
        if (stage.processes() - first_process >= processes_in_trouble) return std::nullopt;
        return misfortune(dice, temper, moment);
    };
    auto result = lived(stage, std::move(script));
    result.script.misfortunes = stage.added;
    return result;
}

Lived live_again(const Script& script) {
    Stage stage(Stage::Telling::silent);
    return lived(stage, script);
}

Script shrink(Script script, const std::function<bool(const Script&)>& fails) {
    // Without what went before, a moment comes earlier.
    const auto one_comes_earlier = [&] {
        for (auto& misfortune : script.misfortunes) {
            const auto last = misfortune.moment.nth;
            for (int nth = 1; nth < last; ++nth) {
                misfortune.moment.nth = nth;
                if (fails(script)) return true;
            }
            misfortune.moment.nth = last;
        }
        return false;
    };
    const auto without_one_of = [&](auto& lines) {
        bool shorter = false;
        for (auto i = lines.size(); i-- > 0;) {
            auto line = std::move(lines[i]);
            lines.erase(lines.begin() + std::ptrdiff_t(i));
            if (fails(script) || one_comes_earlier())
                shorter = true;
            else
                lines.insert(lines.begin() + std::ptrdiff_t(i), std::move(line));
        }
        return shorter;
    };
    bool shorter = true;
    while (shorter) {
        shorter = without_one_of(script.misfortunes);
        shorter = without_one_of(script.givens) || shorter;
        shorter = without_one_of(script.steps) || shorter;
        shorter = one_comes_earlier() || shorter;
    }
    return script;
}

std::string tell(const std::string& title, const Script& script) {
    Stage stage(Stage::Telling::aloud);
    const auto played = stage.play(script);
    const auto what_happened = played ? stage.transcript() : played.error().message + "\n";
    return title + "\n\n" + to_text(script) + "\nWhat happened:\n\n" + what_happened;
}

}  // namespace keytide::simulator
