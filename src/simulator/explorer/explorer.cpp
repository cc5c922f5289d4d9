#include "simulator/explorer/explorer.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>

#include "simulator/explorer/fingerprint.hpp"
#include "simulator/explorer/invariants.hpp"

namespace keytide::simulator {
namespace {

struct Spent {
    int moves = 0;
    bool all_dangerous = true;

    Spent with(Move move) const {
        if (move == Move::all_is_well) return *this;
        return {moves + 1, all_dangerous && is_dangerous(move)};
    }
    bool within(Budget budget) const {
        return moves <= budget.any || (all_dangerous && moves <= budget.dangerous);
    }
    // Whoever has spent less may still do all that the other may.
    int rank() const { return 2 * moves + (all_dangerous ? 0 : 1); }
};

struct Frame {
    Situation situation;
    Spent spent;
    std::vector<Turn> open;      // ways not yet taken; the last is the next
    bool nothing_wrong = false;  // reached by a step in which all was well
    std::uint64_t fingerprint = 0;
    Turn by;  // how it was reached
};

class Explorer {
public:
    Explorer(const Setting& setting, Budget budget, Until until)
        : setting_(setting), budget_(budget), until_(until) {}

    Explored run() {
        // Wider and wider, so that a situation is seen first with the fewest misfortunes.
        for (int any = 0, dangerous = 0;;) {
            now_ = {any, dangerous};
            ++pass_;
            if (!enter(beginning(setting_), {}, {}, false)) return found_;
            while (!stack_.empty())
                if (!go_on()) return found_;
            if (any == budget_.any && dangerous == budget_.dangerous) break;
            any = std::min(any + 1, budget_.any);
            dangerous = std::min(dangerous + 1, budget_.dangerous);
        }
        found_.states = seen_.size();
        return found_;
    }

private:
    // False: a violation.
    bool enter(Situation situation, Spent spent, Turn by, bool nothing_wrong) {
        if (auto broken = violated(setting_, situation); !broken.empty())
            return violation(std::move(broken), std::move(by));
        found_.phases.insert(situation.process.knows->phase);
        const auto print = fingerprint(setting_, situation);
        const auto mark = std::uint16_t(pass_ << 8 | spent.rank());
        const auto [entry, is_new] = seen_.try_emplace(print, mark);
        if (!is_new) {
            const bool sooner = (entry->second >> 8) < pass_ || (entry->second & 255) > spent.rank();
            if (!sooner) {
                if (nothing_wrong && leads_back_to(print))
                    return violation(
                        "Termination: nothing goes wrong any more, and it goes round in a circle",
                        std::move(by));
                return true;
            }
            entry->second = std::uint16_t(pass_ << 8 | std::min<int>(spent.rank(), entry->second & 255));
        }
        Frame frame{std::move(situation), spent, {}, nothing_wrong, print, std::move(by)};
        for (auto& turn : turns_of(setting_, frame.situation))
            if (spent.with(turn.move).within(now_)) frame.open.push_back(std::move(turn));
        if (frame.situation.stage != Standing::ended) frame.open.push_back({});
        stack_.push_back(std::move(frame));
        found_.depth = std::max<std::uint64_t>(found_.depth, stack_.size());
        return true;
    }

    bool go_on() {
        auto& frame = stack_.back();
        if (frame.open.empty()) {
            stack_.pop_back();
            return true;
        }
        const auto turn = std::move(frame.open.back());
        frame.open.pop_back();
        auto next = frame.situation;
        Choices choices(turn.script);
        take(setting_, next, turn, choices, {});
        ++found_.transitions;

        const auto& points = choices.points();
        auto spent = frame.spent.with(turn.move);
        std::vector<std::uint8_t> script;
        for (std::size_t i = 0; i < points.size(); ++i) {
            if (i >= turn.script.size())
                for (std::size_t way = 1; way < points[i].ways.size(); ++way)
                    if (spent.with(points[i].ways[way]).within(now_)) {
                        frame.open.push_back({turn.kind, turn.move, turn.which, script});
                        frame.open.back().script.push_back(std::uint8_t(way));
                    }
            script.push_back(std::uint8_t(points[i].taken));
            spent = spent.with(points[i].ways[points[i].taken]);
        }
        const bool nothing_wrong = turn.kind == Turn::Kind::step && spent.moves == frame.spent.moves;
        return enter(std::move(next), spent, turn, nothing_wrong);
    }

    bool leads_back_to(std::uint64_t print) const {
        for (auto frame = stack_.rbegin(); frame != stack_.rend(); ++frame) {
            if (frame->fingerprint == print) return true;
            if (!frame->nothing_wrong) return false;
        }
        return false;
    }

    bool violation(std::string what, Turn last) {
        found_.invariants.insert(what.substr(0, what.find(':')));
        if (found_.violation) return true;
        found_.states = seen_.size();
        found_.violation = std::move(what);
        for (std::size_t i = 1; i < stack_.size(); ++i) found_.way.push_back(stack_[i].by);
        found_.way.push_back(std::move(last));
        return until_ == Until::all_violations;
    }

    const Setting& setting_;
    const Budget budget_;
    const Until until_;
    Budget now_;
    int pass_ = 0;
    boost::unordered_flat_map<std::uint64_t, std::uint16_t>
        seen_;  // the pass and the rank it was last entered with
    std::vector<Frame> stack_;
    Explored found_;
};

}  // namespace

Explored explore(const Setting& setting, Budget budget, Until until) {
    return Explorer(setting, budget, until).run();
}

std::string story_of(const Setting& setting, const std::vector<Turn>& way) {
    std::string story = "setting: " + setting.name + "\n";
    const Tell tell = [&](const std::string& line) { story += line + "\n"; };
    auto situation = beginning(setting);
    for (const auto& turn : way) {
        Choices choices(turn.script);
        take(setting, situation, turn, choices, tell);
    }
    return story;
}

}  // namespace keytide::simulator
