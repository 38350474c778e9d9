#include "clients/core/files/file_plan.h"

#include "clients/core/log/memory_store.h"
#include "tests/support/world.h"

#include <gtest/gtest.h>

namespace clients {
namespace {

using events::FilePart;
using events::protocol::FileName;

FileName file(std::uint64_t seq, FilePart part = FilePart::original) {
  return {events::EventId{events::ChainNumber{7}, seq}, part};
}

// A village line would be full of photos that nobody asked for, or a good one idle.
TEST(FileRecords, KeepsThePolicyThatPeopleChose) {
  MemoryStore store;
  FileRecords book(store);
  EXPECT_EQ(*book.policy(), OriginalsPolicy::good_link);
  for (const char* word : {"always", "good-link", "asked"}) {
    const auto policy = parse_policy(word);
    ASSERT_TRUE(policy);
    ASSERT_TRUE(book.set_policy(*policy));
    EXPECT_EQ(FileRecords(store).policy().value(), *policy);
    EXPECT_EQ(word_of(*policy), word);
  }
  EXPECT_EQ(parse_policy("never"), std::nullopt);
}

// The reviewer asked; the phone would forget it with the next restart.
TEST(FileRecords, KeepsWhatWasAskedFor) {
  MemoryStore store;
  FileRecords book(store);
  ASSERT_TRUE(book.want(file(1)));
  ASSERT_TRUE(book.want(file(2, FilePart::thumbnail)));
  ASSERT_TRUE(book.want(file(1)));
  ASSERT_TRUE(book.note_asked(file(3)));
  ASSERT_TRUE(book.note_damaged(file(4)));
  FileRecords later(store);
  EXPECT_EQ(*later.wanted(), (FileRecords::Names{file(1), file(2, FilePart::thumbnail)}));
  EXPECT_EQ(*later.asked(), FileRecords::Names{file(3)});
  EXPECT_EQ(*later.damaged(), FileRecords::Names{file(4)});
  ASSERT_TRUE(later.forget_wanted(file(1)));
  ASSERT_TRUE(later.forget_wanted(file(99)));
  EXPECT_EQ(*book.wanted(), FileRecords::Names{file(2, FilePart::thumbnail)});
}

// The officer's list would show photos of others as lost, or lost ones as sent.
TEST(FilesHere, TellWhatIsOwnHereAndStored) {
  test_support::World world;
  const events::DossierId dossier = world.register_citizen(0);
  const auto& attached = world.append({.chain = world.commune(0).devices[0],
                                       .by = world.commune(0).entrant,
                                       .payload = test_support::World::an_attachment(),
                                       .stream = test_support::stream_of(dossier)});
  const events::EventId id = attached.id();
  MemoryFileStore files;
  ASSERT_TRUE(
      files.put(events::sha256(events::bytes_of("thumbnail")), events::bytes_of("thumbnail")));
  auto here = files_here(world.state(), world.commune(0).devices[0], files);
  ASSERT_EQ(here.size(), 2U);
  EXPECT_EQ(here[0].name, (FileName{id, FilePart::thumbnail}));
  EXPECT_TRUE(here[0].is_own);
  EXPECT_TRUE(here[0].is_here);
  EXPECT_EQ(here[1].name, (FileName{id, FilePart::original}));
  EXPECT_FALSE(here[1].is_here);
  EXPECT_FALSE(here[1].is_stored);

  const projections::EvidenceFileStatus& status = world.state().evidence_files().find(id)->original;
  world.append_system(events::EvidenceStored{id, FilePart::original, status.sha256, status.size},
                      test_support::stream_of(dossier));
  here = files_here(world.state(), world.commune(0).devices[1], files);
  EXPECT_FALSE(here[1].is_own);
  EXPECT_TRUE(here[1].is_stored);
}

}  // namespace
}  // namespace clients
