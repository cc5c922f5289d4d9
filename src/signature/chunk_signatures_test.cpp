#include "signature/chunk_signatures.hpp"

#include <gtest/gtest.h>

namespace keytide::signature {
namespace {

// The example of both pages: 65 KiB of the letter a, in chunks of 64 KiB.
const std::string first(65536, 'a'), second(1024, 'a');

ChunkSignatures example(std::string seed) {
    return {SigningKey(Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), {"20130524", "us-east-1", "s3"}),
            "20130524T000000Z", std::move(seed)};
}

ChunkSignatures example() {
    return example("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
}

TEST(ChunkSignatures, AreThePublishedOnes) {
    auto chain = example();
    EXPECT_EQ(chain.sign(chain.string_to_sign(first)),
              "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
    EXPECT_EQ(chain.sign(chain.string_to_sign(second)),
              "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497");
    EXPECT_EQ(chain.sign(chain.string_to_sign("")),
              "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9");
}

TEST(ChunkSignatures, OfTrailersAreThePublishedOnes) {
    auto chain = example("106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e");
    const HeaderField checksum{"x-amz-checksum-crc32c", "sOO8/Q=="};
    EXPECT_TRUE(chain.accept(chain.string_to_sign(first),
                             "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2"));
    EXPECT_TRUE(chain.accept(chain.string_to_sign(second),
                             "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7"));
    EXPECT_TRUE(chain.accept(chain.string_to_sign(""),
                             "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"));
    EXPECT_TRUE(chain.accept(chain.string_to_sign(std::span(&checksum, 1)),
                             "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"));
}

TEST(ChunkSignatures, RefuseAChunkThatWasChangedLeftOutOrMoved) {
    const std::string of_first = "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648";
    const std::string of_second = "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497";
    auto changed = example();
    EXPECT_FALSE(changed.accept(changed.string_to_sign(first.substr(1)), of_first));
    auto left_out = example();
    EXPECT_FALSE(left_out.accept(left_out.string_to_sign(second), of_second));
    auto repeated = example();
    EXPECT_TRUE(repeated.accept(repeated.string_to_sign(first), of_first));
    EXPECT_FALSE(repeated.accept(repeated.string_to_sign(first), of_first));
    EXPECT_TRUE(repeated.accept(repeated.string_to_sign(second), of_second)) << "a refusal moves nothing on";
}

}  // namespace
}  // namespace keytide::signature
