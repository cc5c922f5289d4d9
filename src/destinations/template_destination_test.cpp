#include "destinations/template_destination.hpp"

#include "destinations/file_place.hpp"

namespace keytide::destinations {
namespace {

std::string made(const std::string& id, const std::string& secret) {
    return "user \"" + id + "\"\nsecret " + secret + "\n# again: " + id + "\n$HOME ${X}\n";
}

Subject subject() {
    return {.name = "Template",
            .scheme = "template",
            .parameters = "?from=the%20template",
            .with_key = made,
            .without_key = "",
            .half_key = made(old_id, ""),
            .nonsense = "user \"AKIAX\"\nsecret " + old_secret + "\n# again: AKIAY\n$HOME ${X}\n",
            .filled = made,
            .beside = {{"the template", made("${AWS_ACCESS_KEY_ID}", "${AWS_SECRET_ACCESS_KEY}")}}};
}

INSTANTIATE_TEST_SUITE_P(Template, FileDestinationConformance, testing::Values(subject()),
                         [](const auto& each) { return each.param.name; });
INSTANTIATE_TEST_SUITE_P(Template, DestinationConformance, testing::Values(habitat_of(subject())),
                         [](const auto& each) { return each.param.name; });

std::string refusal(const std::string& text_of_template, const std::string& text = "") {
    const credentials::ScratchFolder folder;
    const auto from = folder.write("t", text_of_template);
    const auto read = template_text("/made", from)->read(text);
    if (read) return "(accepted)";
    auto words = read.error().message;
    if (const auto at = words.find(from); at != std::string::npos) words.replace(at, from.size(), "/t");
    return words;
}

TEST(Template, HoldsBothValuesAndTellsWhereEachEnds) {
    const std::string id = "${AWS_ACCESS_KEY_ID}", secret = "${AWS_SECRET_ACCESS_KEY}";
    EXPECT_EQ(refusal(id + ":" + secret), "(accepted)");
    EXPECT_EQ(refusal(id), "/made: the template /t does not hold ${AWS_SECRET_ACCESS_KEY}");
    EXPECT_EQ(refusal(""), "/made: the template /t does not hold ${AWS_ACCESS_KEY_ID}");
    EXPECT_EQ(refusal(id + secret), "/made: the template /t has one value right behind the other");
    EXPECT_EQ(
        refusal(id + ":" + secret + "x"),
        "/made: the template /t goes on behind ${AWS_SECRET_ACCESS_KEY} with what could be a part of it");
    EXPECT_EQ(refusal(id + "\n" + secret + "\n", "AKIAX\nsecret"),
              "/made was not made from the template /t as that is now");
    EXPECT_FALSE(template_text("/made", "/no/template")->read(""));
}

TEST(Template, AMissingFileIsMade) {
    const credentials::ScratchFolder folder;
    folder.write("t", made("${AWS_ACCESS_KEY_ID}", "${AWS_SECRET_ACCESS_KEY}"));
    const auto d = open_destination("template:made?from=t", {{folder.path(), ""}});
    ASSERT_TRUE(d);
    EXPECT_TRUE(std::holds_alternative<ports::DeliverDone>(deliver_new(**d)));
    EXPECT_EQ(credentials::text_at(folder / "made"), made(new_id, new_secret));
}

TEST(Template, RefusesASecretThatWouldNeedQuoting) {
    const credentials::ScratchFolder folder;
    const auto text =
        template_text("/made", folder.write("t", "${AWS_ACCESS_KEY_ID} '${AWS_SECRET_ACCESS_KEY}'"));
    EXPECT_FALSE(
        text->write("", {*AccessKeyId::parse(new_id), Secret("it's a secret of sixteen"), Secret()}));
}

}  // namespace
}  // namespace keytide::destinations
