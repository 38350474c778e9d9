#include "clients/core/replica/replica.h"

#include "clients/core/log/chain_hashes.h"
#include "events/base/check.h"
#include "events/base/ranges.h"
#include "events/packing/wire_block.h"

#include <algorithm>
#include <utility>

namespace clients {

using events::BlockReceipt;
using events::ChainNumber;
using events::Error;
using events::ErrorCode;
using events::Position;
using events::Result;
using events::StoredBlock;
using events::StoredEvent;
using projections::Judgement;
using projections::record_home_of;

namespace {

/// A block names at most this many records, and they come right before it.
constexpr std::size_t arriving_records_max = 512;

}  // namespace

bool Replica::needs_newer_build() const {
  const projections::State& confirmed = overlay_.confirmed();
  return confirmed.rulebook().is_beyond() || !confirmed.left_out().empty();
}

Result<Replica> Replica::load(ClientStore& store, Overlay::OwnEvents own_events,
                              events::RulesVersion newest) {
  Replica replica(store, own_events, newest);
  const Result<std::optional<Identity>> identity = store.identity();
  if (!identity) return identity.error();
  if (!*identity || !(*identity)->is_enrolled()) {
    return Error{ErrorCode::not_enrolled, "this device is not enrolled"};
  }
  replica.identity_ = **identity;

  Result<OfflineLog> own = OfflineLog::load(store, replica.identity_);
  if (!own) return own.error();
  replica.own_ = std::move(*own);

  Result<ReceiptStore> book = ReceiptStore::load(store);
  if (!book) return book.error();
  replica.receipt_store_ = std::move(*book);

  Result<HeadStore> heads = HeadStore::load(store);
  if (!heads) return heads.error();
  replica.head_store_ = std::move(*heads);

  Result<PullState> pull = store.pull_state();
  if (!pull) return pull.error();
  replica.pull_ = std::move(*pull);

  // A snapshot knows keys of chains whose enrolment is not here.
  if (Result<void> based = replica.load_base(); !based) return based.error();
  if (Result<void> loaded = replica.load_foreign(); !loaded) return loaded.error();
  if (Result<void> folded = replica.fold(); !folded) return folded.error();
  return replica;
}

Result<void> Replica::load_foreign() {
  const Result<std::vector<ForeignBlock>> stored = store_->foreign_blocks();
  if (!stored) return stored.error();
  chain_keys_[events::system_chain] = identity_.server_key;
  for (const ForeignBlock& row : *stored) {
    if (events::is_kept_live_block(row.encoded)) {
      Result<events::LiveBlock> live = events::read_kept_live_block(row.encoded);
      if (!live || live->block.first != row.first) {
        return Error{ErrorCode::storage_corrupt, "a received live block cannot be read"};
      }
      unproved_.emplace(row.first, live->fingerprint);
      live->block.previous = hash_before(live->block);
      note_foreign(live->block);
      foreign_.insert_or_assign(row.first, std::move(live->block));
      continue;
    }
    const bool was_proved = events::is_kept_proved_block(row.encoded);
    Result<StoredBlock> block = was_proved ? events::read_kept_proved_block(row.encoded)
                                           : events::unpack_stored_block(row.encoded);
    if (!block || block->first != row.first) {
      return Error{ErrorCode::storage_corrupt, "a received block cannot be read"};
    }
    note_foreign(*block);
    if (block->run || was_proved) {
      settle_before(*block);
    } else {
      open_.insert(row.first);
    }
    foreign_.insert_or_assign(row.first, std::move(*block));
  }
  return {};
}

Judgement Replica::try_next(const events::Event& event, std::uint8_t content,
                            events::Timestamp now) {
  const Judgement judgement = overlay_.judge_next(event, content, now);
  overlay_.add_pending(event, content, now, judgement);
  return judgement;
}

Result<void> Replica::keep(std::vector<OwnEntry> entries,
                           std::vector<events::PrivateRecord> privates,
                           std::optional<Branch> branch) {
  StoreChange change;
  change.branch = branch;
  change.own_first_seq = own_.head().seq + 1;
  for (const OwnEntry& entry : entries) {
    change.own.push_back({entry.event.canonical, entry.scope, entry.content});
    const auto digest = events::private_digest_of(entry.event.payload);
    if (!digest) continue;
    const auto named = events::ranges::find(privates, *digest, &events::PrivateRecord::digest);
    if (named != privates.end()) change.privates.push_back({record_home_of(entry.scope), *named});
  }
  if (Result<void> written = store_->commit(change); !written) {
    forget();
    return written;
  }
  own_.append(entries);
  return {};
}

void Replica::forget() { overlay_.rebuild_pending(own_, first_pending_seq_); }

Result<void> Replica::take_cuts(std::span<const std::uint64_t> cuts,
                                std::span<const events::DeviceBlock> blocks) {
  StoreChange change;
  change.cuts.assign(cuts.begin(), cuts.end());
  const bool keeps_signatures = !blocks.empty() && !own_.signer().is_repeatable();
  for (const events::DeviceBlock& block : blocks) {
    if (!keeps_signatures) break;
    const auto kept = store_->block_signature(block.first_seq, block.last_seq());
    if (!kept) return kept.error();
    if (!*kept) change.signatures.push_back({block.first_seq, block.last_seq(), block.signature});
  }
  if (change.cuts.empty() && change.signatures.empty()) return {};
  if (Result<void> written = store_->commit(change); !written) return written;
  own_.take_cuts(cuts);
  return {};
}

Result<void> Replica::take_receipts(std::span<const BlockReceipt> receipts) {
  if (receipts.empty()) return {};
  StoreChange change;
  change.receipts.assign(receipts.begin(), receipts.end());
  if (Result<void> written = store_->commit(change); !written) return written;
  bool behind_the_fold = false;
  for (const BlockReceipt& receipt : receipts) {
    own_.take_receipt(receipt);
    if (receipt.first <= overlay_.confirmed().applied()) behind_the_fold = true;
    if (tally_ && receipt.first <= tally_->upto()) tally_.reset();
  }
  if (behind_the_fold) {
    if (Result<void> begun = begin_overlay(); !begun) return begun;
    return fold();
  }
  overlay_.rebuild_pending(own_, first_pending_seq_);
  return {};
}

Result<void> Replica::take_signed_receipt(const events::protocol::SignedReceipt& receipt) {
  const Result<bool> is_new = receipt_store_.check(receipt, identity_, own_);
  if (!is_new) return is_new.error();
  if (!*is_new) return {};
  StoreChange change;
  change.signed_receipts.push_back(receipt);
  if (Result<void> written = store_->commit(change); !written) return written;
  receipt_store_.take(receipt);
  return {};
}

Result<bool> Replica::check_foreign(const StoredBlock& block) const {
  if (const auto known = foreign_.find(block.first); known != foreign_.end()) {
    // What came live, and comes by bundle once more, has no proof here yet.
    const auto fingerprint = unproved_.find(block.first);
    const bool same =
        fingerprint != unproved_.end()
            ? fingerprint->second == events::fingerprint_of(block.root_after)
            : events::encode_stored_block(known->second) == events::encode_stored_block(block);
    if (!same) return Error{ErrorCode::log_diverged, "another block stands at that position"};
    return false;
  }
  // A snapshot stands for it.
  if (base_ && block.last() <= *base_) return false;
  const Result<bool> is_new = check_place(block);
  if (!is_new) return is_new;
  if (block.chain == identity_.chain) {
    if (own_.hash_at(block.last_seq()) != hash_behind(block)) {
      return Error{ErrorCode::fork, "the log holds other events of this device's chain"};
    }
    return false;
  }
  if (Result<void> authentic = check_authentic(block, hash_before(block)); !authentic) {
    return authentic.error();
  }
  return true;
}

Result<bool> Replica::check_live(const events::LiveBlock& live) const {
  const StoredBlock& block = live.block;
  if (const auto known = foreign_.find(block.first); known != foreign_.end()) {
    const auto fingerprint = unproved_.find(block.first);
    const bool same = fingerprint != unproved_.end()
                          ? fingerprint->second == live.fingerprint
                          : events::fingerprint_of(known->second.root_after) == live.fingerprint;
    if (!same) return Error{ErrorCode::log_diverged, "another block stands at that position"};
    return false;
  }
  if (block.chain == identity_.chain) {
    return Error{ErrorCode::malformed, "a live block of this device's own chain"};
  }
  // Keys and rights stand there: they come with their signature or not at all.
  if (block.chain == events::system_chain) {
    return Error{ErrorCode::malformed, "a live block of the server's own chain"};
  }
  return check_place(block);
}

Result<bool> Replica::check_place(const StoredBlock& block) const {
  if (block.log != identity_.log) return Error{ErrorCode::wrong_log, "a block of another log"};
  if (block.entries.empty() || block.first.value == 0 || block.first_seq == 0) {
    return Error{ErrorCode::malformed, "an empty block"};
  }
  if (block.first <= pull_.cursor.position) {
    return Error{ErrorCode::malformed, "a block below what was received"};
  }
  for (std::size_t index = 0; index < block.entries.size(); ++index) {
    const auto header = events::read_event_header(block.entries[index].canonical);
    if (!header) return header.error();
    const events::EventId expected{block.chain, block.first_seq + index};
    if (header->id() != expected) return Error{ErrorCode::malformed, "an event out of its place"};
  }
  if (block.chain == identity_.chain) {
    if (block.last_seq() > own_.head().seq) {
      return Error{ErrorCode::fork, "the log holds events that this device never made"};
    }
    return true;
  }
  const auto chain = foreign_chains_.find(block.chain);
  if (chain != foreign_chains_.end() && block.first_seq <= chain->second.last_seq) {
    return Error{ErrorCode::malformed, "events of a chain come twice"};
  }
  if (!chain_keys_.contains(block.chain)) {
    return Error{ErrorCode::not_enrolled, "a block of a chain that was never enrolled"};
  }
  return true;
}

Result<void> Replica::check_authentic(const StoredBlock& block,
                                      const events::Digest& before) const {
  if (before != unknown_hash && block.previous != before) {
    return Error{ErrorCode::fork, "a block does not continue its chain"};
  }
  if (!block.run) {
    if (block.chain != events::system_chain) return {};  // It is open until its run's end comes.
    return Error{ErrorCode::bad_signature, "a block of the server's own chain without signature"};
  }
  return events::check_run(block, events::proof_of(block), chain_keys_.at(block.chain));
}

Result<void> Replica::take_foreign(StoredBlock block, events::Bytes encoded, events::Epoch epoch) {
  PullState pull = pull_;
  pull.cursor = {epoch, block.last(), events::fingerprint_of(block.root_after)};
  StoreChange change;
  change.foreign.push_back({block.first, std::move(encoded)});
  keep_arriving(change, block.scope);
  change.pull = pull;
  if (Result<void> written = store_->commit(change); !written) return written;
  pull_ = std::move(pull);
  note_foreign(block);
  if (block.run) {
    settle_before(block);
  } else {
    open_.insert(block.first);
  }
  const Position first = block.first;
  foreign_.insert_or_assign(first, std::move(block));
  return {};
}

Result<void> Replica::take_live(events::LiveBlock live, events::ByteView packed) {
  StoredBlock& block = live.block;
  PullState pull = pull_;
  pull.cursor = {block.epoch, block.last(), live.fingerprint};
  pull.synced_upto = block.last();
  StoreChange change;
  change.foreign.push_back({block.first, events::keep_live_block(packed, block.log, block.epoch)});
  keep_arriving(change, block.scope);
  change.pull = pull;
  if (Result<void> written = store_->commit(change); !written) return written;
  pull_ = std::move(pull);
  block.previous = hash_before(block);
  note_foreign(block);
  const Position first = block.first;
  unproved_.emplace(first, live.fingerprint);
  foreign_.insert_or_assign(first, std::move(block));
  return fold();
}

Result<void> Replica::take_mark(const events::protocol::Cursor& upto,
                                std::vector<std::pair<std::string, std::string>> settings) {
  if (upto.position < pull_.cursor.position) return {};  // Overtaken by what came since.
  PullState pull = pull_;
  pull.cursor = upto;
  pull.synced_upto = upto.position;
  if (pull == pull_ && settings.empty()) return {};
  StoreChange change;
  change.pull = pull;
  change.settings = std::move(settings);
  if (Result<void> written = store_->commit(change); !written) return written;
  pull_ = std::move(pull);
  return fold();
}

Result<void> Replica::take_scope(const events::ReaderScope& scope) {
  if (scope == pull_.scope) return {};
  tally_.reset();
  PullState pull = pull_;
  pull.scope = scope;
  StoreChange change;
  change.pull = pull;
  if (Result<void> written = store_->commit(change); !written) return written;
  pull_ = std::move(pull);
  return {};
}

Result<void> Replica::take_privates(std::span<const events::PrivateRecord> records) {
  if (arriving_.size() + records.size() > arriving_records_max) {
    return Error{ErrorCode::too_large, "private records come before the block that names them"};
  }
  arriving_.insert(arriving_.end(), records.begin(), records.end());
  return {};
}

void Replica::forget_arriving() { arriving_.clear(); }

void Replica::forget_arriving_of(const events::StoredBlock& block) {
  for (const events::BlockEntry& entry : block.entries) {
    const Result<events::Event> event = events::read_event(entry.canonical);
    if (!event) continue;
    const auto digest = events::private_digest_of(event->payload);
    if (!digest) continue;
    std::erase_if(arriving_,
                  [&](const events::PrivateRecord& record) { return record.digest() == *digest; });
  }
}

void Replica::keep_arriving(StoreChange& change, const events::ScopeSet& scope) {
  for (events::PrivateRecord& record : arriving_) {
    change.privates.push_back({record_home_of(scope), std::move(record)});
  }
  arriving_.clear();
}

void Replica::note_foreign(const StoredBlock& block) {
  const bool names_keys = block.chain == events::system_chain;
  for (const events::BlockEntry& entry : block.entries) {
    if (!names_keys) break;
    const Result<events::Event> event = events::read_event(entry.canonical);
    if (!event || !entry.verdict.takes_effect()) continue;
    if (const auto* enrolled = std::get_if<events::DeviceEnrolled>(&event->payload)) {
      chain_keys_.insert_or_assign(enrolled->chain, enrolled->public_key);
    }
    if (const auto* continued = std::get_if<events::ChainContinued>(&event->payload)) {
      chain_keys_.insert_or_assign(continued->chain, continued->public_key);
    }
  }
  const bool hash_is_known = block.previous != unknown_hash;
  foreign_chains_[block.chain] = {block.last_seq(),
                                  hash_is_known ? hash_behind(block) : unknown_hash};
}

Result<void> Replica::fold() {
  const auto confirm = [&](const StoredEvent& stored, const events::ScopeSet& scope) {
    if (stored.event.header.chain == identity_.chain) {
      first_pending_seq_ = stored.event.header.seq + 1;
      // What others do to it is not for this reader: folded alone it would wait for ever.
      if (!pull_.scope.includes(scope)) return;
    }
    overlay_.confirm(stored, scope);
  };
  const Position from = overlay_.confirmed().applied();
  const Position upto = std::max(from, fold_limit());
  if (Result<void> replayed = replay(from, upto, confirm); !replayed) return replayed;
  overlay_.advance(upto);
  overlay_.rebuild_pending(own_, first_pending_seq_);
  return {};
}

Result<void> Replica::replay(Position after, Position upto, const Visit& visit) const {
  auto foreign = foreign_.upper_bound(after);
  auto own = own_.receipts().begin();
  while (own != own_.receipts().end() && own->second.first <= after) ++own;
  const auto visit_foreign_before = [&](Position limit) -> Result<void> {
    for (; foreign != foreign_.end() && foreign->first < limit; ++foreign) {
      if (foreign->first > upto) return {};
      const Result<std::vector<StoredEvent>> stored = events::stored_events(foreign->second);
      if (!stored) return stored.error();
      for (const StoredEvent& event : *stored) visit(event, foreign->second.scope);
    }
    return {};
  };

  for (; own != own_.receipts().end() && own->second.first <= upto; ++own) {
    const BlockReceipt& receipt = own->second;
    if (Result<void> done = visit_foreign_before(receipt.first); !done) return done;
    for (std::uint64_t seq = receipt.first_seq; seq <= receipt.last_seq(); ++seq) {
      const std::optional<StoredEvent> stored = own_.stored(seq);
      CHECK(stored.has_value(), "a receipt stands for its own events");
      visit(*stored, receipt.scope);
    }
  }
  return visit_foreign_before(Position{~std::uint64_t{0}});
}

std::optional<events::Timestamp> Replica::received_at(Position position) const {
  auto block = foreign_.upper_bound(position);
  if (block == foreign_.begin()) return std::nullopt;
  --block;
  if (block->second.last() < position) return std::nullopt;
  return block->second.received_at;
}

Result<std::optional<events::PrivateRecord>> Replica::private_record_of(events::EventId id) const {
  const std::optional<events::Digest> digest = overlay_.private_digest(id);
  if (!digest || privates_hidden_) return std::optional<events::PrivateRecord>{};
  return store_->private_record(*digest);
}

}  // namespace clients
