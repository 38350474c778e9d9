#include "tests/sim/log_audit.h"

#include "projections/rules/follow_up_events.h"
#include "projections/rules/judge.h"
#include "projections/rules/system_events.h"
#include "tests/sim/violation.h"

#include <string>

namespace sim {

using events::Bytes;
using events::Position;
using events::StoredBlock;
using events::StoredEvent;

void LogAudit::run() {
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  Position after;
  for (;;) {
    Position scanned_to;
    const std::optional<Bytes> encoded = *log_.next_block(everything, after, &scanned_to);
    if (!encoded) break;
    const events::Result<StoredBlock> block = events::decode_stored_block(*encoded);
    require(block.has_value(), Promise::verifiable, "a block of the log cannot be read");
    check_block(*block);
    after = block->last();
    blocks_.push_back(*block);
  }
  require(frontier_.root() == log_.head().root && frontier_ == log_.frontier(), Promise::verifiable,
          "the root of the log is not that of its events");
  for (const auto& [number, chain] : heads_) {
    require(chain.signed_upto == chain.head.seq, Promise::verifiable,
            [&] { return "the end of chain " + std::to_string(number.value) + " is not signed"; });
  }
  require(!projections::next_follow_up(state_, received_at_), Promise::verifiable,
          "the server still owes an event");
}

void LogAudit::check_block(const StoredBlock& block) {
  ChainSoFar& chain = heads_[block.chain];
  require(block.first_seq == chain.head.seq + 1, Promise::exactly_once, [&] {
    return "chain " + std::to_string(block.chain.value) + " goes from " +
           std::to_string(chain.head.seq) + " to " + std::to_string(block.first_seq);
  });
  require(chain.head.seq == 0 || chain.head.hash == block.previous, Promise::verifiable,
          "a block names another chain hash");
  if (chain.head.seq == 0) chain.head.hash = block.previous;

  const events::Result<std::vector<StoredEvent>> stored = events::stored_events(block);
  require(stored.has_value(), Promise::verifiable, "an event of the log cannot be read");
  require(
      projections::follows_in_time(stored->front().event.payload, block.received_at, received_at_),
      Promise::verifiable, "time of receipt goes back");
  received_at_ = block.received_at;
  Bytes leaf;
  for (const StoredEvent& event : *stored) {
    require(event.position.value == frontier_.size() + 1, Promise::verifiable,
            "positions are not dense");
    require(event.event.id() == events::EventId(block.chain, chain.head.seq + 1),
            Promise::verifiable, "an event names another place");
    chain.head = {chain.head.seq + 1, events::chain_next(chain.head.hash, event.event.canonical)};
    events::write_leaf(event, leaf);
    frontier_.append(events::leaf_hash(leaf));
    chains_[block.chain].push_back(event.event.canonical);
    check_event(event, block);
  }
  require(block.root_after == frontier_.root(), Promise::verifiable,
          "a block names another root than its events give");
  // A chain's key may be named by the block itself: the founding enrols the system chain's.
  check_signature(block, chain);
}

void LogAudit::check_signature(const StoredBlock& block, ChainSoFar& chain) {
  require(chain.key.has_value(), Promise::verifiable, "a chain that was never enrolled");
  const bool starts = block.first_seq == 1;
  require(!starts || block.previous == events::chain_start(block.chain, *chain.key),
          Promise::verifiable, "a chain starts from another hash");
  if (!block.run) return;
  // A device that was set back may sign again what is signed already.
  require(block.run->first_seq <= chain.signed_upto + 1, Promise::verifiable,
          "a signature leaves events out");
  const Bytes statement = events::block_statement(block.log, block.chain, block.run->first_seq,
                                                  block.last_seq(), chain.head.hash);
  require(events::verify(*chain.key, statement, block.run->signature), Promise::verifiable,
          "a signature does not verify");
  chain.signed_upto = block.last_seq();
}

void LogAudit::check_due(const StoredEvent& stored) {
  const bool is_system = stored.event.header.chain == events::system_chain;
  // What a day brought is received with what follows, everything else with what was before.
  events::Timestamp at = received_at_;
  std::optional<projections::FollowUpEvent> due = projections::next_follow_up(state_, at);
  if (!due) due = projections::next_follow_up(state_, at = stored.received_at);
  const bool is_owed = !events::stream_kind_of(stored.event.payload) ||
                       std::holds_alternative<events::PhaseClosed>(stored.event.payload);
  const bool is_hold = is_system && is_owed;
  const auto describe = [&](const char* what) {
    return [&stored, what] {
      return "position " + std::to_string(stored.position.value) + ": " + what;
    };
  };
  require(is_hold == due.has_value(), Promise::verifiable,
          describe(is_hold ? "the server appended what was not due" : "the server owed an event"));
  if (!due) return;
  const events::Event expected =
      projections::make_system_event(stored.event.header.seq, due->stream, due->payload,
                                     state_.applied(), at, stored.event.header.rules);
  require(expected.canonical == stored.event.canonical, Promise::verifiable,
          describe("the server owed another event"));
}

void LogAudit::check_event(const StoredEvent& stored, const StoredBlock& block) {
  check_due(stored);
  const projections::Judgement judgement = projections::judge(
      stored.event, {stored.position, stored.received_at, stored.intake}, state_);
  const auto describe = [&](const char* what) {
    return [&stored, what] {
      return "event " + to_string(stored.event.id()) + " (" +
             std::string(events::event_name(stored.event.header.type)) + ") at position " +
             std::to_string(stored.position.value) + ": " + what;
    };
  };
  require(judgement.verdict == stored.verdict, Promise::verifiable,
          describe("judged again, the verdict differs"));
  require(judgement.scope == block.scope, Promise::verifiable,
          describe("judged again, the scope differs"));
  if (const auto digest = events::private_digest_of(stored.event.payload)) {
    require(*privates_.contains(*digest) || is_erased_(*digest), Promise::erasable,
            describe("its private record is not there"));
  }
  state_.apply(stored, block.scope);
  learn_keys(stored.event);
  if (titles_.follow(stored)) tally_.count(Happening::title_granted);
  powers_.follow(stored);
  count(stored);
}

void LogAudit::learn_keys(const events::Event& event) {
  events::match(
      event.payload,
      [&](const events::LogFounded& e) { heads_[events::system_chain].key = e.server_key; },
      [&](const events::DeviceEnrolled& e) { heads_[e.chain].key = e.public_key; },
      [&](const events::ChainContinued& e) { heads_[e.chain].key = e.public_key; },
      [](const auto&) { /* No other event names a key. */ });
}

void LogAudit::count(const StoredEvent& stored) {
  const events::EventHeader& header = stored.event.header;
  const bool by_server = header.chain == events::system_chain;
  if (!by_server) tally_.count(stored.verdict);
  if (stored.verdict.rule == events::Rule::a_power) tally_.count(Happening::power_refused);
  if (stored.verdict.takes_effect()) {
    events::match(
        stored.event.payload,
        [&](const events::HoldReleased&) {
          tally_.count(by_server ? Happening::released_by_server : Happening::released_by_person);
        },
        [&](const events::HoldRefused&) {
          tally_.count(by_server ? Happening::refused_by_server : Happening::refused_by_person);
        },
        [&](const events::HoldChanged&) { tally_.count(Happening::hold_changed); },
        [&](const events::PhaseClosed&) { tally_.count(Happening::phase_closed); },
        [&](const events::ClockCorrected&) { tally_.count(Happening::clock_corrected); },
        [](const auto&) { /* Counted by its verdict. */ });
  }
  if (header.stream.kind != events::StreamKind::dossier || by_server) return;
  const auto [hand, is_new] = last_hand_.try_emplace(header.stream.id, header.chain);
  if (!is_new && hand->second != header.chain) {
    tally_.count(Happening::two_devices_on_one_dossier);
    hand->second = header.chain;
  }
}

}  // namespace sim
