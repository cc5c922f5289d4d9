// A string whose memory is wiped when it is freed: for texts that must hold a secret on their way somewhere
// (a credentials file, a JSON body, an answer of CreateAccessKey).
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <string>

namespace keytide {

template <class T>
struct WipingAllocator {
    using value_type = T;
    WipingAllocator() = default;
    template <class U>
    WipingAllocator(const WipingAllocator<U>&) {}  // NOLINT(google-explicit-constructor): allocators convert

    T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T))); }
    void deallocate(T* p, std::size_t n) {
        explicit_bzero(p, n * sizeof(T));
        ::operator delete(p);
    }
    bool operator==(const WipingAllocator&) const { return true; }
};

// Short texts would live inside the object, out of the allocator's reach; reserve() more than 15 bytes before
// a secret goes in, or let it hold more than that anyway, as every secret access key does.
using WipedString = std::basic_string<char, std::char_traits<char>, WipingAllocator<char>>;

}  // namespace keytide
