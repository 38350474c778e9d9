// Wherever a device signs: while the browser has not signed yet nothing changes, and afterwards
// everything is byte for byte what a device with a seed says.

#include "clients/core/bundle/offline_bundle.h"
#include "clients/core/sync/enrolment.h"
#include "clients/core/sync/incarnation.h"
#include "clients/core/sync/repair_sender.h"
#include "clients/core/sync/scope_state.h"
#include "clients/core/sync/summary_reader.h"
#include "clients/core/sync/sync_engine.h"
#include "events/packing/wire_block.h"
#include "events/protocol/frame_codec.h"
#include "events/protocol/greeting_proof.h"
#include "tests/clients/core/sync/browser_device.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

namespace clients_test {
namespace {

using namespace events;
namespace protocol = events::protocol;
using clients::SyncEngine;

Bytes bytes_of_frames(const Frames& frames) {
  Bytes bytes;
  for (const protocol::Message& frame : frames) protocol::append_frame(bytes, frame);
  return bytes;
}

void append(Frames& target, const Frames& more) {
  target.insert(target.end(), more.begin(), more.end());
}

/// A conversation of a device with the scripted server, which may challenge; all that was said.
class Talk {
 public:
  Talk(ScriptedServer& server, clients::Replica& replica, BrowserDevice* browser = nullptr)
      : server_(server), engine_(replica, false), browser_(browser) {}

  void challenge() { challenges_ = true; }
  SyncEngine& engine() { return engine_; }

  Frames run() {
    Frames said;
    Frames outgoing = settled(engine_.start(server_.world.now(), {}));
    while (!outgoing.empty()) {
      append(said, outgoing);
      Frames next;
      for (protocol::Message& message : server_.answer(outgoing)) {
        auto* const welcome = std::get_if<protocol::Welcome>(&message);
        if (challenges_ && welcome != nullptr) {
          welcome->challenge.assign(protocol::challenge_size, 3);
          ScriptedServer::sign(*welcome, std::get<protocol::Hello>(outgoing.front()));
        }
        append(next, settled(engine_.on_message(message, server_.world.now())));
      }
      outgoing = std::move(next);
    }
    return said;
  }

 private:
  /// With what follows once it is signed.
  Frames settled(Result<Frames> frames) {
    EXPECT_TRUE(frames) << frames.error().message;
    if (!frames) return {};
    for (int tries = 0; engine_.owes() && tries < 8; ++tries) {
      if (browser_ == nullptr) {
        ADD_FAILURE() << "a seed signs at once";
        break;
      }
      // The browser answers nothing: no row and no frame comes of it.
      const auto before = browser_->disk();
      const Result<Frames> nothing = engine_.say_owed(server_.world.now());
      EXPECT_TRUE(nothing && nothing->empty());
      EXPECT_TRUE(browser_->disk() == before);
      EXPECT_TRUE(engine_.owes());
      browser_->sign();
      const Result<Frames> more = engine_.say_owed(server_.world.now());
      EXPECT_TRUE(more) << more.error().message;
      if (!more) break;
      append(*frames, *more);
    }
    EXPECT_FALSE(engine_.owes());
    return *frames;
  }

  ScriptedServer& server_;
  SyncEngine engine_;
  BrowserDevice* browser_;
  bool challenges_ = false;
};

/// Two worlds that go alike: in one the device has a seed, in the other a browser holds its key.
struct AwaitedSigning : testing::Test {
  ScriptedServer one;
  ScriptedServer other;
  TestDevice plain{one};
  BrowserDevice browser{other};

