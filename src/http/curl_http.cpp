#include "http/curl_http.hpp"

#include <fcntl.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <string_view>

#include "http/libcurl.hpp"
#include "http/proxy.hpp"

namespace keytide::http {
namespace {

// OpenSSL writes to sockets with write(), and a server that has gone must be an answer, not the end of the
// program. Only this thread's signal is held, and only for one call.
class HeldSigpipe {
public:
    HeldSigpipe() {
        sigset_t pending;
        sigpending(&pending);
        was_pending_ = sigismember(&pending, SIGPIPE) == 1;
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    ~HeldSigpipe() {
        const timespec now{0, 0};
        if (!was_pending_) sigtimedwait(&pipe_, nullptr, &now);
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    HeldSigpipe(const HeldSigpipe&) = delete;
    HeldSigpipe& operator=(const HeldSigpipe&) = delete;

private:
    sigset_t pipe_, before_;
    bool was_pending_;
};

// One call: what libcurl's callbacks read and write.
struct Call {
    const HttpRequest& request;
    const CurlOptions& options;
    HttpReply reply;
    bool started = false;  // the connection stood, and libcurl was about to send
    bool too_large = false;
    bool was_interrupted = false;
};

// A child that inherited the socket would keep it open after our death; and with SO_LINGER 0 our death drops
// what the kernel has not sent yet, so that nothing of a changing call leaves afterwards.
curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* address) {
    const auto& call = *static_cast<Call*>(user);
    const int number = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    const linger drop{.l_onoff = 1, .l_linger = 0};
    if (number >= 0 && call.request.changing &&
        setsockopt(number, SOL_SOCKET, SO_LINGER, &drop, sizeof drop) != 0) {
        close(number);
        return CURL_SOCKET_BAD;
    }
    return number < 0 ? CURL_SOCKET_BAD : number;
}

// libcurl calls this when name, connection, proxy and TLS are done and the request is next: before it,
// nothing of the request has left.
int about_to_send(void* user, char*, char*, int, int) {
    auto& call = *static_cast<Call*>(user);
    if (call.options.interrupted && call.options.interrupted()) {
        call.was_interrupted = true;
        return CURL_PREREQFUNC_ABORT;
    }
    call.started = true;
    return CURL_PREREQFUNC_OK;
}

int progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& call = *static_cast<Call*>(user);
    const bool may_have_left = call.request.changing && call.started;
    if (!may_have_left && call.options.interrupted && call.options.interrupted()) call.was_interrupted = true;
    return call.was_interrupted ? 1 : 0;
}

std::size_t receive_header(char* bytes, std::size_t, std::size_t size, void* user) {
    auto& call = *static_cast<Call*>(user);
    std::string_view line(bytes, size);
    if (line.starts_with("HTTP/")) call.reply.date.reset();  // an interim answer came before
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !signature::same_header_name(line.substr(0, colon), "date"))
        return size;
    line.remove_prefix(colon + 1);
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    while (!line.empty() && std::string_view(" \t\r\n").find(line.back()) != std::string_view::npos)
        line.remove_suffix(1);
    call.reply.date = parse_http_date(line);
    return size;
}

std::size_t receive_body(char* bytes, std::size_t, std::size_t size, void* user) {
    auto& call = *static_cast<Call*>(user);
    if (call.reply.body.size() + size > call.options.largest_body) {
        call.too_large = true;
        return size + 1;
    }
    call.reply.body.append(bytes, size);
    return size;
}

CURLcode configure_tls(CURL*, void* context, void*) {
    SSL_CTX_set_options(static_cast<SSL_CTX*>(context), SSL_OP_CLEANSE_PLAINTEXT);
    return CURLE_OK;
}

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

bool add_header(HeaderList& list, const std::string& line) {
    auto* longer = libcurl().slist_append(list.get(), line.c_str());
    if (longer == nullptr) return false;
    static_cast<void>(list.release());
    list.reset(longer);
    return true;
}

bool add_headers(HeaderList& list, const HttpRequest& request) {
    for (const auto& [name, value] : request.headers)
        if (!add_header(list, name + (value.empty() ? ";" : ": " + value))) return false;
    // Without these libcurl would add its own, and wait for a 100.
    return add_header(list, "Expect:") && add_header(list, "Accept:") && add_header(list, "Content-Type:");
}

// True when every option was taken: an option that was not could mean a retry, or an unverified server.
bool configure(CURL* curl, Call& call, const HeaderList& headers, const std::string& proxy) {
    bool good = true;
    const auto set = [&](CURLoption option, auto value) {
        good = good && libcurl().easy_setopt(curl, option, value) == CURLE_OK;
    };
    const auto& request = call.request;
    const auto& options = call.options;

    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    set(CURLOPT_HTTPHEADER, headers.get());
    if (request.method != "GET") {
        set(CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.size()));
        set(CURLOPT_POSTFIELDS, request.body.c_str());
    }

