#include "http/libcurl.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "http/wiping_allocation.hpp"

namespace keytide::http {
namespace {

// As Debian's packages name the one that speaks TLS by OpenSSL.
constexpr auto name_of_library = "libcurl.so.4";

class Loading {
public:
    Loading() : library_(dlopen(name_of_library, RTLD_LAZY | RTLD_LOCAL)) {
        if (library_ == nullptr) give_up();
    }

    template <class Function>
    void take(Function& function, const char* name) const {
        function = reinterpret_cast<Function>(dlsym(library_, name));  // POSIX dlsym(3) says that it may be
        if (function == nullptr) give_up();
    }

private:
    [[noreturn]] static void give_up() {
        std::fprintf(stderr, "keytide: error while loading shared libraries: %s\n", dlerror());
        _exit(127);
    }
    void* library_;
};

// libcurl's memory functions are chosen once for the process: secrets pass through its buffers.
Libcurl loaded() {
    const Loading from;
    Libcurl c{};
    from.take(c.global_init_mem, "curl_global_init_mem");
    from.take(c.easy_init, "curl_easy_init");
    from.take(c.easy_setopt, "curl_easy_setopt");
    from.take(c.easy_perform, "curl_easy_perform");
    from.take(c.easy_getinfo, "curl_easy_getinfo");
    from.take(c.easy_cleanup, "curl_easy_cleanup");
    from.take(c.easy_strerror, "curl_easy_strerror");
    from.take(c.slist_append, "curl_slist_append");
    from.take(c.slist_free_all, "curl_slist_free_all");
    from.take(c.url, "curl_url");
    from.take(c.url_set, "curl_url_set");
    from.take(c.url_get, "curl_url_get");
    from.take(c.url_cleanup, "curl_url_cleanup");
    from.take(c.free, "curl_free");
    const auto done = c.global_init_mem(CURL_GLOBAL_DEFAULT, plain_malloc, wiping_free, wiping_realloc,
                                        plain_strdup, plain_calloc);
    if (done != CURLE_OK) std::terminate();
    return c;
}

}  // namespace

const Libcurl& libcurl() {
    static const Libcurl functions = loaded();
    return functions;
}

}  // namespace keytide::http
