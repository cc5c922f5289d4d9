// Plays a script in a world: the real orchestrator, and everything around it that the sentences name.
#pragma once

#include <map>

#include "simulator/script.hpp"
#include "simulator/transcript.hpp"
#include "simulator/watch.hpp"

namespace keytide::simulator {

class Stage {
public:
    enum class Telling { silent, aloud };
    explicit Stage(Telling telling);

    // Unknown sentences are errors.
    Result<void> play(const Script& script);

    // May add a misfortune to any moment; what it added is in `added`, and can be played again.
    std::function<std::optional<std::string>(const Moment&)> chance;
    std::vector<Misfortune> added;

    const std::optional<std::string>& violation() const { return violation_; }  // the first
    std::string transcript() const { return transcript_ ? transcript_->text() : ""; }
    World& world() { return world_; }
    int rotations() const { return ended_; }
    int processes() const { return processes_; }
    const std::set<std::string>& happened() const { return happened_; }  // names of events

private:
    struct Armed {
        const Misfortune* misfortune;
        int seen = 0;
    };
    using Kind = Moment::Kind;

    // stage.cpp: the loop
    void listen();
    void moment(Kind kind, const std::string& what);
    bool is_meant(const std::string& meant, Kind kind, const std::string& what) const;
    void look();
    void violated(const std::string& what);
    void say(const std::string& text);
    Result<void> step(const std::string& sentence);
    std::optional<orchestrator::Outcome> process(const std::string& command,
                                                 const std::function<Result<orchestrator::Outcome>()>& run);
    std::optional<orchestrator::Outcome> rotate();
    std::optional<orchestrator::Outcome> resume();
    void live();
    void name_what_was_made(const CallSeen& seen);
    void name(const AccessKeyId& id, const std::string& name);
    void tell_the_end();

    // sentences.cpp: what the lines mean
    Result<void> given(const std::string& sentence);
    bool number(const std::string& name, const std::string& value);
    Result<void> act(const std::string& sentence);
    bool fate(const std::string& sentence);
    bool outsider(const std::string& sentence);
    bool surroundings(const std::string& sentence);
    void settle_what_is_asked();
    AccessKeyId key(const std::string& name) const;
    FakeDestination* place(const std::string& name);

    World world_;
    Watch watch_{world_};
    std::optional<Transcript> transcript_;
    std::vector<Armed> armed_;
    std::map<std::pair<Kind, std::string>, int> counted_;  // for chance
    std::map<std::string, AccessKeyId> keys_;              // by name
    std::map<std::string, AccessKey> replaced_;            // by a stranger's, by place
    std::set<std::string> happened_;
    std::set<std::string> allowed_at_first_;
    std::optional<std::string> violation_, trouble_;
    std::string operation_;  // of the call that is about to leave
    std::string asked_;      // the last question
    std::string problem_;    // a sentence that nobody understands
    orchestrator::Wanted wanted_;
    bool disk_is_full_ = false, wants_back_ = false, open_ = false;
    bool write_is_next_ = false;  // to a place: its intent is recorded
    int processes_ = 0, ended_ = 0, moments_ = 0;
};

}  // namespace keytide::simulator
