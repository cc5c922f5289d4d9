#include "compliance/credential_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "vocabulary/identity.hpp"
#include "vocabulary/printable.hpp"

namespace keytide::compliance {
namespace {

constexpr std::string_view root_name = "<root_account>";

// One line of CSV after the other. https://www.rfc-editor.org/rfc/rfc4180
class Lines {
public:
    explicit Lines(std::string_view text) : rest_(text) {}

    // False at the end. A quote that does not end makes the line one of no fields.
    bool next(std::vector<std::string>& fields) {
        std::size_t count = 0;
        const auto field = [&]() -> std::string& {
            if (count == fields.size()) fields.emplace_back();
            fields[count].clear();
            return fields[count++];
        };
        if (rest_.empty()) return false;
        for (bool more = true; more;) {
            auto& to = field();
            if (rest_.starts_with('"')) {
                if (!quoted(to)) {
                    fields.clear();
                    return true;
                }
            } else {
                const auto end = std::min(rest_.find_first_of(",\n"), rest_.size());
                to = rest_.substr(0, end);
                rest_.remove_prefix(end);
            }
            more = rest_.starts_with(',');
            if (!rest_.empty()) rest_.remove_prefix(1);
        }
        fields.resize(count);
        if (fields.back().ends_with('\r')) fields.back().pop_back();
        return true;
    }

private:
    bool quoted(std::string& to) {
        rest_.remove_prefix(1);
        for (;;) {
            const auto end = rest_.find('"');
            if (end == std::string_view::npos) {
                rest_ = {};
                return false;
            }
            to += rest_.substr(0, end);
            rest_.remove_prefix(end + 1);
            if (!rest_.starts_with('"')) break;
            to += '"';
            rest_.remove_prefix(1);
        }
        const auto end = std::min(rest_.find_first_of(",\n"), rest_.size());
        rest_.remove_prefix(end);
        return true;
    }

    std::string_view rest_;
};

constexpr auto missing = std::size_t(-1);

// Where each column stands.
struct Columns {
    struct OfKey {
        std::size_t active = missing, rotated = missing, used = missing, region = missing, service = missing;
    };
    std::size_t user = missing, arn = missing, created = missing;
    std::size_t password = missing, password_used = missing, password_changed = missing;
    std::array<OfKey, 2> keys;

    Result<void> read(const std::vector<std::string>& header) {
        const std::array<std::pair<std::string_view, std::size_t*>, 16> wanted{{
            {"user", &user},
            {"arn", &arn},
            {"user_creation_time", &created},
            {"password_enabled", &password},
            {"password_last_used", &password_used},
            {"password_last_changed", &password_changed},
            {"access_key_1_active", &keys[0].active},
            {"access_key_1_last_rotated", &keys[0].rotated},
            {"access_key_1_last_used_date", &keys[0].used},
            {"access_key_1_last_used_region", &keys[0].region},
            {"access_key_1_last_used_service", &keys[0].service},
            {"access_key_2_active", &keys[1].active},
            {"access_key_2_last_rotated", &keys[1].rotated},
            {"access_key_2_last_used_date", &keys[1].used},
            {"access_key_2_last_used_region", &keys[1].region},
            {"access_key_2_last_used_service", &keys[1].service},
        }};
        for (const auto& [name, place] : wanted)
            for (std::size_t i = 0; i < header.size(); ++i)
                if (header[i] == name) *place = i;
        for (const auto& [name, place] : wanted)
            if (*place == missing) return failed(fmt::format("the credential report has no column {}", name));
        return {};
    }
};

bool is_true(std::string_view text) {
    return text == "true" || text == "TRUE";
}

bool is_nothing(std::string_view text) {
    return text == "N/A" || text == "no_information" || text == "not_supported" || text.empty();
}

// A line, read by the names of its columns.
class Row {
public:
    Row(const Columns& columns, const std::vector<std::string>& fields)
        : columns_(columns), fields_(fields) {}

    const std::string& user() const { return fields_[columns_.user]; }
    const std::string& arn() const { return fields_[columns_.arn]; }
    bool understood() const { return understood_; }

    std::optional<Instant> time(std::size_t column) {
        const auto& text = fields_[column];
        if (is_nothing(text)) return std::nullopt;
        const auto at = parse_rfc3339(text);
        understood_ = understood_ && at.has_value();
        return at;
    }
    bool truth(std::size_t column) {
        const auto& text = fields_[column];
        const bool value = is_true(text);
        understood_ = understood_ && (value || text == "false" || text == "FALSE" || is_nothing(text));
        return value;
    }
    std::string word(std::size_t column) const {
        return is_nothing(fields_[column]) ? std::string() : printable(fields_[column]);
    }
    Use use(std::size_t column) {
        Use use{.known = true, .at = time(column)};
        return use;
    }

    std::optional<Key> key(const Columns::OfKey& at) {
        const bool active = truth(at.active);
        auto created = time(at.rotated);
        auto used = use(at.used);
        if (!active && !created && !used.at) return std::nullopt;
        used.region = word(at.region);
        used.service = word(at.service);
        return Key{std::nullopt, active ? KeyStatus::active : KeyStatus::inactive, created, std::move(used)};
    }

private:
    const Columns& columns_;
    const std::vector<std::string>& fields_;
    bool understood_ = true;
};

}  // namespace

Result<Account> read_credential_report(std::string_view csv) {
    Lines lines(csv);
    std::vector<std::string> fields;
    Columns columns;
    if (!lines.next(fields)) return failed("the credential report is empty");
    const auto width = fields.size();
    if (const auto ok = columns.read(fields); !ok) return std::unexpected(ok.error());

    Account account;
    for (std::size_t line = 2; lines.next(fields); ++line) {
        if (fields.size() == 1 && fields[0].empty()) continue;
        if (fields.size() != width)
            return failed(fmt::format("the credential report has {} columns in line {} and {} in its first",
                                      fields.size(), line, width));
        Row row(columns, fields);
        std::vector<Key> keys;
        for (const auto& at : columns.keys)
            if (auto key = row.key(at)) keys.push_back(std::move(*key));
        if (row.user() == root_name) {
            account.root_has_key = !keys.empty();
            if (const auto arn = Arn::parse(row.arn())) {
                account.id = arn->account;
                account.partition = arn->partition;
            }
        } else {
            User user{.name = printable(row.user()),
                      .arn = printable(row.arn()),
                      .created = row.time(columns.created)};
            user.password = {.known = true,
                             .enabled = row.truth(columns.password),
                             .use = row.use(columns.password_used),
                             .changed = row.time(columns.password_changed)};
            user.keys = std::move(keys);
            account.users.push_back(std::move(user));
        }
        if (!row.understood())
            return failed(fmt::format("line {} of the credential report cannot be understood", line));
    }
    if (!account.root_has_key)
        return failed("the credential report has no line for the root user, and may not be whole");
    return account;
}

}  // namespace keytide::compliance
