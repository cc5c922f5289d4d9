#include "lab/s3/multipart.hpp"

#include <gtest/gtest.h>

#include "lab/s3/checksums.hpp"
#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

class S3Multipart : public ::testing::Test {
protected:
    using Headers = std::vector<HeaderField>;

    S3Multipart() { root.s3("PUT", "/b-one"); }

    Answer ask(std::string_view method, std::string_view query, Headers headers = {},
               std::string_view body = "") {
        auto request = s3_request(method, "/b-one/k", query, body);
        for (auto& header : headers) request.headers.push_back(header);
        sign(request, root.key, "s3", noon);
        return {lab.handle(request, noon)};
    }
    std::string begin(Headers headers = {}) {
        return ask("POST", "uploads", std::move(headers)).text("//UploadId");
    }
    std::string put(const std::string& id, int number, std::string_view data, Headers headers = {}) {
        const auto answer =
            ask("PUT", "partNumber=" + std::to_string(number) + "&uploadId=" + id, std::move(headers), data);
        for (const auto& field : answer.reply.headers)
            if (field.name == "ETag") return field.value;
        return answer.code();
    }
    static std::string part(int number, std::string_view etag, std::string_view more = "") {
        return "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>" + std::string(etag) +
               "</ETag>" + std::string(more) + "</Part>";
    }
    Answer complete(const std::string& id, const std::string& parts) {
        return ask("POST", "uploadId=" + id, {},
                   "<CompleteMultipartUpload>" + parts + "</CompleteMultipartUpload>");
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
    const std::string big = std::string(5 * 1024 * 1024, 'a');
};

TEST_F(S3Multipart, PartsBecomeOneObject) {
    const auto id = begin({{"Content-Type", "text/plain"}});
    const auto second = put(id, 7, "end"), first = put(id, 2, big);
    EXPECT_EQ(root.s3("HEAD", "/b-one/k").status(), 404) << "nothing there until it is complete";
    EXPECT_EQ(ask("GET", "uploadId=" + id).count("//Part"), 2U);
    EXPECT_EQ(root.s3("GET", "/b-one", "uploads").text("//Upload/UploadId"), id);

    const auto done = complete(id, part(2, first) + part(7, second));
    EXPECT_EQ(done.status(), 200);
    EXPECT_TRUE(done.text("//ETag").ends_with("-2\"")) << done.text("//ETag");
    const auto got = root.s3("GET", "/b-one/k");
    EXPECT_EQ(got.reply.body, big + "end");
    EXPECT_EQ(got.reply.content_type, "text/plain");
    EXPECT_EQ(ask("GET", "uploadId=" + id).code(), "NoSuchUpload");
    EXPECT_EQ(root.s3("GET", "/b-one", "uploads").count("//Upload"), 0U);
}

TEST_F(S3Multipart, IsNotCompletedWithPartsThatAreNotThere) {
    const auto id = begin();
    const auto first = put(id, 1, "small"), second = put(id, 2, "end");
    EXPECT_EQ(complete(id, part(1, first) + part(2, second)).code(), "EntityTooSmall");
    EXPECT_EQ(complete(id, part(2, second) + part(1, first)).code(), "InvalidPartOrder");
    EXPECT_EQ(complete(id, part(3, second)).code(), "InvalidPart");
    EXPECT_EQ(complete(id, part(2, first)).code(), "InvalidPart");
    EXPECT_EQ(complete(id, "").code(), "MalformedXML");
    EXPECT_EQ(ask("POST", "uploadId=" + id, {}, "<Complete").code(), "MalformedXML");
    EXPECT_EQ(put(id, 0, "x"), "InvalidArgument");
    EXPECT_EQ(put(id, 10'001, "x"), "InvalidArgument");
    EXPECT_EQ(put("none", 1, "x"), "NoSuchUpload");
    EXPECT_EQ(complete(id, part(2, second)).status(), 200) << "refusals changed nothing";
}

TEST_F(S3Multipart, IsAborted) {
    const auto id = begin();
    put(id, 1, "text");
    EXPECT_EQ(ask("DELETE", "uploadId=" + id).status(), 204);
    EXPECT_EQ(ask("DELETE", "uploadId=" + id).code(), "NoSuchUpload");
    EXPECT_EQ(put(id, 1, "text"), "NoSuchUpload");
}

TEST_F(S3Multipart, ChecksumsOfPartsMakeTheObjectsOwn) {
    const auto id = begin({{"x-amz-checksum-algorithm", "CRC32"}});
    const auto of_part = s3::compute_checksum("CRC32", "text");
    EXPECT_EQ(put(id, 1, "text"), "InvalidRequest") << "the part says none";
    const auto etag = put(id, 1, "text", {{"x-amz-checksum-crc32", of_part}});
    EXPECT_EQ(complete(id, part(1, etag)).code(), "InvalidRequest") << "it is to be said again";
    const auto done = complete(id, part(1, etag, "<ChecksumCRC32>" + of_part + "</ChecksumCRC32>"));
    EXPECT_EQ(done.text("//ChecksumCRC32"), s3::compose_checksum("CRC32", std::vector{of_part}));
    EXPECT_EQ(done.text("//ChecksumType"), "COMPOSITE");

    const auto whole = begin({{"x-amz-checksum-algorithm", "CRC64NVME"}});
    const auto part_etag = put(whole, 1, "text");
    EXPECT_EQ(complete(whole, part(1, part_etag)).text("//ChecksumCRC64NVME"),
              s3::compute_checksum("CRC64NVME", "text"));
}

TEST_F(S3Multipart, PartsAreCopiedFromObjects) {
    root.s3("PUT", "/b-one/source", "", "0123456789");
    const auto id = begin();
    const auto copied =
        ask("PUT", "partNumber=1&uploadId=" + id,
            {{"x-amz-copy-source", "/b-one/source"}, {"x-amz-copy-source-range", "bytes=2-4"}});
    const auto etag = copied.text("/CopyPartResult/ETag");
    EXPECT_EQ(complete(id, part(1, etag)).status(), 200);
    EXPECT_EQ(root.s3("GET", "/b-one/k").reply.body, "234");
    const auto other = begin();
    EXPECT_EQ(ask("PUT", "partNumber=1&uploadId=" + other,
                  {{"x-amz-copy-source", "/b-one/source"}, {"x-amz-copy-source-range", "bytes=2-10"}})
                  .code(),
              "InvalidArgument");
}

}  // namespace
}  // namespace keytide::lab
