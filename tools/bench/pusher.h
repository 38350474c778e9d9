#pragma once

#include "clients/cli/ws_link.h"
#include "events/block.h"
#include "events/protocol/messages.h"
#include "tools/bench/corpus.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace bench {

/// A data directory with a founded log, as a server left it.
void found_server_data(const std::filesystem::path& data, Corpus& corpus);

/// The corpus's device on a real socket.
///
/// Lifetime: `corpus` outlives it.
class Pusher {
 public:
  /// Connects and greets.  `verdicts_known`: receipts of events up to here are not sent again.
  Pusher(Corpus& corpus, const std::string& url, std::uint64_t verdicts_known = 0);

  /// A block and, before it, the private records it names.
  std::vector<events::protocol::Message> frames_of(const events::DeviceBlock& block);
  void send(const std::vector<events::protocol::Message>& frames);
  /// Waits until everything up to `seq` is acknowledged.
  void wait_for(std::uint64_t seq);

 private:
  Corpus& corpus_;
  std::unique_ptr<clients::WsLink> link_;
  std::uint64_t acknowledged_ = 0;
};

}  // namespace bench
