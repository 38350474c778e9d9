#include "projections/views/title_status.h"

#include "tests/projections/folded_log.h"

#include <gtest/gtest.h>

namespace projections {
namespace {

using events::GroupCode;

struct World {
  FoldedLog log;
  events::UnitId na_tau = log.unit(events::UnitKind::commune, {}, "Xã Nà Tấu");
  events::UnitId him_lam = log.unit(events::UnitKind::ward, {}, "Phường Him Lam");
  events::CycleId in_2024 = log.cycle(events::TitleKind::learning_citizen, {}, "2024");
  events::CycleId in_2025 = log.cycle(events::TitleKind::learning_citizen, {}, "2025");

  events::DossierId assessed(std::uint64_t citizen, events::CycleId cycle, events::UnitId home) {
    const events::DossierId dossier =
        log.open(person(citizen), cycle, GroupCode::farmer_rural, home);
    log.assess(dossier, 800);
    return dossier;
  }
  events::DecisionId decide(events::DossierId dossier, events::UnitId scope) {
    const events::DecisionIssued decision{
        {}, 12, 2025, "QĐ-UBND", events::SigningCapacity::kt, {dossier}};
    return events::DecisionId{log.create(decision, scope)};
  }
  events::DossierId granted(std::uint64_t citizen, events::CycleId cycle, events::UnitId home) {
    const events::DossierId dossier = assessed(citizen, cycle, home);
    log.recognize(dossier, decide(dossier, home));
    return dossier;
  }
  const TitleStatus& titles() const { return log.views().title_status; }
};

// An auditor asks of every title: for which round, by which decision, signed on which day.
TEST(TitleStatus, RemembersWhatAGrantRestsOn) {
  World world;
  const events::DossierId dossier = world.assessed(1, world.in_2025, world.na_tau);
  EXPECT_EQ(world.titles().of_dossier(dossier), nullptr);
  const events::DecisionId decision = world.decide(dossier, world.na_tau);
  world.log.recognize(dossier, decision);

  const HeldTitle* const title = world.titles().of_dossier(dossier);
  ASSERT_NE(title, nullptr);
  EXPECT_EQ(title->subject, person(1));
  EXPECT_EQ(title->cycle, world.in_2025);
  EXPECT_EQ(title->title, events::TitleKind::learning_citizen);
  EXPECT_EQ(title->group, GroupCode::farmer_rural);
  EXPECT_EQ(title->decision, decision);
  EXPECT_EQ(title->decided_on, world.log.state().documents().find(decision.event)->business_day);
  EXPECT_EQ(title->scope, world.na_tau);
  EXPECT_EQ(title->granted_at, world.log.state().applied());
}

// A title is granted for a year; last year's must not pass for this year's.
TEST(TitleStatus, KeepsTheYearsOfASubjectApart) {
  World world;
  const events::DossierId before = world.granted(1, world.in_2024, world.na_tau);
  EXPECT_NE(world.titles().of_subject(person(1), world.in_2024), nullptr);
  EXPECT_EQ(world.titles().of_subject(person(1), world.in_2025), nullptr);
  const events::DossierId now = world.granted(1, world.in_2025, world.na_tau);
  EXPECT_EQ(world.titles().of_subject(person(2), world.in_2025), nullptr);

  const auto history = world.titles().history_of(person(1));
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].dossier, now);
  EXPECT_EQ(history[1].dossier, before);
  EXPECT_TRUE(world.titles().history_of(person(2)).empty());
}

TEST(TitleStatus, TakesEffectWithTheReleaseOfAHeldGrant) {
  World world;
  const events::DossierId dossier = world.assessed(1, world.in_2025, world.na_tau);
  world.log.append_to(dossier, events::DossierReviewed{{}, events::ReviewConclusion::proposed});
  world.log.append_to(dossier, events::DossierSubmitted{});
  world.log.append_to(dossier, events::DossierAppraised{events::AppraisalOutcome::qualified, 0});
  const events::Position held = world.log.hold(dossier, events::TitleGranted{});
  EXPECT_EQ(world.titles().of_dossier(dossier), nullptr);
  world.log.release(held);
  ASSERT_NE(world.titles().of_dossier(dossier), nullptr);
  EXPECT_GT(world.titles().of_dossier(dossier)->granted_at, held);
}

TEST(TitleStatus, OfACommuneIsTheRestrictionOfTheWhole) {
  World world;
  for (std::uint64_t citizen = 1; citizen <= 20; ++citizen) {
    world.granted(citizen, world.in_2025, citizen % 3 == 0 ? world.him_lam : world.na_tau);
  }
  const events::ReaderScope reader = reader_of({world.him_lam});
  TitleStatus restricted = world.titles();
  restricted.restrict_to(reader);
  EXPECT_EQ(restricted.all().size(), 6U);
  EXPECT_NE(restricted.of_subject(person(3), world.in_2025), nullptr);
  EXPECT_EQ(restricted.of_subject(person(4), world.in_2025), nullptr);
  EXPECT_EQ(events::encode(restricted),
            events::encode(world.log.refold(reader).views.title_status));
}

// The index of subjects is not in the bytes; a loaded table must find them all the same.
TEST(TitleStatus, FindsSubjectsAfterLoading) {
  World world;
  world.granted(1, world.in_2024, world.na_tau);
  world.granted(2, world.in_2025, world.na_tau);
  world.granted(1, world.in_2025, world.na_tau);
  const auto loaded = events::decode<TitleStatus>(events::encode(world.titles()));
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->history_of(person(1)).size(), 2U);
  EXPECT_NE(loaded->of_subject(person(2), world.in_2025), nullptr);
}

}  // namespace
}  // namespace projections
