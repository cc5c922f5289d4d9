#include "http/wiping_allocation.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace keytide::http {

void* plain_malloc(std::size_t size) {
    return std::malloc(size);
}
void* plain_calloc(std::size_t count, std::size_t size) {
    return std::calloc(count, size);
}
char* plain_strdup(const char* text) {
    return strdup(text);
}

void wiping_free(void* memory) {
    if (memory == nullptr) return;
    explicit_bzero(memory, malloc_usable_size(memory));
    std::free(memory);
}

// The C library's own would leave the old place as it was whenever it moves.
void* wiping_realloc(void* memory, std::size_t size) {
    if (memory == nullptr) return std::malloc(size);
    const auto held = malloc_usable_size(memory);
    if (size != 0 && size <= held) return memory;
    void* moved = std::malloc(size);
    if (moved == nullptr) return nullptr;
    std::memcpy(moved, memory, std::min(held, size));
    wiping_free(memory);
    return moved;
}

}  // namespace keytide::http
