#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "cli/version.hpp"

namespace keytide::cli {
namespace {

// Reads 90s 15m 2h 7d.
template <class Target>
CLI::Option* add_duration(CLI::App* app, const std::string& name, Target& target, const std::string& help) {
    return app
        ->add_option_function<std::string>(
            name,
            [&target, name](const std::string& text) {
                const auto duration = parse_duration(text);
                if (!duration) throw CLI::ValidationError(name, duration.error().message);
                target = *duration;
            },
            help)
        ->type_name("DURATION");
}

void add_everywhere(CLI::App& app, Everywhere& e) {
    app.add_option("--profile", e.profile, "Profile of the AWS configuration")->type_name("NAME");
    app.add_option("--region", e.region, "AWS region")->type_name("REGION");
    app.add_option("--endpoint-url", e.endpoint_url, "Endpoint of every service instead of AWS's own")
        ->type_name("URL");
    app.add_option("--ca-bundle", e.ca_bundle, "Certificates to trust instead of the system's")
        ->type_name("FILE");
    app.add_option("--state-dir", e.state_dir, "Folder of the ledger instead of $XDG_STATE_HOME/keytide")
        ->type_name("DIR");
    app.add_option("--config", e.config, "Keys by name, instead of $XDG_CONFIG_HOME/keytide/keytide.yaml")
        ->type_name("FILE");
    app.add_option("--cli-connect-timeout", e.connect_timeout, "Seconds until a connection must stand")
        ->check(CLI::Range(1, 3600))
        ->type_name("SECONDS")
        ->capture_default_str();
    app.add_option("--cli-read-timeout", e.read_timeout, "Seconds until a call must be answered")
        ->check(CLI::Range(1, 3600))
        ->type_name("SECONDS")
        ->capture_default_str();
    app.add_option("--output", e.output, "text or json; for 'audit' also csv, asff, html")
        ->transform(CLI::CheckedTransformer(std::map<std::string, Output>{{"text", Output::text},
                                                                          {"json", Output::json},
                                                                          {"csv", Output::csv},
                                                                          {"asff", Output::asff},
                                                                          {"html", Output::html}}))
        ->type_name("FORMAT");
    app.add_option("--color", e.color, "auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->type_name("WHEN");
    app.add_flag("--debug", e.debug, "Tell every call on standard error");
}

void add_serial_number(CLI::App* app, std::optional<std::string>& serial) {
    app->add_option("--serial-number", serial,
                    "MFA device of the signer instead of the profile's mfa_serial; '' for none")
        ->type_name("SERIAL");
}

// What is wrong is said without the code.
CLI::Option* add_token_code(CLI::App* app, std::optional<std::string>& code) {
    return app
        ->add_option_function<std::string>(
            "--token-code",
            [&code](const std::string& text) {
                if (text.size() != 6 || text.find_first_not_of("0123456789") != std::string::npos)
                    throw CLI::ValidationError("--token-code", "an MFA code is six digits");
                code = text;
            },
            "The MFA device's present code, when there is no terminal to ask at")
        ->type_name("CODE");
}

void add_new_key(CLI::App* app, NewKey& k) {
    app->add_option("--user-name", k.user_name, "IAM user, when another principal signs")->type_name("NAME");
    add_serial_number(app, k.serial_number);
    add_token_code(app, k.token_code);
    app->add_option("--deliver", k.deliver, "Place to write the new key to (repeatable), e.g. env-file:PATH")
        ->type_name("URI")
        ->take_all()
        ->allow_extra_args(false);
    app->add_option("--on-delivered", k.on_delivered,
                    "Whom to tell once the new key is in every place (repeatable), e.g. notify-unit:UNIT")
        ->type_name("URI")
        ->take_all()
        ->allow_extra_args(false);
    app->add_option("--probe", k.probes,
                    "Service that must take the new key: sts, s3:list-buckets, exec:CMD (repeatable)")
        ->type_name("PROBE")
        ->take_all()
        ->allow_extra_args(false);
    add_duration(app, "--verify-spread", k.verify_spread,
                 "Least time between the first and the last success of a probe");
    app->add_option("--set", k.set, "Any other number of the protocol (repeatable), e.g. verify_deadline=10m")
        ->type_name("NAME=VALUE")
        ->take_all()
        ->allow_extra_args(false);
}

void add_consent(CLI::App* app, NewKey& k) {
    app->add_flag("--dry-run", k.dry_run, "Only look, and print the calls and changes that would be made");
    app->add_flag("--yes", k.yes, "Consent to the guarantees that are skipped");
}

void add_rotation(CLI::App* app, Rotate& r) {
    app->add_option("NAME", r.name, "A key of keytide.yaml, instead of the profile's");
    add_new_key(app, r.new_key);
    app->add_option("--access-key-id", r.access_key_id, "Which of two keys is replaced")->type_name("ID");
    app->add_flag("--all-profiles", r.all_profiles, "Update every profile that holds the same key");
    add_duration(app, "--quiet", r.quiet, "Wait until last-used data shows the old key unused this long");
    add_duration(app, "--soak", r.soak, "Keep the old key Inactive this long before it is deleted");
    app->add_option("--second-slot", r.replace_inactive,
                    "When both slots are taken: stop, or replace-inactive")
        ->transform(
            CLI::CheckedTransformer(std::map<std::string, bool>{{"stop", false}, {"replace-inactive", true}}))
        ->type_name("POLICY");
    app->add_flag("--sole-writer", r.sole_writer, "Nobody but Keytide makes keys for this user");
    app->add_flag("--compromised", r.compromised,
                  "Others know the key: deactivate it first, whoever still uses it");
    add_duration(app, "--grace", r.grace, "Keep both keys Active this long after the delivery");
}

// Of a command line that could not be read: a script is answered as it asked to be.
Output wanted_output(const std::vector<std::string_view>& arguments) {
    for (std::size_t i = 1; i < arguments.size() && arguments[i] != "--"; ++i)
        if (arguments[i] == "--output=json" || (arguments[i] == "json" && arguments[i - 1] == "--output"))
            return Output::json;
    return Output::text;
}

// What stands before "--" is no part of the command.
void take_name(Exec& exec, const std::vector<std::string_view>& arguments) {
    const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
    const auto from_there_on = std::size_t(arguments.end() - dashes);
    // Behind a first word that is no option, "--" is a word like others to CLI11.
    if (from_there_on == 0 || exec.command.size() != from_there_on + 1) return;
    exec.name = std::move(exec.command.front());
    exec.command.erase(exec.command.begin(), exec.command.begin() + 2);
}

constexpr auto exit_codes =
    "Exit codes: 0 done, 1 failed and nothing changed, 2 usage or consent missing, 3 parked (resumable),\n"
    "4 rolled back, 5 waits for a person, 6 another process works on this user, 7 findings, 130 interrupted\n"
    "(resumable).";

}  // namespace

std::variant<Invocation, Printed, Misuse> read_command_line(int argc, const char* const* argv) {
    Invocation asked;
    Lab lab;
    Rotate rotate;
    Rehearse rehearse;
    Issue issue;
    Exec exec;
    Resume resume;
    Rollback rollback;
    Abandon abandon;
    Ack ack;
    History history;
    PolicyPrint policy_print;
    PolicyCheckAsked policy_check;
    Credentials credentials;
    Setup setup;
    Doctor doctor;
    Audit audit;
    LedgerRekey ledger_rekey;
    Who who;
    EvidenceExport evidence_export;
    EvidenceVerify evidence_verify;
    EvidenceAnchor evidence_anchor;

    CLI::App app{"Replaces AWS IAM access keys without anyone noticing.", "keytide"};
    app.set_version_flag("--version", "keytide " + std::string(version));
    app.set_help_flag("-h,--help", "Print this help");
    app.footer(exit_codes);
    app.require_subcommand(1);
    app.fallthrough();
    add_everywhere(app, asked.everywhere);

    const auto command = [&](const char* name, const char* help) {
        auto* sub = app.add_subcommand(name, help);
        sub->fallthrough();
        sub->footer("Options of every command: see 'keytide --help'.");
        return sub;
    };

    auto* demo_command =
        command("demo", "Watch a whole rotation on an embedded AWS; touches nothing of yours");

    auto* rotate_command =
        command("rotate", "Replace an access key: create, verify, deliver, delete the old one, confirm");
    add_rotation(rotate_command, rotate);
    add_consent(rotate_command, rotate.new_key);

    auto* rehearse_command = command(
        "rehearse", "Rotate a copy of the user on an embedded AWS that misbehaves; changes nothing of yours");
    add_rotation(rehearse_command, rehearse.rotate);

    auto* issue_command = command("issue", "Make a first key for a user that has none");
    add_new_key(issue_command, issue.new_key);
    add_consent(issue_command, issue.new_key);
    issue_command->get_option("--user-name")->required();
    issue_command->get_option("--deliver")->required();

    auto* resume_command = command("resume", "Go on with rotations that were interrupted");
    auto* resumed =
        resume_command->add_option("ID", resume.id, "One rotation; otherwise all that were interrupted");
    add_token_code(resume_command, resume.token_code)->needs(resumed);
    resume_command->add_flag("--due", resume.due,
                             "Also those whose wait has ended; and remind who is waited for");

    auto* rollback_command = command("rollback", "Go back: the old key stays, and the new one goes");
    rollback_command->add_option("ID", rollback.id, "The rotation")->required();
    add_token_code(rollback_command, rollback.token_code);
    rollback_command->add_option("--reason", rollback.reason, "Why, for the record")->type_name("TEXT");

    auto* abandon_command =
        command("abandon", "End a rotation that was settled by hand; touches no key, and wipes its secrets");
    abandon_command->add_option("ID", abandon.id, "The rotation")->required();
    abandon_command->add_option("--reason", abandon.reason, "Why, for the record")
        ->type_name("TEXT")
        ->required();

    auto* ack_command =
        command("ack", "Say that the key which a person was handed is in use; the rotation goes on");
    ack_command->add_option("ID", ack.id, "The rotation")->required();

    auto* status_command = command("status", "Show the rotations that have not ended");

    auto* history_command = command("history", "Show what happened in a rotation");
    history_command->add_option("ID", history.id, "One rotation; otherwise a line for each");

    auto* exec_command =
        command("exec", "Run a program with the key of the profile, or of NAME, in its environment");
    exec_command->add_option("COMMAND", exec.command, "[NAME] -- CMD ARGUMENT...")->required();
    exec_command->positionals_at_end();

    auto* doctor_command = command("doctor", "Check everything that a rotation needs, and change nothing");
    doctor_command
        ->add_option("--user-name", doctor.user_name, "IAM user whose key is to be rotated by another")
        ->type_name("NAME");
    doctor_command->add_option("--access-key-id", doctor.access_key_id, "Which of two keys is to be rotated")
        ->type_name("ID");
    add_serial_number(doctor_command, doctor.serial_number);
    add_token_code(doctor_command, doctor.token_code);

    auto* audit_command =
        command("audit", "Show how the account's keys stand before the 90-day rule and its kin");
    audit_command
        ->add_option("--standard", audit.standards,
                     "Standards to hold the account against: security-hub, keytide, cis-1.2 to cis-7.0")
        ->delimiter(',')
        ->type_name("NAMES")
        ->take_all()
        ->allow_extra_args(false);
    audit_command->add_option("--check", audit.checks, "Only these checks of them, e.g. IAM.3,1.14")
        ->delimiter(',')
        ->type_name("IDS")
        ->take_all()
        ->allow_extra_args(false);
    audit_command->add_flag("--live", audit.live,
                            "Ask for each user and key, instead of a credential report of up to 4 hours ago");

    audit_command->add_flag("--send", audit.send, "Send the findings to Security Hub in the region");

    auto* who_command = command("who", "Show who used an access key, from where and for what, by CloudTrail");
    who_command->add_option("ACCESS_KEY_ID", who.access_key_id, "The key")->required();

    auto* policy_command = command("policy", "The permissions that a rotation needs");
    policy_command->require_subcommand(1);
    const auto policy_subcommand = [&](const char* name, const char* help) {
        auto* sub = policy_command->add_subcommand(name, help);
        sub->fallthrough();
        sub->footer("Options of every command: see 'keytide --help'.");
        return sub;
    };
    auto* policy_print_command =
        policy_subcommand("print", "Print the least policy that lets keys be rotated");
    policy_print_command->add_option("--format", policy_print.format, "json, cloudformation or terraform")
        ->transform(CLI::CheckedTransformer(
            std::map<std::string, PolicyFormat>{{"json", PolicyFormat::json},
                                                {"cloudformation", PolicyFormat::cloudformation},
                                                {"terraform", PolicyFormat::terraform}}))
        ->type_name("FORMAT");
    policy_print_command
        ->add_option("--user-name", policy_print.user_name,
                     "IAM user whose key is rotated, instead of each principal's own")
        ->type_name("NAME");
    policy_print_command->add_flag("--administrator", policy_print.administrator,
                                   "For a principal that rotates the keys of others");
    policy_print_command
        ->add_option("--without", policy_print.without,
                     "Leave out what these guarantees need: list, soak, quiet, or all")
        ->delimiter(',')
        ->type_name("GUARANTEES")
        ->take_all()
        ->allow_extra_args(false);
    policy_print_command
        ->add_option("--deliver", policy_print.deliver,
                     "With what a destination of AWS needs, as 'keytide rotate' takes it")
        ->type_name("URI")
        ->take_all()
        ->allow_extra_args(false);

    auto* policy_check_command =
        policy_subcommand("check", "Tell what a policy allows, and what in it cannot mean what it says");
    policy_check_command->add_option("FILE", policy_check.file, "The policy as JSON; '-' for standard input");
    policy_check_command
        ->add_option("--user-name", policy_check.user_name,
                     "IAM user that has it; without FILE, its policies are read from AWS")
        ->type_name("NAME");

    auto* credentials_command =
        command("credentials", "Print a key of keytide.yaml for credential_process, with an expiration");
    credentials_command->add_option("NAME", credentials.name, "The key")->required();

    auto* setup_command =
        command("setup", "Write the profile NAME, which gets its key from 'keytide credentials'");
    setup_command->add_option("NAME", setup.name, "A key of keytide.yaml")->required();

    auto* serve_command = command(
        "serve", "Serve keys on loopback to the consumers that keytide.yaml names, as containers get theirs");

    auto* config_command = command("config", "keytide.yaml: keys by name, and where each is used");
    config_command->require_subcommand(1);
    const auto config_subcommand = [&](const char* name, const char* help) {
        auto* sub = config_command->add_subcommand(name, help);
        sub->fallthrough();
        sub->footer("Options of every command: see 'keytide --help'.");
        return sub;
    };
    auto* config_check_command = config_subcommand("check", "Tell all that is wrong in it");
    auto* config_show_command = config_subcommand("show", "Print what is in force");
    auto* config_schema_command = config_subcommand("schema", "Print its JSON Schema");

    auto* ledger_command =
        command("ledger", "The record of all rotations: check it, export it, change its key");
    ledger_command->require_subcommand(1);
    const auto ledger_subcommand = [&](const char* name, const char* help) {
        auto* sub = ledger_command->add_subcommand(name, help);
        sub->fallthrough();
        sub->footer("Options of every command: see 'keytide --help'.");
        return sub;
    };
    auto* ledger_verify_command =
        ledger_subcommand("verify", "Check every event, and the end against its anchor");
    auto* ledger_export_command =
        ledger_subcommand("export", "Write every event to standard output, one JSON object a line");
    auto* ledger_rekey_command =
        ledger_subcommand("rekey", "Change the sealing key, and seal again all that is sealed");
    ledger_rekey_command
        ->add_option("--new-key-file", ledger_rekey.new_key_file,
                     "File with the new key, as 32 bytes or in base64; '-' for standard input; otherwise one "
                     "is made")
        ->type_name("FILE");

    auto* evidence_command =
        command("evidence", "What rotations did, signed, for those who are to verify it");
    evidence_command->require_subcommand(1);
    const auto evidence_subcommand = [&](const char* name, const char* help) {
        auto* sub = evidence_command->add_subcommand(name, help);
        sub->fallthrough();
        sub->footer("Options of every command: see 'keytide --help'.");
        return sub;
    };
    auto* evidence_export_command =
        evidence_subcommand("export", "Write the events of a time to standard output, signed");
    evidence_export_command
        ->add_option("--from", evidence_export.from, "The first day or moment; otherwise all")
        ->type_name("TIME");
    evidence_export_command->add_option("--to", evidence_export.to, "The end, not included; otherwise now")
        ->type_name("TIME");
    auto* evidence_verify_command =
        evidence_subcommand("verify", "Check such a bundle, with nothing but the public key");
    evidence_verify_command->add_option("FILE", evidence_verify.file, "The bundle")->required();
    evidence_verify_command
        ->add_option("--public-key", evidence_verify.public_key, "The key, or a file that holds it")
        ->type_name("KEY")
        ->required();
    evidence_verify_command
        ->add_option("--anchor", evidence_verify.anchor,
                     "Where the ledger is known to have been: 'COUNT LINK', or a file that holds it")
        ->type_name("ANCHOR");
    auto* evidence_public_key_command =
        evidence_subcommand("public-key", "Print the key with which bundles are verified");

    auto* evidence_anchor_command = evidence_subcommand(
        "anchor", "Tell how far the ledger has come, for a place that this machine cannot rewrite");
    evidence_anchor_command
        ->add_option("--to", evidence_anchor.places,
                     "Where it is to be remembered (repeatable): file:PATH, s3://BUCKET/KEY, sns:TOPIC_ARN; "
                     "otherwise standard output")
        ->type_name("PLACE")
        ->take_all()
        ->allow_extra_args(false);

    auto* lab_command = command("lab", "Run a small AWS that checks signatures and permissions");
    lab_command->add_option("--listen", lab.listen, "Address and port; port 0 picks a free one")
        ->type_name("ADDRESS:PORT")
        ->capture_default_str();
    lab_command
        ->add_option("--env-file", lab.env_file, "File for the endpoint and root's key, as export lines")
        ->type_name("FILE")
        ->capture_default_str();
    lab_command->add_option("--account", lab.accounts, "Account number; may be given several times")
        ->type_name("NUMBER")
        ->allow_extra_args(false)
        ->capture_default_str();
    lab_command
        ->add_option("--root-key-file", lab.root_key_file,
                     "File with root's AWS_ACCESS_KEY_ID= and AWS_SECRET_ACCESS_KEY= lines")
        ->type_name("FILE");
    add_duration(lab_command, "--propagation", lab.propagation,
                 "Until changes of keys and policies are heard of");
    add_duration(lab_command, "--flapping", lab.flapping,
                 "After that, old and new answers alternate for so long");
    add_duration(lab_command, "--signature-window", lab.signature_window,
                 "How long a signature is good, up to the 15m of AWS");
    lab_command->add_option("--seed", lab.seed, "Of misbehaviour that is left to chance")
        ->type_name("NUMBER")
        ->capture_default_str();
    lab_command->add_option("--data", lab.data, "Folder that keeps what the lab holds; without it, memory")
        ->type_name("DIR");

    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& wanted) {
        app.exit(wanted);
        return Printed{};
    } catch (const CLI::ParseError& wrong) {
        return Misuse{{ErrorKind::usage, wrong.what(),
                       "'keytide --help' and 'keytide COMMAND --help' show what there is"},
                      wanted_output({argv, argv + argc})};
    }

