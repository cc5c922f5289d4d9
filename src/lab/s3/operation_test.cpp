#include "lab/s3/operation.hpp"

#include <gtest/gtest.h>

namespace keytide::lab::s3 {
namespace {

std::string operation(std::string method, std::string path, std::string query = "",
                      std::vector<HeaderField> headers = {}) {
    return operation_of({std::move(method), std::move(path), std::move(query), std::move(headers), ""});
}

TEST(S3Operation, IsToldByMethodPathAndQuery) {
    EXPECT_EQ(operation("GET", "/"), "ListBuckets");
    EXPECT_EQ(operation("PUT", "/"), "");
    EXPECT_EQ(operation("PUT", "/bucket"), "CreateBucket");
    EXPECT_EQ(operation("HEAD", "/bucket/"), "HeadBucket");
    EXPECT_EQ(operation("DELETE", "/bucket"), "DeleteBucket");
    EXPECT_EQ(operation("GET", "/bucket"), "ListObjects");
    EXPECT_EQ(operation("GET", "/bucket", "prefix=a&list-type=2"), "ListObjectsV2");
    EXPECT_EQ(operation("GET", "/bucket", "location"), "GetBucketLocation");
    EXPECT_EQ(operation("PUT", "/bucket", "versioning="), "PutBucketVersioning");
    EXPECT_EQ(operation("POST", "/bucket", "delete"), "DeleteObjects");
    EXPECT_EQ(operation("PUT", "/bucket/a/key"), "PutObject");
    EXPECT_EQ(operation("PUT", "/bucket/a/key", "", {{"X-Amz-Copy-Source", "/b/k"}}), "CopyObject");
    EXPECT_EQ(operation("GET", "/bucket/a"), "GetObject");
    EXPECT_EQ(operation("HEAD", "/bucket/a"), "HeadObject");
    EXPECT_EQ(operation("DELETE", "/bucket/a"), "DeleteObject");
    EXPECT_EQ(operation("POST", "/bucket/a", "uploads"), "CreateMultipartUpload");
    EXPECT_EQ(operation("PUT", "/bucket/a", "partNumber=1&uploadId=u"), "UploadPart");
    EXPECT_EQ(operation("BREW", "/bucket/a"), "");
}

}  // namespace
}  // namespace keytide::lab::s3
