#include "vocabulary/secret.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace keytide {

Secret::Secret(std::string_view bytes)
    : bytes_(bytes.empty() ? nullptr : new char[bytes.size()]), size_(bytes.size()) {
    std::copy(bytes.begin(), bytes.end(), bytes_);
}

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::exchange(other.bytes_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    return *this;
}

Secret::~Secret() {
    if (bytes_ == nullptr) return;
    explicit_bzero(bytes_, size_);
    delete[] bytes_;
}

bool Secret::same_as(const Secret& other) const {
    if (size_ != other.size_) return false;
    unsigned char difference = 0;
    for (std::size_t i = 0; i < size_; ++i)
        difference |= static_cast<unsigned char>(bytes_[i] ^ other.bytes_[i]);
    return difference == 0;
}

}  // namespace keytide
