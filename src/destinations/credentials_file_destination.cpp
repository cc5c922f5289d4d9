#include "destinations/credentials_file_destination.hpp"

#include "credentials/credentials_file.hpp"

namespace keytide::destinations {
namespace {

class ProfileText final : public KeyText {
public:
    ProfileText(std::string path, credentials::FileKind kind, std::string profile)
        : path_(std::move(path)), kind_(kind), profile_(std::move(profile)) {}

    Result<std::optional<AccessKey>> read(std::string_view text) const override {
        const auto document = credentials::IniDocument::parse(text, path_);
        if (!document) return std::unexpected(document.error());
        return credentials::read_key(*document, kind_, profile_);
    }

    Result<WipedString> write(std::string_view text, const AccessKey& key) const override {
        const auto document = credentials::IniDocument::parse(text, path_);
        if (!document) return std::unexpected(document.error());
        const auto written = credentials::write_key(*document, kind_, profile_, key);
        if (!written) return std::unexpected(written.error());
        return written->text();
    }

private:
    std::string path_;
    credentials::FileKind kind_;
    std::string profile_;
};

}  // namespace

std::unique_ptr<KeyText> profile_text(std::string path, credentials::FileKind kind, std::string profile) {
    return std::make_unique<ProfileText>(std::move(path), kind, std::move(profile));
}

}  // namespace keytide::destinations
