#include "projections/views/dossier_rows.h"

#include "events/archive/compact.h"
#include "tests/projections/folded_log.h"
#include "tests/support/world.h"

#include <gtest/gtest.h>

#include <map>

namespace projections {
namespace {

using events::DossierId;
using events::EventId;
using events::GroupCode;

/// Two communes with dossiers of named people.
struct Listed {
  FoldedLog log;
  events::UnitId province = log.unit(events::UnitKind::province, {}, "Tỉnh Điện Biên");
  events::UnitId na_tau = log.unit(events::UnitKind::commune, province, "Xã Nà Tấu");
  events::UnitId him_lam = log.unit(events::UnitKind::ward, province, "Phường Him Lam");
  events::CycleId cycle = log.cycle(events::TitleKind::learning_citizen, {}, "2025");
  std::map<EventId, std::string> names;

  DossierId add(const std::string& name, events::UnitId home, std::uint16_t total = 0) {
    events::PersonIntroduced person;
    person.home_unit = home;
    const EventId subject = log.create(person, home);
    names[subject] = name;
    const DossierId dossier =
        log.open({events::SubjectKind::person, subject}, cycle, GroupCode::farmer_rural, home);
    if (total != 0) log.assess(dossier, total);
    return dossier;
  }
  RowPage<DossierRow, DossierCursor> page(const DossierPageRequest& request) const {
    return dossier_rows(log.state(), request,
                        [&](EventId id) {
                          const auto found = names.find(id);
                          return found == names.end() ? std::string{} : found->second;
                        },
                        {});
  }
  std::vector<DossierId> ids(const DossierPageRequest& request) const {
    std::vector<DossierId> found;
    for (const DossierRow& row : page(request).rows) found.push_back(row.id);
    return found;
  }
};

TEST(DossierRows, SayWhatAListShows) {
  Listed scene;
  const DossierId dossier = scene.add("Lò Thị Ánh", scene.na_tau, 765);
  const auto page = scene.page({});
  ASSERT_EQ(page.rows.size(), 1U);
  const DossierRow& row = page.rows.front();
  EXPECT_EQ(row.id, dossier);
  EXPECT_EQ(row.subject_name, "Lò Thị Ánh");
  EXPECT_EQ(row.cycle_label, "2025");
  EXPECT_EQ(row.unit_name, "Xã Nà Tấu, Tỉnh Điện Biên");
  EXPECT_EQ(row.state, events::DossierState::self_assessed);
  EXPECT_EQ(row.total_tenths, 765);
  EXPECT_FALSE(page.next);
}

TEST(DossierRows, LeaveOutWhatTheFilterDoesNotMean) {
  Listed scene;
  const DossierId anh = scene.add("Lò Thị Ánh", scene.na_tau, 700);
  const DossierId pan = scene.add("Quàng Văn Pản", scene.him_lam);
  scene.add("", scene.him_lam);
  DossierPageRequest request;
  request.filter.unit = scene.na_tau;
  EXPECT_EQ(scene.ids(request), std::vector{anh});
  request.filter = {};
  request.filter.name_part = "van pan";
  EXPECT_EQ(scene.ids(request), std::vector{pan});
  request.filter = {};
  request.filter.state = events::DossierState::self_assessed;
  EXPECT_EQ(scene.ids(request), std::vector{anh});
  request.filter = {};
  request.filter.group = GroupCode::none;
  EXPECT_TRUE(scene.ids(request).empty());
  request.filter = {};
  request.filter.cycle = events::CycleId{EventId{events::ChainNumber{9}, 9}};
  EXPECT_TRUE(scene.ids(request).empty());
  request.filter.cycle = scene.cycle;
  EXPECT_EQ(scene.ids(request).size(), 3U);
}

TEST(DossierRows, StandInTheOrderThatIsAskedFor) {
  Listed scene;
  const DossierId pan = scene.add("Lò Văn Pản", scene.na_tau, 700);
  const DossierId anh = scene.add("Quàng Thị Ánh", scene.na_tau, 900);
  const DossierId an = scene.add("Lò Thị Ánh", scene.na_tau, 700);
  DossierPageRequest request;
  EXPECT_EQ(scene.ids(request), (std::vector{pan, anh, an}));
  request.order = DossierOrder::name;
  EXPECT_EQ(scene.ids(request), (std::vector{an, anh, pan}));
  request.order = DossierOrder::points;
  EXPECT_EQ(scene.ids(request), (std::vector{anh, pan, an}));
}

// A phone shows twenty at a time, of fourteen thousand.
TEST(DossierRows, ComeInPagesThatTogetherAreTheWholeList) {
  Listed scene;
  for (int number = 0; number < 25; ++number) {
    scene.add("Người " + std::to_string(number % 7), scene.na_tau,
              static_cast<std::uint16_t>(600 + number % 3));
  }
  for (const DossierOrder order :
       {DossierOrder::opened, DossierOrder::name, DossierOrder::points}) {
    DossierPageRequest request;
    request.order = order;
    const std::vector<DossierId> whole = scene.ids(request);
    ASSERT_EQ(whole.size(), 25U);
    request.rows_max = 4;
    std::vector<DossierId> parts;
    do {
      const auto page = scene.page(request);
      EXPECT_LE(page.rows.size(), 4U);
      for (const DossierRow& row : page.rows) parts.push_back(row.id);
      request.after = page.next;
    } while (request.after);
    EXPECT_EQ(parts, whole);
  }
}

TEST(DossierRows, NameTheScoresThatAreTooLow) {
  test_support::World world;
  const DossierId dossier = world.register_citizen(0);
  world.assess(0, dossier, 40);
  std::vector<std::uint16_t> sheet = world.a_sheet(80).scores_tenths;
  sheet[1] = 40;
  const auto page = dossier_rows(
      world.state(), {}, [](EventId) { return std::string{}; },
      [&](DossierId id) {
        return id == dossier ? std::span<const std::uint16_t>(sheet)
                             : std::span<const std::uint16_t>{};
      });
  ASSERT_EQ(page.rows.size(), 1U);
  const DossierRow& row = page.rows.front();
  EXPECT_EQ(row.outcome, SheetOutcome::does_not_pass);
  EXPECT_EQ(row.total_tenths, 40 * sheet.size());
  EXPECT_GT(row.total_needed_tenths, row.total_tenths);
  ASSERT_GT(row.floor_needed_tenths, 40);
  const auto& indicators =
      world.state().rulebook().find(world.citizen_criteria())->content.indicators;
  EXPECT_EQ(row.low_scores, (std::vector<LowScore>{{indicators[1].code, 40}}));
}

TEST(DossierRows, AreReadBackAsTheyWereWritten) {
  Listed scene;
  scene.add("Lò Thị Ánh", scene.na_tau, 765);
  scene.add("Lò Văn Pản", scene.na_tau);
  DossierPageRequest request;
  request.rows_max = 1;
  const auto page = scene.page(request);
  const auto read = events::decode<RowPage<DossierRow, DossierCursor>>(events::encode(page));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->rows, page.rows);
  EXPECT_EQ(read->next, page.next);
}

}  // namespace
}  // namespace projections
