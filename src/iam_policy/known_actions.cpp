#include "iam_policy/known_actions.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "iam_policy/known_actions_text.hpp"
#include "iam_policy/lower_case.hpp"

namespace keytide::iam_policy {
namespace {

// Operations of S3's API whose action has another name.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
struct Renamed {
    std::string_view operation, action;
};
constexpr std::array renamed{
    Renamed{"s3:listbuckets", "s3:ListAllMyBuckets"},
    Renamed{"s3:headbucket", "s3:ListBucket"},
    Renamed{"s3:listobjects", "s3:ListBucket"},
    Renamed{"s3:listobjectsv2", "s3:ListBucket"},
    Renamed{"s3:listobjectversions", "s3:ListBucketVersions"},
    Renamed{"s3:listmultipartuploads", "s3:ListBucketMultipartUploads"},
    Renamed{"s3:listparts", "s3:ListMultipartUploadParts"},
    Renamed{"s3:headobject", "s3:GetObject"},
    Renamed{"s3:selectobjectcontent", "s3:GetObject"},
    Renamed{"s3:deleteobjects", "s3:DeleteObject"},
    Renamed{"s3:copyobject", "s3:PutObject"},
    Renamed{"s3:postobject", "s3:PutObject"},
    Renamed{"s3:createmultipartupload", "s3:PutObject"},
    Renamed{"s3:uploadpart", "s3:PutObject"},
    Renamed{"s3:uploadpartcopy", "s3:PutObject"},
    Renamed{"s3:completemultipartupload", "s3:PutObject"},
    Renamed{"s3:getbucketencryption", "s3:GetEncryptionConfiguration"},
    Renamed{"s3:putbucketencryption", "s3:PutEncryptionConfiguration"},
    Renamed{"s3:deletebucketencryption", "s3:PutEncryptionConfiguration"},
    Renamed{"s3:getbucketlifecycle", "s3:GetLifecycleConfiguration"},
    Renamed{"s3:getbucketlifecycleconfiguration", "s3:GetLifecycleConfiguration"},
    Renamed{"s3:putbucketlifecycle", "s3:PutLifecycleConfiguration"},
    Renamed{"s3:putbucketlifecycleconfiguration", "s3:PutLifecycleConfiguration"},
    Renamed{"s3:deletebucketlifecycle", "s3:PutLifecycleConfiguration"},
    Renamed{"s3:getbucketreplication", "s3:GetReplicationConfiguration"},
    Renamed{"s3:putbucketreplication", "s3:PutReplicationConfiguration"},
    Renamed{"s3:deletebucketreplication", "s3:PutReplicationConfiguration"},
    Renamed{"s3:deletebucketcors", "s3:PutBucketCORS"},
    Renamed{"s3:deletebuckettagging", "s3:PutBucketTagging"},
    Renamed{"s3:getpublicaccessblock", "s3:GetBucketPublicAccessBlock"},
    Renamed{"s3:putpublicaccessblock", "s3:PutBucketPublicAccessBlock"},
    Renamed{"s3:deletepublicaccessblock", "s3:PutBucketPublicAccessBlock"},
    Renamed{"s3:getbucketnotificationconfiguration", "s3:GetBucketNotification"},
    Renamed{"s3:putbucketnotificationconfiguration", "s3:PutBucketNotification"},
};

std::string_view take_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    const auto word = line.substr(0, line.find(' '));
    line.remove_prefix(word.size());
    return word;
}

// How many letters have to be put in, taken away or replaced (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

KnownActions KnownActions::of_aws() {
    KnownActions known;
    std::vector<KnownAction>* service = nullptr;
    std::map<std::string_view, std::string_view> forms;
    for (std::string_view text = known_actions_text; !text.empty();) {
        auto line = take_line(text);
        if (line.empty() || line.front() == '#') continue;
        std::vector<std::string_view> types;
        auto word = take_word(line);
        for (; !word.empty() && word != ":" && word != "="; word = take_word(line)) types.push_back(word);
        if (types.front() == "service") {
            service = &known.services_[types.back()];
            forms.clear();
        } else if (word == "=") {
            forms[types.front()] = take_word(line);
        } else if (service != nullptr) {
            std::vector<std::string_view> of_types;
            for (const auto type : types)
                if (type != "-") of_types.push_back(forms[type]);
            while (!(word = take_word(line)).empty()) service->push_back({word, of_types});
        }
    }
    return known;
}

bool KnownActions::knows_service(std::string_view service) const {
    return services_.contains(service);
}

std::vector<const KnownAction*> KnownActions::of_service(std::string_view service) const {
    std::vector<const KnownAction*> result;
    if (const auto found = services_.find(service); found != services_.end())
        for (const auto& action : found->second) result.push_back(&action);
    return result;
}

std::string KnownActions::suggestion_for(std::string_view action) const {
    const auto folded = lower_case(action);
    for (const auto& [operation, needed] : renamed)
        if (folded == operation) return std::string(needed);
    const auto colon = folded.find(':');
    const auto service = folded.substr(0, colon);
    const auto name = folded.substr(colon == std::string::npos ? folded.size() : colon + 1);
    std::string_view nearest;
    auto best = name.size() / 3 + 1;  // beyond that it is another name
    for (const auto* known : of_service(service))
        if (const auto far = distance(name, lower_case(known->name)); far < best) {
            best = far;
            nearest = known->name;
        }
    return nearest.empty() ? "" : service + ":" + std::string(nearest);
}

}  // namespace keytide::iam_policy
