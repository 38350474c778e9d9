#include "projections/state/evidence_files.h"

#include "tests/support/world.h"
#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

namespace projections {
namespace {

using events::FilePart;
using events::Rule;
using test_support::is_accepted;
using test_support::is_held;
using test_support::is_refused;
using test_support::World;

/// A registered citizen whose certificate was photographed.
class EvidenceFilesOfTheWorld : public ::testing::Test {
 protected:
  events::EventId attach() {
    return world
        .append({.chain = world.commune(0).devices[0],
                 .by = world.commune(0).entrant,
                 .payload = World::an_attachment(),
                 .stream = test_support::stream_of(dossier)})
        .id();
  }
  events::EvidenceStored stored(events::EventId attached, FilePart part) const {
    const EvidenceFileStatus& file = world.state().evidence_files().find(attached)->part(part);
    return {attached, part, file.sha256, file.size};
  }
  events::Verdict said(const events::EvidenceStored& e, events::DossierId about) const {
    World copy = world;
    return copy.append_system(e, test_support::stream_of(about)).verdict();
  }

  World world;
  events::DossierId dossier = world.register_citizen(0);
};

// A photo on one phone only would pass for one that the commune has.
TEST_F(EvidenceFilesOfTheWorld, AreStoredOnlyWhenTheServerSaysSo) {
  const events::EventId attached = attach();
  const EvidenceFile* file = world.state().evidence_files().find(attached);
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->dossier, dossier);
  EXPECT_EQ(file->scope, world.commune(0).unit);
  EXPECT_FALSE(file->original.is_stored());
  EXPECT_FALSE(file->thumbnail.is_stored());
  EXPECT_EQ(world.state().dossiers().find(dossier)->evidence_count, 1);

  const auto& said =
      world.append_system(stored(attached, FilePart::thumbnail), test_support::stream_of(dossier));
  EXPECT_TRUE(is_accepted(said.verdict()));
  EXPECT_EQ(said.scope, events::ScopeSet{world.commune(0).unit}) << "its readers must hear of it";
  file = world.state().evidence_files().find(attached);
  EXPECT_EQ(file->thumbnail.stored_at, said.position());
  EXPECT_FALSE(file->original.is_stored());
}

// An audit could not tell whether the file that was looked at is the one that the officer named.
TEST_F(EvidenceFilesOfTheWorld, AreStoredOnceAndAsTheyWereNamed) {
  const events::EventId attached = attach();
  events::EvidenceStored wrong = stored(attached, FilePart::original);
  wrong.sha256 = events::sha256(events::bytes_of("another photo"));
  EXPECT_TRUE(is_refused(said(wrong, dossier), Rule::o_value));
  wrong = stored(attached, FilePart::original);
  ++wrong.size;
  EXPECT_TRUE(is_refused(said(wrong, dossier), Rule::o_value));
  wrong = stored(attached, FilePart::original);
  wrong.attached = events::EventId{attached.chain(), attached.seq() + 100};
  EXPECT_TRUE(is_refused(said(wrong, dossier), Rule::o_unknown_thing));
  EXPECT_TRUE(is_refused(said(stored(attached, FilePart::original), world.register_citizen(0)),
                         Rule::o_unknown_thing))
      << "about another dossier";

  world.append_system(stored(attached, FilePart::original), test_support::stream_of(dossier));
  EXPECT_TRUE(is_refused(said(stored(attached, FilePart::original), dossier), Rule::o_value))
      << "a second time";
}

// A device could make the server seem to have a photo that it never got.
TEST_F(EvidenceFilesOfTheWorld, AreNotDeclaredStoredByDevices) {
  const events::EventId attached = attach();
  const auto verdict = test_support::judged(world, {.chain = world.commune(0).devices[0],
                                                    .by = world.commune(0).entrant,
                                                    .payload = stored(attached, FilePart::original),
                                                    .stream = test_support::stream_of(dossier)});
  EXPECT_TRUE(is_refused(verdict, Rule::a_system));
}

// Files of refused evidence would fill the server, whoever sends them.
TEST_F(EvidenceFilesOfTheWorld, AreNotThereWithoutEffect) {
  const auto& refused = world.append({.chain = world.commune(0).devices[0],
                                      .by = world.commune(0).signer,
                                      .payload = World::an_attachment(),
                                      .stream = test_support::stream_of(dossier)});
  ASSERT_FALSE(refused.verdict().takes_effect());
  EXPECT_EQ(world.state().evidence_files().find(refused.id()), nullptr);
}

// Officers would see names of files of a commune that is not theirs, or miss their own.
TEST_F(EvidenceFilesOfTheWorld, BelongToTheirCommune) {
  const events::EventId attached = attach();
  State own = world.state();
  own.restrict_to(world.reader_of(0));
  EXPECT_NE(own.evidence_files().find(attached), nullptr);
  State other = world.state();
  other.restrict_to(world.reader_of(1));
  EXPECT_EQ(other.evidence_files().find(attached), nullptr);
}

}  // namespace
}  // namespace projections
