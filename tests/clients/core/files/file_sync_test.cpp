#include "clients/core/files/file_sync.h"

#include "tests/clients/core/scripted_server.h"

#include <gtest/gtest.h>

namespace clients_test {
namespace {

using clients::FileSync;
using events::ErrorCode;
using events::FilePart;
namespace protocol = events::protocol;
using protocol::FileName;

constexpr std::string_view thumbnail = "thumbnail";

/// A device that has pulled the news of a photo of another device, whose thumbnail the server has.
struct Reader {
  ScriptedServer server;
  TestDevice device{server};
  clients::MemoryFileStore files;
  FileName name;

  Reader() {
    test_support::World& world = server.world;
    const events::DossierId dossier = world.register_citizen(0);
    events::EvidenceAttached photo = test_support::World::an_attachment();
    photo.thumbnail->size = static_cast<std::uint32_t>(thumbnail.size());
    const auto& attached = world.append({.chain = world.commune(0).devices[1],
                                         .by = world.commune(0).entrant,
                                         .payload = photo,
                                         .stream = test_support::stream_of(dossier)});
    name = {attached.id(), FilePart::thumbnail};
    const auto& status = world.state().evidence_files().find(name.attached)->thumbnail;
    world.append_system(
        events::EvidenceStored{name.attached, FilePart::thumbnail, status.sha256, status.size},
        test_support::stream_of(dossier));
    device.sync(server);
  }

