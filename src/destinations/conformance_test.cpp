#include "destinations/conformance.hpp"

#include "credentials/failing_disk.hpp"
#include "credentials/file_lock.hpp"

namespace keytide::destinations {
namespace {

using namespace ports;
using credentials::DiskCall;
using credentials::FailingDisk;

template <class T>
bool is(const DeliverAnswer& answer) {
    return std::holds_alternative<T>(answer);
}

std::string words(const Error& error) {
    return error.message + " " + error.hint;
}

// A place that cannot be read says so, and the rotation asks for consent before anything is made.
bool shows_what_it_holds(Place& place) {
    return place.open()->capabilities().readable;
}

TEST_P(DestinationConformance, FillsAPlaceWithoutAKeyAndTouchesNothingElse) {
    place->put(nothing);
    const auto before = place->rest();
    const auto d = place->open();
    if (d->capabilities().readable) {
        const auto held = d->read();
        ASSERT_TRUE(held) << words(held.error());
        EXPECT_FALSE(*held);
    }
    EXPECT_TRUE(d->check_writable());
    EXPECT_TRUE(is<DeliverDone>(deliver_new(*d)));
    EXPECT_EQ(place->held(), new_pair);
    EXPECT_EQ(place->rest(), before);
}

TEST_P(DestinationConformance, ReplacesTheOldKeyAndTouchesNothingElse) {
    place->put(old_pair);
    const auto before = place->rest();
    EXPECT_TRUE(place->open()->check_writable());
    EXPECT_EQ(place->held(), old_pair) << "a look changes nothing";
    EXPECT_TRUE(is<DeliverDone>(deliver_new(*place->open())));
    EXPECT_EQ(place->held(), new_pair);
    EXPECT_EQ(place->rest(), before);
}

TEST_P(DestinationConformance, TellsTheOldKeySoThatItCanBeSealedAndTheNewOneBack) {
    place->put(old_pair);
    const auto d = place->open();
    if (!d->capabilities().readable) {
        EXPECT_FALSE(d->capabilities().restorable) << "what cannot be read cannot be written back";
        return;
    }
    const auto before = d->read();
    ASSERT_TRUE(before && *before);
    EXPECT_EQ((*before)->id.text(), old_id);
    EXPECT_TRUE((*before)->same_as(d->form_of(old_key())));
    EXPECT_TRUE(!d->capabilities().restorable || (*before)->same_as(old_key()));
    deliver_new(*d);
    const auto after = place->open()->read();
    ASSERT_TRUE(after && *after);
    EXPECT_TRUE((*after)->same_as(d->form_of(new_key())));
    EXPECT_FALSE((*after)->same_as(d->form_of(old_key())));
}

TEST_P(DestinationConformance, PutsTheOldKeyBack) {
    place->put(old_pair);
    const auto before = place->rest();
    deliver_new(*place->open());
    const AccessKeyId replaceable[] = {*AccessKeyId::parse(new_id), *AccessKeyId::parse(old_id)};
    EXPECT_TRUE(is<DeliverDone>(place->open()->deliver(old_key(), replaceable)));
    EXPECT_EQ(place->held(), old_pair);
    EXPECT_EQ(place->rest(), before);
}

TEST_P(DestinationConformance, DeliveringAgainIsDeliveringOnce) {
    place->put(old_pair);
    EXPECT_TRUE(is<DeliverDone>(deliver_new(*place->open())));
    const auto writes = place->writes();
    EXPECT_TRUE(is<DeliverDone>(deliver_new(*place->open())));
    EXPECT_EQ(place->held(), new_pair);
    EXPECT_TRUE(!shows_what_it_holds(*place) || place->writes() == writes) << "it was there already";
}

TEST_P(DestinationConformance, AStrangersKeyIsKept) {
    place->put(strangers_pair);
    if (!shows_what_it_holds(*place)) return;
    const auto answer = deliver_new(*place->open());
    ASSERT_TRUE(is<DeliverStranger>(answer));
    EXPECT_EQ(std::get<DeliverStranger>(answer).held.text(), stranger_id);
    EXPECT_EQ(place->held(), strangers_pair);
}

TEST_P(DestinationConformance, ItsUriOpensItAgain) {
    place->put(old_pair);
    const auto uri = place->open()->uri();
    const auto parsed = parse_destination_uri(uri, {"/elsewhere", ""});
    ASSERT_TRUE(parsed) << words(parsed.error());
    EXPECT_EQ(parsed->text(), uri);
    EXPECT_EQ(uri.find(old_secret), std::string::npos);
}

// What went wrong is said with the name of the place and without a secret; what happened is never said to be
// more or less than it was; and the delivery can be made again once the fault is over.
TEST_P(DestinationConformance, AFaultLeavesWhatCanBeResumed) {
    int struck = 0;
    for (const auto fault : all_faults) {
        place = GetParam().place();
        place->put(old_pair);
        const auto rest = place->rest();
        const auto d = place->open();
        if (!place->strike(fault)) continue;
        ++struck;
        SCOPED_TRACE("fault " + std::to_string(int(fault)));

        const auto answer = deliver_new(*d);
        const Error* error = nullptr;
        if (const auto* refused = std::get_if<DeliverRefused>(&answer)) error = &refused->error;
        if (const auto* unknown = std::get_if<DeliverUnknown>(&answer)) error = &unknown->error;
        if (error != nullptr) {
            EXPECT_NE(words(*error).find(place->name()), std::string::npos) << words(*error);
            for (const auto& secret : {old_secret, new_secret, stranger_secret})
                EXPECT_EQ(words(*error).find(secret), std::string::npos);
        }
        const bool may_be_done = fault == Fault::answer_lost ||
                                 (fault == Fault::beaten_by_another && !shows_what_it_holds(*place));
        EXPECT_TRUE(may_be_done || !is<DeliverDone>(answer));
        const bool may_be_written = fault == Fault::cut_short || fault == Fault::answer_lost;
        EXPECT_FALSE(may_be_written && is<DeliverRefused>(answer));

        place->heal();
        if (fault == Fault::beaten_by_another && shows_what_it_holds(*place)) {
            EXPECT_EQ(place->held(), strangers_pair);
            EXPECT_TRUE(is<DeliverStranger>(deliver_new(*place->open())));
            EXPECT_EQ(place->held(), strangers_pair);
            continue;
        }
        if (fault == Fault::gone || fault == Fault::wrong_type) place->put(old_pair);
        EXPECT_TRUE(!is<DeliverRefused>(answer) || place->held() == old_pair)
            << "refused means that nothing was changed";
        EXPECT_TRUE(is<DeliverDone>(deliver_new(*place->open())));
        EXPECT_EQ(place->held(), new_pair);
        EXPECT_EQ(place->rest(), rest);
    }
    EXPECT_GE(struck, GetParam().faults);
}

TEST_P(KeyFileConformance, MakesAMissingFileForItsOwnerAlone) {
    const auto d = open();
    const auto held = d->read();
    ASSERT_TRUE(held);
    EXPECT_FALSE(*held);
    EXPECT_TRUE(is<DeliverDone>(deliver(*d)));
    EXPECT_TRUE(holds_new(*d));
    EXPECT_EQ(credentials::mode_at(path()), 0600u);
    EXPECT_EQ(names_there(), std::set<std::string>{"the file"});
}

TEST_P(FileDestinationConformance, ReplacesTheKeyAndNothingElse) {
    write(GetParam().with_key(old_id, old_secret), 0640);
    const auto d = open();
    EXPECT_TRUE((*d->read())->same_as(old_key()));
    EXPECT_TRUE(is<DeliverDone>(deliver(*d)));
    EXPECT_TRUE(holds_new(*d));
    EXPECT_EQ(credentials::text_at(path()), GetParam().with_key(new_id, new_secret));
    EXPECT_EQ(credentials::mode_at(path()), 0640u);
}

TEST_P(FileDestinationConformance, PutsTheOldKeyBackByteByByte) {
    const auto before = GetParam().with_key(old_id, old_secret);
    write(before);
    const auto d = open();
    deliver(*d);
    const AccessKeyId replaceable[] = {*AccessKeyId::parse(new_id)};
    EXPECT_TRUE(is<DeliverDone>(d->deliver(old_key(), replaceable)));
    EXPECT_EQ(credentials::text_at(path()), before);
}

TEST_P(KeyFileConformance, FillsAFileThatHoldsNoKey) {
    write(GetParam().without_key);
    const auto d = open();
    EXPECT_FALSE(*d->read());
    EXPECT_TRUE(is<DeliverDone>(deliver(*d)));
    EXPECT_TRUE(holds_new(*d));
    EXPECT_TRUE(credentials::text_at(path()).starts_with(GetParam().without_key));
}

TEST_P(FileDestinationConformance, DeliveringAgainWritesNothing) {
    write(GetParam().with_key(new_id, new_secret));
    struct stat before {
    }, after{};
    stat(path().c_str(), &before);
    EXPECT_TRUE(is<DeliverDone>(deliver(*open())));
    stat(path().c_str(), &after);
    EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST_P(FileDestinationConformance, AStrangersKeyIsNotTouched) {
    const auto text = GetParam().with_key("AKIASTRANGER", old_secret);
    write(text);
    const auto answer = deliver(*open());
    ASSERT_TRUE(is<DeliverStranger>(answer));
    EXPECT_EQ(std::get<DeliverStranger>(answer).held.text(), "AKIASTRANGER");
    EXPECT_EQ(credentials::text_at(path()), text);
}

TEST_P(FileDestinationConformance, WhatIsNotUnderstoodIsRefusedWithoutShowingIt) {
    for (const auto& text : {GetParam().half_key, GetParam().nonsense}) {
        write(text);
        const auto d = open();
        const auto held = d->read();
        ASSERT_FALSE(held) << text;
        EXPECT_EQ(words(held.error()).find(old_secret), std::string::npos);
        const auto answer = deliver(*d);
        ASSERT_TRUE(is<DeliverRefused>(answer));
        EXPECT_EQ(words(std::get<DeliverRefused>(answer).error).find(old_secret), std::string::npos);
        EXPECT_EQ(credentials::text_at(path()), text);
    }
}

// A long-term key beside somebody's session token would be refused by AWS at every call.
TEST_P(KeyFileConformance, ASessionTokenIsNeverLeftBesideTheNewKey) {
    write(GetParam().with_token);
    const auto d = open();
    EXPECT_FALSE((*d->read())->session_token.empty());
    EXPECT_TRUE(is<DeliverRefused>(deliver(*d)));
    EXPECT_EQ(credentials::text_at(path()), GetParam().with_token);
}

TEST_P(FileDestinationConformance, AFailingDiskChangesNothingUntilTheRename) {
    const auto text = GetParam().with_key(old_id, old_secret);
    write(text);
    const auto d = open();
    const std::pair<DiskCall, int> faults[] = {
        {DiskCall::write, ENOSPC}, {DiskCall::sync_file, EIO}, {DiskCall::rename, EROFS}};
    for (const auto& [call, number] : faults) {
        const FailingDisk disk(call, number);
        const auto answer = deliver(*d);
        ASSERT_TRUE(is<DeliverRefused>(answer));
        EXPECT_EQ(words(std::get<DeliverRefused>(answer).error).find(new_secret), std::string::npos);
        EXPECT_EQ(credentials::text_at(path()), text);
        EXPECT_EQ(names_there(), std::set<std::string>{"the file"});
    }
    EXPECT_TRUE(is<DeliverDone>(deliver(*d)));
}

TEST_P(FileDestinationConformance, AFailureAfterTheRenameIsUnknownUntilItIsDurable) {
    write(GetParam().with_key(old_id, old_secret));
    const auto d = open();
    {
        const FailingDisk disk(DiskCall::sync_folder, EIO);
        EXPECT_TRUE(is<DeliverUnknown>(deliver(*d)));
        EXPECT_TRUE(is<DeliverUnknown>(deliver(*d))) << "it is there, and may be gone after a power cut";
    }
    EXPECT_TRUE(is<DeliverDone>(deliver(*d)));
}

TEST_P(FileDestinationConformance, WhileAnotherProcessWritesItIsBusy) {
    const auto text = GetParam().with_key(old_id, old_secret);
    const auto lock = credentials::FileLock::take(write(text));
    const auto answer = deliver(*open());
    ASSERT_TRUE(is<DeliverRefused>(answer));
    EXPECT_EQ(std::get<DeliverRefused>(answer).error.kind, ErrorKind::busy);
    EXPECT_EQ(credentials::text_at(path()), text);
}

TEST_P(FileDestinationConformance, WhatIsNoFileIsRefused) {
    std::filesystem::create_directory(path());
    EXPECT_FALSE(open()->read());
    EXPECT_TRUE(is<DeliverRefused>(deliver(*open())));
    std::filesystem::remove(path());
    ASSERT_EQ(mkfifo(path().c_str(), 0600), 0);
    EXPECT_FALSE(open()->read());
    EXPECT_TRUE(is<DeliverRefused>(deliver(*open())));
}

TEST_P(FileDestinationConformance, ASymbolicLinkStaysOne) {
    const auto real = folder.write("elsewhere/real", GetParam().with_key(old_id, old_secret));
    std::filesystem::create_symlink("elsewhere/real", path());
    EXPECT_TRUE(is<DeliverDone>(deliver(*open())));
    EXPECT_TRUE(std::filesystem::is_symlink(path()));
    EXPECT_EQ(credentials::text_at(real), GetParam().with_key(new_id, new_secret));
}

TEST_P(FileDestinationConformance, ItsUriOpensItAgainFromAnywhere) {
    write(GetParam().with_key(old_id, old_secret));
    const auto uri = open()->uri();
    EXPECT_TRUE(uri.starts_with(GetParam().scheme + ":/"));
    const auto again = open_destination(uri, {{"/", ""}});
    ASSERT_TRUE(again);
    EXPECT_EQ((*again)->uri(), uri);
    EXPECT_TRUE((*(*again)->read())->same_as(old_key()));
}

TEST_P(FileDestinationConformance, CanDoAllThatAFileCan) {
    const auto c = open()->capabilities();
    EXPECT_TRUE(c.readable && c.restorable && c.atomic);
}

}  // namespace
}  // namespace keytide::destinations
