#include "server/commit/pushed_run.h"

#include "events/log/chain.h"

#include <string>
#include <utility>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

Result<PushedRun> check_run(events::DeviceBlock block, const events::VerifyingKey& key,
                            events::Timestamp device_time,
                            std::vector<events::PrivateRecord> records) {
  PushedRun run{.log = block.log,
                .chain = block.chain,
                .first_seq = block.first_seq,
                .previous = block.previous,
                .signature = block.signature,
                .events = {},
                .hashes = {},
                .device_time = device_time,
                .records = std::move(records),
                .transit = std::nullopt};
  run.events.reserve(block.events.size());
  run.hashes.reserve(block.events.size());
  events::Digest hash = block.previous;
  for (std::size_t index = 0; index < block.events.size(); ++index) {
    Result<events::Event> event = events::read_event(block.events[index]);
    if (!event) return event.error();
    if (event->header.chain != block.chain || event->header.seq != block.first_seq + index) {
      return Error{ErrorCode::malformed, "an event names another place than its block"};
    }
    hash = events::chain_next(hash, event->canonical);
    run.hashes.push_back(hash);
    run.events.push_back(std::move(*event));
  }
  const events::Bytes statement =
      events::block_statement(run.log, run.chain, run.first_seq, run.last_seq(), hash);
  if (!key.verify(statement, run.signature)) {
    return Error{ErrorCode::bad_signature, "block of chain " + std::to_string(run.chain.value) +
                                               " from seq " + std::to_string(run.first_seq)};
  }
  return run;
}

}  // namespace server
