// A destination in a file as a Place of the conformance suite.
#pragma once

#include "credentials/failing_disk.hpp"
#include "destinations/conformance.hpp"

namespace keytide::destinations {

class FilePlace final : public Place {
public:
    explicit FilePlace(const Subject& subject) : subject_(subject) {
        for (const auto& [name, text] : subject.beside) folder_.write(name, text);
    }

    std::unique_ptr<ports::Destination> open() override {
        auto opened =
            open_destination(subject_.scheme + ":the%20file" + subject_.parameters, {{folder_.path(), ""}});
        if (!opened) throw std::runtime_error(opened.error().message);
        return std::move(*opened);
    }
    std::string name() override { return path(); }
    void put(const Pair& pair) override {
        std::filesystem::remove_all(path());
        folder_.write("the file",
                      pair == nothing ? subject_.without_key : subject_.with_key(pair.id, pair.secret));
        filled_ = pair != nothing;
    }
    Pair held() override {
        const auto key = open()->read();
        if (!key || !*key) return nothing;
        return {(*key)->id.text(), std::string((*key)->secret.reveal())};
    }
    // With the pair taken out of it: a file that had none may have got lines that hold it.
    std::string rest() override {
        const auto pair = held();
        const auto text = credentials::text_at(path());
        if (subject_.filled && !filled_) {
            const bool is_whole =
                text == subject_.without_key || text == subject_.filled(pair.id, pair.secret);
            return is_whole ? "as its owner wrote it" : text;
        }
        if (!filled_) return text.substr(0, subject_.without_key.size());
        return text == subject_.with_key(pair.id, pair.secret) ? "as its owner wrote it" : text;
    }
    bool strike(Fault fault) override {
        using credentials::DiskCall;
        switch (fault) {
            case Fault::unreachable: disk_.emplace(DiskCall::rename, EROFS); return true;
            case Fault::full: disk_.emplace(DiskCall::write, ENOSPC); return true;
            case Fault::answer_lost: disk_.emplace(DiskCall::sync_folder, EIO); return true;
            case Fault::wrong_type:
                std::filesystem::remove(path());
                std::filesystem::create_directory(path());
                return true;
            default: return false;
        }
    }
    void heal() override { disk_.reset(); }

private:
    std::string path() const { return folder_ / "the file"; }

    const Subject subject_;
    credentials::ScratchFolder folder_;
    std::optional<credentials::FailingDisk> disk_;
    bool filled_ = false;
};

inline Habitat habitat_of(const Subject& subject) {
    return {subject.name, [subject] { return std::make_unique<FilePlace>(subject); }, 4};
}

}  // namespace keytide::destinations
