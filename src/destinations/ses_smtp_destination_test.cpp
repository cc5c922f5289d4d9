#include "destinations/ses_smtp_destination.hpp"

#include "destinations/file_place.hpp"

namespace keytide::destinations {
namespace {

// What AWS's published script (calculate_key in the page about SMTP credentials) prints for them.
TEST(SesSmtp, DerivesWhatAwsDerives) {
    EXPECT_EQ(ses_smtp_password(Secret(old_secret), "us-east-1").reveal(),
              "BLBM/9hSUELfq8Gw+rU1YcBjkOxGbhT2XG763xVLGWL9");
    EXPECT_EQ(ses_smtp_password(Secret(old_secret), "eu-west-1").reveal(),
              "BMW5RDrXmmVs0lV7GpI4oLkHXpZ4stDsk6q91z1g38Pk");
    // Those that the AWS provider of Terraform is tested with.
    EXPECT_EQ(ses_smtp_password(Secret("some+secret+key"), "eu-central-1").reveal(),
              "BMXhUYlu5Z3gSXVQORxlVa7XPaz91aGWdfHxvkOZdWZ2");
    EXPECT_EQ(ses_smtp_password(Secret("some+secret+key"), "us-west-1").reveal(),
              "BH+jbMzper5WwlwUar9E1ySBqHa9whi0GPo+sJ0mVYJj");
}

// A program there logs in to SES: what it finds is held against the password, as the suite knows the secret.
class MailSettings final : public Place {
public:
    std::unique_ptr<ports::Destination> open() override {
        return std::move(*open_destination(
            "file:mail.json?format=json&id=/user&secret=/password&as=ses-smtp&region=us-east-1",
            {{folder_.path(), ""}}));
    }
    std::string name() override { return folder_ / "mail.json"; }
    void put(const Pair& pair) override {
        const auto password =
            pair == nothing ? "" : std::string(ses_smtp_password(Secret(pair.secret), "us-east-1").reveal());
        folder_.write("mail.json", R"({"host": "email-smtp.us-east-1.amazonaws.com", "user": ")" + pair.id +
                                       R"(", "password": ")" + password + "\"}");
    }
    Pair held() override {
        const auto found = open()->read();
        if (!found || !*found) return nothing;
        for (const auto& pair : {old_pair, new_pair, strangers_pair})
            if ((*found)->id.text() == pair.id &&
                (*found)->secret.same_as(ses_smtp_password(Secret(pair.secret), "us-east-1")))
                return pair;
        return {"of nobody", "of nobody"};
    }
    std::string rest() override { return credentials::text_at(folder_ / "mail.json").substr(0, 45); }
    bool strike(Fault fault) override {
        if (fault == Fault::full)
            disk_.emplace(credentials::DiskCall::write, ENOSPC);
        else if (fault == Fault::answer_lost)
            disk_.emplace(credentials::DiskCall::sync_folder, EIO);
        return disk_.has_value();
    }
    void heal() override { disk_.reset(); }

private:
    credentials::ScratchFolder folder_;
    std::optional<credentials::FailingDisk> disk_;
};

INSTANTIATE_TEST_SUITE_P(SesSmtp, DestinationConformance,
                         testing::Values(Habitat{"SesSmtp", [] { return std::make_unique<MailSettings>(); }}),
                         [](const auto& each) { return each.param.name; });

TEST(SesSmtp, GivesNoSecretAway) {
    const auto d = MailSettings().open();
    EXPECT_TRUE(d->capabilities().readable);
    EXPECT_FALSE(d->capabilities().restorable) << "from the password there is no way back to the secret";
}

}  // namespace
}  // namespace keytide::destinations
