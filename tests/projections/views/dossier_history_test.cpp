#include "projections/views/dossier_history.h"

#include "tests/support/world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

namespace projections {
namespace {

using events::Position;
using test_support::World;

/// A dossier with evidence that the office did not know of, a sheet that was held for that and
/// released by the clerk, a meeting, and a second dossier beside it.
struct Life {
  World world;
  events::DossierId dossier;
  events::DossierId other;
  Position evidence;
  Position held;
  Position release;

  Life() {
    const test_support::CommuneWorld place = world.commune(0);
    dossier = world.open_dossier(0);
    other = world.register_citizen(0);
    world.register_dossier(0, dossier);
    const Position before_acceptance = world.head();
    world.accept_registration(0, dossier);
    evidence = act(place.devices[0], place.entrant, World::a_sighting(), {});
    held = act(place.devices[1], place.entrant, world.a_sheet(80), before_acceptance);
    events::Verdict accepted;
    accepted.code = events::VerdictCode::accepted;
    accepted.rules = events::RulesVersion{1};
    release = act(place.devices[1], place.clerk, events::HoldReleased{held, accepted}, {});
    world.review(0, {dossier});
  }

  Position act(events::ChainNumber device, const test_support::Officer& by, events::Payload payload,
               std::optional<Position> seen) {
    world.wait_seconds(60);
    return world
        .append({.chain = device,
                 .by = by,
                 .payload = std::move(payload),
                 .stream = test_support::stream_of(dossier),
                 .seen = seen})
        .position();
  }

  DossierHistory history(Position upto) const {
    DossierHistory history(dossier);
    for (const test_support::StoredAct& act : world.stored()) {
      if (act.position() <= upto) history.take(act.stored);
    }
    return history;
  }
};

const Life& the_life() {
  static const Life life;
  return life;
}

HistoryPage all_of(const DossierHistory& history) { return page_of(history, {}, 1'000); }

const HistoryRow& row_at(const HistoryPage& page, Position position) {
  const auto found = std::ranges::find(page.rows, position, &HistoryRow::position);
  EXPECT_NE(found, page.rows.end());
  return *found;
}

// A sheet that waited counts from its release on; who reads the history must see both moments.
TEST(DossierHistoryView, AReleasedEventStandsWhereItTookEffect) {
  const Life& life = the_life();
  const HistoryPage page = all_of(life.history(life.world.head()));
  const HistoryRow& sheet = row_at(page, life.held);
  EXPECT_EQ(sheet.verdict.code, events::VerdictCode::held);
  EXPECT_EQ(sheet.effect, life.release);
  ASSERT_EQ(sheet.later.size(), 1U);
  EXPECT_EQ(sheet.later[0].position, life.release);
  EXPECT_EQ(sheet.later[0].kind, "HoldReleased");
  EXPECT_EQ(sheet.later[0].actor, life.world.commune(0).clerk.person);
  const auto order = [](const HistoryRow& row) {
    return row.effect.value == 0 ? row.position : row.effect;
  };
  EXPECT_TRUE(std::ranges::is_sorted(page.rows, {}, order));
}

// The same question at the same position gives the same answer for ever.
TEST(DossierHistoryView, AtAPositionNothingLaterIsKnown) {
  const Life& life = the_life();
  const HistoryPage before = all_of(life.history(Position{life.release.value - 1}));
  EXPECT_EQ(row_at(before, life.held).effect, Position{});
  EXPECT_TRUE(row_at(before, life.held).later.empty());
  for (const HistoryRow& row : before.rows) EXPECT_LT(row.position, life.release);
}

// The office decided without the evidence; a complaint asks exactly that.
TEST(DossierHistoryView, CountsTheEvidenceThatTheAuthorKnew) {
  const Life& life = the_life();
  const HistoryPage page = all_of(life.history(life.world.head()));
  EXPECT_EQ(row_at(page, life.evidence).evidence_in_log, 0U);
  EXPECT_EQ(row_at(page, life.held).evidence_in_log, 1U);
  EXPECT_EQ(row_at(page, life.held).evidence_known, 0U);
  EXPECT_EQ(page.rows.back().kind, "DossierReviewed");
  EXPECT_EQ(page.rows.back().evidence_known, 1U);
}

TEST(DossierHistoryView, HoldsTheMeetingThatNamesTheDossierAndNothingOfOthers) {
  const Life& life = the_life();
  const DossierHistory history = life.history(life.world.head());
  std::vector<std::string> kinds;
  for (const HistoryRow& row : all_of(history).rows) kinds.push_back(row.kind);
  EXPECT_EQ(kinds,
            (std::vector<std::string>{"DossierOpened", "DossierRegistered", "RegistrationAccepted",
                                      "EvidenceSighted", "SelfAssessmentRecorded", "HoldReleased",
                                      "ReviewHeld", "DossierReviewed"}));
  for (const HistoryEvent& event : history.events()) {
    EXPECT_NE(event.stored.event.header.stream, test_support::stream_of(life.other));
  }
}

TEST(DossierHistoryView, PagesOfAnySizeJoinToTheWhole) {
  const Life& life = the_life();
  const DossierHistory history = life.history(life.world.head());
  const HistoryPage whole = all_of(history);
  EXPECT_FALSE(whole.next);
  for (std::size_t limit = 1; limit <= whole.rows.size(); ++limit) {
    SCOPED_TRACE(limit);
    HistoryFilter filter;
    std::vector<std::size_t> joined;
    for (std::size_t pages = 0; pages <= whole.rows.size(); ++pages) {
      const HistoryPage page = page_of(history, filter, limit);
      joined.insert(joined.end(), page.indexes.begin(), page.indexes.end());
      filter.after = page.next;
      if (!page.next) break;
    }
    EXPECT_EQ(joined, whole.indexes);
  }
}

TEST(DossierHistoryView, RolesAreToldOnlyOfWhatHasEffect) {
  const Life& life = the_life();
  HistoryPage before = all_of(life.history(Position{life.release.value - 1}));
  name_roles(before, life.world.state().access());
  EXPECT_EQ(row_at(before, life.held).role, events::Role{});
  EXPECT_EQ(row_at(before, life.evidence).role, events::Role::proxy_entrant);
  const HistoryFilter effective{.effective_only = true};
  for (const HistoryRow& row : page_of(life.history(life.held), effective, 100).rows) {
    EXPECT_NE(row.effect, Position{});
  }
}

}  // namespace
}  // namespace projections
