#include "clients/core/acts/decree.h"

#include "events/archive/compact.h"
#include "events/log/event.h"
#include "tests/clients/core/acts/act_world.h"

#include <algorithm>
#include <set>

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

/// A decree over the three communes of the world, from in ten days.
struct DecreeTest : testing::Test {
  ActWorld scene;
  Day effective{scene.world.today().value + 10};

  UnitId unit(std::size_t commune) const { return scene.world.commune(commune).unit; }
  UnitId hamlet(std::size_t commune, std::size_t number) const {
    return scene.world.commune(commune).hamlets.at(number);
  }
  static std::vector<acts::DecreeLine> numbered(std::vector<UnitsChangeRow> rows) {
    std::vector<acts::DecreeLine> lines;
    for (UnitsChangeRow& row : rows) lines.push_back({lines.size() + 2, std::move(row)});
    return lines;
  }
  std::vector<clients::BadLine> bad(std::vector<UnitsChangeRow> rows) const {
    return acts::bad_lines(scene.world.state().units(), effective, numbered(std::move(rows)));
  }
  acts::DecreePreview preview(std::vector<UnitsChangeRow> rows) const {
    return acts::preview_of(scene.world.state(), effective, numbered(std::move(rows)));
  }
  /// Records the decree as the command does, with the roles that it proposes.
  void record(const std::vector<acts::DecreeLine>& lines, bool with_roles) {
    scene.perform(scene.world.administrator(), [&](auto& draft, const auto& now) {
      const auto pieces = acts::pieces_of("NQ 1661", effective, lines);
      EXPECT_TRUE(pieces);
      for (const acts::Decree& piece : *pieces) {
        EXPECT_TRUE(acts::change_units(draft, now, piece));
      }
      const auto preview = acts::preview_of(draft.state(), effective, lines);
      if (!with_roles) return true;
      for (const auto& grant : acts::successor_grants(preview, effective, "NQ 1661")) {
        EXPECT_TRUE(acts::grant_role(draft, now, grant));
      }
      return true;
    });
  }
};

// Each rule by its own line, and what the judge would say of the whole is the same.
TEST_F(DecreeTest, NamesEveryLineThatCannotBe) {
  EXPECT_TRUE(bad({{unit(0), unit(1), {}}}).empty());
  EXPECT_TRUE(bad({{unit(0), unit(1), {hamlet(0, 1)}}, {unit(0), unit(2), {}}}).empty());
  const auto twice = bad({{unit(0), unit(1), {}}, {unit(0), unit(2), {}}});
  ASSERT_EQ(twice.size(), 1U);
  EXPECT_EQ(twice[0].number, 3U);
  EXPECT_EQ(twice[0].column, "from");
  EXPECT_NE(twice[0].why.find("dòng 2"), std::string::npos) << twice[0].why;
  const auto many = bad({{unit(0), unit(1), {}},
                         {unit(2), unit(0), {hamlet(2, 0)}},
                         {unit(1), unit(2), {hamlet(0, 0)}},
                         {unit(1), unit(1), {hamlet(1, 0)}},
                         {scene.world.city(), unit(2), {hamlet(0, 0)}},
                         {unit(2), scene.world.city(), {}}});
  const std::vector<std::pair<std::size_t, std::string_view>> expected{
      {3, "to"},  // Into what ends by the same decree.
      {4, "to"},  // The same: the third commune ends by line 7.
      {5, "to"},  // Into itself.
      {6, "to"},  // As line 4.
      {7, "to"},  // A commune ends in a commune.
  };
  ASSERT_EQ(many.size(), expected.size());
  for (std::size_t index = 0; index < expected.size(); ++index) {
    EXPECT_EQ(many[index].number, expected[index].first);
    EXPECT_EQ(many[index].column, expected[index].second) << many[index].why;
  }
  const auto hamlets = bad({{unit(1), unit(2), {hamlet(0, 0)}},
                            {scene.world.city(), unit(2), {hamlet(0, 0)}},
                            {hamlet(2, 0), unit(2), {}}});
  ASSERT_EQ(hamlets.size(), 3U);
  EXPECT_EQ(hamlets[0].column, "hamlets") << "of another commune";
  EXPECT_EQ(hamlets[1].column, "from") << "only communes are split by hamlets";
  EXPECT_EQ(hamlets[2].column, "to") << "a hamlet ends in a hamlet";
}

TEST_F(DecreeTest, RefusesAHamletThatIsNamedTwice) {
  const auto twice = bad({{unit(0), unit(1), {hamlet(0, 0), hamlet(0, 0)}}});
  ASSERT_EQ(twice.size(), 1U);
  EXPECT_EQ(twice[0].column, "hamlets");
  const auto to_two = bad({{unit(0), unit(1), {hamlet(0, 0)}}, {unit(0), unit(2), {hamlet(0, 0)}}});
  ASSERT_EQ(to_two.size(), 1U);
  EXPECT_EQ(to_two[0].number, 3U);
}

