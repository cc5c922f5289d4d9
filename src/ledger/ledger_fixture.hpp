// For the tests: a ledger in a folder of its own, and what can be done to its files.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>

#include "ledger/event_json.hpp"
#include "ledger/sqlite_ledger.hpp"

namespace keytide::ledger {

inline constexpr std::string_view old_secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
inline constexpr std::string_view new_secret = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY";

class SeededEntropy final : public ports::Entropy {
public:
    explicit SeededEntropy(unsigned seed = 1) : engine_(seed) {}
    void fill(std::span<std::byte> bytes) override {
        for (auto& byte : bytes) byte = static_cast<std::byte>(engine_());
    }

private:
    std::mt19937 engine_;
};

inline std::string read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::filesystem::path& file, std::string_view bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    chmod(file.c_str(), 0600);
}

inline mode_t mode_of(const std::filesystem::path& path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 ? status.st_mode & 07777u : 0;
}

// Runs `life` in a process of its own, which ends with it; ended_well(): it said true and was not killed.
template <class Life>
pid_t in_another_process(const Life& life) {
    const pid_t pid = fork();
    if (pid == 0) _exit(life() ? 0 : 1);
    return pid;
}

inline bool ended_well(pid_t pid) {
    int status = 0;
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// In memory where there is such a place: what needs no disk need not wait for one.
class Folder {
public:
    Folder() {
        const std::string memory = "/dev/shm/";
        const bool found = access(memory.c_str(), W_OK | X_OK) == 0;
        std::string name = (found ? memory : testing::TempDir()) + "keytide-ledger-XXXXXX";
        path_ = mkdtemp(name.data());
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

class LedgerTest : public testing::Test {
protected:
    Folder folder;
    SqliteLedger::Options options{folder.path() / "state/ledger.sqlite", folder.path() / "config/sealing.key",
                                  folder.path() / "config/anchors", std::chrono::milliseconds{50}};
    SeededEntropy entropy;

    std::unique_ptr<SqliteLedger> open() {
        auto ledger = SqliteLedger::open(options, entropy);
        if (!ledger) throw std::runtime_error(ledger.error().message);
        return std::move(*ledger);
    }
    std::unique_ptr<SqliteLedger> open_to_read() {
        auto ledger = SqliteLedger::open_to_read(options, entropy);
        if (!ledger) throw std::runtime_error(ledger.error().message);
        return std::move(*ledger);
    }
    Error refusal() {
        auto ledger = SqliteLedger::open(options, entropy);
        EXPECT_FALSE(ledger) << "opening should have been refused";
        return ledger ? Error{} : ledger.error();
    }

    static AccessKeyId id(const char* text) { return *AccessKeyId::parse(text); }
    static AccessKey old_key() { return {id("AKIAIOSFODNN7EXAMPLE"), Secret(old_secret), Secret()}; }
    static AccessKey new_key() { return {id("AKIAI44QH8DHBEXAMPLE"), Secret(new_secret), Secret()}; }
    static Instant at(int n) { return *parse_rfc3339("2026-01-31T12:00:00Z") + std::chrono::seconds{n}; }
    static rotation::Event started() {
        return rotation::Started{
            at(0),
            {.user = {"AIDAEXAMPLE", "123456789012", "arn:aws:iam::123456789012:user/bob"},
             .user_name = "bob",
             .old_key = id("AKIAIOSFODNN7EXAMPLE"),
             .destinations = {"profile:/home/bob/.aws/credentials#default"},
             .probes = {"sts"}}};
    }
    static rotation::Event resumed(int n) { return rotation::Resumed{at(n), false}; }
    static rotation::Event intent(int n) {
        return rotation::DeliverIntended{at(n), "profile:/home/bob/.aws/credentials#default"};
    }

    // Of the only ledger that was opened with these options.
    std::filesystem::path anchor_file() const {
        return *std::filesystem::directory_iterator(options.anchors);
    }

    // Starts a rotation with OLD sealed; returns whether that worked.
    static bool start(ports::Ledger& ledger, const rotation::RotationId& rotation) {
        const auto key = old_key();
        const std::array<const AccessKey*, 1> keys{&key};
        return ledger.append(rotation, 0, started(), keys) == 1u;
    }

    // All events as texts, in words that show where two ledgers differ; the error instead, if there is one.
    static std::string everything(ports::Ledger& ledger) {
        const auto rotations = ledger.rotations();
        if (!rotations) return "error: " + rotations.error().message;
        std::string text;
        for (const auto& rotation : *rotations) {
            const auto events = ledger.events(rotation);
            if (!events) return "error: " + events.error().message;
            for (const auto& [sequence, event] : *events)
                text += rotation + " " + std::to_string(sequence) + " " + *to_json(event) + "\n";
        }
        return text;
    }

    // What somebody with sqlite3 does to the file.
    int meddle(const char* sql) {
        sqlite3* connection = nullptr;
        EXPECT_EQ(sqlite3_open(options.database.c_str(), &connection), SQLITE_OK);
        const int code = sqlite3_exec(connection, sql, nullptr, nullptr, nullptr);
        sqlite3_close(connection);
        return code;
    }

    // The names of all files under the folder whose bytes hold `text`.
    std::vector<std::string> files_with(std::string_view text) const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path()))
            if (entry.is_regular_file() && read_file(entry.path()).find(text) != std::string::npos)
                names.push_back(entry.path().filename());
        return names;
    }
};

}  // namespace keytide::ledger
