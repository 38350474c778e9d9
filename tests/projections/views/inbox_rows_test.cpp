#include "projections/views/inbox_rows.h"

#include "events/archive/compact.h"
#include "tests/projections/folded_log.h"

#include <gtest/gtest.h>

namespace projections {
namespace {

using events::Position;

/// Three things wait on one dossier.
struct Held {
  FoldedLog log;
  events::UnitId commune = log.unit(events::UnitKind::commune, {}, "Xã Nà Tấu");
  events::CycleId cycle = log.cycle(events::TitleKind::learning_citizen, {}, "2025");
  events::DossierId dossier =
      log.open({events::SubjectKind::person, {}}, cycle, events::GroupCode::none, commune);
  Position first = log.hold(dossier, events::RegistrationAccepted{});
  Position second = log.hold(dossier, events::DossierWithdrawn{});
  Position third = log.hold(dossier, events::DossierResubmitted{});

  RowPage<InboxRow, Position> page(const InboxPageRequest& request, Position official) const {
    return inbox_rows(log.state(), request, official,
                      [](events::EventId) { return std::string("Lò Văn Pản"); });
  }
};

TEST(InboxRows, SayWhatWaitsAndWhetherItIsOfficial) {
  const Held scene;
  const auto page = scene.page({}, scene.second);
  ASSERT_EQ(page.rows.size(), 3U);
  EXPECT_EQ(page.rows[0].position, scene.first);
  EXPECT_EQ(page.rows[0].type,
            static_cast<std::uint16_t>(events::EventType::registration_accepted));
  EXPECT_EQ(page.rows[0].stream.id, scene.dossier.event);
  EXPECT_EQ(page.rows[0].actor_name, "Lò Văn Pản");
  EXPECT_EQ(page.rows[0].verdict.hold, events::HoldReason::conflict);
  EXPECT_TRUE(page.rows[0].successor.is_none());
  EXPECT_TRUE(page.rows[1].is_official);
  EXPECT_FALSE(page.rows[2].is_official);
}

TEST(InboxRows, LeaveOutWhatTheFilterDoesNotMean) {
  const Held scene;
  InboxPageRequest request;
  request.only_official = true;
  EXPECT_EQ(scene.page(request, scene.second).rows.size(), 2U);
  request.hold = events::HoldReason::clock;
  EXPECT_TRUE(scene.page(request, scene.third).rows.empty());
  request.hold = events::HoldReason::conflict;
  EXPECT_EQ(scene.page(request, scene.third).rows.size(), 3U);
}

TEST(InboxRows, ComeInPagesAndAreReadBack) {
  const Held scene;
  InboxPageRequest request;
  request.rows_max = 2;
  const auto page = scene.page(request, scene.third);
  ASSERT_EQ(page.rows.size(), 2U);
  ASSERT_EQ(page.next, scene.second);
  const auto read = events::decode<RowPage<InboxRow, Position>>(events::encode(page));
  ASSERT_TRUE(read);
  EXPECT_EQ(events::encode(*read), events::encode(page));
  request.after = *page.next;
  const auto rest = scene.page(request, scene.third);
  ASSERT_EQ(rest.rows.size(), 1U);
  EXPECT_EQ(rest.rows[0].position, scene.third);
  EXPECT_FALSE(rest.next);
}

// A dossier of a closed unit waits until somebody moves it: the row names where to.
TEST(InboxRows, NameTheSuccessorOfAClosedUnit) {
  Held scene;
  const events::UnitId successor = scene.log.unit(events::UnitKind::commune, {}, "Xã Mới");
  State state = scene.log.state();
  events::StoredEvent stored;
  stored.position = Position{state.applied().value + 1};
  events::EventHeader header;
  header.chain = events::ChainNumber{8};
  header.seq = 1;
  header.stream = {events::StreamKind::dossier, scene.dossier.event};
  stored.event = events::make_event(header, events::RegistrationAccepted{});
  stored.verdict.code = events::VerdictCode::held;
  stored.verdict.hold = events::HoldReason::unit_closed;
  stored.verdict.parameters = {0, 0, successor.event.chain().value,
                               static_cast<std::int64_t>(successor.event.seq())};
  state.apply(stored, events::ScopeSet{scene.commune});
  const auto page =
      inbox_rows(state, {}, stored.position, [](events::EventId) { return std::string{}; });
  EXPECT_EQ(page.rows.back().successor, successor);
}

}  // namespace
}  // namespace projections
