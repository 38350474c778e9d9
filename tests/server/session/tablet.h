#pragma once

#include "clients/core/log/memory_store.h"
#include "clients/core/replica/workspace.h"
#include "clients/core/sync/scope_state.h"
#include "clients/core/sync/sync_engine.h"
#include "tests/server/session/session_fixture.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace server::test {

/// The device of the clerk of the first commune, with the product's client core on it, against the
/// real session and pipeline.
class Tablet {
 public:
  explicit Tablet(TwoCommunes& world) : world_(world) {
    clients::StoreChange change;
    change.identity.emplace();
    change.identity->seed.bytes.fill(5);
    change.identity->log = the_log;
    change.identity->chain = world.clerk.chain();
    change.identity->device = row().id;
    change.identity->server_key = world.pipeline.server_key();
    change.identity->persons = row().persons;
    EXPECT_TRUE(store.commit(change));
    restart();
  }

  clients::MemoryStore store;
  std::unique_ptr<clients::Replica> replica;
  std::unique_ptr<clients::Workspace> workspace;

  /// As the log knows it.
  const projections::Device& row() const {
    return *world_.pipeline.state().access().device_of(world_.clerk.chain());
  }
  clients::ScopeState scope_state() const { return *clients::ScopeState::load(*replica); }

  /// Loads everything again from the store.
  void restart() {
    workspace.reset();
    replica.reset();
    auto loaded = clients::Replica::load(store);
    ASSERT_TRUE(loaded) << loaded.error().message;
    replica = std::make_unique<clients::Replica>(std::move(*loaded));
    workspace = std::make_unique<clients::Workspace>(*replica);
  }

  /// One connection; what came down is in `received`.
  clients::SyncState sync() {
    clients::SyncEngine engine(*replica, false);
    Wire wire(world_, ++connections_);
    received.clear();
    auto outgoing = engine.start(world_.now, {});
    EXPECT_TRUE(outgoing) << outgoing.error().message;
    while (outgoing && !outgoing->empty()) {
      for (const protocol::Message& frame : *outgoing) wire.send(frame);
      clients::SyncEngine::Frames next;
      for (const protocol::Message& frame : wire.receive()) {
        received.push_back(frame);
        auto more = engine.on_message(frame, world_.now);
        if (!more) return engine.state();
        next.insert(next.end(), more->begin(), more->end());
      }
      outgoing = std::move(next);
    }
    progress = engine.progress();
    return engine.state();
  }
  std::vector<protocol::Message> received;
  clients::SyncProgress progress;

  /// A citizen of the first commune, typed by the clerk.
  void introduce(const std::string& name, std::uint8_t salt) {
    clients::RecordRequest request;
    events::PersonIntroduced person;
    person.home_unit = world_.first;
    person.gender = events::Gender::female;
    request.payload = person;
    request.actor = row().persons.front();
    request.business_day = events::day_in_vietnam(world_.now);
    events::PersonRecord record;
    record.full_name = name;
    record.birth = {1990, 3, 12};
    request.fields = record;
    request.salt.fill(salt);
    const auto done = workspace->record(request, world_.now);
    ASSERT_TRUE(done) << done.error().message;
    ASSERT_NE(done->verdict.code, events::VerdictCode::refused);
  }

 private:
  TwoCommunes& world_;
  std::uint64_t connections_ = 100;
};

/// The administrator ends the clerk's role, from today or from some days later on.
inline void revoke_role(TwoCommunes& world, std::uint32_t days_from_now = 0) {
  const projections::Access& access = world.pipeline.state().access();
  const events::PersonId clerk = access.device_of(world.clerk.chain())->persons.front();
  const events::Day first_without{events::day_in_vietnam(world.now).value + days_from_now};
  for (const projections::Grant& grant : access.grants()) {
    if (grant.person != clerk) continue;
    events::EventHeader header =
        world.admin.header(events::StreamKind::access, world.administrator, world.registrar);
    header.stream.id = grant.id.event;
    world.admin.add(header, events::RoleRevoked{grant.id, first_without, "Thôi việc"});
  }
  world.push_admin();
}

inline void revoke_device(TwoCommunes& world) {
  const events::DeviceId lost = world.pipeline.state().access().device_of(world.clerk.chain())->id;
  events::EventHeader header =
      world.admin.header(events::StreamKind::access, world.administrator, world.registrar);
  header.stream.id = lost.event;
  world.admin.add(header, events::DeviceRevoked{lost, "Mất máy"});
  world.push_admin();
}

}  // namespace server::test
