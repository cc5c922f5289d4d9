// malloc and its family, wiping what they free: for C and C++ libraries through whose buffers a secret passes
// and that let their memory functions be chosen (libcurl, pugixml).
#pragma once

#include <cstddef>

namespace keytide::http {

void* plain_malloc(std::size_t size);
void* plain_calloc(std::size_t count, std::size_t size);
char* plain_strdup(const char* text);
void wiping_free(void* memory);
void* wiping_realloc(void* memory, std::size_t size);

}  // namespace keytide::http
