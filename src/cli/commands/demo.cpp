// A whole rotation as a short story, in one process: the lab, the template, the first key, the rotation, and
// what both keys can do afterwards. Nothing of the machine's own AWS files is read or written.
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/demo_stage.hpp"
#include "cli/embedded_lab.hpp"
#include "cli/exit_code.hpp"
#include "cli/new_rotation.hpp"
#include "cli/scratch_folder.hpp"
#include "cli/wiring.hpp"

namespace keytide::cli {
namespace {

constexpr auto user = "accesskey-rotate-sample-user";
constexpr auto bucket = "keytide-demo-bucket";

class Story {
public:
    explicit Story(const Terminal& terminal) : terminal_(terminal) {}
    void chapter(std::string_view title) {
        terminal_.result(fmt::format("\n{}. {}", ++chapters_, title), Style::bold);
    }
    void line(std::string_view text, Style style = Style::plain) {
        terminal_.result(fmt::format("   {}", text), style);
    }
    void prompt(std::string_view command) { line("$ " + std::string(command), Style::faint); }

private:
    const Terminal& terminal_;
    int chapters_ = 0;
};

// What `aws s3 ls` would say.
std::string say(const ports::Answer<ports::ProbeAccepted>& answer) {
    if (answer.done() != nullptr) return bucket;
    if (const auto* refused = answer.refused())
        return fmt::format("An error occurred ({}) when calling the ListBuckets operation: {}", refused->code,
                           refused->message);
    return "no answer";
}

}  // namespace

Report demo(Session& session) {
    if (session.everywhere.output == Output::json)
        return failure({ErrorKind::usage, "the demo is a story for people, and has no JSON",
                        "run it without --output json"});
    const ScratchFolder folder;
    if (folder.path().empty())
        return failure({ErrorKind::failed, "no temporary folder could be made",
                        "set TMPDIR to a place that can be written"});
    auto started =
        EmbeddedLab::open(keytide::lab::Lab({.created = session.clock.now()}, randomness_of(session.entropy)),
                          {}, session.clock);
    if (!started) return failure(started.error());
    auto& embedded = **started;
    const auto root = embedded.lab().root_key().clone();
    embedded.serve();

    const auto endpoint = embedded.endpoint();
    const auto credentials_file = folder.path() / "credentials";
    Session own{
        .everywhere = session.everywhere,
        .terminal = session.terminal,
        .environment = credentials::fixed_environment({{"HOME", folder.path()},
                                                       {"AWS_CONFIG_FILE", folder.path() / "config"},
                                                       {"AWS_SHARED_CREDENTIALS_FILE", credentials_file},
                                                       {"AWS_ENDPOINT_URL", endpoint},
                                                       {"AWS_REGION", "us-east-1"}})};
    own.everywhere = {.color = session.everywhere.color, .debug = session.everywhere.debug};

    Story story(session.terminal);
    session.terminal.result(
        fmt::format("A small AWS is running in this process: {}, account 123456789012.", endpoint));
    session.terminal.result(
        "It checks every signature and every permission, as AWS does. Nothing of yours is touched.");

    const rotation::Connection connection{
        .region = "us-east-1", .iam_endpoint = endpoint, .sts_endpoint = endpoint, .s3_endpoint = endpoint};
    const std::vector<std::string> probes{"s3:list-buckets"};
    const std::vector<std::string> places{
        fmt::format("credentials-file:{}?profile=default", credentials_file.string())};
    const auto wiring = Wiring::open(own, connection, probes, places);
    if (!wiring) return failure(wiring.error());
    auto& doors = (*wiring)->doors();

    story.chapter("A user who may do little: list buckets, and make and delete keys of its own");
    story.prompt(
        "aws cloudformation deploy --template-file iam.yaml --stack-name IAM-User-Sample-Stack "
        "--capabilities CAPABILITY_NAMED_IAM");
    if (const auto ok = set_demo_stage(endpoint, root, bucket, session.clock.now()); !ok)
        return failure(ok.error());
    story.line(fmt::format("the stack made {}", user));

    story.chapter("Its first key, in a credentials file, as so many have it");
    story.prompt(fmt::format("aws iam create-access-key --user-name {}", user));
    const auto first = doors.access_keys.create(root, user, session.clock.now(), "demo");
    if (first.done() == nullptr) return failure({ErrorKind::failed, "the lab made no key", ""});
    const auto& old_key = first.done()->key;
    if (!std::holds_alternative<ports::DeliverDone>(doors.destinations.front()->deliver(old_key, {})))
        return failure(
            {ErrorKind::failed, "the key could not be written to " + credentials_file.string(), ""});
    story.line(fmt::format("{} is in {}", old_key.id.text(), credentials_file.string()));
    story.prompt("aws s3 ls");
    story.line(say(doors.probes.front()->attempt(old_key)));

    story.chapter("The rotation");
    story.prompt("keytide rotate --yes --probe s3:list-buckets");
    auto report = begin_rotation({.new_key = {.probes = probes, .yes = true}}, own);
    if (report.exit_code != exit_code::done) return report;
    story.line(report.text);

    story.chapter("Whoever reads the credentials file now is served");
    story.prompt("aws s3 ls");
    const auto held = doors.destinations.front()->read();
    if (!held || !*held) return failure({ErrorKind::failed, "the credentials file holds no key", ""});
    story.line(say(doors.probes.front()->attempt(**held)));

    story.chapter("And the old key is refused");
    story.prompt(fmt::format("AWS_ACCESS_KEY_ID={} … aws s3 ls", old_key.id.text()));
    story.line(say(doors.probes.front()->attempt(old_key)));
    return {.text =
                "\nThe same by hand: 'keytide lab' in one terminal, 'keytide rotate' and the AWS CLI in "
                "another (README.md)."};
}

}  // namespace keytide::cli
