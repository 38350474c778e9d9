#pragma once

#include "clients/device/ws_client.h"
#include "events/log/block.h"
#include "events/protocol/messages.h"
#include "tools/bench/corpus.h"
#include "tools/bench/server_process.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bench {

/// A data directory with a founded log, as a server left it.
/// `more`: what else is to be in the log.
void found_server_data(const std::filesystem::path& data, Corpus& corpus,
                       const std::function<void(server::Pipeline&)>& more = {});

/// Without TLS nothing binds the greeting to the line: the server asks once more, and this answers.
/// Returns what it asked with.
events::protocol::Welcome answer_challenge(clients::WsClient& link,
                                           const events::protocol::Hello& hello,
                                           const events::SigningKey& key);

/// A connection whose greeting is proved.
struct Greeted {
  std::unique_ptr<clients::WsClient> link;
  /// Already read, where the server asked for a proof; otherwise it is still to come.
  std::optional<events::protocol::Welcome> welcome;
};

/// Connects, and greets with `hello`, signed by `key` for this connection.
Greeted greet(const Endpoint& server, events::protocol::Hello hello, const events::SigningKey& key);

/// The corpus's device on a real socket.
///
/// Lifetime: `corpus` outlives it.
class Pusher {
 public:
  /// Connects and greets.  `verdicts_known`: receipts of events up to here are not sent again.
  Pusher(Corpus& corpus, const Endpoint& server, std::uint64_t verdicts_known = 0);

  /// A block and, before it, the private records it names.
  std::vector<events::protocol::Message> frames_of(const events::DeviceBlock& block);
  void send(const std::vector<events::protocol::Message>& frames);
  /// Waits until everything up to `seq` is acknowledged.
  void wait_for(std::uint64_t seq);

 private:
  Corpus& corpus_;
  std::unique_ptr<clients::WsClient> link_;
  std::uint64_t acknowledged_ = 0;
};

}  // namespace bench