    const auto output = asked.everywhere.output;
    if (output != Output::text && output != Output::json && !audit_command->parsed())
        return Misuse{{ErrorKind::usage, "only 'keytide audit' has this --output",
                       "every command prints text and json"},
                      Output::text};

    if (demo_command->parsed()) asked.command = Demo{};
    if (lab_command->parsed()) asked.command = lab;
    if (rotate_command->parsed()) asked.command = rotate;
    if (rehearse_command->parsed()) asked.command = rehearse;
    if (issue_command->parsed()) asked.command = issue;
    if (exec_command->parsed()) {
        take_name(exec, {argv, argv + argc});
        asked.command = exec;
    }
    if (resume_command->parsed()) asked.command = resume;
    if (rollback_command->parsed()) asked.command = rollback;
    if (abandon_command->parsed()) asked.command = abandon;
    if (ack_command->parsed()) asked.command = ack;
    if (status_command->parsed()) asked.command = Status{};
    if (history_command->parsed()) asked.command = history;
    if (doctor_command->parsed()) asked.command = doctor;
    if (audit_command->parsed()) asked.command = audit;
    if (policy_print_command->parsed()) asked.command = policy_print;
    if (policy_check_command->parsed()) asked.command = policy_check;
    if (credentials_command->parsed()) asked.command = credentials;
    if (setup_command->parsed()) asked.command = setup;
    if (serve_command->parsed()) asked.command = Serve{};
    if (config_check_command->parsed()) asked.command = ConfigCheck{};
    if (config_show_command->parsed()) asked.command = ConfigShow{};
    if (config_schema_command->parsed()) asked.command = ConfigSchema{};
    if (ledger_verify_command->parsed()) asked.command = LedgerVerify{};
    if (ledger_export_command->parsed()) asked.command = LedgerExport{};
    if (ledger_rekey_command->parsed()) asked.command = ledger_rekey;
    if (who_command->parsed()) asked.command = who;
    if (evidence_export_command->parsed()) asked.command = evidence_export;
    if (evidence_verify_command->parsed()) asked.command = evidence_verify;
    if (evidence_public_key_command->parsed()) asked.command = EvidencePublicKey{};
    if (evidence_anchor_command->parsed()) asked.command = evidence_anchor;
    return asked;
}

}  // namespace keytide::cli