  void record(std::uint8_t salt) {
    const auto requests = plain.registration(one, salt);
    EXPECT_TRUE(plain.workspace->record_together(requests, one.world.now()));
    EXPECT_TRUE(browser.workspace->record_together(requests, other.world.now()));
    EXPECT_TRUE(browser.keys.signatures().requests().empty()) << "acts sign nothing";
  }
  Frames talk_plain(bool challenges = false) {
    Talk talk(one, *plain.replica);
    if (challenges) talk.challenge();
    return talk.run();
  }
  Frames talk_browser(bool challenges = false) {
    Talk talk(other, *browser.replica, &browser);
    if (challenges) talk.challenge();
    const Frames said = talk.run();
    EXPECT_TRUE(talk.engine().progress().synced()) << talk.engine().reason();
    return said;
  }
};

TEST_F(AwaitedSigning, GreetingAnswerAndRunsAreThoseOfASeed) {
  for (std::uint8_t salt = 1; salt <= 3; ++salt) record(salt);
  const Frames said = talk_browser(true);
  EXPECT_EQ(bytes_of_frames(said), bytes_of_frames(talk_plain(true)));
  ASSERT_TRUE(std::holds_alternative<protocol::Hello>(said[0]));
  EXPECT_TRUE(std::holds_alternative<protocol::Answer>(said[1])) << "before anything else";
  EXPECT_GE(browser.signatures, 3U);
}

// Whoever has proved himself once may say everything in one breath, as over HTTP.
TEST_F(AwaitedSigning, WhatGoesBehindAGreetingComesInItsOrder) {
  record(1);
  const protocol::Challenge challenge{1, 2, 3};
  SyncEngine with_seed(*plain.replica, false);
  with_seed.go_on(challenge);
  const Frames expected = with_seed.start(one.world.now(), {}).value();
  ASSERT_GE(expected.size(), 4U) << "greeting, answer, names, run";

  // The run is signed already, as when it went into a file: it must not overtake the answer.
  std::vector<std::uint64_t> cuts;
  EXPECT_FALSE(browser.replica->own().cut(1, 100, 8, &cuts));
  browser.sign();
  cuts.clear();
  const auto blocks = browser.replica->own().cut(1, 100, 8, &cuts);
  ASSERT_TRUE(blocks && browser.replica->take_cuts(cuts, *blocks));
  browser.keys.signatures().clear();

  SyncEngine engine(*browser.replica, false);
  engine.go_on(challenge);
  Frames said = engine.start(other.world.now(), {}).value();
  EXPECT_TRUE(said.empty());
  EXPECT_EQ(engine.state(), clients::SyncState::idle) << "nothing was said";
  for (int tries = 0; engine.owes() && tries < 4; ++tries) {
    browser.sign();
    append(said, engine.say_owed(other.world.now()).value());
  }
  EXPECT_EQ(bytes_of_frames(said), bytes_of_frames(expected));
}

// Safari signs the same run differently each time: the server must see one signature for ever.
TEST_F(AwaitedSigning, ARunIsSignedOnce) {
  record(1);
  std::vector<std::uint64_t> cuts;
  const clients::OfflineLog& own = browser.replica->own();
  EXPECT_EQ(own.cut(1, 100, 8, &cuts).error().code, ErrorCode::needs_signature);
  ASSERT_EQ(browser.sign(), 1U);
  cuts.clear();
  const auto blocks = own.cut(1, 100, 8, &cuts);
  ASSERT_TRUE(blocks);
  ASSERT_TRUE(browser.replica->take_cuts(cuts, *blocks));
  browser.keys.signatures().clear();

  browser.restart();
  cuts.clear();
  const auto again = browser.replica->own().cut(1, 100, 8, &cuts);
  ASSERT_TRUE(again) << "the signature is on the disk";
  EXPECT_EQ(encode_device_block(again->front()), encode_device_block(blocks->front()));
  EXPECT_TRUE(browser.keys.signatures().requests().empty());
}

TEST_F(AwaitedSigning, ASeedKeepsNoSignatures) {
  record(1);
  talk_plain();
  EXPECT_FALSE(plain.store.block_signature(1, 3).value());
  talk_browser();
  EXPECT_TRUE(browser.store.block_signature(1, 3).value());
}

/// Everything that a device gives back to a server that lost its log, with the signatures that lack
/// made between two tries.
std::vector<StoredBlock> repaired(BrowserDevice& device, std::size_t* lacking) {
  clients::RepairSender giving(*device.replica, Position{});
  std::vector<StoredBlock> blocks;
  Position after;
  for (int batches = 0; batches < 1'000 && !giving.is_over(); ++batches) {
    Result<Frames> frames = giving.repair_batch(after);
    if (!frames) {
      EXPECT_EQ(frames.error().code, ErrorCode::needs_signature) << frames.error().message;
      *lacking += device.sign();
      frames = giving.repair_batch(after);
    }
    for (const protocol::Message& frame : *frames) {
      const auto* const recover = std::get_if<protocol::Recover>(&frame);
      if (recover != nullptr) blocks.push_back(unpack_stored_block(recover->block).value());
    }
    after = std::get<protocol::Reconcile>(frames->back()).head;
  }
  EXPECT_TRUE(giving.is_over());
  return blocks;
}

// A block that differs in one byte from what the log had proves nothing, and is lost with the
// server.
TEST_F(AwaitedSigning, RepairGivesEveryBlockAsTheLogHadIt) {
  record(1);
  record(2);
  talk_browser();
  std::vector<Bytes> expected;
  for (const StoredBlock& block : other.blocks()) {
    if (other.scope.includes(block.scope)) expected.push_back(encode_stored_block(block));
  }
  browser.keys.signatures().clear();
  std::size_t lacking = 0;
  std::vector<Bytes> given;
  for (const StoredBlock& block : repaired(browser, &lacking)) {
    given.push_back(encode_stored_block(block));
  }
  EXPECT_EQ(given, expected);
  EXPECT_EQ(lacking, 0U) << "the signatures are on the disk";

  // Another copy of the device had cut its runs otherwise: then they are signed once more.
  clients::RowBatch lost;
  lost.erase_range("h", "i");
  ASSERT_TRUE(browser.rows.write(lost));
  browser.restart();
  browser.keys.signatures().clear();
  given.clear();
  for (const StoredBlock& block : repaired(browser, &lacking)) {
    given.push_back(encode_stored_block(block));
  }
  EXPECT_EQ(given, expected) << "nothing was passed over by a try without signature";
  EXPECT_GE(lacking, 1U);
}

TEST_F(AwaitedSigning, EnrolmentIsThatOfASeed) {
  const SecretSeed seed = one.identity().seed;
  const clients::SeedSigner at_hand(seed);
  const auto expected = clients::make_enrol("ABCDEFGH23456789", at_hand, "Máy", std::nullopt);
  const auto signer = browser.store.signer_of(browser.replica->identity().key());
  const auto enrol = [&] {
    return clients::make_enrol("ABCDEFGH23456789", *signer, "Máy", std::nullopt);
  };
  EXPECT_EQ(enrol().error().code, ErrorCode::needs_signature);
  browser.sign();
  EXPECT_EQ(protocol::encode_frame(enrol().value()), protocol::encode_frame(expected.value()));
}

TEST_F(AwaitedSigning, ANewChainIsAskedForByTheOldKeyAndTheNewOne) {
  record(1);
  talk_plain();
  talk_browser();
  SecretSeed fresh;
  fresh.bytes.fill(0x31);
  const SigningKey fresh_key = SigningKey::from_seed(fresh);
  const clients::DeviceKey held{fresh_key.public_key()};
  const auto ask = [&] { return clients::ask_for_new_chain(*browser.replica, held); };
  EXPECT_EQ(ask().error().code, ErrorCode::needs_signature);
  EXPECT_EQ(browser.store.next_key().value(), held) << "durable before it is used";
  const auto before = browser.disk();
  EXPECT_EQ(ask().error().code, ErrorCode::needs_signature);
  EXPECT_TRUE(browser.disk() == before);
  EXPECT_EQ(browser.sign(&fresh_key), 2U);
  const auto expected = clients::ask_for_new_chain(*plain.replica, fresh);
  EXPECT_EQ(protocol::encode_frame(ask().value()), protocol::encode_frame(expected.value()));

  // A lost answer is asked for again with the same key, whatever was drawn meanwhile.
  const clients::DeviceKey another{test_support::a_key(9).public_key()};
  browser.keys.signatures().clear();
  EXPECT_FALSE(clients::ask_for_new_chain(*browser.replica, another));
  browser.sign(&fresh_key);
  EXPECT_EQ(clients::ask_for_new_chain(*browser.replica, another).value().public_key,
            fresh_key.public_key());

  protocol::Enrolled enrolled;
  enrolled.log = one.identity().log;
  enrolled.chain = ChainNumber{77};
  enrolled.device = one.identity().device;
  enrolled.server_key = one.identity().server_key;
  ASSERT_TRUE(clients::take_new_chain(*browser.replica, enrolled));
  EXPECT_EQ(browser.replica->own().signer().public_key(), fresh_key.public_key());
  EXPECT_FALSE(browser.store.next_key().value());
}

TEST_F(AwaitedSigning, NothingIsDestroyedBeforeItsReceiptIsSigned) {
  talk_browser();
  const PrivateRecord record = test_support::a_private_record(test_support::a_person_record(), 1);
  const UnitId neighbour = other.world.commune(1).unit;
  clients::StoreChange change;
  change.privates = {{neighbour, record}};
  ASSERT_TRUE(browser.store.commit(change));
  auto state = clients::ScopeState::load(*browser.replica).value();
  protocol::ScopeGrant grant;
  grant.log = browser.replica->identity().log;
  grant.chain = browser.replica->identity().chain;
  grant.as_of = other.world.head();
  grant.scope = other.scope;
  grant.granted_at = other.world.now();
  grant.valid_until = Timestamp{other.world.now().value + milliseconds_per_day};
  grant.revoked = true;
  grant.signature = test_support::key_of(system_chain).sign(protocol::scope_grant_statement(grant));
  ASSERT_TRUE(state.take(grant, other.world.now(), other.world.now()));

  browser.keys.signatures().clear();
  const auto before = browser.disk();
  EXPECT_EQ(state.settle().error().code, ErrorCode::needs_signature);
  EXPECT_TRUE(browser.disk() == before);
  EXPECT_TRUE(browser.store.private_record(record.digest())->has_value());
  EXPECT_EQ(browser.sign(), 1U);
  const auto receipt = state.settle();
  ASSERT_TRUE(receipt && *receipt);
  EXPECT_FALSE(browser.store.private_record(record.digest())->has_value());
  EXPECT_TRUE(verify(browser.browser_key.public_key(), protocol::purged_statement(**receipt),
                     (*receipt)->signature));
}

TEST_F(AwaitedSigning, ASealedFileIsThatOfASeed) {
  for (ScriptedServer* const server : {&one, &other}) {
    server->world.append_system(SealingKeyPublished{sealing_key_of(SealingSecret{{0x51}})});
  }
  talk_plain();
  talk_browser();
  record(1);
  clients::BundleMaking making;
  making.now = one.world.now();
  making.nonce.fill(4);
  making.ephemeral.bytes.fill(5);
  Bytes expected;
  const auto into = [](Bytes& target) {
    return [&target](ByteView bytes) -> Result<void> {
      append_bytes(target, bytes);
      return {};
    };
  };
  const auto report = clients::export_bundle(*plain.replica, making, into(expected));
  ASSERT_TRUE(report) << report.error().message;
  Bytes bundle;
  int tries = 0;
  for (; tries < 8; ++tries) {
    bundle.clear();
    const auto made = clients::export_bundle(*browser.replica, making, into(bundle));
    if (made) break;
    ASSERT_EQ(made.error().code, ErrorCode::needs_signature) << made.error().message;
    EXPECT_FALSE(browser.store.setting("last_bundle")->has_value());
    // All signatures of the call stay, as the worker hands them in with each try.
    const std::vector<Bytes> requests = browser.keys.signatures().requests();
    for (const Bytes& request : requests) {
      const Signature signature = browser.browser_key.sign(ByteView(request).subspan(32));
      Bytes answer(signature.bytes.begin(), signature.bytes.end());
      append_bytes(answer, request);
      browser.keys.signatures().give(answer);
    }
  }
  EXPECT_EQ(bundle, expected);
  EXPECT_EQ(tries, 4) << "greeting, run, header, end";
}

TEST_F(AwaitedSigning, AReaderOfTotalsGreetsOnceItIsSigned) {
  talk_browser();
  clients::SummaryReader reader(*browser.replica, {});
  browser.keys.signatures().clear();
  const auto greet = [&] { return reader.greeting(other.world.now(), {}, std::nullopt); };
  EXPECT_EQ(greet().error().code, ErrorCode::needs_signature);
  browser.sign();
  const protocol::Hello hello = greet().value();
  protocol::Welcome welcome;
  welcome.challenge.assign(protocol::challenge_size, 3);
  ScriptedServer::sign(welcome, hello);
  ASSERT_TRUE(reader.on_message(welcome));
  EXPECT_TRUE(reader.outgoing().empty());
  browser.sign();
  const Frames said = reader.outgoing();
  ASSERT_EQ(said.size(), 2U) << "the answer, and what it wants";
  EXPECT_TRUE(protocol::is_authentic(std::get<protocol::Answer>(said[0]), hello,
                                     browser.browser_key.public_key()));
}

// A page that was written before knows nothing of such keys, and must not take one for another.
TEST_F(AwaitedSigning, TheRowOfAHeldKeyIsNoSealedSeed) {
  EXPECT_FALSE(browser.keys.seed("device.key")) << "damaged, for older code";
  EXPECT_EQ(browser.store.identity()->value().browser_key, browser.browser_key.public_key());
  browser.keys.lock();
  const clients::Identity locked = browser.store.identity()->value();
  EXPECT_TRUE(locked.is_locked());
  EXPECT_EQ(locked.locked_key, browser.browser_key.public_key());
  EXPECT_EQ(clients::Replica::load(browser.store)->own().head().seq, 0U);
}

}  // namespace
}  // namespace clients_test
