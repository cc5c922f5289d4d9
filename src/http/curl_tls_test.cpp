// TLS as it is really made: with a certificate of the test's own, for 127.0.0.1.
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <cstdio>
#include <memory>

#include "http/curl_http.hpp"
#include "http/little_server.hpp"

namespace keytide::http {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

// Signs itself, for one day.
Certificate certificate_for(EVP_PKEY* key, const std::string& subject_alternative_name) {
    Certificate made(X509_new(), &X509_free);
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 86400);
    X509_set_pubkey(made.get(), key);
    auto* name = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1,
                               -1, 0);
    X509_set_issuer_name(made.get(), name);
    auto* extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, subject_alternative_name.c_str());
    X509_add_ext(made.get(), extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(made.get(), key, EVP_sha256());
    return made;
}

class CurlTls : public testing::Test {
protected:
    void SetUp() override {
        const int file = mkstemp(bundle_.data());
        ASSERT_GE(file, 0);
        bundle_file_.reset(fdopen(file, "w"));
    }
    void TearDown() override { unlink(bundle_.c_str()); }

    // Sends one request to a server with a certificate for that name, which the client trusts or not.
    std::expected<HttpReply, HttpFailure> call(const std::string& certificate_name, bool trusted) {
        const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
        const auto certificate = certificate_for(key.get(), certificate_name);
        PEM_write_X509(bundle_file_.get(), certificate.get());
        std::fflush(bundle_file_.get());

        const Context context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
        SSL_CTX_use_certificate(context.get(), certificate.get());
        SSL_CTX_use_PrivateKey(context.get(), key.get());
        LittleServer server([&](Connection& c) {
            const Session session(SSL_new(context.get()), &SSL_free);
            SSL_set_fd(session.get(), c.socket());
            char bytes[4096];
            const int size =
                SSL_accept(session.get()) == 1 ? SSL_read(session.get(), bytes, sizeof bytes) : 0;
            if (size <= 0) return;
            received_.assign(bytes, std::size_t(size));
            constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<ok/>";
            SSL_write(session.get(), answer.data(), int(answer.size()));
            SSL_shutdown(session.get());
        });
        CurlOptions options;
        options.environment = credentials::fixed_environment({});
        if (trusted) options.ca_bundle = bundle_;
        return CurlHttp(options).send({"POST", server.url("https"), {}, "Action=CreateAccessKey", true});
    }

    std::string bundle_ = "/tmp/keytide_bundle_XXXXXX";
    std::unique_ptr<FILE, int (*)(FILE*)> bundle_file_{nullptr, &std::fclose};
    std::string received_;
};

TEST_F(CurlTls, TrustsTheGivenBundle) {
    const auto outcome = call("IP:127.0.0.1", true);
    ASSERT_TRUE(outcome) << outcome.error().reason;
    EXPECT_EQ(outcome->body, "<ok/>");
    EXPECT_TRUE(received_.starts_with("POST / HTTP/1.1\r\n"));
}

TEST_F(CurlTls, SendsNothingToAServerThatItDoesNotTrust) {
    const auto outcome = call("IP:127.0.0.1", false);
    ASSERT_FALSE(outcome);
    EXPECT_TRUE(outcome.error().not_sent) << outcome.error().reason;
    EXPECT_EQ(received_, "");
}

TEST_F(CurlTls, SendsNothingToAServerOfAnotherName) {
    const auto outcome = call("DNS:iam.amazonaws.com", true);
    ASSERT_FALSE(outcome);
    EXPECT_TRUE(outcome.error().not_sent) << outcome.error().reason;
    EXPECT_EQ(received_, "");
}

}  // namespace
}  // namespace keytide::http
