#include "clients/core/bundle/offline_bundle.h"
#include "events/archive/compact.h"
#include "events/crypto/digest.h"
#include "tests/sim/device.h"
#include "tests/sim/violation.h"

#include <algorithm>
#include <string>
#include <utility>

// What a device does with bundles.

namespace sim {

using events::Bytes;
using events::ErrorCode;
using events::Result;
using events::Timestamp;
namespace protocol = events::protocol;

namespace {

/// Of this many own events the private records are looked for in a bundle.
constexpr std::uint64_t records_looked_for = 4;

}  // namespace

std::optional<Bytes> Device::export_bundle(Random& drawn, std::uint64_t since, Timestamp now) {
  end_connection();  // One program at a time has the device.
  clients::BundleMaking making;
  making.now = clock(now);
  making.nonce = drawn.bytes<16>();
  making.ephemeral.bytes = drawn.bytes<32>();
  making.reply_to = events::sealing_key_of(sealing_secret());
  making.since = since;
  Bytes bundle;
  const Result<clients::ExportReport> report =
      clients::export_bundle(*replica_, making, [&](events::ByteView bytes) {
        events::append_bytes(bundle, bytes);
        return Result<void>();
      });
  if (!report) {
    if (store_crashed() || report.error().code == ErrorCode::not_found) return std::nullopt;
    throw Violation(Promise::live, name_ + " cannot export: " + report.error().message);
  }
  if (report->last_seq != 0) exported_to_ = report->last_seq;
  if (contact_was_wrong_) {
    host_.clock().excuse(replica_->identity().chain, replica_->own().head().seq);
  }
  check_sealed(bundle);
  return bundle;
}

void Device::check_sealed(const Bytes& bundle) const {
  const clients::OfflineLog& own = replica_->own();
  const std::uint64_t last = own.head().seq;
  const std::uint64_t first = last > records_looked_for ? last - records_looked_for + 1 : 1;
  for (std::uint64_t seq = first; seq <= last; ++seq) {
    const auto digest = events::private_digest_of(own.entry(seq).event.payload);
    if (!digest) continue;
    const auto record = *store_.private_record(*digest);
    if (!record) continue;
    require(std::ranges::search(bundle, record->bytes).empty(), Promise::erasable,
            [&] { return "a carrier of " + name_ + " can read a private record"; });
  }
}

bool Device::import_bundle(const Bytes& answer, bool is_sound, Timestamp now) {
  if (!replica_) return false;
  end_connection();
  const std::uint64_t known = replica_->own().verdicts_known();
  const events::Epoch epoch = replica_->pull().cursor.epoch;
  const events::Position cursor = replica_->pull().cursor.position;
  const std::vector<protocol::SignedReceipt> before = replica_->receipt_store().all();
  events::bundle::MemorySource source(answer);
  const Result<clients::ImportReport> report =
      clients::import_bundle(*replica_, files_, source, sealing_secret(), clock(now));
  if (!report && store_crashed()) return false;
  for (const protocol::SignedReceipt& receipt : replica_->receipt_store().all()) {
    const bool is_stale = receipt.epoch < host_.log().head().epoch;
    if (is_stale &&
        std::ranges::count(before, receipt.position, &protocol::SignedReceipt::position) == 0) {
      late_receipts_.insert(receipt.position);
    }
  }
  const bool same_epoch = replica_->pull().cursor.epoch == epoch;
  require(replica_->own().verdicts_known() >= known || !same_epoch, Promise::recorded,
          [&] { return name_ + " forgot verdicts over an answer by bundle"; });
  note_receipts_of_bundle(known);
  if (!report) {
    check_refusal(report.error(), is_sound);
    return false;
  }
  require(
      is_sound || report->was_cut ||
          (replica_->own().verdicts_known() == known && replica_->pull().cursor.position == cursor),
      Promise::verifiable, [&] { return name_ + " took an answer that was changed on the way"; });
  const std::uint64_t accepted = report->progress.accepted;
  const std::uint64_t durable = host_.log().chain_head(replica_->identity().chain)->seq;
  require(accepted <= durable || host_.restores() > 0, Promise::durable, [&] {
    return name_ + " hears by bundle that " + std::to_string(accepted) + " events are durable; " +
           std::to_string(durable) + " are there";
  });
  using Outcome = clients::ImportReport::Outcome;
  tally_.count(report->outcome == Outcome::taken ? Happening::answer_taken
                                                 : Happening::answer_overtaken);
  if (!report->parked.empty()) tally_.count(Happening::told_of_parked);
  return true;
}

/// Why an answer that nobody changed may be refused all the same.
void Device::check_refusal(const events::Error& error, bool is_sound) {
  if (error.code == ErrorCode::log_diverged) expectations_.clear();
  trouble_ = error.message;
  const bool is_of_another_chain =
      may_fork_ && (error.code == ErrorCode::fork || error.code == ErrorCode::not_permitted ||
                    error.code == ErrorCode::malformed);
  const bool is_of_another_log =
      (may_fork_ || host_.restores() > 0) && error.code == ErrorCode::log_diverged;
  // The answer brought what it could; the rest goes tomorrow.
  const bool is_over_quota = error.code == ErrorCode::quota;
  // The server took nothing: it did not believe its clock.
  const bool is_clock = host_.clock().plays() && error.code == ErrorCode::server_clock;
  const bool may_be = error.code == ErrorCode::revoked || is_clock || is_of_another_chain ||
                      is_of_another_log || is_over_quota;
  require(may_be || !is_sound, Promise::live,
          [&] { return name_ + " cannot take an answer: " + error.message; });
}

void Device::note_receipts_of_bundle(std::uint64_t known) {
  const events::LogHead log = host_.log().head();
  const bool is_repairing = host_.is_repairing();
  for (const auto& [first_seq, receipt] : replica_->own().receipts()) {
    if (receipt.last_seq() <= known) continue;
    // After days on the road the judge saw another day, and a clock with another error.
    for (std::uint64_t seq = first_seq; seq <= receipt.last_seq(); ++seq) {
      expectations_.erase(seq);
      rogues_.erase(seq);
    }
    last_unsure_ = std::max(last_unsure_, receipt.last());
    // A promise of the log that was lost, which nobody knew when the repair ended.
    const bool is_stale = receipt.epoch < log.epoch && receipt.last() > host_.repaired_to();
    if (is_stale && !is_repairing) continue;
    Bytes encoded = events::encode(receipt);
    if (!is_repairing) {
      check_receipt(receipt, encoded);
      acknowledged_ = std::max(acknowledged_, receipt.last_seq());
    }
    receipts_.insert_or_assign(first_seq, std::move(encoded));
  }
}

events::SealingSecret Device::sealing_secret() const {
  // Any secret that lies on the device's disk.
  const auto& seed = replica_->identity().seed;
  return events::SealingSecret{events::sha256(seed.bytes, events::bytes_of("sealing")).bytes};
}

}  // namespace sim
