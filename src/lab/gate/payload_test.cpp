#include "lab/gate/payload.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"
#include "signature/chunk_signatures.hpp"

namespace keytide::lab {
namespace {

using signature::ChunkSignatures;

// Upload of a CreateBucketConfiguration, which shows in the answer whether it arrived whole.
class Payload : public ::testing::Test {
protected:
    const std::string configuration =
        "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        "<LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>";

    // The head of a request in this framing, signed; `trailer`: the name of one, or empty.
    Request head(std::string_view framing, std::string_view trailer = "") {
        auto request = s3_request("PUT", "/my-bucket");
        request.headers.push_back({"Content-Encoding", "aws-chunked"});
        request.headers.push_back({"x-amz-decoded-content-length", std::to_string(configuration.size())});
        if (!trailer.empty()) request.headers.push_back({"x-amz-trailer", std::string(trailer)});
        signature::WireRequest wire{request.method, request.path, "", request.headers, std::string(framing)};
        signature::sign(wire, lab.root_key(), "us-east-1", "s3", noon);
        request.headers = wire.headers;
        return request;
    }

    ChunkSignatures chain(const Request& head) {
        const auto& authorization = *head.header("Authorization");
        return {signature::SigningKey(lab.root_key().secret, {"20260131", "us-east-1", "s3"}),
                "20260131T120000Z", authorization.substr(authorization.size() - 64)};
    }

    static std::string signed_chunk(ChunkSignatures& chain, std::string_view data, std::string_view sent) {
        char size[32];
        std::snprintf(size, sizeof size, "%zx", sent.size());
        return std::string(size) + ";chunk-signature=" + chain.sign(chain.string_to_sign(data)) + "\r\n" +
               std::string(sent) + (sent.empty() ? "" : "\r\n");
    }

    std::string unsigned_chunks(std::string_view trailer) {
        char size[32];
        std::snprintf(size, sizeof size, "%zx", configuration.size());
        return std::string(size) + "\r\n" + configuration + "\r\n0\r\n" + std::string(trailer) + "\r\n";
    }

    Answer ask(Request request) { return {lab.handle(std::move(request), noon)}; }
    std::string region() {
        const auto answer = root_of(lab).s3("HEAD", "/my-bucket");
        for (const auto& field : answer.reply.headers)
            if (field.name == "x-amz-bucket-region") return field.value;
        return "no bucket";
    }

    Lab lab = example_lab();
    const std::string checksum = "x-amz-checksum-crc32:AAAAAA==";
};

TEST_F(Payload, InSignedChunksIsPutTogether) {
    auto request = head("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    auto signatures = chain(request);
    request.body = signed_chunk(signatures, configuration, configuration);
    request.body += signed_chunk(signatures, "", "") + "\r\n";
    EXPECT_EQ(ask(request).status(), 200);
    EXPECT_EQ(region(), "eu-central-1");
}

TEST_F(Payload, InChangedChunksIsRefused) {
    auto request = head("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    auto signatures = chain(request);
    auto changed = configuration;
    changed[3] = 'x';
    request.body = signed_chunk(signatures, configuration, changed);
    request.body += signed_chunk(signatures, "", "") + "\r\n";
    const auto answer = ask(request);
    EXPECT_EQ(answer.status(), 403);
    EXPECT_EQ(answer.code(), "SignatureDoesNotMatch");
    EXPECT_TRUE(answer.text("//StringToSign").starts_with("AWS4-HMAC-SHA256-PAYLOAD\n20260131T120000Z\n"));

    request.body = "0;chunk-signature=" + std::string(64, '0') + "\r\n\r\n";
    EXPECT_EQ(ask(request).code(), "IncompleteBody") << "shorter than promised";
    request.body = unsigned_chunks("");
    EXPECT_EQ(ask(request).code(), "SignatureDoesNotMatch") << "without any signature";
}

TEST_F(Payload, InUnsignedChunksIsPutTogether) {
    auto request = head("STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-checksum-crc32");
    request.body = unsigned_chunks(checksum + "\r\n");
    EXPECT_EQ(ask(request).status(), 200);
    EXPECT_EQ(region(), "eu-central-1");
}

TEST_F(Payload, TrailersAreThoseThatWereAnnounced) {
    auto request = head("STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-checksum-crc32");
    for (const std::string& trailers :
         {std::string(), checksum + "\r\n" + checksum + "\r\n", std::string("x-amz-checksum-sha1:AAAA\r\n"),
          checksum + "\r\nx-amz-copy-source:/a/b\r\n", std::string("x-amz-checksum-crc32\r\n")}) {
        request.body = unsigned_chunks(trailers);
        EXPECT_EQ(ask(request).code(), "MalformedTrailerError") << trailers;
    }
    auto other = head("STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-copy-source");
    other.body = unsigned_chunks("x-amz-copy-source:/a/b\r\n");
    EXPECT_EQ(ask(other).code(), "MalformedTrailerError");
}

TEST_F(Payload, SignedTrailersAreVerified) {
    auto request = head("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "x-amz-checksum-crc32");
    auto signatures = chain(request);
    const HeaderField trailer{"x-amz-checksum-crc32", "AAAAAA=="};
    auto chunks = signed_chunk(signatures, configuration, configuration);
    chunks += signed_chunk(signatures, "", "");
    const auto end =
        "x-amz-trailer-signature:" + signatures.sign(signatures.string_to_sign(std::span(&trailer, 1))) +
        "\r\n\r\n";
    request.body = chunks + checksum + "\r\n" + end;
    EXPECT_EQ(ask(request).status(), 200);
    EXPECT_EQ(region(), "eu-central-1");
    request.body = chunks + "x-amz-checksum-crc32:BAAAAA==\r\n" + end;
    EXPECT_EQ(ask(request).code(), "SignatureDoesNotMatch");
    request.body = chunks + checksum + "\r\n\r\n";
    EXPECT_EQ(ask(request).code(), "SignatureDoesNotMatch");
}

TEST_F(Payload, MustHaveTheLengthThatWasPromised) {
    auto request = head("STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    request.body = unsigned_chunks("").substr(0, 40);
    EXPECT_EQ(ask(request).code(), "IncompleteBody");
    request.body = "ffffffffffffffffffff\r\na\r\n0\r\n\r\n";
    EXPECT_EQ(ask(request).code(), "IncompleteBody");
    request.body = "1\r\na\r\n1\r\na\r\n0\r\n\r\n";
    const auto small = ask(request);
    EXPECT_EQ(small.code(), "InvalidChunkSizeError");
    EXPECT_EQ(small.text("//BadChunkSize"), "1");
    request.body = "";
    EXPECT_EQ(ask(request).code(), "IncompleteBody");
}

TEST_F(Payload, WhatIsNoKnownFramingIsRefused) {
    EXPECT_EQ(ask(head("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD")).code(), "NotImplemented");
    EXPECT_EQ(ask(head("STREAMING-SOMETHING")).code(), "InvalidArgument");
    EXPECT_EQ(ask(head("unsigned-payload")).code(), "InvalidArgument");
    EXPECT_EQ(region(), "no bucket");
}

}  // namespace
}  // namespace keytide::lab
