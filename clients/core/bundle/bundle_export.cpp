#include "clients/core/bundle/offline_bundle.h"
#include "clients/core/log/settings.h"
#include "events/packing/wire_block.h"
#include "events/protocol/frame_codec.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace bundle = events::bundle;
namespace protocol = events::protocol;

namespace {

/// The first run says the whole chain hash before it, of which a packed run says eight bytes.
Result<void> make_first_run_plain(SyncEngine::Frames& frames, const OfflineLog& own) {
  std::vector<events::Digest> beside;
  for (protocol::Message& frame : frames) {
    if (const auto* const before = std::get_if<protocol::PrivateRecords>(&frame)) {
      const std::vector<events::Digest> more = events::digests_of(before->records);
      beside.insert(beside.end(), more.begin(), more.end());
    }
    auto* const push = std::get_if<protocol::Push>(&frame);
    if (push == nullptr) continue;
    const auto hash_before = [&](const events::DeviceBlock& head) -> Result<events::Digest> {
      return own.hash_at(head.first_seq - 1);
    };
    const Result<events::DeviceBlock> block =
        events::unpack_device_block(push->block, hash_before, beside);
    if (!block) return block.error();
    push->block = events::encode_device_block(*block);
    return {};
  }
  return {};
}

}  // namespace

Result<bundle::ClockSample> last_contact(const ClientStore& store) {
  return read_setting(store, settings::clock_sample);
}

Result<void> note_contact(ClientStore& store, const bundle::ClockSample& contact) {
  StoreChange change;
  write_setting(change, settings::clock_sample, contact);
  return store.commit(change);
}

Result<ExportReport> export_bundle(Replica& replica, const BundleMaking& making,
                                   bundle::ByteSink sink) {
  const events::SealingKey recipient = replica.overlay().confirmed().access().sealing_key();
  if (recipient == events::SealingKey{}) {
    return Error{ErrorCode::not_found, "the server's sealing key is not known on this device"};
  }
  const Result<bundle::ClockSample> contact = last_contact(replica.store());
  if (!contact) return contact.error();

  // All that the server lacks, however many blocks: nobody answers on the way.
  SyncEngine engine(replica, false, std::numeric_limits<std::size_t>::max());
  engine.speak_by_bundle();
  if (making.files != nullptr) engine.speak_of_files();
  Result<SyncEngine::Frames> frames = engine.start(making.now, making.nonce, making.since);
  if (!frames) return frames.error();
  if (engine.owes()) return Error{ErrorCode::needs_signature, "a bundle is made of signed frames"};
  if (Result<void> plain = make_first_run_plain(*frames, replica.own()); !plain) {
    return plain.error();
  }

  ExportReport report;
  const std::uint64_t first =
      std::max(replica.own().verdicts_known() + 1, std::max(making.since, std::uint64_t{1}));
  report.unreadable = engine.unreadable();
  const std::uint64_t last = report.unreadable != 0 ? engine.push_upto() : replica.own().head().seq;
  if (first <= last) {
    report.first_seq = first;
    report.last_seq = last;
  }
  bundle::BundleHeader header;
  header.direction = bundle::Direction::to_server;
  header.log = replica.identity().log;
  header.chain = replica.identity().chain;
  header.created = making.now;
  header.contact = *contact;
  header.cursor = replica.pull().cursor;
  header.first_seq = report.first_seq;
  header.last_seq = report.last_seq;
  header.reply_to = making.reply_to;
  const Signer& signer = replica.own().signer();
  const auto sign = [&](events::ByteView statement) { return signer.sign(statement); };
  Result<bundle::BundleWriter> writer = bundle::BundleWriter::begin(
      header, recipient, making.ephemeral, signer.public_key(), sign, std::move(sink));
  if (!writer) return writer.error();
  for (const protocol::Message& frame : *frames) {
    if (Result<void> added = writer->add(protocol::encode_frame(frame)); !added) {
      return added.error();
    }
  }
  if (making.files != nullptr) {
    Result<PackedFiles> packed =
        making.files->pack(replica, *making.files, report.first_seq, *writer);
    if (!packed) return packed.error();
    report.files = *packed;
  }
  if (Result<void> ended = writer->finish(); !ended) return ended.error();
  report.bytes = writer->bytes_written();

  StoreChange change;
  write_setting(change, settings::last_bundle,
                events::to_hex(bundle::header_digest(writer->header()).bytes));
  if (Result<void> kept = replica.store().commit(change); !kept) return kept.error();
  return report;
}

}  // namespace clients
