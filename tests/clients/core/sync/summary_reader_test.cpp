#include "clients/core/sync/summary_reader.h"

#include "events/archive/compact.h"
#include "events/protocol/greeting_proof.h"
#include "tests/clients/core/scripted_server.h"

#include <gtest/gtest.h>

#include <optional>

namespace clients_test {
namespace {

using namespace events;
namespace protocol = events::protocol;
using clients::SummaryReader;

/// A device with something official and something unsent, and a reader on it.
struct SummaryScene {
  ScriptedServer server;
  TestDevice device{server};

  SummaryScene() {
    device.sync(server);
    type(1);
    device.sync(server);
    type(50);
  }
  void type(std::uint8_t salt) {
    const auto requests = device.registration(server, salt);
    EXPECT_TRUE(device.workspace->record_together(requests, server.world.now()));
  }
  /// The server's answer to a new greeting of `reader`, changed by `edit` and signed.
  template <class Edit>
  Result<bool> meet(SummaryReader& reader, Edit edit) {
    const protocol::Hello hello = reader.greeting(server.world.now(), {}, std::nullopt).value();
    auto welcome = std::get<protocol::Welcome>(server.answer(hello).front());
    edit(welcome);
    ScriptedServer::sign(welcome, hello);
    return reader.on_message(welcome);
  }
  void meet(SummaryReader& reader) {
    EXPECT_TRUE(meet(reader, [](protocol::Welcome&) {}));
  }
};

protocol::TotalsRow a_row(std::uint64_t commune, std::uint64_t registered) {
  protocol::TotalsRow row;
  row.commune = UnitId{{ChainNumber{2}, commune}};
  row.title = TitleKind::learning_citizen;
  row.registered = registered;
  return row;
}

// A district office looks at totals twice a day; that must neither push what the clerk has not
// finished nor pull the log of a province over its line.
TEST(SummaryReader, GreetsWithoutEventsAndWithoutWhatIsUnsent) {
  SummaryScene scene;
  SummaryReader reader(*scene.device.replica, {});
  std::array<std::uint8_t, 16> nonce{};
  nonce.fill(9);
  const protocol::Hello hello =
      reader.greeting(scene.server.world.now(), nonce, std::nullopt).value();
  ASSERT_EQ(scene.device.replica->own().head().seq, 6U);
  EXPECT_EQ(hello.features, protocol::feature_no_events);
  EXPECT_EQ(hello.head_seq, 3U);
  EXPECT_EQ(hello.head_hash, scene.device.replica->own().hash_at(3));
  EXPECT_EQ(hello.verdicts_known, 3U);
  EXPECT_EQ(hello.nonce, nonce);
  const PublicKey key = SigningKey::from_seed(scene.device.replica->identity().seed).public_key();
  EXPECT_TRUE(verify(key, protocol::hello_statement(hello), hello.signature));
}

// A row that was counted twice, or kept after it changed, would stand in a report.
TEST(SummaryReader, ARowOfTheSameCellReplacesTheOneBefore) {
  SummaryScene scene;
  SummaryReader reader(*scene.device.replica, {});
  scene.meet(reader);
  EXPECT_FALSE(reader.is_caught_up());
  EXPECT_TRUE(
      reader.on_message(protocol::Totals{Position{20}, false, {a_row(1, 4), a_row(2, 5)}}).value());
  EXPECT_FALSE(reader.is_caught_up());
  protocol::TotalsRow family = a_row(2, 8);
  family.title = TitleKind::learning_family;
  EXPECT_TRUE(
      reader.on_message(protocol::Totals{Position{30}, true, {a_row(2, 7), family}}).value());
  EXPECT_TRUE(reader.is_caught_up());
  EXPECT_EQ(reader.upto(), Position{30});
  ASSERT_EQ(reader.totals().size(), 3U);
  const auto registered = [&](const protocol::TotalsRow& row) {
    return reader.totals().at({row.commune, row.title, row.cycle, row.group}).registered;
  };
  EXPECT_EQ(registered(a_row(1, 0)), 4U);
  EXPECT_EQ(registered(a_row(2, 0)), 7U);
  EXPECT_EQ(registered(family), 8U);
}

TEST(SummaryReader, ADossierStandsWhereItsNewestRowSays) {
  SummaryScene scene;
  SummaryReader reader(*scene.device.replica, {});
  scene.meet(reader);
  protocol::DossierStatus row;
  row.dossier = DossierId{{ChainNumber{7}, 2}};
  row.state = DossierState::registered;
  EXPECT_TRUE(reader.on_message(protocol::DossierStatuses{Position{20}, true, {row}}).value());
  row.state = DossierState::submitted;
  EXPECT_TRUE(reader.on_message(protocol::DossierStatuses{Position{40}, false, {row}}).value());
  ASSERT_EQ(reader.dossier_statuses().size(), 1U);
  EXPECT_EQ(reader.dossier_statuses().at(row.dossier).state, DossierState::submitted);
  EXPECT_EQ(reader.upto(), Position{40});
  EXPECT_FALSE(reader.is_caught_up());
  EXPECT_TRUE(reader.totals().empty());
}

// A line that breaks every minute must not bring all totals every minute.
TEST(SummaryReader, TheNextConnectionGoesOnBehindWhatCame) {
  SummaryScene scene;
  const UnitId city = scene.server.world.city();
  SummaryReader reader(*scene.device.replica, {protocol::SummaryMode::dossier_statuses, city, 90});
  scene.meet(reader);
  const auto asked = [&] {
    const Frames frames = reader.outgoing();
    EXPECT_EQ(frames.size(), 1U);
    return std::get<protocol::Subscribe>(frames.front());
  };
  const protocol::Subscribe first = asked();
  EXPECT_EQ(first.mode, protocol::SummaryMode::dossier_statuses);
  EXPECT_EQ(first.unit, city);
  EXPECT_EQ(first.interval_seconds, 90U);
  EXPECT_EQ(first.after, Position{});
  ASSERT_TRUE(reader.on_message(protocol::DossierStatuses{Position{25}, true, {{}}}));

  scene.meet(reader);
  EXPECT_EQ(reader.dossier_statuses().size(), 1U) << "what came stays";
  EXPECT_EQ(asked().after, Position{25});
}

TEST(SummaryReader, AnswersTheChallengeBeforeItSubscribes) {
  SummaryScene scene;
  SummaryReader reader(*scene.device.replica, {});
  ASSERT_TRUE(scene.meet(reader, [](protocol::Welcome& welcome) {
    welcome.challenge = Bytes(protocol::challenge_size, 7);
  }));
  const Frames frames = reader.outgoing();
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<protocol::Answer>(frames[0]));
  EXPECT_TRUE(std::holds_alternative<protocol::Subscribe>(frames[1]));
}

// Totals of a log that was rewritten, or asked for with a chain that another copy goes on with, are
// not what the officer takes them for: the sync settles that first.
TEST(SummaryReader, EndsWhereTheDeviceHasToSynchroniseFirst) {
  SummaryScene scene;
  SummaryReader reader(*scene.device.replica, {});
  const auto told = [&](protocol::WelcomeAction action) {
    return scene.meet(reader, [&](protocol::Welcome& welcome) { welcome.action = action; })
        .error()
        .code;
  };
  EXPECT_EQ(told(protocol::WelcomeAction::diverged), ErrorCode::log_diverged);
  EXPECT_EQ(told(protocol::WelcomeAction::forked), ErrorCode::fork);
  EXPECT_EQ(scene.device.replica->own().verdicts_known(), 3U) << "the device is as it was";
}

// Anybody on the line can say "revoked"; only the server's word sends an officer to the office.
TEST(SummaryReader, TellsARevocationFromABareWord) {
  SummaryScene scene;
  SummaryReader reader(*scene.device.replica, {});
  const protocol::Goaway revoked{protocol::GoawayReason::revoked, 0};
  ASSERT_TRUE(reader.greeting(scene.server.world.now(), {}, std::nullopt));
  EXPECT_EQ(reader.on_message(revoked).error().code, ErrorCode::closed);
  scene.meet(reader);
  EXPECT_EQ(reader.on_message(revoked).error().code, ErrorCode::revoked);
  EXPECT_EQ(reader.on_message(protocol::Goaway{protocol::GoawayReason::overloaded, 0}).error().code,
            ErrorCode::closed);
  const auto said = reader.on_message(protocol::ErrorFrame{ErrorCode::busy, 0, "later"});
  EXPECT_EQ(said.error().code, ErrorCode::busy);
  EXPECT_EQ(said.error().message, "later");
}

// A receipt that comes with the greeting is the sync's; taken for news, it would wake the page.
TEST(SummaryReader, PassesOverWhatIsNotForIt) {
  SummaryScene scene;
  SummaryReader reader(*scene.device.replica, {});
  scene.meet(reader);
  EXPECT_FALSE(reader.on_message(protocol::PushAck{6, {}}).value());
  EXPECT_FALSE(reader.on_message(scene.server.mark()).value());
  EXPECT_EQ(reader.upto(), Position{});
  EXPECT_EQ(scene.device.replica->own().verdicts_known(), 3U);
}

}  // namespace
}  // namespace clients_test
