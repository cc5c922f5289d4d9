// A secret access key, a session token, a sealing key: bytes that nobody should see.
//
// The type cannot be printed, cannot be copied by accident, and is compared in constant time only. Its memory
// is wiped when it is let go. Whoever calls reveal() answers for where the bytes go next.
#pragma once

#include <cstddef>
#include <string_view>

namespace keytide {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view bytes);  // copies; the caller wipes its own copy
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    // A deliberate second copy, wiped like the first.
    Secret clone() const { return Secret(reveal()); }

    std::string_view reveal() const { return {bytes_, size_}; }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

    // Takes time that depends on the lengths only.
    bool same_as(const Secret& other) const;

private:
    char* bytes_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace keytide