TEST_F(DecreeTest, SaysWhatItBringsAbout) {
  const DossierId dossier = register_and_accept(scene);
  const auto of_all = preview({{unit(0), unit(1), {hamlet(0, 1)}}, {unit(0), unit(2), {}}});
  ASSERT_EQ(of_all.ends.size(), 1U);
  EXPECT_EQ(of_all.ends[0].heir, unit(2));
  ASSERT_EQ(of_all.moves.size(), 1U);
  EXPECT_EQ(of_all.moves[0].to, unit(1));
  ASSERT_EQ(of_all.flows.size(), 1U) << "the other hamlet has no dossier";
  EXPECT_EQ(of_all.flows[0].to, unit(2));
  EXPECT_EQ(of_all.flows[0].open, 1U);
  EXPECT_EQ(of_all.flows[0].unallocated, 0U);
  EXPECT_TRUE(acts::is_open(*scene.world.state().dossiers().find(dossier)));
  // Entrant, clerk, chair, appraiser and signer are of the commune; the head is of a hamlet.
  ASSERT_EQ(of_all.roles.size(), 5U);
  for (const auto& end : of_all.roles) EXPECT_EQ(end.successor, unit(2));
}

TEST_F(DecreeTest, ProposesARoleOncePerPersonAndNotWhatSomebodyHasAlready) {
  const test_support::CommuneWorld& first = scene.world.commune(0);
  scene.world.appoint(first.clerk.person, Role::commune_clerk, unit(2));
  scene.world.appoint(first.signer.person, Role::signer, unit(1));
  const auto both = preview({{unit(0), unit(2), {}}, {unit(1), unit(2), {}}});
  const auto proposed = [&](PersonId person, Role role) {
    return std::ranges::count_if(both.roles, [&](const auto& end) {
      return end.person == person && end.role == role && !end.successor.is_none();
    });
  };
  EXPECT_EQ(proposed(first.clerk.person, Role::commune_clerk), 0);
  EXPECT_EQ(proposed(first.signer.person, Role::signer), 1);
  EXPECT_EQ(proposed(first.chair.person, first.chair.role), 1);
}

// The new commune's people act from its first day, by a grant that names the decree; before it
// they do not.
TEST_F(DecreeTest, SuccessorRolesBeginWithTheDecree) {
  const DossierId dossier = register_and_accept(scene);
  record(numbered({{unit(0), unit(1), {}}}), true);
  const auto& grants = scene.world.state().access().grants();
  const auto entrant = scene.world.commune(0).entrant;
  const auto successor = std::ranges::find_if(grants, [&](const projections::Grant& grant) {
    return grant.person == entrant.person && grant.unit == unit(1);
  });
  ASSERT_NE(successor, grants.end());
  EXPECT_EQ(successor->valid_from, effective);
  test_support::Act act{.chain = scene.world.commune(0).devices[1],
                        .by = {entrant.person, successor->id, successor->role, unit(1)},
                        .payload = test_support::World::a_sighting(),
                        .stream = test_support::stream_of(dossier)};
  EXPECT_FALSE(test_support::is_accepted(test_support::judged(scene.world, act)));
  scene.world.wait_days(11);
  EXPECT_TRUE(test_support::is_accepted(test_support::judged(scene.world, act)));
}

// A decree of a whole country is cut; what one unit's rows say stays in one event.
TEST_F(DecreeTest, IsCutIntoEventsThatAreWholeEach) {
  std::vector<acts::DecreeLine> lines;
  for (std::uint64_t number = 0; number < 300; ++number) {
    UnitId from{EventId{ChainNumber{2}, 1000 + number}};
    UnitId to{EventId{ChainNumber{2}, 5000 + number}};
    std::vector<UnitId> hamlets;
    for (std::uint64_t hamlet = 0; hamlet < 40; ++hamlet) {
      hamlets.emplace_back(EventId{ChainNumber{2}, 10'000 + number * 40 + hamlet});
    }
    lines.push_back({lines.size() + 2, {from, to, hamlets}});
  }
  for (std::uint64_t number = 0; number < 300; ++number) {
    lines.push_back({lines.size() + 2, {lines[number].row.from, lines[number].row.to, {}}});
  }
  const auto pieces = acts::pieces_of("NQ 1661", effective, lines);
  ASSERT_TRUE(pieces);
  EXPECT_GT(pieces->size(), 4U);
  std::size_t rows = 0;
  std::set<UnitId> before;
  for (const acts::Decree& piece : *pieces) {
    rows += piece.rows.size();
    EXPECT_LE(piece.rows.size(), 128U);
    EXPECT_LE(events::encode(UnitsChanged{piece.basis, piece.effective, piece.rows}).size(),
              event_bytes_max - 512);
    std::set<UnitId> units;
    for (const UnitsChangeRow& row : piece.rows) units.insert(row.from);
    for (const UnitId unit : units) EXPECT_TRUE(before.insert(unit).second) << "in two events";
  }
  EXPECT_EQ(rows, lines.size());
}

TEST_F(DecreeTest, AUnitOfTooManyHamletsIsSaidToBeThat) {
  std::vector<UnitId> hamlets;
  for (std::uint64_t hamlet = 0; hamlet < 4000; ++hamlet) {
    hamlets.emplace_back(EventId{ChainNumber{2}, 10'000 + hamlet});
  }
  EXPECT_TRUE(fails(acts::pieces_of("NQ", effective, numbered({{unit(0), unit(1), hamlets}})),
                    ErrorCode::too_large, "quá nhiều thôn"));
}

}  // namespace
}  // namespace clients_test
