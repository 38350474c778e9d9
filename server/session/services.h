#pragma once

#include "events/log/event_log.h"
#include "events/log/private_store.h"
#include "events/protocol/move_messages.h"
#include "platform/net/tls_server.h"
#include "server/base/executors.h"
#include "server/base/security_log.h"
#include "server/commit/committer.h"
#include "server/feed/packed_blocks.h"
#include "server/feed/projector.h"
#include "server/feed/snapshots.h"
#include "server/feed/subscriptions.h"
#include "server/files/file_service.h"
#include "server/session/body_room.h"
#include "server/session/connection_gate.h"
#include "server/session/greeting_proofs.h"
#include "server/session/session_registry.h"
#include "server/session/work_budget.h"

#include <optional>

namespace server {

class BundleService;
class DiskWatch;
class HttpApi;
class PageService;
class TableCheck;

/// What a connection needs of the server.
/// Lifetime: the parts outlive every connection.
struct Services {
  const events::EventLog& log;
  const events::PrivateStore& private_store;
  PackedBlocks& packed;
  Committer& committer;
  Subscriptions& subscriptions;
  Projector& projector;
  SnapshotService& snapshots;
  SessionRegistry& sessions;
  FileService& files;
  ConnectionGate& gate;
  SecurityLog& security;
  BodyRoom& bodies;
  GreetingProofs& proofs;
  WorkBudgets& budgets;
  FileExecutor file_thread;
  Committer::Clock clock;
  const network::TlsServer* tls = nullptr;  ///< None: plain text.
  BundleService* bundles = nullptr;         ///< Null: none are taken.
  HttpApi* api = nullptr;                   ///< Null: other systems read nothing here.
  PageService* page = nullptr;              ///< Null: browsers load nothing here.
  /// The log lives elsewhere: devices are told, and nothing is taken in.
  std::optional<events::protocol::Moved> moved = {};
  const DiskWatch* disk = nullptr;     ///< Null: its room is not watched.
  const TableCheck* tables = nullptr;  ///< Null: nobody looks for damaged ones.
};

}  // namespace server