  /// The next frame; nothing when there is none.
  static std::optional<protocol::Message> next(FileSync& sync) {
    const auto frame = sync.next(0);
    EXPECT_TRUE(frame);
    return frame ? *frame : std::nullopt;
  }
  ErrorCode take(FileSync& sync, std::uint32_t offset, std::string_view bytes) {
    const events::ByteView view = events::bytes_of(bytes);
    const auto taken =
        sync.on_message(protocol::BlobChunk{name, offset, {view.begin(), view.end()}}, 0);
    return taken ? ErrorCode{} : taken.error().code;
  }
};

// A commune looks at small pictures without asking for each; a line that is cut goes on from where
// it was.
TEST(FileSync, FetchesAThumbnailAndGoesOnFromWhatCame) {
  Reader reader;
  {
    FileSync sync(*reader.device.replica, reader.files);
    const auto want = Reader::next(sync);
    ASSERT_TRUE(want);
    EXPECT_EQ(std::get<protocol::BlobWant>(*want).file, reader.name);
    EXPECT_EQ(std::get<protocol::BlobWant>(*want).offset, 0U);
    EXPECT_FALSE(Reader::next(sync)) << "asked for once";
    EXPECT_FALSE(sync.is_idle());
    EXPECT_EQ(reader.take(sync, 0, thumbnail.substr(0, 4)), ErrorCode{});
  }
  FileSync sync(*reader.device.replica, reader.files);
  const auto want = Reader::next(sync);
  ASSERT_TRUE(want);
  EXPECT_EQ(std::get<protocol::BlobWant>(*want).offset, 4U);
  EXPECT_EQ(reader.take(sync, 4, thumbnail.substr(4)), ErrorCode{});
  EXPECT_TRUE(sync.is_idle());
  EXPECT_EQ(sync.progress().files_fetched, 1U);
  EXPECT_TRUE(*reader.files.contains(events::sha256(events::bytes_of(thumbnail))));
}

// A server that sends more than the log says would fill the phone.
TEST(FileSync, RefusesBytesThatDoNotFollowOrAreTooMany) {
  for (const auto& [offset, bytes] : std::vector<std::pair<std::uint32_t, std::string>>{
           {1, "humbnail"}, {0, std::string(thumbnail) + "x"}}) {
    Reader reader;
    FileSync sync(*reader.device.replica, reader.files);
    ASSERT_TRUE(Reader::next(sync));
    EXPECT_EQ(reader.take(sync, offset, bytes), ErrorCode::malformed) << offset;
    EXPECT_EQ(sync.progress().files_fetched, 0U);
  }
}

// Bytes of another picture must not stand as evidence, and not be asked for without end.
TEST(FileSync, WhatDoesNotHaveItsDigestIsDropped) {
  Reader reader;
  FileSync sync(*reader.device.replica, reader.files);
  ASSERT_TRUE(Reader::next(sync));
  EXPECT_EQ(reader.take(sync, 0, "Thumbnail"), ErrorCode{});
  EXPECT_EQ(sync.progress().files_fetched, 0U);
  EXPECT_TRUE(reader.files.all()->empty());
  EXPECT_FALSE(Reader::next(sync)) << "not again on this connection";
  EXPECT_TRUE(sync.is_idle());
}

TEST(FileSync, WhatTheServerDoesNotHaveIsAskedForNextTime) {
  Reader reader;
  FileSync sync(*reader.device.replica, reader.files);
  ASSERT_TRUE(Reader::next(sync));
  protocol::BlobState awaited;
  awaited.file = reader.name;
  awaited.status = protocol::FileStatus::awaited;
  ASSERT_TRUE(sync.on_message(awaited, 0));
  EXPECT_TRUE(sync.is_idle());
  EXPECT_FALSE(Reader::next(sync));
  FileSync later(*reader.device.replica, reader.files);
  EXPECT_TRUE(Reader::next(later));
}

// Files nobody asked for change nothing; a frame about something else ends the connection.
TEST(FileSync, TakesNoFileItDidNotAskFor) {
  Reader reader;
  FileSync sync(*reader.device.replica, reader.files);
  EXPECT_EQ(reader.take(sync, 0, thumbnail), ErrorCode{}) << "before it asked";
  EXPECT_TRUE(reader.files.all()->empty());
  EXPECT_FALSE(FileSync::takes(protocol::Goaway{}));
  EXPECT_TRUE(FileSync::takes(protocol::Credit{}));
  EXPECT_EQ(sync.on_message(protocol::Goaway{}, 0).error().code, ErrorCode::malformed);
}

// A program without what sends fetches all the same, and keeps in mind what a server asks for: the
// one that can give it reads that later.
TEST(FileFetch, FetchesAndNotesWhatIsAskedOfIt) {
  Reader reader;
  clients::FileFetch fetch(*reader.device.replica, reader.files);
  const auto want = fetch.next(0);
  ASSERT_TRUE(want && *want);
  EXPECT_EQ(std::get<protocol::BlobWant>(**want).file, reader.name);
  const events::ByteView bytes = events::bytes_of(thumbnail);
  ASSERT_TRUE(
      fetch.on_message(protocol::BlobChunk{reader.name, 0, {bytes.begin(), bytes.end()}}, 0));
  EXPECT_TRUE(fetch.is_idle());
  EXPECT_EQ(fetch.progress().files_fetched, 1U);

  ASSERT_TRUE(fetch.on_message(protocol::BlobWant{reader.name, 0}, 0));
  const auto nothing = fetch.next(0);
  ASSERT_TRUE(nothing);
  EXPECT_FALSE(*nothing) << "it sends no files";
  FileSync sync(*reader.device.replica, reader.files);
  const auto offer = Reader::next(sync);
  ASSERT_TRUE(offer);
  EXPECT_EQ(std::get<protocol::BlobOffer>(*offer).file, reader.name);
}

// Credit that is not given back stops the server's photos after 64 KiB; credit given twice makes
// them stand in the way of what is urgent.
TEST(FileSync, GivesBackTheBytesItTookInLots) {
  Reader reader;
  FileSync sync(*reader.device.replica, reader.files);
  ASSERT_TRUE(Reader::next(sync));
  sync.received(8 * 1024 - 1);
  EXPECT_FALSE(Reader::next(sync));
  sync.received(5);
  const auto credit = Reader::next(sync);
  ASSERT_TRUE(credit);
  EXPECT_EQ(std::get<protocol::Credit>(*credit).bytes, 8U * 1024U + 4U);
  EXPECT_FALSE(Reader::next(sync));
}

}  // namespace
}  // namespace clients_test
