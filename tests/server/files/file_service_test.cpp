#include "server/files/file_service.h"

#include "tests/server/bundle/photo_scene.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace server::test {
namespace {

using events::ErrorCode;
using events::FilePart;
using events::Result;
using protocol::BlobState;
using protocol::FileStatus;

/// A log that names photos, and a service whose two threads run when the test says so.
struct ServedPhotos : testing::Test {
  PhotoScene scene;
  net::io_context log_thread;
  net::io_context file_thread;
  bool has_room = true;
  Committer committer{{.pipeline = scene.pipeline,
                       .enrolment = scene.enrolment,
                       .log_thread = LogExecutor{log_thread.get_executor()},
                       .clock = [this] { return scene.now; },
                       .check_room = [this]() -> Result<void> {
                         if (has_room) return {};
                         return events::Error{ErrorCode::storage_failed, "the disk is full"};
                       },
                       .on_commit = {},
                       .on_founded = {},
                       .before_answers = {}}};
  FileQuota quota{[this] { return scene.now; },
                  {.device_bytes_a_day = 5'000, .dossier_bytes = 1'000'000}};
  MemoryFileStore store;
  FileService service{FileTransfers(store, &quota), FileExecutor{file_thread.get_executor()},
                      committer};
  std::vector<BlobState> heard;

  events::ChainNumber phone() const { return scene.clerk.chain(); }

  /// A photo that the log names.
  PhotoScene::Photo attach(std::size_t size) {
    PhotoScene::Photo photo = scene.attach(size);
    scene.meet_server();
    return photo;
  }
  FileFacts facts_of(const PhotoScene::Photo& photo, FilePart part = FilePart::original) const {
    return *scene.pipeline.file_facts({photo.attached, part});
  }
  /// The server has the file, and the log says so.
  void store_whole(const PhotoScene::Photo& photo, FilePart part) {
    const bool is_original = part == FilePart::original;
    store.take_over(facts_of(photo, part).sha256, is_original ? photo.original : photo.thumbnail);
    ASSERT_TRUE(scene.pipeline.record_stored({photo.attached, part}, scene.now));
  }

  void offer(const FileFacts& facts) {
    service.offer(phone(), facts, {}, [this](BlobState state) { heard.push_back(state); });
  }
  void put(const FileFacts& facts, const events::Bytes& bytes) {
    service.put({phone(), facts, 0, bytes}, [this](BlobState state) { heard.push_back(state); });
  }
  std::optional<Result<std::size_t>> look_for_lost(events::Position upto) {
    std::optional<Result<std::size_t>> found;
    service.look_for_lost(upto, [&](Result<std::size_t> lost) { found = std::move(lost); });
    run();
    return found;
  }

  /// Lets one thread do what waits for it; how much that was.
  static std::size_t run(net::io_context& thread) {
    thread.restart();
    return thread.poll();
  }
  /// Lets both threads come to rest.
  void run() {
    while (run(file_thread) + run(log_thread) > 0) {
    }
  }
};

// The device deletes its photo when it hears that the server has it; a power cut before the log
// says so would lose it.
TEST_F(ServedPhotos, TheDeviceHearsThatAFileIsStoredOnlyBehindTheLog) {
  const PhotoScene::Photo photo = attach(2'000);
  const FileFacts facts = facts_of(photo);
  service.wants().note(facts);
  offer(facts);
  EXPECT_TRUE(heard.empty()) << "bytes are for the file thread";
  run();
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].status, FileStatus::wanted);

  put(facts, photo.original);
  EXPECT_EQ(run(file_thread), 1U);
  EXPECT_TRUE(store.files().contains(facts.sha256));
  EXPECT_EQ(heard.size(), 1U);
  EXPECT_FALSE(facts_of(photo).is_stored);
  run();
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[1].status, FileStatus::stored);
  EXPECT_EQ(heard[1].file, facts.name);
  EXPECT_TRUE(facts_of(photo).is_stored);
  EXPECT_TRUE(service.wants().of(phone(), {}).empty()) << "nobody is asked for it any more";
}

TEST_F(ServedPhotos, WhatTheLogCannotTakeIsRefusedAndStaysWanted) {
  const PhotoScene::Photo photo = attach(2'000);
  const FileFacts facts = facts_of(photo);
  service.wants().note(facts);
  offer(facts);
  put(facts, photo.original);
  has_room = false;
  run();
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[1].status, FileStatus::refused);
  EXPECT_EQ(heard[1].reason, ErrorCode::storage_failed);
  EXPECT_FALSE(facts_of(photo).is_stored);
  EXPECT_EQ(service.wants().of(phone(), {}).size(), 1U);
}

// The evening before the deadline an administrator raises the quota of a commune's device.
TEST_F(ServedPhotos, AsksTheLogForARaisedQuotaOnlyWhenTheQuotaIsOver) {
  const PhotoScene::Photo first = attach(4'000);
  const PhotoScene::Photo second = attach(4'000);
  const PhotoScene::Photo third = attach(4'000);
  offer(facts_of(first));
  EXPECT_EQ(run(file_thread), 1U);
  EXPECT_EQ(run(log_thread), 0U);
  offer(facts_of(second));
  run();
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[0].status, FileStatus::wanted);
  EXPECT_EQ(heard[1].status, FileStatus::refused);
  EXPECT_EQ(heard[1].reason, ErrorCode::quota);

  events::QuotaRaised raised;
  raised.device = scene.pipeline.state().access().device_of(phone())->id;
  raised.day = events::day_in_vietnam(scene.now);
  raised.factor = 2;
  events::EventHeader header =
      scene.admin.header(events::StreamKind::access, scene.administrator, scene.registrar);
  header.stream.id = raised.device.event;
  scene.admin.add(header, raised);
  scene.push_admin();
  offer(facts_of(second));
  offer(facts_of(third));
  run();
  ASSERT_EQ(heard.size(), 4U);
  EXPECT_EQ(heard[2].status, FileStatus::wanted);
  EXPECT_EQ(heard[3].reason, ErrorCode::quota) << "twice as much, and no more";
}

TEST_F(ServedPhotos, FindsWhatTheLogSaysAndReadsWhatTheDiskHas) {
  const PhotoScene::Photo photo = attach(2'000);
  store_whole(photo, FilePart::original);
  std::vector<FileService::Facts> found;
  const auto note = [&](FileService::Facts facts) { found.push_back(std::move(facts)); };
  service.find({photo.attached, FilePart::original}, note);
  service.find({events::EventId{phone(), 900'000}, FilePart::original}, note);
  EXPECT_EQ(run(file_thread), 0U) << "the disk is not asked for what the log says";
  run();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0], facts_of(photo));
  EXPECT_EQ(found[1], std::nullopt);

  std::optional<Result<events::Bytes>> read;
  service.read(*found[0], 500, [&](Result<events::Bytes> bytes) { read = std::move(bytes); });
  EXPECT_EQ(run(log_thread), 0U) << "the log does not wait for the disk of the photos";
  run();
  ASSERT_TRUE(read && *read);
  EXPECT_EQ(**read, events::Bytes(photo.original.begin() + 500, photo.original.end()));
}

// A server is restored from a backup of January; the photos that came since are on the phones.
TEST_F(ServedPhotos, WantsTheFilesAgainThatTheLogCallsStoredAndTheDiskLost) {
  const PhotoScene::Photo lost = attach(2'000);
  const PhotoScene::Photo kept = attach(2'000);
  const PhotoScene::Photo on_the_phone = attach(2'000);
  const PhotoScene::Photo later = attach(2'000);
  store_whole(lost, FilePart::original);
  store_whole(lost, FilePart::thumbnail);
  store_whole(kept, FilePart::original);
  const events::Position upto = scene.log.head().position;
  store_whole(later, FilePart::original);
  for (const FilePart part : {FilePart::original, FilePart::thumbnail}) {
    ASSERT_TRUE(store.erase(facts_of(lost, part).sha256));
  }
  ASSERT_TRUE(store.erase(facts_of(later).sha256));

  const std::optional<Result<std::size_t>> found = look_for_lost(upto);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ(**found, 2U);
  EXPECT_EQ(service.wants().lost(), 2U);
  for (const protocol::FileName& file : service.wants().of(phone(), {})) {
    EXPECT_EQ(file.attached, lost.attached);
  }
  EXPECT_EQ(**look_for_lost(scene.log.head().position), 3U);
  EXPECT_EQ(service.wants().lost(), 3U) << "each is wanted once";
}

// Years of photos: a look at all of them at once would keep devices waiting for the log.
TEST_F(ServedPhotos, LooksForLostFilesAStretchAtATime) {
  std::vector<PhotoScene::Photo> photos;
  while (photos.size() < stored_files_stretch + 2) {
    photos.push_back(scene.attach(500));
    if (photos.size() % 50 == 0) scene.meet_server();
  }
  scene.meet_server();
  scene.meet_server();
  for (const PhotoScene::Photo* const each : {&photos.front(), &photos.back()}) {
    store_whole(*each, FilePart::original);
    ASSERT_TRUE(store.erase(facts_of(*each).sha256));
  }
  std::optional<Result<std::size_t>> found;
  service.look_for_lost(scene.log.head().position,
                        [&](Result<std::size_t> lost) { found = std::move(lost); });
  run(log_thread);
  run(file_thread);
  EXPECT_FALSE(found) << "others may come between";
  EXPECT_EQ(service.wants().lost(), 1U);
  run();
  ASSERT_TRUE(found && *found);
  EXPECT_EQ(**found, 2U);
}

}  // namespace
}  // namespace server::test
