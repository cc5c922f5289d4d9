#include "stores/aws_account.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "http/curl_http.hpp"

namespace keytide::stores {
namespace {

Instant now() {
    return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

// The program's standard output or, with `errors`, standard error, and its number.
std::pair<int, FILE*> start(const std::vector<std::string>& command, bool errors) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const int child = fork();
    if (child == 0) {
        dup2(ends[1], errors ? STDERR_FILENO : STDOUT_FILENO);
        std::vector<char*> arguments;
        for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    close(ends[1]);
    return {child, fdopen(ends[0], "r")};
}

std::string line_with(FILE* stream, const std::string& wanted) {
    char line[1024];
    while (fgets(line, sizeof line, stream) != nullptr)
        if (std::string(line).find(wanted) != std::string::npos) return line;
    throw std::runtime_error("the program ended without saying '" + wanted + "'");
}

// A program whose words nobody takes stands still once the pipe is full.
void let_it_talk(FILE* stream) {
    std::thread([stream] {
        char words[4096];
        while (fread(words, 1, sizeof words, stream) > 0) {
        }
    }).detach();
}

std::string setting(const std::string& file, const std::string& name) {
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("export " + name + "='")) {
            auto value = line.substr(line.find('\'') + 1);
            value.pop_back();
            return value;
        }
    throw std::runtime_error(name + " is not in " + file);
}

}  // namespace

AwsAccount::AwsAccount() : http_(std::make_unique<http::CurlHttp>(http::CurlOptions{})) {
    const char* kind = std::getenv("KEYTIDE_STORES");
    if (kind != nullptr && std::string(kind) == "moto") {
        const auto [child, said] = start({"moto_server", "-H", "127.0.0.1", "-p", "0"}, true);
        process_ = child;
        const auto line = line_with(said, "Running on");
        let_it_talk(said);
        const auto at = line.find("http://");
        endpoint_ = line.substr(at, line.find_first_of(" \n", at) - at);
        owner_ = std::make_unique<AccessKey>(
            AccessKey{*AccessKeyId::parse("AKIAOWNER00000000000"), Secret("owner"), {}});
        return;
    }
    std::string folder = "/tmp/keytide-stores-XXXXXX";
    if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no folder");
    const auto file = folder + "/lab.env";
    const char* keytide = std::getenv("KEYTIDE");
    const auto [child, said] = start(
        {keytide != nullptr ? keytide : "keytide", "lab", "--listen", "127.0.0.1:0", "--env-file", file},
        false);
    process_ = child;
    line_with(said, "");
    endpoint_ = setting(file, "AWS_ENDPOINT_URL");
    token_ = setting(file, "KEYTIDE_LAB_TOKEN");
    owner_ = std::make_unique<AccessKey>(AccessKey{*AccessKeyId::parse(setting(file, "AWS_ACCESS_KEY_ID")),
                                                   Secret(setting(file, "AWS_SECRET_ACCESS_KEY")),
                                                   {}});
    std::filesystem::remove_all(folder);
}

AwsAccount::~AwsAccount() {
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
}

AwsAccount& AwsAccount::get() {
    static AwsAccount account;
    return account;
}

aws::JsonService AwsAccount::service(aws::Service which, http::Http& http, const std::string& endpoint) {
    return {http, *aws::own_endpoint(which, endpoint, "us-east-1"), "keytide-test"};
}

aws::JsonDocument AwsAccount::call(aws::Service which, std::string_view action,
                                   const aws::JsonMembers& members) const {
    auto answer = service(which).call(action, members, *owner_, now(), true);
    if (answer) return std::move(*answer);
    const auto* refused = std::get_if<ports::Refused>(&answer.error());
    throw std::runtime_error("the owner's " + std::string(action) + " failed: " +
                             (refused != nullptr ? refused->code + " " + refused->message : "no answer"));
}

void AwsAccount::tell_fault(const std::string& json) const {
    const auto reply = http_->send({.method = "POST",
                                    .url = endpoint_ + "/_lab/faults",
                                    .headers = {{"Authorization", "Bearer " + token_}},
                                    .body = WipedString(json)});
    if (!reply || reply->status != 200) throw std::runtime_error("the lab did not take the fault");
}

void AwsAccount::end_faults() const {
    const auto reply = http_->send({.method = "DELETE",
                                    .url = endpoint_ + "/_lab/faults",
                                    .headers = {{"Authorization", "Bearer " + token_}}});
    if (!reply || reply->status != 200) throw std::runtime_error("the lab did not end its faults");
}

std::expected<http::HttpReply, http::HttpFailure> Interposed::send(const http::HttpRequest& request) {
    for (const auto& header : request.headers)
        if (header.name == "X-Amz-Target" && happens_ && header.value.ends_with("." + action_))
            std::exchange(happens_, nullptr)();
    if (request.changing) ++changes_;
    return http_.send(request);
}

}  // namespace keytide::stores
