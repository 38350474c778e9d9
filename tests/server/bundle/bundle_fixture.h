#pragma once

#include "clients/core/bundle/offline_bundle.h"
#include "clients/core/log/file_store.h"
#include "clients/core/log/memory_store.h"
#include "clients/core/replica/workspace.h"
#include "clients/core/sync/sync_engine.h"
#include "events/bundle/bundle_opening.h"
#include "server/bundle/bundle_exchange.h"
#include "server/files/file_transfers.h"
#include "tests/server/files/memory_file_store.h"
#include "tests/server/session/session_fixture.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace server::test {

namespace bundle = events::bundle;

inline events::SealingSecret a_secret(std::uint8_t byte) {
  events::SealingSecret secret;
  secret.bytes.fill(byte);
  return secret;
}
inline const events::SealingSecret server_secret = a_secret(0x51);
inline const events::SealingSecret device_secret = a_secret(0x53);

/// A commune's device that works on the product's own client, and carriers between it and the log.
struct BundleScene : TwoCommunes {
  clients::MemoryStore store;
  std::optional<clients::Replica> replica;
  std::optional<clients::Workspace> workspace;
  std::uint64_t sessions = 100;
  std::uint8_t drawn = 0;

  BundleScene() {
    std::vector<events::Payload> publication;
    publication.emplace_back(events::SealingKeyPublished{events::sealing_key_of(server_secret)});
    EXPECT_TRUE(pipeline.append_system(std::move(publication), now));

    const projections::Device* const device = pipeline.state().access().device_of(clerk.chain());
    clients::StoreChange change;
    change.identity.emplace();
    change.identity->seed.bytes.fill(5);
    change.identity->log = the_log;
    change.identity->chain = clerk.chain();
    change.identity->device = device->id;
    change.identity->server_key = pipeline.server_key();
    change.identity->persons = device->persons;
    EXPECT_TRUE(store.commit(change));
    restart_device();
    meet_server();
  }

  void restart_device() {
    auto loaded = clients::Replica::load(store);
    ASSERT_TRUE(loaded) << loaded.error().message;
    replica.emplace(std::move(*loaded));
    workspace.emplace(*replica);
  }

  /// A whole connection on the network.
  clients::SyncProgress meet_server() {
    Wire wire(*this, ++sessions);
    clients::SyncEngine engine(*replica, false);
    engine.keep_files(photos);
    auto frames = engine.start(now, {});
    EXPECT_TRUE(frames);
    for (const protocol::Message& frame : *frames) wire.send(frame);
    for (;;) {
      const std::vector<protocol::Message> received = wire.receive();
      if (received.empty()) break;
      for (const protocol::Message& frame : received) {
        const auto answer = engine.on_message(frame, now);
        EXPECT_TRUE(answer) << answer.error().message;
        if (!answer) return engine.progress();
        for (const protocol::Message& each : *answer) wire.send(each);
      }
    }
    EXPECT_TRUE(clients::note_contact(store, {now, now}));
    return engine.progress();
  }

  void pass(std::uint64_t milliseconds) { now = events::Timestamp{now.value + milliseconds}; }
  void pass_days(std::uint64_t days) { pass(days * events::milliseconds_per_day); }

  /// An officer of the first commune records so many citizens.
  void record(std::size_t citizens) {
    for (std::size_t index = 0; index < citizens; ++index) {
      clients::RecordRequest request;
      events::PersonIntroduced person;
      person.home_unit = first;
      person.gender = events::Gender::female;
      request.payload = person;
      request.actor = replica->identity().persons.front();
      request.business_day = events::day_in_vietnam(now);
      request.fields = test_support::a_person_record();
      request.salt.fill(++drawn);
      request.salt[0] = static_cast<std::uint8_t>(replica->own().head().seq >> 8U);
      const auto recorded = workspace->record(request, now);
      ASSERT_TRUE(recorded) << recorded.error().message;
      ASSERT_TRUE(recorded->verdict.takes_effect());
    }
  }

  events::Bytes export_bundle(std::uint64_t since = 0) {
    clients::BundleMaking making;
    making.now = now;
    making.ephemeral = a_secret(++drawn);
    making.reply_to = events::sealing_key_of(device_secret);
    making.since = since;
    making.files = &packing;
    events::Bytes bundle;
    const auto report = clients::export_bundle(*replica, making, [&](events::ByteView bytes) {
      events::append_bytes(bundle, bytes);
      return events::Result<void>();
    });
    EXPECT_TRUE(report) << report.error().message;
    if (report) exported = *report;
    return bundle;
  }

