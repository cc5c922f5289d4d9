// A folder of this process alone, gone at its end.
#pragma once

#include <filesystem>

namespace keytide::cli {

class ScratchFolder {
public:
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }  // empty: none could be made

private:
    std::filesystem::path path_;
};

}  // namespace keytide::cli