    set(CURLOPT_HTTP_VERSION, long(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    set(CURLOPT_OPENSOCKETDATA, &call);
    set(CURLOPT_PREREQFUNCTION, &about_to_send);
    set(CURLOPT_PREREQDATA, &call);

    set(CURLOPT_PROXY, proxy.c_str());  // "" keeps libcurl from reading the environment its own way
    set(CURLOPT_NOPROXY, "");
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);

    set(CURLOPT_SSLVERSION, long(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSL_CTX_FUNCTION, &configure_tls);
    if (!options.ca_bundle.empty()) {
        set(CURLOPT_CAINFO, options.ca_bundle.c_str());
        set(CURLOPT_CAPATH, nullptr);
    }
    const auto set_pem = [&](CURLoption option, std::string_view pem) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): libcurl only reads it
        curl_blob blob{const_cast<char*>(pem.data()), pem.size(), CURL_BLOB_NOCOPY};
        if (!pem.empty()) set(option, &blob);
    };
    const auto& tls = options.tls;
    if (!tls.authorities.empty()) {
        set(CURLOPT_CAINFO, nullptr);
        set(CURLOPT_CAPATH, nullptr);
    }
    set_pem(CURLOPT_CAINFO_BLOB, tls.authorities);
    set_pem(CURLOPT_SSLCERT_BLOB, tls.client_certificate);
    set_pem(CURLOPT_SSLKEY_BLOB, tls.client_key);

    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, long(options.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, long(options.total_timeout.count()));
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &progress);
    set(CURLOPT_XFERINFODATA, &call);
    set(CURLOPT_HEADERFUNCTION, &receive_header);
    set(CURLOPT_HEADERDATA, &call);
    set(CURLOPT_WRITEFUNCTION, &receive_body);
    set(CURLOPT_WRITEDATA, &call);
    return good;
}

std::string reason_of(const Call& call, CURLcode code, const char* detail) {
    if (call.was_interrupted) return "interrupted";
    if (call.too_large)
        return "the answer is larger than " + std::to_string(call.options.largest_body) + " bytes";
    return *detail != '\0' ? detail : libcurl().easy_strerror(code);
}

}  // namespace

CurlHttp::CurlHttp(CurlOptions options) : options_(std::move(options)) {}

std::expected<HttpReply, HttpFailure> CurlHttp::send(const HttpRequest& request) {
    const HeldSigpipe held;
    const Handle curl(libcurl().easy_init(), libcurl().easy_cleanup);
    HeaderList headers(nullptr, libcurl().slist_free_all);
    Call call{request, options_, {}};
    char detail[CURL_ERROR_SIZE] = "";
    if (!curl || !add_headers(headers, request) ||
        libcurl().easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, detail) != CURLE_OK ||
        !configure(curl.get(), call, headers, proxy_for(request.url, options_.environment).value_or("")))
        return std::unexpected(HttpFailure{true, "libcurl could not prepare the request"});

    const auto code = libcurl().easy_perform(curl.get());
    if (code != CURLE_OK) return std::unexpected(HttpFailure{!call.started, reason_of(call, code, detail)});

    long status = 0;
    libcurl().easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    call.reply.status = int(status);
    return std::move(call.reply);
}

}  // namespace keytide::http
