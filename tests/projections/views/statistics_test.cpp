#include "projections/views/statistics.h"

#include "projections/policy/policy.h"
#include "tests/projections/folded_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

namespace projections {
namespace {

using events::DossierState;
using events::GroupCode;

/// Two communes of a province, a cycle of citizens and one of families.
struct World {
  FoldedLog log;
  events::UnitId province = log.unit(events::UnitKind::province, {}, "Tỉnh Điện Biên");
  events::UnitId na_tau = log.unit(events::UnitKind::commune, province, "Xã Nà Tấu");
  events::UnitId hamlet = log.unit(events::UnitKind::hamlet, na_tau, "Bản Nà Láo");
  events::UnitId him_lam = log.unit(events::UnitKind::ward, province, "Phường Him Lam");
  events::CycleId citizens = log.cycle(events::TitleKind::learning_citizen, {}, "2025");
  events::CycleId families = log.cycle(events::TitleKind::learning_family, {}, "2025");

  events::DossierId farmer(std::uint64_t number) {
    return log.open(person(number), citizens, GroupCode::farmer_rural, hamlet);
  }
  Counters all() const { return log.views().statistics.sum({}); }
};

/// The counts made anew from the dossiers as they are, in plain words of domain.md 4.5.
std::map<StatisticsKey, Counters> recount(const State& state) {
  std::map<StatisticsKey, Counters> cells;
  for (const Dossier& dossier : state.dossiers().all()) {
    const events::TitleKind title = state.rulebook().find(dossier.cycle)->content.title;
    Counters& cell = cells[{dossier.scope, title, dossier.cycle, dossier.group}];
    const auto is = [&](auto... states) { return ((dossier.state == states) || ...); };
    using enum DossierState;
    const bool was_appraised = dossier.outcome != events::AppraisalOutcome{};
    const bool refused_early = is(not_recognized) && !was_appraised;
    const bool at_its_end = is(recognized, not_recognized);
    const bool is_assessed =
        is(self_assessed, DossierState::reviewed, submitted, appraised) || at_its_end;
    cell.opened += 1;
    cell.registered += is(draft, withdrawn) ? 0 : 1;
    cell.self_assessed += is_assessed ? 1 : 0;
    cell.reviewed += is_assessed && !is(self_assessed) ? 1 : 0;
    cell.submitted += is(submitted, appraised) || (at_its_end && !refused_early) ? 1 : 0;
    cell.appraised += is(appraised) || (at_its_end && !refused_early) ? 1 : 0;
    cell.recognized += is(recognized) ? 1 : 0;
    cell.not_recognized += is(not_recognized) ? 1 : 0;
    cell.withdrawn += is(withdrawn) ? 1 : 0;
    if (is_assessed) cell.totals.add(dossier.total_tenths);
  }
  return cells;
}

TEST(Statistics, CountADossierInEveryStageBehindIt) {
  World world;
  const events::DossierId dossier = world.farmer(1);
  EXPECT_EQ(world.all().opened, 1U);
  EXPECT_EQ(world.all().registered, 0U);

  world.log.assess(dossier, 750);
  EXPECT_EQ(world.all().registered, 1U);
  EXPECT_EQ(world.all().self_assessed, 1U);
  EXPECT_EQ(world.all().reviewed, 0U);

  world.log.recognize(dossier, {});
  const Counters counters = world.all();
  EXPECT_EQ(counters.registered, 1U);
  EXPECT_EQ(counters.submitted, 1U);
  EXPECT_EQ(counters.appraised, 1U);
  EXPECT_EQ(counters.recognized, 1U);
  EXPECT_EQ(counters.not_recognized, 0U);
}

// A dossier that goes round twice must not be two dossiers in the province's report.
TEST(Statistics, CountAReturnedAndResubmittedDossierOnce) {
  World world;
  const events::DossierId dossier = world.farmer(1);
  world.log.assess(dossier, 650);
  for (int round = 0; round < 3; ++round) {
    world.log.append_to(dossier, events::DossierReviewed{{}, events::ReviewConclusion::proposed});
    world.log.append_to(dossier, events::DossierSubmitted{});
    world.log.append_to(
        dossier,
        events::DossierReturned{events::ReturnReason::score_mismatch, DossierState::accepted, {}});
    EXPECT_EQ(world.all().registered, 1U);
    EXPECT_EQ(world.all().self_assessed, 0U);
    EXPECT_FALSE(world.all().totals.least());
    world.log.append_to(dossier, events::DossierResubmitted{});
    world.log.append_to(dossier, events::SelfAssessmentRecorded{{}, {}, 700});
  }
  EXPECT_EQ(world.all().self_assessed, 1U);
  EXPECT_EQ(world.all().totals.exactly(700), 1U);
  EXPECT_EQ(world.all().totals.exactly(650), 0U);
}

TEST(Statistics, TakeAWithdrawnDossierOutOfTheRegisteredOnes) {
  World world;
  const events::DossierId dossier = world.farmer(1);
  world.log.assess(dossier, 650);
  world.log.append_to(dossier, events::DossierWithdrawn{});
  EXPECT_EQ(world.all().opened, 1U);
  EXPECT_EQ(world.all().registered, 0U);
  EXPECT_EQ(world.all().self_assessed, 0U);
  EXPECT_EQ(world.all().withdrawn, 1U);
}

// Refused after the meeting, a dossier never was before the council.
TEST(Statistics, TellTheTwoWaysToARefusalApart) {
  World world;
  const events::DossierId early = world.farmer(1);
  world.log.assess(early, 400);
  world.log.append_to(early, events::DossierReviewed{{}, events::ReviewConclusion::not_proposed});
  world.log.append_to(early, events::DossierNotRecognized{});
  EXPECT_EQ(world.all().appraised, 0U);
  const events::DossierId late = world.farmer(2);
  world.log.assess(late, 600);
  world.log.refuse_title(late);
  EXPECT_EQ(world.all().not_recognized, 2U);
  EXPECT_EQ(world.all().reviewed, 2U);
  EXPECT_EQ(world.all().appraised, 1U);
}

// A held sheet is not in force; it must count from its release, and not before.
TEST(Statistics, CountAHeldEventFromItsRelease) {
  World world;
  const events::DossierId dossier = world.farmer(1);
  world.log.append_to(dossier, events::DossierRegistered{});
  world.log.append_to(dossier, events::RegistrationAccepted{});
  const events::SelfAssessmentRecorded sheet{{}, {}, 710};
  const events::Position released = world.log.hold(dossier, sheet);
  EXPECT_EQ(world.all().self_assessed, 0U);
  world.log.release(released);
  EXPECT_EQ(world.all().self_assessed, 1U);
  EXPECT_EQ(world.all().totals.least(), 710);

  const events::Position refused = world.log.hold(dossier, events::DossierWithdrawn{});
  world.log.refuse(refused);
  EXPECT_EQ(world.all().withdrawn, 0U);
}

TEST(Statistics, KeepCommunesTitlesCyclesAndGroupsApart) {
  World world;
  world.log.assess(world.farmer(1), 700);
  world.log.assess(
      world.log.open(person(2), world.citizens, GroupCode::worker_craft, world.him_lam), 690);
  world.log.assess(world.log.open(collective(3), world.families, GroupCode::none, world.him_lam),
                   0);
  const Statistics& statistics = world.log.views().statistics;
  EXPECT_EQ(statistics.cells().size(), 3U);
  EXPECT_EQ(statistics.sum({.commune = world.na_tau}).registered, 1U);
  EXPECT_EQ(statistics.sum({.commune = world.him_lam}).registered, 2U);
  EXPECT_EQ(statistics.sum({.title = events::TitleKind::learning_citizen}).registered, 2U);
  EXPECT_EQ(statistics.sum({.cycle = world.families}).registered, 1U);
  EXPECT_EQ(statistics.sum({.group = GroupCode::worker_craft}).registered, 1U);
  EXPECT_EQ(statistics.sum({.commune = world.hamlet}).opened, 0U);
  EXPECT_EQ(statistics.registered_collectives(events::CollectiveKind::household, world.families),
            1U);
  EXPECT_EQ(statistics.registered_collectives(events::CollectiveKind::clan, world.families), 0U);
}

// The pilot told one citizen with exactly 50 points from 441 in the upper band.
TEST(Statistics, AnswerForAnyScoreBand) {
  ScoreTotals totals;
  EXPECT_FALSE(totals.least());
  for (const int total : {1000, 700, 695, 500, 495, 700, 0}) {
    totals.add(static_cast<std::uint16_t>(total));
  }
  EXPECT_EQ(totals.between(upper_band_from, 1000), 3U);
  EXPECT_EQ(totals.between(middle_band_from, upper_band_from - 1), 2U);
  EXPECT_EQ(totals.between(0, middle_band_from - 1), 2U);
  EXPECT_EQ(totals.exactly(700), 2U);
  EXPECT_EQ(totals.least(), 0);
  EXPECT_EQ(totals.greatest(), 1000);
  totals.remove(0);
  totals.remove(700);
  EXPECT_EQ(totals.least(), 495);
  EXPECT_EQ(totals.exactly(700), 1U);
}

/// Grows a log at random by steps of the workflow, some of them held for a while.
class RandomDossiers {
 public:
  explicit RandomDossiers(std::uint64_t seed) : random_(seed) {}

