#include "tests/server/bundle/photo_scene.h"
#include "tests/server/session/tablet.h"

namespace server::test {
namespace {

using events::FilePart;

// 603 registrations with two photos each are half a day of the line, or one stick: it must bring
// them, and the officer must see that they are safe before the phone is wiped.
TEST(BundledFiles, BringsPhotosOverAndTheWordThatTheyAreStoredBack) {
  PhotoScene scene;
  const PhotoScene::Photo first = scene.attach(300'000);
  const PhotoScene::Photo second = scene.attach(20'000);
  const events::Bytes bundle = scene.export_bundle();
  EXPECT_EQ(scene.exported.files.thumbnails, (clients::Amount{2, 6'000}));
  EXPECT_EQ(scene.exported.files.originals, (clients::Amount{2, 320'000}));
  scene.pass_days(3);
  const events::Bytes answer = scene.deliver(bundle);
  for (const PhotoScene::Photo& photo : {first, second}) {
    EXPECT_TRUE(scene.server_has(photo.original));
    EXPECT_TRUE(scene.server_has(photo.thumbnail));
    EXPECT_FALSE(scene.knows_as_stored(photo)) << "nobody has told the device yet";
  }
  EXPECT_LT(answer.size(), 10'000U) << "no credit, no bytes of files";

  const auto report = scene.import_bundle(answer);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->progress.synced());
  EXPECT_EQ(report->files.stored, 4U);
  EXPECT_TRUE(scene.knows_as_stored(first));
  EXPECT_TRUE(scene.knows_as_stored(second));
  scene.export_bundle();
  EXPECT_EQ(scene.exported.files.thumbnails.count, 0U) << "nothing goes twice";
  EXPECT_EQ(scene.exported.files.originals.count, 0U);
}

// A carrier who is not sure hands the stick over again; the log must not grow by it.
TEST(BundledFiles, TakesTheSameBundleThreeTimesAsOnce) {
  PhotoScene scene;
  const PhotoScene::Photo photo = scene.attach(100'000);
  const events::Bytes bundle = scene.export_bundle();
  scene.deliver(bundle);
  const events::Digest root = scene.log.head().root;
  scene.deliver(bundle);
  const events::Bytes answer = scene.deliver(bundle);
  EXPECT_EQ(scene.log.head().root, root);
  EXPECT_EQ(scene.stored_files.files().size(), 2U);
  const auto report = scene.import_bundle(answer);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->files.stored, 2U);
  EXPECT_TRUE(scene.knows_as_stored(photo));
}

/// The device had a signal for a moment: its events are there, and one chunk of the photo.
void send_first_chunk_by_network(PhotoScene& scene, const PhotoScene::Photo& photo) {
  ASSERT_TRUE(scene.meet_server().synced());
  const auto facts = scene.pipeline.file_facts({photo.attached, FilePart::original});
  ASSERT_TRUE(facts);
  scene.desk.offer(scene.clerk.chain(), *facts, {});
  const events::Bytes chunk(photo.original.begin(),
                            photo.original.begin() + protocol::file_chunk_bytes);
  const FileTransfers::Answer put = scene.desk.put({scene.clerk.chain(), *facts, 0, chunk});
  ASSERT_EQ(put.state.status, protocol::FileStatus::wanted);
}

/// What is missing of a photo at the server.
events::Bytes missing_of(PhotoScene& scene, const PhotoScene::Photo& photo) {
  const auto facts = scene.pipeline.file_facts({photo.attached, FilePart::original});
  return scene.desk.offer(scene.clerk.chain(), *facts, {}).state.missing;
}

// What the network brought before the stick came is not written again, whatever the stick has.
TEST(BundledFiles, GoesOnWhereTheNetworkStopped) {
  PhotoScene scene;
  const PhotoScene::Photo photo = scene.attach(100'000);
  const events::Bytes bundle = scene.export_bundle();
  ASSERT_NO_FATAL_FAILURE(send_first_chunk_by_network(scene, photo));
  const std::size_t before = scene.stored_files.puts;
  scene.deliver(bundle);
  EXPECT_TRUE(scene.server_has(photo.original));
  // Six of the seven chunks, and the thumbnail.
  EXPECT_EQ(scene.stored_files.puts - before, 7U);
}

// The stick was pulled out in the middle of a photo: what is whole counts, and of the rest the
// chunks that came are not sent again by the network.
TEST(BundledFiles, UsesWhatCameOfATruncatedBundle) {
  PhotoScene scene;
  const PhotoScene::Photo first = scene.attach(60'000);
  const PhotoScene::Photo second = scene.attach(400'000);
  const events::Bytes bundle = scene.export_bundle();
  const events::Bytes cut(bundle.begin(), bundle.end() - 150'000);
  const auto report = scene.import_bundle(scene.deliver(cut));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->progress.synced());
  EXPECT_TRUE(scene.knows_as_stored(first));
  EXPECT_FALSE(scene.knows_as_stored(second));
  const events::Bytes missing = missing_of(scene, second);
  ASSERT_EQ(missing.size(), 4U);
  EXPECT_EQ(missing.front(), 0U) << "the first chunks are kept";
  EXPECT_NE(missing.back(), 0U);

  scene.deliver(scene.export_bundle());
  EXPECT_EQ(scene.exported.files.originals.count, 1U);
  EXPECT_TRUE(scene.server_has(second.original));
}

/// Flash that wears out without noticing.
class WornStore final : public clients::FileStore {
 public:
  explicit WornStore(clients::MemoryFileStore& good) : good_(good) {}
  std::optional<events::Digest> worn;

  events::Result<bool> contains(const events::Digest& sha256) const override {
    return good_.contains(sha256);
  }
  events::Result<std::optional<events::Bytes>> read(const events::Digest& sha256) const override {
    auto bytes = good_.read(sha256);
    if (worn == sha256 && bytes && *bytes) (**bytes)[(**bytes).size() / 2] ^= 1U;
    return bytes;
  }
  events::Result<void> put(const events::Digest&, events::ByteView) override { return {}; }
  events::Result<std::uint32_t> begun(const events::Digest&) const override { return 0U; }
  events::Result<void> append(const events::Digest&, std::uint32_t, events::ByteView) override {
    return {};
  }
  events::Result<void> finish(const events::Digest&) override { return {}; }
  events::Result<void> erase(const events::Digest&) override { return {}; }
  events::Result<std::set<events::Digest>> all() const override { return good_.all(); }

 private:
  clients::MemoryFileStore& good_;
};

// Bytes that are not those the officer saw must never count as evidence, nor cost the others.
TEST(BundledFiles, RefusesWornBytesAndKeepsTheEventAndTheRest) {
  PhotoScene scene;
  const PhotoScene::Photo bad = scene.attach(50'000);
  const PhotoScene::Photo good = scene.attach(50'000);
  WornStore worn(scene.photos);
  worn.worn = events::sha256(bad.original);
  clients::BundleMaking making;
  const clients::FilePacking packing{worn};
  making.now = scene.now;
  making.ephemeral = a_secret(0x68);
  making.reply_to = events::sealing_key_of(device_secret);
  making.files = &packing;
  events::Bytes bundle;
  ASSERT_TRUE(clients::export_bundle(*scene.replica, making, [&](events::ByteView bytes) {
    events::append_bytes(bundle, bytes);
    return events::Result<void>();
  }));
  const events::Bytes answer = scene.deliver(bundle);
  EXPECT_FALSE(scene.server_has(bad.original));
  EXPECT_TRUE(scene.server_has(bad.thumbnail));
  EXPECT_TRUE(scene.server_has(good.original));
  bundle::MemorySource source(answer);
  const auto report =
      clients::import_bundle(*scene.replica, worn, source, device_secret, scene.now);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->progress.synced()) << "the event is official without its photo";
  EXPECT_EQ(report->files.stored, 3U);
  EXPECT_EQ(report->files.damaged, 1U);
  const protocol::FileName name{bad.attached, FilePart::original};
  EXPECT_TRUE(clients::FileRecords(scene.store).damaged()->contains(name));
}

// A device that finds its flash worn says so at the export, and does not carry rubbish about.
TEST(BundledFiles, LeavesOutWhatIsWornOnTheDevice) {
  PhotoScene scene;
  const PhotoScene::Photo photo = scene.attach(50'000);
  scene.photos.flip_a_bit(events::sha256(photo.original));
  scene.export_bundle();
  EXPECT_EQ(scene.exported.files.damaged, 1U);
  EXPECT_EQ(scene.exported.files.originals.count, 0U);
  EXPECT_EQ(scene.exported.files.thumbnails.count, 1U);
}

// The later stick comes first: its events wait, and its photos must not be lost for ever, nor fill
// the server while nobody has said what they are.
TEST(BundledFiles, PhotosOfParkedEventsAreAskedForAgain) {
  PhotoScene scene;
  const PhotoScene::Photo early = scene.attach(30'000);
  const std::uint64_t next = scene.replica->own().head().seq + 1;
  const events::Bytes earlier = scene.export_bundle();
  const PhotoScene::Photo late = scene.attach(30'000);
  const events::Bytes later = scene.export_bundle(next);
  EXPECT_EQ(scene.exported.files.originals.count, 1U) << "the other photo is on the other stick";

  const auto parked = scene.import_bundle(scene.deliver(later));
  ASSERT_TRUE(parked) << parked.error().message;
  EXPECT_EQ(parked->parked.size(), 1U);
  EXPECT_EQ(parked->files.waiting, 2U);
  EXPECT_TRUE(scene.stored_files.files().empty());
  ASSERT_TRUE(scene.import_bundle(scene.deliver(earlier)));
  EXPECT_TRUE(scene.knows_as_stored(early));
  EXPECT_FALSE(scene.knows_as_stored(late));
  ASSERT_TRUE(scene.import_bundle(scene.deliver(scene.export_bundle())));
  EXPECT_TRUE(scene.knows_as_stored(late));
}

// Case 31.  Who found the phone would have the server keep his pictures.
TEST(BundledFiles, TakesNoPhotosOfARevokedDevice) {
  PhotoScene scene;
  scene.attach(30'000);
  const events::Bytes bundle = scene.export_bundle();
  revoke_device(scene);
  scene.deliver(bundle);
  EXPECT_TRUE(scene.stored_files.files().empty());
}

// A small stick takes the small pictures first, and says what it left behind.
TEST(BundledFiles, KeepsToItsSizeWithThumbnailsFirst) {
  PhotoScene scene;
  std::vector<PhotoScene::Photo> taken;
  for (int each = 0; each < 4; ++each) taken.push_back(scene.attach(90'000));
  scene.packing.bundle_bytes_max = 220'000;
  const events::Bytes bundle = scene.export_bundle();
  EXPECT_LE(bundle.size(), 220'000U);
  EXPECT_EQ(scene.exported.files.thumbnails.count, 4U);
  EXPECT_EQ(scene.exported.files.originals.count, 2U);
  EXPECT_EQ(scene.exported.files.left_out, (clients::Amount{2, 180'000}));
  ASSERT_TRUE(scene.import_bundle(scene.deliver(bundle)));
  ASSERT_TRUE(scene.import_bundle(scene.deliver(scene.export_bundle())));
  EXPECT_EQ(scene.exported.files.left_out.count, 0U);
  for (const PhotoScene::Photo& photo : taken) EXPECT_TRUE(scene.knows_as_stored(photo));

  scene.attach(90'000);
  scene.packing.bundle_bytes_max = 0;
  const auto report = scene.import_bundle(scene.deliver(scene.export_bundle()));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->progress.synced()) << "events go in any case";
  EXPECT_EQ(scene.exported.files.left_out.count, 2U);
}

// Whoever set his phone to keep originals until somebody asks keeps them from the stick, too; what
// somebody asked for goes first.
TEST(BundledFiles, HeedsThePolicyAndTakesAStickForAGoodLine) {
  PhotoScene scene;
  scene.attach(40'000);
  const PhotoScene::Photo asked = scene.attach(40'000);
  clients::FileRecords book(scene.store);
  ASSERT_TRUE(book.set_policy(clients::OriginalsPolicy::asked));
  scene.export_bundle();
  EXPECT_EQ(scene.exported.files.originals.count, 0U);
  EXPECT_EQ(scene.exported.files.held_back, (clients::Amount{2, 80'000}));
  ASSERT_TRUE(book.note_asked({asked.attached, FilePart::original}));
  scene.deliver(scene.export_bundle());
  EXPECT_TRUE(scene.server_has(asked.original));
  EXPECT_EQ(scene.exported.files.held_back.count, 1U);
  ASSERT_TRUE(book.set_policy(clients::OriginalsPolicy::good_link));
  scene.export_bundle();
  EXPECT_EQ(scene.exported.files.originals.count, 2U);
}

}  // namespace
}  // namespace server::test
