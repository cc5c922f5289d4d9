#include "destinations/person_destination.hpp"

#include <array>
#include <cstdlib>

#include "credentials/failing_disk.hpp"
#include "credentials/file_lock.hpp"
#include "destinations/conformance.hpp"

namespace keytide::destinations {
namespace {

namespace fs = std::filesystem;
using credentials::DiskCall;
using credentials::FailingDisk;

std::string said_by(const std::string& command) {
    std::string said;
    std::array<char, 4096> bytes{};
    FILE* pipe = popen(command.c_str(), "r");
    for (std::size_t got = 0; (got = fread(bytes.data(), 1, bytes.size(), pipe)) > 0;)
        said.append(bytes.data(), got);
    if (pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
    return said;
}

std::string value_of(const std::string& name, const std::string& text) {
    const auto at = text.find(name + "=");
    if (at == std::string::npos) return "";
    const auto begin = at + name.size() + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
}

// Programs are looked for here first, or here alone, while it lives.
class ProgramsFrom {
public:
    explicit ProgramsFrom(const std::string& path) : before_(getenv("PATH")) {
        setenv("PATH", path.c_str(), 1);
    }
    ~ProgramsFrom() { setenv("PATH", before_.c_str(), 1); }
    ProgramsFrom(const ProgramsFrom&) = delete;
    ProgramsFrom& operator=(const ProgramsFrom&) = delete;

private:
    std::string before_;
};

// Vera, who has a key of age's own making, and goes by the newest message in the outbox.
class Vera final : public Place {
public:
    Vera() {
        recipient_ =
            said_by("age-keygen -o '" + identity() + "' 2>/dev/null && age-keygen -y '" + identity() + "'");
        recipient_.resize(recipient_.find('\n'));
    }

    // Between two openings a second goes by: what lies there is a second older.
    std::unique_ptr<ports::Destination> open() override {
        if (fs::is_directory(outbox()))
            for (const auto& message : fs::directory_iterator(outbox()))
                fs::last_write_time(message, fs::last_write_time(message) - std::chrono::seconds{1});
        auto opened = open_destination("person:" + recipient_, {.origin = {"/", ""}, .outbox = outbox()});
        if (!opened) throw std::runtime_error(opened.error().message);
        return std::move(*opened);
    }
    std::string name() override { return "person:" + recipient_; }
    void put(const Pair& pair) override {
        fs::remove_all(outbox());
        folder_.write("outbox/AKIAOFSOMEBODYELSE.age", "for somebody else");
        if (pair == nothing) return;
        folder_.write("text",
                      "AWS_ACCESS_KEY_ID=" + pair.id + "\nAWS_SECRET_ACCESS_KEY=" + pair.secret + "\n");
        said_by("age --armor --recipient " + recipient_ + " --output '" + message_of(pair.id) + "' '" +
                (folder_ / "text") + "'");
    }
    Pair held() override {
        std::string newest;
        for (const auto& id : {old_id, new_id, stranger_id})
            if (const auto each = message_of(id);
                fs::exists(each) &&
                (newest.empty() || fs::last_write_time(each) > fs::last_write_time(newest)))
                newest = each;
        if (newest.empty()) return nothing;
        const auto text = said_by("age --decrypt --identity '" + identity() + "' '" + newest + "'");
        return {value_of("AWS_ACCESS_KEY_ID", text), value_of("AWS_SECRET_ACCESS_KEY", text)};
    }
    // Whatever is no message about the suite's keys: what a write leaves behind, too.
    std::string rest() override {
        std::set<std::string> rest;
        for (const auto& each : fs::directory_iterator(outbox())) rest.insert(each.path());
        for (const auto& id : {old_id, new_id, stranger_id}) rest.erase(message_of(id));
        std::string text;
        for (const auto& each : rest) text += each + ": " + credentials::text_at(each) + "\n";
        return text;
    }
    bool strike(Fault fault) override {
        switch (fault) {
            case Fault::unreachable: programs_.emplace(folder_.path()); return true;
            case Fault::not_let_in: disk_.emplace(DiskCall::rename, EROFS); return true;
            case Fault::full: disk_.emplace(DiskCall::write, ENOSPC); return true;
            case Fault::answer_lost: disk_.emplace(DiskCall::sync_folder, EIO); return true;
            case Fault::wrong_type:
                fs::remove_all(outbox());
                folder_.write("outbox", "no folder");
                return true;
            default: return false;
        }
    }
    void heal() override {
        disk_.reset();
        programs_.reset();
    }

    std::string outbox() const { return folder_ / "outbox"; }
    std::string message_of(const std::string& id) const { return outbox() + "/" + id + ".age"; }
    const credentials::ScratchFolder& folder() const { return folder_; }

private:
    std::string identity() const { return folder_ / "vera.key"; }

    credentials::ScratchFolder folder_;
    std::string recipient_;
    std::optional<FailingDisk> disk_;
    std::optional<ProgramsFrom> programs_;
};

INSTANTIATE_TEST_SUITE_P(Person, DestinationConformance,
                         testing::Values(Habitat{"Person", [] { return std::make_unique<Vera>(); }, 5}),
                         [](const auto& each) { return each.param.name; });

TEST(Person, SaysThatItCanNeitherBeReadBackNorRestored) {
    const auto can = Vera().open()->capabilities();
    EXPECT_FALSE(can.readable || can.restorable);
    EXPECT_TRUE(can.atomic && can.holds_key);
}

TEST(Person, MakesTheOutboxWithTheFirstMessageForItsOwnerAlone) {
    Vera vera;
    EXPECT_TRUE(vera.open()->check_writable());
    EXPECT_FALSE(fs::exists(vera.outbox())) << "a look changes nothing";
    EXPECT_TRUE(std::holds_alternative<ports::DeliverDone>(deliver_new(*vera.open())));
    EXPECT_EQ(vera.held(), new_pair);
    EXPECT_EQ(credentials::mode_at(vera.outbox()), 0700u);
    EXPECT_EQ(credentials::mode_at(vera.message_of(new_id)), 0600u);
}

TEST(Person, AnOutboxThatTakesNothingIsSeenBeforeAnythingIsMade) {
    Vera vera;
    vera.put(nothing);
    vera.strike(Fault::wrong_type);
    const auto ok = vera.open()->check_writable();
    ASSERT_FALSE(ok);
    EXPECT_NE(ok.error().message.find(vera.name()), std::string::npos);
    EXPECT_NE(ok.error().message.find(vera.outbox()), std::string::npos);
}

// The first half of a message, or a whole one from a program that then fails, is not handed to anybody.
TEST(Person, AProgramThatFailsHalfWayLeavesNoMessage) {
    for (const auto* end : {"exit 1", "kill -9 $$"}) {
        Vera vera;
        vera.put(nothing);
        const auto rest = vera.rest();
        vera.folder().write(
            "bin/age", std::string("#!/bin/sh\necho '-----BEGIN AGE ENCRYPTED FILE-----'\n") + end, 0700);
        const ProgramsFrom programs(vera.folder() / "bin:" + getenv("PATH"));
        EXPECT_FALSE(vera.open()->check_writable());
        const auto answer = deliver_new(*vera.open());
        ASSERT_TRUE(std::holds_alternative<ports::DeliverRefused>(answer)) << end;
        EXPECT_NE(std::get<ports::DeliverRefused>(answer).error.message.find(vera.name()), std::string::npos);
        EXPECT_EQ(vera.held(), nothing);
        EXPECT_EQ(vera.rest(), rest);
    }
}

TEST(Person, WhileAnotherProcessWritesTheMessageItIsBusy) {
    Vera vera;
    vera.put(nothing);
    const auto lock = credentials::FileLock::take(vera.message_of(new_id));
    const auto answer = deliver_new(*vera.open());
    ASSERT_TRUE(std::holds_alternative<ports::DeliverRefused>(answer));
    EXPECT_EQ(std::get<ports::DeliverRefused>(answer).error.kind, ErrorKind::busy);
    EXPECT_EQ(vera.held(), nothing);
}

}  // namespace
}  // namespace keytide::destinations