  void step(World& world) {
    if (dossiers_.empty() || below(5) == 0) {
      open(world);
    } else if (!held_.empty() && below(6) == 0) {
      settle(world);
    } else {
      move(world, dossiers_[below(dossiers_.size())]);
    }
  }

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

  void open(World& world) {
    const bool is_family = below(4) == 0;
    const GroupCode group = below(2) == 0 ? GroupCode::farmer_rural : GroupCode::learner;
    dossiers_.push_back(world.log.open(
        person(dossiers_.size() + 1), is_family ? world.families : world.citizens,
        is_family ? GroupCode::none : group, below(2) == 0 ? world.hamlet : world.him_lam));
  }

  void settle(World& world) {
    const std::size_t index = below(held_.size());
    if (below(3) == 0) {
      world.log.refuse(held_[index]);
    } else {
      world.log.release(held_[index]);
    }
    held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  void move(World& world, events::DossierId dossier) {
    std::vector<events::Payload> moves;
    const DossierState state = world.log.state().dossiers().find(dossier)->state;
    for (events::Payload& payload : all_moves()) {
      const auto type = static_cast<events::EventType>(events::make_event({}, payload).header.type);
      if (newest_policy().find_step(type, state) != nullptr) moves.push_back(std::move(payload));
    }
    if (moves.empty()) return;
    events::Payload payload = std::move(moves[below(moves.size())]);
    if (below(8) == 0) {
      held_.push_back(world.log.hold(dossier, std::move(payload)));
    } else {
      world.log.append_to(dossier, std::move(payload));
    }
  }

  std::vector<events::Payload> all_moves() {
    using enum DossierState;
    constexpr DossierState origins[] = {accepted, self_assessed, DossierState::reviewed};
    const auto outcome = static_cast<events::AppraisalOutcome>(1 + below(2));
    return {events::DossierRegistered{},
            events::RegistrationAccepted{},
            events::DossierReturned{events::ReturnReason::wrong_unit, origins[below(3)], {}},
            events::DossierResubmitted{},
            events::SelfAssessmentRecorded{{}, {}, static_cast<std::uint16_t>(below(201) * 5)},
            events::EvidenceSighted{},
            events::DossierWithdrawn{},
            events::DossierReviewed{{}, static_cast<events::ReviewConclusion>(1 + below(3))},
            events::DossierSubmitted{},
            events::DossierAppraised{outcome, 0},
            events::TitleGranted{},
            events::DossierNotRecognized{}};
  }

  std::mt19937_64 random_;
  std::vector<events::DossierId> dossiers_;
  std::vector<events::Position> held_;
};

// Counting event by event is only worth having if it never drifts from counting anew.
TEST(Statistics, EqualARecountAfterAnySequenceOfEvents) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    World world;
    RandomDossiers random(seed);
    for (int count = 0; count < 400; ++count) {
      random.step(world);
      ASSERT_EQ(world.log.views().statistics.cells(), recount(world.log.state())) << count;
    }
  }
}

// A commune that counts its own log must get the figures that the province shows for it.
TEST(Views, OfAScopeAreTheRestrictionOfAllViews) {
  for (std::uint64_t seed = 100; seed < 110; ++seed) {
    SCOPED_TRACE(seed);
    World world;
    RandomDossiers random(seed);
    for (int count = 0; count < 300; ++count) random.step(world);
    for (const auto& communes :
         {std::vector{world.na_tau}, std::vector{world.him_lam}, std::vector<events::UnitId>{},
          std::vector{world.na_tau, world.him_lam}}) {
      const events::ReaderScope reader = reader_of(communes);
      Views restricted = world.log.views();
      restricted.restrict_to(reader);
      EXPECT_EQ(events::encode(restricted), events::encode(world.log.refold(reader).views));
    }
  }
}

// A checkpoint that counts on differently from what it was taken of would fork the figures.
TEST(Views, GoOnFromTheirBytes) {
  World world;
  RandomDossiers random(7);
  for (int count = 0; count < 200; ++count) random.step(world);
  const events::Bytes bytes = events::encode(world.log.views());
  auto views = events::decode<Views>(bytes);
  ASSERT_TRUE(views) << views.error().message;
  EXPECT_EQ(events::encode(*views), bytes);
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    EXPECT_FALSE(events::decode<Views>(events::ByteView{bytes}.first(size)));
  }

