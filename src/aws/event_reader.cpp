#include "aws/event_reader.hpp"

#include <utility>

#include "vocabulary/printable.hpp"

namespace keytide::aws {
namespace {

using ports::Answer;
using ports::HistoricEvent;
using ports::HistoryPage;

std::string text_in(const JsonDocument& document, const std::string& pointer) {
    return printable(document.text(pointer).value_or(""));
}

// What the list tells itself, and the event's own record more of it.
std::optional<HistoricEvent> event_at(const JsonDocument& answer, const std::string& pointer) {
    const auto seconds = answer.real(pointer + "/EventTime");  // since 1970
    if (!seconds) return std::nullopt;
    HistoricEvent event{.at = Instant{Duration{Duration::rep(*seconds * 1000)}},
                        .name = text_in(answer, pointer + "/EventName"),
                        .source = text_in(answer, pointer + "/EventSource"),
                        .principal = text_in(answer, pointer + "/Username")};
    const auto record = JsonDocument::parse(answer.text(pointer + "/CloudTrailEvent").value_or(""));
    if (!record) return event;
    event.address = text_in(*record, "/sourceIPAddress");
    event.user_agent = text_in(*record, "/userAgent");
    event.error = text_in(*record, "/errorCode");
    if (auto arn = text_in(*record, "/userIdentity/arn"); !arn.empty()) event.principal = std::move(arn);
    return event;
}

WipedString key_attribute(const AccessKeyId& key) {
    return WipedString("[{\"AttributeKey\":\"AccessKeyId\",\"AttributeValue\":\"" + key.text() + "\"}]");
}

}  // namespace

Answer<HistoryPage> EventReader::uses_of(const AccessKey& signer, const AccessKeyId& key,
                                         std::string_view next) {
    JsonMembers members;
    members.emplace_back("LookupAttributes", key_attribute(key));
    members.emplace_back("MaxResults", WipedString("50"));
    if (!next.empty()) members.emplace_back("NextToken", json_text(next));
    const auto answer = cloudtrail_.call("LookupEvents", members, signer, clock_.now(), false);
    if (!answer) return to_answer<HistoryPage>(answer.error(), std::nullopt);
    if (!answer->has("/Events")) return {ports::Indeterminate{"the answer holds no Events"}};
    HistoryPage page{.next = std::string(answer->text("/NextToken").value_or(""))};
    for (std::size_t i = 0; i < answer->size("/Events"); ++i) {
        auto event = event_at(*answer, "/Events/" + std::to_string(i));
        if (!event) return {ports::Indeterminate{"the answer holds what is no event"}};
        page.events.push_back(std::move(*event));
    }
    return {std::move(page)};
}

}  // namespace keytide::aws
