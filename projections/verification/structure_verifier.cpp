#include "projections/verification/structure_verifier.h"

#include "projections/rules/system_events.h"

#include <utility>

namespace verification {
namespace {

using events::Digest;
using events::Position;
using events::StoredBlock;
using events::StoredEvent;

/// All of it: hashes that differ in one altered byte may begin alike.
std::string hex(const Digest& digest) { return events::to_hex(digest.bytes); }

std::string text_of(std::uint64_t number) { return std::to_string(number); }

Problem about(Check check, const StoredBlock& block, const std::string& place,
              std::string message) {
  return {check, block.first, block.last(), {}, {}, place, std::move(message)};
}

}  // namespace

std::string kind_of(const events::Event& event) {
  return std::string(events::event_name(event.header.type));
}

StructureVerifier::StructureVerifier(Report& report) : report_(report) {
  for (const Check check :
       {Check::positions, Check::chains, Check::signatures, Check::roots, Check::received}) {
    report_.apply(check);
  }
}

void StructureVerifier::take(const StoredBlock& block, std::span<const StoredEvent> events,
                             std::span<const Digest> leaf_hashes, const std::string& place) {
  check_place(block, events, place);
  learn_keys(events);
  check_chain(block, place);
  check_tree(block, events, leaf_hashes, place);
  next_ = Position{block.last().value + 1};
}

void StructureVerifier::check_place(const StoredBlock& block, std::span<const StoredEvent> events,
                                    const std::string& place) {
  if (log_.value == 0) log_ = block.log;
  if (block.log != log_) {
    report_.add(about(Check::positions, block, place,
                      "the block is of log " + text_of(block.log.value) + ", the others of log " +
                          text_of(log_.value)));
  }
  if (block.epoch < epoch_) {
    report_.add(about(
        Check::positions, block, place,
        "the epoch falls from " + text_of(epoch_.value) + " to " + text_of(block.epoch.value)));
  }
  epoch_ = block.epoch;
  report_.count(Check::positions, block.entries.size());
  if (block.first != next_) {
    const std::string what =
        block.first > next_ ? "positions " + text_of(next_.value) + "–" +
                                  text_of(block.first.value - 1) + " are missing before this block"
                            : "the block begins at a position that was there already; " +
                                  text_of(next_.value) + " is next";
    report_.add(about(Check::positions, block, place, what));
    report_.stop(Check::roots, "the tree after position " + text_of(next_.value - 1) +
                                   " cannot be computed without the missing events");
    tree_known_ = false;
    lose_thread();
  }
  report_.count(Check::received);
  if (!projections::follows_in_time(events.front().event.payload, block.received_at,
                                    received_at_)) {
    report_.add(about(Check::received, block, place,
                      "received " + events::to_iso(block.received_at) +
                          ", but the block before it " + events::to_iso(received_at_)));
  }
  received_at_ = block.received_at;
}

void StructureVerifier::learn_keys(std::span<const StoredEvent> events) {
  const auto learn = [&](events::ChainNumber number, const events::PublicKey& public_key,
                         const StoredEvent& stored) {
    ChainProgress& chain = chains_[number.value];
    if (chain.key) {
      report_.add({Check::signatures,
                   stored.position,
                   stored.position,
                   stored.event.id(),
                   kind_of(stored.event),
                   {},
                   "chain " + text_of(number.value) + " is given a key a second time"});
      return;
    }
    events::Result<events::VerifyingKey> key = events::VerifyingKey::load(public_key);
    if (!key) {
      report_.add({Check::signatures,
                   stored.position,
                   stored.position,
                   stored.event.id(),
                   kind_of(stored.event),
                   {},
                   "not a usable key: " + key.error().message});
      return;
    }
    chain.key = std::move(*key);
    chain.head.hash = events::chain_start(number, public_key);
  };
  for (const StoredEvent& stored : events) {
    const bool by_server = stored.event.header.chain == events::system_chain;
    if (!by_server || !stored.verdict.takes_effect()) continue;
    events::match(
        stored.event.payload,
        [&](const events::LogFounded& e) {
          learn(events::system_chain, e.server_key, stored);
          if (server_key_) return;
          server_key_ = e.server_key;
          origin_ = e.origin;
        },
        [&](const events::DeviceEnrolled& e) { learn(e.chain, e.public_key, stored); },
        [&](const events::ChainContinued& e) { learn(e.chain, e.public_key, stored); },
        [](const auto&) { /* No other event gives a chain its key. */ });
  }
}

void StructureVerifier::check_chain(const StoredBlock& block, const std::string& place) {
  ChainProgress& chain = chains_[block.chain.value];
  const std::string name = "chain " + text_of(block.chain.value);
  if (!chain.key) {
    report_.add(
        about(Check::signatures, block, place, name + " was never enrolled: nobody knows its key"));
  }
  report_.count(Check::chains, block.entries.size());
  const bool begins = chain.key && chain.head.seq == 0 && block.first_seq == 1;
  if (chain.resynchronize) {
    chain.resynchronize = false;
    if (block.first_seq != chain.head.seq + 1) chain.uncovered_seq = 0;
  } else if (block.first_seq != chain.head.seq + 1) {
    report_.add(about(
        Check::chains, block, place,
        name + ": seq " + text_of(block.first_seq) + " follows seq " + text_of(chain.head.seq)));
    chain.uncovered_seq = 0;
  } else if ((begins || chain.head.seq > 0) && block.previous != chain.head.hash) {
    Problem problem = about(Check::chains, block, place, {});
    problem.message = name + ": the hash before seq " + text_of(block.first_seq) + " is " +
                      hex(block.previous) + ", the events before it give " + hex(chain.head.hash);
    if (chain.head.seq > 0) {
      problem.message += "; this block's head or an event of the chain up to position " +
                         text_of(chain.last.value) + " was altered";
    }
    report_.add(std::move(problem));
  }

  Digest hash = block.previous;
  for (const events::BlockEntry& entry : block.entries) {
    hash = events::chain_next(hash, entry.canonical);
  }
  if (chain.uncovered_seq == 0) {
    chain.uncovered_seq = block.first_seq;
    chain.uncovered = block.first;
  }
  chain.head = {block.last_seq(), hash};
  chain.last = block.last();
  check_signature(block, chain, place);
}

void StructureVerifier::check_signature(const StoredBlock& block, ChainProgress& chain,
                                        const std::string& place) {
  if (!block.run) return;
  const std::uint64_t covered = block.last_seq() - chain.uncovered_seq + 1;
  const std::uint64_t first_seq = std::exchange(chain.uncovered_seq, 0);
  report_.count(Check::signatures, covered);
  if (!chain.key) return;
  Problem problem = about(Check::signatures, block, place, {});
  problem.first = chain.uncovered;
  const std::string events_text = "events " + text_of(first_seq) + "–" + text_of(block.last_seq()) +
                                  " of chain " + text_of(block.chain.value);
  const events::Bytes statement = events::block_statement(
      block.log, block.chain, block.run->first_seq, block.last_seq(), chain.head.hash);
  if (!chain.key->verify(statement, block.run->signature)) {
    problem.message = "the signature over " + events_text + " is not that of the chain's key";
    report_.add(std::move(problem));
  } else if (block.run->first_seq > first_seq) {
    problem.message =
        "no signature covers " + events_text + " before seq " + text_of(block.run->first_seq);
    report_.add(std::move(problem));
  }
}

void StructureVerifier::check_tree(const StoredBlock& block, std::span<const StoredEvent> events,
                                   std::span<const Digest> leaf_hashes, const std::string& place) {
  const std::vector<Digest> computed = leaf_hashes_of(block);
  events::Frontier as_computed = frontier_;
  for (const Digest& leaf : computed) as_computed.append(leaf);
  report_.count(Check::roots);
  const bool root_holds = tree_known_ && as_computed.root() == block.root_after;

  if (!leaf_hashes.empty()) {
    report_.count(Check::leaves, computed.size());
    if (leaf_hashes.size() != computed.size()) {
      report_.add(about(Check::leaves, block, place,
                        text_of(leaf_hashes.size()) + " leaf hashes stand beside " +
                            text_of(computed.size()) + " events"));
    }
    for (std::size_t index = 0; index < computed.size() && index < leaf_hashes.size(); ++index) {
      if (computed[index] == leaf_hashes[index]) continue;
      const StoredEvent& stored = events[index];
      report_.add({Check::leaves, stored.position, stored.position, stored.event.id(),
                   kind_of(stored.event), place,
                   root_holds
                       ? "the leaf hash written beside the event was altered; the event fits "
                         "the root"
                       : "the event is not the one whose leaf hash stands beside it"});
    }
  }
  if (tree_known_ && !root_holds) {
    report_.add(about(Check::roots, block, place,
                      "the root after position " + text_of(block.last().value) + " is " +
                          hex(as_computed.root()) + ", the block says " + hex(block.root_after)));
  }
  // The leaves that stand in the file lead on when they are the ones that the root is of.
  events::Frontier as_written = frontier_;
  for (const Digest& leaf : leaf_hashes) as_written.append(leaf);
  const bool written_holds =
      !root_holds && leaf_hashes.size() == computed.size() && as_written.root() == block.root_after;
  frontier_ = written_holds ? as_written : as_computed;
}

void StructureVerifier::lose(std::span<const Digest> leaf_hashes) {
  for (const Digest& leaf : leaf_hashes) frontier_.append(leaf);
  next_ = Position{next_.value + leaf_hashes.size()};
  if (leaf_hashes.empty()) {
    tree_known_ = false;
    report_.stop(Check::roots, "the tree after position " + text_of(next_.value - 1) +
                                   " cannot be computed without the unreadable events");
  }
  lose_thread();
}

void StructureVerifier::lose_thread() {
  complete_ = false;
  for (auto& [number, chain] : chains_) chain.resynchronize = true;
}

void StructureVerifier::finish(Position position, const Digest& root) {
  if (position.value + 1 != next_.value) {
    report_.add({Check::positions,
                 next_,
                 position,
                 {},
                 {},
                 {},
                 "the log ends at position " + text_of(next_.value - 1) + ", its head says " +
                     text_of(position.value)});
  }
  report_.count(Check::roots);
  if (tree_known_ && frontier_.root() != root) {
    report_.add(
        {Check::roots,
         position,
         position,
         {},
         {},
         {},
         "the root at the head is " + hex(frontier_.root()) + ", the head says " + hex(root)});
  }
  for (const auto& [number, chain] : chains_) {
    if (chain.uncovered_seq == 0) continue;
    report_.add({Check::signatures,
                 chain.uncovered,
                 chain.last,
                 {},
                 {},
                 {},
                 "no signature covers events " + text_of(chain.uncovered_seq) + "–" +
                     text_of(chain.head.seq) + " of chain " + text_of(number)});
  }
}

std::vector<events::Digest> leaf_hashes_of(const events::StoredBlock& block) {
  std::vector<events::Digest> hashes;
  hashes.reserve(block.entries.size());
  events::Bytes leaf;
  for (const events::BlockEntry& entry : block.entries) {
    const events::Position position{block.first.value + hashes.size()};
    events::write_leaf(position, block.received_at, entry.intake, entry.canonical, entry.verdict,
                       leaf);
    hashes.push_back(events::leaf_hash(leaf));
  }
  return hashes;
}

}  // namespace verification