  const events::DossierId dossier = world.farmer(9'000);
  events::EventHeader header;
  header.stream = {events::StreamKind::dossier, dossier.event};
  const events::Event event = events::make_event(header, events::DossierRegistered{});
  const events::Verdict verdict{events::VerdictCode::accepted, 0, {}, {}, {}, {}};
  const State& state = world.log.state();
  const Dossier* const opened = state.dossiers().find(dossier);
  views->apply({state.applied(), {}, event, verdict, nullptr, opened}, state);
  EXPECT_EQ(events::encode(*views), events::encode(world.log.views()));
}

TEST(Views, AreListedWithTheirRevisions) {
  std::vector<std::string> names;
  for (const ProjectionInfo& info : all_projections()) {
    names.emplace_back(info.name);
    EXPECT_GE(info.revision, 1U);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"state", "units", "access", "subjects", "rulebook",
                                             "dossiers", "documents", "inbox", "evidence_files",
                                             "left_out", "title_status", "statistics"}));
}

/// An archive that takes down the names of what passes.
struct MemberNames {
  template <class... Members>
  void operator()(Members&... /*members*/) {
    (take<Members>(), ...);
  }
  template <class Member>
  void take() {
    if constexpr (!std::is_same_v<Member, events::Position>) names.emplace_back(Member::name);
  }
  std::vector<std::string> names;
};

// A part of the state that is in no list could fold differently in two builds, and neither
// checkpoints nor snapshots nor the audit would tell.
TEST(Views, EveryPartOfTheStateIsListed) {
  State state;
  MemberNames members;
  state.serialize(members);
  EXPECT_EQ(members.names.size(), 9U);
  for (const std::string& name : members.names) {
    EXPECT_TRUE(std::ranges::any_of(all_projections(), [&](const ProjectionInfo& info) {
      return info.name == name;
    })) << name;
  }
}

}  // namespace
}  // namespace projections
