#include "lab/s3/listing.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

class S3Listing : public ::testing::Test {
protected:
    S3Listing() {
        root.s3("PUT", "/b-one");
        for (const char* key : {"a", "b/1", "b/2", "b/c/3", "b%20d", "z%2B"})
            root.s3("PUT", std::string("/b-one/") + key, "", "text");
    }
    Answer list(std::string_view query) { return root.s3("GET", "/b-one", query); }

    Lab lab = example_lab();
    Client root = root_of(lab);
};

TEST_F(S3Listing, IsInTheOrderOfBytes) {
    const auto all = list("list-type=2");
    EXPECT_EQ(all.text("//KeyCount"), "6");
    EXPECT_EQ(all.text("//Contents[1]/Key"), "a");
    EXPECT_EQ(all.text("//Contents[2]/Key"), "b d");
    EXPECT_EQ(all.text("//Contents[3]/Key"), "b/1");
    EXPECT_EQ(all.text("//Contents[1]/Size"), "4");
    EXPECT_EQ(all.text("//IsTruncated"), "false");
    EXPECT_EQ(all.count("//Owner"), 0U);
    EXPECT_EQ(list("list-type=2&fetch-owner=true").count("//Owner"), 6U);
    EXPECT_EQ(list("").count("//Owner"), 6U) << "the first version tells it always";
}

TEST_F(S3Listing, GroupsKeysByADelimiter) {
    const auto top = list("list-type=2&delimiter=%2F");
    EXPECT_EQ(top.count("//Contents"), 3U);
    EXPECT_EQ(top.text("//CommonPrefixes/Prefix"), "b/");
    const auto below = list("list-type=2&delimiter=%2F&prefix=b%2F");
    EXPECT_EQ(below.count("//Contents"), 2U);
    EXPECT_EQ(below.text("//CommonPrefixes/Prefix"), "b/c/");
    EXPECT_EQ(list("list-type=2&prefix=nothing").text("//KeyCount"), "0");
}

TEST_F(S3Listing, ComesInPagesThatLeaveNothingOutAndRepeatNothing) {
    for (const std::string& more : {std::string(), std::string("&delimiter=%2F")})
        for (const char* size : {"1", "2", "3", "5"}) {
            std::string seen, token;
            do {
                auto query = "list-type=2&max-keys=" + std::string(size) + more;
                if (!token.empty()) query += "&continuation-token=" + token;
                const auto page = list(query);
                pugi::xml_document document;
                document.load_string(page.reply.body.c_str());
                std::vector<std::string> names;
                for (const auto& node : document.select_nodes("//Contents/Key | //CommonPrefixes/Prefix"))
                    names.emplace_back(node.node().text().get());
                std::sort(names.begin(), names.end());
                for (const auto& name : names) seen += name + ";";
                token = page.text("//NextContinuationToken");
            } while (!token.empty());
            EXPECT_EQ(seen, more.empty() ? "a;b d;b/1;b/2;b/c/3;z+;" : "a;b d;b/;z+;") << size << more;
        }
}

TEST_F(S3Listing, OfTheFirstVersionGoesOnAtAMarker) {
    const auto first = list("max-keys=3&delimiter=%2F");
    EXPECT_EQ(first.text("//IsTruncated"), "true");
    EXPECT_EQ(first.text("//NextMarker"), "b/");
    const auto second = list("max-keys=3&delimiter=%2F&marker=b%2F");
    EXPECT_EQ(second.text("//Contents/Key"), "z+");
    EXPECT_EQ(second.count("//CommonPrefixes"), 0U);
    EXPECT_EQ(list("max-keys=2").count("//NextMarker"), 0U);
}

TEST_F(S3Listing, BeginsAfterAKey) {
    EXPECT_EQ(list("list-type=2&start-after=b%2F1").text("//Contents/Key"), "b/2");
    EXPECT_EQ(list("list-type=2&start-after=b%2F1&delimiter=%2F").text("//CommonPrefixes/Prefix"), "b/");
}

TEST_F(S3Listing, EncodesNamesOnRequest) {
    EXPECT_EQ(list("list-type=2&encoding-type=url").text("//Contents[2]/Key"), "b%20d");
    EXPECT_EQ(list("list-type=2&encoding-type=url").text("//Contents[6]/Key"), "z%2B");
    EXPECT_EQ(list("list-type=2&encoding-type=rot13").code(), "InvalidArgument");
}

TEST_F(S3Listing, RefusesWhatItCannotRead) {
    EXPECT_EQ(list("list-type=2&max-keys=-1").code(), "InvalidArgument");
    EXPECT_EQ(list("list-type=2&max-keys=many").code(), "InvalidArgument");
    EXPECT_EQ(list("list-type=2&continuation-token=zzz").code(), "InvalidArgument");
    EXPECT_EQ(list("list-type=2&max-keys=0").text("//KeyCount"), "0");
    EXPECT_EQ(list("list-type=2&max-keys=5000").text("//MaxKeys"), "1000");
    EXPECT_EQ(list("versions").code(), "NotImplemented");
}

}  // namespace
}  // namespace keytide::lab
