#include "tests/sim/device.h"

#include "clients/core/bundle/offline_bundle.h"
#include "clients/core/sync/enrolment.h"
#include "events/archive/compact.h"
#include "events/protocol/frame_codec.h"
#include "events/protocol/greeting_proof.h"
#include "tests/sim/violation.h"

#include <algorithm>
#include <utility>

namespace sim {

using events::Bytes;
using events::Position;
using events::Result;
using events::Timestamp;
namespace bundle = events::bundle;
namespace protocol = events::protocol;

namespace {

/// A conflict names a position, and what an own act brought about has only a provisional one.
bool says_the_same(const events::Verdict& answered, events::Verdict expected) {
  if (expected.rule == events::Rule::o_conflict) expected.parameters = answered.parameters;
  return answered == expected;
}

std::string in_words(const events::Verdict& verdict) {
  return "code " + std::to_string(static_cast<int>(verdict.code)) + " hold " +
         std::to_string(static_cast<int>(verdict.hold)) + " rule " +
         std::to_string(static_cast<int>(verdict.rule)) + " flags " + std::to_string(verdict.flags);
}

}  // namespace

Device::Device(std::string name, Random& random, Tally& tally, Plant plant, ServerHost& host,
               std::string code, std::optional<protocol::Founding> founding)
    : name_(std::move(name)),
      random_(random),
      tally_(tally),
      host_(host),
      plant_(plant),
      store_(plant, random),
      code_(std::move(code)),
      founding_(std::move(founding)) {
  seed_.bytes = random.bytes<32>();
}

Timestamp Device::clock(Timestamp now) const {
  const auto moved = static_cast<std::int64_t>(now.value) + clock_offset_;
  return Timestamp{static_cast<std::uint64_t>(std::max<std::int64_t>(moved, 0))};
}

bool Device::is_synced() const {
  return replica_ && engine_ && engine_->state() == clients::SyncState::running &&
         engine_->progress().synced();
}

void Device::install(events::RulesVersion newest) {
  newest_ = newest;
  if (!replica_) return;
  end_connection();
  load();
}

// ---- disk ----

void Device::load() {
  workspace_.reset();
  replica_.reset();
  const Result<std::optional<clients::Identity>> identity = store_.identity();
  if (!identity || !*identity) return;
  Result<clients::Replica> loaded =
      clients::Replica::load(store_, clients::Overlay::judge_own, newest_);
  require(loaded.has_value(), Promise::recorded,
          [&] { return name_ + " cannot read its disk: " + loaded.error().message; });
  replica_.emplace(std::move(*loaded));
  workspace_.emplace(*replica_);
  require(replica_->own().head().seq >= kept_, Promise::recorded, [&] {
    return name_ + " kept " + std::to_string(kept_) + " events and has " +
           std::to_string(replica_->own().head().seq);
  });
  // A write that crashed after it was made is there all the same.
  kept_ = replica_->own().head().seq;
  const Result<events::bundle::ClockSample> contact = clients::last_contact(store_);
  require(contact.has_value(), Promise::recorded, "a device cannot read its last contact");
  contact_ = *contact;
}

bool Device::note_contact(Timestamp server_time, Timestamp now) {
  const bool is_wrong = !host_.clock().is_right();
  contact_was_wrong_ =
      contact_was_wrong_ || is_wrong;  // In case the write crashes when it is made.
  const events::bundle::ClockSample contact{server_time, clock(now)};
  if (!clients::note_contact(store_, contact)) {
    store_crashed();
    return false;
  }
  contact_ = contact;
  contact_was_wrong_ = is_wrong;
  return true;
}

void Device::crash() {
  end_connection();
  must_leave_ = false;  // It will be told again.
  store_.lose_power();
  files_.lose_power(random_);
  load();
}

bool Device::store_crashed() {
  const WriteCrash crash = store_.take_crash();
  switch (crash) {
    case WriteCrash::none:
      return false;
    case WriteCrash::before_write:
      tally_.count(Happening::device_crash_before_write);
      break;
    case WriteCrash::before_sync:
      tally_.count(Happening::device_crash_before_sync);
      break;
    case WriteCrash::after_write:
      tally_.count(Happening::device_crash_after_write);
      break;
  }
  this->crash();
  return true;
}

// ---- connection ----

void Device::end_connection() {
  engine_.reset();
  file_sync_.reset();
  if (link_) link_->leave_device();
  link_.reset();
}

void Device::send(const std::vector<protocol::Message>& frames) {
  const bool together = random_.chance(30);
  Bytes message;
  for (const protocol::Message& frame : frames) {
    Bytes encoded = protocol::encode_frame(frame);
    const bool fits = message.size() + encoded.size() <= protocol::message_bytes_max;
    if (!message.empty() && !(together && fits)) link_->send_up(std::exchange(message, {}));
    events::append_bytes(message, encoded);
  }
  if (!message.empty()) link_->send_up(std::move(message));
}

void Device::connect(Timestamp now, bool live) {
  end_connection();
  connect_over(host_.accept(), now, live);
}

void Device::connect_over(LinkPtr link, Timestamp now, bool live) {
  end_connection();
  link_ = std::move(link);
  if (!replica_) {
    const clients::SeedSigner signer(seed_);
    greeting_ = clients::make_enrol(code_, signer, name_, founding_, link_->binding).value();
    return send({greeting_});
  }
  if (must_leave_) return ask_for_new_chain();
  engine_.emplace(*replica_, live);
  if (keeps_files_) {
    engine_->speak_of_files();
    if (plant_ != Plant::files_outlive_role) engine_->keep_files(files_);
    file_sync_.emplace(*replica_, files_);
  }
  const auto part = store_.snapshot_part();
  had_part_ = part && *part;
  if (random_.chance(60)) engine_->accept_snapshots();
  Result<clients::SyncEngine::Frames> frames =
      engine_->start(clock(now), random_.bytes<16>(), 0, link_->binding);
  if (!frames) {
    if (store_crashed()) return;
    throw Violation(Promise::live, name_ + " cannot greet: " + frames.error().message);
  }
  greeting_ = frames->front();
  send(*frames);
}

void Device::disconnect() { end_connection(); }

bool Device::push_new(Timestamp now) {
  if (!engine_ || !link_) return false;
  Result<clients::SyncEngine::Frames> frames = engine_->push_new(clock(now));
  if (!frames) {
    if (!store_crashed()) end_connection();
    return true;
  }
  if (frames->empty()) return false;
  send(*frames);
  return true;
}

bool Device::deliver(Timestamp now) {
  if (!link_) return false;
  if (link_->down.empty()) {
    if (!link_->server_gone) return false;
    end_connection();
    return true;
  }
  const Bytes message = std::move(link_->down.front());
  link_->down.pop_front();
  std::vector<protocol::Message> good;
  Result<std::vector<protocol::Message>> frames = protocol::read_frames(message, &good);
  if (frames) good = std::move(*frames);
  const LinkPtr here = link_;
  for (protocol::Message& frame : good) {
    if (plant_ == Plant::welcome_unproved) believe(frame);
    on_frame(frame, now);
    if (link_ != here) return true;
  }
  if (!frames) end_connection();
  send_files(now);
  return true;
}

void Device::on_frame(const protocol::Message& frame, Timestamp now) {
  if (!replica_) {
    const auto* const enrolled = std::get_if<protocol::Enrolled>(&frame);
    if (enrolled == nullptr) {
      if (const auto* const error = std::get_if<protocol::ErrorFrame>(&frame)) {
        trouble_ = error->message;
      }
      return end_connection();
    }
    require(clients::check_enrolled(*enrolled, greeting_, link_->binding).has_value(),
            Promise::live, "an enrolment that the server did not sign");
    Result<clients::Identity> identity = clients::identity_from(*enrolled, seed_, name_);
    require(identity.has_value(), Promise::live, "an enrolment that gives no identity");
    clients::StoreChange change;
    change.identity = std::move(*identity);
    if (!store_.commit(change)) {
      store_crashed();
      return;
    }
    end_connection();
    load();
    static_cast<void>(note_contact(enrolled->server_time, now));
    return;
  }
  if (must_leave_) return on_new_chain(frame);
  const bool is_proved = engine_->state() != clients::SyncState::greeting;
  const auto* const ack = std::get_if<protocol::PushAck>(&frame);
  if (ack != nullptr && is_proved) note_ack(*ack);
  const auto* const welcome = std::get_if<protocol::Welcome>(&frame);
  if (file_sync_ && is_proved) {
    file_sync_->received(protocol::encode_frame(frame).size());
    if (clients::FileSync::takes(frame)) return take_file_frame(frame, now);
  }
  const bool will_restart =
      std::holds_alternative<protocol::Welcome>(frame) &&
      std::get<protocol::Welcome>(frame).action == protocol::WelcomeAction::restart_pull;
  const bool may_lose = host_.clock().plays() &&
                        (welcome != nullptr || std::holds_alternative<protocol::ScopeGrant>(frame));
  const Holdings before = may_lose ? holdings() : Holdings{};
  const bool had_loaded = engine_->progress().snapshot.loaded;
  Result<clients::SyncEngine::Frames> replies = engine_->on_message(frame, clock(now));
  if (!had_loaded && engine_->progress().snapshot.loaded) {
    tally_.count(had_part_ ? Happening::snapshot_resumed : Happening::snapshot_loaded);
  }
  if (!replies) {
    if (store_crashed()) return;
    const clients::SyncState state = engine_->state();
    if (replies.error().code == events::ErrorCode::server_clock && may_lose) {
      // It takes nothing of such a server, its time least of all.
      tally_.count(Happening::device_refused_clock);
    }
    // Told of a history that is no more.
    if (replies.error().code == events::ErrorCode::log_diverged) expectations_.clear();
    trouble_ = replies.error().message;
    must_leave_ = state == clients::SyncState::forked;
    require(!must_leave_ || may_fork_, Promise::exactly_once,
            [&] { return name_ + " is told of a fork: " + engine_->reason(); });
    return end_connection();
  }
  if (will_restart) tally_.count(Happening::pull_restarted);
  if (may_lose) check_losses(before, link_->number, now);
  if (welcome != nullptr && engine_->state() == clients::SyncState::running) {
    if (!note_contact(welcome->server_time, now)) return;
  }
  send(*replies);
  if (may_fork_ && is_synced()) continue_branches(now);
}

void Device::believe(protocol::Message& frame) const {
  auto* const welcome = std::get_if<protocol::Welcome>(&frame);
  const auto* const hello = std::get_if<protocol::Hello>(&greeting_);
  if (welcome == nullptr || hello == nullptr) return;
  protocol::sign(*welcome, host_.signing_key(), protocol::greeting_digest(*hello), link_->binding);
}

bool Device::is_wiped() const {
  if (!replica_) return true;
  const auto* const row = host_.state().access().device_of(replica_->identity().chain);
  const std::uint64_t head = replica_->own().head().seq;
  // A restored server may have lost what it brought: then it has to come once more.
  return row != nullptr && row->purged_as_of >= row->revoked_at &&
         replica_->own().verdicts_known() == head &&
         host_.log().chain_head(replica_->identity().chain)->seq == head &&
         store_.foreign_blocks()->empty();
}

// ---- recording ----

std::optional<clients::RecordedTogether> Device::record(
    const std::vector<clients::RecordRequest>& requests, Timestamp now) {
  if (replica_->hides_privates()) return std::nullopt;
  const Position seen = workspace_->confirmed().applied();
  const Timestamp device_now = clock(now);
  Result<clients::RecordedTogether> done = workspace_->record_together(requests, device_now);
  if (!done) {
    if (store_crashed()) return std::nullopt;
    throw Violation(Promise::recorded, name_ + " cannot record: " + done.error().message);
  }
  if (done->refused) {
    tally_.count(Happening::refused_on_the_spot);
    return std::move(*done);
  }
  for (const clients::Recorded& recorded : done->recorded) {
    expectations_.insert_or_assign(
        recorded.id.seq(),
        Expectation{recorded.verdict, seen, replica_->pull().scope, device_now, clock_is_sane()});
  }
  kept_ = replica_->own().head().seq;
  return std::move(*done);
}

bool Device::record_rogue(events::Event event, std::vector<events::PrivateRecord> privates,
                          Timestamp now) {
  const std::uint8_t content = privates.empty() ? std::uint8_t{0} : events::content_checked;
  const projections::Judgement judgement = replica_->try_next(event, content, clock(now));
  std::vector<clients::OwnEntry> entries;
  entries.push_back({std::move(event), judgement.scope, content, {}});
  rogues_.insert(replica_->own().head().seq + 1);
  if (!replica_->keep(std::move(entries), std::move(privates))) {
    store_crashed();
    return false;
  }
  kept_ = replica_->own().head().seq;
  return true;
}

// ---- promises ----

void Device::note_ack(const protocol::PushAck& ack) {
  check_repairs();
  acknowledged_ = std::max(acknowledged_, ack.upto_seq);
  const events::ChainHead head = *host_.log().chain_head(replica_->identity().chain);
  require(ack.upto_seq <= head.seq, Promise::durable, [&] {
    return name_ + " is told that " + std::to_string(ack.upto_seq) + " events are durable; " +
           std::to_string(head.seq) + " are there";
  });
  for (const events::BlockReceipt& receipt : ack.receipts) {
    Bytes encoded = events::encode(receipt);
    check_receipt(receipt, encoded);
    compare_verdicts(receipt);
    receipts_.insert_or_assign(receipt.first_seq, std::move(encoded));
  }
}

void Device::check_receipt(const events::BlockReceipt& receipt, events::ByteView encoded) const {
  const std::optional<Bytes> row =
      *host_.log().block_of(replica_->identity().chain, receipt.first_seq);
  const auto describe = [&](const char* what) {
    return [this, what, &receipt] {
      return "receipt of " + name_ + " for seq " + std::to_string(receipt.first_seq) + ": " + what;
    };
  };
  require(row.has_value(), Promise::durable, describe("the log has no such event"));
  const Bytes stored = events::encode(events::receipt_of(*events::decode_stored_block(*row)));
  require(std::ranges::equal(stored, encoded), Promise::durable,
          describe("the log says something else"));
}

void Device::check_repairs() {
  if (repairs_ == host_.repairs()) return;
  repairs_ = host_.repairs();
  const events::LogHead log = host_.log().head();
  // For a revoked device no repair waits; it pushes again when it comes.
  const auto* const listed = host_.state().access().device_of(replica_->identity().chain);
  const bool may_lack = host_.gave_up() || (listed != nullptr && listed->revoked);
  for (const protocol::SignedReceipt& receipt : replica_->receipt_store().all()) {
    const bool is_back = receipt.epoch == log.epoch || receipt.position <= host_.repaired_to();
    const bool came_late = late_receipts_.contains(receipt.position);
    require(is_back || came_late || may_lack, Promise::durable, [&] {
      return name_ + " has a receipt up to position " + std::to_string(receipt.position.value) +
             ", and the log was repaired up to " + std::to_string(host_.repaired_to().value);
    });
  }
  const std::size_t before = receipts_.size();
  std::erase_if(receipts_, [&](const auto& row) {
    const auto receipt = *events::decode<events::BlockReceipt>(row.second);
    return receipt.epoch < log.epoch && receipt.last() > host_.repaired_to();
  });
  if (receipts_.size() != before) tally_.count(Happening::pushed_again_after_repair);
  // What was expected was expected of the log that was lost.
  expectations_.clear();
  acknowledged_ = std::min(acknowledged_, host_.log().chain_head(replica_->identity().chain)->seq);
}

void Device::check_promises() {
  if (!replica_ || host_.is_repairing()) return;
  check_repairs();
  const events::ChainHead head = *host_.log().chain_head(replica_->identity().chain);
  require(acknowledged_ <= head.seq, Promise::durable, [&] {
    return name_ + " was told that " + std::to_string(acknowledged_) + " events are durable; " +
           std::to_string(head.seq) + " are there";
  });
  for (const auto& [seq, encoded] : receipts_) {
    check_receipt(*events::decode<events::BlockReceipt>(encoded), encoded);
  }
}

bool Device::foreign_between(Position after, Position before,
                             const events::ReaderScope& scope) const {
  while (after.value + 1 < before.value) {
    Position scanned_to;
    const std::optional<Bytes> row = *host_.log().next_block(scope, after, &scanned_to);
    if (!row) return false;
    const events::StoredBlock block = *events::decode_stored_block(*row);
    if (block.first >= before) return false;
    if (block.chain != replica_->identity().chain) return true;
    after = block.last();
  }
  return false;
}

void Device::compare_verdicts(const events::BlockReceipt& receipt) {
  for (std::size_t index = 0; index < receipt.entries.size(); ++index) {
    const Position position{receipt.first.value + index};
    const auto found = expectations_.find(receipt.first_seq + index);
    if (found == expectations_.end()) {
      const bool is_rogue = rogues_.erase(receipt.first_seq + index) != 0;
      if (is_rogue) last_unsure_ = std::max(last_unsure_, position);
      continue;
    }
    const Expectation expected = std::move(found->second);
    expectations_.erase(found);
    // The judge may look at the day and at the clock's error: both must have been the same.
    const bool same_day = events::day_in_vietnam(Timestamp{receipt.received_at.value + 600'000}) ==
                          events::day_in_vietnam(Timestamp{expected.recorded_at.value - 600'000});
    const bool same_rules = receipt.entries[index].verdict.rules == expected.verdict.rules;
    if (!same_rules) tally_.count(Happening::judged_by_other_rules);
    const std::int64_t offset = receipt.entries[index].intake.clock_offset_seconds;
    // Who was long on the way is less sure of his clock.
    const bool was_carried = receipt.entries[index].intake.clock_error_seconds > 250;
    // Both clocks may have been set back together since.
    const bool is_ahead = expected.recorded_at.value > receipt.received_at.value + 250'000;
    const bool sane = same_rules && expected.clock_was_sane && offset > -250 && offset < 250 &&
                      same_day && !was_carried && !is_ahead;
    // What it built on must have come out as expected, too.
    const bool on_firm_ground = last_unsure_ <= expected.seen;
    if (!sane || !on_firm_ground || expected.scope != replica_->pull().scope ||
        foreign_between(expected.seen, position, expected.scope)) {
      last_unsure_ = std::max(last_unsure_, position);
      continue;
    }
    tally_.count(Happening::verdicts_compared);
    require(says_the_same(receipt.entries[index].verdict, expected.verdict), Promise::honest, [&] {
      return name_ + " expected another verdict for its event " +
             std::to_string(receipt.first_seq + index) + " at position " +
             std::to_string(position.value) + ": " + in_words(expected.verdict) + ", not " +
             in_words(receipt.entries[index].verdict);
    });
  }
}

}  // namespace sim
