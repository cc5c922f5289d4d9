#include "lab/concealed_passwords.hpp"

#include <algorithm>
#include <array>

#include "lab/state/passwords.hpp"
#include "signature/percent_encoding.hpp"

namespace keytide::lab {
namespace {

constexpr std::array<std::string_view, 3> actions{"CreateLoginProfile", "UpdateLoginProfile",
                                                  "ChangePassword"};
constexpr std::array<std::string_view, 3> passwords{"Password", "OldPassword", "NewPassword"};

template <std::size_t count>
bool is_one_of(const std::array<std::string_view, count>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string to_form(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string form;
    for (const auto& [name, value] : fields) {
        if (!form.empty()) form += '&';
        signature::append_encoded(form, name);
        form += '=';
        signature::append_encoded(form, value);
    }
    return form;
}

// The unique id of whose password it is; the name of a user who is not there.
std::string salt_of(const Parameters& form, const Account& account, const Caller& caller) {
    auto name = caller.user_name.value_or("");
    if (form.get("Action") != "ChangePassword") name = form.get("UserName", name);
    const auto* user = account.users().find(name);
    return user != nullptr ? user->id : name;
}

}  // namespace

bool brings_password(const Parameters& form) {
    return is_one_of(actions, form.get("Action")) &&
           std::any_of(passwords.begin(), passwords.end(),
                       [&](std::string_view name) { return form.has(name); });
}

Parameters with_stand_ins(const Parameters& form, const Account& account, const Caller& caller) {
    const auto salt = salt_of(form, account, caller);
    auto fields = form.fields();
    for (auto& [name, value] : fields)
        if (is_one_of(passwords, name)) value = stand_in_for(value, salt);
    return Parameters::parse(to_form(fields));
}

Request with_form(Request request, const Parameters& form, const AccessKey& key, const Caller& caller,
                  Instant signed_at) {
    constexpr std::array<std::string_view, 8> of_the_former{
        "Authorization",    "X-Amz-Date",   "X-Amz-Content-SHA256", "X-Amz-Security-Token",
        "Content-Encoding", "Content-Type", "Content-Length",       "X-Amz-Decoded-Content-Length"};
    std::erase_if(request.headers, [&](const HeaderField& header) {
        return std::any_of(of_the_former.begin(), of_the_former.end(), [&](std::string_view name) {
            return signature::same_header_name(header.name, name);
        });
    });
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"});
    request.method = "POST";
    request.query.clear();
    request.body = to_form(form.fields());
    signature::WireRequest wire{request.method, request.path, request.query, std::move(request.headers),
                                signature::sha256_hex(request.body)};
    signature::sign(wire, key, caller.region, "iam", signed_at);
    request.headers = std::move(wire.headers);
    return request;
}

}  // namespace keytide::lab
