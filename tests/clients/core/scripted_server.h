#pragma once

#include "clients/core/log/memory_store.h"
#include "clients/core/replica/replica.h"
#include "clients/core/replica/workspace.h"
#include "clients/core/sync/sync_engine.h"
#include "events/protocol/messages.h"
#include "tests/support/world.h"

#include <map>
#include <memory>
#include <vector>

namespace clients_test {

using Frames = std::vector<events::protocol::Message>;

/// The server's half of the protocol for one device, over a `World`: whatever happens in the world
/// becomes stored blocks; pushes become acts of the world.
class ScriptedServer {
 public:
  ScriptedServer();

  test_support::World world;
  events::ReaderScope scope;  ///< What the device may read; the first commune.
  events::Epoch epoch{1};
  /// Goes on in the next epoch, as a server that was restored and says so.
  void restore();
  bool restart_pull = false;                    ///< Said in the next WELCOME.
  std::vector<events::PrivateRecord> privates;  ///< What the device sent.

  /// The device, as the world knows it, with the first commune's people on it.
  clients::Identity identity() const;
  const test_support::CommuneWorld& commune() const { return world.commune(0); }

  /// The full answer to what a device sends, all frames in order.
  Frames answer(const Frames& sent);
  Frames answer(const events::protocol::Message& sent);

  /// Signs an answer to `hello`, over a connection that is bound to nothing.
  static void sign(events::protocol::Welcome& welcome, const events::protocol::Hello& hello);

  /// All blocks so far, own ones of the device included.
  const std::vector<events::StoredBlock>& blocks();
  events::protocol::Mark mark();

 private:
  /// Of the device's chain.  Errors: gap.
  events::Result<events::Digest> hash_at(std::uint64_t seq) const;
  Frames greet(const events::protocol::Hello& hello);
  Frames take(const events::protocol::Push& push);
  Frames pull();
  void extend();

  events::ChainNumber chain_;
  std::vector<events::StoredBlock> blocks_;
  std::size_t blocked_ = 0;  ///< Acts of the world that are in blocks.
  events::Frontier frontier_;
  std::map<events::ChainNumber, events::ChainHead> heads_;
  events::Position told_;  ///< Blocks up to here were sent to the device.
};

/// A device in memory and the frames between it and a server.
struct TestDevice {
  explicit TestDevice(const ScriptedServer& server);

  clients::MemoryStore store;
  std::unique_ptr<clients::Replica> replica;
  std::unique_ptr<clients::Workspace> workspace;

  /// The newest rules that its build knows, from the next restart on.
  events::RulesVersion newest = projections::newest_rules();
  /// Loads everything again from the store, as after a restart.
  void restart();
  /// One whole connection; every error is a test failure.
  clients::SyncProgress sync(ScriptedServer& server);
  /// A request by an officer of the world, today.
  clients::RecordRequest request(const ScriptedServer& server, const test_support::Officer& by,
                                 events::Payload payload,
                                 std::optional<events::StreamId> about = {}) const;
  /// The three requests that register a new citizen.
  std::vector<clients::RecordRequest> registration(const ScriptedServer& server,
                                                   std::uint8_t salt) const;
};

}  // namespace clients_test