  /// A carrier hands the bundle to the server.  The answer; empty when the bundle was refused.
  events::Bytes deliver(const events::Bytes& bundle) {
    bundle::MemorySource source(bundle);
    const auto checked = bundle::open_bundle(source, server_secret, nullptr);
    refusal = checked ? events::ErrorCode{} : checked.error().code;
    if (!checked) return {};
    events::Bytes answer;
    const events::SigningKey server_key = test_support::a_key(1);
    auto exchange =
        BundleExchange::begin({checked->header, a_secret(++drawn), server_key, now, ++sessions},
                              log, private_store, packed, [&](events::ByteView bytes) {
                                events::append_bytes(answer, bytes);
                                return events::Result<void>();
                              });
    EXPECT_TRUE(exchange);
    EXPECT_TRUE(bundle::open_bundle(source, server_secret, [&](events::ByteView block) {
      perform(*exchange, exchange->session().on_bytes(block, now));
      EXPECT_TRUE(exchange->drain());
      return events::Result<void>();
    }));
    perform(*exchange, exchange->session().leave());
    EXPECT_TRUE(exchange->drain());
    if (exchange->refusal()) return {};
    EXPECT_TRUE(exchange->finish());
    return answer;
  }

  events::Result<clients::ImportReport> import_bundle(const events::Bytes& answer) {
    bundle::MemorySource source(answer);
    return clients::import_bundle(*replica, photos, source, device_secret, now);
  }

  /// Events of the device's chain that the log holds.
  std::uint64_t logged() { return log.chain_head(clerk.chain())->seq; }
  /// How the log answered to one of them.
  events::StoredEvent stored(std::uint64_t seq) {
    const auto block = events::decode_stored_block(**log.block_of(clerk.chain(), seq));
    return events::stored_events(*block)->at(seq - block->first_seq);
  }

  PackedBlocks packed;
  events::ErrorCode refusal{};
  clients::MemoryFileStore photos;  ///< On the device.
  clients::FilePacking packing{photos};
  clients::ExportReport exported;  ///< Of the last export.
  MemoryFileStore stored_files;    ///< On the server.
  FileTransfers desk{stored_files};

 private:
  void perform(BundleExchange& exchange, Requests requests) {
    for (Request& request : requests) {
      if (auto* const run = std::get_if<SubmitRun>(&request)) {
        std::vector<PushedRun> runs;
        runs.push_back(std::move(run->run));
        perform(exchange, exchange.session().on_committed(commit(std::move(runs)).at(0), now));
        EXPECT_TRUE(exchange.drain());
      } else if (const auto* const ask = std::get_if<AskAdmission>(&request)) {
        perform(exchange, exchange.session().on_admitted(pipeline.admit(ask->chain, now), now));
      } else if (auto* const about = std::get_if<FileRequest>(&request)) {
        std::visit([&](auto& each) { perform_file(exchange, each); }, *about);
      } else {
        ADD_FAILURE() << "nobody enrols by bundle";
      }
    }
  }

  void perform_file(BundleExchange& exchange, const FindFile& find) {
    const auto facts = pipeline.file_facts(find.name);
    perform(exchange, exchange.session().on_file_found(find.name, facts, now));
  }
  void perform_file(BundleExchange& exchange, const OfferFile& offer) {
    const auto state = settled(desk.offer(offer.chain, offer.facts, offer.proof));
    perform(exchange, exchange.session().on_file_state(state, now));
  }
  void perform_file(BundleExchange& exchange, const StorePiece& sent) {
    const auto state = settled(desk.put(sent.piece));
    perform(exchange, exchange.session().on_piece_stored(sent.piece.bytes.size(), state, now));
    EXPECT_TRUE(exchange.drain());
  }
  void perform_file(BundleExchange& /*exchange*/, const ReadFile& /*read*/) {
    ADD_FAILURE() << "nobody asks for files by bundle";
  }
  void perform_file(BundleExchange& /*exchange*/, const AwaitFile& /*await*/) {
    ADD_FAILURE() << "nobody asks for files by bundle";
  }
  protocol::BlobState settled(FileTransfers::Answer answer) {
    if (answer.is_complete) {
      EXPECT_TRUE(pipeline.record_stored(answer.state.file, now));
    }
    return std::move(answer.state);
  }
};

}  // namespace server::test
