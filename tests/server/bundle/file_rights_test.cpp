#include "clients/core/files/file_sweep.h"
#include "clients/core/files/file_sync.h"
#include "tests/server/bundle/photo_scene.h"
#include "tests/server/session/tablet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

// What a device may hold of files of evidence, and what it must bring to the server before.

namespace server::test {
namespace {

using events::FilePart;

bool holds(const PhotoScene& scene, const events::Bytes& content) {
  return *scene.photos.contains(events::sha256(content));
}

// Case 32, for papers.  A clerk loses the role: no certificate of the commune stays on the tablet,
// and the photo that had not travelled yet still reaches the commune.
TEST(FileRights, LosingACommuneErasesItsFilesAndBringsTheUnsentOnes) {
  PhotoScene scene;
  const PhotoScene::Photo sent = scene.attach(20'000);
  ASSERT_TRUE(scene.import_bundle(scene.deliver(scene.export_bundle())));
  ASSERT_TRUE(scene.knows_as_stored(sent));
  const PhotoScene::Photo unsent = scene.attach(30'000);
  ASSERT_TRUE(scene.meet_server().synced()) << "the event has travelled, the photo has not";
  ASSERT_TRUE(scene.photos.append(events::sha256(events::bytes_of("begun")), 0,
                                  events::bytes_of("half of a paper that was being fetched")));

  revoke_role(scene);
  EXPECT_TRUE(scene.meet_server().synced());
  EXPECT_FALSE(holds(scene, sent.original));
  EXPECT_FALSE(holds(scene, sent.thumbnail));
  EXPECT_TRUE(holds(scene, unsent.original));
  EXPECT_EQ(scene.photos.all()->size(), 2U) << "and nothing that was begun";
  EXPECT_EQ(clients::files_left_behind(*scene.replica, scene.photos).size(), 2U);
  EXPECT_EQ(clients::file_counts_of(*scene.replica, scene.photos)->originals.count, 1U)
      << "the status says that there is something to bring";

  const auto report = scene.import_bundle(scene.deliver(scene.export_bundle()));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(scene.server_has(unsent.original));
  EXPECT_TRUE(scene.server_has(unsent.thumbnail));
  EXPECT_TRUE(scene.photos.all()->empty()) << "what the server has is of no use here any more";
}

// A photo that wore out cannot be brought, and who lost the commune cannot take it again.
TEST(FileRights, ADamagedFileOfALostCommuneGoes) {
  PhotoScene scene;
  const PhotoScene::Photo worn = scene.attach(30'000);
  ASSERT_TRUE(scene.meet_server().synced());
  clients::FileRecords book(scene.store);
  ASSERT_TRUE(book.note_damaged({worn.attached, FilePart::original}));
  scene.meet_server();
  EXPECT_TRUE(holds(scene, worn.original)) << "the officer may look at what is left of it";
  revoke_role(scene);
  scene.meet_server();
  EXPECT_FALSE(holds(scene, worn.original));
  EXPECT_TRUE(holds(scene, worn.thumbnail));
}

// The same photo for two events: the first answer must not take the bytes from the second.
TEST(FileRights, AFileStaysUntilEachOfItsEventsHasIt) {
  PhotoScene scene;
  const PhotoScene::Photo photo = scene.attach(20'000);
  --scene.taken;
  const PhotoScene::Photo again = scene.attach(20'000);
  ASSERT_EQ(photo.original, again.original);
  ASSERT_TRUE(scene.meet_server().synced());
  revoke_role(scene);
  scene.meet_server();
  const auto& replica = *scene.replica;
  ASSERT_EQ(clients::files_left_behind(replica, scene.photos).size(), 4U);
  clients::FileRecords::Names delivered{{photo.attached, FilePart::original},
                                        {photo.attached, FilePart::thumbnail}};
  ASSERT_TRUE(clients::erase_left_behind(replica, scene.photos, delivered));
  EXPECT_TRUE(holds(scene, photo.original));
  delivered.insert({again.attached, FilePart::original});
  ASSERT_TRUE(clients::erase_left_behind(replica, scene.photos, delivered));
  EXPECT_FALSE(holds(scene, photo.original));
  EXPECT_TRUE(holds(scene, photo.thumbnail));
}

// What the officer keeps for a better connection must not keep back what this device has to deliver
// and erase.
TEST(FileRights, AnOriginalThatIsHeldBackKeepsBackNoneOfALostCommune) {
  PhotoScene scene;
  const PhotoScene::Photo lost = scene.attach(20'000);
  ASSERT_TRUE(scene.meet_server().synced());
  scene.move_to(scene.second);
  const PhotoScene::Photo here = scene.attach(20'000);
  ASSERT_TRUE(scene.meet_server().synced());
  ASSERT_TRUE(clients::FileRecords(scene.store).set_policy(clients::OriginalsPolicy::asked));
  clients::FileSync sync(*scene.replica, scene.photos);
  std::vector<protocol::FileName> offered;
  for (auto frame = sync.next(1); frame && *frame; frame = sync.next(1)) {
    const auto* const offer = std::get_if<protocol::BlobOffer>(&**frame);
    ASSERT_NE(offer, nullptr);
    offered.push_back(offer->file);
  }
  const protocol::FileName left_behind{lost.attached, FilePart::original};
  const protocol::FileName held_back{here.attached, FilePart::original};
  EXPECT_EQ(std::ranges::count(offered, left_behind), 1);
  EXPECT_EQ(std::ranges::count(offered, held_back), 0);
  EXPECT_EQ(sync.progress().files_held_back, 1U);
}

// A stolen phone connects: the papers on it are gone with the names.
TEST(FileRights, ARevokedDeviceIsRidOfItsFiles) {
  PhotoScene scene;
  scene.attach(20'000);
  revoke_device(scene);
  Wire wire(scene, 90);
  clients::SyncEngine engine(*scene.replica, false);
  engine.keep_files(scene.photos);
  for (const protocol::Message& frame : *engine.start(scene.now, {})) wire.send(frame);
  for (const protocol::Message& frame : wire.receive()) {
    if (!engine.on_message(frame, scene.now)) break;
  }
  EXPECT_TRUE(scene.photos.all()->empty());
}

// Photos would fill the phone; and a server that is restored within the month asks for them again.
TEST(FileRights, AnOwnOriginalGoesThirtyDaysAfterTheServerHasIt) {
  PhotoScene scene;
  const PhotoScene::Photo stored = scene.attach(20'000);
  const PhotoScene::Photo asked = scene.attach(20'000);
  ASSERT_TRUE(scene.import_bundle(scene.deliver(scene.export_bundle())));
  const PhotoScene::Photo unsent = scene.attach(20'000);
  clients::FileRecords book(scene.store);
  ASSERT_TRUE(book.note_asked({asked.attached, FilePart::original}));
  scene.pass_days(clients::own_original_days - 1);
  ASSERT_TRUE(scene.meet_server().synced());
  EXPECT_TRUE(holds(scene, stored.original));
  scene.pass_days(2);
  ASSERT_TRUE(scene.meet_server().synced());
  EXPECT_FALSE(holds(scene, stored.original));
  EXPECT_TRUE(holds(scene, stored.thumbnail));
  EXPECT_TRUE(holds(scene, asked.original)) << "the server has lost it";
  EXPECT_TRUE(holds(scene, unsent.original));
}

// A crash between the file and its event, and a file that another commune's device left.
TEST(FileRights, WhatNoEventNamesGoes) {
  PhotoScene scene;
  const PhotoScene::Photo kept = scene.attach(20'000);
  const events::Bytes orphan = a_picture(5'000, 77);
  ASSERT_TRUE(scene.photos.put(events::sha256(orphan), orphan));
  ASSERT_TRUE(scene.meet_server().synced());
  EXPECT_FALSE(holds(scene, orphan));
  EXPECT_TRUE(holds(scene, kept.original));
}

// The server's disk burned: it asks, and the phone brings what the log calls stored.
TEST(FileRights, ALostFileIsBroughtAgainOnceAndNoMore) {
  PhotoScene scene;
  const PhotoScene::Photo photo = scene.attach(20'000);
  ASSERT_TRUE(scene.import_bundle(scene.deliver(scene.export_bundle())));
  const StoredFiles said = stored_files(scene.pipeline.state().evidence_files(), 0,
                                        scene.pipeline.log().head().position);
  ASSERT_EQ(said.files.size(), 2U);
  EXPECT_TRUE(said.is_last);
  EXPECT_TRUE(
      stored_files(scene.pipeline.state().evidence_files(), 0, events::Position{1}).files.empty());
  ASSERT_TRUE(scene.stored_files.erase(events::sha256(photo.original)));

  clients::FileRecords book(scene.store);
  ASSERT_TRUE(book.note_asked({photo.attached, FilePart::original}));
  const events::Bytes bundle = scene.export_bundle();
  EXPECT_EQ(scene.exported.files.originals.count, 1U);
  EXPECT_EQ(scene.exported.files.thumbnails.count, 0U);
  ASSERT_TRUE(scene.import_bundle(scene.deliver(bundle)));
  EXPECT_TRUE(scene.server_has(photo.original));
  EXPECT_TRUE(book.asked()->empty());
  scene.export_bundle();
  EXPECT_EQ(scene.exported.files.originals.count, 0U);
}

}  // namespace
}  // namespace server::test
