#include "destinations/file_destination.hpp"

#include <algorithm>

#include "credentials/atomic_file.hpp"

namespace keytide::destinations {
namespace {

using namespace ports;

class FileDestination final : public Destination {
public:
    FileDestination(std::string uri, std::string path, std::unique_ptr<KeyText> text)
        : uri_(std::move(uri)), path_(std::move(path)), text_(std::move(text)) {}

    std::string uri() const override { return uri_; }
    Capabilities capabilities() const override {
        return {.readable = true, .restorable = true, .atomic = true};
    }

    Result<std::optional<AccessKey>> read() override {
        const auto content = credentials::read_regular_file(path_);
        if (!content) return std::unexpected(named(content.error()));
        return text_->read(bytes_of(*content));
    }

    // The lock is a file in the same folder, as the temporary file will be.
    Result<void> check_writable() override {
        const auto lock = credentials::FileLock::take(path_);
        if (!lock) return std::unexpected(named(lock.error()));
        const auto content = credentials::read_regular_file(lock->path());
        if (!content) return std::unexpected(named(content.error()));
        const auto held = text_->read(bytes_of(*content));
        if (!held) return std::unexpected(held.error());
        if (!*held) return {};
        if (const auto text = text_->write(bytes_of(*content), **held); !text)
            return std::unexpected(text.error());
        return {};
    }

    DeliverAnswer deliver(const AccessKey& key, std::span<const AccessKeyId> replaceable) override {
        const auto lock = credentials::FileLock::take(path_);
        if (!lock) return DeliverRefused{named(lock.error())};
        const auto content = credentials::read_regular_file(lock->path());
        if (!content) return DeliverRefused{named(content.error())};
        const auto held = text_->read(bytes_of(*content));
        if (!held) return DeliverRefused{held.error()};

        if (*held && (*held)->same_as(key) && (*held)->session_token.empty()) {
            // Perhaps our own last run wrote it and was cut short before it was durable.
            if (auto ok = credentials::make_durable(*lock); !ok) return DeliverUnknown{named(ok.error())};
            return DeliverDone{};
        }
        if (*held && std::ranges::find(replaceable, (*held)->id) == replaceable.end())
            return DeliverStranger{(*held)->id};

        const auto text = text_->write(bytes_of(*content), key);
        if (!text) return DeliverRefused{text.error()};
        const auto replaced = credentials::replace_file(*lock, *content, *text);
        if (replaced) return DeliverDone{};
        if (replaced.error().may_have_happened) return DeliverUnknown{named(replaced.error().error)};
        return DeliverRefused{named(replaced.error().error)};
    }

private:
    // What failed may have been its folder, its lock or its temporary file.
    Error named(Error error) const {
        if (error.message.find(path_) == std::string::npos) error.message = path_ + ": " + error.message;
        return error;
    }
    static std::string_view bytes_of(const std::optional<credentials::FileContent>& content) {
        return content ? std::string_view(content->bytes) : std::string_view();
    }

    std::string uri_, path_;
    std::unique_ptr<KeyText> text_;
};

}  // namespace

std::unique_ptr<Destination> file_destination(std::string uri, std::string path,
                                              std::unique_ptr<KeyText> text) {
    return std::make_unique<FileDestination>(std::move(uri), std::move(path), std::move(text));
}

}  // namespace keytide::destinations
