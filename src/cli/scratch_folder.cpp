#include "cli/scratch_folder.hpp"

#include <stdlib.h>

#include <string>

namespace keytide::cli {

ScratchFolder::ScratchFolder() {
    std::error_code none;
    auto name = (std::filesystem::temp_directory_path(none) / "keytide-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace keytide::cli
