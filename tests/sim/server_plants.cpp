#include "events/base/check.h"
#include "events/packing/wire_block.h"
#include "events/protocol/frame_codec.h"
#include "projections/rules/judge.h"
#include "tests/sim/server_host.h"

#include <algorithm>
#include <utility>

// Planted bugs of the server that take more than a line.

namespace sim {

using events::Bytes;
using events::Result;
using events::Timestamp;
namespace protocol = events::protocol;

Bytes ServerHost::early_mark(Bytes bytes) {
  Result<std::vector<protocol::Message>> frames = protocol::read_frames(bytes);
  CHECK(frames.has_value(), "the server's own frames can be read");
  const auto is_block = [](const protocol::Message& frame) {
    return std::holds_alternative<protocol::Events>(frame) ||
           std::holds_alternative<protocol::Live>(frame);
  };
  const auto is_mark = [](const protocol::Message& frame) {
    return std::holds_alternative<protocol::Mark>(frame);
  };
  const auto mark = std::ranges::find_if(*frames, is_mark);
  const auto block = std::find_if(frames->begin(), mark, is_block);
  if (mark != frames->end() && block != mark) std::iter_swap(block, mark);
  Bytes marked;
  for (const protocol::Message& frame : *frames) protocol::append_frame(marked, frame);
  return marked;
}

Bytes ServerHost::cheat(Bytes bytes) {
  Result<std::vector<protocol::Message>> frames = protocol::read_frames(bytes);
  CHECK(frames.has_value(), "the server's own frames can be read");
  Bytes told;
  bool has_cheated = false;
  for (protocol::Message& frame : *frames) {
    auto* const carried = std::get_if<protocol::Events>(&frame);
    if (carried != nullptr && !has_cheated) {
      events::StoredBlock block = *events::unpack_stored_block(carried->block);
      events::BlockEntry& entry = block.entries.front();
      const events::Event event = *events::read_event(entry.canonical);
      const bool is_known = events::is_whole(event);
      has_cheated = block.chain != events::system_chain && is_known;
      if (has_cheated && plant_ == Plant::withheld_block) continue;
      if (has_cheated) {
        events::EventHeader header = event.header;
        header.recorded_at.value += 1;
        entry.canonical = events::make_event(header, event.payload).canonical;
        block.run.reset();
        carried->block = events::pack_block(block);
      }
    }
    protocol::append_frame(told, frame);
  }
  return told;
}

void ServerHost::release_too_early(Timestamp now) {
  if (!random_.chance(30)) return;
  for (const auto& [position, held] : pipeline_->state().inbox().all()) {
    events::Verdict verdict = projections::judge_again(held, pipeline_->state(), true, now);
    if (!verdict.takes_effect()) continue;
    std::vector<events::Payload> release;
    release.emplace_back(events::HoldReleased{position, std::move(verdict)});
    const bool appended = pipeline_->append_system(std::move(release), now).has_value();
    if (!appended && append_crashed()) restart();
    return;
  }
}

void ServerHost::give_what_was_refused(const std::vector<server::PushedRun>& runs, Timestamp now) {
  for (const server::PushedRun& run : runs) {
    for (const events::Event& event : run.events) {
      const auto* const reached = std::get_if<events::RoleGranted>(&event.payload);
      if (reached == nullptr || reached->person != event.header.actor) continue;
      std::vector<events::Payload> given;
      given.emplace_back(*reached);
      const bool appended = pipeline_->append_system(std::move(given), now).has_value();
      if (!appended && append_crashed()) restart();
      return;
    }
  }
}

}  // namespace sim
